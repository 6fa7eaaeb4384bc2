"""A kind of alarm that is not chosen at first, and webhooks of chat applications."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# Silence alone is no error, so nobody is told of it unasked.
NOT_CHOSEN = (
    "UPDATE alarm_settings SET kinds_off = json_insert(kinds_off, '$[#]', 'no_contact')"
)
# Alembic would rebuild the table to add the CHECK constraint.
COLUMN = (
    "ALTER TABLE alarm_settings ADD COLUMN webhook_format VARCHAR(11) "
    "DEFAULT 'signed_json' NOT NULL CONSTRAINT ck_alarm_settings_webhook_format "
    "CHECK (webhook_format IN ('signed_json', 'teams', 'slack'))"
)


def upgrade() -> None:
    """Leave the kind out of those that are sent, and add the format."""
    op.execute(NOT_CHOSEN)
    op.execute(COLUMN)
