"""Scheduled jobs, which one thread runs one after another when they are due.

The last run of each job is stored, so that a restart neither repeats nor skips a job.
Every minute, by the monotonic clock, the thread runs the jobs that are due.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import Flask
from sqlalchemy.exc import DBAPIError

from netpresenter_next.config.options import Config
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.upkeep import retention
from netpresenter_next.upkeep.nightly import Backups, Pause, Stopped, check
from netpresenter_next.upkeep.settings import (
    BACKUP,
    CHECK,
    DISK,
    JOBS,
    PRUNE,
    WAL,
    Run,
    note_run,
    read_runs,
    read_settings,
)

logger = logging.getLogger(__name__)

UPKEEP = "upkeep"  # the name of the thread, and of its own errors in the log
# Seconds: before the first tick, between two ticks, and to wait for the thread to end.
FIRST, TICK, STOPPING = 30.0, 60.0, 5.0
HOUR = timedelta(hours=1)
# A server that was off at the hour of a nightly job runs it after the start if that is
# within LATE of the hour, or if the last successful run is older than OLDEST.
LATE, OLDEST = 3 * HOUR, 36 * HOUR


class State(NamedTuple):
    """The facts by which a job is due or not."""

    last: Run | None
    # The time since its end in this process, by the monotonic clock.
    since: timedelta | None
    present: datetime
    # The hour of the nightly jobs, in the server's time zone.
    hour: int


IsDue = Callable[[State], bool]


class Job(NamedTuple):
    """A scheduled job.

    ``do`` returns a note of what was done, or None for nothing to report.  It raises
    NotDone where the job was not done for an expected reason.  A long job calls the
    ``Pause`` from time to time, so that the server can stop.
    """

    name: str
    is_due: IsDue
    do: Callable[[Pause], str | None]


# --------------------------------------------------------------- times
def every(interval: timedelta) -> IsDue:
    """Return the rule for a job that runs at a fixed interval."""

    def is_due(state: State) -> bool:
        if state.since is not None:
            return state.since >= interval
        if state.last is None:
            return True
        return not timedelta(0) <= state.present - state.last.ended_at < interval

    return is_due


def nightly(state: State) -> bool:
    """Is a nightly job due, that is, once after the hour of each night?

    After a failure it is tried again an hour later.  A last run in the future is
    ignored: it was stored before the clock was set back.
    """
    if state.last is None:
        return True
    ago = state.present - state.last.ended_at
    if ago < -HOUR:
        return True
    if not state.last.succeeded:
        return ago >= HOUR
    began = last_night(state.present, state.hour)
    is_night = state.present - began < LATE
    return (is_night and state.last.ended_at < began) or ago > OLDEST


def nightly_and_at_start(state: State) -> bool:
    """Is a job due that runs every night, and after every start of the server?"""
    return state.since is None or nightly(state)


def last_night(present: datetime, hour: int) -> datetime:
    """Return the last time at which it was this hour, in the server's time zone.

    If the change to summer time skips the hour, the hour after it counts.  If the hour
    occurs twice, the first counts.
    """
    here = present.astimezone().replace(tzinfo=None)
    start = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if start.timestamp() > present.timestamp():
        start -= timedelta(days=1)
    # Not astimezone(), which maps a skipped hour to a time before the change.
    return datetime.fromtimestamp(start.timestamp(), UTC)


# --------------------------------------------------------------- jobs
def jobs(config: Config) -> Sequence[Job]:
    """Return the scheduled jobs of the server, in this order."""
    return (
        Job(WAL, every(timedelta(minutes=1)), wal.CheckpointJob(config).run),
        Job(PRUNE, every(HOUR), retention.prune),
        Job(BACKUP, nightly, Backups(config).make),
        Job(CHECK, nightly_and_at_start, check),
    )


class Upkeep:
    """The thread that runs the jobs."""

    def __init__(
        self,
        app: Flask,
        jobs: Sequence[Job],
        clear: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        # Removes what was cut off at the last stop, before anything else is done.
        self._clear = clear
        self._jobs = jobs
        self._ended: dict[str, float] = {}
        self._unwritten: dict[str, Run] = {}
        self._told: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=UPKEEP, daemon=True)

    def start(self) -> None:
        """Start the thread; the first jobs run half a minute later."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, and wait some seconds for it."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOPPING)

    def _run(self) -> None:
        seconds = FIRST
        with self._app.app_context(), suppress(DBAPIError):
            self._clear()
        while not self._stop.wait(seconds):
            seconds = TICK
            try:
                self.tick()
            except Stopped:
                return
            except Exception as error:
                self._tell(UPKEEP, error)

    def tick(self) -> None:
        """Run the jobs that are due now; raises Stopped."""
        with self._app.app_context():
            if database.state().is_failing:
                self._unwritten[DISK] = Run(now(), True, "It can be written to again.")
            self._write_down()
            with database.read() as connection:
                known, hour = (
                    read_runs(connection),
                    read_settings(connection).backup_hour,
                )
        for job in self._jobs:
            if job.is_due(self._state(job, known, hour)):
                self._do(job)

    def _state(self, job: Job, known: Mapping[str, Run], hour: int) -> State:
        last = self._unwritten.get(job.name, known.get(job.name))
        ended, since = self._ended.get(job.name), None
        if ended is not None:
            since = timedelta(seconds=time.monotonic() - ended)
        return State(last, since, now(), hour)

    def _do(self, job: Job) -> None:
        note: str | None
        try:
            with self._app.app_context():
                note, succeeded = job.do(self._pause), True
            self._told.discard(job.name)
        except Stopped:
            raise
        except database.Busy:  # the next look tries it again
            return
        except Exception as error:
            self._tell(job.name, error)
            note, succeeded = _one_line(error), False
        self._ended[job.name] = time.monotonic()
        if note is not None:
            self._unwritten[job.name] = Run(now(), succeeded, note)
            with self._app.app_context():
                self._write_down()

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def _write_down(self) -> None:
        """Store the results of jobs; those that cannot be stored now are kept."""
        if not self._unwritten:
            return
        try:
            with database.write() as connection:
                for name, run in self._unwritten.items():
                    note_run(connection, name, run)
        except database.Busy:
            return
        except (DBAPIError, database.Unwritable) as error:
            self._tell(UPKEEP, error)
            return
        self._unwritten.clear()
        self._told.discard(UPKEEP)

    def _tell(self, name: str, error: Exception) -> None:
        """Log a failure; one that is likely to last only the first time in a row."""
        lasts = isinstance(error, DBAPIError | database.Unwritable | NotDone)
        if lasts and name in self._told:
            return
        self._told.add(name)
        if isinstance(error, NotDone | database.Unwritable):
            logger.warning("%s: %s", JOBS.get(name, name), error)
        else:
            logger.error("The job %s failed.", name, exc_info=error)


def _one_line(error: Exception) -> str:
    reason = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(reason).split()) or type(error).__name__


def start(app: Flask, config: Config) -> Upkeep:
    """Start the thread with the jobs of a server; the server has to ``stop`` it."""
    upkeep = Upkeep(app, jobs(config), Backups(config).clear)
    upkeep.start()
    return upkeep
