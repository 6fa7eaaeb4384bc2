"""The rules for groups and their members, for SCIM, the pages and the command line.

Members are rows.  A change of members inserts and deletes only the rows that change, so
its cost does not depend on the size of the group.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)

from netpresenter_next.directory import (
    claimable,
    errors,
    events,
    membership_rows,
    role_mappings,
)
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.schema import tables
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.ids import chunks, new_id
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    USERS,
    Group,
    is_visible_group,
)
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.statements import Statement

_THIS_ID = bindparam("this_id", type_=GROUPS.c.id.type)
_MODIFIED_AT = bindparam("modified_at", type_=GROUPS.c.modified_at.type)
_TOUCH = (
    update(GROUPS)
    .where(GROUPS.c.id == _THIS_ID)
    .values(
        version=GROUPS.c.version + 1,
        # Never before the creation, even if the clock was set back since then.
        modified_at=case(
            (GROUPS.c.created_at > _MODIFIED_AT, GROUPS.c.created_at),
            else_=_MODIFIED_AT,
        ),
    )
    .returning(GROUPS, role_mappings.is_mapped(_THIS_ID))
)


class _MappedGroup(Group):
    """A group, and whether it has a role mapping."""

    __abstract__ = True
    is_mapped: bool


_INCREASE_VERSION = Statement(_MappedGroup, _TOUCH)

# The same limit as in Microsoft Entra ID.
LONGEST_NAME = 256
# The most names of members in an entry of the event log.
_MOST_NAMES = 5


class GroupError(errors.AccountError):
    """A change of a group is refused; the message says why and what to do."""


class NameTaken(GroupError):
    """Another group has this name."""


class UnknownMembers(GroupError):
    """SCIM clients can see no people with these ids."""


def target_of_group(group: Group) -> Target:
    """Return a group as the target of an event."""
    return Target("Group", group.id, group.display_name)


def create(
    connection: Connection,
    document: Mapping[str, Any],
    actor: Actor,
    group_id: str | None = None,
    *,
    is_local: bool = False,
) -> Group:
    """Create a group without members; ``group_id`` is an id that was reserved for it.

    Raises NameTaken and BadName.
    """
    columns = tables.derive_columns(GROUPS, document)
    _check_name(connection, columns, None, is_local=is_local)
    created_at = now()
    values = {
        **columns,
        "id": group_id or new_id(),
        "is_local": is_local,
        "version": 1,
        "created_at": created_at,
        "modified_at": created_at,
    }
    group = one(Group, connection.execute(insert(GROUPS).returning(GROUPS), values))
    changes = find_differences({}, document)
    events.record(
        connection, actor, Event.GROUP_CREATED, target_of_group(group), changes
    )
    return group


def change_document(
    connection: Connection,
    group: Group,
    document: Mapping[str, Any],
    actor: Actor,
) -> Group:
    """Replace a group's resource document; raises NameTaken and BadName."""
    changes = find_differences(group.document, document)
    if not changes:
        return group
    columns = tables.derive_columns(GROUPS, document)
    _check_name(connection, columns, group, is_local=group.is_local)
    parameters = {"this_id": group.id, "modified_at": now()}
    changed = one(Group, connection.execute(_TOUCH.values(**columns), parameters))
    events.record(
        connection,
        actor,
        Event.GROUP_CHANGED,
        target_of_group(changed),
        changes,
        attributes=[change["attribute"] for change in changes],
        former_name=group.display_name,
    )
    return changed


def delete_group(connection: Connection, group: Group, actor: Actor) -> None:
    """Delete a group and its role mapping, but not its members."""
    members = role_mappings.list_mapped_members(connection, group.id)
    connection.execute(delete(GROUPS).where(GROUPS.c.id == group.id))
    role_mappings.apply_to_people(connection, members, actor)
    events.record(connection, actor, Event.GROUP_DELETED, target_of_group(group))


def add_members(
    connection: Connection, group: Group, user_ids: Sequence[str], actor: Actor
) -> Group:
    """Add people to a group; raises UnknownMembers, which names an unknown id."""
    names_by_id: dict[str, str] = {}
    for chunk in chunks(user_ids):
        visible = membership_rows.read_visible(connection, chunk)
        unknown = [user_id for user_id in chunk if user_id not in visible]
        if unknown:
            raise UnknownMembers(
                _(
                    "There is no user with the id %(unknown)s: nobody was added.",
                    unknown=repr(unknown[0]),
                )
            )
        added = membership_rows.add(connection, group.id, chunk)
        claimed = [
            user_id
            for user_id in added
            if visible[user_id].source is Source.CLAIMABLE
            or visible[user_id].awaited_claimant
        ]
        if claimed:
            claimable.claim(connection, claimed, actor)
        names_by_id.update((user_id, visible[user_id].name) for user_id in added)
    return record_members(connection, group, Event.MEMBERS_ADDED, names_by_id, actor)


def remove_members(
    connection: Connection, group: Group, user_ids: Sequence[str], actor: Actor
) -> Group:
    """Remove people from a group; those who are no members are ignored."""
    names_by_id: dict[str, str] = {}
    for chunk in chunks(user_ids):
        removed = membership_rows.remove(connection, group.id, chunk)
        names_by_id.update(_read_names(connection, removed))
    return record_members(connection, group, Event.MEMBERS_REMOVED, names_by_id, actor)


def remove_members_where(
    connection: Connection, group: Group, person: ColumnElement[bool], actor: Actor
) -> Group:
    """Remove the members who meet a condition on the users table."""
    matching = select(USERS.c.id).where(person)
    removed = connection.scalars(
        delete(MEMBERSHIPS)
        .where(MEMBERSHIPS.c.group_id == group.id, MEMBERSHIPS.c.user_id.in_(matching))
        .returning(MEMBERSHIPS.c.user_id)
    ).all()
    names_by_id = _read_names(connection, removed)
    return record_members(connection, group, Event.MEMBERS_REMOVED, names_by_id, actor)


def replace_members(
    connection: Connection, group: Group, user_ids: Sequence[str], actor: Actor
) -> Group:
    """Make exactly these people the members; raises UnknownMembers."""
    current = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group.id)
    wanted = set(user_ids)
    leaving = [each for each in connection.scalars(current) if each not in wanted]
    group = remove_members(connection, group, leaving, actor)
    return add_members(connection, group, user_ids, actor)


def _read_names(connection: Connection, user_ids: Sequence[str]) -> dict[str, str]:
    """Return names by id; the first few only, since the event log holds no more."""
    some = user_ids[:_MOST_NAMES]
    shown = membership_rows.read_names(connection, some) if some else {}
    return {user_id: shown.get(user_id, user_id) for user_id in user_ids}


def record_members(
    connection: Connection,
    group: Group,
    event: Event,
    names_by_id: Mapping[str, str],
    actor: Actor,
) -> Group:
    """Increase the group's version and record who was added or removed, if anybody."""
    if not names_by_id:
        return group
    key = "new" if event is Event.MEMBERS_ADDED else "old"
    changes = [
        {"attribute": "members", key: user_id}
        for user_id in list(names_by_id)[: events.MOST_CHANGES]
    ]
    changed = _INCREASE_VERSION.one(connection, this_id=group.id, modified_at=now())
    entry = events.record(
        connection,
        actor,
        event,
        target_of_group(changed),
        changes,
        names=list(names_by_id.values())[:_MOST_NAMES],
        number=len(names_by_id),
    )
    membership_rows.note_entry(connection, entry, list(names_by_id))
    if changed.is_mapped:
        role_mappings.apply_to_people(connection, list(names_by_id), actor)
    return changed


def _check_name(
    connection: Connection,
    columns: Mapping[str, Any],
    group: Group | None,
    *,
    is_local: bool,
) -> None:
    """Check a name; what provisioning sends is not refused for a local group's sake."""
    if group is None or group.display_name != columns["display_name"]:
        fault = names.find_problem(columns["display_name"], LONGEST_NAME, may_join=True)
        if fault:
            problem = f"The displayName {fault}."
            if is_local:
                problem = _("The name %(fault)s.", fault=fault)
            raise errors.BadName(problem)
    if group is not None and group.display_name_key == columns["display_name_key"]:
        return
    query = select(GROUPS.c.id).where(
        GROUPS.c.display_name_key == columns["display_name_key"]
    )
    if not is_local:
        query = query.where(is_visible_group())
    if connection.execute(query).first() is not None:
        name = repr(columns["display_name"])
        problem = f"Another group has the displayName {name}."
        if is_local:
            problem = _("Another group has the name %(name)s.", name=name)
        raise NameTaken(problem)
