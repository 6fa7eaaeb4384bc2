"""What follows for identities when a person's names, IDs or access change."""

from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from netpresenter_next.directory import (
    blocks,
    conflicts,
    deletions,
    events,
    identity_rules,
    person_rows,
    sessions,
)
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.identity_rules import LinkState
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import BLOCKS, CONFLICTS, DELETED_PEOPLE
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import Statement

_OBJECT_ID: BindParameter[str | None] = bindparam("object_id")
_NAME: BindParameter[str] = bindparam("user_name_key")
_PEOPLE_WITH_OBJECT_ID = select(USERS.c.id).where(USERS.c.object_id == _OBJECT_ID)
# Is there anything to do?  One statement, because every SCIM creation executes it.
_HAS_EARLIER_DECISION = Statement(
    tuple,
    select(
        exists().where(BLOCKS.c.value.in_([_OBJECT_ID, _NAME])),
        exists().where(DELETED_PEOPLE.c.object_id == _OBJECT_ID),
        exists().where(DELETED_PEOPLE.c.linked_object_id == _OBJECT_ID),
        exists().where(DELETED_PEOPLE.c.user_name_key == _NAME),
        exists().where(CONFLICTS.c.claimant_object_id == _OBJECT_ID),
        exists().where(IDENTITIES.c.object_id == _OBJECT_ID),
        _PEOPLE_WITH_OBJECT_ID.limit(1).offset(1).scalar_subquery(),
    ),
)


def apply_earlier_decisions(
    connection: Connection, person: Person, actor: Actor
) -> Person:
    """Apply earlier blocks, deletions and conflicts to a person who was just created.

    Returns the person, blocked if such a block applies to them, and hidden from
    colleagues if they were, or their mobile number if they hid it.
    """
    who = {"object_id": person.object_id, "user_name_key": person.user_name_key}
    if not any(_HAS_EARLIER_DECISION.one(connection, **who)):
        return person
    if blocks.has_earlier_block(connection, person):
        person = _block_again(connection, person, actor)
    if deletions.was_hidden(connection, person):
        person = _hide_again(connection, person, actor)
    if deletions.hid_mobile(connection, person):
        person = _hide_mobile_again(connection, person, actor)
    deletions.forget_recreated(connection, person)
    if person.object_id is not None:
        conflicts.close_with_local_accounts(connection, person.object_id, actor)
        conflicts.update_shared_object_id(
            connection, person.object_id, actor, person.id
        )
    return person


def _block_again(connection: Connection, person: Person, actor: Actor) -> Person:
    """Block a person because of an earlier block."""
    person_rows.set_facts(connection, person.id, is_blocked=True)
    events.record(
        connection, actor, Event.PERSON_BLOCKED_AGAIN, target_of_person(person)
    )
    return _read_again(connection, person)


def _hide_again(connection: Connection, person: Person, actor: Actor) -> Person:
    """Hide a person who was hidden when they were deleted."""
    person_rows.set_facts(connection, person.id, is_hidden=True)
    target = target_of_person(person)
    events.record(connection, actor, Event.PERSON_HIDDEN, target, is_again=True)
    return _read_again(connection, person)


def _hide_mobile_again(connection: Connection, person: Person, actor: Actor) -> Person:
    """Hide the mobile number of a person who hid it before they were deleted."""
    person_rows.set_facts(connection, person.id, hides_mobile=True)
    target = target_of_person(person)
    events.record(connection, actor, Event.MOBILE_HIDDEN, target, is_again=True)
    return _read_again(connection, person)


def _read_again(connection: Connection, person: Person) -> Person:
    return one(Person, connection.execute(select(USERS).where(USERS.c.id == person.id)))


def apply_consequences(
    connection: Connection, old: Person, changed: Person, actor: Actor
) -> None:
    """Update links, conflicts and sessions after a change of names, IDs or access."""
    has_new_object_id = changed.object_id != old.object_id
    if old.external_id is not None and old.external_id != changed.external_id:
        events.record(
            connection,
            actor,
            Event.EXTERNAL_ID_CHANGED,
            target_of_person(changed),
            old=old.external_id,
            new=changed.external_id,
        )
    if has_new_object_id:
        _check_link(connection, old, changed, actor)
    conflicts.close_resolved(connection, changed.id, actor)
    if has_new_object_id:
        for object_id in filter(None, {old.object_id, changed.object_id}):
            conflicts.update_shared_object_id(connection, object_id, actor, changed.id)


def _check_link(
    connection: Connection, old: Person, changed: Person, actor: Actor
) -> None:
    """Open a conflict if provisioning contradicts or no longer confirms the link.

    If it contradicts the link, the person's sessions end.
    """
    linked = blocks.read_linked_object_id(connection, changed.id)
    link = identity_rules.link_state_of(
        identity_rules.identity_facts_of(changed, linked)
    )
    if link is LinkState.DISAGREES:
        sessions.end_all(connection, changed.id)
    if link in (LinkState.DISAGREES, LinkState.WAITS):
        reason, value = Reason.LINK_DISAGREES, changed.object_id
    elif link is LinkState.AGREES and changed.object_id is None and old.object_id:
        reason, value = Reason.LINK_UNBACKED, linked
    else:
        return
    conflict = DetectedConflict(changed, reason, str(value), changed.user_name, value)
    conflicts.open_(connection, conflict, actor)
