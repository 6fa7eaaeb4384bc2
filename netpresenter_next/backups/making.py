"""Making backups while a server runs; each is verified before it gets its name.

These functions need no application context.  A backup contains the database as it is,
without any migration.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netpresenter_next.backups import archives, copying, folders, key_encryption
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import BackupFailed, Progress
from netpresenter_next.backups.folders import (
    BEFORE_MIGRATION,
    FOLDER,
    MANUAL,
    NIGHTLY,
    Backup,
    check_backups,
    clear_leftovers,
    find_newest,
    list_backups,
)
from netpresenter_next.config.options import Config
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.instances import Purpose
from netpresenter_next.storage.state import DAMAGE_FILE

__all__ = [  # for the packages above
    "Backup",
    "BackupFailed",
    "Manifest",
    "check_backups",
    "clear_leftovers",
    "default_folder",
    "find_newest",
    "list_backups",
    "make",
    "make_before_migration",
    "make_nightly",
    "verify",
]
KEPT_BEFORE_MIGRATION = 3
_DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def default_folder(config: Config) -> Path:
    """Return the folder for backups unless another one is chosen."""
    return config.instance / FOLDER


def make(
    config: Config,
    target: Path,
    *,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Backup:
    """Make a backup in a folder, or as a file that does not exist yet.

    A server may be running.  The file gets its name only after it was written, read
    back and verified.  In a folder it gets the name of a manual backup, which is never
    removed automatically.  With a passphrase it contains the encryption key, encrypted.

    Raises BackupFailed, which says what to do, and DatabaseUnusable where there is no
    database that this version can read.
    """
    instances.require(config, Purpose.BACK_UP)
    with _explain_system_errors(config, target):
        is_folder = target.is_dir()
        file = folders.choose_name(target, MANUAL) if is_folder else target
        return _make(config, file, passphrase, progress)


def make_nightly(config: Config, folder: Path, keep: int) -> Backup:
    """Make a nightly backup, and keep the newest ``keep`` nightly backups.

    Only nightly backups of this instance are removed.  Raises BackupFailed, also where
    there is no space for twice the database, and DatabaseUnusable.
    """
    instances.require(config, Purpose.BACK_UP)
    return _make_and_remove(config, folder, NIGHTLY, NIGHTLY, keep)


def make_before_migration(config: Config) -> Backup:
    """Make the backup that every migration of the database requires.

    It is in the instance folder, where the newest three of its kind are kept.  Raises
    BackupFailed and DatabaseUnusable.
    """
    step = instances.require(config, Purpose.BACK_UP).step
    following = [each for each in instances.STEPS if each > step]
    beginning = f"{BEFORE_MIGRATION}-{following[0] if following else step}"
    folder = default_folder(config)
    return _make_and_remove(
        config, folder, BEFORE_MIGRATION, beginning, KEPT_BEFORE_MIGRATION
    )


def _make_and_remove(
    config: Config, folder: Path, kind: str, beginning: str, keep: int
) -> Backup:
    with _explain_system_errors(config, folder):
        # A chosen folder is not created: its disk may not be mounted.
        if folder == default_folder(config):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_dir():
            raise BackupFailed(_explain_missing_folder(folder))
        folders.require_room(config, folder)
        made = _make(config, folders.choose_name(folder, beginning), None, None)
        folders.remove_older(config, kind, made, keep)
        return made


def verify(path: Path, progress: Progress | None = None) -> Manifest:
    """Verify a backup by a test restore into a temporary folder beside it.

    Raises BackupFailed.
    """
    try:
        with folders.temporary_folder(path.parent) as work:
            return extract_and_check(path, work / "restored.db", progress)
    except OSError as error:
        raise BackupFailed(_explain_os_error(error, path)) from error


def extract_and_check(
    path: Path, file: Path, progress: Progress | None = None
) -> Manifest:
    """Write the database of a backup to a new file, and check it.

    Raises BackupFailed and OSError.
    """
    manifest = archives.extract(path, file, progress or _ignore_progress)
    try:
        _check(manifest, file)
    except BackupFailed as error:
        raise BackupFailed(f"{path} is not a valid backup. {error}") from error
    return manifest


def _check(manifest: Manifest, file: Path) -> None:
    if (step := copying.read_step(file)) != manifest.step:
        raise BackupFailed(f"The database is at step {step}, not {manifest.step}.")
    copying.check_counts(file, manifest.counts)


def _make(
    config: Config, file: Path, passphrase: str | None, progress: Progress | None
) -> Backup:
    if os.path.lexists(file):
        raise BackupFailed(f"{file} already exists: choose another name.")
    if (config.instance / DAMAGE_FILE).exists():
        # Closing the last connection would write the log into the damaged file.
        raise BackupFailed("The database is damaged: restore a backup instead.")
    key = _encrypt_key(config, passphrase)
    clear_leftovers(file.parent)
    source, meter = database.database_file(config), _Meter(progress)
    with folders.temporary_folder(file.parent) as work:
        copied, packed = work / archives.DATABASE, work / "packed.zip"
        counts = copying.copy(source, copied, meter.make_reporter(0))
        step = copying.read_step(copied, check=False)
        manifest = archives.make_manifest(
            copied,
            step,
            counts,
            has_key=key is not None,
            instance=instances.read_id(config),
        )
        archives.write_archive(packed, copied, manifest, key, meter.make_reporter(1))
        copied.unlink()  # otherwise three copies would need space at once
        unpacked = work / "restored.db"
        checked = archives.extract(packed, unpacked, meter.make_reporter(2))
        try:
            _check(checked, unpacked)
        except BackupFailed as error:
            raise BackupFailed(f"{source} cannot be backed up. {error}") from error
        folders.name_file(packed, file)
    return Backup(file, checked)


def _encrypt_key(config: Config, passphrase: str | None) -> bytes | None:
    if passphrase is None:
        return None
    if len(passphrase) < key_encryption.SHORTEST_PASSPHRASE:
        raise BackupFailed(
            f"The passphrase must have {key_encryption.SHORTEST_PASSPHRASE} characters "
            "at least: somebody who has the backup can try any number of passphrases."
        )
    key = (config.instance / encryption.KEY_FILE).read_bytes()
    return key_encryption.encrypt(key, passphrase)


def _ignore_progress(_done: int, _total: int) -> None:
    """Do nothing, where no progress is shown."""


class _Meter:
    """Reports the progress of a backup: copy, archive and check are a third each."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def make_reporter(self, part: int) -> Progress:
        def report(done: int, total: int) -> None:
            if self._progress:
                share = done * 1000 // total if total else 1000
                self._progress(part * 1000 + share, 3000)

        return report


@contextmanager
def _explain_system_errors(config: Config, target: Path) -> Iterator[None]:
    """Turn errors of the operating system and of SQLite into BackupFailed."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(_explain_os_error(error, target)) from error
    except database.SQLITE.Error as error:
        raise BackupFailed(_explain_sqlite_error(error, config, target)) from error


def _explain_os_error(error: OSError, target: Path) -> str:
    if error.errno in _DISK_FULL:
        return _explain_full_disk(target)
    folder = target if target.is_dir() else target.parent
    if not folder.is_dir():
        return _explain_missing_folder(folder)
    return f"{error.filename or target}: {error.strerror}."


def _explain_missing_folder(folder: Path) -> str:
    return f"There is no folder {folder}: create it, or check that its disk is mounted."


def _explain_full_disk(target: Path) -> str:
    return (
        f"{target} cannot be written: the disk is full. A backup needs room for twice "
        "the database: make room, or choose a folder on another disk."
    )


def _explain_sqlite_error(error: Exception, config: Config, target: Path) -> str:
    # By its text: the backup API raises errors without a code.
    message, source = str(error), database.database_file(config)
    if "is locked" in message:
        return "The database is busy; try again in a moment."
    if "is full" in message:
        return _explain_full_disk(target)
    if "I/O" in message:
        return (
            f"{source} cannot be backed up to {target}: {message}. Check that there is "
            "room for twice the database, and that the disks work."
        )
    return f"{source} cannot be backed up: {message}."
