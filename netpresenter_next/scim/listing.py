"""Lists of resources that match a query, with index-based or cursor pagination.

(RFC 7644, 3.4.2 and 3.4.3; RFC 9865.)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.cursors import CursorPosition, Cursors, is_after
from netpresenter_next.scim.errors import InvalidFilter, InvalidValue
from netpresenter_next.scim.filters.parser import parse_attribute, parse_filter
from netpresenter_next.scim.filters.scans import needs_scan
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.handlers.by_type import handler_of
from netpresenter_next.scim.reading import Reader
from netpresenter_next.scim.resources.projection import (
    Projection,
    Resource,
    make_projection,
)
from netpresenter_next.scim.resources.serializer import format_timestamp
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
        return any(needs_scan(each) for each in self._conditions.values())

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
        for resource_type, condition in self._conditions.items():
            statement = self._select(resource_type, condition)
            rows: Sequence[ResourceRow] = []
            if room:
                page = statement.limit(room).offset(skip)
                rows = every(ResourceRow, self.reader.connection.execute(page))
            found = self._count_matches(resource_type, condition, rows, skip, room)
            resources += self._serialize(resource_type, rows)
            total += found
            skip, room = max(skip - found, 0), room - len(rows)
        return _make_list_response(resources, total, startIndex=self.query.start_index)

    def _count_matches(
        self,
        resource_type: ResourceType,
        condition: Condition,
        rows: Sequence[ResourceRow],
        skip: int,
        room: int,
    ) -> int:
        if 0 < len(rows) < room or (room and not rows and not skip):
            return skip + len(rows)  # the page contains the end: no need to count
        return self._count_all(resource_type, condition)

    def _count_all(self, resource_type: ResourceType, condition: Condition) -> int:
        count = select(func.count()).select_from(resource_type.table).where(condition)
        return self.reader.connection.scalar(count) or 0

    # ----------------------------------------------------------------- by cursor
    def _read_page_by_cursor(self, cursors: Cursors) -> Resource:
        query, position = self.query, None
        if query.cursor:
            position = cursors.read(query.cursor, self._query_key)
        resources: list[Resource] = []
        last: CursorPosition | None = None
        more = False
        for resource_type, condition in self._conditions_from(position):
            room = query.count - len(resources)
            if position is not None and position.resource_type == resource_type.name:
                condition = and_(
                    condition, self._compile_after(resource_type, position)
                )
            statement = self._select(resource_type, condition).limit(room + 1)
            rows = every(ResourceRow, self.reader.connection.execute(statement))
            resources += self._serialize(resource_type, rows[:room])
            more = more or len(rows) > room
            if rows[:room]:
                last = CursorPosition(
                    resource_type.name,
                    _to_json_value(rows[:room][-1]),
                    rows[:room][-1].id,
                )
        total = sum(self._count_all(*each) for each in self._conditions.items())
        page = _make_list_response(resources, total)
        if more and last is not None:
            page["nextCursor"] = cursors.write(last, self._query_key)
        return page

    def _conditions_from(
        self, position: CursorPosition | None
    ) -> list[tuple[ResourceType, Condition]]:
        """Return the type of the position and the types after it."""
        items = list(self._conditions.items())
        if position is None:
            return items
        names = [resource_type.name for resource_type, _ in items]
        return items[names.index(position.resource_type) :]

    def _compile_after(
        self, resource_type: ResourceType, position: CursorPosition
    ) -> Condition:
        key = self._compile_sort_key(resource_type)
        descending = self.query.descending
        return is_after(position, key, resource_type.table.c.id, descending=descending)

    # ---------------------------------------------------------------------- both
    @property
    def _query_key(self) -> str:
        """The parameters that must be the same for each page of a cursor."""
        names = [each.name for each in self.resource_types]
        query = self.query
        return json.dumps([names, query.filter, query.sort_by, query.descending])

    @cached_property
    def _conditions(self) -> Mapping[ResourceType, Condition]:
        """The compiled filter for each type that has its attributes.

        If no type has them, the InvalidFilter of the first type is raised.
        """
        if self.query.filter is None:
            return {each: handler_of(each).visible for each in self.resource_types}
        tree = parse_filter(self.query.filter)
        conditions: dict[ResourceType, Condition] = {}
        errors: list[InvalidFilter] = []
        for each in self.resource_types:
            try:
                compiled = self.reader.make_filter_compiler(each).compile(tree)
            except InvalidFilter as error:
                errors.append(error)
            else:
                conditions[each] = and_(compiled, handler_of(each).visible)
        if not conditions:
            raise errors[0]
        return conditions

    @cached_property
    def _wanted(self) -> Projection:
        return make_projection(
            self.resource_types, self.query.attributes, self.query.excluded_attributes
        )

    @cached_property
    def _sort_path(self) -> Path | None:
        return parse_attribute(self.query.sort_by) if self.query.sort_by else None

    def _compile_sort_key(
        self, resource_type: ResourceType
    ) -> ColumnElement[Any] | None:
        path = self._sort_path
        if path is None or resource_type.resolve(path) is None:
            if path is not None and len(self.resource_types) == 1:
                raise InvalidValue(
                    f"sortBy: {path} is not an attribute of the resources."
                )
            return None
        return self.reader.make_filter_compiler(resource_type).compile_sort_key(path)

    def _select(self, resource_type: ResourceType, condition: Condition) -> Select[Any]:
        """Select the rows in the requested order, and those with equal values by id.

        Without the id, pages could overlap or have gaps.  Resources without a value are
        last, or first if descending (RFC 7644, 3.4.2.3).
        """
        table = resource_type.table
        columns = handler_of(resource_type).columns
        statement = select(*columns).where(condition)
        key = self._compile_sort_key(resource_type)
        if key is None:
            return statement.order_by(table.c.id)
        order = (
            key.desc().nulls_first()
            if self.query.descending
            else key.asc().nulls_last()
        )
        return statement.add_columns(key.label("sort_key")).order_by(order, table.c.id)

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


def _make_list_response(resources: list[Resource], total: int, **more: Any) -> Resource:
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": total,
        "itemsPerPage": len(resources),
        **more,
        "Resources": resources,
    }
