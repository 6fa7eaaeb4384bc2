"""What administrators see of all people is read from indexes of the few it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    for name, columns, where in (
        (
            "ix_users_password",
            ["source", "is_emergency", "user_name_key"],
            "password_hash IS NOT NULL",
        ),
        (
            "ix_users_without_object_id",
            ["id"],
            "source = 'provisioned' AND object_id IS NULL",
        ),
    ):
        condition = sa.text(where)
        op.create_index(
            name, "users", columns, sqlite_where=condition, postgresql_where=condition
        )
    op.create_index(op.f("ix_identities_tenant_id"), "identities", ["tenant_id"])
