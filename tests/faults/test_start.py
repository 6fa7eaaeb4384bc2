"""A start examines a database before it writes, and one process serves an instance."""

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


def examine(folder):
    """Return what is found in a folder, which examining must not change."""
    before = contents(folder)
    found = instances.examine(load({}, instance=folder))
    assert contents(folder) == before
    return found


def write_without_closing(path, *statements):
    """Write to a database in WAL mode, in a process that is killed before it closes."""
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


def test_a_foreign_database_with_all_data_in_its_log_is_left_alone(folder):
    file = folder / "netpresenter.db"
    write_without_closing(
        file, "CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (1)"
    )
    (folder / "netpresenter.db-shm").unlink()
    assert header.read(file).has_tables
    assert examine(folder).condition is Condition.FOREIGN


def test_a_foreign_application_id_marks_a_foreign_database(folder):
    file = folder / "netpresenter.db"
    with closing(SQLITE.connect(file)) as connection:
        connection.execute(f"PRAGMA application_id={FOREIGN_ID}")
    assert header.read(file).application_id == FOREIGN_ID
    assert examine(folder).condition is Condition.FOREIGN


def test_uncommitted_tables_do_not_count(folder):
    file = folder / "netpresenter.db"
    write_without_closing(file, "BEGIN", "CREATE TABLE theirs (a)")
    assert not header.read(file).has_tables
    assert examine(folder).condition is Condition.ABSENT


def test_the_step_of_a_database_is_read_from_its_log(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    file = instance.folder / "netpresenter.db"
    write_without_closing(file, "UPDATE alembic_version SET version_num = '0001'")
    found = instances.examine(load({}, instance=instance.folder))
    assert (found.condition, found.step) == (Condition.OLDER, "0001")


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_database_is_left_alone(migrated, tmp_path, share):
    instance = copy_of(migrated, tmp_path / "instance")
    file = instance.folder / "netpresenter.db"
    size = file.stat().st_size
    os.truncate(file, int(size * share))
    found = examine(instance.folder)
    assert found.condition is Condition.FOREIGN
    assert "cut off" in found.problem
    assert "cut off" in instance.expect_error(1, "token", "list")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"\0" * 4096, b"x"])
def test_a_file_that_is_not_a_database_is_left_alone(migrated, tmp_path, content):
    instance = copy_of(migrated, tmp_path / "instance")
    (instance.folder / "netpresenter.db").write_bytes(content)
    wanted = Condition.FOREIGN if content else Condition.LOST
    assert examine(instance.folder).condition is wanted


# ------------------------------------------------------------------- one process


def load_wsgi(instance):
    """Load ``wsgi:app`` in a separate process, as another WSGI server does."""
    return subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=instance.environment,
        capture_output=True,
        text=True,
    )


def test_another_wsgi_server_is_refused_while_a_server_runs(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    with instance.served() as running:
        second = load_wsgi(instance)
        assert second.returncode == 1
        assert "A server runs on" in second.stderr
        assert "one worker" in second.stderr
        assert running.stop(signal.SIGTERM) == 0
    assert load_wsgi(instance).returncode == 0


def test_a_forked_worker_refuses_to_serve(make_app):
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


def test_files_are_private_to_their_owner_and_the_umask_is_unchanged(tmp_path):
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


def test_an_instance_in_a_read_only_folder_can_be_locked_only_once(
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


def test_a_foreign_database_is_never_opened(folder, monkeypatch):
    write_without_closing(folder / "netpresenter.db", "CREATE TABLE theirs (a)")

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


def test_examining_an_open_database_keeps_its_locks(make_app, people):
    """Otherwise the next process that closes it would remove the log of the server."""
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
