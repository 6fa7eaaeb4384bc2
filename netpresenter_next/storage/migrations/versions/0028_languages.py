"""The language that a person chose."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Alembic would rebuild the table to add the CHECK constraint.
COLUMN = (
    "ALTER TABLE users ADD COLUMN language VARCHAR(2) "
    "CONSTRAINT ck_users_language CHECK (language IN ('en', 'nl'))"
)


def upgrade() -> None:
    """Add the column; everybody has the language of their browser."""
    op.execute(COLUMN)
