"""An index of what decided about the access of each person."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

DECIDES_ACCESS = (
    "+event IN ('person.disabled', 'person.blocked', 'person.blocked_again', "
    "'person.deleted', 'person.enabled', 'person.unblocked', 'person.created', "
    "'person.allowed_again')"
)


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_journal_access",
        "journal",
        ["target_id", "event", "at", "id"],
        sqlite_where=sa.text(DECIDES_ACCESS),
    )
