"""The index by which people are searched: a full-text table of SQLite (FTS5).

A change of a person does not write the index.  It only notes the person in
``unindexed_people``, most of all by triggers, and the index follows in batches.  So the
index costs a SCIM request almost nothing, and no fault of it affects one.

The keys of a person are the words that ``directory.search_words`` lists.  The full-text
table stores them, because SQLite before 3.43 could not delete rows otherwise.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DDL, String, column, event, table
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of

NAME = "search_index"


class UnindexedPerson(Base):
    """Somebody who was added, changed or deleted, and whose index entry is outdated."""

    __tablename__ = "unindexed_people"

    # No foreign key: the person may be deleted.
    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchEntry(Base):
    """The row of a person in the index, which has numbers only."""

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(36), unique=True)


UNINDEXED = table_of(UnindexedPerson)
ENTRIES = table_of(SearchEntry)
# Not in the metadata: Alembic and other databases do not know such tables.
# Its column with the name of the table takes commands, whose argument is the rank.
INDEX = table(NAME, *map(column, ("rowid", "words", NAME, "rank")))
# Up to this length, the first characters of words have an index of their own.  People
# who have longer ones are all collected before the first is read.
LONGEST_PREFIX = 8
# Without positions, because nobody searches for phrases.
CREATE_INDEX = (
    f"CREATE VIRTUAL TABLE {NAME} USING fts5(words, detail=none, columnsize=0, "
    f"prefix='{' '.join(map(str, range(1, LONGEST_PREFIX + 1)))}', tokenize='ascii')"
)
# By the table that they are dropped with.
TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "users": (
        "CREATE TRIGGER IF NOT EXISTS note_added_user AFTER INSERT ON users BEGIN "
        "INSERT OR IGNORE INTO unindexed_people (user_id) VALUES (NEW.id); END",
        "CREATE TRIGGER IF NOT EXISTS note_removed_user AFTER DELETE ON users BEGIN "
        "INSERT OR IGNORE INTO unindexed_people (user_id) VALUES (OLD.id); END",
    )
}
for _statement in (CREATE_INDEX, *TRIGGERS["users"]):
    event.listen(
        Base.metadata, "after_create", DDL(_statement).execute_if(dialect="sqlite")
    )


def is_in_metadata(name: str | None, kind: str, *_parents: Any) -> bool:
    """Is this the name of something other than the full-text table and its parts?"""
    return kind != "table" or not str(name).startswith(NAME)
