"""The handler of people, with their groups and managers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from netpresenter_next.directory import conflicts, linking, people
from netpresenter_next.directory.events import Actor
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.handlers.base import ResourceHandler
from netpresenter_next.scim.resources.intentions import wants_disabled
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    USERS,
    Person,
    is_visible,
    is_visible_group,
)
from netpresenter_next.storage.statements import Statement, list_of
from netpresenter_next.storage.totals import Counted

_VISIBLE = is_visible()
_GROUPS_OF = (
    select(MEMBERSHIPS.c.user_id, GROUPS.c.id, GROUPS.c.display_name)
    .join(GROUPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
    .where(is_visible_group())
    .order_by(GROUPS.c.id)
)
_GROUPS_OF_ONE = Statement(
    tuple,
    _GROUPS_OF.where(MEMBERSHIPS.c.user_id == bindparam("user_id")),
)
_GROUPS_OF_MANY = Statement(
    tuple,
    _GROUPS_OF.where(MEMBERSHIPS.c.user_id.in_(list_of("user_ids"))),
)
_NAMES_OF = Statement(
    Person,
    select(USERS.c.id, USERS.c.display_name).where(
        USERS.c.id.in_(list_of("user_ids")), _VISIBLE
    ),
)


class UserHandler(ResourceHandler[Person]):
    """Handles people; local accounts that are not claimable are invisible to SCIM."""

    def __init__(self) -> None:
        super().__init__(USERS, _VISIBLE, Counted.VISIBLE_USERS, "userName")

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
        """Serialize people; at most two statements read all groups and managers."""
        groups: dict[str, list[Resource]] = {}
        managers: dict[str, str | None] = {}
        if rows and computed:
            groups = _read_groups(serializer, connection, [row.id for row in rows])
            managers = _read_manager_names(
                connection, {row.manager_id for row in rows if row.manager_id}
            )
        return [
            _serialize(serializer, resource_type, row, groups.get(row.id, []), managers)
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
        """Create a provisioned person, or continue with an account that is linked."""
        return linking.create_or_adopt(connection, document, actor, resource_id)

    def change(
        self,
        connection: Connection,
        row: Person,
        document: Mapping[str, Any],
        actor: Actor,
    ) -> Person:
        """Replace the document of a person."""
        return people.change_document(connection, row, document, actor)

    def delete(self, connection: Connection, row: Person, actor: Actor) -> None:
        """Delete a person."""
        people.delete_person(connection, row, actor)

    def note_refused_change(
        self,
        connection: Connection,
        resource_id: str,
        body: object,
        detail: str,
        actor: Actor,
    ) -> None:
        """Record a conflict if the request wanted to disable the person."""
        if wants_disabled(body):
            conflicts.note_refused_disable(connection, resource_id, detail, actor)


def _serialize(
    serializer: Serializer,
    resource_type: ResourceType,
    row: Person,
    groups: list[Resource],
    managers: Mapping[str, str | None],
) -> Resource:
    resource = serializer.serialize_document(resource_type, row)
    if groups:
        resource["groups"] = groups
    manager_id = row.manager_id
    name = managers.get(manager_id) if manager_id else None
    if manager_id and manager_id in managers:
        # The stored document must not change, so each level is copied.
        extension = dict(resource[ENTERPRISE_SCHEMA])
        manager = dict(extension["manager"])
        manager["$ref"] = serializer.location_of(resource_type, manager_id)
        if name is not None:
            manager["displayName"] = name
        extension["manager"] = manager
        resource[ENTERPRISE_SCHEMA] = extension
    resource["meta"] = serializer.make_meta(
        resource_type, row, _make_version(row, groups, name)
    )
    return resource


def _read_groups(
    serializer: Serializer, connection: Connection, user_ids: Sequence[str]
) -> dict[str, list[Resource]]:
    if len(user_ids) == 1:  # "=" is faster to prepare than IN
        rows = _GROUPS_OF_ONE.every(connection, user_id=user_ids[0])
    else:
        rows = _GROUPS_OF_MANY.every(connection, user_ids=user_ids)
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


def _read_manager_names(
    connection: Connection, user_ids: set[str]
) -> dict[str, str | None]:
    """Return the display names of those managers who are visible to SCIM, by id."""
    if not user_ids:
        return {}
    found = _NAMES_OF.every(connection, user_ids=list(user_ids))
    return {row.id: row.display_name for row in found}


def _make_version(row: Person, groups: Sequence[Resource], manager: str | None) -> str:
    """Return the weak ETag of the full representation of a person.

    It includes the names of groups and manager, which can change without the row.
    """
    if not groups and manager is None:
        return f'W/"{row.version}"'
    computed = "\n".join([f"{each['value']} {each['display']}" for each in groups])
    digest = hashlib.sha256(f"{computed}\n{manager}".encode()).hexdigest()[:16]
    return f'W/"{row.version}-{digest}"'
