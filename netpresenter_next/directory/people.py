"""The rules for people, for SCIM, the pages and the command line.

Only this module changes a person's resource document, together with all that depends on
it: derived columns, sessions, references from other resources and the event log.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, literal, select, update

from netpresenter_next.directory import (
    blocks,
    conflicts,
    deletions,
    errors,
    events,
    identity_changes,
    identity_rules,
    link_voiding,
    person_rows,
    sessions,
    uniqueness,
)
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.person_rows import Facts
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import write_timestamp
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import in_english
from netpresenter_next.schema import tables
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.models import (
    ADMINISTRATOR,
    GROUPS,
    MEMBERSHIPS,
    USER,
    USERS,
    Person,
)
from netpresenter_next.storage.rows import every, first

# A literal in the statement: otherwise the database does not use the partial index.
_IS_ADMINISTRATOR = USERS.c.role == literal(ADMINISTRATOR, literal_execute=True)
IS_ACTIVE_ADMINISTRATOR = and_(_IS_ADMINISTRATOR, USERS.c.active, ~USERS.c.is_blocked)
# Administrators who have a local password, which does not depend on Microsoft.
CAN_ADMINISTER = and_(IS_ACTIVE_ADMINISTRATOR, USERS.c.password_hash.is_not(None))

# A change of one of these columns may open or close a conflict.
_IDENTIFYING = (
    *("user_name_key", "external_id", "work_email_key", "active"),
    *("source", "awaited_claimant"),
)


def find_by_name(connection: Connection, user_name: str) -> Person:
    """Find a person by user name, ignoring case; raises NoSuchPerson."""
    query = select(USERS).where(USERS.c.user_name_key == fold(user_name))
    person = first(Person, connection.execute(query))
    if person is None:
        raise errors.NoSuchPerson(
            _("There is no user %(user_name)s.", user_name=repr(user_name))
        )
    return person


def find_by_id(connection: Connection, user_id: str) -> Person:
    """Find a person by id; raises NoSuchPerson."""
    query = select(USERS).where(USERS.c.id == user_id)
    person = first(Person, connection.execute(query))
    if person is None:
        raise errors.NoSuchPerson(_("There is no such user."))
    return person


def administrator_exists(connection: Connection) -> bool:
    """Is there any administrator, even a blocked one, so that set-up is complete?"""
    query = select(USERS.c.id).where(_IS_ADMINISTRATOR).limit(1)
    return connection.execute(query).first() is not None


# ------------------------------------------------------------ the one way to write
def create(
    connection: Connection,
    document: Mapping[str, Any],
    actor: Actor,
    *,
    source: Source,
    role: Role = USER,
    is_emergency: bool = False,
    password_hash: str | None = None,
    user_id: str | None = None,
) -> Person:
    """Create a person from a complete resource document.

    ``user_id`` is an id that was reserved for the person.  Raises BadName, and
    ValueTaken if somebody else has the user name or, for SCIM, if a local account has
    one of the identifying values.  If an earlier block applies to a provisioned person,
    they are blocked at once.
    """
    columns = tables.derive_columns(USERS, document)
    uniqueness.check(connection, columns, None, source=source)
    person = person_rows.add(
        connection,
        columns,
        user_id,
        source=source,
        role=role,
        is_emergency=is_emergency,
        password_hash=password_hash,
        was_sent=actor.kind == events.SCIM,
    )
    _record_creation(connection, actor, person)
    if identity_rules.is_visible_to_scim(source):
        return identity_changes.apply_earlier_decisions(connection, person, actor)
    return person


def change_document(
    connection: Connection, person: Person, document: Mapping[str, Any], actor: Actor
) -> Person:
    """Replace a person's resource document; returns the changed person.

    Does nothing if the document is unchanged.  Raises BadName, ValueTaken, and
    LastAdministrator if this would disable the last administrator.
    """
    changes = find_differences(person.document, document)
    if not changes:
        return person
    columns = tables.derive_columns(USERS, document)
    uniqueness.check(connection, columns, person, source=person.source)
    if person.active and not columns["active"]:
        refuse_last_administrator(connection, person)
    # The first SCIM change claims a claimable account, or one that was linked.
    is_claimed = actor.kind == events.SCIM and (
        person.source is Source.CLAIMABLE or person.awaited_claimant is not None
    )
    facts: Facts = {"was_sent": person.was_sent or actor.kind == events.SCIM}
    if is_claimed:
        facts |= {"source": Source.PROVISIONED, "awaited_claimant": None}
    changed = person_rows.replace_document(connection, person, columns, **facts)
    if changed.display_name != person.display_name:
        _increase_group_versions(connection, person.id)
    if is_claimed:
        link_voiding.void_if_forced(connection, person.id)
    _record_change(connection, actor, person, changed, changes)
    if any(getattr(person, name) != getattr(changed, name) for name in _IDENTIFYING):
        identity_changes.apply_consequences(connection, person, changed, actor)
    return changed


def delete_person(connection: Connection, person: Person, actor: Actor) -> None:
    """Delete a person with their memberships and sessions; the event log remains.

    The person is also removed as the manager of others.  Raises LastAdministrator.
    """
    refuse_last_administrator(connection, person)
    _increase_group_versions(connection, person.id)
    reports = select(USERS).where(USERS.c.manager_id == person.id)
    for report in every(Person, connection.execute(reports)):
        document = tables.remove_manager(report.document)
        change_document(connection, report, document, actor)
    linked = blocks.read_linked_object_id(connection, person.id)
    deletions.note_deletion(
        connection, person, linked or person.former_object_id, actor
    )
    ended = sessions.end_all(connection, person.id)
    person_rows.remove(connection, person.id)
    events.record(
        connection,
        actor,
        Event.PERSON_DELETED,
        target_of_person(person),
        was_active=person.active,
        sessions_ended=ended.number,
        last_seen=ended.last_seen,
        requested_at=write_timestamp(actor.requested_at),
    )
    for object_id in filter(None, {person.object_id, linked}):
        conflicts.update_shared_object_id(connection, object_id, actor)


def _record_creation(connection: Connection, actor: Actor, person: Person) -> None:
    event, target = Event.PERSON_CREATED, target_of_person(person)
    changes = find_differences({}, person.document)
    events.record(connection, actor, event, target, changes, is_active=person.active)


def _record_change(
    connection: Connection,
    actor: Actor,
    old: Person,
    new: Person,
    changes: Sequence[Mapping[str, Any]],
) -> None:
    """Record a change of a person; if it disables them, end their sessions."""
    if old.active and not new.active:
        _record_disabling(connection, actor, new, changes)
    else:
        event = Event.PERSON_CHANGED
        if not old.active and new.active:
            event = Event.PERSON_ENABLED
        events.record(
            connection,
            actor,
            event,
            target_of_person(new),
            changes,
            attributes=[change["attribute"] for change in changes],
            sessions_ended=0,
        )
    if (old.source, old.awaited_claimant) != (new.source, new.awaited_claimant):
        events.record(connection, actor, Event.CLAIMED, target_of_person(new))


def _record_disabling(
    connection: Connection,
    actor: Actor,
    person: Person,
    changes: Sequence[Mapping[str, Any]],
) -> None:
    """End a person's sessions, and record what proves when they were out."""
    link_voiding.void(connection, person.id)
    ended = sessions.end_all(connection, person.id)
    events.record(
        connection,
        actor,
        Event.PERSON_DISABLED,
        target_of_person(person),
        changes,
        attributes=[change["attribute"] for change in changes],
        sessions_ended=ended.number,
        last_seen=ended.last_seen,
        requested_at=write_timestamp(actor.requested_at),
    )


def _increase_group_versions(connection: Connection, user_id: str) -> None:
    """Increase the versions of a person's groups, which show the member's name."""
    theirs = select(MEMBERSHIPS.c.group_id).where(MEMBERSHIPS.c.user_id == user_id)
    connection.execute(
        update(GROUPS)
        .where(GROUPS.c.id.in_(theirs))
        .values(version=GROUPS.c.version + 1)
    )


def refuse_last_administrator(connection: Connection, person: Person) -> None:
    """Raise LastAdministrator if no other administrator has a local password."""
    if find_last_administrator(connection, [person]) is not None:
        raise errors.LastAdministrator(explain_last_administrator(person))


def find_last_administrator(
    connection: Connection, people: Sequence[Person]
) -> Person | None:
    """Return one of these people who has to stay administrator, or None.

    That is so if nobody else is an active administrator with a local password.
    """
    administrators = [
        person
        for person in people
        if person.role == ADMINISTRATOR
        and person.active
        and not person.is_blocked
        and person.password_hash is not None
    ]
    if not administrators:
        return None
    ids = [person.id for person in people]
    others = select(USERS.c.id).where(CAN_ADMINISTER, USERS.c.id.not_in(ids))
    return None if connection.execute(others.limit(1)).first() else administrators[-1]


def explain_last_administrator(person: Person) -> str:
    """Return the message that says why a person has to stay administrator."""
    return _(
        "%(user_name)s is the last administrator with a local password: make another "
        "one first.",
        user_name=person.user_name,
    )


@in_english()
def explain_kept_role(person: Person) -> str:
    """Return the same message for the log, which is in English."""
    return explain_last_administrator(person)
