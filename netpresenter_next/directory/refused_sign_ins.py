"""Sign-ins with Microsoft that were refused or failed: recording and finding them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, literal, or_, select

from netpresenter_next.directory import conflicts, counted_events
from netpresenter_next.directory.events import AUDIT, Actor, Event, target_of_person
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.rows import every

MOST_REFUSALS, HALF = 10, 4
# References have no 0, 1 or 8; these are misread letters.
_MISREAD = str.maketrans("018", "OIB")


def note_refusal(
    connection: Connection,
    actor: Actor,
    error: SignInRefused,
    claims: Claims,
    reference: str,
) -> None:
    """Record a refused sign-in with its reason, and open its conflict, if there is one.

    ``reference`` was shown to the person, so that administrators can find the reason.
    """
    person = error.person
    if error.conflict is not None:
        conflicts.open_(connection, error.conflict, actor)
    counted_events.record(
        connection,
        replace(actor, request_id=reference),
        Event.MICROSOFT_SIGN_IN_REFUSED,
        target_of_person(person) if person is not None else None,
        about=f"{reference} {error.reason} {person.id if person is not None else ''}",
        reason=str(error.reason),
        account=claims.account_name,
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
    unrecorded: int,
) -> None:
    """Record a sign-in with Microsoft that failed before the person was known.

    One row counts all failures of a kind, which share a reference.  ``unrecorded`` is
    the number of further failures that were not recorded before, during a flood.
    """
    counted_events.record(
        connection,
        replace(actor, request_id=reference),
        Event.MICROSOFT_SIGN_IN_FAILED,
        None,
        about=kind,
        unrecorded=unrecorded,
        kind=kind,
        detail=detail,
    )


_REFUSED = JOURNAL.c.event == literal(
    Event.MICROSOFT_SIGN_IN_REFUSED.value, literal_execute=True
)
_FAILED = JOURNAL.c.event == literal(
    Event.MICROSOFT_SIGN_IN_FAILED.value, literal_execute=True
)


def list_recent(connection: Connection) -> Sequence[JournalEntry]:
    """Return the latest sign-ins that were refused or failed, newest first."""
    found: list[JournalEntry] = []
    for kind in (_REFUSED, _FAILED):
        query = select(JOURNAL).where(JOURNAL.c.log == AUDIT, kind)
        latest = query.order_by(JOURNAL.c.at.desc()).limit(MOST_REFUSALS)
        found += every(JournalEntry, connection.execute(latest))
    return sorted(found, key=lambda row: row.at, reverse=True)[:MOST_REFUSALS]


def list_by_reference(connection: Connection, reference: str) -> Sequence[JournalEntry]:
    """Return the refused and failed sign-ins with this reference."""
    if not reference:
        return []
    # Without an order, for which the database would use the index of all refusals.
    this = (
        select(JOURNAL.c.id)
        .where(
            ~JOURNAL.c.succeeded,
            JOURNAL.c.request_id == _normalize_reference(reference),
        )
        .limit(MOST_REFUSALS)
    )
    query = select(JOURNAL).where(JOURNAL.c.id.in_(this), or_(_REFUSED, _FAILED))
    latest = query.order_by(JOURNAL.c.at.desc()).limit(5)
    return every(JournalEntry, connection.execute(latest))


def _normalize_reference(reference: str) -> str:
    """Return a reference as it was shown, correcting case, separators and digits."""
    code = re.sub("[^A-Z2-7]", "", reference[:50].upper().translate(_MISREAD))
    return f"{code[:HALF]}-{code[HALF:]}"
