"""How many requests SCIM clients send: counted in memory, and stored once in a while.

No row is written for a request that changes nothing, so the numbers of the last seconds
are only in memory; ``client_activity`` stores them.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.scim_models import (
    SCIM_CYCLES,
    SCIM_TRAFFIC,
    ScimCycle,
    ScimTraffic,
)

# Requests with less than this between them belong to one cycle.
CYCLE_GAP = timedelta(minutes=10)
# The length of one row of ``scim_traffic``.
INTERVAL = timedelta(minutes=10)
# Tests of the connection are recorded at most this often for each token.
PROBE_INTERVAL = timedelta(minutes=1)


class Kind(StrEnum):
    """What a request was, by the name of the column that counts it."""

    READ = "reads"
    WRITE = "writes"
    REFUSED = "refused"
    PROBE = "probes"


@dataclass
class Unstored:
    """The requests with one token that are not stored yet."""

    actor: Actor
    started_at: datetime
    ended_at: datetime
    counts: dict[Kind, int] = field(default_factory=dict)

    @property
    def columns(self) -> Mapping[str, int]:
        """Return the numbers by the columns that count them."""
        kinds = (Kind.WRITE, Kind.REFUSED, Kind.PROBE)
        counted = {each.value: self.counts.get(each, 0) for each in kinds}
        return counted | {"requests": sum(self.counts.values())}


class TrafficCounter:
    """Counts the requests of an application until they are stored."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, Unstored] = {}
        self._probe_recorded_at: dict[str, datetime] = {}

    @property
    def is_empty(self) -> bool:
        """Is everything stored?"""
        return not self._by_token

    def count(self, token_id: str, actor: Actor, kind: Kind) -> None:
        """Count a request that was just answered."""
        present = now()
        with self._lock:
            tally = self._by_token.get(token_id)
            if tally is None:
                # Its entries would go to a request that has been answered.
                beside = replace(actor, request_id=None, request=None)
                tally = self._by_token[token_id] = Unstored(beside, present, present)
            tally.ended_at = present
            tally.counts[kind] = tally.counts.get(kind, 0) + 1

    def store(self, connection: Connection) -> None:
        """Store what was counted, in the transaction of the caller.

        If that is rolled back, these numbers are lost.  Raises events.NotWritten.
        """
        with self._lock:
            taken, self._by_token = self._by_token, {}
        for token_id, tally in taken.items():
            _add_to_cycle(connection, token_id, tally)
            _add_to_traffic(connection, tally)
            if tally.counts.get(Kind.PROBE) and self._is_probe_due(token_id):
                events.record(connection, tally.actor, Event.CONNECTION_TESTED, None)

    def _is_probe_due(self, token_id: str) -> bool:
        last, present = self._probe_recorded_at.get(token_id), now()
        if last is not None and abs(present - last) < PROBE_INTERVAL:
            return False
        self._probe_recorded_at[token_id] = present
        return True


def _add_to_cycle(connection: Connection, token_id: str, tally: Unstored) -> None:
    cycles = select(SCIM_CYCLES).where(SCIM_CYCLES.c.token_id == token_id)
    latest = cycles.order_by(SCIM_CYCLES.c.ended_at.desc()).limit(1)
    cycle = first(ScimCycle, connection.execute(latest))
    if cycle is None or abs(tally.started_at - cycle.ended_at) >= CYCLE_GAP:
        row = {
            "id": new_id(),
            "token_id": token_id,
            "started_at": tally.started_at,
            "ended_at": tally.ended_at,
            **tally.columns,
        }
        connection.execute(insert(SCIM_CYCLES), row)
        return
    grown = {name: SCIM_CYCLES.c[name] + number for name, number in _items(tally)}
    this = update(SCIM_CYCLES).where(SCIM_CYCLES.c.id == cycle.id)
    connection.execute(this.values(ended_at=tally.ended_at, **grown))


def _add_to_traffic(connection: Connection, tally: Unstored) -> None:
    grown = {name: SCIM_TRAFFIC.c[name] + number for name, number in _items(tally)}
    row = {"started_at": begin_interval(tally.ended_at), **tally.columns}
    connection.execute(
        insert_or_update(SCIM_TRAFFIC).on_conflict_do_update(
            index_elements=["started_at"], set_=grown
        ),
        row,
    )


def _items(tally: Unstored) -> Sequence[tuple[str, int]]:
    return list(tally.columns.items())


def begin_interval(timestamp: datetime) -> datetime:
    """Return the beginning of the ten minutes in which a timestamp is."""
    seconds = timestamp.timestamp() // INTERVAL.total_seconds()
    return datetime.fromtimestamp(seconds * INTERVAL.total_seconds(), timestamp.tzinfo)


def list_since(connection: Connection, start: datetime) -> Sequence[ScimTraffic]:
    """Return the numbers of each ten minutes since then, the oldest first."""
    query = select(SCIM_TRAFFIC).where(SCIM_TRAFFIC.c.started_at >= start)
    ordered = query.order_by(SCIM_TRAFFIC.c.started_at)
    return every(ScimTraffic, connection.execute(ordered))


class Refused(NamedTuple):
    """How many requests were refused, and about when the last of them was."""

    number: int
    last_at: datetime | None


def count_refused(connection: Connection, start: datetime) -> Refused:
    """Return what was refused since then; reads a row for each ten minutes."""
    columns = SCIM_TRAFFIC.c
    query = select(func.sum(columns.refused), func.max(columns.started_at)).where(
        columns.started_at >= start, columns.refused > 0
    )
    number, last_at = connection.execute(query).one()
    return Refused(number or 0, last_at)


def list_latest_cycles(connection: Connection, number: int) -> Sequence[ScimCycle]:
    """Return the latest cycles of all tokens, the newest first."""
    query = select(SCIM_CYCLES).order_by(SCIM_CYCLES.c.ended_at.desc()).limit(number)
    return every(ScimCycle, connection.execute(query))


def find_first_probe(connection: Connection) -> datetime | None:
    """Return the end of the first recorded cycle with a test of the connection."""
    probed = select(SCIM_CYCLES.c.ended_at).where(SCIM_CYCLES.c.probes > 0)
    first_one = probed.order_by(SCIM_CYCLES.c.ended_at).limit(1)
    at: datetime | None = connection.scalar(first_one)
    return at
