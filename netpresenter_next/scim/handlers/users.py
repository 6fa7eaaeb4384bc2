"""People over SCIM, with their groups and managers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from netpresenter_next.directory import conflicts, people
from netpresenter_next.directory.events import Actor
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.handlers.base import ResourceHandler
from netpresenter_next.scim.resources.intentions import wants_disabled
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    USERS,
    Person,
    is_visible,
)

_VISIBLE = is_visible()
# Built once: building a statement costs more than running it.
_GROUPS_OF = (
    select(MEMBERSHIPS.c.user_id, GROUPS.c.id, GROUPS.c.display_name)
    .join(GROUPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
    .order_by(GROUPS.c.id)
)
_GROUPS_OF_ONE = _GROUPS_OF.where(MEMBERSHIPS.c.user_id == bindparam("user_id"))
_GROUPS_OF_MANY = _GROUPS_OF.where(
    MEMBERSHIPS.c.user_id.in_(bindparam("user_ids", expanding=True))
)


class UserHandler(ResourceHandler[Person]):
    """Handles people; SCIM sees those who are provisioned, and no local account."""

    def __init__(self) -> None:
        super().__init__(USERS, _VISIBLE)

    def serialize(
        self,
        serializer: Serializer,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[Person],
        *,
        members: bool,
        computed: bool,
    ) -> list[Resource]:
        """Write people, with their groups and managers: two statements at most."""
        groups: dict[str, list[Resource]] = {}
        managers: dict[str, str | None] = {}
        if rows and computed:
            groups = _groups_of(serializer, connection, [row.id for row in rows])
            managers = _names(
                connection, {row.manager_id for row in rows if row.manager_id}
            )
        return [
            _resource(serializer, resource_type, row, groups.get(row.id, []), managers)
            for row in rows
        ]

    def create(
        self,
        connection: Connection,
        document: Mapping[str, Any],
        member_ids: Sequence[str],
        actor: Actor,
        resource_id: str | None,
    ) -> Person:
        """Make a person who is provisioned."""
        return people.create(
            connection,
            document,
            actor,
            source=Source.PROVISIONED,
            user_id=resource_id,
        )

    def change(
        self,
        connection: Connection,
        row: Person,
        document: Mapping[str, Any],
        actor: Actor,
    ) -> Person:
        """Replace a person's document."""
        return people.change_document(connection, row, document, actor)

    def delete(self, connection: Connection, row: Person, actor: Actor) -> None:
        """Remove a person."""
        people.delete_person(connection, row, actor)

    def note_refusal(
        self,
        connection: Connection,
        resource_id: str,
        body: object,
        detail: str,
        actor: Actor,
    ) -> None:
        """Write down that somebody was to be disabled, and is not."""
        if wants_disabled(body):
            conflicts.note_refused_disable(connection, resource_id, detail, actor)


def _resource(
    serializer: Serializer,
    resource_type: ResourceType,
    row: Person,
    groups: list[Resource],
    managers: Mapping[str, str | None],
) -> Resource:
    resource = serializer.stored(resource_type, row)
    if groups:
        resource["groups"] = groups
    manager_id = row.manager_id
    name = managers.get(manager_id) if manager_id else None
    if manager_id and manager_id in managers:
        # The stored document is left as it is: copies along the way down.
        extension = dict(resource[ENTERPRISE_SCHEMA])
        manager = dict(extension["manager"])
        manager["$ref"] = serializer.location(resource_type, manager_id)
        if name is not None:
            manager["displayName"] = name
        extension["manager"] = manager
        resource[ENTERPRISE_SCHEMA] = extension
    resource["meta"] = serializer.meta(resource_type, row, _version(row, groups, name))
    return resource


def _groups_of(
    serializer: Serializer, connection: Connection, user_ids: Sequence[str]
) -> dict[str, list[Resource]]:
    if len(user_ids) == 1:  # an = is cheaper than an IN to prepare
        rows = connection.execute(_GROUPS_OF_ONE, {"user_id": user_ids[0]})
    else:
        rows = connection.execute(_GROUPS_OF_MANY, {"user_ids": user_ids})
    found: dict[str, list[Resource]] = {}
    for user_id, group_id, name in rows:
        found.setdefault(user_id, []).append(
            {
                "value": group_id,
                "$ref": f"{serializer.base}/Groups/{group_id}",
                "display": name,
                "type": "direct",
            }
        )
    return found


def _names(connection: Connection, user_ids: set[str]) -> dict[str, str | None]:
    """Return the names of managers, of those whom SCIM can see."""
    if not user_ids:
        return {}
    query = select(USERS.c.id, USERS.c.display_name).where(
        USERS.c.id.in_(user_ids), _VISIBLE
    )
    return {row.id: row.display_name for row in connection.execute(query)}


def _version(row: Person, groups: Sequence[Resource], manager: str | None) -> str:
    """Return the weak ETag of a person's full representation.

    What is computed counts too: the names of groups and manager change it although
    the row stays the same.
    """
    if not groups and manager is None:
        return f'W/"{row.version}"'
    computed = "\n".join([f"{each['value']} {each['display']}" for each in groups])
    digest = hashlib.sha256(f"{computed}\n{manager}".encode()).hexdigest()[:16]
    return f'W/"{row.version}-{digest}"'
