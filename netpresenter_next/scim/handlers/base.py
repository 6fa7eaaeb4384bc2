"""What every handler of a resource type does."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, select

from netpresenter_next.directory.events import Actor
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.resources.members import MemberStep
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.models import ResourceRow

# What a resource is serialized from, in tables that have it.
_SERIALIZED = ("id", "document", "version", "created_at", "modified_at", "manager_id")


# A row of users, or of groups.
R = TypeVar("R", bound=ResourceRow)


class ResourceHandler(ABC, Generic[R]):
    """Reads and changes the resources of one type; ``visible`` are those of SCIM."""

    def __init__(self, table: Table, visible: Condition) -> None:
        self.visible = visible
        self.columns = [table.c[name] for name in _SERIALIZED if name in table.c]
        # Built once: building a statement costs more than running it.
        this = table.c.id == bindparam("resource_id")
        self.to_read: Select[Any] = select(*self.columns).where(this, visible)
        self.to_change: Select[Any] = self.to_read.with_only_columns(
            *table.c
        ).with_for_update()

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
        """Write rows as resources, with what other rows have to be read for.

        ``members`` and ``computed`` say whether the client wants a group's members,
        and whether it wants anything else that is computed.
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
        """Make a resource; ``resource_id`` is one promised."""

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
        """Remove a resource."""

    # ------------------------------------------------- members, which only groups have
    def take_members(
        self, body: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Take the ids of members out of a POST or PUT body; raises InvalidValue."""
        return body, ()

    def replace_members(
        self,
        connection: Connection,
        row: R,
        member_ids: Sequence[str],
        actor: Actor,
    ) -> R:
        """Let exactly these people be the members."""
        return row

    def change_members(
        self,
        connection: Connection,
        row: R,
        step: MemberStep,
        fitting: Condition | None,
        actor: Actor,
    ) -> R:
        """Take one step of a PATCH; ``fitting`` is its condition on people."""
        return row

    def is_too_large_to_show(self, connection: Connection, row: R) -> bool:
        """Would showing all of it cost more than the change did?"""
        return False

    # ------------------------------------------------------------------- refusals
    def note_refusal(
        self,
        connection: Connection,
        resource_id: str,
        body: object,
        detail: str,
        actor: Actor,
    ) -> None:
        """Write down what a refused PUT or PATCH leaves to an administrator."""
        return
