"""Folders with backups: names, free space, listing, and removal of old backups."""

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
from netpresenter_next.lib.text import format_size
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.findings import Finding, Severity

FOLDER = "backups"  # in the instance folder, unless another one is chosen
# The kinds of backups, as their names begin.  Manual ones are never removed.
MANUAL, NIGHTLY = "netpresenter", "netpresenter-nightly"
BEFORE_MIGRATION = "before-step"
TOO_OLD = timedelta(days=2)
CLOCK_TOLERANCE = timedelta(hours=1)
_TIMESTAMP = r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?\.zip"
_NAMES = {
    MANUAL: re.compile(rf"{MANUAL}-{_TIMESTAMP}"),
    NIGHTLY: re.compile(rf"{NIGHTLY}-{_TIMESTAMP}"),
    BEFORE_MIGRATION: re.compile(rf"{BEFORE_MIGRATION}-\w+-{_TIMESTAMP}"),
}
_WORK_PREFIX, _WORK_SUFFIX = "netpresenter-backup-", ".partial"
SUBJECT = marked("Backups")


@dataclass(frozen=True)
class Backup:
    """The file of a backup, with its manifest."""

    path: Path
    manifest: Manifest


def choose_name(folder: Path, beginning: str) -> Path:
    """Return a path that does not exist, named by the time; valid on Windows too."""
    name = f"{beginning}-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    path, number = folder / f"{name}.zip", 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}-{number}.zip"
    return path


def require_room(config: Config, folder: Path) -> None:
    """Raise BackupFailed where a folder has no space for twice the database.

    A backup is written, and restored for a test, before it gets its name.
    """
    needed, free = 2 * measure_database(config), shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(
            f"No backup is made: {folder} has {format_size(free)} free and needs "
            f"{format_size(needed)}, twice the database. Make room there, or choose "
            "a folder on another disk."
        )


def measure_database(config: Config) -> int:
    """Return the size of the database with its write-ahead log, in bytes."""
    path = database.database_file(config)
    files = (path, Path(f"{path}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Make a temporary folder that only its owner may read; raises OSError.

    It is locked while it is in use, so that ``clear_leftovers`` does not remove it.
    """
    work = Path(tempfile.mkdtemp(_WORK_SUFFIX, _WORK_PREFIX, folder))
    try:
        with FileLock(work / "lock", mode=instances.OWNER_ONLY):
            yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def clear_leftovers(folder: Path) -> None:
    """Remove the temporary folders of interrupted backups, and nothing else."""
    for path in folder.glob(f"{_WORK_PREFIX}*{_WORK_SUFFIX}"):
        if path.is_symlink() or not path.is_dir():
            continue
        lock = FileLock(path / "lock", mode=instances.OWNER_ONLY)
        try:
            lock.acquire(blocking=False)
        except (Timeout, OSError):
            continue  # in use, or of another account
        lock.release()
        shutil.rmtree(path, ignore_errors=True)


def name_file(file: Path, target: Path) -> None:
    """Give a finished file its name; raises BackupFailed where the name is taken."""
    try:
        os.link(file, target)
    except FileExistsError:
        raise BackupFailed(f"{target} already exists: choose another name.") from None
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise BackupFailed(
                f"{target} already exists: choose another name."
            ) from None
        file.rename(target)
    copying.synchronize(target.parent)


def remove_older(config: Config, kind: str, made: Backup, keep: int) -> None:
    """Keep the newest ``keep`` backups of a kind, ``made`` included; remove the others.

    Files with another name or of another instance stay, because several instances may
    use the same folder.
    """
    if not instances.read_id(config):
        return  # backups without an id may be of any instance
    backups = _find_backups(config, made.path.parent, (kind,))
    others = [backup for backup in backups if backup.path != made.path]
    for backup in others[max(keep, 1) - 1 :]:
        backup.path.unlink(missing_ok=True)


def list_backups(config: Config, folder: Path) -> list[Backup]:
    """Return the nightly and manual backups of an instance, the newest first.

    Only the files with a name that was chosen here are listed.  Each was verified when
    it was made; only its manifest is read again.
    """
    return _find_backups(config, folder, (NIGHTLY, MANUAL))


def find_newest(config: Config, folder: Path) -> Backup | None:
    """Return the newest backup of an instance in a folder, if there is one."""
    return next(iter(list_backups(config, folder)), None)


def _find_backups(config: Config, folder: Path, kinds: Iterable[str]) -> list[Backup]:
    backups, own_id = [], instances.read_id(config)
    for path in folder.glob("*.zip"):
        has_name = any(_NAMES[kind].fullmatch(path.name) for kind in kinds)
        if not has_name or path.is_symlink():
            continue
        try:
            manifest = archives.read_manifest(path)
        except (BackupFailed, OSError):
            continue  # damaged: it neither counts as a backup nor is removed
        if manifest.instance == own_id:
            backups.append(Backup(path, manifest))
    backups.sort(key=lambda each: (each.manifest.made_at, each.path.name))
    return backups[::-1]


def check_backups(config: Config, folder: Path, kept: int) -> Iterator[Finding]:
    """Report the age of the newest backup, and whether it is on the same disk."""
    if kept == 0:
        what = _("Nightly backups are switched off.")
        advice = _("Set the number of backups to keep.")
        yield Finding(Severity.WARNING, SUBJECT, what, advice)
        return
    yield _check_age(config, folder)
    database_file = database.database_file(config)
    if not (folder.exists() and database_file.exists()):
        return
    if folder.stat().st_dev == database_file.stat().st_dev:
        what = _("%(folder)s is on the same disk as the database.", folder=folder)
        advice = _(
            "Choose a folder on another disk, or copy the backups to another machine."
        )
        yield Finding(Severity.WARNING, SUBJECT, what, advice)


def _check_age(config: Config, folder: Path) -> Finding:
    command = commands.format_command(config, "backup", str(folder))
    to_type = _("To make one now, type: %(command)s", command=command)
    latest = find_newest(config, folder)
    if latest is None:
        what = _("There is no valid backup in %(folder)s.", folder=folder)
        return Finding(Severity.WARNING, SUBJECT, what, to_type)
    age = datetime.now(UTC) - latest.manifest.made_at
    if age < -CLOCK_TOLERANCE:
        what = _(
            "%(file)s has a date in the future, so the age of the newest backup is "
            "not known.",
            file=latest.path,
        )
        advice = _(
            "Correct the clock if it is wrong; otherwise move that file elsewhere."
        )
        return Finding(Severity.WARNING, SUBJECT, what, advice)
    what = _describe_age(latest.path, age)
    if age > TOO_OLD:
        return Finding(Severity.WARNING, SUBJECT, what, to_type)
    return Finding(Severity.OK, SUBJECT, what)


def _describe_age(file: Path, age: timedelta) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    if hours < 48:
        return _("The newest is %(file)s, %(hours)s h old.", file=file, hours=hours)
    days = hours // 24
    return _("The newest is %(file)s, %(days)s days old.", file=file, days=days)
