"""Every person's document says whether they are active."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write out what the column says already: who lost the attribute is disabled."""
    op.get_bind().exec_driver_sql(
        "UPDATE users SET version = version + 1, "
        "document = json_set(document, '$.active', json('false')) "
        "WHERE json_type(document, '$.active') IS NULL"
    )
