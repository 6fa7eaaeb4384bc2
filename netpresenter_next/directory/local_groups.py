"""Local groups as administrators run them: make, rename, fill, empty, delete.

SCIM clients do not see them, and no role mapping names one, so they give no rights.
Groups that Microsoft Entra ID manages are refused, whatever a form sent: a change here
would be overwritten by the next provisioning cycle.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.directory import errors, groups, membership_rows, short_parts
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.short_parts import Write
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.ids import chunks
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, Group
from netpresenter_next.storage.rows import every, first

# The most members that one transaction removes, which takes about 0.03 s.
AT_ONCE = 500


class Managed(groups.GroupError):
    """Microsoft Entra ID manages the group, so the change has to be made there."""


class Ambiguous(groups.GroupError):
    """A local and a provisioned group have the name."""


class Removal(NamedTuple):
    """How far emptying or deleting a group came: who was removed, and who is left."""

    group: Group
    removed: int
    is_done: bool
    left: int


def refuse_managed(group: Group) -> None:
    """Raise Managed if Microsoft Entra ID manages the group."""
    if not group.is_local:
        raise Managed(
            _(
                "Microsoft Entra ID manages the group %(display_name)s: make the "
                "change there, and the next provisioning cycle brings it here.",
                display_name=group.display_name,
            )
        )


# ------------------------------------------------------------------ finding
def find_by_id(connection: Connection, group_id: str) -> Group:
    """Find a group, local or provisioned, by id; raises NoSuchGroup."""
    query = select(GROUPS).where(GROUPS.c.id == group_id)
    group = first(Group, connection.execute(query))
    if group is None:
        raise errors.NoSuchGroup(_("There is no such group."))
    return group


def find(connection: Connection, text: str) -> Group:
    """Find a group, local or provisioned, by its name, ignoring case, or by its id.

    Raises NoSuchGroup and Ambiguous.
    """
    named = select(GROUPS).where(GROUPS.c.display_name_key == fold(text))
    for query in (select(GROUPS).where(GROUPS.c.id == text), named):
        found = every(Group, connection.execute(query.order_by(GROUPS.c.is_local)))
        if found:
            break
    else:
        raise errors.NoSuchGroup(_("There is no group %(text)s.", text=repr(text)))
    if len(found) > 1:
        other, local = found
        raise Ambiguous(
            _(
                "Two groups are named %(text)s. Give the id instead: %(local)s is the "
                "local one, %(other)s is that of Microsoft Entra ID.",
                text=repr(text),
                local=local.id,
                other=other.id,
            )
        )
    return found[0]


# ------------------------------------------------------------------ changing
def make(connection: Connection, name: str, actor: Actor) -> Group:
    """Make a local group without members; raises NameTaken and BadName."""
    document = {"displayName": _clean(name)}
    return groups.create(connection, document, actor, is_local=True)


def rename(connection: Connection, group: Group, name: str, actor: Actor) -> Group:
    """Give a local group another name; raises Managed, NameTaken and BadName."""
    refuse_managed(group)
    document = {**group.document, "displayName": _clean(name)}
    return groups.change_document(connection, group, document, actor)


def _clean(name: str) -> str:
    """Return a name without spaces around it; raises BadName if nothing is left."""
    cleaned = name.strip()
    if not cleaned:
        raise errors.BadName(_("Enter a name."))
    return cleaned


def add_members(
    connection: Connection, group: Group, user_ids: Sequence[str], actor: Actor
) -> int:
    """Add people, local or provisioned, to a local group; returns how many were added.

    Whoever is a member already, or does not exist, is ignored.  Nobody is claimed.
    Raises Managed.
    """
    refuse_managed(group)
    names_by_id: dict[str, str] = {}
    for chunk in chunks(user_ids):
        known = membership_rows.read_names(connection, chunk)
        added = membership_rows.add(connection, group.id, list(known))
        names_by_id.update((user_id, known[user_id]) for user_id in added)
    _record(connection, group, Event.MEMBERS_ADDED, names_by_id, actor)
    return len(names_by_id)


def remove_members(
    connection: Connection, group: Group, user_ids: Sequence[str], actor: Actor
) -> int:
    """Remove people from a local group; returns how many were members of it.

    Raises Managed.
    """
    refuse_managed(group)
    names_by_id: dict[str, str] = {}
    for chunk in chunks(user_ids):
        known = membership_rows.read_names(connection, chunk)
        removed = membership_rows.remove(connection, group.id, chunk)
        names_by_id.update((user_id, known[user_id]) for user_id in removed)
    _record(connection, group, Event.MEMBERS_REMOVED, names_by_id, actor)
    return len(names_by_id)


def never() -> bool:
    """Return that work is not over before its end."""
    return False


def empty(
    write: Write,
    group_id: str,
    actor: Actor,
    is_over: Callable[[], bool] = never,
) -> Removal:
    """Remove everybody from a local group, in short transactions.

    Raises Managed, NoSuchGroup, and Busy if nobody was removed yet.
    """
    return _work(write, group_id, actor, is_over, deletes=False)


def delete(
    write: Write,
    group_id: str,
    actor: Actor,
    is_over: Callable[[], bool] = never,
) -> Removal:
    """Delete a local group, but not its members, who leave a large one before.

    Raises Managed, NoSuchGroup, and Busy if nobody was removed yet.
    """
    return _work(write, group_id, actor, is_over, deletes=True)


def _work(
    write: Write,
    group_id: str,
    actor: Actor,
    is_over: Callable[[], bool],
    *,
    deletes: bool,
) -> Removal:
    """Remove members in parts; the last ones go with the group if it is deleted.

    Each part finds the group again, which others may change or delete between two.
    """
    found: list[Group] = []
    numbers: list[int] = []

    def do_part(connection: Connection) -> bool:
        group = find_by_id(connection, group_id)
        refuse_managed(group)
        user_ids = _list_some_members(connection, group)
        is_last = len(user_ids) <= AT_ONCE
        if deletes and is_last:
            groups.delete_group(connection, group, actor)
        else:
            some = user_ids[:AT_ONCE]
            numbers.append(remove_members(connection, group, some, actor))
        found.append(group)
        return is_last

    try:
        is_done = short_parts.work(write, do_part, is_over)
    except database.Busy:
        if not found:
            raise
        is_done = False
    left = 0 if is_done else _count_members(group_id)
    return Removal(found[0], sum(numbers), is_done, left)


def _list_some_members(connection: Connection, group: Group) -> Sequence[str]:
    """Return the members of a part, and one more if there is another part."""
    members = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group.id)
    return connection.scalars(members.limit(AT_ONCE + 1)).all()


def _count_members(group_id: str) -> int:
    query = select(func.count()).where(MEMBERSHIPS.c.group_id == group_id)
    with database.read() as connection:
        return connection.scalar(query) or 0


def _record(
    connection: Connection,
    group: Group,
    event: Event,
    names_by_id: Mapping[str, str],
    actor: Actor,
) -> None:
    groups.record_members(connection, group, event, names_by_id, actor)
