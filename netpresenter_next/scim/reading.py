"""Reading resources, and writing them as the client wants them (RFC 7644, 3.4)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    select,
    true,
)

from netpresenter_next.schema.resource_types import Directory, ResourceType
from netpresenter_next.scim.errors import NotFound
from netpresenter_next.scim.filters.compiler import Query
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.resources.projection import Projection, Resource
from netpresenter_next.scim.resources.representation import Writer
from netpresenter_next.storage.models import GROUPS, USERS, is_visible


@dataclass(frozen=True)
class Result:
    """A resource as it is now; none where the answer has no body."""

    resource: Resource | None
    version: str
    location: str


def _unheard(_ids: Iterable[str]) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Reader:
    """Reads for one request, in the transaction of its connection."""

    directory: Directory
    writer: Writer
    connection: Connection
    # Told the ids of what a client looked up by id or filter, to read or change it.
    meet: Callable[[Iterable[str]], None] = field(default=_unheard, kw_only=True)

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        wanted: Projection,
    ) -> Result:
        """Return one resource; raises NotFound."""
        row = self.find(resource_type, resource_id)
        return self.result(resource_type, row, wanted)

    def find(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        to_change: bool = False,
    ) -> Row[Any]:
        """Return the row of a resource that SCIM can see; raises NotFound."""
        query = (_TO_CHANGE if to_change else _TO_READ)[resource_type.table]
        row = self.connection.execute(query, {"resource_id": resource_id}).first()
        if row is None:
            raise NotFound(
                f"There is no {resource_type.name} with the id {resource_id[:100]!r}."
            )
        self.meet([row.id])
        return row

    def result(
        self,
        resource_type: ResourceType,
        row: Row[Any],
        wanted: Projection,
    ) -> Result:
        """Write one row as the client wants it."""
        # The version is of the full representation, so all but members is computed.
        members = wanted.wants("members")
        resource = self.write(resource_type, [row], members=members, computed=True)[0]
        version, location = resource["meta"]["version"], resource["meta"]["location"]
        return Result(wanted.apply(resource), version, location)

    def write(
        self,
        resource_type: ResourceType,
        rows: Sequence[Row[Any]],
        *,
        members: bool,
        computed: bool,
    ) -> list[Resource]:
        """Write rows as resources, with what other rows have to be read for."""
        if resource_type is self.directory.user:
            return self.writer.users(
                self.connection, resource_type, rows, computed=computed
            )
        return self.writer.groups(self.connection, resource_type, rows, members=members)

    def query(self, resource_type: ResourceType) -> Query:
        """Return the compiler of filters for a resource type."""
        prefixes = {
            each.name: self.writer.location(each, "")
            for each in self.directory.resource_types
        }
        return Query(resource_type, prefixes)


def shown(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns from which a resource is written."""
    names = ("id", "document", "version", "created_at", "modified_at", "manager_id")
    return [table.c[name] for name in names if name in table.c]


def visible(table: Table) -> Condition:
    """SCIM sees groups, and the people who are provisioned; no local account."""
    return is_visible() if table is USERS else true()


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
