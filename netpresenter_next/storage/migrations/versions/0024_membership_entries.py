"""The people whose membership a log entry about a group changed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Earlier entries name at most 50 people.
FILL = """
INSERT OR IGNORE INTO journal_members (entry_id, user_id, at)
SELECT journal.id, coalesce(change.value ->> '$.new', change.value ->> '$.old'),
    journal.at
FROM journal, json_each(journal.changes) AS change
WHERE journal.event IN ('members.added', 'members.removed')
    AND coalesce(change.value ->> '$.new', change.value ->> '$.old') IS NOT NULL
"""


def upgrade() -> None:
    """Create the table, and fill it from the log."""
    op.create_table(
        "journal_members",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["journal.id"],
            name=op.f("fk_journal_members_entry_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry_id", "user_id", name=op.f("pk_journal_members")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_journal_members_user_id", "journal_members", ["user_id", "at", "entry_id"]
    )
    op.get_bind().exec_driver_sql(FILL)
