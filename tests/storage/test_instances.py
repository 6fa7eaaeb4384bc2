"""Which commands create an instance, migrate it, or refuse it without a change."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import click
import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner

from helpers import PASSWORD, ROOT, Instance, close, commands, copy_of
from netpresenter_next.backups import making, restoring
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.cli.main import main
from netpresenter_next.config.options import load
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.instances import Condition, Purpose
from netpresenter_next.upkeep import migrating

OLD, NEW = instances.STEPS[-2:]
MAKERS = {"serve", "create-admin"}
NOWHERE = os.path.join(os.devnull, "nowhere")
READERS = {
    *("token list", "user list", "user show", "group list", "group show"),
    *("doctor", "log", "user export"),
}
TABLE = re.findall(
    r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$",
    (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
CONDITIONS = {
    "absent": Condition.ABSENT,
    "missing, although it existed": Condition.LOST,
    "unreadable, or of another application": Condition.FOREIGN,
    "of an older version": Condition.OLDER,
    "of this version": Condition.CURRENT,
    "of a newer version": Condition.NEWER,
    "half restored: `restore` was interrupted": Condition.HALF_RESTORED,
}
PURPOSES = (
    Purpose.MAKE,
    Purpose.MIGRATE,
    Purpose.BACK_UP,
    Purpose.RESTORE,
    Purpose.USE,
)


def argument(kind):
    if isinstance(kind, click.Choice):
        return kind.choices[-1]
    if isinstance(kind, click.File) or getattr(kind, "exists", False):
        return str(ROOT / "tests" / "storage" / "one_person.csv")
    return NOWHERE if isinstance(kind, click.Path) else "grace"


def arguments(name, command):
    """Return valid arguments of a command."""
    words = name.split()
    for each in command.params:
        if isinstance(each, click.Argument):
            words.append(argument(each.type))
        elif each.name == "password_file":
            words += ["--password-file", "-"]
        elif each.name in ("yes", "everybody"):
            words.append(each.opts[0])
        elif each.name == "title":
            words += ["--title", "Admiral"]
    return words


COMMANDS = {name: arguments(name, each) for name, each in commands()}
# `serve` and these have their own tests.
REFUSING = sorted(set(COMMANDS) - MAKERS - {"restore", "doctor"})


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """An instance of the version before this one."""
    instance = Instance(tmp_path_factory.mktemp("older") / "instance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instances, "STEPS", instances.STEPS[:-1])
        instance.prepare()
    return instance


@pytest.fixture
def instance_in(migrated, older, tmp_path):
    """Creates an instance in a condition."""

    def make(condition):
        folder = tmp_path / "house" / "instance"
        folder.parent.mkdir()
        if condition is Condition.ABSENT:
            return Instance(folder)
        instance = copy_of(older if condition is Condition.OLDER else migrated, folder)
        file = folder / "netpresenter.db"
        if condition is Condition.LOST:
            file.unlink()
        if condition is Condition.FOREIGN:
            file.write_bytes(b"These are not the bytes of a database. " * 100)
        if condition is Condition.NEWER:
            change(instance, "UPDATE alembic_version SET version_num = '9999'")
        if condition is Condition.HALF_RESTORED:
            (folder / instances.RESTORING).write_text('{"file": "/some/backup.zip"}')
        return instance

    return make


def change(instance, statement):
    with closing(sqlite3.connect(instance.folder / "netpresenter.db")) as connection:
        connection.execute(statement)
        connection.commit()


def config_of(instance):
    return load({}, instance=instance.folder)


def contents(folder):
    """Return every file and folder below a folder, with its content."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def run(instance, words, text=PASSWORD):
    """Run a command in this process."""
    environment = {
        **{name: None for name in os.environ if name.startswith("NETPRESENTER_")},
        "NETPRESENTER_INSTANCE": str(instance.folder),
    }
    return CliRunner().invoke(main, words, input=text, env=environment)


# ---------------------------------------------------------------------- the table
def test_the_table_has_every_condition():
    rows = [row[0] for row in TABLE if row[0] in CONDITIONS]
    assert rows == list(CONDITIONS)
    assert list(CONDITIONS.values()) == list(Condition)
    assert set(PURPOSES) == set(Purpose)


@pytest.fixture(scope="module")
def backup(migrated, tmp_path_factory):
    return making.make(config_of(migrated), tmp_path_factory.mktemp("backup")).path


def do(purpose, instance, backup):
    """Do what a command of this purpose does; return the word of the table for it."""
    config = config_of(instance)
    before = instances.examine(config).step
    app = make_database_app(config)
    if purpose is Purpose.USE:
        instances.require(config, purpose)
        return "used"
    if purpose is Purpose.RESTORE:
        instances.require(config, purpose)
        restoring.restore(config, backup)
        return "restored"
    if purpose is Purpose.BACK_UP:
        made = making.make(config, instance.folder.parent)
        assert made.manifest.step == before
        assert instances.examine(config).step == before
        return "backed up unchanged"
    if purpose is Purpose.MIGRATE:
        steps = migrating.migrate(app, config)
        assert steps == (before, NEW)
        return "nothing to do" if before == NEW else "migrated"
    migrating.prepare(app, config)
    return {"": "created", NEW: "used"}.get(before, "migrated")


@pytest.mark.parametrize("column", range(len(PURPOSES)))
@pytest.mark.parametrize("row", [row for row in TABLE if row[0] in CONDITIONS])
def test_commands_do_what_each_cell_of_the_table_says(instance_in, backup, row, column):
    condition, purpose, promised = CONDITIONS[row[0]], PURPOSES[column], row[column + 1]
    instance = instance_in(condition)
    config = config_of(instance)
    assert instances.examine(config).condition is condition
    before = contents(instance.folder.parent)
    if promised == "refused":
        with pytest.raises(database.DatabaseUnusable) as refused:
            do(purpose, instance, backup)
        assert str(instance.folder) in str(refused.value)
        assert contents(instance.folder.parent) == before
    else:
        assert do(purpose, instance, backup) == promised
        if purpose is not Purpose.BACK_UP:
            assert instances.examine(config).condition is Condition.CURRENT


@pytest.mark.parametrize("name", REFUSING)
@pytest.mark.parametrize("condition", [Condition.ABSENT, Condition.NEWER])
def test_a_refused_command_creates_and_changes_nothing(instance_in, name, condition):
    instance = instance_in(condition)
    before = contents(instance.folder.parent)
    done = run(instance, COMMANDS[name])
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(instance.folder) in done.stderr
    assert done.stderr.startswith("Error: ")
    assert contents(instance.folder.parent) == before


def test_a_missing_instance_is_refused_with_the_remedy(instance_in):
    instance = instance_in(Condition.ABSENT)
    line = instance.expect_error(1, "force-sign-in", "off")
    assert line.startswith(f"There is no instance in {instance.folder}. Set NETPRES")
    assert f"type: NETPRESENTER_INSTANCE={instance.folder} " in line
    assert line.endswith("netpresenter-next serve")
    assert list(instance.folder.parent.iterdir()) == []


def test_an_interrupted_restore_is_refused_with_the_command_to_repeat(instance_in):
    instance = instance_in(Condition.HALF_RESTORED)
    said = run(instance, ["user", "list"]).stderr
    assert said.endswith("netpresenter-next restore /some/backup.zip\n")
    (instance.folder / instances.RESTORING).write_text("half")
    assert run(instance, ["user", "list"]).stderr.endswith(" restore FILE\n")


def test_an_empty_folder_is_no_instance(tmp_path):
    instance = Instance(tmp_path)
    assert "There is no instance" in run(instance, ["token", "create"]).stderr
    assert list(tmp_path.iterdir()) == []


def test_the_migrate_command_that_a_refusal_suggests_works(instance_in):
    instance = instance_in(Condition.OLDER)
    line = instance.expect_error(1, "user", "list")
    assert f"(step {OLD}, not {NEW})" in line
    command = line.partition(", and type: ")[2]
    assert shlex.split(command)[-1] == "migrate"
    outside = {
        name: each
        for name, each in instance.environment.items()
        if name != "NETPRESENTER_INSTANCE"
    }
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd="/",
        # The checkout under test need not be the installed one.
        env={**outside, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    said = f"The database was migrated from step {OLD} to step {NEW}."
    assert done.stderr.splitlines() == [instance.instance_line, said]
    assert instance.output("user", "list")


# ----------------------------------------------------------- naming the instance
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve"}))
def test_a_command_that_changes_something_names_the_instance(instance_in, name):
    instance = instance_in(Condition.CURRENT)
    done = run(instance, COMMANDS[name])
    assert done.exit_code in (0, 1), done.output
    named = done.stderr.splitlines()[:1] == [instance.instance_line]
    assert named == (name not in READERS)
    assert instance.instance_line not in done.stdout


def test_serve_names_the_instance(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    with instance.served() as server:
        assert server.process.stderr.readline() == f"{instance.instance_line}\n"


# ------------------------------------------------------------------------- migrate
def test_migrate_names_both_versions_or_says_nothing_to_do(instance_in):
    instance = instance_in(Condition.OLDER)
    for said in (
        f"The database was migrated from step {OLD} to step {NEW}.",
        f"Nothing to do: the database is at step {NEW}.",
    ):
        done = run(instance, ["migrate"])
        assert (done.exit_code, done.stdout) == (0, "")
        assert done.stderr.splitlines() == [instance.instance_line, said]


@pytest.mark.parametrize("name", ["migrate", "create-admin"])
def test_the_database_of_a_running_server_is_not_migrated(instance_in, name):
    instance = instance_in(Condition.OLDER)
    with instances.lock(config_of(instance)):
        before = contents(instance.folder)
        done = run(instance, COMMANDS[name])
        assert done.exit_code == 1
        assert f"A server runs on {instance.folder}" in done.stderr
        assert done.stderr.endswith("netpresenter-next migrate\n")
        with pytest.raises(instances.InUse):  # as `serve` does
            instance.app()
        found = instances.examine(config_of(instance))
        assert found == (Condition.OLDER, OLD, "")
        database_file = instance.folder / "netpresenter.db"
        assert contents(instance.folder)[database_file] == before[database_file]


def test_migrate_has_nothing_to_do_while_a_server_runs(instance_in):
    instance = instance_in(Condition.CURRENT)
    with instance.served():
        assert "Nothing to do" in run(instance, ["migrate"]).stderr


def test_the_list_of_steps_matches_the_alembic_revisions():
    scripts = ScriptDirectory(
        str(ROOT / "netpresenter_next" / "storage" / "migrations")
    )
    chain = [each.revision for each in scripts.walk_revisions()]
    assert list(instances.STEPS) == chain[::-1]
    assert scripts.get_current_head() == NEW


# --------------------------------------------------------------- creating an instance
def modes(folder):
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_a_new_instance_is_private_to_its_owner_under_any_umask(tmp_path):
    folder = tmp_path / "new" / "instance"
    before = os.umask(0o022)
    try:
        app = Instance(folder).app()
        assert os.umask(0o022) == 0o022
        with app.app_context(), database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE written (value INTEGER)")
        assert folder.stat().st_mode & 0o777 == 0o700
        found = modes(folder)
        close(app)
    finally:
        os.umask(before)
    assert {"netpresenter.db-wal", "secret_key", "encryption_key"} <= set(found)
    assert set(found.values()) == {0o600}


def test_the_permissions_of_an_existing_folder_are_kept(tmp_path):
    tmp_path.chmod(0o750)
    close(Instance(tmp_path).app())
    assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_create_admin_creates_an_instance_with_its_keys(tmp_path):
    instance = Instance(tmp_path / "instance")
    done = run(instance, COMMANDS["create-admin"])
    assert done.stderr.splitlines() == [
        instance.instance_line,
        "grace is now an administrator.",
    ]
    found = {path.name for path in instance.folder.iterdir()}
    assert {"netpresenter.db", "secret_key", "encryption_key", "in-use"} <= found


def test_another_wsgi_server_creates_an_instance_too(tmp_path):
    instance = Instance(tmp_path / "instance")
    command = [sys.executable, "-c", "import wsgi; wsgi.app.test_client().get('/')"]
    subprocess.run(command, cwd=ROOT, env=instance.environment, check=True)
    assert instances.examine(config_of(instance)).condition is Condition.CURRENT


def test_a_first_start_that_was_killed_is_repeated(tmp_path):
    """Switching to write-ahead logging writes the file before the first table."""
    instance = Instance(tmp_path)
    with closing(sqlite3.connect(tmp_path / "netpresenter.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
    assert (tmp_path / "netpresenter.db").stat().st_size > 0
    assert instances.examine(config_of(instance)).condition is Condition.ABSENT
    close(instance.app())


def test_a_database_without_a_recorded_version_is_refused(instance_in):
    instance = instance_in(Condition.CURRENT)
    change(instance, "DELETE FROM alembic_version")
    with pytest.raises(database.DatabaseUnusable, match="record its version"):
        instance.app()


def test_the_version_is_also_read_from_the_write_ahead_log(migrated, tmp_path):
    """A killed server leaves a write-ahead log that is not in the file yet."""
    instance = copy_of(migrated, tmp_path / "instance")
    file, killed = instance.folder / "netpresenter.db", tmp_path / "killed"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        shutil.copytree(instance.folder, killed)
    found = instances.examine(config_of(Instance(killed)))
    assert found == (Condition.NEWER, "9999", "")
