"""Departures: entries of the event log about people who lost their access.

They were disabled, blocked or deleted.  Two indexes have only these entries, so a page
costs the same however large the log is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, or_, select, tuple_, union_all

from netpresenter_next.directory import searching
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.lib.timestamps import read_timestamp
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import (
    DECIDES_ACCESS,
    IS_DEPARTURE,
    JOURNAL,
    JournalEntry,
)
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every

DEPARTURES = (
    Event.PERSON_DISABLED,
    Event.PERSON_BLOCKED,
    Event.PERSON_BLOCKED_AGAIN,
    Event.PERSON_DELETED,
)
RETURNS = (Event.PERSON_ENABLED, Event.PERSON_UNBLOCKED)
SIGN_INS = (
    Event.SIGNED_IN,
    Event.SIGNED_IN_FOR_EMERGENCY,
    Event.SIGNED_IN_WITH_MICROSOFT,
)
# The events that decide who has access, which an index lists for each person.
DECIDING = (
    *DEPARTURES,
    *RETURNS,
    Event.PERSON_CREATED,
    Event.PERSON_ALLOWED_AGAIN,
)
# What else proves who had access; anybody can cause some of these entries.
ATTEMPTS = (
    Event.SIGN_IN_FAILED,
    Event.SIGN_IN_REFUSED,
    Event.MICROSOFT_SIGN_IN_REFUSED,
    Event.PASSWORD_SET,
)
# So many entries of each deciding event are read, of the sign-ins, and of the others.
MOST_MATCHES, MOST_EVIDENCE = 50, 100


class Position(NamedTuple):
    """Where an entry is in the list: its time, and its id among equal times."""

    at: datetime
    id: str


@dataclass(frozen=True)
class Filter:
    """Which departures to list: of some people, and from when until when."""

    people: Sequence[str] | None = None
    start: datetime | None = None
    end: datetime | None = None


class DeparturePage(NamedTuple):
    """Departures, newest first, and the positions of the pages around them."""

    rows: Sequence[JournalEntry]
    newer: Position | None
    older: Position | None


@dataclass(frozen=True)
class Departure:
    """A departure with what its entry recorded; old entries recorded less."""

    row: JournalEntry

    @property
    def sessions_ended(self) -> int | None:
        """Return how many sessions ended; None if that was not recorded."""
        number = (self.row.facts or {}).get("sessions_ended")
        return number if isinstance(number, int) else None

    @property
    def last_seen_at(self) -> datetime | None:
        """Return when the last of these sessions was used."""
        return read_timestamp((self.row.facts or {}).get("last_seen"))

    @property
    def requested_at(self) -> datetime | None:
        """Return when the request of provisioning arrived."""
        return read_timestamp((self.row.facts or {}).get("requested_at"))

    @property
    def milliseconds(self) -> float | None:
        """Return the time from the arrival of the request to the end of sessions."""
        if self.requested_at is None:
            return None
        return round((self.row.at - self.requested_at).total_seconds() * 1_000, 1)


def find_people(connection: Connection, text: str) -> Sequence[str]:
    """Return the ids of the people whom a text names: by id, user name, or a search.

    Deleted people are found by id and, while it is kept, by user name.
    """
    columns, key = DELETED_PEOPLE.c, fold(text)
    for query in (
        select(USERS.c.id).where(or_(USERS.c.id == text, USERS.c.user_name_key == key)),
        select(columns.user_id).where(
            or_(columns.user_id == text, columns.user_name_key == key)
        ),
    ):
        if found := connection.scalars(query.limit(MOST_MATCHES)).all():
            return found
    if as_guid(text):
        return [text]
    return searching.find_people(connection, text).ids[:MOST_MATCHES]


def read_page(
    connection: Connection,
    wanted: Filter,
    start: Position | None,
    size: int,
    *,
    is_ascending: bool = False,
) -> DeparturePage:
    """Return the page after a position: older departures, or newer ones."""
    found = _read(connection, wanted, start, size + 1, is_ascending=is_ascending)
    if is_ascending and len(found) <= size:  # the page reaches the newest departure
        return read_page(connection, wanted, None, size)
    rows, more = found[:size], len(found) > size
    if is_ascending:
        rows = rows[::-1]
    newer = position_of(rows[0]) if rows and start else None
    older = position_of(rows[-1]) if rows and (more or is_ascending) else None
    return DeparturePage(rows, newer, older)


def position_of(row: JournalEntry) -> Position:
    """Return where an entry is in the list."""
    return Position(row.at, row.id)


def read_all(wanted: Filter, size: int) -> Iterator[Sequence[JournalEntry]]:
    """Yield all departures, newest first; each batch has a transaction of its own."""
    start: Position | None = None
    while True:
        with database.read() as connection:
            rows = _read(connection, wanted, start, size)
        if not rows:
            return
        yield rows
        start = position_of(rows[-1])


def _read(
    connection: Connection,
    wanted: Filter,
    start: Position | None,
    most: int,
    *,
    is_ascending: bool = False,
) -> Sequence[JournalEntry]:
    key = (JOURNAL.c.at, JOURNAL.c.id)
    query = _select(wanted).limit(most)
    if is_ascending:
        query = query.order_by(*key)
    else:
        query = query.order_by(*(each.desc() for each in key))
    if start is not None:
        here, there = tuple_(*key), tuple_(*start)
        query = query.where(here > there if is_ascending else here < there)
    return every(JournalEntry, connection.execute(query))


def _select(wanted: Filter) -> Select[JournalEntry]:
    query = select(JOURNAL).where(IS_DEPARTURE)
    if wanted.people is not None:
        query = query.where(JOURNAL.c.target_id.in_(wanted.people))
    if wanted.start is not None:
        query = query.where(JOURNAL.c.at >= wanted.start)
    if wanted.end is not None:
        query = query.where(JOURNAL.c.at < wanted.end)
    return query


class Evidence(NamedTuple):
    """The entries about the access of one person, oldest first."""

    rows: Sequence[JournalEntry]
    # Whether there are more, older ones.
    is_cut: bool


def list_evidence(connection: Connection, user_id: str) -> Evidence:
    """Return the newest entries about the access of one person.

    Each event that decides about access is read by itself, so that neither sign-ins nor
    what somebody does very often displaces since when a person is out.
    """
    found: list[JournalEntry] = []
    parts = [select(_newest_deciding(user_id, each).subquery()) for each in DECIDING]
    found += every(JournalEntry, connection.execute(union_all(*parts)))
    is_cut = any(
        sum(row.event == event for row in found) >= MOST_EVIDENCE for event in DECIDING
    )
    for kinds in (SIGN_INS, ATTEMPTS):
        is_kind = JOURNAL.c.event.in_([each.value for each in kinds])
        query = _select_newest(user_id).where(is_kind)
        rows = every(JournalEntry, connection.execute(query))
        is_cut = is_cut or len(rows) >= MOST_EVIDENCE
        found += rows
    return Evidence(sorted(found, key=position_of), is_cut)


def _newest_deciding(user_id: str, event: Event) -> Select[JournalEntry]:
    is_event = JOURNAL.c.event == event.value
    return _select_newest(user_id).where(DECIDES_ACCESS, is_event)


def _select_newest(user_id: str) -> Select[JournalEntry]:
    query = select(JOURNAL).where(JOURNAL.c.target_id == user_id)
    newest = query.order_by(JOURNAL.c.at.desc(), JOURNAL.c.id.desc())
    return newest.limit(MOST_EVIDENCE)


@dataclass(frozen=True)
class Absence:
    """How the evidence about a person ends: without access, or not."""

    # The first departure after the last return; None for somebody who has access.
    departure: Departure | None
    # Sign-ins after it, which there must not be.
    sign_ins: Sequence[JournalEntry]


def find_absence(
    evidence: Sequence[JournalEntry], *, has_access: bool = False
) -> Absence:
    """Return since when a person has no access, from entries in the order of time.

    Somebody can be disabled and blocked at once: each of both has to end.  None for
    whoever has access now (``has_access``), whatever the entries say: that of a
    departure can be kept longer than that of the return.
    """
    if has_access:
        return Absence(None, ())
    open_departures: dict[str, JournalEntry] = {}
    first: JournalEntry | None = None
    for row in evidence:
        if row.event in DEPARTURES or is_created_disabled(row):
            open_departures.setdefault(_ended_by(row.event), row)
            first = first or row
        elif row.event in RETURNS:
            open_departures.pop(row.event, None)
            first = first if open_departures else None
    if first is None:
        return Absence(None, ())
    later = (row for row in evidence if row.event in SIGN_INS and row.at > first.at)
    return Absence(Departure(first), tuple(later))


def is_created_disabled(row: JournalEntry) -> bool:
    """Does the entry say that somebody was created without access?"""
    is_creation = row.event == Event.PERSON_CREATED
    return is_creation and (row.facts or {}).get("is_active") is False


def _ended_by(departure: str) -> str:
    """Return the event that ends a departure; the id of a deleted person never returns.

    A block that was set again ends like any other.
    """
    return {
        Event.PERSON_CREATED.value: Event.PERSON_ENABLED.value,
        Event.PERSON_DISABLED.value: Event.PERSON_ENABLED.value,
        Event.PERSON_BLOCKED.value: Event.PERSON_UNBLOCKED.value,
        Event.PERSON_BLOCKED_AGAIN.value: Event.PERSON_UNBLOCKED.value,
        Event.PERSON_DELETED.value: "",
    }[departure]
