"""Microsoft identities: letting in, connecting and disconnecting people."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from netpresenter_next import (
    access,
    accounts,
    force,
    refusals,
    roles,
    sessions,
)
from netpresenter_next.accounts import Person
from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.models import JOURNAL, USERS, User, now
from netpresenter_next.recognition import (
    IDENTITY,
    SELF,
    Claims,
    Disabled,
    IdentityConflict,
    NotLetIn,
    NotProvisioned,
    by_external_id,
    by_identity,
    is_connected,
    match,
)
from netpresenter_next.sign_in_models import IDENTITIES
from netpresenter_next.texts import fold

# What shows that a conflict is over, or replaces it by a newer one.
SOLVING = (
    Event.MICROSOFT_LINKED,
    Event.MICROSOFT_UNLINKED,
    Event.SIGNED_IN_WITH_MICROSOFT,
    Event.MICROSOFT_CONFLICT,
)


def admit(connection: Connection, claims: Claims, actor: Actor) -> Person:
    """Return the person who is let in, connected and with the role of the mappings.

    Raises NotProvisioned, IdentityConflict, Disabled.
    """
    person, rule = match(connection, claims)
    if person is None:
        person = _create(connection, claims, actor)
    refuse_outsiders(person)
    if rule == IDENTITY:
        _note(connection, person, claims)
    else:
        _link(connection, person, claims, rule, actor)
    roles.follow(connection, person.id, actor)
    return accounts.by_id(connection, person.id)


def refuse_outsiders(person: Person | None) -> None:
    """Raise IdentityConflict or Disabled for who is not let in with Microsoft."""
    if person is None:
        return
    if person.is_emergency:
        message = f"{person.user_name} has emergency access: local only."
        raise IdentityConflict(message, person)
    if not person.active or person.is_blocked:
        raise Disabled(f"{person.user_name} is disabled.", person)


def _create(connection: Connection, claims: Claims, actor: Actor) -> Person:
    """Make the person as provisioning would: its next cycle finds and fills them."""
    document = {
        "userName": claims.user_name,
        "externalId": claims.object_id,
        "active": True,
        **({"displayName": claims.name} if claims.name else {}),
    }
    try:
        return accounts.create(connection, document, actor, is_provisioned=True)
    except refusals.AccountError as error:
        raise NotProvisioned(str(error)) from error


def _note(connection: Connection, person: Person, claims: Claims) -> None:
    """Keep what may change with every sign-in: name, pairwise subject, app roles."""
    this = IDENTITIES.c.user_id == person.id
    connection.execute(update(IDENTITIES).where(this).values(**_changing(claims)))


def _changing(claims: Claims) -> dict[str, Any]:
    return {
        "subject": claims.subject,
        "user_name": claims.user_name,
        "app_roles": list(claims.app_roles),
    }


def _link(
    connection: Connection, person: Person, claims: Claims, rule: str, actor: Actor
) -> None:
    # One of a directory that is not ours any more gives way.
    connection.execute(delete(IDENTITIES).where(IDENTITIES.c.user_id == person.id))
    connection.execute(
        insert(IDENTITIES).values(
            user_id=person.id,
            tenant_id=claims.tenant_id,
            object_id=claims.object_id,
            linked_at=now(),
            linked_by=rule,
            **_changing(claims),
        )
    )
    events.record(
        connection,
        actor,
        Event.MICROSOFT_LINKED,
        accounts.target_of(person),
        account=claims.shown,
        object_id=claims.object_id,
        rule=rule,
    )
    if force.keeps_out(connection, person.id):
        sessions.end_local(connection, USERS.c.id == person.id)


def connect(
    connection: Connection, person: Person, claims: Claims, actor: Actor
) -> None:
    """Connect a person's own account, at their wish; raises NotLetIn."""
    if person.is_emergency:
        raise NotLetIn(
            "This account has emergency access, so it stays local: it is for the day "
            "on which Microsoft does not work."
        )
    owner = by_identity(connection, claims) or by_external_id(connection, claims)
    if owner is not None and owner.id != person.id:
        raise IdentityConflict(
            f"The Microsoft account {claims.shown} belongs to another person here.",
            owner,
        )
    if is_connected(connection, person, claims.tenant_id):
        raise IdentityConflict("This account is connected with Microsoft already.")
    if person.is_provisioned and person.object_id not in (None, claims.object_id):
        raise IdentityConflict(
            f"Provisioning says that {person.user_name} has another Microsoft account.",
            person,
        )
    _link(connection, person, claims, SELF, actor)
    roles.follow(connection, person.id, actor)
    # Only where provisioning would look for the same person under that name.
    if fold(claims.user_name) == person.user_name_key and not claims.is_guest:
        access.hand_over(connection, accounts.by_id(connection, person.id), actor)


def disconnect(connection: Connection, person: Person, actor: Actor) -> bool:
    """Forget a person's Microsoft identity; all their sessions end.

    False when there is none.
    """
    gone = delete(IDENTITIES).where(IDENTITIES.c.user_id == person.id)
    if not connection.execute(gone).rowcount:
        return False
    sessions.end_all(connection, person.id)
    target = accounts.target_of(person)
    events.record(connection, actor, Event.MICROSOFT_UNLINKED, target)
    access.take_back(connection, person, actor)
    roles.follow(connection, person.id, actor)
    return True


def leave_directory(connection: Connection, tenant_id: str, actor: Actor) -> None:
    """Forget every identity of a directory that is ours no more."""
    of_it = select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id == tenant_id)
    handed_over = and_(USERS.c.is_handed_over, USERS.c.id.in_(of_it))
    for person in connection.execute(select(USERS).where(handed_over)).all():
        access.take_back(connection, person, actor)
    connection.execute(delete(IDENTITIES).where(IDENTITIES.c.tenant_id == tenant_id))
    roles.follow_mapped(connection, actor)


def may_disconnect(connection: Connection, person: Person | User) -> bool:
    """May a person disconnect themselves?  Not when they could not get in then."""
    is_managed = person.is_provisioned and not person.is_handed_over
    return bool(person.password_hash) and not is_managed and not force.is_on(connection)


def note_refusal(
    connection: Connection,
    actor: Actor,
    reason: str,
    conflicting: Person | None = None,
    kind: str | None = None,
) -> None:
    """Journal that somebody was not let in, and whose account is in conflict.

    ``kind`` is the kind of a fault, whose reason does not say it all.
    """
    event, target = Event.MICROSOFT_SIGN_IN_REFUSED, None
    if conflicting is not None:
        event, target = Event.MICROSOFT_CONFLICT, accounts.target_of(conflicting)
    events.record(
        connection, actor, event, target, succeeded=False, reason=reason, kind=kind
    )


def recent_refusals(connection: Connection) -> Sequence[Row[Any]]:
    """Return the latest sign-ins that were refused, for administrators."""
    refused = JOURNAL.c.event == Event.MICROSOFT_SIGN_IN_REFUSED
    query = select(JOURNAL).where(refused, ~JOURNAL.c.succeeded)
    return connection.execute(query.order_by(JOURNAL.c.at.desc()).limit(5)).all()


def conflicts(connection: Connection) -> Sequence[Row[Any]]:
    """Return the conflicts that nothing has solved yet, the latest of each person."""
    later = JOURNAL.alias()
    same_person = later.c.target_id == JOURNAL.c.target_id
    is_later = and_(same_person, later.c.at > JOURNAL.c.at, later.c.event.in_(SOLVING))
    query = select(JOURNAL).where(
        JOURNAL.c.event == Event.MICROSOFT_CONFLICT,
        ~JOURNAL.c.succeeded,
        JOURNAL.c.target_id.in_(select(USERS.c.id)),
        ~exists(select(later.c.id).where(is_later)),
    )
    return connection.execute(query.order_by(JOURNAL.c.at.desc()).limit(20)).all()


# --------------------------------------------------------------- the mapping check
class MappingCheck(NamedTuple):
    """How many provisioned people have an object ID as externalId."""

    good: int
    bad: int


def check_mapping(connection: Connection) -> MappingCheck:
    """Count externalIds that are object IDs, and those that are something else."""
    # Whom provisioning has not found yet says nothing about its mapping.
    query = select(func.count(), func.count(USERS.c.object_id)).where(
        USERS.c.is_provisioned, ~USERS.c.is_handed_over
    )
    everybody, good = connection.execute(query).one()
    return MappingCheck(good, everybody - good)


def count_of_tenant(connection: Connection, tenant_id: str) -> int:
    """Count the people known by an object ID of this directory."""
    query = select(func.count()).where(IDENTITIES.c.tenant_id == tenant_id)
    return connection.scalar(query) or 0
