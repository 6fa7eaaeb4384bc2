"""The parts in which a job completes an erasure after the account was deleted.

Each part is read before the write lock is taken, and written in a short transaction
with how far it came.  After a stop or a crash the last part is done again, which
changes nothing twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, delete, select, update

from netpresenter_next.directory import search_index
from netpresenter_next.directory.arrived_attributes import forget_values_of
from netpresenter_next.directory.deletions import name_token
from netpresenter_next.directory.erasure_columns import DONE_BY, WITH_TEXTS
from netpresenter_next.directory.erasure_texts import ERASED, Eraser
from netpresenter_next.directory.erasures import Changes, change_entries, find_changes
from netpresenter_next.storage import database
from netpresenter_next.storage.erasure_models import ERASURES, Erasure, Stage
from netpresenter_next.storage.event_models import JOURNAL, MEMBERS, JournalEntry
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.rows import every

# How many entries are read at a time, and how often without a change.
CHUNK, MOST_CHUNKS = 500, 20
# How many rows are changed or deleted in one transaction.
BATCH = 100


def find_next(connection: Connection) -> Erasure | None:
    """Return an erasure that is not complete."""
    found = every(Erasure, connection.execute(select(ERASURES).limit(1)))
    return found[0] if found else None


def continue_erasure(erasure: Erasure) -> Iterator[bool]:
    """Do a part of an erasure; yields after each transaction whether it is complete.

    Raises Busy and Unwritable.
    """
    if erasure.stage is Stage.LOG:
        yield from _continue_log(erasure)
    elif erasure.stage is Stage.REST:
        yield _continue_rest(erasure)
    else:
        with database.write() as connection:
            _continue_index(connection, erasure)
        yield False


def _set(connection: Connection, erasure: Erasure, **values: str) -> None:
    this = ERASURES.c.user_id == erasure.user_id
    connection.execute(update(ERASURES).where(this).values(**values))


# ------------------------------------------------------------------ the event log
class LogPart(NamedTuple):
    """What a part of the log needs: which entries to change, and how."""

    changes: Changes
    # The id of the last entry that was read.
    position: str
    is_end: bool


def read_log(connection: Connection, erasure: Erasure) -> LogPart:
    """Read log entries until one has to be changed, in a read transaction."""
    eraser, position = Eraser(erasure.texts), erasure.position
    for _ in range(MOST_CHUNKS):
        later = select(JOURNAL).where(JOURNAL.c.id > position)
        query = later.order_by(JOURNAL.c.id).limit(CHUNK)
        entries = every(JournalEntry, connection.execute(query))
        if not entries:
            return LogPart({}, position, True)
        position = entries[-1].id
        if changes := find_changes(entries, eraser, erasure.user_id):
            return LogPart(changes, position, False)
    return LogPart({}, position, False)


def _continue_log(erasure: Erasure) -> Iterator[bool]:
    """Change the entries of a part of the log, and remember how far it was read."""
    with database.read() as connection:
        part = read_log(connection, erasure)
    for batch in _cut(part.changes):
        with database.write() as connection:
            change_entries(connection, batch)
        yield False
    stage = Stage.INDEX_START if part.is_end else Stage.LOG
    with database.write() as connection:
        _set(connection, erasure, stage=stage, position=part.position)
    yield False


def _cut(changes: Changes) -> Iterator[Changes]:
    items = iter(changes.items())
    while batch := dict(islice(items, BATCH)):
        yield batch


# ------------------------------------------------------------------ the search index
def _continue_index(connection: Connection, erasure: Erasure) -> None:
    if erasure.stage is Stage.INDEX_START:
        search_index.begin_rewriting(connection)
        _set(connection, erasure, stage=Stage.INDEX)
    elif search_index.rewrite_some(connection):
        _set(connection, erasure, stage=Stage.REST)


# ------------------------------------------------------------------ other tables
class Cell(NamedTuple):
    """A value of a small table that names the person, and the key of its row."""

    column: Column[Any]
    key: Mapping[str, Any]


def _continue_rest(erasure: Erasure) -> bool:
    """Change or delete some rows, or complete the erasure if there are none left."""
    eraser = Eraser(erasure.texts)
    with database.read() as connection:
        cells = _find_cells(connection, eraser)
    with database.write() as connection:
        has_more = _delete_memberships(connection, erasure.user_id)
        for cell in cells:
            _erase_cell(connection, cell, eraser)
        if has_more or cells:
            return False
        _erase_names(connection, erasure)
        _erase_labels(connection, eraser)
        forget_values_of(connection, erasure.user_id)
        this = ERASURES.c.user_id == erasure.user_id
        connection.execute(delete(ERASURES).where(this))
    return True


def _find_cells(connection: Connection, eraser: Eraser) -> Sequence[Cell]:
    found = []
    for column in WITH_TEXTS:
        key = list(column.table.primary_key)
        for *ids, value in connection.execute(select(*key, column)):
            if eraser.erase(value) != value:
                names = (part.name for part in key)
                found.append(Cell(column, dict(zip(names, ids, strict=True))))
            if len(found) >= BATCH:
                return found
    return found


def _erase_cell(connection: Connection, cell: Cell, eraser: Eraser) -> None:
    column, columns = cell.column, cell.column.table.c
    this = [columns[name] == value for name, value in cell.key.items()]
    value = connection.scalar(select(column).where(*this))
    changed = update(column.table).where(*this)
    connection.execute(changed.values({column.name: eraser.erase(value)}))


def _erase_labels(connection: Connection, eraser: Eraser) -> None:
    """Remove the names from labels of tokens, also where such a token did something."""
    labels = connection.scalars(select(SCIM_TOKENS.c.label).distinct()).all()
    for label in labels:
        erased = eraser.erase_in_label(label)
        if erased == label:
            continue
        _replace(connection, SCIM_TOKENS.c.label, label, erased)
        for column in DONE_BY:
            _replace(connection, column, label, erased)
            _replace(connection, column, name_token(label), name_token(erased))


def _replace(
    connection: Connection, column: Column[Any], before: str, after: str
) -> None:
    changed = update(column.table).where(column == before)
    connection.execute(changed.values({column.name: after}))


def _erase_names(connection: Connection, erasure: Erasure) -> None:
    """Remove the person's names from where they did something."""
    for column in DONE_BY:
        named = column.in_(erasure.texts)
        if connection.execute(select(column).where(named).limit(1)).first():
            changed = update(column.table).where(named)
            connection.execute(changed.values({column.name: ERASED}))


def _delete_memberships(connection: Connection, user_id: str) -> bool:
    """Delete some links to entries about groups; returns whether there may be more."""
    some = select(MEMBERS.c.entry_id).where(MEMBERS.c.user_id == user_id).limit(BATCH)
    theirs = (MEMBERS.c.user_id == user_id, MEMBERS.c.entry_id.in_(some))
    return connection.execute(delete(MEMBERS).where(*theirs)).rowcount >= BATCH
