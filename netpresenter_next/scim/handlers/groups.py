"""The handler of groups and their members."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from netpresenter_next.directory import groups
from netpresenter_next.directory.events import Actor
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.handlers.base import ResourceHandler
from netpresenter_next.scim.resources.members import (
    MEMBERS,
    MemberStep,
    read_member_ids,
)
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    USERS,
    Group,
    is_visible_group,
)
from netpresenter_next.storage.statements import Statement
from netpresenter_next.storage.totals import Counted

# The response to a PATCH of a group with more members has no body, so that its cost
# does not depend on the size of the group.
SMALL_GROUP = 20
_SELECT_SOME_MEMBERS = Statement(
    tuple,
    select(MEMBERSHIPS.c.user_id)
    .where(MEMBERSHIPS.c.group_id == bindparam("this_id"))
    .limit(SMALL_GROUP + 1),
)
_CHANGES = {
    "add": groups.add_members,
    "remove": groups.remove_members,
    "replace": groups.replace_members,
}


class GroupHandler(ResourceHandler[Group]):
    """Handles groups; local groups are invisible to SCIM."""

    def __init__(self) -> None:
        visible, total = is_visible_group(), Counted.VISIBLE_GROUPS
        super().__init__(GROUPS, visible, total, "displayName")

    def serialize(
        self,
        serializer: Serializer,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[Group],
        *,
        members: bool,
        computed: bool,
    ) -> list[Resource]:
        """Serialize groups; one statement reads the members of all of them."""
        entries: dict[str, list[Resource]] = {}
        if rows and members:
            entries = _read_members(serializer, connection, [row.id for row in rows])
        resources = []
        for row in rows:
            resource = serializer.serialize_document(resource_type, row)
            if row.id in entries:
                resource[MEMBERS] = entries[row.id]
            # Every visible change of a member increments the version of the row.
            version = f'W/"{row.version}"'
            resource["meta"] = serializer.make_meta(resource_type, row, version)
            resources.append(resource)
        return resources

    def create(
        self,
        connection: Connection,
        document: Mapping[str, Any],
        member_ids: Sequence[str],
        actor: Actor,
        resource_id: str | None,
    ) -> Group:
        """Create a group with its members."""
        row = groups.create(connection, document, actor, resource_id)
        return groups.add_members(connection, row, member_ids, actor)

    def change(
        self,
        connection: Connection,
        row: Group,
        document: Mapping[str, Any],
        actor: Actor,
    ) -> Group:
        """Replace the document of a group."""
        return groups.change_document(connection, row, document, actor)

    def delete(self, connection: Connection, row: Group, actor: Actor) -> None:
        """Delete a group, but not its members."""
        groups.delete_group(connection, row, actor)

    def split_members(
        self, body: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Split a body into other attributes and member ids; raises InvalidValue."""
        named = {key.lower(): key for key in body}.get(MEMBERS)
        if named is None:
            return body, ()
        others = {key: body[key] for key in body if key != named}
        return others, read_member_ids(body[named])

    def replace_members(
        self,
        connection: Connection,
        row: Group,
        member_ids: Sequence[str],
        actor: Actor,
    ) -> Group:
        """Replace the members of a group by these people."""
        return groups.replace_members(connection, row, member_ids, actor)

    def change_members(
        self,
        connection: Connection,
        row: Group,
        step: MemberStep,
        condition: Condition | None,
        actor: Actor,
    ) -> Group:
        """Apply one member step of a PATCH."""
        if condition is not None:
            return groups.remove_members_where(connection, row, condition, actor)
        return _CHANGES[step.kind](connection, row, step.ids, actor)

    def is_too_large_to_show(self, connection: Connection, row: Group) -> bool:
        """Has the group more than ``SMALL_GROUP`` members?"""
        some = _SELECT_SOME_MEMBERS.every(connection, this_id=row.id)
        return len(some) > SMALL_GROUP


def _read_members(
    serializer: Serializer, connection: Connection, group_ids: Sequence[str]
) -> dict[str, list[Resource]]:
    """Return the values of ``members`` by group id, in the order of user ids."""
    query = (
        select(MEMBERSHIPS.c.group_id, USERS.c.id, USERS.c.display_name)
        .join(USERS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.group_id.in_(group_ids))
        .order_by(MEMBERSHIPS.c.group_id, MEMBERSHIPS.c.user_id)
    )
    found: dict[str, list[Resource]] = {}
    for group_id, user_id, name in connection.execute(query):
        member = {
            "value": user_id,
            "$ref": f"{serializer.base}/Users/{user_id}",
            "type": "User",
        }
        if name is not None:
            member["display"] = name
        found.setdefault(group_id, []).append(member)
    return found
