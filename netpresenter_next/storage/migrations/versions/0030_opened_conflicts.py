"""An opened conflict is nothing that failed: a refused request has its own entry."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Correct the outcome of the entries so far."""
    op.execute("UPDATE journal SET succeeded = 1 WHERE event = 'conflict.opened'")
