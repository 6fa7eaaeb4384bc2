"""The event log: who did what to which target, with old and new values.

An entry is written in the transaction of the change itself, so that there is never one
without the other.  It holds a code and facts, from which ``event_sentences`` makes
sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.exc import DBAPIError

from netpresenter_next.directory.scim_requests import ScimRequest
from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry, Position
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import Person
from netpresenter_next.storage.statements import Statement

PROVISIONING = "provisioning"
AUDIT = "audit"
SCIM = "SCIM"
# Longer lists of changes are cut: pages show only a few.
MOST_CHANGES = 50
LONGEST_FACT = 500
# The fact of entries of an import.
IMPORTED = "imported"
_INSERT = Statement(JournalEntry, insert(JOURNAL))

Fact = str | int | bool | list[str] | None


class NotWritten(Exception):
    """The event log cannot be written, so the change is rolled back; says why."""

    def __init__(self, reason: object) -> None:
        super().__init__(
            f"The event log cannot be written: {reason}. Nothing is changed."
        )


class Event(StrEnum):
    """The codes of all events; they are stored, so they never change."""

    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    PERSON_DELETED = "person.deleted"
    PERSON_BLOCKED = "person.blocked"
    PERSON_UNBLOCKED = "person.unblocked"
    PERSON_BLOCKED_AGAIN = "person.blocked_again"
    PERSON_ALLOWED_AGAIN = "person.allowed_again"
    PERSON_ERASED = "person.erased"
    DATA_EXPORTED = "person.data_exported"
    PEOPLE_EXPORTED = "people.exported"
    EXTERNAL_ID_CHANGED = "external_id.changed"
    PASSWORD_SET = "password.set"  # noqa: S105 - a code
    PASSWORD_LINK_MADE = "password_link.made"  # noqa: S105 - a code
    PASSWORD_LINK_USED = "password_link.used"  # noqa: S105 - a code
    PASSWORD_LINK_REFUSED = "password_link.refused"  # noqa: S105 - a code
    ROLE_CHANGED = "role.changed"
    ROLE_KEPT = "role.kept"
    EMERGENCY_GRANTED = "emergency.granted"
    EMERGENCY_WITHDRAWN = "emergency.withdrawn"
    PERSON_HIDDEN = "person.hidden"
    PERSON_SHOWN = "person.shown"
    LANGUAGE_CHOSEN = "language.chosen"
    MOBILE_HIDDEN = "mobile_number.hidden"
    MOBILE_SHOWN = "mobile_number.shown"
    CLAIMABLE_SET = "claimable.set"
    CLAIMABLE_WITHDRAWN = "claimable.withdrawn"
    CLAIMED = "claimable.claimed"
    SIGNED_IN = "sign_in.local"
    SIGNED_IN_FOR_EMERGENCY = "sign_in.emergency"
    EMERGENCY_SEEN = "sign_in.emergency_seen"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGNED_OUT = "sign_in.ended"
    SESSIONS_ENDED = "sessions.ended"
    SIGNED_OUT_BY_MICROSOFT = "sessions.ended_by_microsoft"
    ACCOUNT_UNLOCKED = "account.unlocked"
    SIGNED_IN_WITH_MICROSOFT = "sign_in.microsoft"
    MICROSOFT_LINKED = "microsoft.linked"
    MICROSOFT_UNLINKED = "microsoft.unlinked"
    MICROSOFT_SIGN_IN_REFUSED = "microsoft.sign_in_refused"
    MICROSOFT_SIGN_IN_FAILED = "microsoft.sign_in_failed"
    OBJECT_ID_CONFIRMED = "object_id.confirmed"
    CONFLICT_OPENED = "conflict.opened"
    CONFLICT_CLOSED = "conflict.closed"
    ACCOUNT_LINKED = "account.linked"
    LINK_WITHDRAWN = "account.link_withdrawn"
    KEPT_APART = "conflict.kept_apart"
    DECISION_WITHDRAWN = "conflict.decision_withdrawn"
    ADMINISTRATORS_SEEN = "administrators.seen"
    GROUP_CREATED = "group.created"
    GROUP_CHANGED = "group.changed"
    GROUP_DELETED = "group.deleted"
    MEMBERS_ADDED = "members.added"
    MEMBERS_REMOVED = "members.removed"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 - a code
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a code
    SCIM_REFUSED = "scim.refused"
    CONNECTION_TESTED = "connection.tested"
    SCIM_SWITCHED_ON = "scim.on"
    SCIM_SWITCHED_OFF = "scim.off"
    FORMER_TOKEN_REFUSED = "token.former_refused"  # noqa: S105 - a code
    TOKEN_REFUSED = "token.refused"  # noqa: S105 - a code
    SETTINGS_CHANGED = "settings.changed"
    CERTIFICATE_MADE = "certificate.made"
    SIGN_IN_TESTED = "sign_in.tested"
    FORCE_ON = "force.on"
    FORCE_OFF = "force.off"
    ROLE_MAPPING_ADDED = "role_mapping.added"
    ROLE_MAPPING_REMOVED = "role_mapping.removed"
    BACKUP_MADE = "backup.made"
    BACKUP_FAILED = "backup.failed"
    BACKUP_RESTORED = "backup.restored"
    RESTORATION_ENDED = "restoration.ended"
    IMPORT_STARTED = "import.started"
    IMPORT_ENDED = "import.ended"
    IMPORT_DISCARDED = "import.discarded"
    ALARM_TESTED = "alarm.tested"
    ALARM_TEST_FAILED = "alarm.test_failed"
    ALARM_DROPPED = "alarm.dropped"


@dataclass(frozen=True)
class Actor:
    """Who causes an event: a SCIM token, a signed-in person, or the command line.

    ``id`` is that of the token or the person.  ``request`` collects the entries, to be
    written by ``end_request``; ``requested_at`` is when the server began to read it.
    """

    kind: str
    name: str
    address: str | None = None
    request_id: str | None = None
    id: str | None = None
    request: ScimRequest | None = None
    requested_at: datetime | None = None
    # Whether it applies lines of a file, which each entry says.
    imports: bool = False


@dataclass(frozen=True)
class Target:
    """What an event is about."""

    type: str
    id: str | None
    name: str


def target_of_person(person: Person) -> Target:
    """Return a person as the target of an event."""
    return Target("User", person.id, person.user_name)


COMMAND_LINE = Actor("command line", "command line")


def record(
    connection: Connection,
    actor: Actor,
    event: Event,
    target: Target | None,
    changes: Sequence[Mapping[str, Any]] = (),
    *,
    succeeded: bool = True,
    **facts: Fact,
) -> Position:
    """Add one entry, and return where; ``facts`` are what its sentence needs.

    They are small and never a secret.  Texts are stored on one line, with invisible
    characters replaced.  What SCIM clients do goes to the provisioning log, everything
    else to the audit log.  Raises NotWritten, which rolls back the change.
    """
    entry = make_entry(actor, event, target, facts, changes) | {"succeeded": succeeded}
    _add(connection, actor, [entry])
    return Position(entry["at"], entry["id"])


def record_each(
    connection: Connection,
    actor: Actor,
    event: Event,
    changed: Iterable[tuple[Target, Sequence[Mapping[str, Any]]]],
    **facts: Fact,
) -> None:
    """Add an entry for each target with its changes, in one statement.

    Raises NotWritten.
    """
    entries = [
        make_entry(actor, event, target, facts, changes) | {"succeeded": True}
        for target, changes in changed
    ]
    if entries:
        _add(connection, actor, entries)


def _add(connection: Connection, actor: Actor, entries: list[dict[str, Any]]) -> None:
    if actor.request is None:
        write(connection, *entries)
    else:
        actor.request.entries += entries


def end_request(connection: Connection, actor: Actor, status: int) -> None:
    """Write the entries of a SCIM request, with the status code of its answer.

    Raises NotWritten.
    """
    request = actor.request
    if request is not None and request.entries:
        answer = {"status": status, "duration_ms": request.measure()}
        write(connection, *(entry | answer for entry in request.entries))
        request.entries.clear()


def make_entry(
    actor: Actor,
    event: Event,
    target: Target | None,
    facts: Mapping[str, Fact],
    changes: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the columns of an entry that all kinds of events have."""
    if actor.imports:
        facts = {**facts, IMPORTED: True}
    return {
        "id": new_id(),
        "at": now(),
        "log": PROVISIONING if actor.kind == SCIM else AUDIT,
        "event": event.value,
        "actor_kind": actor.kind,
        "actor_name": _to_one_line(actor.name),
        "actor_id": actor.id,
        "address": _clean_address(actor),
        "request_id": actor.request_id,
        "target_type": target.type if target else None,
        "target_id": target.id if target else None,
        "target_name": _to_one_line(target.name) if target else None,
        "facts": {name: _clean_fact(fact) for name, fact in facts.items()} or None,
        "changes": list(changes[:MOST_CHANGES]) or None,
        "status": None,
        "duration_ms": None,
    }


def write(connection: Connection, *entries: Mapping[str, Any]) -> None:
    """Insert entries, given by their columns; raises NotWritten.

    Errors that ``database.write`` translates, as Busy or Unwritable, are not caught.
    """
    try:
        _INSERT.run_each(connection, entries)
    except DBAPIError as error:
        if database.kind_of(error) is not None:
            raise
        raise NotWritten(error.orig) from error


def _clean_address(actor: Actor) -> str | None:
    return names.to_one_line(actor.address or "", names.LONGEST_ADDRESS) or None


def _to_one_line(text: str) -> str:
    return names.to_one_line(text, LONGEST_FACT)


def _clean_fact(fact: Fact) -> Fact:
    if isinstance(fact, str):
        return _to_one_line(fact)
    if isinstance(fact, list):
        return [_to_one_line(each) for each in fact[:MOST_CHANGES]]
    return fact
