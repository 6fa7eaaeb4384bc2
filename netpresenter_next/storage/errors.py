"""What goes wrong between SQLite and the disk, told apart by what there is to do.

SQLite often says no more than "disk I/O error", so the file and its disk are looked at
as well: a full disk, a limit of this process, and a folder that may not be written to
have remedies of their own.
"""

import os
import shutil
import sys
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

# With less than this, a WAL cannot grow by what one transaction may write.
LEAST_FREE = 1024 * 1024  # bytes


class Kind(Enum):
    """A fault, as one sentence, and what to do about it."""

    BUSY = (
        "The database is busy with other work.",
        "Try again in a few seconds.",
    )
    FULL = (
        "The server's disk is full.",
        "Free some space on it: saving then works again without a restart.",
    )
    TOO_LARGE = (
        "The database has reached the largest file size that this server allows.",
        "Raise the limit of the service (LimitFSIZE=, ulimit -f) and start it again.",
    )
    READ_ONLY_FILE = (
        "The server has no permission to write to its database.",
        "Make the server's account the owner of the files in the instance folder, "
        "with the permissions 0600.",
    )
    READ_ONLY_FOLDER = (
        "The server has no permission to write to the folder of its database.",
        "Make the server's account the owner of that folder, with the permissions "
        "0700.",
    )
    READ_ONLY_DISK = (
        "The disk of the database is read-only.",
        "Operating systems make a disk read-only after an error: check the system "
        "log, then mount the disk for writing again.",
    )
    MISSING = (
        "The database file is missing.",
        "Put it back from where it was moved to, or stop the server and restore a "
        "backup.",
    )
    REPLACED = (
        "The database file was replaced by another file.",
        "Stop the server: all changes until now are in the file that was moved away. "
        "Put the right file in place, then start the server again.",
    )
    DISK = (
        "The disk reported an error while the database was read or written.",
        "Check the system log, and have a backup ready.",
    )
    DAMAGED = (
        "The database is damaged.",
        "Stop the server and restore a backup.",
    )

    @property
    def sentence(self) -> str:
        """Return what is wrong."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """Return what an administrator can do."""
        return self.value[1]


class Unwritable(Exception):
    """Nothing can be written to the database; ``kind`` says why, and what to do."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"{kind.sentence} {kind.advice}")
        self.kind = kind


# By the beginning of SQLite's name of the error.
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED")
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
# What SQLite and its driver say of bytes that make no text, and of no document.
_NEVER_WRITTEN = ("Could not decode to UTF-8", "malformed JSON")
_OF_THE_DISK = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
)


def kind_of(error: BaseException, path: Path) -> Kind | None:
    """Say which fault of the file at ``path`` an error of the database is, if any."""
    name = error_name(error)
    if name.startswith(_PASSING):
        return Kind.BUSY
    if name.startswith(_DAMAGE) or any(said in str(error) for said in _NEVER_WRITTEN):
        return Kind.DAMAGED
    if name.startswith(_OF_THE_DISK):
        return cause(path) or _by_name(name)
    return None


def error_name(error: BaseException) -> str:
    """Return SQLite's name of an error, empty for one that is not of SQLite."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(origin, "sqlite_errorname", ""))


def _by_name(name: str) -> Kind:
    """Return what the name says, where nothing else tells."""
    if name.startswith("SQLITE_FULL"):  # a quota, say
        return Kind.FULL
    if name.startswith("SQLITE_READONLY"):
        return Kind.READ_ONLY_FILE
    return Kind.DISK


def cause(path: Path) -> Kind | None:
    """Look at a database file and its disk for what keeps it from being written.

    ==================  ====================
    what is seen        kind
    ==================  ====================
    no such file        MISSING
    disk without room   FULL
    disk read-only      READ_ONLY_DISK
    file at its limit   TOO_LARGE
    file read-only      READ_ONLY_FILE
    folder read-only    READ_ONLY_FOLDER
    ==================  ====================

    The first row that holds decides.
    """
    seen = _look(path)
    rows = (
        (not seen.exists, Kind.MISSING),
        (seen.free < LEAST_FREE, Kind.FULL),
        (seen.is_disk_read_only, Kind.READ_ONLY_DISK),
        (seen.is_at_limit, Kind.TOO_LARGE),
        (not seen.may_write_file, Kind.READ_ONLY_FILE),
        (not seen.may_write_folder, Kind.READ_ONLY_FOLDER),
    )
    return next((kind for holds, kind in rows if holds), None)


class _Seen(NamedTuple):
    exists: bool
    free: int  # bytes
    is_disk_read_only: bool
    is_at_limit: bool
    may_write_file: bool
    may_write_folder: bool


def _look(path: Path) -> _Seen:
    folder = path.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        free = sys.maxsize
    beside = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")]
    sizes = [each.stat().st_size for each in beside if each.exists()]
    return _Seen(
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
    """Return the largest size in bytes that this process may give a file."""
    try:
        import resource  # not on Windows
    except ImportError:
        return sys.maxsize
    limit: Any = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else int(limit)
