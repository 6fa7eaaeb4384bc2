"""A restore is complete, or the next start says how to repeat it; no file is lost."""

import errno
import json
import os
import shutil
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from helpers import Instance, close
from netpresenter_next.backups import (
    archives,
    copying,
    folders,
    key_encryption,
    making,
    restored_facts,
    restoring,
)
from netpresenter_next.backups.making import BackupFailed
from netpresenter_next.directory import password_links, scim_tokens, search_index
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.people import find_by_name
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.database import SQLITE
from netpresenter_next.storage.instances import Condition
from netpresenter_next.storage.state import DAMAGE_FILE
from visitors import Visitor, signed_in

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def token(app, people):
    """A SCIM token, as its id."""
    return make_token(app, "Entra")


def make_token(app, label):
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, label, label)
        return next(
            each.id for each in scim_tokens.list_live(connection) if each.label == label
        )


@pytest.fixture
def backup(token, populated, config, folder):
    """A backup of an instance with people, a token and a session."""
    signed_in(populated, "ada")
    made = making.make(config, folder / "one.zip").path
    close(populated)
    return made


def query(file, statement):
    with closing(SQLITE.connect(file)) as connection, connection:
        return connection.execute(statement).fetchall()


def user_names(config):
    file = database.database_file(config)
    return {name for (name,) in query(file, "SELECT user_name FROM users")}


def contents(folder):
    """Return every file and folder below with its content, except lock files."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.suffix != ".lock"
    }


def list_moved_aside(config):
    return sorted(config.instance.glob("before-restore-*"))


def copy_with_log(config, statement, copied):
    """Copy an instance as a killed server leaves it: the change is only in the log."""
    used = copied.with_name(f"{copied.name} (in use)")
    shutil.copytree(config.instance, used)
    file = database.database_file(replace(config, instance=used))
    with closing(SQLITE.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(statement)
        connection.commit()
        shutil.copytree(used, copied)
    killed = replace(config, instance=copied)
    assert (
        database.database_file(killed).with_name("netpresenter.db-wal").stat().st_size
    )
    return killed


RUN = "INSERT INTO upkeep_runs VALUES ('x', '2026-01-01', 1, '')"
LATER = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, shown_name_key, active, source)
VALUES ('later', '{"userName": "later"}', 1, '2026-01-01', '2026-01-01', 'later',
  'later', 'later', 1, 'local')
"""


# ------------------------------------------------------------------ what it restores
def test_restore_brings_everything_back_except_sessions(
    backup, app, people, config, token
):
    before = archives.read_manifest(backup).counts
    people.provisioned("grace")
    close(app)
    report = restoring.restore(config, backup)
    assert user_names(config) == {"ada", "jane", "zoë"}
    with copying.open_read_only(database.database_file(config)) as connection:
        counts = copying._count_rows(connection)
    assert before["sessions"] == 1
    assert counts == before | {"sessions": 0}
    assert instances.examine(config).condition is Condition.CURRENT
    (aside,) = list_moved_aside(config)
    assert report.aside == [aside]
    assert len(query(aside / "netpresenter.db", "SELECT * FROM users")) == 4
    assert not (config.instance / instances.RESTORING).exists()
    assert {path.name for path in config.instance.iterdir()} >= {
        "netpresenter.db",
        "restored.json",
        "encryption_key",
    }


def test_a_one_time_link_of_a_backup_is_not_valid_again(
    populated, people, config, folder
):
    with populated.app_context(), database.write() as connection:
        jane = find_by_name(connection, "jane")
        password_links.make(connection, jane, COMMAND_LINE, "n" * 16)
    backup = making.make(config, folder / "one.zip").path
    close(populated)
    restoring.restore(config, backup)
    links = query(database.database_file(config), "SELECT * FROM password_links")
    assert links == []


def test_people_are_found_by_search_after_a_restore(
    populated, people, config, folder, make_app
):
    with populated.app_context():
        search_index.index_everybody()
    people.provisioned("grace")  # not indexed yet
    backup = making.make(config, folder / "one.zip").path
    people.provisioned("linus")
    close(populated)
    restoring.restore(config, backup)
    ada = signed_in(make_app(), "ada")
    for name, is_found in (("jane", True), ("grace", True), ("linus", False)):
        page = ada.get(f"/settings/users?q={name}").text
        assert ("Nobody matches" not in page) is is_found, name


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_restored_files_are_private_to_their_owner_whatever_the_umask(backup, config):
    before = os.umask(0)
    try:
        restoring.restore(config, backup)
    finally:
        os.umask(before)
    (aside,) = list_moved_aside(config)
    assert aside.stat().st_mode & 0o777 == 0o700
    for path in config.instance.iterdir():
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path


def test_an_old_write_ahead_log_is_not_applied_to_the_restored_database(
    backup, config, tmp_path
):
    killed = copy_with_log(config, LATER, tmp_path / "killed")
    restoring.restore(killed, backup)
    assert user_names(killed) == {"ada", "jane", "zoë"}
    file = database.database_file(killed)
    assert query(file, "PRAGMA integrity_check") == [("ok",)]
    (aside,) = list_moved_aside(killed)
    assert {path.name for path in aside.iterdir()} >= {
        "netpresenter.db",
        "netpresenter.db-wal",
    }
    old = query(aside / "netpresenter.db", "SELECT user_name FROM users")
    assert ("later",) in old  # the log was moved aside with its database


def test_restore_is_refused_while_a_server_is_running(backup, config):
    before = contents(config.instance)
    with instances.lock(config), pytest.raises(instances.InUse, match="Stop it first"):
        restoring.restore(config, backup)
    assert contents(config.instance) == before


def test_restore_is_refused_for_another_system_account(backup, config, monkeypatch):
    before = contents(config.instance)
    owner = config.instance.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1, raising=False)
    with pytest.raises(BackupFailed, match=r"belongs to \w+: restore as"):
        restoring.restore(config, backup)
    assert contents(config.instance) == before


def test_a_truncated_backup_changes_nothing(backup, config, tmp_path):
    backup.write_bytes(backup.read_bytes()[:-30])
    before = contents(config.instance)
    with pytest.raises(BackupFailed, match="damaged"):
        restoring.restore(config, backup)
    assert contents(config.instance) == before
    new = replace(config, instance=tmp_path / "new")
    with pytest.raises(BackupFailed):
        restoring.restore(new, backup)
    assert not new.instance.exists()


def test_a_backup_with_a_damaged_database_changes_nothing(
    backup, config, tmp_path, monkeypatch
):
    def damaged(_file):
        raise BackupFailed("The database is damaged.")

    monkeypatch.setattr(copying, "read_step", damaged)
    before = contents(config.instance)
    new = replace(config, instance=tmp_path / "new")
    for each in (config, new):
        with pytest.raises(BackupFailed, match="is not a valid backup"):
            restoring.restore(each, backup)
    assert contents(config.instance) == before
    assert not new.instance.exists()


def test_a_restore_that_fills_the_disk_changes_nothing(backup, config, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = contents(config.instance)
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_copy", full)
        with pytest.raises(OSError, match="No space"):
            restoring.restore(config, backup)
    assert contents(config.instance) == before


def test_a_backup_of_a_newer_version_is_refused(backup, config, monkeypatch):
    monkeypatch.setattr(instances, "STEPS", instances.STEPS[:-1])
    with pytest.raises(BackupFailed, match="newer version"):
        restoring.restore(config, backup)


def test_a_backup_of_an_older_version_is_restored_without_migrating_it(
    backup, config, monkeypatch
):
    monkeypatch.setattr(instances, "STEPS", (*instances.STEPS, "9998"))
    assert restoring.restore(config, backup).is_older
    assert instances.examine(config).condition is Condition.OLDER


def test_a_missing_instance_is_restored(backup, config, tmp_path):
    new = replace(config, instance=tmp_path / "deep" / "new")
    report = restoring.restore(new, backup)
    assert report.aside == []
    assert report.facts.is_compared is False
    assert user_names(new) == {"ada", "jane", "zoë"}
    assert new.instance.stat().st_mode & 0o777 == 0o700
    app = Instance(new.instance).app()
    app.test_client_class = Visitor
    assert signed_in(app, "ada").get("/settings/users").status_code == 200
    close(app)


def test_a_missing_database_is_restored(backup, config):
    database.database_file(config).unlink()
    assert instances.examine(config).condition is Condition.LOST
    assert restoring.restore(config, backup).aside == []
    assert user_names(config) == {"ada", "jane", "zoë"}
    assert instances.examine(config).condition is Condition.CURRENT


def test_a_database_outside_the_instance_folder_is_replaced_in_place(
    backup, config, tmp_path
):
    there = tmp_path / "there"
    there.mkdir()
    link = tmp_path / "link.db"
    shutil.copy(database.database_file(config), there / "data.db")
    link.symlink_to(there / "data.db")
    other = replace(config, database_url=f"sqlite:///{link}")
    query(there / "data.db", LATER)
    report = restoring.restore(other, backup)
    assert link.is_symlink()
    assert user_names(other) == {"ada", "jane", "zoë"}
    (aside,) = report.aside
    assert aside.parent == there
    assert len(query(aside / "data.db", "SELECT * FROM users")) == 4


# ------------------------------------------------------------------- what it reports
def test_the_report_lists_access_that_the_restore_brought_back(
    backup, app, people, config, token
):
    jane, zoe = people.provisioned("someone"), people.local("another")
    people.delete(jane)
    with app.app_context(), database.write() as connection:
        scim_tokens.revoke(connection, COMMAND_LINE, token)
        make = connection.exec_driver_sql
        make("UPDATE users SET active = 0 WHERE user_name = 'jane'")
        make("UPDATE users SET is_blocked = 1 WHERE user_name = 'zoë'")
        make("UPDATE users SET role = 'user' WHERE user_name = 'ada'")
    close(app)
    facts = restoring.restore(config, backup).facts
    assert facts.is_compared
    assert facts.people == [("jane", "disabled"), ("zoë", "blocked")]
    assert facts.people_number == 2
    assert list(facts.administrators) == ["ada"]
    (found,) = facts.tokens
    assert (found.label, found.mark) == ("Entra", "revoked after the backup")
    assert zoe.user_name not in dict(facts.people)


def test_the_report_lists_deleted_people_even_if_their_name_was_reused(
    backup, app, people, config
):
    for name in ("jane", "zoë"):
        with app.app_context(), database.read() as connection:
            person = find_by_name(connection, name)
        people.delete(person)
    people.provisioned("zoë")
    close(app)
    assert restoring.restore(config, backup).facts.people == [
        ("jane", "deleted"),
        ("zoë", "another account"),
    ]


def test_the_report_lists_a_disabled_person_whose_name_another_has_now(
    backup, app, people, config
):
    renamed = "active = 0, user_name = 'old', user_name_key = 'old'"
    with app.app_context(), database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE users SET {renamed} WHERE user_name = 'jane'"
        )
    people.provisioned("jane")
    close(app)
    found = restoring.restore(config, backup).facts.people
    assert found == [("jane", "disabled")]


def test_the_report_lists_passwords_changed_since_the_backup(
    app, people, config, folder, monkeypatch
):
    for name in ("bob", "eve", "max", "tim", "tom"):
        people.local(name)
    close(app)
    backup = making.make(config, folder).path
    file = database.database_file(config)
    query(file, "UPDATE users SET password_hash = 'x' WHERE user_name = 'bob'")
    query(file, "UPDATE users SET password_hash = 'x' WHERE user_name = 'tom'")
    query(file, "UPDATE users SET password_hash = NULL WHERE user_name = 'eve'")
    query(file, "DELETE FROM users WHERE user_name = 'tim'")
    monkeypatch.setattr(restored_facts, "MOST_LISTED", 2)
    facts = restoring.restore(config, backup).facts
    assert (list(facts.passwords), facts.passwords_number) == (["bob", "eve"], 3)
    assert facts.people == [("tim", "deleted")]


@pytest.mark.parametrize("was", [True, False])
def test_the_report_says_whether_force_sign_in_was_on(backup, config, was):
    file = database.database_file(config)
    query(file, f"UPDATE sign_in_settings SET is_forced = {int(was)}")
    assert restoring.restore(config, backup).facts.was_forced is was


def test_force_sign_in_counts_as_off_in_a_database_without_that_setting(backup, config):
    file = database.database_file(config)
    query(file, "ALTER TABLE sign_in_settings RENAME TO other")
    facts = restoring.restore(config, backup).facts
    assert (facts.is_compared, facts.was_forced) == (True, False)


def test_a_token_unknown_to_the_previous_database_is_marked(backup, app, config, token):
    query(database.database_file(config), "DELETE FROM scim_tokens")
    (found,) = restoring.restore(config, backup).facts.tokens
    assert found.mark == "not in the previous database"


def test_long_lists_in_the_report_are_shortened(backup, config, monkeypatch):
    file = database.database_file(config)
    query(file, "UPDATE users SET active = 0")
    monkeypatch.setattr(restored_facts, "MOST_LISTED", 2)
    facts = restoring.restore(config, backup).facts
    assert (len(facts.people), facts.people_number) == (2, 3)


def test_a_damaged_previous_database_is_moved_aside_unchanged(backup, config):
    file = database.database_file(config)
    damaged = b"These are not the bytes. " * 1000
    file.write_bytes(damaged)
    mark = config.instance / DAMAGE_FILE
    mark.write_text("{}")
    report = restoring.restore(config, backup)
    assert not mark.exists()
    assert not report.facts.is_compared
    assert [each.label for each in report.facts.tokens] == ["Entra"]
    (aside,) = report.aside
    assert (aside / file.name).read_bytes() == damaged
    assert user_names(config) == {"ada", "jane", "zoë"}


def test_comparing_changes_neither_the_previous_database_nor_its_log(
    backup, config, tmp_path
):
    killed = copy_with_log(config, "UPDATE users SET active = 0", tmp_path / "killed")
    before = contents(killed.instance)
    report = restoring.restore(killed, backup)
    assert report.facts.people_number == 3  # read from the log
    (aside,) = report.aside
    for name in ("netpresenter.db", "netpresenter.db-wal"):
        assert (aside / name).read_bytes() == before[killed.instance / name]


def test_a_second_restore_still_compares_with_the_first_database(backup, app, config):
    query(database.database_file(config), "UPDATE users SET active = 0")
    first = restoring.restore(config, backup)
    second = restoring.restore(config, backup)
    assert first.facts.people_number == second.facts.people_number == 3
    assert first.aside[0] in second.aside
    assert len(second.aside) == 2


# ------------------------------------------------------------------------ the key
def store_secret(config):
    """Store a client secret, encrypted with the key of the instance."""
    secret = encryption.read_key(config.instance).encrypt("client secret")
    statement = f"UPDATE sign_in_settings SET secret = x'{secret.hex()}', is_forced = 1"
    query(database.database_file(config), statement)


def test_without_the_key_the_report_asks_for_the_client_secret(
    populated, config, folder, tmp_path
):
    store_secret(config)
    made = making.make(config, folder)
    same = restoring.restore(config, made.path)
    assert (same.lacks_key, same.is_forced) == (False, True)
    new = replace(config, instance=tmp_path / "new")
    assert restoring.restore(new, made.path).lacks_key
    given = replace(
        config, instance=tmp_path / "given", entra_client_secret="from the environment"
    )
    assert not restoring.restore(given, made.path).lacks_key
    (config.instance / "encryption_key").write_text("no key")
    assert restoring.restore(config, made.path).lacks_key
    (config.instance / "encryption_key").write_bytes(
        (tmp_path / "new" / "encryption_key").read_bytes()
    )


def test_the_passphrase_restores_the_encryption_key(
    populated, config, folder, tmp_path, cheap_passphrases
):
    store_secret(config)
    key = (config.instance / "encryption_key").read_bytes()
    made = making.make(config, folder, passphrase=PASSPHRASE)
    new = replace(config, instance=tmp_path / "new")
    with pytest.raises(key_encryption.WrongPassphrase):
        restoring.restore(new, made.path, PASSPHRASE + "r")
    assert not new.instance.exists()
    instances.create_missing_files(new)
    other = (new.instance / "encryption_key").read_bytes()
    report = restoring.restore(new, made.path, PASSPHRASE)
    assert not report.lacks_key
    assert (new.instance / "encryption_key").read_bytes() == key
    assert (report.aside[0] / "encryption_key").read_bytes() == other
    without = making.make(config, folder)
    with pytest.raises(BackupFailed, match="contains no encryption key"):
        restoring.restore(config, without.path, PASSPHRASE)


# ------------------------------------------------------------------- interruptions
CALLS = (
    (os, "replace"),
    (copying, "synchronize"),
    (copying, "create_file"),
    (type(copying.Path()), "unlink"),
)


def is_killed_at(number, restore):
    """Restore in a process that dies before call ``number``; return whether it died.

    Only the calls that change something on the disk are counted.
    """
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status) == 9
    try:
        left = number

        def killing(call):
            def counted(*arguments, **options):
                nonlocal left
                if left == 0:
                    os._exit(9)
                left -= 1
                return call(*arguments, **options)

            return counted

        for owner, name in CALLS:
            setattr(owner, name, killing(getattr(owner, name)))
        restore()
    except BaseException:
        os._exit(1)
    os._exit(0)


def read_state(file):
    """Return who is active in a database, and the rows of another table."""
    people = dict(query(file, "SELECT user_name, active FROM users"))
    return people, query(file, "SELECT job FROM upkeep_runs")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a process to be killed")
def test_a_killed_restore_is_complete_or_undone_or_can_be_repeated(
    populated, config, folder, tmp_path, cheap_passphrases
):
    """The old database is complete, or the new one, or the error says what to type."""
    made = making.make(config, folder, passphrase=PASSPHRASE).path
    # One change is in the database file, and one in its write-ahead log.
    shutil.copytree(config.instance, tmp_path / "later")
    later = replace(config, instance=tmp_path / "later")
    query(database.database_file(later), RUN)
    gone = "UPDATE users SET active = 0 WHERE user_name = 'jane'"
    killed = copy_with_log(later, gone, tmp_path / "killed")
    new = {"ada": 1, "jane": 1, "zoë": 1}, []
    old = {"ada": 1, "jane": 0, "zoë": 1}, [("x",)]
    seen, number, was_cut = set(), 0, True
    while was_cut:
        each = replace(config, instance=tmp_path / str(number))
        shutil.copytree(killed.instance, each.instance)

        def restore(each=each):
            return restoring.restore(each, made, PASSPHRASE)

        was_cut = is_killed_at(number, restore)
        found = instances.examine(each)
        seen.add(found.condition)
        if found.condition is Condition.HALF_RESTORED:
            with pytest.raises(
                database.DatabaseUnusable, match="was interrupted"
            ) as said:
                instances.require(each, instances.Purpose.MAKE)
            assert str(said.value).endswith(f"restore {made}")
            report = restore()
            assert report.facts.people == [("jane", "disabled")]
            assert instances.examine(each).condition is Condition.CURRENT
            assert read_state(database.database_file(each)) == new
        else:
            assert found.condition is Condition.CURRENT
            expected = new if (each.instance / "restored.json").exists() else old
            assert read_state(database.database_file(each)) == expected
        if (each.instance / "restored.json").exists():
            list_moved_aside = each.instance.glob("before-restore-*/netpresenter.db")
            assert old in [read_state(file) for file in list_moved_aside]
        assert not list(each.instance.glob("*.partial")) or was_cut
        shutil.rmtree(each.instance)
        number += 1
    assert number > 20
    assert seen == {Condition.CURRENT, Condition.HALF_RESTORED}


def test_a_second_restore_completes_one_that_failed_while_moving_files(
    backup, config, monkeypatch
):
    file, move = database.database_file(config), os.replace

    def broken(source, target):
        if target == file:
            raise OSError(errno.EIO, "Input/output error", str(target))
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", broken)
        with pytest.raises(OSError, match="Input/output"):
            restoring.restore(config, backup)
    assert instances.examine(config).condition is Condition.HALF_RESTORED
    report = restoring.restore(config, backup)
    assert len(report.aside) == 1
    assert report.facts.is_compared


def test_a_start_removes_partial_files_of_a_backup(populated, config):
    left = config.instance / "netpresenter-backup-abc.partial"
    left.mkdir()
    (left / "netpresenter.db").write_text("half")
    close(Instance(config.instance).app())
    assert not left.exists()


def test_a_restore_leaves_its_report_for_the_next_start(backup, config):
    restoring.restore(config, backup)
    report = json.loads((config.instance / "restored.json").read_text())
    assert report["facts"]["file"] == "one.zip"
    assert report["facts"]["tokens"][0]["label"] == "Entra"
    assert folders.FOLDER not in report
