"""A filtered list of people is read from an index, in the order of their names."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_users_kind",
        "users",
        ["source", "active", "is_blocked", "shown_name_key", "id"],
    )
