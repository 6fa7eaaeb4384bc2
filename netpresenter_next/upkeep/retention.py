"""What grows is bounded: old rows go, a few at a time, so that nobody has to wait.

A batch is one write transaction.  How many rows it has follows from how long the last
one took, and between two there is a pause in which others write.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, delete, func, select

from netpresenter_next.directory import (
    deletions,
    events,
    guesses,
    session_lifetime,
    sessions,
    unlocking,
)
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.text import count
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS
from netpresenter_next.storage.throttle_models import GUESSES, UNLOCKS
from netpresenter_next.upkeep.settings import PRUNE, runs, settings

# Seconds: what a batch should take, and how long others may write before the next.
TARGET, PAUSE = 0.015, 0.05
FIRST, FEWEST, MOST = 10, 10, 2_000
# Rows that decide nothing any more are kept a day longer: a clock may be wrong.
GRACE = timedelta(days=1)
# A clock that was set by so much, or a server that was off for so long, is not believed
# for so many seconds.
LARGEST_STEP, LONGEST_ABSENCE = timedelta(days=1), timedelta(days=7)
DOUBTED_FOR = 86_400.0

Pause = Callable[[float], None]


class ClockIsWrong(NotDone):
    """Nothing is deleted by a clock that may be wrong; the message says what to do."""


class Batch:
    """How many rows are deleted at once."""

    def __init__(self) -> None:
        self.rows = FIRST

    def adapt(self, seconds: float) -> None:
        """Take as many rows as would have taken the time that a batch should take.

        At most twice as many as the last time, of which one knows how long it took.
        """
        factor = min(2.0, TARGET / max(seconds, 1e-6))
        self.rows = max(FEWEST, min(MOST, int(self.rows * factor)))


class Kind(NamedTuple):
    """Rows of one kind that go: what is said of them, and what lets go of some.

    ``forget`` takes how many at most and returns how many it were.
    """

    name: str
    forget: Callable[[Connection, int], int]


def prune(pause: Pause) -> str:
    """Let go of what need not be kept any longer; returns what that was, in words.

    ``pause`` waits for some seconds, and raises when there is no time left.  Raises
    ClockIsWrong, and Busy.
    """
    with database.read() as connection:
        last = runs(connection).get(PRUNE)
    _doubt.raise_any(last.ended_at if last else None)
    gone = []
    for kind in kinds():
        batch, number = Batch(), 0
        while (some := _forget(kind, batch, pause)) is not None:
            number += some
        if number:
            gone.append(f"{kind.name}: {number:,}.")
    return " ".join(gone) or "Nothing was old enough to be deleted."


class Doubt:
    """Whether the clock is to be believed: not for a day after it went by leaps.

    Set forward by mistake, it would let a whole journal go within the hour.
    """

    def __init__(self) -> None:
        self._why: str | None = None  # of what was found at the first look
        self._since: float | None = None

    def raise_any(self, last: datetime | None) -> None:
        """Raise ClockIsWrong where the clock leapt; ``last`` is of before the start."""
        if self._why is None:
            self._why = _absence(last)
        if not (why := _step() or self._why):
            self._since = None
            return
        present = timestamps.steady()
        self._since = present if self._since is None else self._since
        if present - self._since < DOUBTED_FOR:
            raise ClockIsWrong(
                f"{why}, so nothing is deleted for a day: correct the clock if it is "
                "wrong."
            )


def _absence(last: datetime | None) -> str:
    gone = now() - last if last else timedelta(0)
    return f"The server was off for {_days(gone)}" if gone > LONGEST_ABSENCE else ""


def _step() -> str:
    step = timedelta(seconds=time.time() - timestamps.steady())
    if abs(step) < LARGEST_STEP:
        return ""
    way = "forward" if step > timedelta(0) else "back"
    return f"The clock was set {way} by {_days(abs(step))} while the server ran"


def _days(some: timedelta) -> str:
    return count(round(some / timedelta(days=1)), "day")


_doubt = Doubt()


def _forget(kind: Kind, batch: Batch, pause: Pause) -> int | None:
    """Let go of some rows; returns how many, None where none are left."""
    most = batch.rows
    with database.write() as connection:
        start = time.monotonic()
        number = kind.forget(connection, most)
    if not number:
        return None
    # The commit counts: that is when others wait for the disk.
    batch.adapt(time.monotonic() - start)
    pause(PAUSE)
    return number


# --------------------------------------------------------------- what goes
def kinds() -> Iterator[Kind]:
    """Return what goes, by the settings of now."""
    with database.read() as connection:
        kept = settings(connection)
        idle = session_lifetime.lifetime(connection).idle
    for log, days in (
        (events.PROVISIONING, kept.provisioning_days),
        (events.AUDIT, kept.audit_days),
    ):
        entries = of_journal(log, now() - timedelta(days=days))
        yield _deletion(f"Entries of the {log} log", JOURNAL, entries)
    yield Kind(
        "Sessions with a time in the future corrected", session_lifetime.bring_some_back
    )
    # Whoever is out by the absolute limit is seen no more, so idle before long.
    over = old(SESSIONS.c.digest, SESSIONS.c.seen_at, now() - idle - GRACE)
    yield _deletion("Expired sessions", SESSIONS, over)
    yield Kind("Sessions over the limit of a person deleted", sessions.end_surplus)
    yield Kind("Names of deleted people removed", deletions.forget_names)
    cut = now() - timedelta(days=kept.audit_days)
    notices = old(EMERGENCY_SIGN_INS.c.id, EMERGENCY_SIGN_INS.c.at, cut)
    yield _deletion("Notices of emergency access", EMERGENCY_SIGN_INS, notices)
    guessed = old(GUESSES.c.id, GUESSES.c.at, timestamps.steady() - 2 * guesses.HOUR)
    yield _deletion("Records of wrong passwords", GUESSES, guessed)
    cut = now() - unlocking.VALID_FOR - GRACE
    unlocked = old(UNLOCKS.c.user_id, UNLOCKS.c.unlocked_at, cut)
    yield _deletion("Expired unlocks", UNLOCKS, unlocked)


def of_journal(log: str, cut: datetime) -> Select[Any]:
    """Select the entries of a log that are older; one that counts, by its last time."""
    last = func.coalesce(JOURNAL.c.last_at, JOURNAL.c.at)
    older = select(JOURNAL.c.id).where(JOURNAL.c.log == log, JOURNAL.c.at < cut)
    return older.where(last < cut).order_by(JOURNAL.c.at)


def old(key: Column[Any], moment: Column[Any], cut: datetime | float) -> Select[Any]:
    """Select the keys of the rows of which a moment is before another, oldest first."""
    return select(key).where(moment < cut).order_by(moment)


def _deletion(name: str, table: Table, these: Select[Any]) -> Kind:
    (key,) = table.primary_key.columns

    def forget(connection: Connection, most: int) -> int:
        some = delete(table).where(key.in_(these.limit(most)))
        return connection.execute(some).rowcount

    return Kind(f"{name} deleted", forget)
