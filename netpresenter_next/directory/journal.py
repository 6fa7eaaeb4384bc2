"""Reading the event log: filters, and pages by key in both directions.

A filter reads one index, or several that are merged: each has the entries of one value
in the order of time.  Its other conditions are tested entry by entry, but only for a
limited number of them, so that no request takes longer the larger the log is.
``Found`` says how far it looked, and the next request continues from there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Tuple,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from netpresenter_next.directory.events import AUDIT, PROVISIONING
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import (
    JOURNAL,
    MEMBERS,
    JournalEntry,
    Position,
    is_in_log,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.timestamp_type import Timestamp

# The most entries that one request tests with the other conditions.
MOST_EXAMINED = 2_000
LOGS = (PROVISIONING, AUDIT)


class Outcome(StrEnum):
    """Whether what an entry is about was done."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Filter:
    """Which entries to read; by default all of both logs."""

    logs: Sequence[str] = LOGS
    outcome: Outcome | None = None
    # The codes of events to read, if not of all, and of those to leave out.
    events: Sequence[str] = ()
    excluded: Sequence[str] = ()
    # Whom or what they are about, by id, with changes of their memberships; or by name,
    # if the entry has no id.
    target_id: str | None = None
    target_name: str | None = None
    # The id of the token or the person who caused them.
    actor_id: str | None = None
    # From this time on, and before that time.
    since: datetime | None = None
    until: datetime | None = None


class Found(NamedTuple):
    """Entries in the order of reading, and where to continue, if not at the end.

    ``is_cut`` says that the limit was reached before so many entries were found.
    """

    rows: Sequence[JournalEntry]
    next: Position | None
    is_cut: bool


@dataclass(frozen=True)
class _Part:
    """Conditions that one index answers, and the other ones.

    ``key`` are the columns of that index with the position, in the log itself or in a
    table that ``joined`` joins with it.
    """

    indexed: Sequence[ColumnElement[bool]]
    others: Sequence[ColumnElement[bool]]
    key: tuple[Column[Any], Column[Any]] = (JOURNAL.c.at, JOURNAL.c.id)
    joined: Sequence[ColumnElement[bool]] = ()


def position_of(row: JournalEntry) -> Position:
    """Return the position of an entry."""
    return Position(row.at, row.id)


def read(
    connection: Connection,
    wanted: Filter,
    start: Position | None,
    most: int,
    *,
    is_ascending: bool = False,
) -> Found:
    """Return the entries after a position, newest first unless ``is_ascending``."""
    order = _Order(wanted, start, is_ascending=is_ascending)
    parts = list(_split(wanted))
    examined = max(MOST_EXAMINED // len(parts), 1)
    limits = [_find_limit(connection, part, order, examined) for part in parts]
    nearest = min if is_ascending else max
    limit = nearest(filter(None, limits), default=None)
    rows: list[JournalEntry] = []
    for part in parts:
        query = select(JOURNAL).where(*part.indexed, *part.joined, *part.others)
        query = order.arrange(query, part, limit)
        rows += every(JournalEntry, connection.execute(query.limit(most + 1)))
    rows.sort(key=position_of, reverse=not is_ascending)
    if len(rows) > most:
        return Found(rows[:most], position_of(rows[most - 1]), is_cut=False)
    return Found(rows, limit, is_cut=limit is not None)


def read_all(
    wanted: Filter, most: int, *, is_ascending: bool = False
) -> Iterator[Sequence[JournalEntry]]:
    """Yield all entries in chunks of at most ``most``, each in its own transaction."""
    position = None
    while True:
        with database.read() as connection:
            found = read(connection, wanted, position, most, is_ascending=is_ascending)
        yield found.rows
        position = found.next
        if position is None:
            return


def read_added(
    connection: Connection, wanted: Filter, after: str, most: int
) -> Sequence[JournalEntry]:
    """Return the entries that were added after the one with this id, oldest first.

    Entries are read by id, which grows even if the clock is set back.
    """
    others = _list_conditions(wanted).values()
    query = select(JOURNAL).where(JOURNAL.c.id > after, *others, *_list_times(wanted))
    some = connection.execute(query.order_by(JOURNAL.c.id).limit(most))
    return every(JournalEntry, some)


def find_newest_id(connection: Connection) -> str:
    """Return the id of the entry that was added last; empty if there is none."""
    return connection.scalar(select(func.max(JOURNAL.c.id))) or ""


# --------------------------------------------------------------- the order of reading
class _Order:
    """Where reading starts and ends, and in which direction it goes.

    There is one bound at each side: of two, SQLite would use either in the index, and
    read all entries up to the other one.
    """

    def __init__(
        self, wanted: Filter, start: Position | None, *, is_ascending: bool
    ) -> None:
        self._is_ascending = is_ascending
        since = None if wanted.since is None else Position(wanted.since, "")
        until = None if wanted.until is None else Position(wanted.until, "")
        first, self._end = (since, until) if is_ascending else (until, since)
        further = max if is_ascending else min
        self._start = further(filter(None, (start, first)), default=None)

    def arrange(
        self, query: Select[Any], part: _Part, limit: Position | None = None
    ) -> Select[Any]:
        """Let a query return the entries after the start, up to the limit or end."""
        at, entry_id = part.key
        here, end = tuple_(at, entry_id), limit or self._end
        if self._is_ascending:
            query = query.order_by(at, entry_id)
        else:
            query = query.order_by(at.desc(), entry_id.desc())
        if self._start is not None:
            start = _as_row(self._start)
            query = query.where(here > start if self._is_ascending else here < start)
        if end is not None:
            last = _as_row(end)
            query = query.where(here <= last if self._is_ascending else here >= last)
        return query


def _as_row(position: Position) -> Tuple:
    return tuple_(literal(position.at, Timestamp()), literal(position.id))


def _find_limit(
    connection: Connection, part: _Part, order: _Order, examined: int
) -> Position | None:
    """Return the last entry to test with the other conditions; None for no limit."""
    if not part.others:
        return None
    query = select(*part.key).where(*part.indexed)
    # An offset as large as the limit, and in the index alone, whatever the page.
    last = order.arrange(query, part).offset(examined - 1).limit(1)
    found = connection.execute(last).first()
    return None if found is None else Position(*found)


# --------------------------------------------------------------- choosing an index
def _split(wanted: Filter) -> Iterator[_Part]:
    """Divide the conditions of a filter between an index and the rest.

    The index is that of the condition that the fewest entries fulfil, as a rule.
    """
    columns, others = JOURNAL.c, _list_conditions(wanted)

    def part(*indexed: ColumnElement[bool], without: Collection[str]) -> _Part:
        rest = [each for name, each in others.items() if name not in without]
        return _Part(indexed, rest)

    if wanted.target_id is not None:
        about = part(columns.target_id == wanted.target_id, without={"target_id"})
        yield about
        yield _Part(
            [MEMBERS.c.user_id == wanted.target_id],
            about.others,
            (MEMBERS.c.at, MEMBERS.c.entry_id),
            [MEMBERS.c.entry_id == columns.id],
        )
    elif wanted.outcome is Outcome.FAILED or wanted.target_name is not None:
        for log in wanted.logs:
            is_failed = (columns.log == log, ~columns.succeeded)
            yield part(*is_failed, without={"log", "outcome"})
    elif wanted.events:
        for log, event in product(wanted.logs, wanted.events):
            is_event = (columns.log == log, columns.event == event)
            yield part(*is_event, without={"log", "event"})
    elif wanted.actor_id is not None:
        yield part(columns.actor_id == wanted.actor_id, without={"actor_id"})
    else:
        for log in wanted.logs:
            yield part(is_in_log(log), without={"log"})


def _list_times(wanted: Filter) -> list[ColumnElement[bool]]:
    since, until = wanted.since, wanted.until
    after = [] if since is None else [JOURNAL.c.at >= literal(since, Timestamp())]
    before = [] if until is None else [JOURNAL.c.at < literal(until, Timestamp())]
    return [*after, *before]


def _list_conditions(wanted: Filter) -> dict[str, ColumnElement[bool]]:
    """Return the conditions of a filter, by name, such that they use no index."""
    columns = JOURNAL.c
    found: dict[str, ColumnElement[bool]] = {}
    if len(wanted.logs) < len(LOGS):
        found["log"] = _without_index(columns.log).in_(wanted.logs)
    if wanted.outcome is not None:
        has_succeeded = wanted.outcome is Outcome.SUCCEEDED
        found["outcome"] = _without_index(columns.succeeded) == has_succeeded
    if wanted.events:
        found["event"] = _without_index(columns.event).in_(wanted.events)
    if wanted.excluded:
        found["excluded"] = _without_index(columns.event).not_in(wanted.excluded)
    if wanted.target_id is not None:
        found["target_id"] = or_(
            _without_index(columns.target_id) == wanted.target_id,
            exists().where(
                MEMBERS.c.entry_id == columns.id, MEMBERS.c.user_id == wanted.target_id
            ),
        )
    if wanted.target_name is not None:
        is_named = func.lower(columns.target_name) == wanted.target_name.lower()
        found["target_name"] = and_(
            _without_index(columns.target_id).is_(None), is_named
        )
    if wanted.actor_id is not None:
        found["actor_id"] = _without_index(columns.actor_id) == wanted.actor_id
    return found


def _without_index(column: Column[Any]) -> ColumnElement[Any]:
    """Return a column such that SQLite does not choose its index for a condition."""
    plus = UnaryExpression(column, operator=custom_op("+"), type_=column.type)
    return cast(ColumnElement[Any], plus)
