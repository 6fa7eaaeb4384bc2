"""Sign in with Microsoft: identities, connection, role mappings, sessions."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)


def upgrade() -> None:
    """Make the tables and columns; fill in what follows from what is there."""
    op.create_table(
        "identities",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("app_roles", sa.JSON(), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("linked_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_identities_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "object_id", "tenant_id", name=op.f("uq_identities_object_id")
        ),
    )
    settings = op.create_table(
        "sign_in_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("tenant_id", sa.String(), nullable=True),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("secret_expires_on", sa.Date(), nullable=True),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("tested_fingerprint", sa.String(), nullable=True),
        sa.Column("tested_at", sa.DateTime(), nullable=True),
        sa.Column("tested_by", sa.String(), nullable=True),
        sa.Column("refused_fingerprint", sa.String(), nullable=True),
        sa.Column("next_certificate", sa.String(), nullable=True),
        sa.Column("next_key", sa.LargeBinary(), nullable=True),
        sa.Column(
            "match_user_names", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column(
            "create_people", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("is_forced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "idle_minutes", sa.Integer(), server_default=sa.text("480"), nullable=False
        ),
        sa.Column(
            "absolute_hours",
            sa.Integer(),
            server_default=sa.text("168"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_settings")),
    )
    op.bulk_insert(settings, [{"id": 1, "version": 1}])
    op.create_table(
        "role_mappings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("app_role", sa.String(), nullable=True),
        sa.Column("group_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["groups.id"],
            name=op.f("fk_role_mappings_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_mappings")),
        sa.UniqueConstraint("app_role", name=op.f("uq_role_mappings_app_role")),
        sa.UniqueConstraint("group_id", name=op.f("uq_role_mappings_group_id")),
    )
    _add_columns()
    _fill_in()


def _add_columns() -> None:
    mapped = sa.Column(
        "role_is_mapped", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("users", sa.Column("object_id", sa.String(length=36), nullable=True))
    op.add_column("users", mapped)
    handed = sa.Column(
        "is_handed_over", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("users", handed)
    op.add_column("users", sa.Column("password_used_at", sa.DateTime(), nullable=True))
    op.create_index(op.f("ix_users_object_id"), "users", ["object_id"], unique=False)
    op.create_index(
        "ix_journal_refused",
        "journal",
        ["action", "at"],
        sqlite_where=sa.text("succeeded = 0"),
        postgresql_where=sa.text("NOT succeeded"),
    )
    # Nobody stays signed in over this step: the old rows lack what the new ones need.
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("authenticated_at", sa.DateTime(), nullable=False))
        batch.add_column(sa.Column("oidc_session", sa.String(), nullable=True))
        batch.add_column(sa.Column("login_hint", sa.String(), nullable=True))
        batch.create_index(op.f("ix_sessions_oidc_session"), ["oidc_session"])


def _fill_in() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(
        "UPDATE users SET password_used_at = last_sign_in_at "
        "WHERE last_sign_in_method = 'local'"
    )
    query = "SELECT id, external_id FROM users WHERE external_id IS NOT NULL"
    change = sa.text("UPDATE users SET object_id = :guid WHERE id = :id")
    for user_id, external_id in connection.exec_driver_sql(query).all():
        if found := GUID.fullmatch(external_id.strip()):
            connection.execute(change, {"guid": found[1].lower(), "id": user_id})
