"""Identity conflicts: what an administrator has to decide about a person.

A conflict is opened when a rule of ``identity_rules`` finds it, and closed as soon as
its condition no longer holds for the person.  There is one row for each person, reason
and value, however often the conflict occurs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from netpresenter_next.directory import (
    claimants,
    conflict_conditions,
    events,
    identity_rules,
    kept_apart,
)
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.events import Actor, Event, Target, target_of_person
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import CONFLICTS, Conflict
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import USERS, Person, is_visible
from netpresenter_next.storage.rows import every, first, one
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import Statement


class NamedConflict(Conflict):
    """A conflict with the names of its person."""

    __abstract__ = True
    user_name: str
    external_id: str | None


class LinkedPerson(Person):
    """A person, and the object ID of their Microsoft identity."""

    linked: str | None


# Conflicts that may be resolved in Microsoft Entra ID without a change here.
DISMISSABLE_REASONS = (
    Reason.DISABLE_REFUSED,
    Reason.LOCAL_USER_NAME,
    Reason.LOCAL_WORK_EMAIL,
    Reason.LOCAL_OBJECT_ID,
    Reason.CLAIM_DISAGREES,
    Reason.LINK_CONTRADICTED,
)
# Conflicts from sign-ins of Microsoft accounts that were not linked yet.
_FIRST_SIGN_IN_REASONS = (
    Reason.UNCONFIRMED,
    Reason.NAME_OF_ADMINISTRATOR,
    Reason.NAME_OF_LINKED,
    Reason.NAME_OF_OTHER_OBJECT_ID,
    Reason.OWNED,
    Reason.OTHER_OBJECT_ID,
)
_CONFLICTS_OF_PERSON = Statement(
    Conflict, select(CONFLICTS).where(CONFLICTS.c.user_id == bindparam("person_id"))
)
LONGEST_DETAIL = 300


class DetectedConflict(NamedTuple):
    """A conflict that just occurred; it may already be open."""

    person: Person
    reason: Reason
    value: str
    claimant: str
    claimant_object_id: str | None = None
    # What provisioning sent, if the claimant is not here yet.
    sent: Claimant | None = None


def open_(connection: Connection, conflict: DetectedConflict, actor: Actor) -> None:
    """Open a conflict; if it is already open, record that it occurred again.

    Nothing is opened about a claimant whom an administrator keeps apart.
    """
    occurred_at, sent = now(), conflict.sent
    if sent is not None and kept_apart.is_decided(
        connection, conflict.person.id, conflict.reason, sent.key
    ):
        return
    is_same = (
        CONFLICTS.c.user_id == conflict.person.id,
        CONFLICTS.c.reason == conflict.reason,
        CONFLICTS.c.value == conflict.value,
    )
    query = select(CONFLICTS).where(*is_same)
    present = first(Conflict, connection.execute(query))
    if present is None:
        _open_new(connection, conflict, occurred_at, actor)
        return
    # The first claimant is kept, because closing the conflict depends on it.
    again: dict[str, Any] = {"seen_at": occurred_at}
    if sent is not None:
        again["sent"] = claimants.merge(present.sent, sent)
    connection.execute(update(CONFLICTS).where(*is_same).values(**again))


def _open_new(
    connection: Connection,
    conflict: DetectedConflict,
    occurred_at: datetime,
    actor: Actor,
) -> None:
    # A person who was deleted in the meantime cannot be in conflict.
    person, sent = USERS.c.id == conflict.person.id, conflict.sent
    if connection.execute(select(USERS.c.id).where(person)).first() is None:
        return
    row = {
        "claimant": conflict.claimant,
        "claimant_object_id": conflict.claimant_object_id,
        "id": new_id(),
        "user_id": conflict.person.id,
        "reason": conflict.reason,
        "value": conflict.value,
        "sent": claimants.merge([], sent) if sent is not None else [],
        "opened_at": occurred_at,
        "seen_at": occurred_at,
    }
    connection.execute(insert(CONFLICTS), row)
    events.record(
        connection,
        actor,
        Event.CONFLICT_OPENED,
        target_of_person(conflict.person),
        reason=str(conflict.reason),
        value=conflict.value,
        claimant=conflict.claimant,
    )


def note_refused_disable(
    connection: Connection, user_id: str, detail: str, actor: Actor
) -> None:
    """Open a conflict because provisioning could not disable a person."""
    condition = (USERS.c.id == user_id, is_visible(), USERS.c.active)
    person = first(Person, connection.execute(select(USERS).where(*condition)))
    if person is not None:
        refused = DetectedConflict(
            person, Reason.DISABLE_REFUSED, "", detail[:LONGEST_DETAIL]
        )
        open_(connection, refused, actor)


# ------------------------------------------------------------- closing
def close_resolved(connection: Connection, user_id: str, actor: Actor) -> None:
    """Close those conflicts of a person whose condition no longer holds."""
    rows = _CONFLICTS_OF_PERSON.every(connection, person_id=user_id)
    if not rows:
        return
    query = select(USERS, IDENTITIES.c.object_id.label("linked")).outerjoin(IDENTITIES)
    person = one(LinkedPerson, connection.execute(query.where(USERS.c.id == user_id)))
    facts = identity_rules.identity_facts_of(person, person.linked)
    resolved = [
        each
        for each in rows
        if not conflict_conditions.STILL_HOLDS[each.reason](person, facts, each)
    ]
    _close(connection, resolved, person.user_name, actor)


def update_shared_object_id(
    connection: Connection, object_id: str, actor: Actor, got_by: str | None = None
) -> None:
    """Open or close the conflicts of people who share an object ID.

    Call it whenever a person gets or loses this object ID; ``got_by`` is the id of one
    who got it.  Only a few rows are read, however many people share it: if there are
    more, all but the one who got it are already in conflict.
    """
    with_object_id = select(USERS).where(USERS.c.object_id == object_id, is_visible())
    few = with_object_id.order_by(USERS.c.id.desc()).limit(3)
    people = every(Person, connection.execute(few))
    if got_by and all(each.id != got_by for each in people):
        this = with_object_id.where(USERS.c.id == got_by)
        people = [*people, *every(Person, connection.execute(this))]
    owner = connection.scalar(
        select(IDENTITIES.c.user_id).where(IDENTITIES.c.object_id == object_id)
    )
    others = {person.id for person in people} | ({owner} if owner else set())
    if people and len(others) > 1:
        for person in people:
            if person.id != owner or len(people) > 1:
                shared = DetectedConflict(
                    person, Reason.SHARED_OBJECT_ID, object_id, "", object_id
                )
                open_(connection, shared, actor)
        return
    condition = (
        CONFLICTS.c.claimant_object_id == object_id,
        CONFLICTS.c.reason == Reason.SHARED_OBJECT_ID,
    )
    _close_where(connection, condition, actor)


def close_all_resolved(connection: Connection, actor: Actor) -> None:
    """Check all conflicts again, after another directory (tenant) was configured."""
    query = select(CONFLICTS.c.user_id)
    for user_id in connection.scalars(query.distinct()).all():
        close_resolved(connection, user_id, actor)


def close_caused_before_link(
    connection: Connection, object_id: str, actor: Actor
) -> None:
    """Close the conflicts that a Microsoft account caused before it was linked."""
    condition = (
        CONFLICTS.c.claimant_object_id == object_id,
        CONFLICTS.c.reason.in_(_FIRST_SIGN_IN_REASONS),
    )
    _close_where(connection, condition, actor)


def close_with_local_accounts(
    connection: Connection, object_id: str, actor: Actor
) -> None:
    """Close the conflicts with local accounts that provisioning has since resolved."""
    condition = (
        CONFLICTS.c.claimant_object_id == object_id,
        CONFLICTS.c.reason.in_((Reason.LOCAL_USER_NAME, Reason.LOCAL_WORK_EMAIL)),
    )
    _close_where(connection, condition, actor)


def close(connection: Connection, conflict: NamedConflict, actor: Actor) -> None:
    """Close one conflict, because an administrator decided about it."""
    _close(connection, [conflict], conflict.user_name, actor)


def _close_where(connection: Connection, condition: Iterable[Any], actor: Actor) -> int:
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    rows = every(NamedConflict, connection.execute(query.where(*condition)))
    for row in rows:
        _close(connection, [row], row.user_name, actor)
    return len(rows)


def _close(
    connection: Connection, rows: Sequence[Conflict], user_name: str, actor: Actor
) -> None:
    for row in rows:
        connection.execute(delete(CONFLICTS).where(CONFLICTS.c.id == row.id))
        target = Target("User", row.user_id, user_name)
        events.record(
            connection,
            actor,
            Event.CONFLICT_CLOSED,
            target,
            reason=row.reason,
            value=row.value,
            claimant=row.claimant,
        )
