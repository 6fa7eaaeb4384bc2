"""Reading and serializing resources (RFC 7644, 3.4)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from netpresenter_next.schema.resource_types import ResourceType, ResourceTypes
from netpresenter_next.scim.errors import NotFound
from netpresenter_next.scim.filters.compiler import FilterCompiler
from netpresenter_next.scim.handlers.by_type import handler_of
from netpresenter_next.scim.resources.projection import Projection, Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.models import ResourceRow


@dataclass(frozen=True)
class Result:
    """A resource after a request; ``resource`` is None for a response without body."""

    resource: Resource | None
    version: str
    location: str


def _ignore_ids(_ids: Iterable[str]) -> None:
    """Ignore the ids."""


@dataclass(frozen=True)
class Reader:
    """Reads resources for one request, in the transaction of its connection."""

    resource_types: ResourceTypes
    serializer: Serializer
    connection: Connection
    # Called with the ids of resources that the client reads or changes by id or filter.
    note_access: Callable[[Iterable[str]], None] = field(
        default=_ignore_ids, kw_only=True
    )

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        wanted: Projection,
    ) -> Result:
        """Return one resource; raises NotFound."""
        row = self.find(resource_type, resource_id)
        return self.make_result(resource_type, row, wanted)

    def find(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        to_change: bool = False,
    ) -> ResourceRow:
        """Return the row of a resource that is visible to SCIM; raises NotFound.

        ``to_change`` selects all columns, for a write transaction.
        """
        handler = handler_of(resource_type)
        query = handler.to_change if to_change else handler.to_read
        row = query.first(self.connection, resource_id=resource_id)
        if row is None:
            raise NotFound(
                f"There is no {resource_type.name} with the id {resource_id[:100]!r}."
            )
        self.note_access([row.id])
        return row

    def make_result(
        self,
        resource_type: ResourceType,
        row: ResourceRow,
        wanted: Projection,
    ) -> Result:
        """Serialize one row with the attributes that the client wants."""
        # The version depends on all computed attributes but members.
        members = wanted.wants("members")
        (resource,) = self.serialize(
            resource_type, [row], members=members, computed=True
        )
        version, location = resource["meta"]["version"], resource["meta"]["location"]
        return Result(wanted.apply(resource), version, location)

    def serialize(
        self,
        resource_type: ResourceType,
        rows: Sequence[ResourceRow],
        *,
        members: bool,
        computed: bool,
    ) -> list[Resource]:
        """Serialize rows, with ``members`` and other ``computed`` attributes or not."""
        return handler_of(resource_type).serialize(
            self.serializer,
            self.connection,
            resource_type,
            rows,
            members=members,
            computed=computed,
        )

    def make_filter_compiler(self, resource_type: ResourceType) -> FilterCompiler:
        """Return the filter compiler for a resource type."""
        return make_filter_compiler(self.resource_types, self.serializer, resource_type)


def make_filter_compiler(
    resource_types: ResourceTypes, serializer: Serializer, resource_type: ResourceType
) -> FilterCompiler:
    """Return the filter compiler for a resource type of these."""
    prefixes = {
        each.name: serializer.location_of(each, "") for each in resource_types.all
    }
    return FilterCompiler(resource_type, prefixes)
