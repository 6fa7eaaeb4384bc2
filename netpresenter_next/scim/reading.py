"""Reading resources: one by id, or a page of those that fit (RFC 7644, 3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    select,
    true,
)

from netpresenter_next.models import GROUPS, USERS
from netpresenter_next.scim.characteristics import ResourceType
from netpresenter_next.scim.discovery import DEFAULT_PAGE, LARGEST_PAGE, LIST_SCHEMA
from netpresenter_next.scim.documents import Writer
from netpresenter_next.scim.errors import InvalidFilter, NotFound
from netpresenter_next.scim.filters import parse_attribute, parse_filter
from netpresenter_next.scim.projection import (
    EVERYTHING,
    Projection,
    Resource,
    projection,
)
from netpresenter_next.scim.query import Query
from netpresenter_next.scim.schema import Directory
from netpresenter_next.scim.sql import Condition


@dataclass(frozen=True)
class ListQuery:
    """What a list is asked for (RFC 7644, 3.4.2), its numbers already clamped."""

    filter: str | None = None
    sort_by: str | None = None
    descending: bool = False
    start_index: int = 1
    count: int = DEFAULT_PAGE
    attributes: Sequence[str] = ()
    excluded_attributes: Sequence[str] = ()

    @classmethod
    def clamped(cls, *, start_index: int, count: int, **rest: Any) -> "ListQuery":
        """Bring the numbers into bounds as the RFC says (3.4.2.4)."""
        return cls(
            start_index=max(start_index, 1),
            count=min(max(count, 0), LARGEST_PAGE),
            **rest,
        )


@dataclass(frozen=True)
class Result:
    """A resource as it is now; none where the answer has no body.

    ``ignored`` names attributes that were sent but are not known.
    """

    resource: Resource | None
    version: str
    location: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads for one request: the tables, and where resources are found."""

    directory: Directory
    writer: Writer

    def get(
        self,
        connection: Connection,
        resource_type: ResourceType,
        resource_id: str,
        wanted: Projection = EVERYTHING,
    ) -> Result:
        """Return one resource; raises NotFound."""
        row = self.find(connection, resource_type, resource_id)
        return self.result(connection, resource_type, row, wanted)

    def page(
        self,
        connection: Connection,
        resource_types: Sequence[ResourceType],
        query: ListQuery,
    ) -> Resource:
        """Return a page of the resources that fit, as a ListResponse.

        Raises InvalidFilter, InvalidPath, InvalidValue.
        """
        wanted = projection(resource_types, query.attributes, query.excluded_attributes)
        skip, room, total = query.start_index - 1, query.count, 0
        resources: list[Resource] = []
        for resource_type, condition in self._conditions(resource_types, query):
            rows, found = self._rows(
                connection, resource_type, condition, query, skip, room
            )
            written = self.write(connection, resource_type, rows, wanted)
            resources += [wanted.apply(each) for each in written]
            total += found
            skip, room = max(skip - found, 0), room - len(rows)
        return {
            "schemas": [LIST_SCHEMA],
            "totalResults": total,
            "itemsPerPage": len(resources),
            "startIndex": query.start_index,
            "Resources": resources,
        }

    def find(
        self,
        connection: Connection,
        resource_type: ResourceType,
        resource_id: str,
        *,
        to_change: bool = False,
    ) -> Row[Any]:
        """Return the row of a resource that SCIM can see; raises NotFound."""
        query = (_TO_CHANGE if to_change else _TO_READ)[resource_type.table]
        row = connection.execute(query, {"resource_id": resource_id}).first()
        if row is None:
            raise NotFound(
                f"There is no {resource_type.name} with the id {resource_id[:100]!r}."
            )
        return row

    def result(
        self,
        connection: Connection,
        resource_type: ResourceType,
        row: Row[Any],
        wanted: Projection,
        ignored: Sequence[str] = (),
    ) -> Result:
        """Write one row as the client wants it."""
        # The version is of the full representation, so all but members is computed.
        everything = Projection(without=wanted.unwanted_members())
        resource = self.write(connection, resource_type, [row], everything)[0]
        version, location = resource["meta"]["version"], resource["meta"]["location"]
        return Result(wanted.apply(resource), version, location, tuple(ignored))

    def write(
        self,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[Row[Any]],
        wanted: Projection,
    ) -> list[Resource]:
        """Write rows as resources, with what is computed where it is wanted."""
        if resource_type is self.directory.user:
            return self.writer.users(connection, resource_type, rows, wanted)
        return self.writer.groups(connection, resource_type, rows, wanted)

    def query(self, resource_type: ResourceType) -> Query:
        """Return the compiler of filters for a resource type."""
        prefixes = {
            each.name: self.writer.location(each, "")
            for each in self.directory.resource_types
        }
        return Query(resource_type, prefixes)

    def _conditions(
        self, resource_types: Sequence[ResourceType], query: ListQuery
    ) -> list[tuple[ResourceType, Condition]]:
        """Compile the filter for each type that knows its attributes.

        A filter that fits none of the types is an error.
        """
        if query.filter is None:
            return [(each, visible(each.table)) for each in resource_types]
        tree = parse_filter(query.filter)
        conditions: list[tuple[ResourceType, Condition]] = []
        refusals: list[InvalidFilter] = []
        for each in resource_types:
            try:
                compiled = self.query(each).condition(tree)
            except InvalidFilter as error:
                refusals.append(error)
            else:
                conditions.append((each, and_(compiled, visible(each.table))))
        if not conditions:
            raise refusals[0]
        return conditions

    def _rows(
        self,
        connection: Connection,
        resource_type: ResourceType,
        condition: Condition,
        query: ListQuery,
        skip: int,
        room: int,
    ) -> tuple[Sequence[Row[Any]], int]:
        """Return the rows of a page, and how many there are in all."""
        table = resource_type.table
        rows: Sequence[Row[Any]] = []
        if room:
            page = select(*shown(table)).where(condition).limit(room).offset(skip)
            rows = connection.execute(self._ordered(page, resource_type, query)).all()
        if 0 < len(rows) < room or (room and not rows and not skip):
            return rows, skip + len(rows)  # the page shows the end: no need to count
        count = select(func.count()).select_from(table).where(condition)
        return rows, connection.scalar(count) or 0

    def _ordered(
        self, page: Select[Any], resource_type: ResourceType, query: ListQuery
    ) -> Select[Any]:
        """Sort as asked, then by age, so that pages neither overlap nor leave gaps.

        What has no value comes last, or first when descending (RFC 7644, 3.4.2.3).
        """
        by_age = resource_type.table.c.id
        if query.sort_by is None:
            return page.order_by(by_age)
        key = self.query(resource_type).sort_key(parse_attribute(query.sort_by))
        if query.descending:
            return page.order_by(key.desc().nulls_first(), by_age)
        return page.order_by(key.asc().nulls_last(), by_age)


def shown(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns from which a resource is written."""
    names = ("id", "document", "version", "created_at", "modified_at", "manager_id")
    return [table.c[name] for name in names if name in table.c]


def visible(table: Table) -> Condition:
    """SCIM sees groups, and the people who are provisioned; no local account."""
    return USERS.c.is_provisioned if table is USERS else true()


def _one(table: Table) -> Select[Any]:
    """Select one resource that SCIM can see, by its id."""
    return select(*shown(table)).where(
        table.c.id == bindparam("resource_id"), visible(table)
    )


# Built once: building a statement costs more than running it.
_TO_READ = {table: _one(table) for table in (USERS, GROUPS)}
_TO_CHANGE = {
    table: query.with_only_columns(*table.c).with_for_update()
    for table, query in _TO_READ.items()
}
