"""Scheduled jobs, which one thread runs one after another when they are due.

The last run of each job is stored, so that a restart neither repeats nor skips a job.
Every 15 seconds, by the monotonic clock, the thread runs the jobs that are due.
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
from netpresenter_next.directory.client_activity import ClientActivity
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.upkeep import erasing, indexing, retention
from netpresenter_next.upkeep.alarm_job import AlarmJob
from netpresenter_next.upkeep.nightly import (
    NightlyBackups,
    Pause,
    Stopped,
    check_database,
)
from netpresenter_next.upkeep.settings import (
    ACTIVITY,
    ALARMS,
    BACKUP,
    CHECK,
    DISK,
    ERASURES,
    JOBS,
    PRUNE,
    SEARCH,
    WAL,
    Run,
    note_run,
    read_runs,
    read_settings,
)

logger = logging.getLogger(__name__)

UPKEEP = "upkeep"  # the name of the thread, and of its own errors in the log
# Seconds: before the first tick, between two ticks, and to wait for the thread to end.
FIRST_TICK, TICK, STOP_TIMEOUT = 30.0, 15.0, 5.0
HOUR = timedelta(hours=1)
# A server that was off at the hour of a nightly job runs it after the start if that is
# within LATEST_START of the hour, or if the last successful run is older than
# LONGEST_GAP.
LATEST_START, LONGEST_GAP = 3 * HOUR, 36 * HOUR


class JobState(NamedTuple):
    """The facts by which a job is due or not."""

    last: Run | None
    # The time since its end in this process, by the monotonic clock.
    since: timedelta | None
    present: datetime
    # The hour of the nightly jobs, in the server's time zone.
    hour: int


IsDue = Callable[[JobState], bool]


class Job(NamedTuple):
    """A scheduled job.

    ``run`` returns a note of what was done, or None for nothing to report.  It raises
    NotDone where the job was not done for an expected reason.  A long job calls the
    ``Pause`` from time to time, so that the server can stop.
    """

    name: str
    is_due: IsDue
    run: Callable[[Pause], str | None]


# --------------------------------------------------------------- times
def due_every(interval: timedelta) -> IsDue:
    """Return the rule for a job that runs at a fixed interval."""

    def is_due(state: JobState) -> bool:
        if state.since is not None:
            return state.since >= interval
        if state.last is None:
            return True
        return not timedelta(0) <= state.present - state.last.ended_at < interval

    return is_due


def is_due_nightly(state: JobState) -> bool:
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
    began = find_last_night(state.present, state.hour)
    is_night = state.present - began < LATEST_START
    return (is_night and state.last.ended_at < began) or ago > LONGEST_GAP


def is_due_nightly_or_at_start(state: JobState) -> bool:
    """Is a job due that runs every night, and after every start of the server?"""
    return state.since is None or is_due_nightly(state)


def find_last_night(present: datetime, hour: int) -> datetime:
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
def list_jobs(config: Config, activity: ClientActivity) -> Sequence[Job]:
    """Return the scheduled jobs of the server, in this order."""
    often = due_every(timedelta(seconds=TICK))
    return (
        Job(ACTIVITY, often, lambda _: activity.store()),
        Job(SEARCH, often, indexing.index_people),
        Job(ALARMS, often, AlarmJob(config).run),
        Job(ERASURES, often, erasing.complete_erasures),
        Job(WAL, due_every(timedelta(minutes=1)), wal.CheckpointJob(config).run),
        Job(PRUNE, due_every(HOUR), retention.prune),
        Job(BACKUP, is_due_nightly, NightlyBackups(config).make),
        Job(CHECK, is_due_nightly_or_at_start, check_database),
    )


class JobThread:
    """The thread that runs the jobs."""

    def __init__(
        self,
        app: Flask,
        jobs: Sequence[Job],
        clear_leftovers: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        # Removes what was cut off at the last stop, before anything else is done.
        self._clear_leftovers = clear_leftovers
        self._jobs = jobs
        self._ended_at: dict[str, float] = {}
        self._unsaved: dict[str, Run] = {}
        self._logged: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=UPKEEP, daemon=True)

    def start(self) -> None:
        """Start the thread; the first jobs run half a minute later."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, and wait some seconds for it."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        seconds = FIRST_TICK
        with self._app.app_context(), suppress(DBAPIError):
            self._clear_leftovers()
        while not self._stop.wait(seconds):
            seconds = TICK
            try:
                self.tick()
            except Stopped:
                return
            except Exception as error:
                self._log_failure(UPKEEP, error)

    def tick(self) -> None:
        """Run the jobs that are due now; raises Stopped."""
        with self._app.app_context():
            if database.state().has_temporary_fault:
                self._unsaved[DISK] = Run(now(), True, "It can be written to again.")
            self._save_runs()
            with database.read() as connection:
                last_runs, hour = (
                    read_runs(connection),
                    read_settings(connection).backup_hour,
                )
        for job in self._jobs:
            state = self._make_state(job, last_runs, hour)
            if job.is_due(state):
                self._run_job(job, state.last)

    def _make_state(
        self, job: Job, last_runs: Mapping[str, Run], hour: int
    ) -> JobState:
        last = self._unsaved.get(job.name, last_runs.get(job.name))
        ended, since = self._ended_at.get(job.name), None
        if ended is not None:
            since = timedelta(seconds=time.monotonic() - ended)
        return JobState(last, since, now(), hour)

    def _run_job(self, job: Job, last: Run | None) -> None:
        note: str | None
        try:
            with self._app.app_context():
                note, succeeded = job.run(self._pause), True
            if note is None and last is not None and not last.succeeded:
                note = "It works again."
            self._logged.discard(job.name)
        except Stopped:
            raise
        except database.Busy:  # the next look tries it again
            return
        except Exception as error:
            self._log_failure(job.name, error)
            note, succeeded = _one_line(error), False
        self._ended_at[job.name] = time.monotonic()
        if note is not None:
            self._unsaved[job.name] = Run(now(), succeeded, note)
            with self._app.app_context():
                self._save_runs()

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def _save_runs(self) -> None:
        """Store the results of jobs; those that cannot be stored now are kept."""
        if not self._unsaved:
            return
        try:
            with database.write() as connection:
                for name, run in self._unsaved.items():
                    note_run(connection, name, run)
        except database.Busy:
            return
        except (DBAPIError, database.Unwritable) as error:
            self._log_failure(UPKEEP, error)
            return
        self._unsaved.clear()
        self._logged.discard(UPKEEP)

    def _log_failure(self, name: str, error: Exception) -> None:
        """Log a failure; one that is likely to last only the first time in a row."""
        lasts = isinstance(error, DBAPIError | database.Unwritable | NotDone)
        if lasts and name in self._logged:
            return
        self._logged.add(name)
        if isinstance(error, NotDone | database.Unwritable):
            logger.warning("%s: %s", JOBS.get(name, name), error)
        else:
            logger.error("The job %s failed.", name, exc_info=error)


def _one_line(error: Exception) -> str:
    reason = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(reason).split()) or type(error).__name__


def start(app: Flask, config: Config, activity: ClientActivity) -> JobThread:
    """Start the thread with the jobs of a server; the server has to ``stop`` it."""
    jobs = list_jobs(config, activity)
    upkeep = JobThread(app, jobs, NightlyBackups(config).clear_leftovers)
    upkeep.start()
    return upkeep
