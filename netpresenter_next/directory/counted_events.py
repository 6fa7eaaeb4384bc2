"""Counted events: repeated refusals and failures, in a limited number of rows.

One row of the event log stands for all equal events of a quarter of an hour, with their
number and the times of the first and the last one.
"""

import hashlib
import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Fact, Target
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.timestamp_type import Timestamp

# The most rows for one kind of event in a quarter of an hour; one more row counts the
# rest.  Refused sign-ins with Microsoft and refused SCIM requests may have more rows:
# only people of the configured directory, and holders of a token, can cause them.
QUARTER = 15  # minutes
MOST_COUNTED, MOST_REFUSED = 20, 200
CAUSED_BY_KNOWN = (
    Event.MICROSOFT_SIGN_IN_REFUSED,
    Event.SCIM_REFUSED,
    Event.FORMER_TOKEN_REFUSED,
)
REST = "is_rest"

logger = logging.getLogger(__name__)


def record(
    connection: Connection,
    actor: Actor,
    event: Event,
    target: Target | None,
    *,
    about: str,
    unrecorded: int = 0,
    status: int | None = None,
    **facts: Fact,
) -> None:
    """Record a failed event in the row for equal events of this quarter of an hour.

    Events with the same ``about`` are equal.  ``unrecorded`` is the number of further
    events that were not recorded before; they are only counted.  ``status`` is the
    status code of the answer to a SCIM request.  Raises NotWritten.
    """
    quarter = quarter_of(now())
    this = f"{quarter}/{event.value}/{hashlib.sha256(_encoded(about)).hexdigest()[:32]}"
    if not _count_again(connection, this, actor, 1):
        if _is_full(connection, event, quarter):
            unrecorded += 1
        else:
            row = events.make_entry(actor, event, target, facts)
            duration = actor.request.measure() if actor.request else None
            answer = {"status": status, "duration_ms": duration}
            _insert(connection, row | answer, this, 1)
            name = target.name if target else "nobody who is known"
            logger.warning("%s: %s, from %s", event.value, name, actor.address)
    if unrecorded:
        _count_rest(connection, actor, event, quarter, unrecorded)


def quarter_of(timestamp: datetime) -> str:
    """Return the quarter of an hour of a time, as entries are counted by."""
    return f"{timestamp:%Y-%m-%dT%H}:{timestamp.minute // QUARTER * QUARTER:02}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _count_again(connection: Connection, this: str, actor: Actor, number: int) -> bool:
    """Count equal events in their row, if there is one; it shows the last of them."""
    present, first = literal(now(), Timestamp()), JOURNAL.c.at
    last = case((first > present, first), else_=present)  # the clock was set back
    counted = (
        update(JOURNAL)
        .where(JOURNAL.c.counted_as == this)
        .values(
            times=JOURNAL.c.times + number,
            last_at=last,
            address=actor.address,
            request_id=actor.request_id,
        )
    )
    return connection.execute(counted).rowcount > 0


def _is_full(connection: Connection, event: Event, quarter: str) -> bool:
    start = f"{quarter}/{event.value}/"
    rows = JOURNAL.c.counted_as.between(start, start + "~")
    number = connection.scalar(select(func.count()).where(rows)) or 0
    is_known = event in CAUSED_BY_KNOWN
    return number >= (MOST_REFUSED if is_known else MOST_COUNTED)


def _count_rest(
    connection: Connection, actor: Actor, event: Event, quarter: str, number: int
) -> None:
    this = f"{quarter}/{event.value}"  # outside the range that _is_full counts
    nobody = Actor(actor.kind, "")
    if not _count_again(connection, this, nobody, number):
        row = events.make_entry(nobody, event, None, {REST: True})
        _insert(connection, row, this, number)


def _insert(connection: Connection, row: dict[str, Any], this: str, times: int) -> None:
    counted = {"succeeded": False, "counted_as": this, "times": times}
    events.write(connection, row | counted | {"last_at": row["at"]})
