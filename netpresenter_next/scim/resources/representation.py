"""Rows into SCIM resources: what was stored, plus what is ours to compute.

Computed: ``schemas``, ``id``, ``meta``, a person's ``groups``, a group's
``members``, ``$ref``, and a manager's ``displayName``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS, is_visible

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


@dataclass(frozen=True)
class Writer:
    """Writes resources whose locations start with ``base``, the service's root URI."""

    base: str

    def location(self, resource_type: ResourceType, resource_id: str) -> str:
        """Return the URI of a resource."""
        return f"{self.base}{resource_type.endpoint}/{resource_id}"

    def users(
        self,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[Row[Any]],
        *,
        computed: bool,
    ) -> list[Resource]:
        """Write people, with their groups and managers: two statements at most."""
        groups: dict[str, list[Resource]] = {}
        managers: dict[str, str | None] = {}
        if rows and computed:
            groups = self._groups_of(connection, [row.id for row in rows])
            managers = _names(
                connection, {row.manager_id for row in rows if row.manager_id}
            )
        return [
            self._user(resource_type, row, groups.get(row.id, []), managers)
            for row in rows
        ]

    def _user(
        self,
        resource_type: ResourceType,
        row: Row[Any],
        groups: list[Resource],
        managers: Mapping[str, str | None],
    ) -> Resource:
        resource = self._frame(resource_type, row)
        if groups:
            resource["groups"] = groups
        name = managers.get(row.manager_id)
        if row.manager_id in managers:
            # The stored document is left as it is: copies along the way down.
            extension = dict(resource[ENTERPRISE_SCHEMA])
            manager = dict(extension["manager"])
            manager["$ref"] = self.location(resource_type, row.manager_id)
            if name is not None:
                manager["displayName"] = name
            extension["manager"] = manager
            resource[ENTERPRISE_SCHEMA] = extension
        resource["meta"] = self._meta(
            resource_type, row, user_version(row, groups, name)
        )
        return resource

    def groups(
        self,
        connection: Connection,
        resource_type: ResourceType,
        rows: Sequence[Row[Any]],
        *,
        members: bool,
    ) -> list[Resource]:
        """Write groups: one statement for the members of all, none when unwanted."""
        entries: dict[str, list[Resource]] = {}
        if rows and members:
            entries = self._members_of(connection, [row.id for row in rows])
        resources = []
        for row in rows:
            resource = self._frame(resource_type, row)
            if row.id in entries:
                resource["members"] = entries[row.id]
            resource["meta"] = self._meta(resource_type, row, group_version(row))
            resources.append(resource)
        return resources

    def _members_of(
        self, connection: Connection, group_ids: Sequence[str]
    ) -> dict[str, list[Resource]]:
        """Return the entries of ``members`` by group, by age of the person."""
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
                "$ref": f"{self.base}/Users/{user_id}",
                "type": "User",
            }
            if name is not None:
                member["display"] = name
            found.setdefault(group_id, []).append(member)
        return found

    def _groups_of(
        self, connection: Connection, user_ids: Sequence[str]
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
                    "$ref": f"{self.base}/Groups/{group_id}",
                    "display": name,
                    "type": "direct",
                }
            )
        return found

    def _frame(self, resource_type: ResourceType, row: Row[Any]) -> Resource:
        """Write what was stored: of extensions, what they know today and may show."""
        schemas = [resource_type.schema.id]
        resource: Resource = {"schemas": schemas, "id": row.id}
        for name, value in resource_type.known(row.document).items():
            schema = resource_type.extension(name)
            if schema is not None:
                value = {each: value[each] for each in value if schema.shows(each)}
                if not value:
                    continue
                schemas.append(name)
            elif name in resource_type.never:
                continue
            resource[name] = value
        return resource

    def _meta(
        self, resource_type: ResourceType, row: Row[Any], version: str
    ) -> Resource:
        return {
            "resourceType": resource_type.name,
            "created": moment_text(row.created_at),
            "lastModified": moment_text(row.modified_at),
            "location": self.location(resource_type, row.id),
            "version": version,
        }


def _names(connection: Connection, user_ids: set[str]) -> dict[str, str | None]:
    """Return the names of managers, of those whom SCIM can see."""
    if not user_ids:
        return {}
    query = select(USERS.c.id, USERS.c.display_name).where(
        USERS.c.id.in_(user_ids), is_visible()
    )
    return {row.id: row.display_name for row in connection.execute(query)}


def moment_text(moment: datetime) -> str:
    """Write a moment as SCIM has it, xsd:dateTime in UTC."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def user_version(row: Row[Any], groups: Sequence[Resource], manager: str | None) -> str:
    """Return the weak ETag of a person's full representation.

    What is computed counts too: the names of groups and manager change it although
    the row stays the same.
    """
    if not groups and manager is None:
        return f'W/"{row.version}"'
    computed = "\n".join([f"{each['value']} {each['display']}" for each in groups])
    digest = hashlib.sha256(f"{computed}\n{manager}".encode()).hexdigest()[:16]
    return f'W/"{row.version}-{digest}"'


def group_version(row: Row[Any]) -> str:
    """Return the weak ETag of a group's full representation.

    Every change of a member that shows moves the version of the row.
    """
    return f'W/"{row.version}"'
