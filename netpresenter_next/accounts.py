"""What may happen to a person, whoever asks: SCIM, a page or the command line.

Every change of a person goes through this module: derived columns, the end of
sessions, references from others and the journal follow here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from netpresenter_next import refusals, sessions, uniqueness
from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.ids import new_id
from netpresenter_next.models import (
    ADMINISTRATOR,
    GROUPS,
    MEMBERSHIPS,
    USER,
    USERS,
    now,
)
from netpresenter_next.scim import schema
from netpresenter_next.texts import fold

Person = Row[Any]

# Written into the statement: only then can the index on administrators answer it.
_IS_ADMINISTRATOR = USERS.c.role == literal(ADMINISTRATOR, literal_execute=True)
# An administrator who can get in whatever Microsoft does.
CAN_ADMINISTER = and_(
    _IS_ADMINISTRATOR,
    USERS.c.active,
    ~USERS.c.is_blocked,
    USERS.c.password_hash.is_not(None),
)

# Statements of every request are built once: building costs more than running.
_DERIVED = tuple(schema.user_columns({"userName": "nobody", "active": False}))
_INSERT = insert(USERS).returning(USERS)
_UPDATE = (
    update(USERS)
    .where(USERS.c.id == bindparam("this_id"))
    .values({name: bindparam(name) for name in (*_DERIVED, "version", "modified_at")})
    # Whoever provisioning changes, it has found.
    .values(is_handed_over=False)
    .returning(USERS)
)


def target_of(person: Person) -> Target:
    """Name a person for the journal."""
    return Target("User", person.id, person.user_name)


def by_name(connection: Connection, user_name: str) -> Person:
    """Find a person by user name, in any case; raises NoSuchPerson."""
    query = select(USERS).where(USERS.c.user_name_key == fold(user_name))
    person = connection.execute(query.with_for_update()).first()
    if person is None:
        raise refusals.NoSuchPerson(f"There is no user {user_name!r}; see 'user list'.")
    return person


def by_id(connection: Connection, user_id: str) -> Person:
    """Find a person by id, to change them; raises NoSuchPerson."""
    query = select(USERS).where(USERS.c.id == user_id)
    person = connection.execute(query.with_for_update()).first()
    if person is None:
        raise refusals.NoSuchPerson("There is no such user.")
    return person


def administrator_exists(connection: Connection) -> bool:
    """Has set-up been done?  Blocked administrators count."""
    query = select(USERS.c.id).where(_IS_ADMINISTRATOR).limit(1)
    return connection.execute(query).first() is not None


# ------------------------------------------------------------ the one way to write
def create(
    connection: Connection,
    document: Mapping[str, Any],
    actor: Actor,
    *,
    is_provisioned: bool,
    role: str = USER,
    is_emergency: bool = False,
    password_hash: str | None = None,
    user_id: str | None = None,
) -> Person:
    """Make a person from a complete resource document; ``user_id`` is one promised.

    Raises BadName, and Taken when user name, externalId or (for SCIM, a local
    account's) work e-mail belongs to somebody else.
    """
    columns = schema.user_columns(document)
    uniqueness.check(connection, columns, None, is_provisioned=is_provisioned)
    moment = now()
    person = connection.execute(
        _INSERT,
        {
            **columns,
            "id": user_id or new_id(),
            "version": 1,
            "created_at": moment,
            "modified_at": moment,
            "is_provisioned": is_provisioned,
            "role": role,
            "is_emergency": is_emergency,
            "password_hash": password_hash,
            "password_changed_at": moment if password_hash else None,
        },
    ).one()
    if person.object_id:
        sessions.end_contradicted(connection, person.id, person.object_id)
    event, target = Event.PERSON_CREATED, target_of(person)
    changes = events.differences({}, document)
    events.record(connection, actor, event, target, changes, is_active=person.active)
    return person


def change_document(
    connection: Connection, person: Person, document: Mapping[str, Any], actor: Actor
) -> Person:
    """Replace a person's resource document; returns the person as they are now.

    Nothing happens when the document is the same.  Raises BadName, Taken, and
    LastAdministrator when this would disable the last one.
    """
    changes = events.differences(person.document, document)
    if not changes:
        return person
    columns = schema.user_columns(document)
    uniqueness.check(connection, columns, person, is_provisioned=person.is_provisioned)
    if person.active and not columns["active"]:
        refuse_last_administrator(connection, person)
    changed = connection.execute(
        _UPDATE,
        {
            **columns,
            "this_id": person.id,
            "version": person.version + 1,
            "modified_at": now(),
        },
    ).one()
    if changed.display_name != person.display_name:
        _touch_groups(connection, person.id)
    ended = 0
    if person.active and not changed.active:
        ended = sessions.end_all(connection, person.id)
    elif changed.object_id and changed.object_id != person.object_id:
        sessions.end_contradicted(connection, person.id, changed.object_id)
    _record_change(connection, actor, person, changed, changes, ended)
    return changed


def delete_person(connection: Connection, person: Person, actor: Actor) -> None:
    """Remove a person with their memberships and sessions; the journal remains.

    Whoever they were manager of has no manager afterwards.  Raises
    LastAdministrator.
    """
    refuse_last_administrator(connection, person)
    _touch_groups(connection, person.id)
    reports = select(USERS).where(USERS.c.manager_id == person.id)
    for report in connection.execute(reports.with_for_update()).all():
        document = schema.without_manager(report.document)
        change_document(connection, report, document, actor)
    connection.execute(delete(USERS).where(USERS.c.id == person.id))
    events.record(connection, actor, Event.PERSON_DELETED, target_of(person))


def _record_change(
    connection: Connection,
    actor: Actor,
    old: Person,
    new: Person,
    changes: Sequence[Mapping[str, Any]],
    sessions_ended: int,
) -> None:
    event = Event.PERSON_CHANGED
    if old.active != new.active:
        event = Event.PERSON_ENABLED if new.active else Event.PERSON_DISABLED
    events.record(
        connection,
        actor,
        event,
        target_of(new),
        changes,
        attributes=[change["attribute"] for change in changes],
        sessions_ended=sessions_ended,
    )


def leave_groups(connection: Connection, user_id: str) -> None:
    """Take a person out of every group; their role is for the caller to look at."""
    _touch_groups(connection, user_id)
    theirs = MEMBERSHIPS.c.user_id == user_id
    connection.execute(delete(MEMBERSHIPS).where(theirs))


def _touch_groups(connection: Connection, user_id: str) -> None:
    """Move the versions of a person's groups: what they show of a member changes."""
    theirs = select(MEMBERSHIPS.c.group_id).where(MEMBERSHIPS.c.user_id == user_id)
    connection.execute(
        update(GROUPS)
        .where(GROUPS.c.id.in_(theirs))
        .values(version=GROUPS.c.version + 1)
    )


def refuse_last_administrator(connection: Connection, person: Person) -> None:
    """Raise LastAdministrator if nobody could administer without this person."""
    can_administer = (
        person.role == ADMINISTRATOR
        and person.active
        and not person.is_blocked
        and person.password_hash is not None
    )
    if not can_administer:
        return
    others = select(func.count()).where(CAN_ADMINISTER, USERS.c.id != person.id)
    if not connection.scalar(others):
        raise refusals.LastAdministrator(
            f"{person.user_name} is the last administrator with a password here: "
            "make another one first."
        )
