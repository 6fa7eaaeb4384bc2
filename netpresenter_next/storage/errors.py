"""Kinds of disk and database faults, each with its own remedy.

SQLite often reports only "disk I/O error", so the file and its disk are examined too:
a full disk, a file size limit of the process, and a folder without write permission
need different actions.
"""

import os
import shutil
import sys
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from netpresenter_next.lib.translation import marked

# With less free space, the WAL may be unable to take one transaction.
LEAST_FREE = 1024 * 1024  # bytes


class Kind(Enum):
    """A kind of fault: one sentence, and what an administrator can do."""

    BUSY = (
        marked("The database is busy with other work."),
        marked("Try again in a few seconds."),
    )
    FULL = (
        marked("The server's disk is full."),
        marked("Free some space on it: saving then works again without a restart."),
    )
    TOO_LARGE = (
        marked(
            "The database has reached the largest file size that this server allows."
        ),
        marked(
            "Raise the limit of the service (LimitFSIZE=, ulimit -f) and start it "
            "again."
        ),
    )
    READ_ONLY_FILE = (
        marked("The server has no permission to write to its database."),
        marked(
            "Make the server's account the owner of the files in the instance folder, "
            "with the permissions 0600."
        ),
    )
    READ_ONLY_FOLDER = (
        marked("The server has no permission to write to the folder of its database."),
        marked(
            "Make the server's account the owner of that folder, with the permissions "
            "0700."
        ),
    )
    READ_ONLY_DISK = (
        marked("The disk of the database is read-only."),
        marked(
            "Operating systems make a disk read-only after an error: check the system "
            "log, then mount the disk for writing again."
        ),
    )
    MISSING = (
        marked("The database file is missing."),
        marked(
            "Put it back from where it was moved to, or stop the server and restore a "
            "backup."
        ),
    )
    REPLACED = (
        marked("The database file was replaced by another file."),
        marked(
            "Stop the server: all changes until now are in the file that was moved "
            "away. Put the right file in place, then start the server again."
        ),
    )
    DISK = (
        marked("The disk reported an error while the database was read or written."),
        marked("Check the system log, and have a backup ready."),
    )
    DAMAGED = (
        marked("The database is damaged."),
        marked("Stop the server and restore a backup."),
    )

    @property
    def sentence(self) -> str:
        """Return the sentence that describes the fault."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """Return what an administrator can do."""
        return self.value[1]


class Unwritable(Exception):
    """The database cannot be written; ``kind`` says why, and what to do."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"{kind.sentence} {kind.advice}")
        self.kind = kind


# Prefixes of SQLite's error names.
_TEMPORARY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
# Messages about values that the application never writes, so the file is damaged.
_NEVER_WRITTEN = (
    "Could not decode to UTF-8",
    "malformed JSON",
    "is not among the defined enum values",
)
_DISK = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
)


def kind_of(error: BaseException, path: Path) -> Kind | None:
    """Return the kind of fault behind an error of the database at ``path``, if any."""
    name = error_name(error)
    if name.startswith(_TEMPORARY):
        return Kind.BUSY
    if name.startswith(_DAMAGE) or any(text in str(error) for text in _NEVER_WRITTEN):
        return Kind.DAMAGED
    if name.startswith(_DISK):
        return find_cause(path) or _classify_name(name)
    return None


def error_name(error: BaseException) -> str:
    """Return SQLite's name of an error; empty for an error of another origin."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(origin, "sqlite_errorname", ""))


def _classify_name(name: str) -> Kind:
    """Return the kind that the error name alone suggests."""
    if name.startswith("SQLITE_FULL"):  # for example a quota
        return Kind.FULL
    if name.startswith("SQLITE_READONLY"):
        return Kind.READ_ONLY_FILE
    return Kind.DISK


def find_cause(path: Path) -> Kind | None:
    """Examine a database file and its disk for the reason why it cannot be written.

    ==================  ====================
    observation         kind
    ==================  ====================
    no such file        MISSING
    disk without room   FULL
    disk read-only      READ_ONLY_DISK
    file at its limit   TOO_LARGE
    file read-only      READ_ONLY_FILE
    folder read-only    READ_ONLY_FOLDER
    ==================  ====================

    The first row that applies decides.
    """
    status = _examine(path)
    rows = (
        (not status.exists, Kind.MISSING),
        (status.free < LEAST_FREE, Kind.FULL),
        (status.is_disk_read_only, Kind.READ_ONLY_DISK),
        (status.is_at_limit, Kind.TOO_LARGE),
        (not status.may_write_file, Kind.READ_ONLY_FILE),
        (not status.may_write_folder, Kind.READ_ONLY_FOLDER),
    )
    return next((kind for applies, kind in rows if applies), None)


class _FileStatus(NamedTuple):
    exists: bool
    free: int  # bytes
    is_disk_read_only: bool
    is_at_limit: bool
    may_write_file: bool
    may_write_folder: bool


def _examine(path: Path) -> _FileStatus:
    folder = path.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        free = sys.maxsize
    beside = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")]
    sizes = [each.stat().st_size for each in beside if each.exists()]
    return _FileStatus(
        exists=path.exists(),
        free=free,
        is_disk_read_only=_is_disk_read_only(folder),
        is_at_limit=max(sizes, default=0) + LEAST_FREE > _largest_file(),
        may_write_file=all(
            os.access(each, os.W_OK) for each in beside if each.exists()
        ),
        may_write_folder=os.access(folder, os.W_OK),
    )


def _is_disk_read_only(folder: Path) -> bool:
    if not hasattr(os, "statvfs"):  # Windows
        return False
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _largest_file() -> int:
    """Return the file size limit of this process, in bytes."""
    try:
        import resource  # not on Windows
    except ImportError:
        return sys.maxsize
    limit: Any = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else int(limit)
