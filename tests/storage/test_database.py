"""Transactions, migrations, and database files that are refused."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from importlib import import_module

import pytest
from sqlalchemy import inspect, select, text

from helpers import PASSWORD, Instance
from invariants import check_invariants, check_schema, check_totals
from netpresenter_next.config.options import load
from netpresenter_next.directory.events import Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database, instances, totals, write_lock
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.totals import Counted
from netpresenter_next.upkeep import migrating

HOLD_THE_LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def instance(tmp_path):
    return Instance(tmp_path / "instance")


@pytest.fixture
def app(instance):
    return instance.app()


@pytest.fixture
def file(instance):
    return instance.folder / "netpresenter.db"


def run_threads(count, work):
    faults = []

    def run():
        try:
            work()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_concurrent_writes_of_eight_threads_lose_nothing(app):
    with app.app_context(), database.write() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count():
        for _ in range(25):
            with app.app_context(), database.write() as connection:
                value = connection.scalar(text("SELECT value FROM counter")) + 1
                connection.execute(text("UPDATE counter SET value = :v"), {"v": value})

    assert run_threads(8, count) == []
    with app.app_context(), database.read() as connection:
        assert connection.scalar(text("SELECT value FROM counter")) == 200


def test_an_exception_rolls_back_the_whole_transaction(app):
    def fail_halfway():
        with database.write() as connection:
            connection.execute(text("CREATE TABLE half (value INTEGER)"))
            raise ZeroDivisionError

    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            fail_halfway()
        with database.read() as connection:
            query = text("SELECT count(*) FROM sqlite_master WHERE name = 'half'")
            assert connection.scalar(query) == 0


def test_a_nested_write_raises_instead_of_deadlocking(app):
    again = pytest.raises(RuntimeError, match="re-entrant")
    with app.app_context(), database.write(), again, database.write():
        pass


def test_reading_is_possible_during_a_write(app):
    with app.app_context(), database.write() as writer:
        writer.execute(text("CREATE TABLE unseen (value INTEGER)"))
        with database.read() as reader:
            query = text("SELECT count(*) FROM sqlite_master WHERE name = 'unseen'")
            assert reader.scalar(query) == 0


@pytest.fixture
def foreign_writer(app, file):
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_writing_raises_busy_while_another_process_holds_the_lock(app, foreign_writer):
    with app.app_context():
        start = time.monotonic()
        with pytest.raises(database.Busy), database.write():
            pass
        assert time.monotonic() - start < database.BUSY_SECONDS + 10
        # Later ones are refused at once, so that threads stay free for reading.
        start = time.monotonic()
        with pytest.raises(database.Busy), database.write():
            pass
        assert time.monotonic() - start < database.BUSY_SECONDS
        with database.read() as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_writing_works_again_when_the_other_process_releases_the_lock(
    app, foreign_writer, monkeypatch
):
    with app.app_context():
        with pytest.raises(database.Busy), database.write():
            pass
        foreign_writer.stdin.close()
        foreign_writer.wait()
        later = time.monotonic() + 3.1
        monkeypatch.setattr(write_lock.time, "monotonic", lambda: later)
        with database.write() as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_sqlite_pragmas_are_set(real_commits, app):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 2000,
        "trusted_schema": 0,
        "mmap_size": 0,
    }
    with app.app_context(), database.read() as connection:
        for name, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_migrations_create_the_tables_of_the_models(app):
    with app.app_context(), database.read() as connection:
        check_schema(connection)


def test_a_lost_trigger_is_noticed(app):
    with app.app_context(), database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER count_added_user")
    with (
        app.app_context(),
        database.read() as connection,
        pytest.raises(AssertionError),
    ):
        check_schema(connection)


def test_totals_count_the_rows_of_an_older_database(instance, old_database):
    old_database("0002", LINKED)
    with instance.app().app_context(), database.read() as connection:
        assert totals.read(connection, Counted.USERS) == 2
        assert totals.read(connection, Counted.VISIBLE_USERS) == 1
        assert totals.read(connection, Counted.GROUPS) == 1
        check_totals(connection)


GUID = "6F2C1C1E-4B0E-4A53-9A3C-0D3A6F1F0A11"
OLD_ROWS = f"""
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, external_id, shown_name_key, active, is_provisioned, role,
  is_emergency, password_hash, last_sign_in_at, last_sign_in_method)
VALUES
  ('a', '{{"userName": "ada", "active": true}}', 1, '2026-01-01', '2026-01-01', 'ada',
   'ada', NULL, 'ada', 1, 0, 'administrator', 1, 'hash', '2026-02-01', 'local'),
  ('j', '{{"userName": "jane", "externalId": "{GUID}", "active": true}}', 1,
   '2026-01-01', '2026-01-01', 'jane', 'jane', '{GUID}', 'jane', 1, 1, 'user', 0,
   NULL, NULL, NULL),
  ('z', '{{"userName": "zoë"}}', 1, '2026-01-01', '2026-01-01', 'zoë', 'zoë', NULL,
   'zoë', 0, 1, 'user', 0, NULL, NULL, NULL);
INSERT INTO sessions (digest, user_id, method, created_at, seen_at, address, user_agent)
VALUES (x'00', 'a', 'local', '2026-02-01', '2026-02-01', '127.0.0.1', 'x');
"""


@pytest.fixture
def old_database(instance, file, monkeypatch):
    """Creates a database of an older version with these rows."""

    def make(version, rows):
        steps = instances.STEPS[: instances.STEPS.index(version) + 1]
        with monkeypatch.context() as old:
            old.setattr(instances, "STEPS", steps)
            instance.prepare()
        connection = sqlite3.connect(file)
        connection.executescript(rows)
        connection.close()

    return make


def test_people_are_migrated_from_before_sign_in_with_microsoft(instance, old_database):
    old_database("0001", OLD_ROWS)
    with instance.app().app_context(), database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT id, object_id, password_used_at IS NOT NULL FROM users ORDER BY id"
        )
        assert found.all() == [("a", None, 1), ("j", GUID.lower(), 0), ("z", None, 0)]
        document = "SELECT document ->> '$.active', version FROM users WHERE id = 'z'"
        assert connection.exec_driver_sql(document).all() == [(0, 2)]
        count = "SELECT (SELECT count(*) FROM sessions), idle_minutes, is_forced"
        found = connection.exec_driver_sql(f"{count} FROM sign_in_settings")
        assert found.all() == [(0, 480, 0)]
        check_invariants(connection)


LINKED = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, external_id, object_id, shown_name_key, active, is_provisioned, role)
VALUES
  ('b', '{{"userName": "boss", "active": true}}', 1, '2026-01-01', '2026-01-01', 'boss',
   'boss', NULL, NULL, 'boss', 1, 0, 'administrator'),
  ('j', '{{"userName": "jane", "externalId": "{guid}", "active": true}}', 1,
   '2026-01-01', '2026-01-01', 'jane', 'jane', '{guid}', '{guid}', 'jane', 1, 1,
   'user');
UPDATE users SET is_blocked = 1 WHERE id = 'j';
INSERT INTO groups (id, document, version, created_at, modified_at, display_name,
  display_name_key)
VALUES ('g', '{{"displayName": "Readers"}}', 1, '2026-01-01', '2026-01-01', 'Readers',
  'readers');
INSERT INTO memberships (group_id, user_id) VALUES ('g', 'j');
INSERT INTO identities (user_id, tenant_id, object_id, subject, user_name, app_roles,
  linked_at, linked_by)
VALUES
  ('b', 't', '{other}', 's', 'boss@example.org', '[]', '2026-01-01', 'x'),
  ('j', 't', '{guid}', 's', 'jane@example.org', '[]', '2026-01-01', 'externalId');
INSERT INTO sessions (digest, user_id, method, created_at, authenticated_at, seen_at,
  address, user_agent)
VALUES (x'00', 'b', 'microsoft', '2026-02-01', '2026-02-01', '2026-02-01', '::1', 'x');
""".format(guid=GUID.lower(), other="0000aaaa-1111-2222-3333-444444444444")


def test_rows_that_refer_to_people_survive_the_migration(instance, old_database):
    """A migration that rebuilds a table must not delete rows that refer to it."""
    old_database("0002", LINKED)
    with instance.app().app_context(), database.read() as connection:
        run = connection.exec_driver_sql
        kept = ("users", "memberships", "identities", "sessions", "blocks")
        counts = [run(f"SELECT count(*) FROM {table}").scalar() for table in kept]
        assert counts == [2, 1, 2, 1, 1]
        confirmed = run("SELECT confirmed_object_id FROM users WHERE id = 'b'")
        assert confirmed.scalar() == "0000aaaa-1111-2222-3333-444444444444"
        assert run("PRAGMA foreign_keys").scalar() == 1
        check_invariants(connection)


OLD_NAMES = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, display_name, shown_name_key, active, is_provisioned, role,
  is_emergency)
VALUES
  ('a', '{"userName": "ada", "active": true}', 1, '2026-01-01', '2026-01-01', 'ada',
   'ada', NULL, 'ada', 1, 0, 'administrator', 1),
  ('b', '{"userName": "bob", "active": true}', 1, '2026-01-01', '2026-01-01', 'bob',
   'bob', NULL, 'bob', 1, 0, 'user', 1),
  ('c', '{"userName": "\u0430da", "displayName": "A\u202eda", "active": true}', 1,
   '2026-01-01', '2026-01-01', '\u0430da', '\u0430da', 'A\u202eda', 'a\u202eda', 1, 1,
   'user', 0);
INSERT INTO groups (id, document, version, created_at, modified_at, display_name,
  display_name_key)
VALUES ('g', '{"displayName": "Team 1"}', 1, '2026-01-01', '2026-01-01', 'Team 1',
   'team 1');
"""


def test_names_of_an_older_database_get_skeletons_and_are_cleaned(
    instance, old_database, monkeypatch
):
    monkeypatch.setattr(
        "netpresenter_next.storage.migrations.versions.0007_look_alikes.ROWS", 2
    )
    old_database("0005", OLD_NAMES)
    with instance.app().app_context(), database.read() as connection:
        check_invariants(connection)
        run = connection.exec_driver_sql
        alike = run("SELECT count(*) FROM users WHERE name_skeleton = 'ada'").scalar()
        assert alike == 2
        assert run("SELECT display_name FROM users WHERE id = 'c'").scalar() == "Ada"
        keeps = run("SELECT id FROM users WHERE is_emergency").all()
        assert keeps == [("a",)]  # only administrators may have emergency access


OLD_EVENTS = [
    ("Created", "User", "[]", "Created ada.", "person.created"),
    ("Created", "Group", "[]", "Created group Readers.", "group.created"),
    ("Disabled", "User", "[]", "Disabled ada; changed active.", "person.disabled"),
    ("Disabled", "User", None, "Disabled ada here.", "person.blocked"),
    ("Enabled", "User", None, "Enabled ada here.", "person.unblocked"),
    ("Signed in", "User", None, "ada signed in.", "sign_in.local"),
    ("Refused", None, None, 'GET /Users: 401 It\'s "no".', "scim.refused"),
]


def test_old_journal_entries_get_an_event_code_and_keep_their_text(
    instance, file, old_database
):
    old_database("0002", "")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO journal (id, at, log, action, succeeded, actor_kind,"
            " actor_name, target_type, changes, detail)"
            " VALUES (?, '2026-01-01', 'audit', ?, 1, 'person', 'ada', ?, ?, ?)",
            [(str(n), *each[:4]) for n, each in enumerate(OLD_EVENTS)],
        )
    with instance.app().app_context(), database.read() as connection:
        kept = connection.execute(select(JOURNAL).order_by(JOURNAL.c.id)).all()
        assert [each.event for each in kept] == [each[-1] for each in OLD_EVENTS]
        assert {each.event for each in kept} <= set(Event)
        assert [describe(each) for each in kept] == [each[3] for each in OLD_EVENTS]
        indexes = inspect(connection).get_indexes("journal")
        assert {each["name"] for each in indexes} == {
            "ix_journal_access",
            "ix_journal_actor",
            "ix_journal_audit",
            "ix_journal_counted_as",
            "ix_journal_departure",
            "ix_journal_departures",
            "ix_journal_event",
            "ix_journal_failed",
            "ix_journal_provisioning",
            "ix_journal_reference",
            "ix_journal_target",
        }


def test_every_code_that_the_migration_assigns_is_an_event():
    step = import_module("netpresenter_next.storage.migrations.versions.0003_events")
    given = [step.CODES, step.CODES_BY_TYPE, step.CODES_BY_CHANGES]
    assert {code for codes in given for code in codes.values()} <= set(Event)


def test_only_the_owner_may_read_the_files(app, instance):
    with app.app_context(), database.write() as connection:
        connection.execute(text("CREATE TABLE written (value INTEGER)"))
    for path in instance.folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_migrating_again_changes_nothing(app, instance):
    config = load({}, instance=instance.folder)
    assert migrating.migrate(app, config) == (instances.STEPS[-1],) * 2


@pytest.mark.parametrize("prepare", [migrating.prepare, migrating.migrate])
def test_a_python_without_full_text_search_is_refused(
    app, instance, monkeypatch, prepare
):
    monkeypatch.setattr(migrating, "FULL_TEXT_SEARCH", "fts99")
    with pytest.raises(database.DatabaseUnusable, match="without full-text search"):
        prepare(app, load({}, instance=instance.folder))


def test_several_processes_that_start_at_once_all_succeed(instance):
    commands = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "netpresenter_next", "create-admin"),
                *(f"admin{number}", "--password-file", "-"),
            ],
            env=instance.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(4)
    ]
    for command in commands:
        command.stdin.write(PASSWORD)
        command.stdin.close()
    for number, command in enumerate(commands):
        said = f"{instance.instance_line}\nadmin{number} is now an administrator.\n"
        assert command.stdout.read() == said
        command.stdout.close()
        assert command.wait() == 0


@pytest.mark.parametrize("size", [0, None])
def test_a_lost_database_is_not_created_again(app, instance, file, size):
    for path in instance.folder.glob("netpresenter.db*"):
        path.unlink()
    if size == 0:
        file.touch()
    with pytest.raises(database.DatabaseUnusable, match="missing or empty"):
        instance.app()


def test_a_database_of_another_program_is_refused_and_unchanged(instance, file):
    instance.folder.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = file.read_bytes()
    with pytest.raises(database.DatabaseUnusable, match="not a database of"):
        instance.app()
    assert file.read_bytes() == before
    assert os.listdir(instance.folder) == [file.name]


def test_a_file_that_is_no_database_is_refused(instance, file):
    instance.folder.mkdir()
    file.write_bytes(b"These are not the bytes of a database. " * 100)
    with pytest.raises(database.DatabaseUnusable, match="is not a database of SQLite"):
        instance.app()


def test_a_newer_database_is_refused(app, instance):
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(database.DatabaseUnusable, match="newer version"):
        instance.app()


def test_a_checkpoint_empties_the_write_ahead_log(app, file):
    with app.app_context():
        with database.write() as connection:
            connection.execute(text("CREATE TABLE written (value INTEGER)"))
        database.checkpoint()
    assert file.with_name("netpresenter.db-wal").stat().st_size == 0
