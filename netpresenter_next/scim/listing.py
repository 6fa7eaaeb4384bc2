"""Lists of resources that match a query, with index-based or cursor pagination.

(RFC 7644, 3.4.2 and 3.4.3; RFC 9865.)
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.cursors import CursorPosition, Cursors, is_after
from netpresenter_next.scim.errors import InvalidFilter, InvalidValue
from netpresenter_next.scim.filters.parser import parse_attribute, parse_filter
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.handlers.by_type import handler_of
from netpresenter_next.scim.queries import BoundQuery, Order, Query, bind_query
from netpresenter_next.scim.reading import Reader
from netpresenter_next.scim.resources.projection import (
    Projection,
    Resource,
    make_projection,
)
from netpresenter_next.scim.resources.serializer import format_timestamp
from netpresenter_next.storage import totals
from netpresenter_next.storage.models import ResourceRow
from netpresenter_next.storage.rows import every

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
DEFAULT_PAGE = 100
LARGEST_PAGE = 1_000


@dataclass(frozen=True)
class ListQuery:
    """The parameters of a list; ``start_index`` and ``count`` are within their limits.

    ``cursor`` is None for index-based pagination, and empty for the first page of
    cursor pagination.
    """

    filter: str | None = None
    sort_by: str | None = None
    descending: bool = False
    start_index: int = 1
    count: int = DEFAULT_PAGE
    cursor: str | None = None
    attributes: Sequence[str] = ()
    excluded_attributes: Sequence[str] = ()

    @classmethod
    def make(
        cls, *, start_index: int | None, count: int | None, **rest: Any
    ) -> "ListQuery":
        """Return the query with its numbers limited as in RFC 7644, 3.4.2.4.

        Raises InvalidValue if it has both ``cursor`` and ``startIndex``.
        """
        if rest.get("cursor") is not None and start_index is not None:
            raise InvalidValue("Use cursor or startIndex, not both.")
        return cls(
            start_index=max(start_index or 1, 1),
            count=min(max(DEFAULT_PAGE if count is None else count, 0), LARGEST_PAGE),
            **rest,
        )


@dataclass(frozen=True)
class Listing:
    """One list response: resources of one or more types that match a query."""

    reader: Reader
    resource_types: Sequence[ResourceType]
    query: ListQuery

    @property
    def may_scan(self) -> bool:
        """May the query have to read every row?  Raises the errors of ``read_page``."""
        if self.query.filter is None:
            return self.query.sort_by is not None
        return any(query.may_scan for query, _ in self._queries)

    def read_page(self, cursors: Cursors) -> Resource:
        """Return the requested page as a ListResponse.

        Raises InvalidFilter, InvalidPath, InvalidValue, InvalidCursor, ExpiredCursor.
        """
        if self.query.cursor is None:
            return self._read_page_by_index()
        return self._read_page_by_cursor(cursors)

    # ------------------------------------------------------------------ by index
    def _read_page_by_index(self) -> Resource:
        skip, room, total = self.query.start_index - 1, self.query.count, 0
        resources: list[Resource] = []
        for bound in self._queries:
            rows: Sequence[ResourceRow] = []
            if room:
                rows = bound.query.page.every(
                    self.reader.connection, limit=room, offset=skip, **bound.parameters
                )
            found = self._count_matches(bound, rows, skip, room)
            resources += self._serialize(bound.query.resource_type, rows)
            total += found
            skip, room = max(skip - found, 0), room - len(rows)
        return _make_list_response(resources, total, startIndex=self.query.start_index)

    def _count_matches(
        self, bound: BoundQuery, rows: Sequence[ResourceRow], skip: int, room: int
    ) -> int:
        if 0 < len(rows) < room or (room and not rows and not skip):
            return skip + len(rows)  # the page contains the end: no need to count
        return self._count_all(bound)

    def _count_all(self, bound: BoundQuery) -> int:
        query, parameters = bound
        connection = self.reader.connection
        if self.query.filter is None:
            return totals.read(connection, handler_of(query.resource_type).total)
        return query.count.scalar(connection, **parameters) or 0

    # ----------------------------------------------------------------- by cursor
    def _read_page_by_cursor(self, cursors: Cursors) -> Resource:
        position = None
        if self.query.cursor:
            position = cursors.read(self.query.cursor, self._query_key)
        total = self._find_total(position)
        resources: list[Resource] = []
        last: CursorPosition | None = None
        more = False
        for bound in self._queries_from(position):
            resource_type = bound.query.resource_type
            room = self.query.count - len(resources)
            is_first = position is None or position.resource_type != resource_type.name
            rows = self._read_after(bound, None if is_first else position, room + 1)
            resources += self._serialize(resource_type, rows[:room])
            more = more or len(rows) > room
            if rows[:room]:
                last = CursorPosition(
                    resource_type.name,
                    _to_json_value(rows[:room][-1]),
                    rows[:room][-1].id,
                    total,
                )
        page = _make_list_response(resources, total)
        if more and last is not None:
            page["nextCursor"] = cursors.write(last, self._query_key)
        return page

    def _read_after(
        self, bound: BoundQuery, position: CursorPosition | None, limit: int
    ) -> Sequence[ResourceRow]:
        (query, parameters), connection = bound, self.reader.connection
        if position is None:
            return query.page.every(connection, limit=limit, offset=0, **parameters)
        if query.sort_key is None:
            return query.page_after.every(
                connection, after=position.id, limit=limit, **parameters
            )
        statement = query.select().where(_compile_after(query, position)).limit(limit)
        return every(ResourceRow, connection.execute(statement, parameters))

    def _find_total(self, position: CursorPosition | None) -> int:
        """Return the number of matches, which a filter counts for its first page."""
        if position is not None and self.query.filter is not None:
            return position.total
        return sum(map(self._count_all, self._queries))

    def _queries_from(self, position: CursorPosition | None) -> Sequence[BoundQuery]:
        """Return the queries of the type of the position and the types after it."""
        if position is None:
            return self._queries
        names = [bound.query.resource_type.name for bound in self._queries]
        return self._queries[names.index(position.resource_type) :]

    # ---------------------------------------------------------------------- both
    @property
    def _query_key(self) -> str:
        """The parameters that must be the same for each page of a cursor."""
        names = [each.name for each in self.resource_types]
        query = self.query
        return json.dumps([names, query.filter, query.sort_by, query.descending])

    @cached_property
    def _queries(self) -> Sequence[BoundQuery]:
        """The query of each type that has the attributes of the filter.

        If no type has them, the InvalidFilter of the first type is raised.
        """
        text = self.query.filter
        tree = None if text is None else parse_filter(text)
        path = parse_attribute(self.query.sort_by) if self.query.sort_by else None
        order = Order(path, self.query.descending, len(self.resource_types) > 1)
        bound: list[BoundQuery] = []
        errors: list[InvalidFilter] = []
        for each in self.resource_types:
            try:
                bound.append(bind_query(self.reader, each, tree, order))
            except InvalidFilter as error:
                errors.append(error)
        if not bound:
            raise errors[0]
        return bound

    @cached_property
    def _wanted(self) -> Projection:
        return make_projection(
            self.resource_types, self.query.attributes, self.query.excluded_attributes
        )

    def _serialize(
        self, resource_type: ResourceType, rows: Sequence[ResourceRow]
    ) -> list[Resource]:
        wanted = self._wanted
        if self.query.filter is not None:
            self.reader.note_access(row.id for row in rows)
        written = self.reader.serialize(
            resource_type,
            rows,
            members=wanted.wants("members"),
            computed=wanted.wants_computed(),
        )
        return [wanted.apply(each) for each in written]


def _to_json_value(row: ResourceRow) -> Any:
    """Return the sort key of a row as a JSON value."""
    key = getattr(row, "sort_key", None)
    return format_timestamp(key) if isinstance(key, datetime) else key


def _compile_after(query: Query, position: CursorPosition) -> Condition:
    by_id = query.resource_type.table.c.id
    return is_after(position, query.sort_key, by_id, descending=query.order.descending)


def _make_list_response(resources: list[Resource], total: int, **more: Any) -> Resource:
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "itemsPerPage": len(resources),
        **more,
        "Resources": resources,
    }
