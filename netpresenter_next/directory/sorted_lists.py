"""Lists sorted by name, of which a page costs the same wherever it is in the list.

A page starts after the position of a row, or ends before it, and is read from an index:
rows that are not shown are not read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, Select, Table, select, true, tuple_

from netpresenter_next.lib.timestamps import read_timestamp, write_timestamp
from netpresenter_next.storage.models import MEMBERSHIPS, USERS
from netpresenter_next.storage.totals import MOST_COUNTED, count_some


class Position(NamedTuple):
    """Where a row is in a list: its sort key, and its id among equal ones."""

    key: str
    id: str


@dataclass(frozen=True)
class Part:
    """Which rows of a list to read: those after a position, or before it.

    Without a position, these are the first rows of the list, or the last ones.
    """

    position: Position | None = None
    is_backwards: bool = False


class SortedPage(NamedTuple):
    """The positions of the rows on a page, and whether there are rows around it."""

    positions: Sequence[Position]
    has_previous: bool
    has_next: bool


class SortedRows(Protocol):
    """The rows of a list."""

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part; backwards, the last one is first."""

    def count(self) -> int:
        """Return the number of rows; more than ``MOST_COUNTED`` may be too few."""


def read_page(rows: SortedRows, part: Part, size: int) -> SortedPage:
    """Read a page, which is full if there are enough rows.

    If nothing follows the position, it is the last page of the list.
    """
    found = rows.read(part, size + 1)
    shown, has_more = found[:size], len(found) > size
    if part.position is not None and not shown:
        return read_page(rows, Part(is_backwards=not part.is_backwards), size)
    if part.position is not None and part.is_backwards and not has_more:
        return read_page(rows, Part(), size)
    has_other = part.position is not None and bool(
        rows.read(Part(shown[0], not part.is_backwards), 1)
    )
    if part.is_backwards:
        return SortedPage(shown[::-1], has_more, has_other)
    return SortedPage(shown, has_other, has_more)


class IndexedRows:
    """The rows of a table, or those of some kinds, in the order of a column.

    This is ``shown_name_key``, or ``key``.  For each kind, an index has its rows in
    this order.
    """

    def __init__(
        self,
        connection: Connection,
        table: Table,
        kinds: Sequence[ColumnElement[bool]] = (true(),),
        key: ColumnElement[str] | None = None,
    ) -> None:
        self._connection = connection
        self._kinds = kinds
        self._id = table.c.id
        by = table.c.shown_name_key if key is None else key
        self._order = (by, table.c.id)

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part, merged from those of each kind."""
        found = [each for kind in self._kinds for each in self._read(kind, part, most)]
        return sorted(found, reverse=part.is_backwards)[:most]

    def _read(self, kind: ColumnElement[bool], part: Part, most: int) -> list[Position]:
        query = select(*self._order).where(kind).limit(most)
        if part.is_backwards:
            query = query.order_by(*(each.desc() for each in self._order))
        else:
            query = query.order_by(*self._order)
        if part.position is not None:
            here, there = tuple_(*self._order), tuple_(*part.position)
            query = query.where(here < there if part.is_backwards else here > there)
        return [Position(*row) for row in self._connection.execute(query)]

    def count(self) -> int:
        """Count the rows, each kind up to one more than ``MOST_COUNTED``."""
        # In the order of the list, so that the same index is read.
        every = select(self._id).order_by(*self._order)
        return sum(
            count_some(self._connection, every.where(kind)) for kind in self._kinds
        )


class LoadedRows:
    """Rows whose positions are known, such as the members of a small group."""

    def __init__(self, positions: Sequence[Position]) -> None:
        self._positions = sorted(positions)

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part."""
        everything, position = self._positions, part.position
        if part.is_backwards:
            end = (
                len(everything)
                if position is None
                else bisect_left(everything, position)
            )
            return everything[max(end - most, 0) : end][::-1]
        start = 0 if position is None else bisect_right(everything, position)
        return everything[start : start + most]

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._positions)


class MergedRows:
    """The rows of several lists that have none in common, in one order."""

    def __init__(self, parts: Sequence[SortedRows]) -> None:
        self._parts = parts

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part, merged from all lists."""
        found = [each for rows in self._parts for each in rows.read(part, most)]
        return sorted(found, reverse=part.is_backwards)[:most]

    def count(self) -> int:
        """Return the number of rows; see ``SortedRows``."""
        return sum(each.count() for each in self._parts)


def load_rows(connection: Connection, query: Select[Any]) -> LoadedRows:
    """Return the first rows of a query of ``shown_name_key`` and id.

    There are at most one more than ``MOST_COUNTED``.
    """
    some = connection.execute(query.limit(MOST_COUNTED + 1))
    return LoadedRows([Position(*row) for row in some])


class PeopleBySignIn:
    """All people, who signed in last first; then those who never signed in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part; their keys are empty or times."""
        position = part.position
        at = read_timestamp(position.key) if position and position.key else None
        parts = [self._read_signed_in, self._read_others]
        if part.is_backwards:
            parts.reverse()
        # The position is in one of the two; the rows on its other side are not wanted.
        is_in_first = position is None or (at is None) is part.is_backwards
        found: list[Position] = []
        for number, read in enumerate(parts if is_in_first else parts[1:]):
            start = position if number == 0 else None
            if len(found) < most:
                found += read(start, at, most - len(found), part.is_backwards)
        return found

    def _read_signed_in(
        self, start: Position | None, at: datetime | None, most: int, backwards: bool
    ) -> list[Position]:
        at_column, row_id = USERS.c.last_sign_in_at, USERS.c.id
        query = select(at_column, row_id).where(at_column.is_not(None)).limit(most)
        if start is not None:
            here, there = tuple_(at_column, row_id), tuple_(at, start.id)
            query = query.where(here > there if backwards else here < there)
        order = (at_column, row_id) if backwards else (at_column.desc(), row_id.desc())
        rows = self._connection.execute(query.order_by(*order))
        return [Position(str(write_timestamp(row[0])), row[1]) for row in rows]

    def _read_others(
        self, start: Position | None, _at: datetime | None, most: int, backwards: bool
    ) -> list[Position]:
        row_id = USERS.c.id
        query = select(row_id).where(USERS.c.last_sign_in_at.is_(None)).limit(most)
        if start is not None:
            here, there = row_id, start.id
            query = query.where(here > there if backwards else here < there)
        order = row_id if backwards else row_id.desc()
        found = self._connection.scalars(query.order_by(order))
        return [Position("", each) for each in found]

    def count(self) -> int:
        """Count the people, up to one more than ``MOST_COUNTED``."""
        return count_some(self._connection, select(USERS.c.id))


class PeopleByAge:
    """Many people who have something in common, in the order of their creation.

    Sorting them by name would read all of them.  ``user_id`` is the column of their
    ids, by which an index has the rows of the query.
    """

    def __init__(
        self, connection: Connection, query: Select[Any], user_id: ColumnElement[str]
    ) -> None:
        self._connection = connection
        self._query = query
        self._user_id = user_id

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part; their keys are empty."""
        user_id, query = self._user_id, self._query.limit(most)
        query = query.order_by(user_id.desc() if part.is_backwards else user_id)
        if part.position is not None:
            here, there = user_id, part.position.id
            query = query.where(here < there if part.is_backwards else here > there)
        return [Position("", each) for each in self._connection.scalars(query)]

    def count(self) -> int:
        """Count the people, up to one more than ``MOST_COUNTED``."""
        return count_some(self._connection, self._query)


def list_members(connection: Connection, group_id: str) -> SortedRows:
    """Return the members of a group, by name unless the group is large."""
    member_id = MEMBERSHIPS.c.user_id
    members = select(member_id).where(MEMBERSHIPS.c.group_id == group_id)
    by_age = PeopleByAge(connection, members, member_id)
    if by_age.count() > MOST_COUNTED:
        return by_age
    query = (
        select(USERS.c.shown_name_key, USERS.c.id)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.group_id == group_id)
    )
    return load_rows(connection, query)
