"""Sign-ins with Microsoft that were refused or failed: recording and finding them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    Tuple,
    literal,
    select,
    tuple_,
)

from netpresenter_next.directory import conflicts, counted_events
from netpresenter_next.directory.events import AUDIT, Actor, Event, target_of_person
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.directory.sorted_lists import Part, Position
from netpresenter_next.lib.text import fold, parse_datetime
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.microsoft.errors import may_be_made_up
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.timestamp_type import Timestamp
from netpresenter_next.storage.totals import count_some

MOST_REFUSALS, MOST_SHOWN, HALF = 10, 5, 4
MOST_EXAMINED, MOST_OF_ACCOUNT = 500, 3
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

    One row counts all failures of a kind, which share a reference; another one those
    that anybody can make up, so that they hide no others.  ``unrecorded`` is
    the number of further failures that were not recorded before, during a flood.
    """
    counted_events.record(
        connection,
        replace(actor, request_id=reference),
        Event.MICROSOFT_SIGN_IN_FAILED,
        None,
        about=f"{kind} made up" if may_be_made_up(detail) else kind,
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
_KINDS = (_REFUSED, _FAILED)
# Not also by ``succeeded``: the database would use the index of all that failed.
_IS_IN_LIST = JOURNAL.c.log == AUDIT


class RecentRefusals:
    """The sign-ins that were refused or failed, newest first, for ``sorted_lists``.

    The key of a position is the time, in ISO 8601.  The index has the entries of each
    kind in the order of time.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part, merged from both kinds."""
        found = [each for kind in _KINDS for each in self._read(kind, part, most)]
        return sorted(found, reverse=not part.is_backwards)[:most]

    def _read(
        self, kind: ColumnElement[bool], part: Part, most: int
    ) -> Iterator[Position]:
        order = (JOURNAL.c.at, JOURNAL.c.id)
        query = select(*order).where(kind, _IS_IN_LIST)
        if part.is_backwards:
            query = query.order_by(*order)
        else:
            query = query.order_by(*(each.desc() for each in order))
        if (start := _start_of(part)) is not None:
            here = tuple_(*order)
            query = query.where(here > start if part.is_backwards else here < start)
        for row in self._connection.execute(query.limit(most)):
            yield Position(row.at.isoformat(), row.id)

    def count(self) -> int:
        """Count the entries, each kind up to one more than ``MOST_COUNTED``."""
        return sum(
            count_some(self._connection, select(JOURNAL.c.id).where(kind, _IS_IN_LIST))
            for kind in _KINDS
        )


def _start_of(part: Part) -> Tuple | None:
    """Return the position where a part begins; None for the first or last rows."""
    if part.position is None:
        return None
    at = parse_datetime(part.position.key)
    if at is None:
        return None
    return tuple_(literal(at, Timestamp()), literal(part.position.id))


def load(connection: Connection, ids: Sequence[str]) -> Mapping[str, JournalEntry]:
    """Return entries by their ids."""
    query = select(JOURNAL).where(JOURNAL.c.id.in_(ids))
    rows = every(JournalEntry, connection.execute(query))
    return {each.id: each for each in rows}


def find_latest_failure(connection: Connection) -> JournalEntry | None:
    """Return the latest sign-in that failed before the person was known."""
    query = select(JOURNAL).where(_FAILED, _IS_IN_LIST)
    latest = query.order_by(JOURNAL.c.at.desc()).limit(1)
    return first(JournalEntry, connection.execute(latest))


def list_of_account(connection: Connection, account: str) -> Sequence[JournalEntry]:
    """Return the refused sign-ins of a Microsoft account, by its user name.

    Only the latest ``MOST_EXAMINED`` refusals are looked at.
    """
    query = select(JOURNAL).where(_REFUSED, _IS_IN_LIST)
    latest = query.order_by(JOURNAL.c.at.desc()).limit(MOST_EXAMINED)
    wanted = fold(account)
    rows = every(JournalEntry, connection.execute(latest))
    found = [
        each for each in rows if fold((each.facts or {}).get("account", "")) == wanted
    ]
    return found[:MOST_OF_ACCOUNT]


def list_by_reference(connection: Connection, reference: str) -> Sequence[JournalEntry]:
    """Return the refused and failed sign-ins with this reference."""
    if not reference:
        return []
    # By the reference alone: with the events, the database would use their index.
    query = select(JOURNAL).where(
        ~JOURNAL.c.succeeded,
        JOURNAL.c.request_id == _normalize_reference(reference),
    )
    rows = every(JournalEntry, connection.execute(query.limit(MOST_REFUSALS)))
    kinds = (Event.MICROSOFT_SIGN_IN_REFUSED, Event.MICROSOFT_SIGN_IN_FAILED)
    found = [each for each in rows if each.event in kinds]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST_SHOWN]


def is_reference(text: str) -> bool:
    """Is a text written like a reference, with its hyphen?"""
    return re.fullmatch("[A-Z2-7]{4}-[A-Z2-7]{4}", text.strip().upper()) is not None


def _normalize_reference(reference: str) -> str:
    """Return a reference as it was shown, correcting case, separators and digits."""
    code = re.sub("[^A-Z2-7]", "", reference[:50].upper().translate(_MISREAD))
    return f"{code[:HALF]}-{code[HALF:]}"
