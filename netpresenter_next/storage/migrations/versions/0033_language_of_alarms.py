"""The language of messages about alarms."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Alembic would rebuild the table to add the CHECK constraint.
COLUMN = (
    "ALTER TABLE alarm_settings ADD COLUMN language VARCHAR(2) DEFAULT 'en' NOT NULL "
    "CONSTRAINT ck_alarm_settings_language CHECK (language IN ('en', 'nl'))"
)


def upgrade() -> None:
    """Add the column; messages stay in English."""
    op.execute(COLUMN)
