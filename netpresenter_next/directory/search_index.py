"""Bringing the index of the search up to date; see ``storage.search_models``."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select
from sqlalchemy.dialects import sqlite

from netpresenter_next.directory import search_words
from netpresenter_next.storage import database
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.search_models import (
    ENTRIES,
    INDEX,
    UNINDEXED,
    UnindexedPerson,
)
from netpresenter_next.storage.statements import Statement

# The people of one batch: a transaction of some tens of milliseconds.  A page that
# searches indexes fewer of them.
BATCH, FEW = 500, 100

_NOTE = Statement(UnindexedPerson, sqlite.insert(UNINDEXED).on_conflict_do_nothing())
_OUTDATED = (
    select(UNINDEXED.c.user_id, ENTRIES.c.id, USERS.c.document)
    .outerjoin(ENTRIES, ENTRIES.c.user_id == UNINDEXED.c.user_id)
    .outerjoin(USERS, USERS.c.id == UNINDEXED.c.user_id)
    .order_by(UNINDEXED.c.user_id)
)


def note_change(connection: Connection, user_id: str) -> None:
    """Note that the index entry of a person is outdated."""
    _NOTE.run(connection, user_id=user_id)


def is_outdated(connection: Connection) -> bool:
    """Is the index entry of anybody outdated?"""
    return bool(connection.scalar(select(exists(select(UNINDEXED.c.user_id)))))


def index_some(connection: Connection, most: int) -> int:
    """Bring the entries of some people up to date; returns their number."""
    rows = connection.execute(_OUTDATED.limit(most)).all()
    if rows:
        _index(connection, rows)
    return len(rows)


def index_one(connection: Connection, user_id: str) -> None:
    """Bring the entry of one person up to date, if it is outdated."""
    this = _OUTDATED.where(UNINDEXED.c.user_id == user_id)
    _index(connection, connection.execute(this).all())


def _index(connection: Connection, rows: Sequence[Any]) -> None:
    _delete(connection, INDEX.c.rowid, [row.id for row in rows if row.id is not None])
    gone = [row.id for row in rows if row.document is None and row.id is not None]
    _delete(connection, ENTRIES.c.id, gone)
    _insert_entries(connection, [row for row in rows if row.document is not None])
    _delete(connection, UNINDEXED.c.user_id, [row.user_id for row in rows])


def _delete(connection: Connection, key: Any, values: Sequence[Any]) -> None:
    if values:
        statement = delete(key.table).where(key == bindparam("this"))
        connection.execute(statement, [{"this": each} for each in values])


def _insert_entries(connection: Connection, people: Sequence[Any]) -> None:
    """Insert the keys of people; those without an entry get one first."""
    highest = (func.max(ENTRIES.c.id), func.max(INDEX.c.rowid))
    last = max(connection.scalar(select(each)) or 0 for each in highest)
    added: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    for person in people:
        number = person.id
        if number is None:
            number = last + len(added) + 1
            added.append({"id": number, "user_id": person.user_id})
        words = search_words.list_keys(person.document)
        keys.append({"rowid": number, "words": words})
    if added:
        connection.execute(insert(ENTRIES), added)
    if keys:
        connection.execute(insert(INDEX), keys)


def index_everybody() -> None:
    """Bring the whole index up to date, in batches; raises Busy and Unwritable."""
    while True:
        with database.write() as connection:
            if not index_some(connection, BATCH):
                return


def index_if_free() -> None:
    """Bring some of the index up to date, unless there is nothing to do.

    It does not wait for the write lock, and is left out where nothing can be written.
    """
    with database.read() as connection:
        if not is_outdated(connection):
            return
    with suppress(*database.WRITE_FAILURES), database.write(timeout=0) as connection:
        index_some(connection, FEW)


# ------------------------------------------------------------------ removing words
# Words of people who were deleted or changed stay in the file until SQLite merges the
# parts of the index that have them.  Merging all parts into one takes 5 s for 100,000
# people, so it is done in steps of so many pages.
REWRITTEN_PAGES = 16


def begin_rewriting(connection: Connection) -> None:
    """Begin to merge all parts of the index into one (FTS5: the command ``merge``)."""
    _merge(connection, -REWRITTEN_PAGES)


def rewrite_some(connection: Connection) -> bool:
    """Continue to merge the parts of the index; returns whether that is complete."""
    raw: Any = connection.connection.dbapi_connection
    before = raw.total_changes
    _merge(connection, REWRITTEN_PAGES)
    return bool(raw.total_changes - before < 2)


def _merge(connection: Connection, pages: int) -> None:
    connection.execute(insert(INDEX).values(**{INDEX.name: "merge", "rank": pages}))
