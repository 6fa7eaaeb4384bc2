"""People are searched in an index, which follows the changes of people.

This step only notes everybody as not indexed; the program fills the index afterwards,
in batches.  Later steps that rebuild the users table create its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE VIRTUAL TABLE search_index USING fts5(words, detail=none, columnsize=0, "
    "prefix='1 2 3 4 5 6 7 8', tokenize='ascii')",
    "CREATE TRIGGER note_added_user AFTER INSERT ON users BEGIN "
    "INSERT OR IGNORE INTO unindexed_people (user_id) VALUES (NEW.id); END",
    "CREATE TRIGGER note_removed_user AFTER DELETE ON users BEGIN "
    "INSERT OR IGNORE INTO unindexed_people (user_id) VALUES (OLD.id); END",
    "INSERT INTO unindexed_people (user_id) SELECT id FROM users ORDER BY id",
)


def upgrade() -> None:
    """Make the index, and note everybody."""
    op.create_table(
        "unindexed_people",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_unindexed_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("user_id", name=op.f("uq_search_entries_user_id")),
    )
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
