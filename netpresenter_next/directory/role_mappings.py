"""Role mappings: people with an app role, or in a SCIM group, become administrators.

Administrators create the mappings.  Mappings remove only roles that mappings gave,
never change people with emergency access, and never remove the last administrator.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from netpresenter_next.directory import errors, events, look_alikes, role_changes
from netpresenter_next.directory.events import Actor, Event, Target, target_of_person
from netpresenter_next.directory.people import (
    explain_kept_role,
    find_last_administrator,
)
from netpresenter_next.lib import names
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft.claims import LONGEST_APP_ROLE
from netpresenter_next.storage.choices import RoleSource
from netpresenter_next.storage.ids import chunks, new_id
from netpresenter_next.storage.models import (
    ADMINISTRATOR,
    GROUPS,
    MEMBERSHIPS,
    USER,
    USERS,
    Person,
    is_visible_group,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import (
    IDENTITIES,
    ROLE_MAPPINGS,
    RoleMapping,
)

MOST_NAMES = 20
_IS_MAPPED = USERS.c.role_source == RoleSource.MAPPED
_APP_ROLES = select(IDENTITIES.c.user_id, IDENTITIES.c.app_roles)
TARGET = Target("Settings", None, "Role mappings")


class NamedMapping(RoleMapping):
    """A mapping with the name of its group."""

    __abstract__ = True
    display_name: str | None


class NamedPerson:
    """A person by id and name."""

    id: str
    user_name: str


class _Candidate(Person):
    """A person, with what mappings depend on."""

    is_in_group: bool
    app_roles: list[str] | None


class MappingError(errors.AccountError):
    """The mapping cannot be created; the message says why."""


def list_mappings(connection: Connection) -> Sequence[NamedMapping]:
    """Return the mappings, with the names of their groups."""
    query = select(ROLE_MAPPINGS, GROUPS.c.display_name).outerjoin(
        GROUPS, GROUPS.c.id == ROLE_MAPPINGS.c.group_id
    )
    return every(NamedMapping, connection.execute(query.order_by(ROLE_MAPPINGS.c.id)))


def filter_mapped(connection: Connection, app_roles: Iterable[str]) -> tuple[str, ...]:
    """Return those of the app roles that have a mapping."""
    known = set(connection.scalars(select(ROLE_MAPPINGS.c.app_role)))
    return tuple(each for each in app_roles if each in known)


def is_mapped(group_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return a column ``is_mapped``: does the group have a mapping?"""
    query = select(ROLE_MAPPINGS.c.id).where(ROLE_MAPPINGS.c.group_id == group_id)
    return exists(query).label("is_mapped")


def list_mapped_members(connection: Connection, group_id: str) -> Sequence[str]:
    """Return the ids of a group's members if it has a mapping, else none."""
    query = select(MEMBERSHIPS.c.user_id).join(
        ROLE_MAPPINGS, ROLE_MAPPINGS.c.group_id == MEMBERSHIPS.c.group_id
    )
    return connection.scalars(query.where(MEMBERSHIPS.c.group_id == group_id)).all()


def add(
    connection: Connection, actor: Actor, *, app_role: str = "", group: str = ""
) -> None:
    """Create a mapping for an app role or for the name of a group, and apply it.

    Raises MappingError.
    """
    group_id = _check_new_mapping(connection, app_role=app_role, group=group)
    values = {"app_role": app_role or None, "group_id": group_id}
    connection.execute(insert(ROLE_MAPPINGS).values(id=new_id(), **values))
    event = Event.ROLE_MAPPING_ADDED
    events.record(
        connection, actor, event, TARGET, app_role=app_role or None, group=group or None
    )
    apply_to_people(connection, _list_affected_people(connection), actor)


def _check_new_mapping(
    connection: Connection, *, app_role: str, group: str
) -> str | None:
    """Check a new mapping; returns the id of its group, or None for an app role."""
    if bool(app_role) == bool(group):
        raise MappingError(_("Enter either an app role or a group."))
    if app_role and (problem := names.find_problem(app_role, LONGEST_APP_ROLE)):
        raise MappingError(_("The app role %(problem)s.", problem=problem))
    group_id = _find_group(connection, group) if group else None
    same = ROLE_MAPPINGS.c.app_role == app_role
    if group:
        same = ROLE_MAPPINGS.c.group_id == group_id
    if connection.execute(select(ROLE_MAPPINGS.c.id).where(same)).first():
        name = repr(group or app_role)
        raise MappingError(_("There is already a mapping for %(name)s.", name=name))
    return group_id


def _find_group(connection: Connection, name: str) -> str:
    query = select(GROUPS.c.id).where(GROUPS.c.display_name_key == fold(name))
    found: str | None = connection.scalar(query.where(is_visible_group()))
    if found is None:
        raise MappingError(_("There is no group named %(name)s.", name=repr(name)))
    return found


def remove(connection: Connection, actor: Actor, mapping_id: str) -> bool:
    """Remove a mapping and the roles that only it gave; False if there is none."""
    mappings = {each.id: each for each in list_mappings(connection)}
    mapping = mappings.get(mapping_id)
    if mapping is None:
        return False
    connection.execute(delete(ROLE_MAPPINGS).where(ROLE_MAPPINGS.c.id == mapping_id))
    events.record(
        connection,
        actor,
        Event.ROLE_MAPPING_REMOVED,
        TARGET,
        app_role=mapping.app_role,
        group=mapping.display_name,
    )
    apply_to_people(connection, _list_affected_people(connection), actor)
    return True


def _list_affected_people(connection: Connection) -> set[str]:
    """Return the ids of all people whose role may depend on mappings."""
    in_groups = (
        select(MEMBERSHIPS.c.user_id)
        .join(ROLE_MAPPINGS, ROLE_MAPPINGS.c.group_id == MEMBERSHIPS.c.group_id)
        .distinct()
    )
    query = select(USERS.c.id).where(or_(_IS_MAPPED, USERS.c.id.in_(in_groups)))
    with_roles = {each[0] for each in connection.execute(_APP_ROLES) if each[1]}
    return with_roles.union(connection.scalars(query))


def apply_to_mapped_people(connection: Connection, actor: Actor) -> None:
    """Apply the mappings again to everybody whose role a mapping gave."""
    mapped = select(USERS.c.id).where(_IS_MAPPED)
    apply_to_people(connection, connection.scalars(mapped).all(), actor)


def forget_app_roles(connection: Connection, user_id: str, actor: Actor) -> None:
    """Remove a role that only an app role gave, at a sign-in with a local password.

    Such a sign-in brings no claims; the next one with Microsoft brings the app roles
    that the person still has.
    """
    this = IDENTITIES.c.user_id == user_id
    if connection.scalar(select(IDENTITIES.c.app_roles).where(this)):
        connection.execute(update(IDENTITIES).where(this).values(app_roles=[]))
    apply_to_person(connection, user_id, actor)


class Preview(NamedTuple):
    """Who would become an administrator by a new mapping: the number and some names."""

    number: int
    people: Sequence[NamedPerson]
    # Warnings about look-alike names: of the group, and of people by id.
    look_alike: str
    look_alikes: Mapping[str, str]
    # A digest of these people, so that what is confirmed is what was shown.
    fingerprint: str


def preview(connection: Connection, *, app_role: str = "", group: str = "") -> Preview:
    """Return who would become an administrator with this mapping; as ``add``."""
    group_id = _check_new_mapping(connection, app_role=app_role, group=group)
    if group_id:
        theirs = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group_id)
        who = USERS.c.id.in_(theirs)
    else:
        rows = connection.execute(_APP_ROLES)
        who = USERS.c.id.in_([each[0] for each in rows if app_role in each[1]])
    becoming = and_(who, USERS.c.role != ADMINISTRATOR, ~USERS.c.is_emergency)
    people = select(USERS.c.id, USERS.c.user_name).where(becoming)
    by_name = people.order_by(USERS.c.user_name_key)
    found = every(NamedPerson, connection.execute(by_name))
    ids = "\n".join([app_role, group, *(each.id for each in found)])
    return Preview(
        len(found),
        found[:MOST_NAMES],
        look_alikes.warn_about_group_name(connection, fold(group)) if group else "",
        look_alikes.warn_about_people(
            connection, [each.id for each in found[:MOST_NAMES]]
        ),
        hashlib.sha256(ids.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def apply_to_person(connection: Connection, user_id: str, actor: Actor) -> None:
    """Apply the mappings to one person."""
    apply_to_people(connection, [user_id], actor)


def apply_to_people(
    connection: Connection, user_ids: Iterable[str], actor: Actor
) -> None:
    """Apply the mappings to people.

    The number of statements does not depend on the number of people in a chunk.
    """
    for some in chunks(list(user_ids)):
        candidates = _read_candidates(connection, some)
        gaining = [
            each
            for each, is_reason in candidates
            if is_reason and each.role != ADMINISTRATOR
        ]
        losing = [
            each
            for each, is_reason in candidates
            if not is_reason and each.role_source is RoleSource.MAPPED
        ]
        give = partial(
            role_changes.assign_role, connection, actor=actor, source=RoleSource.MAPPED
        )
        give(gaining, ADMINISTRATOR)
        kept = find_last_administrator(connection, losing)
        give([each for each in losing if each is not kept], USER)
        if kept is not None:
            event, target = Event.ROLE_KEPT, target_of_person(kept)
            reason = explain_kept_role(kept)
            events.record(
                connection, actor, event, target, succeeded=False, reason=reason
            )


def _read_candidates(
    connection: Connection, user_ids: Sequence[str]
) -> list[tuple[Person, bool]]:
    """Return people, and whether a mapping makes each of them an administrator.

    Those with emergency access are left out, because mappings do not apply to them.
    """
    by_group = (
        select(ROLE_MAPPINGS.c.id)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_id == ROLE_MAPPINGS.c.group_id)
        .where(MEMBERSHIPS.c.user_id == USERS.c.id)
    )
    query = (
        select(USERS, exists(by_group).label("is_in_group"), IDENTITIES.c.app_roles)
        .outerjoin(IDENTITIES, IDENTITIES.c.user_id == USERS.c.id)
        .where(USERS.c.id.in_(user_ids), ~USERS.c.is_emergency)
        .order_by(USERS.c.id)
    )
    mapped = set(connection.scalars(select(ROLE_MAPPINGS.c.app_role)))
    return [
        (row, row.is_in_group or not mapped.isdisjoint(row.app_roles or ()))
        for row in every(_Candidate, connection.execute(query))
    ]
