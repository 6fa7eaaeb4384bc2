"""A start looks before it writes, and one process alone serves an instance."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing

import pytest

from helpers import ROOT, Instance, close, copy_of
from netpresenter_next.config.options import load
from netpresenter_next.server import process
from netpresenter_next.storage import connections, database, header, instances
from netpresenter_next.storage.database import SQLITE
from netpresenter_next.storage.instances import Condition
from netpresenter_next.web import context

FOREIGN_ID = 7


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def examined(folder):
    """What is found in a folder; looking at it changes nothing."""
    before = contents(folder)
    found = instances.examine(load({}, instance=folder))
    assert contents(folder) == before
    return found


def write_and_die(path, *statements):
    """Write to a database in WAL mode, in a process that ends without closing it."""
    child = os.fork()
    if child == 0:
        connection = SQLITE.connect(path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", *statements):
            connection.execute(statement)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


def test_a_foreign_database_with_all_it_holds_in_its_log_is_left_alone(folder):
    file = folder / "netpresenter.db"
    write_and_die(file, "CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (1)")
    (folder / "netpresenter.db-shm").unlink()
    assert header.read(file).has_tables
    assert examined(folder).condition is Condition.FOREIGN


def test_the_mark_of_another_program_is_enough(folder):
    file = folder / "netpresenter.db"
    with closing(SQLITE.connect(file)) as connection:
        connection.execute(f"PRAGMA application_id={FOREIGN_ID}")
    assert header.read(file).application_id == FOREIGN_ID
    assert examined(folder).condition is Condition.FOREIGN


def test_what_was_not_committed_does_not_count(folder):
    file = folder / "netpresenter.db"
    write_and_die(file, "BEGIN", "CREATE TABLE theirs (a)")
    assert not header.read(file).has_tables
    assert examined(folder).condition is Condition.ABSENT


def test_our_own_step_may_stand_in_the_log_alone(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    file = instance.folder / "netpresenter.db"
    write_and_die(file, "UPDATE alembic_version SET version_num = '0001'")
    found = instances.examine(load({}, instance=instance.folder))
    assert (found.condition, found.step) == (Condition.OLDER, "0001")


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_database_that_is_cut_off_is_left_alone(migrated, tmp_path, share):
    instance = copy_of(migrated, tmp_path / "instance")
    file = instance.folder / "netpresenter.db"
    size = file.stat().st_size
    os.truncate(file, int(size * share))
    found = examined(instance.folder)
    assert found.condition is Condition.FOREIGN
    assert "cut off" in found.problem
    assert "cut off" in instance.refusal(1, "token", "list")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 4096, b"x"])
def test_what_is_no_database_is_never_made_one(migrated, tmp_path, content):
    instance = copy_of(migrated, tmp_path / "instance")
    (instance.folder / "netpresenter.db").write_bytes(content)
    wanted = Condition.FOREIGN if content else Condition.LOST
    assert examined(instance.folder).condition is wanted


# ------------------------------------------------------------------- one process


def load_wsgi(instance):
    """Load ``wsgi:app`` in a process of its own, as another WSGI server does."""
    return subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=instance.environment,
        capture_output=True,
        text=True,
    )


def test_another_wsgi_server_holds_the_instance_too(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    with instance.served() as running:
        second = load_wsgi(instance)
        assert second.returncode == 1
        assert "A server runs on" in second.stderr
        assert "one worker" in second.stderr
        assert running.stop(signal.SIGTERM) == 0
    assert load_wsgi(instance).returncode == 0


def test_a_forked_worker_serves_nothing(make_app):
    app = make_app()
    with app.app_context():
        config = context.of(app).config
    process.prepare_for_wsgi_server(app, config)
    assert app.test_client().get("/healthz").status_code == 200
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = app.test_client().get("/healthz")
        os.write(writing, f"{answer.status_code} {answer.text}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    assert said.startswith("503 ")
    assert "--preload" in said
    context.of(app).resources.close()


def test_the_umask_is_left_alone_and_nobody_else_may_read(tmp_path):
    before = os.umask(0)
    try:
        instance = Instance(tmp_path / "instance")
        app = instance.app()
        close(app)
        assert os.umask(0) == 0
    finally:
        os.umask(before)
    for each in [instance.folder, *instance.folder.iterdir()]:
        assert each.stat().st_mode & 0o077 == 0, each.name


def test_locks_of_a_folder_that_may_only_be_read_exclude_each_other(
    migrated, tmp_path, monkeypatch
):
    instance = copy_of(migrated, tmp_path / "instance")
    config = load({}, instance=instance.folder)

    def refuse(self, blocking):
        raise PermissionError(13, "Permission denied", str(instance.folder))

    with instances.lock(config):
        monkeypatch.setattr(instances.FileLock, "acquire", refuse)
        with pytest.raises(instances.InUse):
            instances.lock(config)
    with instances.lock(config), pytest.raises(instances.InUse):
        instances.lock(config)
    shutil.rmtree(instance.folder)
    instance.folder.mkdir()
    with instances.lock(config), pytest.raises(instances.InUse):
        instances.lock(config)


def test_nothing_is_asked_of_a_database_of_somebody_else(folder, monkeypatch):
    write_and_die(folder / "netpresenter.db", "CREATE TABLE theirs (a)")

    def refuse(*arguments, **options):
        raise AssertionError("the database was opened")

    monkeypatch.setattr(database.SQLITE, "connect", refuse)
    found = instances.examine(load({}, instance=folder))
    assert found.condition is Condition.FOREIGN


OPEN_AND_CLOSE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM users").fetchone()
connection.close()
"""


def test_looking_at_an_open_database_drops_none_of_its_locks(make_app, people):
    """Else the next process that closes it takes the log of the server away."""
    app = make_app()
    with app.app_context(), database.write() as connection:
        connection.exec_driver_sql("UPDATE users SET version = version + 1")
    with app.app_context():
        file = database.state().path
        config = context.of(app).config
    assert connections.is_open_in_this_process(file)
    assert instances.examine(config).condition is Condition.CURRENT
    command = [sys.executable, "-c", OPEN_AND_CLOSE, str(file)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert connections.has_log(file)
    close(app)
    with app.app_context():
        database.close()
    assert not connections.has_log(file)
