"""The write-ahead log: begun anew when it is large, and who keeps it from that."""

import contextlib
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from netpresenter_next.storage import connections, database, wal
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.write_lock import BUSY_SECONDS
from netpresenter_next.upkeep.schedule import JobThread, list_jobs
from netpresenter_next.web import context

READ_ON = """
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
    """A log need not be large to be too large here."""
    monkeypatch.setattr(wal, "LARGE", LARGE)


@pytest.fixture
def config(app):
    return context.of(app).config


@pytest.fixture
def look(app, config):
    """Looks after the log, as the server does each minute."""
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
    """Another process, which reads on and on."""
    command = [sys.executable, "-c", READ_ON, str(database.database_file(config))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "reading\n"
        yield process
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def test_a_small_log_is_left_alone(app, config, look):
    assert look() is None
    (finding,) = wal.findings(config)
    assert finding.severity is Severity.OK


def test_a_large_log_is_begun_anew(app, config, look):
    write_much(app)
    before = wal.log_size(config)
    assert before > LARGE
    assert look() == f"Emptied, after it had grown to {-(-before // 1024)} KiB."
    assert wal.log_size(config) == 0
    assert look() is None


@linux
def test_who_reads_on_is_named_until_they_are_done(app, config, look, reader):
    write_much(app)
    with pytest.raises(wal.LogInUse) as held:
        look()
    assert f"(process {reader.pid})" in str(held.value)
    assert "this server" not in str(held.value)
    since = str(held.value).split(", since ")[1][:16]
    with pytest.raises(wal.LogInUse, match=since):
        look()
    (finding,) = wal.findings(config)
    assert finding.severity is Severity.WARNING
    assert f"(process {reader.pid})" in finding.what
    (told,) = wal.findings(config, "Since noon.")
    assert told.what == "Since noon."
    reader.stdin.close()
    reader.wait()
    assert look().startswith("Emptied")
    assert look() is None


@linux
def test_the_server_itself_is_named_when_nobody_else_has_it_open(app, config, look):
    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as mine:
        mine.execute("BEGIN")
        mine.execute("SELECT count(*) FROM users").fetchall()
        write_much(app)
        with pytest.raises(wal.LogInUse, match=r"Open in: this server\."):
            look()
    assert look().startswith("Emptied")


def test_a_log_that_became_small_by_itself_is_said_to_be(app, config, look):
    file = database.database_file(config)
    with contextlib.closing(database.SQLITE.connect(file)) as mine:
        mine.execute("BEGIN")
        mine.execute("SELECT count(*) FROM users").fetchall()
        write_much(app)
        with pytest.raises(wal.LogInUse):
            look()
    with app.app_context():
        database.checkpoint()
    assert look() == "It is back to its normal size."
    assert look() is None


def test_nobody_waits_for_a_log_that_is_held(app, config, look, monkeypatch):
    """Neither for readers nor for who writes at that moment."""
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
            look()
    assert waits == [0]
    with app.app_context(), database.read() as connection:
        pragma = connection.exec_driver_sql("PRAGMA busy_timeout")
        assert pragma.scalar() == int(BUSY_SECONDS * 1000)


def test_nobody_who_writes_is_held_up_while_somebody_reads_on(
    app, config, look, monkeypatch
):
    """To cut the log, SQLite keeps writers out."""
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
            look()
    assert asked == ["PRAGMA wal_checkpoint(PASSIVE)"]
    look()
    assert asked[2:] == ["PRAGMA wal_checkpoint(TRUNCATE)"]


def test_where_processes_cannot_be_seen_nobody_is_named(config, monkeypatch, tmp_path):
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


def test_upkeep_looks_after_the_log(app, config):
    write_much(app)
    JobThread(app, [each for each in list_jobs(config) if each.name == "wal"]).tick()
    assert wal.log_size(config) < LARGE
