"""Microsoft identities: signing in with them, linking and unlinking."""

from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from netpresenter_next.directory import (
    access,
    blocks,
    claimable,
    conflicts,
    errors,
    events,
    force,
    identity_rules,
    link_voiding,
    people,
    person_rows,
    role_mappings,
    sessions,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.identity_matching import (
    IDENTITY,
    SELF,
    Disabled,
    IdentityConflict,
    NotProvisioned,
    SignInRefused,
    find_by_identity,
    list_with_object_id,
    make_identity_conflict,
    match,
    read_identity_facts,
)
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import in_english
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.models import ADMINISTRATOR, USERS, Person
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import IDENTITIES


def accept_sign_in(
    connection: Connection, claims: Claims, actor: Actor, *, tenant_id: str
) -> Person:
    """Return the person that these claims sign in, after linking and role mappings.

    A person who does not exist may be created.  ``tenant_id`` is the directory that is
    configured now; it may have changed since the claims were issued.  Raises
    NotProvisioned, IdentityConflict and Disabled.
    """
    _refuse_other_tenant(claims, tenant_id)
    person, rule = match(connection, claims)
    if person is None:
        person = _create(connection, claims, actor)
    refuse_sign_in(person, claims)
    if rule == IDENTITY:
        _update_identity(connection, person, claims)
    else:
        _link(connection, person, claims, rule, actor)
    role_mappings.apply_to_person(connection, person.id, actor)
    return people.find_by_id(connection, person.id)


def _refuse_other_tenant(claims: Claims, tenant_id: str) -> None:
    if claims.tenant_id != tenant_id:
        raise IdentityConflict(Reason.DIRECTORY_CHANGED)


def note_reauthentication(
    connection: Connection, person: Person, claims: Claims, actor: Actor
) -> None:
    """Update a linked account after a reauthentication with Microsoft.

    The claims may lack an app role: then the person loses the role that it gave.
    """
    _update_identity(connection, person, claims)
    role_mappings.apply_to_person(connection, person.id, actor)


def refuse_sign_in(person: Person | None, claims: Claims) -> None:
    """Raise IdentityConflict or Disabled if a person may not sign in with Microsoft."""
    if person is None:
        return
    if person.is_emergency:
        raise make_identity_conflict(Reason.EMERGENCY_ACCESS, person, claims)
    if person.is_blocked:
        raise Disabled(Reason.BLOCKED, person)
    if not person.active:
        raise Disabled(Reason.DISABLED, person)


def _create(connection: Connection, claims: Claims, actor: Actor) -> Person:
    """Create the person as provisioning would, so that its next cycle finds them."""
    document = {
        "userName": claims.user_name,
        "externalId": claims.object_id,
        "active": True,
        **({"displayName": claims.name} if claims.name else {}),
    }
    try:
        with in_english():  # the log has the reason
            return people.create(connection, document, actor, source=Source.PROVISIONED)
    except errors.AccountError as error:
        raise NotProvisioned(Reason.NAME_REFUSED, more=str(error)) from error


def _update_identity(connection: Connection, person: Person, claims: Claims) -> None:
    """Update what may change with every sign-in: name, pairwise subject, app roles."""
    this = IDENTITIES.c.user_id == person.id
    connection.execute(
        update(IDENTITIES).where(this).values(**_columns_from_claims(claims))
    )


def _columns_from_claims(claims: Claims) -> dict[str, Any]:
    return {
        "subject": claims.subject,
        "user_name": claims.user_name,
        "app_roles": list(claims.app_roles),
    }


def _link(
    connection: Connection, person: Person, claims: Claims, rule: str, actor: Actor
) -> None:
    # Replaces a link with a directory that is no longer configured.
    connection.execute(delete(IDENTITIES).where(IDENTITIES.c.user_id == person.id))
    connection.execute(
        insert(IDENTITIES).values(
            user_id=person.id,
            tenant_id=claims.tenant_id,
            object_id=claims.object_id,
            linked_at=now(),
            linked_by=rule,
            **_columns_from_claims(claims),
        )
    )
    person_rows.set_facts(connection, person.id, is_connected=True)
    events.record(
        connection,
        actor,
        Event.MICROSOFT_LINKED,
        target_of_person(person),
        account=claims.account_name,
        object_id=claims.object_id,
        rule=rule,
    )
    if person.role == ADMINISTRATOR:
        access.store_confirmation(connection, person, claims.object_id)
    conflicts.close_caused_before_link(connection, claims.object_id, actor)
    update_conflicts(connection, person.id, claims.object_id, actor)
    if force.forbids_local_sign_in(connection, person.id):
        sessions.end_local(connection, USERS.c.id == person.id)
        link_voiding.void(connection, person.id)


def update_conflicts(
    connection: Connection, user_id: str, object_id: str, actor: Actor
) -> None:
    """Open and close the conflicts that depend on who is linked with an object ID."""
    conflicts.close_resolved(connection, user_id, actor)
    conflicts.update_shared_object_id(connection, object_id, actor)


def link_own_account(
    connection: Connection,
    person: Person,
    claims: Claims,
    actor: Actor,
    *,
    tenant_id: str,
) -> None:
    """Link the Microsoft account of a signed-in person, at their own request.

    ``tenant_id`` is the directory that is configured now, as in ``accept_sign_in``.
    Raises SignInRefused, mostly as IdentityConflict or Disabled.
    """
    _refuse_other_tenant(claims, tenant_id)
    if blocks.is_object_id_blocked(connection, claims.object_id):
        raise Disabled(Reason.BLOCKED, person)
    facts = read_identity_facts(connection, person, claims.tenant_id)
    if person.is_emergency:
        raise SignInRefused(Reason.EMERGENCY_ACCESS)
    owner = find_by_identity(connection, claims) or _find_other_person(
        connection, person, claims
    )
    if owner is not None and owner.id != person.id:
        raise make_identity_conflict(Reason.OWNED, owner, claims)
    reason = identity_rules.check_link_by_owner(facts, claims.object_id)
    if reason is Reason.ALREADY_LINKED:
        raise IdentityConflict(reason)
    if reason is not None:
        raise make_identity_conflict(reason, person, claims)
    _link(connection, person, claims, SELF, actor)
    role_mappings.apply_to_person(connection, person.id, actor)
    person = people.find_by_id(connection, person.id)
    facts = read_identity_facts(connection, person, claims.tenant_id)
    # Only if provisioning would send the same person under this user name.
    is_same = fold(claims.user_name) == person.user_name_key and not claims.is_guest
    if identity_rules.may_become_claimable(facts, is_same_name=is_same):
        claimable.make_claimable(connection, person, actor)


def _find_other_person(
    connection: Connection, person: Person, claims: Claims
) -> Person | None:
    """Find another person with this object ID as externalId."""
    found = list_with_object_id(connection, claims.object_id)
    return next((each for each in found if each.id != person.id), None)


def unlink(connection: Connection, person: Person, actor: Actor) -> bool:
    """Unlink a person's Microsoft account and end all their sessions.

    Returns False if none is linked.
    """
    linked = blocks.read_linked_object_id(connection, person.id)
    if linked is None:
        return False
    gone = delete(IDENTITIES).where(IDENTITIES.c.user_id == person.id)
    connection.execute(gone)
    access.note_former_object_id(connection, person, linked)
    sessions.end_all(connection, person.id)
    target = target_of_person(person)
    events.record(connection, actor, Event.MICROSOFT_UNLINKED, target, object_id=linked)
    claimable.make_local_again(connection, person, actor)
    update_conflicts(connection, person.id, linked, actor)
    role_mappings.apply_to_person(connection, person.id, actor)
    return True


def unlink_tenant(connection: Connection, tenant_id: str, actor: Actor) -> None:
    """Unlink every account of a directory (tenant) that is no longer configured."""
    of_it = select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id == tenant_id)
    claimable_ones = and_(USERS.c.source == Source.CLAIMABLE, USERS.c.id.in_(of_it))
    for person in every(
        Person, connection.execute(select(USERS).where(claimable_ones))
    ):
        claimable.make_local_again(connection, person, actor)
    person_rows.set_facts_of_query(connection, of_it, is_connected=False)
    connection.execute(delete(IDENTITIES).where(IDENTITIES.c.tenant_id == tenant_id))
    conflicts.close_all_resolved(connection, actor)
    role_mappings.apply_to_mapped_people(connection, actor)


def may_unlink(connection: Connection, person: Person) -> bool:
    """May a person unlink their own account?  Only if they can sign in without it."""
    is_managed = person.source is Source.PROVISIONED
    return bool(person.password_hash) and not is_managed and not force.is_on(connection)
