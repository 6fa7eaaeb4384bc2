"""A backup is a consistent snapshot of the database, or the command fails."""

import errno
import json
import os
import shutil
import sys
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock

from helpers import damage_table
from netpresenter_next.backups import (
    archives,
    copying,
    folders,
    key_encryption,
    making,
    restoring,
)
from netpresenter_next.backups.making import BackupFailed
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.database import SQLITE
from netpresenter_next.storage.findings import Severity

# SQLITE is the library that the product copies with. With two SQLite libraries in one
# process, each would lose its locks on a file when the other closes that file.
PASSPHRASE = "correct horse battery staple"
DAY = timedelta(days=1)
RUN = "INSERT INTO upkeep_runs VALUES ('x', '2026-01-01', 1, '')"


@pytest.fixture
def backup(populated, config, folder):
    return making.make(config, folder / "one.zip")


def number_ids(cases):
    """Return test ids that number the cases."""
    return [str(number) for number in range(len(cases))]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def count_rows(file):
    with closing(SQLITE.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in tables.fetchall()
        }


def change(config, statement):
    file = database.database_file(config)
    with closing(SQLITE.connect(file)) as connection, connection:
        connection.execute(statement)


# ------------------------------------------------------------------------ contents
def test_a_backup_contains_every_row_and_a_manifest(backup, config, folder, tmp_path):
    counts = count_rows(database.database_file(config))
    assert (counts["users"], counts["groups"], counts["memberships"]) == (3, 1, 2)
    assert backup.manifest.counts == counts
    assert backup.manifest.step == instances.STEPS[-1]
    assert not backup.manifest.has_key
    assert datetime.now(UTC) - backup.manifest.made_at < timedelta(minutes=1)
    assert names(folder) == ["one.zip"]
    with zipfile.ZipFile(backup.path) as archive:
        assert archive.namelist() == ["manifest.json", "netpresenter.db"]
        archive.extract("netpresenter.db", tmp_path)
    copied = tmp_path / "netpresenter.db"
    assert count_rows(copied) == counts
    assert copied.read_bytes()[18:20] == b"\1\1"  # not in write-ahead log mode
    assert making.verify(backup.path) == backup.manifest
    assert names(folder) == ["one.zip"]


def test_a_backup_in_a_folder_is_named_by_its_timestamp(populated, config, folder):
    first, second = (making.make(config, folder) for _ in range(2))
    assert first.path != second.path
    for each in (first, second):
        assert folders._NAMES[folders.MANUAL].fullmatch(each.path.name)
    assert [each.path for each in making.list_backups(config, folder)] == [
        second.path,
        first.path,
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_a_backup_is_private_to_its_owner_whatever_the_umask(
    populated, config, folder, monkeypatch
):
    seen, move = {}, folders.name_file

    def look(file, target):
        for path in (file.parent, *file.parent.iterdir()):
            seen[path.name] = path.stat().st_mode & 0o777
        move(file, target)

    monkeypatch.setattr(folders, "name_file", look)
    before = os.umask(0)
    try:
        made = making.make(config, folder / "one.zip")
        nightly = making.make_nightly(config, making.default_folder(config), 1)
    finally:
        os.umask(before)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert nightly.path.parent.stat().st_mode & 0o777 == 0o700
    of_folders = {mode for name, mode in seen.items() if name.endswith(".partial")}
    of_files = {mode for name, mode in seen.items() if not name.endswith(".partial")}
    assert (of_folders, of_files) == ({0o700}, {0o600})


def test_a_backup_includes_the_write_ahead_log_of_a_killed_server(
    populated, config, folder, tmp_path
):
    file = database.database_file(config)
    with closing(SQLITE.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(RUN)
        connection.commit()
        shutil.copytree(config.instance, tmp_path / "killed")
    killed = replace(config, instance=tmp_path / "killed")
    assert making.make(killed, folder).manifest.counts["upkeep_runs"] == 1


def test_a_backup_leaves_no_files_in_the_instance(populated, config, folder):
    before = names(config.instance)
    making.make(config, folder)
    assert names(config.instance) == before


def test_a_copy_is_one_snapshot_and_is_not_restarted_by_writes(
    populated, config, folder, monkeypatch
):
    """Two tables that each transaction changes together stay equal in the copy."""
    file = database.database_file(config)
    with closing(SQLITE.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE one (value INTEGER)")
        connection.execute("CREATE TABLE two (value INTEGER)")
        connection.execute("CREATE TABLE filling AS SELECT randomblob(400000) AS some")
    monkeypatch.setattr(copying, "PAGES_PER_BATCH", 8)
    writes, steps = 0, []

    def write_between(done, total):
        nonlocal writes
        assert writes < 200, "the copy is restarted again and again"
        if done < total:
            steps.append(done)
            # A second connection, as the running server has one.
            with closing(SQLITE.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("INSERT INTO one VALUES (1)")
                other.execute("INSERT INTO two VALUES (1)")
                other.execute("COMMIT")
            writes += 1

    target = folder / "copy.db"
    counts = copying.copy(file, target, write_between)
    assert writes > 10
    assert steps == sorted(steps)  # the copy never started again
    assert counts["one"] == counts["two"] == 0
    assert count_rows(target) == counts
    assert count_rows(file)["one"] == writes


def test_a_backup_while_threads_write_is_consistent(populated, config, folder):
    file = database.database_file(config)
    change(config, "CREATE TABLE one (value INTEGER)")
    change(config, "CREATE TABLE two (value INTEGER)")
    is_done, first = threading.Event(), threading.Event()

    def write():
        with closing(SQLITE.connect(file, isolation_level=None)) as other:
            while not is_done.is_set():
                other.execute("BEGIN IMMEDIATE")
                other.execute("INSERT INTO one VALUES (1)")
                other.execute("INSERT INTO two VALUES (1)")
                other.execute("COMMIT")
                first.set()

    writer = threading.Thread(target=write)
    writer.start()
    first.wait(10)
    made = [making.make(config, folder) for _ in range(3)]
    is_done.set()
    writer.join()
    assert all(each.manifest.counts["one"] > 0 for each in made)
    for each in made:
        assert each.manifest.counts["one"] == each.manifest.counts["two"]


def test_progress_increases_to_completion(populated, config, folder):
    said = []
    making.make(config, folder, progress=lambda done, total: said.append(done / total))
    assert said == sorted(said)
    assert said[-1] == 1


def test_a_database_outside_the_instance_folder_is_backed_up(
    populated, config, folder, tmp_path
):
    other = replace(config, database_url=f"sqlite:///{tmp_path}/moved.db")
    shutil.copy(database.database_file(config), database.database_file(other))
    change(other, RUN)
    assert making.make(other, folder).manifest.counts["upkeep_runs"] == 1


# -------------------------------------------------------------- the encryption key
def test_the_encryption_key_is_included_only_with_a_passphrase(
    populated, config, folder, cheap_passphrases
):
    key = (config.instance / "encryption_key").read_bytes()
    without = making.make(config, folder / "without.zip")
    made = making.make(config, folder / "with.zip", passphrase=PASSPHRASE)
    assert made.manifest.has_key
    assert making.verify(made.path).has_key
    sealed = archives.read_encrypted_key(made.path)
    assert key_encryption.decrypt(sealed, PASSPHRASE) == key
    assert key.strip() not in made.path.read_bytes() + sealed
    with pytest.raises(
        key_encryption.WrongPassphrase,
        match="encryption key in the backup is incorrect",
    ):
        key_encryption.decrypt(sealed, PASSPHRASE + "r")
    with pytest.raises(BackupFailed, match=r"does not contain encryption_key\.sealed"):
        archives.read_encrypted_key(without.path)


def test_the_passphrase_is_hashed_at_the_cost_that_owasp_recommends():
    """OWASP recommends scrypt with n = 2**17, r = 8, p = 1 (as of 2026)."""
    assert (key_encryption.COST, key_encryption.BLOCK, key_encryption.LANES) == (
        2**17,
        8,
        1,
    )


def test_a_short_passphrase_is_refused(populated, config, folder):
    with pytest.raises(BackupFailed, match="12 characters"):
        making.make(config, folder, passphrase="elevenchars")
    assert names(folder) == []


INVALID_KEYS = [
    lambda parts: parts | {"n": 2**30},
    lambda parts: parts | {"sealed": "####"},
    lambda parts: parts | {"salt": None},
    lambda parts: {},
    lambda parts: [],
]


@pytest.mark.parametrize("change", INVALID_KEYS, ids=number_ids(INVALID_KEYS))
def test_a_modified_encrypted_key_is_refused(cheap_passphrases, change):
    sealed = json.loads(key_encryption.encrypt(b"key", PASSPHRASE))
    with pytest.raises(key_encryption.WrongPassphrase):
        key_encryption.decrypt(json.dumps(change(sealed)).encode(), PASSPHRASE)


def test_a_passphrase_matches_in_any_unicode_normalization(cheap_passphrases):
    assert (
        key_encryption.decrypt(
            key_encryption.encrypt(b"key", "zoe\u0308" * 4), "zo\u00eb" * 4
        )
        == b"key"
    )


# ------------------------------------------------------------------ invalid backups
def rewrite_archive(path, change):
    """Rewrite the archive; ``change`` maps its names and contents to new ones."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in change(members).items():
            archive.writestr(name, content)


def with_manifest(**values):
    def change(members):
        manifest = json.loads(members["manifest.json"]) | values
        return members | {"manifest.json": json.dumps(manifest)}

    return change


def without(name):
    return lambda members: {
        each: content for each, content in members.items() if each != name
    }


def with_database(content):
    """Replace the database, and its size and digest in the manifest."""

    def change(members):
        digest = archives.hashlib.sha256(content).hexdigest()
        said = with_manifest(size=len(content), digest=digest)(members)
        return said | {"netpresenter.db": content}

    return change


INVALID_ARCHIVES = [
    (lambda members: members | {"more.txt": b""}, "'more.txt'"),
    (lambda members: members | {"../netpresenter.db": b""}, "'../netpresenter.db'"),
    (lambda members: members | {"/etc/passwd": b""}, "'/etc/passwd'"),
    (without("manifest.json"), r"not contain manifest\.json"),
    (without("netpresenter.db"), r"not contain netpresenter\.db"),
    (lambda members: members | {"manifest.json": b"{"}, "manifest is not valid"),
    (lambda members: members | {"manifest.json": b"[" * 9**5}, "manifest is not valid"),
    (lambda members: members | {"manifest.json": b" " * 10**6}, "too long"),
    (with_manifest(format=2), "newer version"),
    (with_manifest(counts={}), "table alarm_messages has 0 rows, not none"),
    (with_manifest(counts={"users": -1}), "manifest is not valid"),
    (with_manifest(size=True), "manifest is not valid"),
    (with_manifest(size=10), "does not have the size"),
    (with_manifest(made_at="2026-01-01T00:00:00"), "manifest is not valid"),
    (with_manifest(digest="0" * 64), "not the one that was backed up"),
    (with_manifest(step="0001"), "at step"),
    (with_manifest(version="1\x1b[2J"), "manifest is not valid"),
    (with_manifest(has_key=True), "does not match its"),
    (lambda members: members | {"encryption_key.sealed": b"x"}, "does not match its"),
    (with_database(b"These are not the bytes. " * 400), "cannot be read"),
]


@pytest.mark.parametrize(
    ("change", "said"), INVALID_ARCHIVES, ids=number_ids(INVALID_ARCHIVES)
)
def test_a_modified_backup_is_refused(backup, folder, change, said):
    rewrite_archive(backup.path, change)
    with pytest.raises(BackupFailed, match=said) as refused:
        making.verify(backup.path)
    assert str(backup.path) in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert names(folder) == ["one.zip"]
    assert names(folder.parent) == ["elsewhere", "instance"]


def test_wrong_row_counts_are_reported(backup):
    counts = backup.manifest.counts | {"users": 99}
    rewrite_archive(backup.path, with_manifest(counts=counts))
    with pytest.raises(BackupFailed, match="users has 3 rows, not 99"):
        making.verify(backup.path)


def test_an_archive_with_a_duplicate_member_is_refused(backup):
    with (
        zipfile.ZipFile(backup.path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("manifest.json", "{}")
    with pytest.raises(BackupFailed, match="twice"):
        making.verify(backup.path)


@pytest.mark.parametrize("member", ["manifest.json", "netpresenter.db"])
def test_a_flipped_bit_is_detected(backup, member):
    with zipfile.ZipFile(backup.path) as archive:
        info = archive.getinfo(member)
        start = info.header_offset + 30 + len(member) + len(info.extra)
        place = start + info.compress_size // 2
    content = bytearray(backup.path.read_bytes())
    content[place] ^= 4
    backup.path.write_bytes(content)
    with pytest.raises(BackupFailed, match="damaged"):
        making.verify(backup.path)


@pytest.mark.parametrize("part", [0, 0.3, 0.9, 0.9999])
def test_a_truncated_backup_is_refused(backup, part):
    content = backup.path.read_bytes()
    backup.path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BackupFailed, match="damaged"):
        making.verify(backup.path)


def make_database(tmp_path, *statements):
    file = tmp_path / "made.db"
    with closing(SQLITE.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return file.read_bytes()


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["CREATE TABLE recipes (name TEXT)"], "not one of Netpresenter Next"),
        (
            [
                "CREATE TABLE alembic_version (version_num TEXT)",
                "INSERT INTO alembic_version VALUES ('9999')",
                f"PRAGMA application_id={database.APPLICATION_ID}",
            ],
            r"newer version \(step 9999",
        ),
        (
            [
                "CREATE TABLE alembic_version (version_num TEXT)",
                f"PRAGMA application_id={database.APPLICATION_ID}",
            ],
            "does not record its version",
        ),
        (
            [
                "CREATE TABLE one (id INTEGER PRIMARY KEY)",
                "CREATE TABLE two (one INTEGER REFERENCES one)",
                "INSERT INTO two VALUES (7)",
                f"PRAGMA application_id={database.APPLICATION_ID}",
            ],
            "table two refers to a row of one",
        ),
    ],
)
def test_a_backup_with_an_unsuitable_database_is_refused(
    backup, tmp_path, statements, said
):
    rewrite_archive(backup.path, with_database(make_database(tmp_path, *statements)))
    with pytest.raises(BackupFailed, match=said):
        making.verify(backup.path)


def test_a_backup_larger_than_the_free_space_is_not_unpacked(backup, monkeypatch):
    usage = shutil.disk_usage(backup.path)
    little = usage._replace(free=backup.manifest.size - 1)
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _path: little)
    with pytest.raises(BackupFailed, match="no room"):
        making.verify(backup.path)


def test_a_missing_backup_is_named_in_the_error(folder):
    with pytest.raises(BackupFailed, match=r"none\.zip: No such file"):
        making.verify(folder / "none.zip")


# ----------------------------------------------------------------- failing backups
def test_a_backup_overwrites_no_existing_file(populated, config, folder):
    file = folder / "mine.zip"
    file.write_text("mine")
    with pytest.raises(BackupFailed, match="already exists"):
        making.make(config, file)
    link = folder / "link.zip"
    link.symlink_to(folder / "nowhere.zip")
    with pytest.raises(BackupFailed, match="already exists"):
        making.make(config, link)
    assert file.read_text() == "mine"
    assert names(folder) == ["link.zip", "mine.zip"]


def test_a_backup_overwrites_no_file_created_meanwhile(
    populated, config, folder, monkeypatch
):
    target = folder / "one.zip"
    pack = archives.write_archive

    def meanwhile(*arguments):
        target.write_text("mine")
        pack(*arguments)

    monkeypatch.setattr(archives, "write_archive", meanwhile)
    with pytest.raises(BackupFailed, match="already exists"):
        making.make(config, target)
    assert target.read_text() == "mine"
    assert names(folder) == ["one.zip"]


def test_a_backup_works_on_a_file_system_without_hard_links(
    populated, config, folder, monkeypatch
):
    def no_links(*_paths):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    made = making.make(config, folder / "one.zip")
    assert making.verify(made.path) == made.manifest
    (folder / "two.zip").write_text("mine")
    with pytest.raises(BackupFailed, match="already exists"):
        folders.name_file(made.path, folder / "two.zip")


def test_a_missing_folder_is_named_in_the_error(populated, config, folder):
    with pytest.raises(BackupFailed, match="There is no folder"):
        making.make(config, folder / "missing" / "one.zip")
    with pytest.raises(BackupFailed, match="is mounted"):
        making.make_nightly(config, folder / "missing", 7)
    assert names(folder) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
@pytest.mark.parametrize("function", ["write_archive", "extract"])
def test_a_full_disk_is_reported_and_leaves_no_partial_file(
    populated, config, folder, monkeypatch, number, function
):
    def full(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(archives, function, full)
    with pytest.raises(BackupFailed, match="disk is full"):
        making.make(config, folder / "one.zip")
    assert names(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_a_file_size_limit_is_reported_and_leaves_no_partial_file(
    populated, config, folder
):
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        with pytest.raises(BackupFailed, match="Check that there is room"):
            making.make(config, folder / "one.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert names(folder) == []


def test_a_damaged_database_is_not_backed_up(populated, config, folder, tmp_path):
    shutil.copytree(config.instance, tmp_path / "damaged")
    config = replace(config, instance=tmp_path / "damaged")
    file = database.database_file(config)
    damage_table(file, "guesses")
    with pytest.raises(BackupFailed, match="cannot be backed up"):
        making.make(config, folder / "one.zip")
    assert names(folder) == []
    file.write_bytes(b"no database at all " * 400)
    with pytest.raises(database.DatabaseUnusable, match="is not a database"):
        making.make(config, folder / "one.zip")


def test_an_older_database_is_backed_up_without_migrating_it(
    populated, config, folder, monkeypatch
):
    monkeypatch.setattr(instances, "STEPS", (*instances.STEPS, "9998"))
    made = making.make(config, folder)
    assert made.manifest.step == instances.STEPS[-2]
    assert instances.examine(config).condition is instances.Condition.OLDER


# ------------------------------------------------------------------ nightly backups
@pytest.fixture
def night(populated, config, folder, monkeypatch):
    """Makes a nightly backup that is dated some days after today."""
    describe = archives.make_manifest

    def make(day, keep=3):
        def at(*arguments, **options):
            manifest = describe(*arguments, **options)
            made_at = manifest.made_at + day * DAY
            return replace(manifest, made_at=made_at)

        monkeypatch.setattr(archives, "make_manifest", at)
        return making.make_nightly(config, folder, keep).path

    return make


def test_only_the_configured_number_of_nightly_backups_is_kept(night, config, folder):
    made = [night(day) for day in range(5)]
    assert [each.path for each in making.list_backups(config, folder)] == made[:1:-1]
    assert making.find_newest(config, folder).path == made[-1]


def test_the_newest_valid_backup_is_kept_whatever_the_clock_says(night, config, folder):
    future = [night(day) for day in (400, 401, 402)]
    made = night(0)
    assert made in {each.path for each in making.list_backups(config, folder)}
    assert {each.path for each in making.list_backups(config, folder)} == {
        made,
        *future[1:],
    }
    assert night(1, keep=0).exists()


def test_a_failed_backup_removes_no_other_backup(night, config, folder, monkeypatch):
    made = [night(day) for day in range(3)]

    def damaged(*_arguments):
        raise BackupFailed("The table users has 2 rows, not 3.")

    monkeypatch.setattr(copying, "check_counts", damaged)
    with pytest.raises(BackupFailed, match=r"cannot be backed up\. The table users"):
        night(3, keep=1)
    assert [each.path for each in making.list_backups(config, folder)] == made[::-1]


def test_files_that_are_not_valid_nightly_backups_are_not_removed(
    night, config, folder
):
    content = night(-9, keep=1).read_bytes()
    kept = {
        "mine.zip": content,
        "netpresenter-2020-01-01T000000Z.zip": content,
        "netpresenter-nightly-2020-01-01.zip": content,
        "netpresenter-nightly-2020-01-01T000000Z.zip.old": content,
        "netpresenter-nightly-2020-01-01T000000Z.zip": b"damaged",
        "before-step-0007-2020-01-01T000000Z.zip": content,
    }
    for name, each in kept.items():
        (folder / name).write_bytes(each)
    made = night(0, keep=1)
    assert {*names(folder)} == {*kept, made.name}


def test_manual_backups_can_be_the_newest_and_are_never_removed(night, config, folder):
    first, second = (making.make(config, folder).path for _ in range(2))
    of_nights = [night(day, keep=1) for day in (-3, -2)]
    assert {*names(folder)} == {first.name, second.name, of_nights[1].name}
    assert of_nights[1].name.startswith("netpresenter-nightly-20")
    assert found(config, folder)[0] == (
        Severity.OK,
        f"The newest is {second}, 0 h old.",
    )


def test_instances_that_share_a_folder_keep_each_others_backups(
    night, config, folder, tmp_path
):
    first = night(-9, keep=1)
    other = replace(config, instance=tmp_path / "other")
    restoring.restore(other, first)
    assert instances.read_id(other) != instances.read_id(config)
    assert making.list_backups(other, folder) == []
    theirs = [making.make_nightly(other, folder, 1).path for _ in range(2)]
    assert {*names(folder)} == {first.name, theirs[1].name}
    made = night(0, keep=1)
    assert {*names(folder)} == {made.name, theirs[1].name}
    assert making.find_newest(config, folder).path == made
    assert making.find_newest(other, folder).path == theirs[1]


@pytest.mark.parametrize("kept", [None, "", "nö", "g" * 32])
def test_backups_without_an_instance_id_are_never_removed(
    night, config, folder, tmp_path, kept
):
    own = config.instance / instances.ID_FILE
    own.unlink()
    if kept is not None:
        own.write_text(kept, encoding="utf-8")
    without_id = [night(day, keep=1) for day in (-9, -8)]
    assert archives.read_manifest(without_id[0]).instance == ""
    # Without an id of its own, the instance counts these backups as its own.
    assert making.find_newest(config, folder).path == without_id[1]
    own.unlink(missing_ok=True)
    instances.create_missing_files(config)
    assert making.find_newest(config, folder) is None
    made = night(0, keep=1)
    assert {*names(folder)} == {made.name, *(each.name for each in without_id)}
    restoring.restore(replace(config, instance=tmp_path / "new"), without_id[0])


def test_a_manifest_without_an_instance_id_is_accepted(backup, folder):
    with zipfile.ZipFile(backup.path) as archive:
        manifest = json.loads(archive.read(archives.MANIFEST))
        content = archive.read(archives.DATABASE)
    del manifest["instance"]
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        archive.writestr(archives.MANIFEST, json.dumps(manifest))
        archive.writestr(archives.DATABASE, content)
    assert making.verify(folder / "old.zip").instance == ""


def test_an_instance_whose_id_cannot_be_stored_has_an_empty_id(config, monkeypatch):
    keep = encryption.create_once

    def refuse(path, make):
        if path.name == instances.ID_FILE:
            raise PermissionError(errno.EACCES, "no", str(path))
        keep(path, make)

    monkeypatch.setattr(encryption, "create_once", refuse)
    instances.create_missing_files(config)
    assert instances.read_id(config) == ""


def test_a_backup_needs_free_space_for_twice_the_database(night, folder, monkeypatch):
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(BackupFailed, match=r"has 1 KiB free and needs .+ twice"):
        night(0)
    assert names(folder) == []


def test_only_the_folders_of_interrupted_backups_are_removed(populated, config, folder):
    interrupted = folder / "netpresenter-backup-abc.partial"
    interrupted.mkdir()
    (interrupted / "netpresenter.db").write_text("half")
    mine = folder / "mine.partial"
    mine.mkdir()
    (folder / "netpresenter-backup-file.partial").write_text("mine")
    (folder / "netpresenter-backup-link.partial").symlink_to(mine)
    in_progress = folder / "netpresenter-backup-def.partial"
    in_progress.mkdir()
    with FileLock(in_progress / "lock"):
        making.clear_leftovers(folder)
    assert names(folder) == [
        "mine.partial",
        "netpresenter-backup-def.partial",
        "netpresenter-backup-file.partial",
        "netpresenter-backup-link.partial",
    ]
    making.clear_leftovers(folder / "missing")


# ------------------------------------------------------------------------ findings
def found(config, folder, kept=7):
    return [
        (each.severity, each.what)
        for each in making.check_backups(config, folder, kept)
    ]


def test_the_age_of_the_newest_backup_is_reported(night, config, folder):
    assert found(config, folder, kept=0)[0][0] is Severity.WARNING
    severity, what = found(config, folder)[0]
    assert (severity, what) == (
        Severity.WARNING,
        f"There is no valid backup in {folder}.",
    )
    old = night(-3)
    severity, what = found(config, folder)[0]
    assert (severity, what) == (Severity.WARNING, f"The newest is {old}, 3 days old.")
    made = night(0)
    severity, what = found(config, folder)[0]
    assert (severity, what) == (Severity.OK, f"The newest is {made}, 0 h old.")


def test_a_backup_on_the_same_disk_is_reported(populated, config, folder):
    assert "same disk" in found(config, folder)[1][1]
