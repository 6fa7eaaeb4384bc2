"""Emergency access: who may sign in with a local password whatever Microsoft does."""

from sqlalchemy import Connection, and_, func, select

from netpresenter_next.directory import (
    conflicts,
    errors,
    events,
    force,
    identity_rules,
    people,
    person_rows,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.models import ADMINISTRATOR, USERS, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES

# Administrators who can sign in when Microsoft is not available; and those of them
# whose present password has been entered correctly at least once.
IS_HELD = and_(people.CAN_ADMINISTER, USERS.c.is_emergency)
IS_PROVEN = and_(IS_HELD, USERS.c.password_used_at >= USERS.c.password_changed_at)


def set_granted(
    connection: Connection, person: Person, actor: Actor, *, granted: bool
) -> None:
    """Grant or withdraw emergency access.

    It is for administrators who have only a local account, because it has to work when
    Microsoft does not.  Raises AccountError for anybody else, and LastAdministrator
    instead of withdrawing it from the last one who has it.
    """
    if granted == person.is_emergency:
        return
    if not granted:
        refuse_last(connection, person)
    elif why := _find_obstacle(connection, person):
        raise errors.AccountError(why)
    person_rows.set_facts(connection, person.id, is_emergency=granted)
    event = Event.EMERGENCY_GRANTED if granted else Event.EMERGENCY_WITHDRAWN
    events.record(connection, actor, event, target_of_person(person))
    conflicts.close_resolved(connection, person.id, actor)


def _find_obstacle(connection: Connection, person: Person) -> str:
    """Return why somebody cannot have emergency access; empty if they can."""
    linked = select(IDENTITIES.c.user_id).where(IDENTITIES.c.user_id == person.id)
    if identity_rules.is_visible_to_scim(person.source):
        return _(
            "%(user_name)s is provisioned; emergency access is for local accounts.",
            user_name=person.user_name,
        )
    if connection.scalar(linked):
        return _(
            "%(user_name)s is connected with Microsoft; emergency access is for "
            "accounts that are only local.",
            user_name=person.user_name,
        )
    if person.role != ADMINISTRATOR:
        return _(
            "%(user_name)s is a user; emergency access is for administrators: make "
            "them an administrator first.",
            user_name=person.user_name,
        )
    return ""


def refuse_last(connection: Connection, person: Person) -> None:
    """Raise LastAdministrator for the last one who can sign in without Microsoft."""
    if not person.is_emergency:
        return
    # While Force is on, it must be certain that the password of another one works.
    kind = IS_PROVEN if force.is_on(connection) else IS_HELD
    others = select(func.count()).where(kind, USERS.c.id != person.id)
    if not connection.scalar(others):
        why = _(
            "%(user_name)s is the last administrator with emergency access: grant "
            "it to another one first.",
            user_name=person.user_name,
        )
        raise errors.LastAdministrator(why)
