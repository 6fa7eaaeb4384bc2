"""Exports of the list of people, in the event log: who, when, which people, how many.

The entry is written before anybody is sent.  Equal exports of a quarter of an hour are
counted in one entry, so that a script cannot fill the log.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Connection, select, update

from netpresenter_next.directory import counted_events, events
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL


def begin(connection: Connection, actor: Actor, filters: Sequence[str]) -> str:
    """Record that an export begins; returns the id of its entry.

    ``filters`` are words of closed lists, never a text that may name somebody.  Raises
    NotWritten.
    """
    this = _identify(actor, filters)
    again = (
        update(JOURNAL)
        .where(JOURNAL.c.counted_as == this)
        .values(times=JOURNAL.c.times + 1, last_at=now(), address=actor.address)
    )
    if entry_id := connection.scalar(again.returning(JOURNAL.c.id)):
        return str(entry_id)
    at, entry_id = events.record(
        connection,
        actor,
        Event.PEOPLE_EXPORTED,
        None,
        filters=list(filters),
        number=0,
        is_complete=False,
    )
    written = update(JOURNAL).where(JOURNAL.c.id == entry_id)
    connection.execute(written.values(counted_as=this, last_at=at))
    return entry_id


def _identify(actor: Actor, filters: Sequence[str]) -> str:
    about = "\n".join((actor.id or actor.name, *filters))
    digest = hashlib.sha256(about.encode()).hexdigest()[:32]
    quarter = counted_events.quarter_of(now())
    return f"{quarter}/{Event.PEOPLE_EXPORTED.value}/{digest}"


def end(entry_id: str, number: int) -> None:
    """Record, if the log can be written, that so many people were sent to the end."""
    this = JOURNAL.c.id == entry_id
    with suppress(*database.WRITE_FAILURES), database.write() as connection:
        facts = connection.scalar(select(JOURNAL.c.facts).where(this))
        complete = {**(facts or {}), "number": number, "is_complete": True}
        connection.execute(update(JOURNAL).where(this).values(facts=complete))
