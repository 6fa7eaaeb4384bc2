"""Detecting that somebody disabled or deleted many people within a short time.

What provisioning and each administrator did is counted apart: five people whom an
administrator disables, and five whom provisioning does, are no accident of either.  All
tokens are provisioning, so a mistake that two of them share is noticed, too.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from netpresenter_next.directory.events import SCIM, Event
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.ids import first_id_at
from netpresenter_next.storage.models import USERS

WINDOW = timedelta(minutes=15)
# So many are always many; in a small organisation a fifth is, but at least FEWEST.
MANY, FEWEST, FIFTH = 10, 3, 5
MOST_READ = 1_000


class Actor(NamedTuple):
    """Who disabled or deleted people: a token, an administrator or a command."""

    kind: str
    name: str
    id: str | None

    @property
    def key(self) -> tuple[str, str]:
        """By whom to count: all tokens are one, a person stays one with a new name."""
        return self.kind, "" if self.kind == SCIM else self.id or self.name


class Removal(NamedTuple):
    """A person who was disabled or deleted, when, and by whom."""

    at: datetime
    user_id: str
    by: Actor = Actor("", "", None)


class Burst(NamedTuple):
    """Many people whom one disabled or deleted within ``WINDOW``, and since when.

    ``by`` is who did it, or several tokens.
    """

    at: datetime
    people: Sequence[str]
    by: Sequence[Actor]


def is_many(removed: int, still_active: int) -> bool:
    """Are so many people many, where so many others are still active?"""
    fifth = -(-(removed + still_active) // FIFTH)
    return removed >= min(MANY, max(FEWEST, fifth))


def find_burst(connection: Connection, start: datetime, last_id: str) -> Burst | None:
    """Return the first burst that ends between these two entries of the event log."""
    removals = _list_removals(connection, start - WINDOW, last_id)
    return choose_burst(removals, _count_active(connection))


def choose_burst(removals: Sequence[Removal], still_active: int) -> Burst | None:
    """Return the first burst among people who were removed, in the order of time."""
    theirs: dict[tuple[str, str], list[Removal]] = {}
    for each in removals:
        theirs.setdefault(each.by.key, []).append(each)
    found = (_choose_burst_of_one(each, still_active) for each in theirs.values())
    return min(filter(None, found), key=lambda burst: burst.at, default=None)


def _choose_burst_of_one(
    removals: Sequence[Removal], still_active: int
) -> Burst | None:
    counts: Counter[str] = Counter()
    first = 0
    for each in removals:
        counts[each.user_id] += 1
        while each.at - removals[first].at > WINDOW:
            counts -= Counter([removals[first].user_id])
            first += 1
        if is_many(len(counts), still_active):
            since = removals[first].at
            within = [one for one in removals[first:] if one.at - since <= WINDOW]
            people = dict.fromkeys(one.user_id for one in within)
            return Burst(since, list(people), _list_actors(within))
    return None


def _list_actors(removals: Sequence[Removal]) -> Sequence[Actor]:
    """Return who did it, each once with the first name."""
    actors: dict[str, Actor] = {}
    for each in removals:
        actors.setdefault(each.by.id or each.by.name, each.by)
    return list(actors.values())


def _list_removals(
    connection: Connection, start: datetime, last_id: str
) -> Sequence[Removal]:
    """Return the people who were disabled, or deleted while they were active."""
    columns = JOURNAL.c
    was_active = columns.facts["was_active"].as_boolean()
    actor = columns.actor_kind, columns.actor_name, columns.actor_id
    query = select(columns.at, columns.target_id, *actor).where(
        columns.id >= first_id_at(start),
        columns.id <= last_id,
        or_(
            columns.event == Event.PERSON_DISABLED.value,
            (columns.event == Event.PERSON_DELETED.value) & was_active,
        ),
    )
    rows = connection.execute(query.order_by(columns.id).limit(MOST_READ))
    return [Removal(row[0], row[1], Actor(*row[2:])) for row in rows]


def _count_active(connection: Connection) -> int:
    """Count active people, up to the number of which ``MANY`` are a fifth."""
    # With the source, because the index begins with it.
    active = select(USERS.c.id).where(USERS.c.source.in_(Source), USERS.c.active)
    some = active.limit(MANY * FIFTH).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
