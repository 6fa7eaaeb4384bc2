"""A backup or a restore that is killed leaves nothing half done, and loses nothing.

After a kill of ``backup``, the file with the announced name is valid or missing, and
the next backup removes partial files.  After a kill of ``restore``, the old database is
in use, or the restored one, or all commands say to repeat the restore.
"""

import hashlib
import re
import shutil
from contextlib import closing
from typing import NamedTuple

import pytest
from killing import (
    FILE,
    Killing,
    Row,
    check_backups,
    check_database,
    check_files,
    kill_repeatedly,
)

from factories import People
from helpers import Instance, close, copy_of
from netpresenter_next.backups import archives, key_encryption, making, restoring
from netpresenter_next.config.options import load
from netpresenter_next.storage import encryption
from netpresenter_next.storage.database import SQLITE

PASSPHRASE = "correct horse battery staple"
# Otherwise most kills at a random time would hit the derivation of the key.
LOWER_COST = "from netpresenter_next.backups import key_encryption as k; k.COST = 2**4"
BLOCK = "UPDATE users SET is_blocked = 1 WHERE user_name IN ('p1', 'p2')"


@pytest.fixture(scope="module", autouse=True)
def cheap_passphrases():
    """Hash passphrases at a lower cost, here as in the commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_encryption, "COST", 2**4)
        yield


@pytest.fixture(scope="module")
def made(instance_with_token, tmp_path_factory, cheap_passphrases):
    """An instance of a killed server, with people, and an older backup of it.

    The changes since the backup are only in the log, and the key is another one.
    """
    place = tmp_path_factory.mktemp("made")
    instance = copy_of(instance_with_token[0], place / "instance")
    app = instance.app()
    people = People(app, "no password")
    people.group("Readers", *(people.provisioned(f"p{n}") for n in range(9)))
    close(app)
    config = load({}, instance=instance.folder)
    backup = making.make(config, place / "backup.zip", passphrase=PASSPHRASE).path
    key = instance.folder / encryption.KEY_FILE
    before = key.read_bytes()
    key.unlink()
    encryption.make_key(instance.folder)
    with closing(SQLITE.connect(instance.folder / FILE)) as connection:
        connection.execute(BLOCK)
        connection.commit()
        used = copy_of(instance, place / "used")
    assert (used.folder / f"{FILE}-wal").stat().st_size
    passphrase = place / "passphrase"
    passphrase.write_text(PASSPHRASE)
    return {
        "used": used,
        "backup": backup,
        "contents": contents_of_backup(backup, place),
        "backup_key": before,
        "digest": digest(backup),
        "passphrase": passphrase,
    }


# ------------------------------------------------------------- contents of a database
def contents_of(file, place):
    """Return all rows of a database and its log, reading copies of both files.

    Without the entry that the command adds after a backup was made.
    """
    copied = place / "copied"
    copied.mkdir()
    for suffix in ("", "-wal"):
        if (source := file.with_name(file.name + suffix)).exists():
            shutil.copy(source, copied / source.name)
    with closing(SQLITE.connect(copied / file.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [name for (name,) in connection.execute(query)]
        where = {"journal": " WHERE event <> 'backup.made'"}
        rows = {
            name: sorted(
                connection.execute(f'SELECT * FROM "{name}"{where.get(name, "")}'),
                key=repr,
            )
            for name in names
        }
    shutil.rmtree(copied)
    return rows


def contents_of_backup(path, place):
    restored = place / "restored.db"
    making.extract_and_check(path, restored)
    contents = contents_of(restored, place)
    restored.unlink()
    return contents


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------------------- backup
def copy_used_instance(folder, made):
    return copy_of(made["used"], folder)


def read_database(attempt):
    return contents_of(attempt.instance.folder / FILE, attempt.beside.parent)


def check_backups_after_kill(attempt, output):
    """Only valid backups have a final name, and the next one removes partial files."""
    place, has_key = attempt.beside.parent, "--with-key" in attempt.row.words
    before = list(attempt.beside.glob("*.zip"))
    for path in before:
        assert making.verify(path).has_key == has_key
    others = {path.name for path in attempt.beside.iterdir()} - {p.name for p in before}
    assert all(re.fullmatch(r"netpresenter-backup-\w+\.partial", n) for n in others)
    printed = re.findall(r"^/.*\.zip$", output, re.MULTILINE)
    assert set(printed) <= {str(path) for path in before}
    assert read_database(attempt) == attempt.before
    status, output = attempt.run(*attempt.row.words)
    assert status == 0, output
    after = check_backups(attempt.beside)
    assert len(after) == len(before) + 1
    for path in after:
        assert contents_of_backup(path, place) == attempt.before
        if has_key:
            key = (attempt.instance.folder / encryption.KEY_FILE).read_bytes()
            assert (
                key_encryption.decrypt(archives.read_encrypted_key(path), PASSPHRASE)
                == key
            )
    check_files(attempt.instance)
    assert read_database(attempt) == attempt.before


# --------------------------------------------------------------------------- restore
def no_folder(folder, _made):
    return Instance(folder)


def empty_folder(folder, _made):
    folder.mkdir()
    return Instance(folder)


class Before(NamedTuple):
    """The database and the files before a restore."""

    contents: dict | None
    digests: set[str]


def read_files(attempt):
    folder, contents = attempt.instance.folder, None
    if (folder / FILE).exists():
        contents = read_database(attempt)
    return Before(contents, digests_in(folder))


# SQLite makes its shared memory file (-shm) again, so it may change.
def digests_in(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {digest(path) for path in files if not path.name.endswith("-shm")}


def list_moved_aside(attempt):
    return sorted(attempt.instance.folder.glob("before-restore-*"))


def check_restore_after_kill(attempt, output):
    """The database is the old one or the restored one, or commands ask to repeat."""
    assert digest(attempt.made["backup"]) == attempt.made["digest"]
    assert attempt.before.digests <= digests_in(attempt.instance.folder)
    if attempt.instance.folder.joinpath(FILE).exists():
        found = without_short_lived(read_database(attempt))
    else:
        found = None
    status, printed = attempt.run("token", "list")
    if "was interrupted" in printed:
        check_refused_with_advice(attempt)
        check_repeated_command(attempt)
        check_serving(attempt)
    else:
        check_usable(attempt, found, status, is_promised="Restored: " in output)
        check_repeated_command(attempt)


def check_refused_with_advice(attempt):
    for words in (
        ("token", "list"),
        ("backup", "{beside}"),
        ("migrate",),
        ("create-admin", "ada", "--password-file", "-"),
        ("serve", "--port", "0"),
    ):
        status, printed = attempt.run(*words)
        assert status == 1, printed
        assert " was interrupted, so its database cannot be used. " in printed, printed
        assert printed.endswith(f" restore {attempt.made['backup']}\n"), printed
    assert list(attempt.beside.iterdir()) == []


def check_usable(attempt, found, status, *, is_promised):
    """Commands and the server work on the database, which is complete."""
    old, new = attempt.before.contents, without_short_lived(attempt.made["contents"])
    assert found == new or (not is_promised and found == without_short_lived(old))
    assert status == (1 if found is None else 0)
    check_serving(
        attempt, "restoring.json.new"
    )  # says nothing; the next restore clears it


def check_serving(attempt, *others):
    attempt.serve()
    check_files(
        attempt.instance, *others, *(path.name for path in list_moved_aside(attempt))
    )
    check_database(attempt.instance.folder / FILE)


def check_repeated_command(attempt):
    """Repeating the command restores the backup and keeps the files from before."""
    status, printed = attempt.run(*attempt.row.words)
    assert status == 0, printed
    wanted = without_short_lived(attempt.made["contents"])
    assert without_short_lived(read_database(attempt)) == wanted
    names = [path.name for path in list_moved_aside(attempt)]
    check_files(attempt.instance, "restored.json", *names)
    place = attempt.beside.parent
    if attempt.before.contents:
        kept = [
            contents_of(path / FILE, place)["users"]
            for path in list_moved_aside(attempt)
        ]
        assert attempt.before.contents["users"] in kept
    if "--passphrase-file" in attempt.row.words:
        key = attempt.instance.folder / encryption.KEY_FILE
        assert key.read_bytes() == attempt.made["backup_key"]


def without_short_lived(contents):
    if contents is None:
        return None
    passing = restoring.SHORT_LIVED
    return {name: rows for name, rows in contents.items() if name not in passing}


# -------------------------------------------------------------------------- the table
WITH_PASSPHRASE = ("--passphrase-file", "{passphrase}")
BACKUP = {
    "read_before": read_database,
    "check": check_backups_after_kill,
    "code": LOWER_COST,
}
RESTORE = {
    "read_before": read_files,
    "check": check_restore_after_kill,
    "code": LOWER_COST,
}
TABLE = {
    "backup": Row(copy_used_instance, ("backup", "{beside}"), **BACKUP),
    "backup with the key": Row(
        copy_used_instance,
        ("backup", "{beside}", "--with-key", *WITH_PASSPHRASE),
        **BACKUP,
    ),
    "restore": Row(copy_used_instance, ("restore", "{backup}", "--yes"), **RESTORE),
    "restore with the key": Row(
        copy_used_instance,
        ("restore", "{backup}", "--yes", *WITH_PASSPHRASE),
        **RESTORE,
    ),
    "restore into an empty folder": Row(
        empty_folder, ("restore", "{backup}", "--yes"), **RESTORE
    ),
    "restore into no folder": Row(
        no_folder, ("restore", "{backup}", "--yes"), **RESTORE
    ),
}


@pytest.fixture
def killing(fork_server, made, tmp_path):
    return lambda name: Killing(fork_server, TABLE[name], made, tmp_path)


# The other rows take similar steps; the long test below runs them all.
SELECTED = [
    "backup with the key",
    "restore with the key",
    "restore into an empty folder",
]


@pytest.mark.parametrize("name", SELECTED)
def test_a_killed_backup_or_restore_is_complete_or_can_be_repeated(killing, name):
    kill_repeatedly(killing(name), by_time=1, at_steps=2)


@pytest.mark.long
@pytest.mark.parametrize("name", TABLE)
def test_twenty_kills_leave_it_complete_or_repeatable(killing, name):
    kill_repeatedly(killing(name), by_time=20, at_steps=20)


def test_the_key_file_of_an_interrupted_restore_is_removed(made, tmp_path):
    """The restore is repeated without the passphrase."""
    instance = copy_of(made["used"], tmp_path / "instance")
    (instance.folder / f"{encryption.KEY_FILE}.restored").write_bytes(
        made["backup_key"]
    )
    restoring.restore(load({}, instance=instance.folder), made["backup"])
    assert made["backup_key"] not in {
        path.read_bytes() for path in instance.folder.iterdir() if path.is_file()
    }
