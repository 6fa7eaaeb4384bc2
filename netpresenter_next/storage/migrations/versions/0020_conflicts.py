"""Conflicts keep what provisioning sent, and an administrator's decisions are stored.

The checks of the table are named again, because it is rebuilt.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

REASONS = (
    "('local_user_name', 'local_work_email', 'local_object_id', 'claim_disagrees', "
    "'shared_object_id', 'link_disagrees', 'link_unbacked', 'link_contradicted', "
    "'disable_refused', 'unconfirmed_administrator', 'name_of_administrator', "
    "'name_of_linked', 'name_of_other_object_id', 'emergency_access', "
    "'owned_by_another', 'other_object_id')"
)
UNCONFIRMED = (
    "role = 'administrator' AND role_source = 'assigned' AND source = 'provisioned' "
    "AND object_id IS NOT NULL AND object_id IS NOT confirmed_object_id"
)


def upgrade() -> None:
    """Add the columns and the table, and make the index of the queue."""
    with op.batch_alter_table("conflicts") as batch:
        batch.add_column(
            sa.Column("sent", sa.JSON(), server_default="[]", nullable=False)
        )
        batch.create_check_constraint(
            op.f("ck_conflicts_reason"), f"reason IN {REASONS}"
        )
        batch.drop_index("ix_conflicts_reason")
        batch.create_index("ix_conflicts_reason", ["reason", "id"])
    op.add_column("users", sa.Column("awaited_claimant", sa.String(), nullable=True))
    op.create_index(
        "ix_users_unconfirmed", "users", ["id"], sqlite_where=sa.text(UNCONFIRMED)
    )
    op.add_column(
        "sign_in_settings",
        sa.Column(
            "link_automatically", sa.Boolean(), server_default="0", nullable=False
        ),
    )
    _make_decisions()


def _make_decisions() -> None:
    op.create_table(
        "kept_apart",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("claimant", sa.String(), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('local_user_name', 'local_work_email')",
            name=op.f("ck_kept_apart_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_kept_apart_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_apart")),
        sa.UniqueConstraint(
            "user_id", "reason", "claimant", name=op.f("uq_kept_apart_user_id")
        ),
    )
