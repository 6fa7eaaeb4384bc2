"""Restoring a backup: all of it, or a state in which everything says how to go on.

The files of the old database are moved aside together, log and all, and stay there.
From the first move to the last there is a file that says what is going on; while it
is there, nothing opens the database, and restoring again takes up where it was cut off.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from netpresenter_next import database, instances, vault
from netpresenter_next.config import Config, ConfigError
from netpresenter_next.database import SQLITE
from netpresenter_next.ids import new_id
from netpresenter_next.storage import (
    archives,
    backup_folders,
    backups,
    copying,
    restored_facts,
    sealing,
)
from netpresenter_next.storage.archives import Manifest
from netpresenter_next.storage.copying import BackupFailed, Progress
from netpresenter_next.storage.restored_facts import Facts
from netpresenter_next.storage.state import DAMAGE_FILE

# Told to the next start, which adds it to the database and removes the file.
RESTORED = "restored.json"
# What belongs to a database file of SQLite, the file itself first.
SUFFIXES = ("", "-wal", "-shm", "-journal")
# Rows that let somebody in, or keep somebody out, as of the day of the backup.
PASSING = ("sessions", "unlocks", "guesses")


@dataclass(frozen=True)
class Report:
    """What a restore did, and what remains to be done."""

    manifest: Manifest
    facts: Facts
    aside: Sequence[Path]  # the folders with the files before it
    is_older: bool  # the next start brings it up to date
    is_forced: bool  # Force sign in with Microsoft is on
    lacks_key: bool  # what is stored of the connection with Microsoft cannot be opened


@dataclass(frozen=True)
class _Plan:
    """Where everything is, and goes."""

    config: Config
    file: Path  # the backup
    database: Path
    aside: Path  # for the files before it
    before: Path  # the database before it, wherever it is now

    @property
    def intent(self) -> Path:
        return self.config.instance / instances.RESTORING

    @property
    def folders(self) -> list[Path]:
        """Where old files are: also those that an earlier try has moved."""
        moved = self.before != self.database and self.before.parent != self.aside
        return [self.before.parent, self.aside] if moved else [self.aside]

    @property
    def files(self) -> list[Path]:
        """The database with what belongs to it, the file itself first."""
        return [
            self.database.with_name(self.database.name + suffix) for suffix in SUFFIXES
        ]


def restore(
    config: Config,
    file: Path,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Put a backup in the place of the database; with a passphrase, also its key.

    The backup is checked before anything is touched.  Raises BackupFailed, InUse while
    a server runs, WrongPassphrase, and OSError.
    """
    manifest = archives.manifest_of(file)
    key = _key(file, manifest, passphrase)
    with _held(config):
        plan = _planned(config, file)
        backup_folders.clear_leftovers(plan.database.parent)
        with backup_folders.workplace(plan.database.parent) as work:
            prepared = work / archives.DATABASE
            manifest = backups.restored(file, prepared, progress)
            _end_sessions(prepared)
            facts = restored_facts.compare(prepared, plan.before)
            forced, secrets = _connection(prepared)
            instances.make(config)
            _exchange(plan, prepared, key, _told(plan, manifest, facts))
    return Report(
        manifest=manifest,
        facts=facts,
        aside=[each for each in plan.folders if each.is_dir()],
        is_older=manifest.step != instances.STEPS[-1],
        is_forced=forced,
        lacks_key=not _opens(config, secrets),
    )


def _key(file: Path, manifest: Manifest, passphrase: str | None) -> bytes | None:
    if passphrase is None:
        return None
    if not manifest.has_key:
        raise BackupFailed(f"{file} holds no encryption key: leave the passphrase out.")
    key = sealing.unseal(archives.key_of(file), passphrase)
    try:
        vault.Vault(key.decode("ascii").strip())
    except ValueError:
        raise BackupFailed(f"The encryption key in {file} is none.") from None
    return key


@contextmanager
def _held(config: Config) -> Iterator[None]:
    """Hold an instance that nothing serves; one that was not there goes if it fails."""
    is_new = not config.instance.exists()
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = database.database_file(config).parent
    lock = FileLock(config.instance / "migrate.lock", mode=instances.OWNER_ONLY)
    try:
        with lock, instances.alone(config):
            if not folder.is_dir():
                raise BackupFailed(f"There is no folder {folder} for the database.")
            yield
    except BaseException:
        if is_new and not (config.instance / instances.RESTORING).exists():
            shutil.rmtree(config.instance, ignore_errors=True)
        raise


def _planned(config: Config, file: Path) -> _Plan:
    """Say where everything goes; what a try that was cut off has moved stays there."""
    path = database.database_file(config).resolve()
    aside, before = _new_aside(path.parent), path
    earlier = _read(config.instance / instances.RESTORING)
    if earlier and (cut_off := Path(str(earlier.get("aside")))).is_dir():
        was = cut_off / path.name
        before = was if was.exists() else path
        # Beside one that is there, the one in place is what the try has moved in.
        if not (was.exists() and path.exists()):
            aside = cut_off
    # Of one that no start has seen yet, the database before it is what counts.
    unseen = _read(config.instance / RESTORED)
    if unseen and (old := Path(str(unseen.get("before")))).exists():
        before = old
    plan = _Plan(config, file.absolute(), path, aside, before)
    if before == aside / path.name:
        _move_aside(plan)  # its log, before anybody reads it
    return plan


def _new_aside(folder: Path) -> Path:
    name = f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    path, number = folder / name, 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}-{number}"
    return path


def _end_sessions(prepared: Path) -> None:
    """Take out what was for the browsers of the day of the backup, and check again."""
    with closing(SQLITE.connect(prepared, isolation_level=None)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        there = {name for (name,) in tables.fetchall()}
        for table in PASSING:
            if table in there:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - of ours
    copying.step_of(prepared)
    copying.synchronize(prepared)


def _connection(prepared: Path) -> tuple[bool, list[bytes]]:
    """Return whether Force is on, and what is stored encrypted."""
    try:
        with copying.reading(prepared) as connection:
            row = connection.execute(
                "SELECT is_forced, secret, next_key FROM sign_in_settings"
            ).fetchone()
    except SQLITE.Error:  # before there was sign-in with Microsoft
        return False, []
    return bool(row[0]), [secret for secret in row[1:] if secret]


def _opens(config: Config, secrets: list[bytes]) -> bool:
    if config.entra_client_secret or config.entra_certificate:
        return True  # those of the environment win
    try:
        key = vault.open_vault(config.instance)
        for secret in secrets:
            key.unseal(secret)
    except (vault.Unreadable, ConfigError):
        return False
    return True


def _told(plan: _Plan, manifest: Manifest, facts: Facts) -> dict[str, Any]:
    return {
        "id": new_id(),
        "restored_at": datetime.now(UTC).isoformat(),
        "backup_made_at": manifest.made_at.isoformat(),
        # Where the database before will be.
        "before": str(
            plan.aside / plan.database.name
            if plan.before == plan.database
            else plan.before
        ),
        "facts": {"file": plan.file.name, "version": manifest.version, **asdict(facts)},
    }


def _exchange(
    plan: _Plan, prepared: Path, key: bytes | None, told: Mapping[str, Any]
) -> None:
    """Move the old files aside and the new one in; the next try takes up a cut."""
    instance, folder = plan.config.instance, plan.database.parent
    _write(plan.intent, {"file": str(plan.file), "aside": str(plan.aside)})
    plan.aside.mkdir(mode=0o700, exist_ok=True)
    copying.synchronize(folder)
    _move_aside(plan)
    if key is not None:
        _replace_key(plan, key)
    os.replace(prepared, plan.database)
    copying.synchronize(folder)
    (instance / "in-use").touch(mode=instances.OWNER_ONLY)
    _write(instance / RESTORED, told)
    if not any(plan.aside.iterdir()):
        plan.aside.rmdir()
    (instance / DAMAGE_FILE).unlink(missing_ok=True)  # of the database before
    plan.intent.unlink()
    copying.synchronize(instance)


def _move_aside(plan: _Plan) -> None:
    # The file first: a log without its database is of no use to anybody, but a
    # database without its log looks whole.
    for old in plan.files:
        if os.path.lexists(old):
            os.replace(old, plan.aside / old.name)
    copying.synchronize(plan.aside)
    copying.synchronize(plan.database.parent)


def _replace_key(plan: _Plan, key: bytes) -> None:
    path = plan.config.instance / vault.KEY_FILE
    kept, draft = plan.aside / vault.KEY_FILE, path.with_name("encryption_key.restored")
    if not kept.exists():  # else it is there from the try that was cut off
        shutil.copy2(path, kept)
        copying.synchronize(kept)
        copying.synchronize(plan.aside)
    _write_bytes(draft, key)
    os.replace(draft, path)
    copying.synchronize(path.parent)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.new")
    _write_bytes(draft, json.dumps(document, indent=2).encode("ascii"))
    os.replace(draft, path)
    copying.synchronize(path.parent)


def _write_bytes(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    copying.make_file(path)
    path.write_bytes(content)
    copying.synchronize(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
