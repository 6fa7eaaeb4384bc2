"""A backup or a restore is killed at some moment: nothing is half, and nothing is lost.

After a kill of ``backup`` there is a good one of the name that was told, or none, and
the next one clears away what was left.  After a kill of ``restore`` the old database is
in use, or the restored one, or all commands say to type it again.
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
    kill,
)

from factories import People
from helpers import Instance, close, copy_of
from netpresenter_next.backups import archives, key_encryption, making, restoring
from netpresenter_next.config.options import load
from netpresenter_next.storage import encryption
from netpresenter_next.storage.database import SQLITE

PASSPHRASE = "correct horse battery staple"
# Otherwise most kills at a random moment would hit the derivation of the key.
CHEAP = "from netpresenter_next.backups import key_encryption as k; k.COST = 2**4"
BLOCK = "UPDATE users SET is_blocked = 1 WHERE user_name IN ('p1', 'p2')"


@pytest.fixture(scope="module", autouse=True)
def cheap():
    """Passphrases that cost less to try, here as in the commands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_encryption, "COST", 2**4)
        yield


@pytest.fixture(scope="module")
def made(tokened, tmp_path_factory, cheap):
    """An instance with people that a killed server left, and an older backup of it.

    Since the backup, what changed is in its log, and it has got another key.
    """
    place = tmp_path_factory.mktemp("made")
    instance = copy_of(tokened[0], place / "instance")
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


# ------------------------------------------------------------- what is in a database
def contents_of(file, place):
    """Return all rows of a database with its log, which are left as they are."""
    copied = place / "copied"
    copied.mkdir()
    for suffix in ("", "-wal"):
        if (source := file.with_name(file.name + suffix)).exists():
            shutil.copy(source, copied / source.name)
    with closing(SQLITE.connect(copied / file.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        names = [name for (name,) in connection.execute(query)]
        rows = {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
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
def used(folder, made):
    return copy_of(made["used"], folder)


def the_database(trial):
    return contents_of(trial.instance.folder / FILE, trial.beside.parent)


def good_ones_alone(trial, said):
    """A backup has its name once it is good; the next one is made, and clears away."""
    place, has_key = trial.beside.parent, "--with-key" in trial.row.words
    before = list(trial.beside.glob("*.zip"))
    for path in before:
        assert making.verify(path).has_key == has_key
    others = {path.name for path in trial.beside.iterdir()} - {p.name for p in before}
    assert all(re.fullmatch(r"netpresenter-backup-\w+\.partial", n) for n in others)
    told = re.findall(r"^/.*\.zip$", said, re.MULTILINE)
    assert set(told) <= {str(path) for path in before}
    assert the_database(trial) == trial.known
    status, said = trial.run(*trial.row.words)
    assert status == 0, said
    after = check_backups(trial.beside)
    assert len(after) == len(before) + 1
    for path in after:
        assert contents_of_backup(path, place) == trial.known
        if has_key:
            key = (trial.instance.folder / encryption.KEY_FILE).read_bytes()
            assert (
                key_encryption.decrypt(archives.read_encrypted_key(path), PASSPHRASE)
                == key
            )
    check_files(trial.instance)
    assert the_database(trial) == trial.known


# --------------------------------------------------------------------------- restore
def no_folder(folder, _made):
    return Instance(folder)


def an_empty_folder(folder, _made):
    folder.mkdir()
    return Instance(folder)


class Before(NamedTuple):
    """What was there before a restore."""

    contents: dict | None
    digests: set[str]


def the_files(trial):
    folder, contents = trial.instance.folder, None
    if (folder / FILE).exists():
        contents = the_database(trial)
    return Before(contents, digests_in(folder))


# What SQLite may write on is no loss: it is made from the others.
def digests_in(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {digest(path) for path in files if not path.name.endswith("-shm")}


def asides(trial):
    return sorted(trial.instance.folder.glob("before-restore-*"))


def old_or_restored(trial, said):
    """It is the old database, the restored one, or a word to type it again."""
    assert digest(trial.made["backup"]) == trial.made["digest"]
    assert trial.known.digests <= digests_in(trial.instance.folder)
    if trial.instance.folder.joinpath(FILE).exists():
        found = without_passing(the_database(trial))
    else:
        found = None
    status, told = trial.run("token", "list")
    if "was interrupted" in told:
        refused_with_advice(trial)
        typed_again(trial)
        serves(trial)
    else:
        works_on(trial, found, status, is_promised="Restored: " in said)
        typed_again(trial)


def refused_with_advice(trial):
    for words in (
        ("token", "list"),
        ("backup", "{beside}"),
        ("migrate",),
        ("create-admin", "ada", "--password-file", "-"),
        ("serve", "--port", "0"),
    ):
        status, told = trial.run(*words)
        assert status == 1, told
        assert " was interrupted, so its database cannot be used. " in told, told
        assert told.endswith(f" restore {trial.made['backup']}\n"), told
    assert list(trial.beside.iterdir()) == []


def works_on(trial, found, status, *, is_promised):
    """Commands and the server work on what was found, which is whole."""
    old, new = trial.known.contents, without_passing(trial.made["contents"])
    assert found == new or (not is_promised and found == without_passing(old))
    assert status == (1 if found is None else 0)
    serves(trial, "restoring.json.new")  # says nothing; the next restore clears it


def serves(trial, *others):
    trial.serve()
    check_files(trial.instance, *others, *(path.name for path in asides(trial)))
    check_database(trial.instance.folder / FILE)


def typed_again(trial):
    """The same command ends in what the backup holds; the files before are kept."""
    status, told = trial.run(*trial.row.words)
    assert status == 0, told
    wanted = without_passing(trial.made["contents"])
    assert without_passing(the_database(trial)) == wanted
    names = [path.name for path in asides(trial)]
    check_files(trial.instance, "restored.json", *names)
    place = trial.beside.parent
    if trial.known.contents:
        kept = [contents_of(path / FILE, place)["users"] for path in asides(trial)]
        assert trial.known.contents["users"] in kept
    if "--passphrase-file" in trial.row.words:
        key = trial.instance.folder / encryption.KEY_FILE
        assert key.read_bytes() == trial.made["backup_key"]


def without_passing(contents):
    if contents is None:
        return None
    passing = restoring.SHORT_LIVED
    return {name: rows for name, rows in contents.items() if name not in passing}


# -------------------------------------------------------------------------- the table
WITH_PASSPHRASE = ("--passphrase-file", "{passphrase}")
BACKUP = {"know": the_database, "check": good_ones_alone, "code": CHEAP}
RESTORE = {"know": the_files, "check": old_or_restored, "code": CHEAP}
TABLE = {
    "backup": Row(used, ("backup", "{beside}"), **BACKUP),
    "backup with the key": Row(
        used, ("backup", "{beside}", "--with-key", *WITH_PASSPHRASE), **BACKUP
    ),
    "restore": Row(used, ("restore", "{backup}", "--yes"), **RESTORE),
    "restore with the key": Row(
        used, ("restore", "{backup}", "--yes", *WITH_PASSPHRASE), **RESTORE
    ),
    "restore into an empty folder": Row(
        an_empty_folder, ("restore", "{backup}", "--yes"), **RESTORE
    ),
    "restore into no folder": Row(
        no_folder, ("restore", "{backup}", "--yes"), **RESTORE
    ),
}


@pytest.fixture
def killing(parent, made, tmp_path):
    return lambda name: Killing(parent, TABLE[name], made, tmp_path)


# The others take the same ways, by and large.
SOME = ["backup with the key", "restore with the key", "restore into an empty folder"]


@pytest.mark.parametrize("name", SOME)
def test_a_killed_backup_or_restore_is_whole_or_typed_again(killing, name):
    kill(killing(name), by_time=1, at_steps=2)


@pytest.mark.long
@pytest.mark.parametrize("name", TABLE)
def test_twenty_kills_leave_it_whole_or_to_be_typed_again(killing, name):
    kill(killing(name), by_time=20, at_steps=20)


def test_a_key_of_a_try_that_was_cut_off_does_not_stay(made, tmp_path):
    """Typed again without its passphrase, too."""
    instance = copy_of(made["used"], tmp_path / "instance")
    (instance.folder / f"{encryption.KEY_FILE}.restored").write_bytes(
        made["backup_key"]
    )
    restoring.restore(load({}, instance=instance.folder), made["backup"])
    assert made["backup_key"] not in {
        path.read_bytes() for path in instance.folder.iterdir() if path.is_file()
    }
