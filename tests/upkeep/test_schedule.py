"""Scheduled jobs: when it is due, and what comes of failures."""

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

from clocks import DAY, Wall
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
# Long after the hour of the night, so that nothing is due by it.
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
    """How it stands, for a job that ended so long before the present."""
    run = None if last is None else Run(present - last, succeeded, "")
    return JobState(run, since, present, hour)


# --------------------------------------------------------------- when
@pytest.mark.parametrize(
    ("last", "since", "is_due"),
    [
        (None, None, True),
        (59 * MINUTE, None, False),
        (HOUR, None, True),
        (-MINUTE, None, True),  # the clock was set back
        (-1000 * HOUR, None, True),
        (HOUR, 59 * MINUTE, False),  # the clock was set forward: it counts for nothing
        (-1000 * HOUR, HOUR, True),
        (MINUTE, HOUR, True),
    ],
)
def test_an_hourly_job_is_due_each_hour_however_the_clock_is_set(last, since, is_due):
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


def test_a_check_is_due_after_each_start():
    assert is_due_nightly_or_at_start(state(MINUTE))
    assert not is_due_nightly_or_at_start(state(MINUTE, MINUTE))


@pytest.mark.parametrize("zone_name", ["Europe/Amsterdam", "America/New_York", "UTC"])
@pytest.mark.parametrize("hour", [0, 2, 3, 23])
def test_each_day_of_a_year_has_one_night(zone, zone_name, hour):
    """Also where summer time skips the hour, or has it twice."""
    zone(zone_name)
    begin, done, last = NOON.replace(month=1, day=1), [], None
    for quarters in range(365 * 24 * 4):
        present = begin + quarters * 15 * MINUTE
        run = None if last is None else Run(last, True, "")
        if is_due_nightly(JobState(run, None, present, hour)):
            done.append(present.astimezone())
            last = present
    nights = done[1:]  # the first is one that was missing
    assert len({each.date() for each in nights}) == len(nights) in (364, 365)
    for each in nights:
        assert each.hour == hour or (hour in (2, 3) and each.hour == hour + 1), each


def test_the_last_night_is_that_of_the_servers_time_zone(zone):
    zone("America/New_York")
    assert find_last_night(NOON, 2) == NOON.replace(hour=7)
    assert find_last_night(NOON.replace(hour=6), 2) == NOON.replace(day=25, hour=7)


# --------------------------------------------------------------- what comes of them
@pytest.fixture
def noted(app):
    """Returns how jobs ended, as it is stored."""

    def read():
        with app.app_context(), database.read() as connection:
            return dict(settings.read_runs(connection))

    return read


def always(_state):
    return True


def test_how_a_job_ended_is_written_down(app, noted):
    JobThread(app, [Job("a", always, lambda _pause: "Done."), quiet("b")]).tick()
    assert list(noted()) == ["a"]
    assert noted()["a"][1:] == (True, "Done.")
    assert abs(noted()["a"].ended_at - now()) < MINUTE


def quiet(name):
    return Job(name, always, lambda _pause: None)


def test_a_job_sees_its_last_run_over_a_restart(app, wall_of):
    seen = []

    def is_due(state):
        seen.append((state.last.note if state.last else None, state.since is None))
        return True

    for _ in range(2):
        kept_up = JobThread(app, [Job("a", is_due, lambda _pause: f"Run {len(seen)}.")])
        kept_up.tick()
        kept_up.tick()
    assert seen == [
        (None, True),
        ("Run 1.", False),
        ("Run 2.", True),
        ("Run 3.", False),
    ]


@pytest.fixture
def wall_of(monkeypatch):
    return Wall(monkeypatch)


def test_a_restart_neither_repeats_nor_skips_a_job(app, wall_of):
    done = []
    job = Job("a", due_every(HOUR), lambda _pause: str(done.append(1)))
    for step in (0, 1, 3_700, 0, DAY):
        wall_of.step(step)
        JobThread(app, [job]).tick()
    assert len(done) == 3


def test_a_failure_is_logged_and_written_down_and_the_others_go_on(app, noted, caplog):
    def fail(_pause):
        raise ValueError("no\n  luck")

    kept_up = JobThread(
        app, [Job("a", always, fail), Job("b", always, lambda _: "Done.")]
    )
    kept_up.tick()
    assert noted()["a"][1:] == (False, "no luck")
    assert noted()["b"].succeeded
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ValueError


def test_what_the_database_refuses_is_logged_once_and_written_down_later(
    app, noted, caplog
):
    broken = OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    def fail(_pause):
        raise broken

    jobs = [Job("a", always, fail)]
    kept_up = JobThread(app, jobs)
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "note_run", fail_to_write(broken))
        for _ in range(3):
            kept_up.tick()
        assert noted() == {}
    # One of the job, one of what it could not write down.
    assert [each.exc_info[1] for each in caplog.records] == [broken, broken]
    jobs[0] = quiet("b")
    kept_up.tick()
    assert noted()["a"][1:] == (False, "disk I/O error")


def test_what_is_no_fault_is_told_once_in_a_row_and_without_a_traceback(app, caplog):
    results = [NotDone("No room."), NotDone("No room."), None, NotDone("No room.")]

    def do(_pause):
        if (result := results.pop(0)) is not None:
            raise result

    kept_up = JobThread(app, [Job("backup", always, do)])
    for _ in range(4):
        kept_up.tick()
    assert [each.getMessage() for each in caplog.records] == ["Backups: No room."] * 2
    assert not any(each.exc_info for each in caplog.records)


def fail_to_write(error):
    def note(*_arguments):
        raise error

    return note


def test_a_busy_database_is_no_failure(app, noted, caplog):
    def busy(_pause):
        raise database.Busy

    JobThread(app, [Job("a", always, busy)]).tick()
    assert (noted(), caplog.records) == ({}, [])


def test_the_hour_is_that_of_the_settings(app):
    hours = []

    def is_due(state):
        return hours.append(state.hour)

    kept_up = JobThread(app, [Job("a", is_due, quiet("a").run)])
    kept_up.tick()
    with app.app_context(), database.write() as connection:
        connection.execute(update(UPKEEP_SETTINGS).values(backup_hour=23))
    kept_up.tick()
    assert hours == [2, 23]


# --------------------------------------------------------------- the thread
def test_a_stop_ends_what_is_going_on(app, monkeypatch, noted):
    monkeypatch.setattr(schedule, "FIRST", 0.0)
    began, ended = threading.Event(), threading.Event()

    def go_on(pause):
        began.set()
        try:
            pause(schedule.TICK * 60)
        finally:
            ended.set()

    kept_up = JobThread(app, [Job("a", always, go_on), Job("b", always, fail_to_write)])
    kept_up.start()
    assert began.wait(30)
    kept_up.stop()
    assert ended.is_set()
    assert not kept_up._thread.is_alive()
    assert noted() == {}


def test_a_stop_before_the_first_look_does_nothing(app, noted):
    kept_up = schedule.start(app, context.of(app).config)
    kept_up.stop()
    assert not kept_up._thread.is_alive()
    assert noted() == {}


def test_the_thread_outlives_everything(app, monkeypatch, caplog):
    """Also a fault of its own, such as a database that is gone for a while."""
    monkeypatch.setattr(schedule, "FIRST", 0.0)
    monkeypatch.setattr(schedule, "TICK", 0.0)
    looked = []
    again = threading.Event()

    def look():
        looked.append(1)
        if len(looked) == 3:
            again.set()
        raise OSError("gone")

    kept_up = JobThread(app, [])
    monkeypatch.setattr(kept_up, "tick", look)
    kept_up.start()
    assert again.wait(30)
    kept_up.stop()


def test_an_interrupted_job_is_done_again(app, noted):
    def stopped(_pause):
        raise Stopped

    with pytest.raises(Stopped):
        JobThread(app, [Job("a", always, stopped)]).tick()
    assert noted() == {}


def test_a_server_keeps_itself_up_and_stops_cleanly(tmp_path):
    """The real one, which looks at once here."""
    instance = Instance(tmp_path / "instance")
    code = (
        "from netpresenter_next import create_app\n"
        "from netpresenter_next.config import options\n"
        "from netpresenter_next.server import process\n"
        "from netpresenter_next.upkeep import schedule\n"
        "schedule.FIRST = schedule.TICK = 0.05\n"
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
