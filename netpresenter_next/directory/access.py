"""Who may sign in, and what they may do: decided here and never by SCIM.

Local accounts and their names, passwords, blocks and roles.  Emergency access is in
``emergency_access``.
"""

from sqlalchemy import Connection

from netpresenter_next.directory import (
    blocks,
    claimable,
    emergency_access,
    errors,
    events,
    identity_rules,
    link_voiding,
    passwords,
    people,
    person_rows,
    role_changes,
    sessions,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.identity_rules import LinkState
from netpresenter_next.directory.person_rows import Facts
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Role, RoleSource, SignInMethod, Source
from netpresenter_next.storage.models import ADMINISTRATOR, Person


def create_local(
    connection: Connection,
    user_name: str,
    password_hash: str,
    actor: Actor,
    *,
    role: Role,
    is_emergency: bool,
) -> Person:
    """Create a local account; raises BadName and ValueTaken."""
    document = {"userName": user_name, "active": True}
    return people.create(
        connection,
        document,
        actor,
        source=Source.LOCAL,
        role=role,
        is_emergency=is_emergency,
        password_hash=password_hash,
    )


def create_administrator(
    connection: Connection, user_name: str, password_hash: str, actor: Actor
) -> Person:
    """Create a local administrator; the first one gets emergency access.

    Raises BadName and ValueTaken.
    """
    is_first = not people.administrator_exists(connection)
    return create_local(
        connection,
        user_name,
        password_hash,
        actor,
        role=ADMINISTRATOR,
        is_emergency=is_first,
    )


def hash_new_password(password: str, *, administrator: bool, user_name: str) -> str:
    """Check and hash a new password; call it outside transactions.

    Raises BadPassword, and TooBusy when too many passwords are being hashed.
    """
    fault = passwords.find_problem(
        password, administrator=administrator, words=(user_name,)
    )
    if fault:
        raise errors.BadPassword(fault)
    return passwords.hash_password(password)


def set_password(
    connection: Connection, person: Person, password_hash: str, actor: Actor
) -> None:
    """Set a person's new password; their sessions end, and their link is void."""
    person_rows.set_facts(
        connection,
        person.id,
        password_hash=password_hash,
        password_changed_at=now(),
    )
    sessions.end_all(connection, person.id)
    link_voiding.void(connection, person.id)
    target = target_of_person(person)
    events.record(connection, actor, Event.PASSWORD_SET, target)


def note_correct_password(connection: Connection, user_id: str) -> None:
    """Record that a person just entered their password correctly."""
    person_rows.set_facts(connection, user_id, password_used_at=now())


def renew_hash(connection: Connection, person: Person, password_hash: str) -> None:
    """Store the same password hashed with today's parameters; sessions continue."""
    person_rows.set_facts(connection, person.id, password_hash=password_hash)


def set_blocked(
    connection: Connection, person: Person, actor: Actor, *, blocked: bool
) -> None:
    """Block or unblock a person, independently of SCIM; blocking ends their sessions.

    The block outlives the account.  Raises LastAdministrator.
    """
    if blocked == person.is_blocked:
        return
    if blocked:
        people.refuse_last_administrator(connection, person)
        emergency_access.refuse_last(connection, person)
    person_rows.set_facts(connection, person.id, is_blocked=blocked)
    if not blocked:
        blocks.lift_all(connection, person)
        target = target_of_person(person)
        events.record(connection, actor, Event.PERSON_UNBLOCKED, target)
        return
    blocks.add(connection, person, actor)
    link_voiding.void(connection, person.id)
    ended = sessions.end_all(connection, person.id)
    events.record(
        connection,
        actor,
        Event.PERSON_BLOCKED,
        target_of_person(person),
        sessions_ended=ended.number,
        last_seen=ended.last_seen,
    )


def set_role(connection: Connection, person: Person, role: Role, actor: Actor) -> None:
    """Assign a role to a person; their sessions end.

    Who is no longer an administrator also loses emergency access.  Raises AccountError
    if a role mapping gave the role, or if the person's linked Microsoft account is not
    the one that provisioning sends, and LastAdministrator.
    """
    if role == person.role:
        return
    if person.role_source is RoleSource.MAPPED:
        why = _(
            "%(user_name)s is an administrator because of a role mapping, which would "
            "apply again: remove the mapping, or remove the person from its group.",
            user_name=person.user_name,
        )
        raise errors.AccountError(why)
    if role == ADMINISTRATOR:
        _refuse_disagreement(connection, person)
    if person.role == ADMINISTRATOR:
        people.refuse_last_administrator(connection, person)
        emergency_access.refuse_last(connection, person)
    role_changes.assign_role(connection, [person], role, RoleSource.ASSIGNED, actor)


def _refuse_disagreement(connection: Connection, person: Person) -> None:
    """Refuse the role while it is unclear which Microsoft account is the person's."""
    linked = blocks.read_linked_object_id(connection, person.id)
    facts = identity_rules.identity_facts_of(person, linked)
    if identity_rules.link_state_of(facts) is LinkState.DISAGREES:
        why = _(
            "The object ID that provisioning sends for %(user_name)s is not that of "
            "the linked Microsoft account: first confirm it, or correct externalId in "
            "Microsoft Entra ID.",
            user_name=person.user_name,
        )
        raise errors.AccountError(why)


def note_former_object_id(
    connection: Connection, person: Person, object_id: str
) -> None:
    """Store that an account was unlinked, whose object ID a block applies to as well.

    A confirmation of this object ID ends with the link.
    """
    facts: Facts = {"former_object_id": object_id, "is_connected": False}
    if person.confirmed_object_id == object_id:
        facts["confirmed_object_id"] = None
    person_rows.set_facts(connection, person.id, **facts)


def store_confirmation(connection: Connection, person: Person, object_id: str) -> None:
    """Store the confirmation that this object ID belongs to a person."""
    person_rows.set_facts(connection, person.id, confirmed_object_id=object_id)


def rename(
    connection: Connection, person: Person, user_name: str, actor: Actor
) -> Person:
    """Give a local person another user name; returns the changed person.

    Their sessions continue.  Raises BadName, ValueTaken, and AccountError if Microsoft
    Entra ID manages the account.
    """
    if person.source is Source.PROVISIONED:
        name = person.user_name
        why = _("Microsoft Entra ID manages %(name)s: rename them there.", name=name)
        raise errors.AccountError(why)
    if fold(user_name) != person.user_name_key:
        # By the new name, provisioning could claim the account for somebody else.
        claimable.make_local_again(connection, person, actor)
        person = people.find_by_id(connection, person.id)
    document = {**person.document, "userName": user_name}
    return people.change_document(connection, person, document, actor)


def note_sign_in(
    connection: Connection, person: Person, actor: Actor, method: SignInMethod
) -> None:
    """Record that a person just signed in."""
    signed_in_at = now()
    facts: Facts = {"last_sign_in_at": signed_in_at, "last_sign_in_method": method}
    if method is SignInMethod.LOCAL:
        facts["password_used_at"] = signed_in_at
    person_rows.set_facts(connection, person.id, **facts)
    event = Event.SIGNED_IN_WITH_MICROSOFT
    if method is SignInMethod.LOCAL:
        is_emergency = person.is_emergency
        event = Event.SIGNED_IN_FOR_EMERGENCY if is_emergency else Event.SIGNED_IN
    events.record(connection, actor, event, target_of_person(person))
