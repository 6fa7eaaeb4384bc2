"""The interface of the handler of a resource type."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, bindparam, select

from netpresenter_next.directory.events import Actor
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.resources.members import MemberStep
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.models import ResourceRow
from netpresenter_next.storage.statements import Statement
from netpresenter_next.storage.totals import Counted

# The columns from which a resource is serialized, where its table has them.
_SERIALIZED = ("id", "document", "version", "created_at", "modified_at", "manager_id")


# A row of users, or of groups.
R = TypeVar("R", bound=ResourceRow)


class ResourceHandler(ABC, Generic[R]):
    """Reads and changes the resources of one type.

    ``visible`` is the condition of those that are visible to SCIM, ``total`` their
    number, and ``naming`` the attribute that names one.
    """

    def __init__(
        self, table: Table, visible: Condition, total: Counted, naming: str
    ) -> None:
        self.visible = visible
        self.naming = naming
        self.total = total
        self.columns = [table.c[name] for name in _SERIALIZED if name in table.c]
        this = table.c.id == bindparam("resource_id")
        to_read = select(*self.columns).where(this, visible)
        self.to_read = Statement(ResourceRow, to_read)
        self.to_change = Statement(ResourceRow, to_read.with_only_columns(*table.c))

    @abstractmethod
    def serialize(
        self,
        serializer: Serializer,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[R],
        *,
        members: bool,
        computed: bool,
    ) -> list[Resource]:
        """Serialize rows as resources.

        ``members`` says whether to include the members of groups, and ``computed``
        whether to include other attributes for which more rows are read.
        """

    @abstractmethod
    def create(
        self,
        connection: Connection,
        document: Mapping[str, Any],
        member_ids: Sequence[str],
        actor: Actor,
        resource_id: str | None,
    ) -> R:
        """Create a resource; ``resource_id`` is its id, or None for a new one."""

    @abstractmethod
    def change(
        self,
        connection: Connection,
        row: R,
        document: Mapping[str, Any],
        actor: Actor,
    ) -> R:
        """Replace the document of a resource."""

    @abstractmethod
    def delete(self, connection: Connection, row: R, actor: Actor) -> None:
        """Delete a resource."""

    # ------------------------------------------------- members, which only groups have
    def split_members(
        self, body: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Split a POST or PUT body into its other attributes and the member ids.

        Raises InvalidValue.
        """
        return body, ()

    def replace_members(
        self,
        connection: Connection,
        row: R,
        member_ids: Sequence[str],
        actor: Actor,
    ) -> R:
        """Replace the members of a group by these people."""
        return row

    def change_members(
        self,
        connection: Connection,
        row: R,
        step: MemberStep,
        condition: Condition | None,
        actor: Actor,
    ) -> R:
        """Apply one member step of a PATCH.

        ``condition`` is the compiled condition of a ``remove_where`` step.
        """
        return row

    def is_too_large_to_show(self, connection: Connection, row: R) -> bool:
        """Has a group too many members to return it after a PATCH?"""
        return False

    # ------------------------------------------------------------------- errors
    def find_name(self, connection: Connection, resource_id: str) -> str | None:
        """Return the name of a resource, or None if SCIM sees none with this id."""
        row = self.to_change.first(connection, resource_id=resource_id)
        return None if row is None else row.document.get(self.naming)

    def note_refused_change(
        self,
        connection: Connection,
        resource_id: str,
        body: object,
        detail: str,
        actor: Actor,
    ) -> None:
        """Record what an administrator has to do after a refused PUT or PATCH."""
        return
