"""Restoring a backup: checked and prepared beside the database, then exchanged with it.

Nobody stays signed in; what came alive again is found by comparing the two.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from netpresenter_next.backups import (
    archives,
    copying,
    exchanging,
    folders,
    making,
    restored_facts,
    sealing,
)
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import BackupFailed, Progress
from netpresenter_next.backups.exchanging import Plan
from netpresenter_next.backups.restored_facts import Facts
from netpresenter_next.config.options import Config, ConfigError
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.database import SQLITE
from netpresenter_next.storage.ids import new_id

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
        plan = exchanging.planned(config, file)
        folders.clear_leftovers(plan.database.parent)
        with folders.workplace(plan.database.parent) as work:
            prepared = work / archives.DATABASE
            manifest = making.restored(file, prepared, progress)
            _end_sessions(prepared)
            facts = restored_facts.compare(prepared, plan.before)
            forced, secrets = _connection(prepared)
            instances.make(config)
            exchanging.exchange(plan, prepared, key, _told(plan, manifest, facts))
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
        raise BackupFailed(
            f"{file} contains no encryption key: leave the passphrase out."
        )
    key = sealing.unseal(archives.key_of(file), passphrase)
    try:
        encryption.Vault(key.decode("ascii").strip())
    except ValueError:
        raise BackupFailed(f"The encryption key in {file} is not valid.") from None
    return key


@contextmanager
def _held(config: Config) -> Iterator[None]:
    """Hold an instance that nothing serves; one that was not there goes if it fails."""
    is_new = not config.instance.exists()
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = database.database_file(config).parent
    lock = FileLock(config.instance / "migrate.lock", mode=instances.OWNER_ONLY)
    _refuse_another_account(config.instance)
    try:
        with lock, instances.alone(config):
            if not folder.is_dir():
                raise BackupFailed(f"There is no folder {folder} for the database.")
            yield
    except BaseException:
        if is_new and not (config.instance / instances.RESTORING).exists():
            shutil.rmtree(config.instance, ignore_errors=True)
        raise


def _refuse_another_account(folder: Path) -> None:
    """Else the files would be of another account than the server's."""
    if os.name != "nt" and folder.stat().st_uid != os.geteuid():
        raise BackupFailed(
            f"{folder} belongs to {folder.owner()}: restore as that account."
        )


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
        key = encryption.open_vault(config.instance)
        for secret in secrets:
            key.unseal(secret)
    except (encryption.Unreadable, ConfigError):
        return False
    return True


def _told(plan: Plan, manifest: Manifest, facts: Facts) -> dict[str, Any]:
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
