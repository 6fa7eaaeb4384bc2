"""A switch for SCIM clients, what they sent, and tokens that expire or are replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns; SCIM clients stay enabled."""
    op.create_table(
        "provisioning_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("url_copied_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provisioning_settings")),
    )
    op.get_bind().exec_driver_sql("INSERT INTO provisioning_settings (id) VALUES (1)")
    op.create_table(
        "scim_cycles",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        *_make_counts(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scim_cycles")),
    )
    op.create_index("ix_scim_cycles_token_id", "scim_cycles", ["token_id", "ended_at"])
    op.create_index("ix_scim_cycles_ended_at", "scim_cycles", ["ended_at"])
    op.create_index(
        "ix_scim_cycles_probes",
        "scim_cycles",
        ["ended_at"],
        sqlite_where=sa.text("probes > 0"),
    )
    op.create_table(
        "scim_traffic",
        sa.Column("started_at", sa.DateTime(), nullable=False),
        *_make_counts(),
        sa.PrimaryKeyConstraint("started_at", name=op.f("pk_scim_traffic")),
    )
    op.create_table(
        "arrived_attributes",
        sa.Column("resource_type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("last_value", sa.String(), nullable=True),
        sa.Column("resource_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint(
            "resource_type", "name", name=op.f("pk_arrived_attributes")
        ),
    )
    for name in ("expires_at", "first_refused_at", "refused_at"):
        op.add_column("scim_tokens", sa.Column(name, sa.DateTime(), nullable=True))
    column = sa.Column("replaces_id", sa.String(length=36), nullable=True)
    op.add_column("scim_tokens", column)


def _make_counts() -> list[sa.Column[int]]:
    return [
        sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        for name in ("requests", "writes", "refused", "probes")
    ]
