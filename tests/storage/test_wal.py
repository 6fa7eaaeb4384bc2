"""The write-ahead log: emptied when it is large; processes that hold it are named."""

import contextlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from netpresenter_next.directory.client_activity import ClientActivity
from netpresenter_next.storage import connections, database, wal
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.write_lock import BUSY_SECONDS
from netpresenter_next.upkeep.schedule import JobThread, list_jobs
from netpresenter_next.web import context

KEEP_READING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM users").fetchall()
print("reading", flush=True)
sys.stdin.readline()
"""
LARGE = 64 * 1024
linux = pytest.mark.skipif(not wal.PROCESSES.is_dir(), reason="asks /proc")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Makes a small log count as large."""
    monkeypatch.setattr(wal, "LARGE", LARGE)


@pytest.fixture
def config(app):
    return context.of(app).config


@pytest.fixture
def run_job(app, config):
    """Runs the checkpoint job, as the server does each minute."""
    upkeeper = wal.CheckpointJob(config)

    def once():
        with app.app_context():
            return upkeeper.run()

    return once


def write_much(app):
    with app.app_context():
        for number in range(20):
            with database.write() as connection:
                connection.execute(text(f"CREATE TABLE large{number} (value TEXT)"))
                many = text(f"INSERT INTO large{number} VALUES (:value)")
                connection.execute(many, {"value": "x" * 20_000})


@pytest.fixture
def reader(config):
    """Another process with a long read transaction."""
    command = [sys.executable, "-c", KEEP_READING, str(database.database_file(config))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "reading\n"
        yield process
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def test_a_small_log_is_left_alone(app, config, run_job):
    assert run_job() is None
    (finding,) = wal.findings(config)
    assert finding.severity is Severity.OK


def test_a_large_log_is_emptied(app, config, run_job):
    write_much(app)
    before = wal.log_size(config)
    assert before > LARGE
    assert run_job() == f"Emptied, after it had grown to {-(-before // 1024)} KiB."
    assert wal.log_size(config) == 0
    assert run_job() is None


@linux
def test_a_process_that_keeps_reading_is_named_until_it_ends(
    app, config, run_job, reader
):
    write_much(app)
    with pytest.raises(wal.LogInUse) as held:
        run_job()
    assert f"(process {reader.pid})" in str(held.value)
    assert "this server" not in str(held.value)
    since = str(held.value).split(", since ")[1][:16]
    with pytest.raises(wal.LogInUse, match=since):
        run_job()
    (finding,) = wal.findings(config)
    assert finding.severity is Severity.WARNING
    assert f"(process {reader.pid})" in finding.what
    (told,) = wal.findings(config, "Since noon.")
    assert told.what == "Since noon."
    reader.stdin.close()
    reader.wait()
    assert run_job().startswith("Emptied")
    assert run_job() is None


@linux
def test_the_server_is_named_when_no_other_process_has_it_open(app, config, run_job):
    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as mine:
        mine.execute("BEGIN")
        mine.execute("SELECT count(*) FROM users").fetchall()
        write_much(app)
        with pytest.raises(wal.LogInUse, match=r"Open in: this server\."):
            run_job()
    assert run_job().startswith("Emptied")


def test_a_log_that_became_small_by_itself_is_reported(app, config, run_job):
    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as mine:
        mine.execute("BEGIN")
        mine.execute("SELECT count(*) FROM users").fetchall()
        write_much(app)
        with pytest.raises(wal.LogInUse):
            run_job()
    with app.app_context():
        database.checkpoint()
    assert run_job() == "It is back to its normal size."
    assert run_job() is None


def test_the_checkpoint_job_does_not_wait_for_other_connections(
    app, config, run_job, monkeypatch
):
    """Neither for readers nor for a writer."""
    write_much(app)
    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as writer:
        writer.isolation_level = None
        writer.execute("BEGIN IMMEDIATE")
        waits = []
        waiting = connections.busy_timeout

        def told(raw, seconds):
            waits.append(seconds)
            return waiting(raw, seconds)

        monkeypatch.setattr(connections, "busy_timeout", told)
        with contextlib.suppress(wal.LogInUse):
            run_job()
    assert waits == [0]
    with app.app_context(), database.read() as connection:
        pragma = connection.exec_driver_sql("PRAGMA busy_timeout")
        assert pragma.scalar() == int(BUSY_SECONDS * 1000)


def test_writers_are_not_blocked_while_a_reader_holds_the_log(
    app, config, run_job, monkeypatch
):
    """SQLite blocks writers while it truncates the log."""
    asked, waiting = [], connections.busy_timeout

    @contextlib.contextmanager
    def traced(raw, seconds):
        with waiting(raw, seconds):
            raw.set_trace_callback(asked.append)
            yield
            raw.set_trace_callback(None)

    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as mine:
        mine.execute("BEGIN")
        mine.execute("SELECT count(*) FROM users").fetchall()
        write_much(app)
        monkeypatch.setattr(connections, "busy_timeout", traced)
        with pytest.raises(wal.LogInUse):
            run_job()
    assert asked == ["PRAGMA wal_checkpoint(PASSIVE)"]
    run_job()
    assert asked[2:] == ["PRAGMA wal_checkpoint(TRUNCATE)"]


def test_processes_are_named_only_where_the_system_shows_them(
    config, monkeypatch, tmp_path
):
    monkeypatch.setattr(wal, "PROCESSES", tmp_path / "none")
    assert wal.find_holders(config) == []
    (tmp_path / "proc" / "12" / "fd").mkdir(parents=True)
    (tmp_path / "proc" / "self").mkdir()
    os.symlink(database.database_file(config), tmp_path / "proc" / "12" / "fd" / "3")
    os.symlink("/gone (deleted)", tmp_path / "proc" / "12" / "fd" / "4")
    monkeypatch.setattr(wal, "PROCESSES", tmp_path / "proc")
    assert [str(each) for each in wal.find_holders(config)] == [
        "a process (process 12)"
    ]


def test_upkeep_runs_the_checkpoint_job(app, config):
    write_much(app)
    JobThread(
        app,
        [each for each in list_jobs(config, ClientActivity()) if each.name == "wal"],
    ).tick()
    assert wal.log_size(config) < LARGE
