"""Sign-ins with Microsoft that let nobody in: written down, and found again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, literal, select

from netpresenter_next.directory import conflicts, counted_events
from netpresenter_next.directory.events import Actor, Event, person_target
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.rows import every

MOST_REFUSALS, HALF = 10, 4
# Digits that a reference has not got, and the letters they are misread for.
_MISREAD = str.maketrans("018", "OIB")


def note_refusal(
    connection: Connection,
    actor: Actor,
    error: SignInRefused,
    claims: Claims,
    reference: str,
) -> None:
    """Write down who was not let in and why, and open the conflict that it met.

    ``reference`` is what the person was shown, so that administrators find the cause.
    """
    person = error.person
    if error.opening is not None:
        conflicts.open_(connection, error.opening, actor)
    counted_events.record(
        connection,
        replace(actor, request_id=reference),
        Event.MICROSOFT_SIGN_IN_REFUSED,
        person_target(person) if person is not None else None,
        about=f"{reference} {error.reason} {person.id if person is not None else ''}",
        reason=str(error.reason),
        account=claims.shown,
        object_id=claims.object_id,
        external_id=person.external_id if person is not None else None,
        more=error.more,
    )


def note_failure(
    connection: Connection,
    actor: Actor,
    kind: str,
    detail: str,
    reference: str,
    unnoted: int,
) -> None:
    """Write down that a sign-in with Microsoft failed before it was known whose.

    One row stands for each kind, because a reference does; ``unnoted`` is how many
    others were not written down before it, in a flood.
    """
    counted_events.record(
        connection,
        replace(actor, request_id=reference),
        Event.MICROSOFT_SIGN_IN_FAILED,
        None,
        about=kind,
        unnoted=unnoted,
        kind=kind,
        detail=detail,
    )


_REFUSED = JOURNAL.c.event == literal(
    Event.MICROSOFT_SIGN_IN_REFUSED.value, literal_execute=True
)
_FAILED = JOURNAL.c.event == literal(
    Event.MICROSOFT_SIGN_IN_FAILED.value, literal_execute=True
)


def recent_refusals(connection: Connection) -> Sequence[JournalEntry]:
    """Return the latest sign-ins that were refused or failed, for administrators."""
    found: list[JournalEntry] = []
    for kind in (_REFUSED, _FAILED):
        query = select(JOURNAL).where(kind, ~JOURNAL.c.succeeded)
        latest = query.order_by(JOURNAL.c.at.desc()).limit(MOST_REFUSALS)
        found += every(JournalEntry, connection.execute(latest))
    return sorted(found, key=lambda row: row.at, reverse=True)[:MOST_REFUSALS]


def refusals_of(connection: Connection, reference: str) -> Sequence[JournalEntry]:
    """Return the refused and failed sign-ins that were shown this reference."""
    wanted = _as_shown(reference)
    found: list[JournalEntry] = []
    for kind in (_REFUSED, _FAILED):
        query = select(JOURNAL).where(
            kind, ~JOURNAL.c.succeeded, JOURNAL.c.request_id == wanted
        )
        latest = query.order_by(JOURNAL.c.at.desc()).limit(5)
        found += every(JournalEntry, connection.execute(latest))
    return found


def _as_shown(reference: str) -> str:
    """Return a reference as it was shown, however it was written down or read out."""
    code = re.sub("[^A-Z2-7]", "", reference[:50].upper().translate(_MISREAD))
    return f"{code[:HALF]}-{code[HALF:]}"
