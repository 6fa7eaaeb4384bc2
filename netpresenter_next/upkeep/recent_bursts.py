"""Times of the last days at which many people were disabled or deleted together."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.event_models import IS_DEPARTURE, JOURNAL, JournalEntry
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.totals import count_some
from netpresenter_next.upkeep.mass_disabling import (
    MOST_READ,
    WINDOW,
    Actor,
    Burst,
    Removal,
    choose_burst,
)

SHOWN_FOR = timedelta(days=7)
MOST_BURSTS, MOST_NAMES = 3, 10


class ShownBurst(NamedTuple):
    """Many people who lost their access together: how many, who, and by whom."""

    first: JournalEntry
    last: JournalEntry
    number: int
    names: Sequence[str]
    # The names of those who did it: one, or several tokens.
    actors: Sequence[str]


def find_bursts(connection: Connection) -> Sequence[ShownBurst]:
    """Return the latest bursts, newest first; reads at most ``MOST_READ`` entries."""
    rows = _list_removals(connection)
    active = select(USERS.c.id).where(USERS.c.source.in_(Source), USERS.c.active)
    still_active = count_some(connection, active) if rows else 0
    found: list[ShownBurst] = []
    while burst := choose_burst(
        [Removal(row.at, str(row.target_id), _find_actor(row)) for row in rows],
        still_active,
    ):
        found.append(_describe(rows, burst))
        rows = [row for row in rows if not _is_past(row, burst)]
    newest = sorted(found, key=lambda burst: burst.first.at, reverse=True)
    return newest[:MOST_BURSTS]


def _find_actor(row: JournalEntry) -> Actor:
    return Actor(row.actor_kind, row.actor_name, row.actor_id)


def _is_past(row: JournalEntry, burst: Burst) -> bool:
    """Did whoever made the burst do this during it, or before?"""
    return _is_theirs(row, burst) and row.at - burst.at <= WINDOW


def _is_theirs(row: JournalEntry, burst: Burst) -> bool:
    return _find_actor(row).key == burst.by[0].key


def _list_removals(connection: Connection) -> list[JournalEntry]:
    """Return who was disabled, or deleted while active, in the order of time."""
    query = select(JOURNAL).where(IS_DEPARTURE, JOURNAL.c.at > now() - SHOWN_FOR)
    newest = query.order_by(JOURNAL.c.at.desc(), JOURNAL.c.id.desc())
    rows = every(JournalEntry, connection.execute(newest.limit(MOST_READ)))
    return [row for row in reversed(rows) if _is_removal(row)]


def _is_removal(row: JournalEntry) -> bool:
    if row.event == Event.PERSON_DELETED:
        return bool((row.facts or {}).get("was_active"))
    return row.event == Event.PERSON_DISABLED


def _describe(rows: Sequence[JournalEntry], burst: Burst) -> ShownBurst:
    people = set(burst.people)
    within = [
        row
        for row in rows
        if row.target_id in people
        and _is_theirs(row, burst)
        and timedelta(0) <= row.at - burst.at <= WINDOW
    ]
    actors = [each.name for each in burst.by]
    named = list(dict.fromkeys(str(row.target_name) for row in within))
    return ShownBurst(within[0], within[-1], len(people), named[:MOST_NAMES], actors)
