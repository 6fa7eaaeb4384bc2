"""Scheduled jobs: when they are due, and what happens when they fail."""

import datetime
import logging
import signal
import sqlite3
import threading
import time
from datetime import UTC, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from clocks import DAY, SettableClock
from helpers import Instance
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.storage.upkeep_models import UPKEEP_SETTINGS
from netpresenter_next.upkeep import schedule, settings
from netpresenter_next.upkeep.schedule import (
    HOUR,
    Job,
    JobState,
    JobThread,
    Stopped,
    due_every,
    find_last_night,
    is_due_nightly,
    is_due_nightly_or_at_start,
)
from netpresenter_next.upkeep.settings import Run
from netpresenter_next.web import context

MINUTE = timedelta(minutes=1)
# Long after the hour of nightly jobs, so that none is due.
NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def zone(monkeypatch):
    """Sets the time zone of the server."""

    def put(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    put("UTC")
    yield put
    monkeypatch.undo()
    time.tzset()


def state(last=None, since=None, present=NOON, *, succeeded=True, hour=2):
    """Return the state of a job that ended so long before the present."""
    run = None if last is None else Run(present - last, succeeded, "")
    return JobState(run, since, present, hour)


# --------------------------------------------------------------- when jobs are due
@pytest.mark.parametrize(
    ("last", "since", "is_due"),
    [
        (None, None, True),
        (59 * MINUTE, None, False),
        (HOUR, None, True),
        (-MINUTE, None, True),  # the clock was set back
        (-1000 * HOUR, None, True),
        (HOUR, 59 * MINUTE, False),  # the clock was set forward, which does not count
        (-1000 * HOUR, HOUR, True),
        (MINUTE, HOUR, True),
    ],
)
def test_an_hourly_job_is_due_each_hour_even_if_the_clock_is_changed(
    last, since, is_due
):
    assert due_every(HOUR)(state(last, since)) is is_due


@pytest.mark.parametrize(
    ("last", "present", "succeeded", "is_due"),
    [
        (None, NOON, True, True),
        (10 * HOUR, NOON, True, False),  # tonight's
        (33 * HOUR, NOON, True, False),  # waits for the next night
        (37 * HOUR, NOON, True, True),
        (24 * HOUR, NOON.replace(hour=1, minute=59), True, False),
        (24 * HOUR, NOON.replace(hour=2), True, True),
        (24 * HOUR, NOON.replace(hour=4, minute=59), True, True),  # it started late
        (24 * HOUR, NOON.replace(hour=5), True, False),
        (MINUTE, NOON.replace(hour=2, minute=2), True, False),  # once a night
        (59 * MINUTE, NOON, False, False),
        (HOUR, NOON, False, True),  # tried again
        (-30 * MINUTE, NOON, True, False),
        (-2 * HOUR, NOON, True, True),  # the clock was set back
        (-9_000 * HOUR, NOON, False, True),
    ],
)
def test_a_nightly_job_is_due_once_a_night(last, present, succeeded, is_due):
    assert is_due_nightly(state(last, present=present, succeeded=succeeded)) is is_due


def test_a_job_that_is_also_due_at_start_runs_once_after_each_start():
    assert is_due_nightly_or_at_start(state(MINUTE))
    assert not is_due_nightly_or_at_start(state(MINUTE, MINUTE))


@pytest.mark.parametrize("zone_name", ["Europe/Amsterdam", "America/New_York", "UTC"])
@pytest.mark.parametrize("hour", [0, 2, 3, 23])
def test_a_nightly_job_is_due_once_on_each_day_of_a_year(zone, zone_name, hour):
    """Also when daylight saving time skips the hour or repeats it."""
    zone(zone_name)
    begin, done, last = NOON.replace(month=1, day=1), [], None
    for quarters in range(365 * 24 * 4):
        present = begin + quarters * 15 * MINUTE
        run = None if last is None else Run(last, True, "")
        if is_due_nightly(JobState(run, None, present, hour)):
            done.append(present.astimezone())
            last = present
    nights = done[1:]  # the first one made up for a missed night
    assert len({each.date() for each in nights}) == len(nights) in (364, 365)
    for each in nights:
        assert each.hour == hour or (hour in (2, 3) and each.hour == hour + 1), each


def test_the_last_night_is_computed_in_the_servers_time_zone(zone):
    zone("America/New_York")
    assert find_last_night(NOON, 2) == NOON.replace(hour=7)
    assert find_last_night(NOON.replace(hour=6), 2) == NOON.replace(day=25, hour=7)


# --------------------------------------------------------------- results of jobs
@pytest.fixture
def stored_runs(app):
    """Returns the stored results of jobs."""

    def read():
        with app.app_context(), database.read() as connection:
            return dict(settings.read_runs(connection))

    return read


def always(_state):
    return True


def test_the_result_of_a_job_is_stored(app, stored_runs):
    JobThread(app, [Job("a", always, lambda _pause: "Done."), quiet("b")]).tick()
    assert list(stored_runs()) == ["a"]
    assert stored_runs()["a"][1:] == (True, "Done.")
    assert abs(stored_runs()["a"].ended_at - now()) < MINUTE


def quiet(name):
    return Job(name, always, lambda _pause: None)


def test_a_job_knows_its_last_run_after_a_restart(app, wall_of):
    seen = []

    def is_due(state):
        seen.append((state.last.note if state.last else None, state.since is None))
        return True

    for _ in range(2):
        runner = JobThread(app, [Job("a", is_due, lambda _pause: f"Run {len(seen)}.")])
        runner.tick()
        runner.tick()
    assert seen == [
        (None, True),
        ("Run 1.", False),
        ("Run 2.", True),
        ("Run 3.", False),
    ]


@pytest.fixture
def wall_of(monkeypatch):
    return SettableClock(monkeypatch)


def test_a_restart_neither_repeats_nor_skips_a_job(app, wall_of):
    done = []
    job = Job("a", due_every(HOUR), lambda _pause: str(done.append(1)))
    for step in (0, 1, 3_700, 0, DAY):
        wall_of.step(step)
        JobThread(app, [job]).tick()
    assert len(done) == 3


def test_a_failed_job_is_logged_and_stored_and_the_other_jobs_run(
    app, stored_runs, caplog
):
    def fail(_pause):
        raise ValueError("no\n  luck")

    runner = JobThread(
        app, [Job("a", always, fail), Job("b", always, lambda _: "Done.")]
    )
    runner.tick()
    assert stored_runs()["a"][1:] == (False, "no luck")
    assert stored_runs()["b"].succeeded
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ValueError


def test_a_job_with_nothing_to_report_is_stored_when_it_works_again(app, stored_runs):
    results = [NotDone("No room."), None, None]

    def do(_pause):
        if (result := results.pop(0)) is not None:
            raise result

    runner = JobThread(app, [Job("a", always, do)])
    runner.tick()
    assert stored_runs()["a"][1:] == (False, "No room.")
    runner.tick()
    again = stored_runs()["a"]
    assert again[1:] == (True, "It works again.")
    runner.tick()
    assert stored_runs()["a"] == again


def test_a_result_that_cannot_be_stored_is_logged_once_and_stored_later(
    app, stored_runs, caplog
):
    broken = OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    def fail(_pause):
        raise broken

    jobs = [Job("a", always, fail)]
    runner = JobThread(app, jobs)
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "note_run", fail_to_write(broken))
        for _ in range(3):
            runner.tick()
        assert stored_runs() == {}
    # One for the job, one for the result that could not be stored.
    assert [each.exc_info[1] for each in caplog.records] == [broken, broken]
    jobs[0] = quiet("b")
    runner.tick()
    assert stored_runs()["a"][1:] == (False, "disk I/O error")


def test_a_repeated_notice_is_logged_once_and_without_a_traceback(app, caplog):
    results = [NotDone("No room."), NotDone("No room."), None, NotDone("No room.")]

    def do(_pause):
        if (result := results.pop(0)) is not None:
            raise result

    runner = JobThread(app, [Job("backup", always, do)])
    for _ in range(4):
        runner.tick()
    assert [each.getMessage() for each in caplog.records] == ["Backups: No room."] * 2
    assert not any(each.exc_info for each in caplog.records)


def fail_to_write(error):
    def note(*_arguments):
        raise error

    return note


def test_a_busy_database_is_not_a_failure(app, stored_runs, caplog):
    def busy(_pause):
        raise database.Busy

    JobThread(app, [Job("a", always, busy)]).tick()
    assert (stored_runs(), caplog.records) == ({}, [])


def test_the_hour_of_nightly_jobs_comes_from_the_settings(app):
    hours = []

    def is_due(state):
        return hours.append(state.hour)

    runner = JobThread(app, [Job("a", is_due, quiet("a").run)])
    runner.tick()
    with app.app_context(), database.write() as connection:
        connection.execute(update(UPKEEP_SETTINGS).values(backup_hour=23))
    runner.tick()
    assert hours == [2, 23]


# --------------------------------------------------------------- the thread
def test_stopping_interrupts_the_running_job(app, monkeypatch, stored_runs):
    monkeypatch.setattr(schedule, "FIRST_TICK", 0.0)
    began, ended = threading.Event(), threading.Event()

    def go_on(pause):
        began.set()
        try:
            pause(schedule.TICK * 60)
        finally:
            ended.set()

    runner = JobThread(app, [Job("a", always, go_on), Job("b", always, fail_to_write)])
    runner.start()
    assert began.wait(30)
    runner.stop()
    assert ended.is_set()
    assert not runner._thread.is_alive()
    assert stored_runs() == {}


def test_stopping_before_the_first_job_runs_nothing(app, stored_runs):
    runner = schedule.start(app, context.of(app).config, context.of(app).activity)
    runner.stop()
    assert not runner._thread.is_alive()
    assert stored_runs() == {}


def test_the_thread_survives_every_error(app, monkeypatch, caplog):
    """Even its own errors, such as a database that is unavailable for a while."""
    monkeypatch.setattr(schedule, "FIRST_TICK", 0.0)
    monkeypatch.setattr(schedule, "TICK", 0.0)
    looked = []
    again = threading.Event()

    def look():
        looked.append(1)
        if len(looked) == 3:
            again.set()
        raise OSError("gone")

    runner = JobThread(app, [])
    monkeypatch.setattr(runner, "tick", look)
    runner.start()
    assert again.wait(30)
    runner.stop()


def test_an_interrupted_job_is_not_stored_as_done(app, stored_runs):
    def stopped(_pause):
        raise Stopped

    with pytest.raises(Stopped):
        JobThread(app, [Job("a", always, stopped)]).tick()
    assert stored_runs() == {}


def test_a_server_runs_its_scheduled_jobs_and_stops_cleanly(tmp_path):
    """A real server, whose upkeep begins at once."""
    instance = Instance(tmp_path / "instance")
    code = (
        "from netpresenter_next import create_app\n"
        "from netpresenter_next.config import options\n"
        "from netpresenter_next.server import process\n"
        "from netpresenter_next.upkeep import schedule\n"
        "schedule.FIRST_TICK = schedule.TICK = 0.05\n"
        "settings = options.load()\n"
        "process.serve(create_app(settings), settings, '127.0.0.1', 0)\n"
    )
    with instance.served(code=code) as server:
        file = instance.folder / "netpresenter.db"
        query, end = "SELECT succeeded FROM upkeep_runs WHERE job = 'prune'", 30
        until = time.monotonic() + end
        found = []
        while not found and time.monotonic() < until:
            connection = sqlite3.connect(file)
            found = connection.execute(query).fetchall()
            connection.close()
        assert found == [(1,)]
        assert server.stop(signal.SIGTERM) == 0
        assert server.process.stderr.read() == ""
    assert not file.with_name("netpresenter.db-wal").exists()
