"""Local people as administrators run them: add, edit, disable, enable, delete.

People whom Microsoft Entra ID manages are refused, whatever a form sent: a change here
would be overwritten by the next provisioning cycle.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    emergency_access,
    errors,
    events,
    people,
    sessions,
    uniqueness,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.schema import tables
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import every

# The most people who are disabled together: a page of the list.
MOST_AT_ONCE = 50


class Managed(errors.AccountError):
    """Microsoft Entra ID manages the person, so the change has to be made there."""


class ChangedMeanwhile(errors.AccountError):
    """Somebody else changed the person since the form was shown."""


class Disabled(NamedTuple):
    """The user names of the disabled people, and why the others were kept."""

    disabled: Sequence[str]
    refused: Sequence[str]


def refuse_managed(person: Person) -> None:
    """Raise Managed if Microsoft Entra ID manages the person."""
    if person.source is Source.PROVISIONED:
        raise Managed(
            _(
                "Microsoft Entra ID manages %(user_name)s: make the change there, and "
                "the next provisioning cycle brings it here.",
                user_name=person.user_name,
            )
        )


def _refuse_oneself(person: Person, actor: Actor, refusal: str) -> None:
    if person.id == actor.id:
        raise errors.AccountError(refusal)


def add(
    connection: Connection,
    document: Mapping[str, Any],
    actor: Actor,
    password_hash: str | None = None,
) -> Person:
    """Add a local person with a valid document; raises BadName and ValueTaken."""
    return people.create(
        connection, document, actor, source=Source.LOCAL, password_hash=password_hash
    )


def check_addition(connection: Connection, document: Mapping[str, Any]) -> None:
    """Raise what ``add`` would raise, and change nothing."""
    columns = tables.derive_columns(USERS, document)
    uniqueness.check(connection, columns, None, source=Source.LOCAL)


def edit(
    connection: Connection,
    person: Person,
    document: Mapping[str, Any],
    actor: Actor,
    version: int,
) -> Person:
    """Replace what is known about a local person; returns the changed person.

    The user name, and whether the person is active, stay as they are.  ``version`` is
    that of the person when the form was shown.  Raises Managed and ChangedMeanwhile.
    """
    refuse_managed(person)
    if person.version != version:
        raise ChangedMeanwhile(
            _(
                "Somebody else changed %(user_name)s since you opened this form: open "
                "it again and compare.",
                user_name=person.user_name,
            )
        )
    kept = {"userName": person.user_name, "active": person.active}
    return people.change_document(connection, person, {**document, **kept}, actor)


def check_replacement(
    connection: Connection, person: Person, document: Mapping[str, Any], actor: Actor
) -> None:
    """Raise what ``replace`` would raise, and change nothing."""
    refuse_managed(person)
    if person.active and not document["active"]:
        _refuse_disabling(connection, person, actor)


def replace(
    connection: Connection, person: Person, document: Mapping[str, Any], actor: Actor
) -> Person:
    """Replace what is known about a local person, and whether they are active.

    Raises Managed, LastAdministrator, and AccountError for oneself.
    """
    check_replacement(connection, person, document, actor)
    return people.change_document(connection, person, document, actor)


def _refuse_disabling(connection: Connection, person: Person, actor: Actor) -> None:
    _refuse_oneself(person, actor, _("You cannot disable yourself."))
    emergency_access.refuse_last(connection, person)
    people.refuse_last_administrator(connection, person)


def set_active(
    connection: Connection, person: Person, actor: Actor, *, active: bool
) -> None:
    """Disable a local person, which ends their sessions, or enable them.

    Raises Managed, LastAdministrator, and AccountError for oneself.
    """
    replace(connection, person, {**person.document, "active": active}, actor)


def find_each(connection: Connection, user_ids: Sequence[str]) -> Sequence[Person]:
    """Return the people with these ids, by name; at most ``MOST_AT_ONCE``."""
    some = select(USERS).where(USERS.c.id.in_(user_ids[:MOST_AT_ONCE]))
    ordered = some.order_by(USERS.c.shown_name_key, USERS.c.id)
    return every(Person, connection.execute(ordered))


def disable_each(
    connection: Connection, user_ids: Sequence[str], actor: Actor
) -> Disabled:
    """Disable several local people; who may not be disabled is kept."""
    disabled, refused = [], []
    for person in find_each(connection, user_ids):
        try:
            set_active(connection, person, actor, active=False)
            disabled.append(person.user_name)
        except errors.AccountError as error:
            refused.append(str(error))
    return Disabled(disabled, refused)


def delete(connection: Connection, person: Person, actor: Actor) -> None:
    """Delete a local person; the event log remains.

    Raises Managed, LastAdministrator, and AccountError for oneself.
    """
    refuse_managed(person)
    _refuse_oneself(person, actor, _("You cannot delete yourself."))
    people.refuse_last_administrator(connection, person)
    if person.is_emergency:  # refused for the last one who has it
        emergency_access.set_granted(connection, person, actor, granted=False)
    people.delete_person(connection, person, actor)


def end_sessions(connection: Connection, person: Person, actor: Actor) -> int:
    """End all sessions of a person, also of a provisioned one; returns how many."""
    number = sessions.end_all(connection, person.id).number
    if number:
        target, event = target_of_person(person), Event.SESSIONS_ENDED
        events.record(connection, actor, event, target, number=number)
    return number
