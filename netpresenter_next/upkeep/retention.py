"""Deleting old rows, in batches that do not delay other writers.

A batch is one write transaction.  Its number of rows is adapted to the duration of the
previous one, and other writers get a turn in the pause between two batches.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, delete, func, select

from netpresenter_next.directory import (
    alarm_queue,
    deletions,
    events,
    guesses,
    password_links,
    people_imports,
    session_lifetime,
    sessions,
    unlocking,
)
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.text import format_count
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES
from netpresenter_next.storage.event_models import JOURNAL, is_in_log
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.storage.link_models import PASSWORD_LINKS
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.storage.scim_models import SCIM_CYCLES, SCIM_TRAFFIC
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS
from netpresenter_next.storage.throttle_models import GUESSES, UNLOCKS
from netpresenter_next.upkeep.settings import PRUNE, read_runs, read_settings

# Seconds: the target duration of a batch, and the pause after it.
TARGET, PAUSE = 0.015, 0.05
FIRST_BATCH, SMALLEST_BATCH, LARGEST_BATCH = 10, 10, 2_000
# Expired rows are kept a day longer, in case the clock is wrong.
GRACE = timedelta(days=1)
# The chart of requests shows one day; pages count the refused ones of a week.
TRAFFIC_KEPT = timedelta(days=8)
# After a clock change of this size, or this long without a running server, nothing is
# deleted for so many seconds.
LARGEST_STEP, LONGEST_ABSENCE = timedelta(days=1), timedelta(days=7)
GUARD_SECONDS = 86_400.0

Pause = Callable[[float], None]


class ClockIsWrong(NotDone):
    """The clock may be wrong, so nothing is deleted; the message says what to do."""


class Batch:
    """The number of rows that one transaction deletes or writes."""

    def __init__(self) -> None:
        self.rows = FIRST_BATCH

    def adapt(self, seconds: float) -> None:
        """Adapt the number of rows to the duration of the last batch.

        It at most doubles, because the duration of larger batches is unknown.
        """
        factor = min(2.0, TARGET / max(seconds, 1e-6))
        self.rows = max(SMALLEST_BATCH, min(LARGEST_BATCH, int(self.rows * factor)))


class RowKind(NamedTuple):
    """A kind of rows that are deleted: its name for the note, and its function.

    ``delete`` takes the maximum number of rows, and returns the number it deleted.
    """

    name: str
    delete: Callable[[Connection, int], int]


def prune(pause: Pause) -> str:
    """Delete the rows that are no longer needed; returns a note of their numbers.

    ``pause`` waits for some seconds, and raises Stopped when the server stops.  Raises
    ClockIsWrong, and Busy.
    """
    with database.read() as connection:
        last = read_runs(connection).get(PRUNE)
    _clock_guard.check(last.ended_at if last else None)
    notes = []
    for kind in list_kinds():
        batch, number = Batch(), 0
        while (deleted := _delete_batch(kind, batch, pause)) is not None:
            number += deleted
        if number:
            notes.append(f"{kind.name}: {number:,}.")
    return " ".join(notes) or "Nothing was old enough to be deleted."


class ClockGuard:
    """Prevents deletions for a day after a large change of the clock.

    A clock that is set forward by mistake would delete the whole log within an hour.
    """

    def __init__(self) -> None:
        self._reason: str | None = None  # the reason found at the first call, if any
        self._since: float | None = None

    def check(self, last: datetime | None) -> None:
        """Raise ClockIsWrong after a large change of the clock.

        ``last`` is the time of the last run; the first call compares it with the clock.
        """
        if self._reason is None:
            self._reason = _describe_absence(last)
        if not (reason := _describe_clock_step() or self._reason):
            self._since = None
            return
        present = timestamps.monotonic_time()
        self._since = present if self._since is None else self._since
        if present - self._since < GUARD_SECONDS:
            raise ClockIsWrong(
                f"{reason}, so nothing is deleted for a day: correct the clock if it "
                "is wrong."
            )


def _describe_absence(last: datetime | None) -> str:
    absence = now() - last if last else timedelta(0)
    if absence <= LONGEST_ABSENCE:
        return ""
    return f"The server was off for {_count_days(absence)}"


def _describe_clock_step() -> str:
    step = timedelta(seconds=time.time() - timestamps.monotonic_time())
    if abs(step) < LARGEST_STEP:
        return ""
    direction = "forward" if step > timedelta(0) else "back"
    days = _count_days(abs(step))
    return f"The clock was set {direction} by {days} while the server ran"


def _count_days(duration: timedelta) -> str:
    return format_count(round(duration / timedelta(days=1)), "day")


_clock_guard = ClockGuard()


def _delete_batch(kind: RowKind, batch: Batch, pause: Pause) -> int | None:
    """Delete one batch of rows; returns their number, None where no rows are left."""
    limit = batch.rows
    with database.write() as connection:
        start = time.monotonic()
        number = kind.delete(connection, limit)
    if not number:
        return None
    # The commit is included: other writers wait for the disk then.
    batch.adapt(time.monotonic() - start)
    pause(PAUSE)
    return number


# --------------------------------------------------------------- kinds of rows
def list_kinds() -> Iterator[RowKind]:
    """Return the kinds of rows to delete, with limits from the current settings."""
    with database.read() as connection:
        kept = read_settings(connection)
        idle = session_lifetime.read_lifetime(connection).idle
    for log, days in (
        (events.PROVISIONING, kept.provisioning_days),
        (events.AUDIT, kept.audit_days),
    ):
        entries = select_old_entries(log, now() - timedelta(days=days))
        yield _make_kind(f"Entries of the {log} log", JOURNAL, entries)
    yield from _list_kinds_of_activity(kept.provisioning_days)
    yield RowKind(
        "Sessions with a time in the future corrected",
        session_lifetime.correct_some_future_times,
    )
    # A session past its absolute limit is not used again, so it soon becomes idle.
    over = select_old(SESSIONS.c.digest, SESSIONS.c.seen_at, now() - idle - GRACE)
    yield _make_kind("Expired sessions", SESSIONS, over)
    yield RowKind(
        "Sessions over the limit of a person deleted", sessions.end_some_over_limit
    )
    yield RowKind("Names of deleted people removed", deletions.forget_names)
    cut = now() - timedelta(days=kept.audit_days)
    notices = select_old(EMERGENCY_SIGN_INS.c.id, EMERGENCY_SIGN_INS.c.at, cut)
    yield _make_kind("Notices of emergency access", EMERGENCY_SIGN_INS, notices)
    guessed = select_old(
        GUESSES.c.id, GUESSES.c.at, timestamps.monotonic_time() - 2 * guesses.HOUR
    )
    yield _make_kind("Records of wrong passwords", GUESSES, guessed)
    cut = now() - unlocking.VALID_FOR - GRACE
    unlocked = select_old(UNLOCKS.c.user_id, UNLOCKS.c.unlocked_at, cut)
    yield _make_kind("Expired unlocks", UNLOCKS, unlocked)
    made_at, cut = PASSWORD_LINKS.c.made_at, now() - password_links.KEPT_FOR
    links = select_old(PASSWORD_LINKS.c.id, made_at, cut)
    yield _make_kind("Old one-time links", PASSWORD_LINKS, links)
    created_at, cut = ALARM_MESSAGES.c.created_at, now() - alarm_queue.KEPT_FOR
    told = select_old(ALARM_MESSAGES.c.id, created_at, cut)
    yield _make_kind("Messages about alarms", ALARM_MESSAGES, told)
    yield RowKind("Rows of imports deleted", people_imports.delete_some)


def _list_kinds_of_activity(days: int) -> Iterator[RowKind]:
    cut, start = now() - timedelta(days=days), SCIM_TRAFFIC.c.started_at
    cycles = select_old(SCIM_CYCLES.c.id, SCIM_CYCLES.c.ended_at, cut)
    yield _make_kind("Cycles of SCIM clients", SCIM_CYCLES, cycles)
    traffic = select_old(start, start, now() - TRAFFIC_KEPT)
    yield _make_kind("Numbers of SCIM requests", SCIM_TRAFFIC, traffic)


def select_old_entries(log: str, cut: datetime) -> Select[Any]:
    """Select the log entries before a time; a counted entry by its last time."""
    last = func.coalesce(JOURNAL.c.last_at, JOURNAL.c.at)
    older = select(JOURNAL.c.id).where(is_in_log(log), JOURNAL.c.at < cut)
    return older.where(last < cut).order_by(JOURNAL.c.at)


def select_old(
    key: Column[Any], timestamp: Column[Any], cut: datetime | float
) -> Select[Any]:
    """Select the keys of the rows with a timestamp before ``cut``, oldest first."""
    return select(key).where(timestamp < cut).order_by(timestamp)


def _make_kind(name: str, table: Table, keys: Select[Any]) -> RowKind:
    (key,) = table.primary_key.columns

    def delete_rows(connection: Connection, limit: int) -> int:
        batch = delete(table).where(key.in_(keys.limit(limit)))
        return connection.execute(batch).rowcount

    return RowKind(f"{name} deleted", delete_rows)
