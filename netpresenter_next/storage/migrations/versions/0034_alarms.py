"""A kind of alarm that is sent only if an administrator chooses it."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# Silence alone is no error, so nobody is told of it unasked.
NOT_CHOSEN = (
    "UPDATE alarm_settings SET kinds_off = json_insert(kinds_off, '$[#]', 'no_contact')"
)


def upgrade() -> None:
    """Leave the kind out of those that are sent."""
    op.execute(NOT_CHOSEN)
