"""Restoring a backup: it is checked and prepared before it replaces the database.

All sessions end.  The restored database is compared with the old one, to report the
tokens, people and passwords that became active again.
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
    file_replacement,
    folders,
    key_encryption,
    making,
    restored_facts,
)
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import BackupFailed, Progress
from netpresenter_next.backups.file_replacement import Plan
from netpresenter_next.backups.restored_facts import Facts
from netpresenter_next.config.options import Config, ConfigError
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.database import SQLITE
from netpresenter_next.storage.ids import new_id

# Short-lived rows, which must not become valid again: sessions, rate limits, one-time
# links to set a password.
SHORT_LIVED = ("sessions", "unlocks", "guesses", "password_links")


@dataclass(frozen=True)
class Report:
    """What a restore did, and what remains to be done."""

    manifest: Manifest
    facts: Facts
    aside: Sequence[Path]  # the folders with the files of the old database
    is_older: bool  # the next start migrates the database
    is_forced: bool  # Force sign in with Microsoft is on
    lacks_key: bool  # the stored secrets for Microsoft cannot be decrypted


def restore(
    config: Config,
    file: Path,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Replace the database with a backup; with a passphrase, restore its key too.

    The backup is checked before anything is changed.  Raises BackupFailed, InUse while
    a server runs, WrongPassphrase, and OSError.
    """
    manifest = archives.read_manifest(file)
    key = _decrypt_key(file, manifest, passphrase)
    with _lock_instance(config):
        plan = file_replacement.make_plan(config, file)
        folders.clear_leftovers(plan.database.parent)
        with folders.temporary_folder(plan.database.parent) as work:
            prepared = work / archives.DATABASE
            manifest = making.extract_and_check(file, prepared, progress)
            _end_sessions(prepared)
            facts = restored_facts.compare(prepared, plan.before)
            forced, secrets = _read_sign_in_settings(prepared)
            instances.create_missing_files(config)
            notice = _make_notice(plan, manifest, facts)
            file_replacement.replace_files(plan, prepared, key, notice)
    return Report(
        manifest=manifest,
        facts=facts,
        aside=[folder for folder in plan.folders if folder.is_dir()],
        is_older=manifest.step != instances.STEPS[-1],
        is_forced=forced,
        lacks_key=not _can_decrypt(config, secrets),
    )


def _decrypt_key(
    file: Path, manifest: Manifest, passphrase: str | None
) -> bytes | None:
    if passphrase is None:
        return None
    if not manifest.has_key:
        raise BackupFailed(
            f"{file} contains no encryption key: leave the passphrase out."
        )
    key = key_encryption.decrypt(archives.read_encrypted_key(file), passphrase)
    try:
        encryption.EncryptionKey(key.decode("ascii").strip())
    except ValueError:
        raise BackupFailed(f"The encryption key in {file} is not valid.") from None
    return key


@contextmanager
def _lock_instance(config: Config) -> Iterator[None]:
    """Lock the instance; a new one is removed again if the block fails."""
    is_new = not config.instance.exists()
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = database.database_file(config).parent
    lock = FileLock(config.instance / "migrate.lock", mode=instances.OWNER_ONLY)
    _refuse_another_account(config.instance)
    try:
        with lock, instances.lock(config):
            if not folder.is_dir():
                raise BackupFailed(f"There is no folder {folder} for the database.")
            yield
    except BaseException:
        if is_new and not (config.instance / instances.RESTORING).exists():
            shutil.rmtree(config.instance, ignore_errors=True)
        raise


def _refuse_another_account(folder: Path) -> None:
    """Refuse to restore as another account: the server could not use the files."""
    if os.name != "nt" and folder.stat().st_uid != os.geteuid():
        raise BackupFailed(
            f"{folder} belongs to {folder.owner()}: restore as that account."
        )


def _end_sessions(prepared: Path) -> None:
    """Delete short-lived rows from the prepared database; check it again."""
    with closing(SQLITE.connect(prepared, isolation_level=None)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        names = {name for (name,) in tables.fetchall()}
        for table in SHORT_LIVED:
            if table in names:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - of ours
    copying.read_step(prepared)
    copying.synchronize(prepared)


def _read_sign_in_settings(prepared: Path) -> tuple[bool, list[bytes]]:
    """Return whether Force is on, and the encrypted secrets."""
    try:
        with copying.open_read_only(prepared) as connection:
            row = connection.execute(
                "SELECT is_forced, secret, next_key FROM sign_in_settings"
            ).fetchone()
    except SQLITE.Error:  # a version without sign-in with Microsoft
        return False, []
    return bool(row[0]), [secret for secret in row[1:] if secret]


def _can_decrypt(config: Config, secrets: list[bytes]) -> bool:
    if config.entra_client_secret or config.entra_certificate:
        return True  # the stored secrets are not used
    try:
        key = encryption.read_key(config.instance)
        for secret in secrets:
            key.decrypt(secret)
    except (encryption.DecryptionFailed, ConfigError):
        return False
    return True


def _make_notice(plan: Plan, manifest: Manifest, facts: Facts) -> dict[str, Any]:
    return {
        "id": new_id(),
        "restored_at": datetime.now(UTC).isoformat(),
        "backup_made_at": manifest.made_at.isoformat(),
        # The path that the old database will have.
        "before": str(
            plan.aside / plan.database.name
            if plan.before == plan.database
            else plan.before
        ),
        "facts": {"file": plan.file.name, "version": manifest.version, **asdict(facts)},
    }
