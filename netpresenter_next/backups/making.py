"""Backups: made while a server runs, and checked before they count as one.

Nothing here needs the application, and nothing migrates: a backup is of the database as
it is.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netpresenter_next.backups import archives, copying, folders, sealing
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import BackupFailed, Progress
from netpresenter_next.backups.folders import (
    BEFORE_STEPS,
    BY_HAND,
    FOLDER,
    OF_NIGHTS,
    Backup,
    clear_leftovers,
    findings,
    listed,
    newest,
)
from netpresenter_next.config.options import Config
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.instances import Purpose
from netpresenter_next.storage.state import DAMAGE_FILE

__all__ = [  # what others know of backups
    "Backup",
    "BackupFailed",
    "Manifest",
    "before_steps",
    "clear_leftovers",
    "default_folder",
    "findings",
    "listed",
    "make",
    "newest",
    "nightly",
    "verify",
]
BEFORE_STEPS_KEPT = 3
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def default_folder(config: Config) -> Path:
    """Return where backups are made unless another folder is chosen."""
    return config.instance / FOLDER


def make(
    config: Config,
    target: Path,
    *,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Backup:
    """Make a backup in a folder, or as a file that is not there yet; also while served.

    It gets its name only once it is written, read back and counted.  In a folder that
    is none of a night, so that it is kept until somebody removes it.  With a passphrase
    the encryption key goes in, sealed.  Raises BackupFailed, which says what to do, and
    DatabaseUnusable where there is no database that this version can read.
    """
    instances.require(config, Purpose.BACK_UP)
    with _in_words(config, target):
        is_folder = target.is_dir()
        file = folders.free_name(target, BY_HAND) if is_folder else target
        return _make(config, file, passphrase, progress)


def nightly(config: Config, folder: Path, keep: int) -> Backup:
    """Make the backup of a night, and remove what is beyond so many, never the newest.

    Only what has the name of such a backup, and says that it is of this instance, is
    removed.  Raises
    BackupFailed, also where there is no room for twice the database, and
    DatabaseUnusable.
    """
    instances.require(config, Purpose.BACK_UP)
    return _make_and_remove(config, folder, OF_NIGHTS, OF_NIGHTS, keep)


def before_steps(config: Config) -> Backup:
    """Make the backup without which nothing brings a database up to date.

    It is in the folder of the instance; of older ones like it, some are kept.  Raises
    BackupFailed and DatabaseUnusable.
    """
    step = instances.require(config, Purpose.BACK_UP).step
    following = [each for each in instances.STEPS if each > step]
    beginning = f"{BEFORE_STEPS}-{following[0] if following else step}"
    folder = default_folder(config)
    return _make_and_remove(config, folder, BEFORE_STEPS, beginning, BEFORE_STEPS_KEPT)


def _make_and_remove(
    config: Config, folder: Path, kind: str, beginning: str, keep: int
) -> Backup:
    with _in_words(config, folder):
        # Another folder may be on a disk that is not mounted: it is not made here.
        if folder == default_folder(config):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_dir():
            raise BackupFailed(_no_folder(folder))
        folders.require_room(config, folder)
        made = _make(config, folders.free_name(folder, beginning), None, None)
        folders.remove_older(config, kind, made, keep)
        return made


def verify(path: Path, progress: Progress | None = None) -> Manifest:
    """Restore a backup to a temporary place beside it, and check and count it there.

    Raises BackupFailed.
    """
    try:
        with folders.workplace(path.parent) as work:
            return restored(path, work / "restored.db", progress)
    except OSError as error:
        raise BackupFailed(_of_the_system(error, path)) from error


def restored(path: Path, file: Path, progress: Progress | None = None) -> Manifest:
    """Write the database of a backup to a new file, and find it good.

    Raises BackupFailed and OSError.
    """
    manifest = archives.extract(path, file, progress or _unheard)
    try:
        _check(manifest, file)
    except BackupFailed as error:
        raise BackupFailed(f"{path} is not a valid backup. {error}") from error
    return manifest


def _check(manifest: Manifest, file: Path) -> None:
    if (step := copying.step_of(file)) != manifest.step:
        raise BackupFailed(f"The database is at step {step}, not {manifest.step}.")
    copying.compare(file, manifest.counts)


def _make(
    config: Config, file: Path, passphrase: str | None, progress: Progress | None
) -> Backup:
    if os.path.lexists(file):
        raise BackupFailed(f"{file} already exists: choose another name.")
    if (config.instance / DAMAGE_FILE).exists():
        # Whoever is the last to close it writes its log into it.
        raise BackupFailed("The database is damaged: restore a backup instead.")
    key = _sealed_key(config, passphrase)
    clear_leftovers(file.parent)
    source, meter = database.database_file(config), _Meter(progress)
    with folders.workplace(file.parent) as work:
        copied, packed = work / archives.DATABASE, work / "packed.zip"
        counts = copying.copy(source, copied, meter.of_part(0))
        step = copying.step_of(copied, is_checked=False)
        manifest = archives.describe(
            copied,
            step,
            counts,
            has_key=key is not None,
            instance=instances.own_id(config),
        )
        archives.pack(packed, copied, manifest, key, meter.of_part(1))
        copied.unlink()  # else there had to be room for three
        unpacked = work / "restored.db"
        checked = archives.extract(packed, unpacked, meter.of_part(2))
        try:
            _check(checked, unpacked)
        except BackupFailed as error:
            raise BackupFailed(f"{source} cannot be backed up. {error}") from error
        folders.move(packed, file)
    return Backup(file, checked)


def _sealed_key(config: Config, passphrase: str | None) -> bytes | None:
    if passphrase is None:
        return None
    if len(passphrase) < sealing.SHORTEST_PASSPHRASE:
        raise BackupFailed(
            f"The passphrase must have {sealing.SHORTEST_PASSPHRASE} characters at "
            "least: somebody who has the backup can try any number of passphrases."
        )
    key = (config.instance / encryption.KEY_FILE).read_bytes()
    return sealing.seal(key, passphrase)


def _unheard(_done: int, _total: int) -> None:
    """Tell nobody."""


class _Meter:
    """Tells how far a backup is: copied, packed and checked are a third each."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def of_part(self, part: int) -> Progress:
        def report(done: int, total: int) -> None:
            if self._progress:
                share = done * 1000 // total if total else 1000
                self._progress(part * 1000 + share, 3000)

        return report


@contextmanager
def _in_words(config: Config, target: Path) -> Iterator[None]:
    """Turn what the system and SQLite say into BackupFailed."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(_of_the_system(error, target)) from error
    except database.SQLITE.Error as error:
        raise BackupFailed(_of_sqlite(error, config, target)) from error


def _of_the_system(error: OSError, target: Path) -> str:
    if error.errno in _FULL:
        return _full(target)
    folder = target if target.is_dir() else target.parent
    if not folder.is_dir():
        return _no_folder(folder)
    return f"{error.filename or target}: {error.strerror}."


def _no_folder(folder: Path) -> str:
    return f"There is no folder {folder}: create it, or check that its disk is mounted."


def _full(target: Path) -> str:
    return (
        f"{target} cannot be written: the disk is full. A backup needs room for twice "
        "the database: make room, or choose a folder on another disk."
    )


def _of_sqlite(error: Exception, config: Config, target: Path) -> str:
    # By its words: an error of a copy that is under way has no code.
    said, source = str(error), database.database_file(config)
    if "is locked" in said:
        return "The database is busy; try again in a moment."
    if "is full" in said:
        return _full(target)
    if "I/O" in said:
        return (
            f"{source} cannot be backed up to {target}: {said}. Check that there is "
            "room for twice the database, and that the disks work."
        )
    return f"{source} cannot be backed up: {said}."
