"""Folders with backups: names, room, what is found there, and what is removed."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from netpresenter_next.backups import archives, copying
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import BackupFailed
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.lib.text import size
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.findings import Finding, Severity

FOLDER = "backups"  # of the instance, unless another one is chosen
# Those that somebody made are of no other kind: nobody but them removes one.
BY_HAND, OF_NIGHTS = "netpresenter", "netpresenter-nightly"
BEFORE_STEPS = "before-step"
TOO_OLD = timedelta(days=2)
OF_CLOCKS = timedelta(hours=1)  # by so much they may differ
_MOMENT = r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?\.zip"
_NAMES = {
    BY_HAND: re.compile(rf"{BY_HAND}-{_MOMENT}"),
    OF_NIGHTS: re.compile(rf"{OF_NIGHTS}-{_MOMENT}"),
    BEFORE_STEPS: re.compile(rf"{BEFORE_STEPS}-\w+-{_MOMENT}"),
}
_WORK_PREFIX, _WORK_SUFFIX = "netpresenter-backup-", ".partial"
SUBJECT = "Backups"


@dataclass(frozen=True)
class Backup:
    """A backup that was found or made."""

    path: Path
    manifest: Manifest


def free_name(folder: Path, beginning: str) -> Path:
    """Return a file that is not there yet, named by the moment; fit for Windows too."""
    name = f"{beginning}-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    path, number = folder / f"{name}.zip", 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}-{number}.zip"
    return path


def require_room(config: Config, folder: Path) -> None:
    """Raise BackupFailed where a folder has no room for twice the database.

    A backup is written and restored to a temporary place before it counts as one.
    """
    needed, free = 2 * _size(config), shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(
            f"No backup is made: {folder} has {size(free)} free and needs "
            f"{size(needed)}, twice the database. Make room there, or choose "
            "a folder on another disk."
        )


def _size(config: Config) -> int:
    path = database.database_file(config)
    files = (path, Path(f"{path}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make a temporary folder in another one, for its owner only; raises OSError.

    While somebody works there it is locked, so that nobody takes it for a left-over.
    """
    work = Path(tempfile.mkdtemp(_WORK_SUFFIX, _WORK_PREFIX, folder))
    try:
        with FileLock(work / "lock", mode=instances.OWNER_ONLY):
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def clear_leftovers(folder: Path) -> None:
    """Remove what backups left behind that were cut off, and nothing else."""
    for path in folder.glob(f"{_WORK_PREFIX}*{_WORK_SUFFIX}"):
        if path.is_symlink() or not path.is_dir():
            continue
        lock = FileLock(path / "lock", mode=instances.OWNER_ONLY)
        try:
            lock.acquire(blocking=False)
        except (Timeout, OSError):
            continue  # somebody works there at this moment, or it is not ours
        lock.release()
        shutil.rmtree(path, ignore_errors=True)


def move(file: Path, target: Path) -> None:
    """Give a finished file its name, where nothing has it yet; raises BackupFailed."""
    try:
        os.link(file, target)
    except FileExistsError:
        raise BackupFailed(f"{target} already exists: choose another name.") from None
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise BackupFailed(
                f"{target} already exists: choose another name."
            ) from None
        file.rename(target)
    copying.synchronize(target.parent)


def remove_older(config: Config, kind: str, made: Backup, keep: int) -> None:
    """Remove what is beyond so many of a kind, never the one that was just made.

    What has another name, or does not say that it is of this instance, stays: others
    may back up into the same folder.
    """
    if not instances.own_id(config):
        return  # what has no id either may be of anybody
    those = _those(config, made.path.parent, (kind,))
    others = [each for each in those if each.path != made.path]
    for each in others[max(keep, 1) - 1 :]:
        each.path.unlink(missing_ok=True)


def listed(config: Config, folder: Path) -> list[Backup]:
    """Return the backups of an instance in a folder that named them, the newest first.

    They are those of nights, and those that somebody made.  Each was found good
    when it was made; only its manifest is read again.
    """
    return _those(config, folder, (OF_NIGHTS, BY_HAND))


def newest(config: Config, folder: Path) -> Backup | None:
    """Return the newest good backup of an instance in a folder."""
    return next(iter(listed(config, folder)), None)


def _those(config: Config, folder: Path, kinds: Iterable[str]) -> list[Backup]:
    found, own = [], instances.own_id(config)
    for path in folder.glob("*.zip"):
        is_one = any(_NAMES[kind].fullmatch(path.name) for kind in kinds)
        if not is_one or path.is_symlink():
            continue
        try:
            manifest = archives.manifest_of(path)
        except (BackupFailed, OSError):
            continue  # damaged: nobody may count on it, and nobody removes it
        if manifest.instance == own:
            found.append(Backup(path, manifest))
    order = sorted(found, key=lambda each: (each.manifest.made_at, each.path.name))
    return order[::-1]


def findings(config: Config, folder: Path, kept: int) -> Iterator[Finding]:
    """Say how old the newest backup is, and whether it would be lost with the disk."""
    if kept == 0:
        what = "Nightly backups are switched off."
        yield Finding(
            Severity.WARNING, SUBJECT, what, "Set the number of backups to keep."
        )
        return
    yield _about_age(config, folder)
    database_file = database.database_file(config)
    if not (folder.exists() and database_file.exists()):
        return
    if folder.stat().st_dev == database_file.stat().st_dev:
        yield Finding(
            Severity.WARNING,
            SUBJECT,
            f"{folder} is on the same disk as the database.",
            "Choose a folder on another disk, or copy the backups to another machine.",
        )


def _about_age(config: Config, folder: Path) -> Finding:
    to_type = (
        f"To make one now, type: {commands.to_type(config, 'backup', str(folder))}"
    )
    latest = newest(config, folder)
    if latest is None:
        what = f"There is no valid backup in {folder}."
        return Finding(Severity.WARNING, SUBJECT, what, to_type)
    age = datetime.now(UTC) - latest.manifest.made_at
    if age < -OF_CLOCKS:
        what = (
            f"{latest.path} has a date in the future, so the age of the newest "
            "backup is not known."
        )
        advice = "Correct the clock if it is wrong; otherwise move that file elsewhere."
        return Finding(Severity.WARNING, SUBJECT, what, advice)
    what = f"The newest is {latest.path}, {_in_words(age)} old."
    if age > TOO_OLD:
        return Finding(Severity.WARNING, SUBJECT, what, to_type)
    return Finding(Severity.OK, SUBJECT, what)


def _in_words(age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
