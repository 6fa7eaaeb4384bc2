"""People who hide their mobile number from colleagues."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; all numbers stay as they are shown."""
    column = sa.Column(
        "hides_mobile", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("users", column)
