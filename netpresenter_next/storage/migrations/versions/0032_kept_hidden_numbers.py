"""Whether a deleted person hid their mobile number, for when they are created again."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of people who were deleted before, it is not known."""
    column = sa.Column(
        "hides_mobile", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("deleted_people", column)
