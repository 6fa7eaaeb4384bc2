"""SQLite uses the index of people without an object ID only if it begins with that."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew."""
    name = "ix_users_without_object_id"
    condition = sa.text("source = 'provisioned' AND object_id IS NULL")
    op.drop_index(name, "users")
    op.create_index(name, "users", ["object_id", "id"], sqlite_where=condition)
