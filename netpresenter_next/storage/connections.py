"""Connections to the database: the SQLite library, PRAGMAs, read-only access."""

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from netpresenter_next.lib.text import fold, parse_datetime
from netpresenter_next.storage import errors
from netpresenter_next.storage.state import State
from netpresenter_next.storage.write_lock import BUSY_SECONDS

try:
    # Contains a current SQLite: before 3.51.3 a WAL reset could corrupt the file.
    import pysqlite3.dbapi2 as pysqlite
except ImportError:  # there is no wheel for this platform
    pysqlite = None

SQLITE: ModuleType = pysqlite or sqlite3
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={int(BUSY_SECONDS * 1000)}",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",
    # What is deleted is overwritten, so that nothing of an erased person stays in the
    # file.  It costs no measurable time.
    "secure_delete=ON",
    "mmap_size=0",
    "journal_size_limit=67108864",
)
IMMUTABLE = "mode=ro&immutable=1"
# Errors of SQLite where it cannot create the -wal and -shm files beside the database.
_NO_FILES_BESIDE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL")


class _Connection(SQLITE.Connection):  # type: ignore[misc, name-defined]
    # True where the file was opened as immutable: other processes may change it, so
    # the pool must not reuse the connection.
    is_for_one_use = False

    def close(self) -> None:
        """Close the connection, and forget that the file is open."""
        super().close()
        _open_files.pop(id(self), None)


# The files that SQLite has open in this process, by the id of the connection.
_open_files: dict[int, Path] = {}


def is_open_in_this_process(path: Path) -> bool:
    """Does this process have the database open in SQLite?

    Then the file must not be opened without SQLite: closing it would drop the POSIX
    locks of these connections, and another process could remove the log while it is
    in use (sqlite.org/howtocorrupt.html, 2.2).
    """
    return path.absolute() in list(_open_files.values())  # a copy: threads change it


def connect(state: State) -> Any:
    """Open the database for reading and, where that is possible, for writing.

    A damaged database is opened read-only, so that closing it writes nothing either.
    Where SQLite cannot create its files beside the database, because the folder is
    read-only or the disk is full, the file is opened as immutable, for one use of the
    connection (``is_for_one_use``).  A missing file is not created.
    """
    if state.damage is not None:
        return open_to_read(state.path)
    state.refuse_moved()  # a log must not be applied to another database
    try:
        connection = _open(state.path, "mode=rw")
        state.remember_file()
        return connection
    except SQLITE.Error as error:
        if not _lacks_files_beside(error, state.path):
            raise
        state.note_failure(error)
        return _open(state.path, IMMUTABLE)


def open_to_read(path: Path) -> Any:
    """Open a database read-only; raises errors of SQLite."""
    try:
        return _open(path, "mode=ro")
    except SQLITE.Error as error:
        if not _lacks_files_beside(error, path):
            raise
        return _open(path, IMMUTABLE)


def _lacks_files_beside(error: Exception, path: Path) -> bool:
    """Did opening fail only because SQLite cannot create its files beside the database?

    Without a log the database can still be read as immutable.
    """
    is_such_error = errors.error_name(error).startswith(_NO_FILES_BESIDE)
    return is_such_error and path.exists() and not has_log(path)


def _open(path: Path, mode: str) -> Any:
    connection = SQLITE.connect(
        address_of(path, mode), uri=True, check_same_thread=False, factory=_Connection
    )
    connection.is_for_one_use = "immutable" in mode
    _open_files[id(connection)] = path.absolute()
    weakref.finalize(connection, _open_files.pop, id(connection), None)
    try:
        connection.isolation_level = None  # ``database`` issues every BEGIN
        connection.create_function("scim_fold", 1, _fold_value, deterministic=True)
        connection.create_function(
            "scim_timestamp", 1, _to_timestamp_text, deterministic=True
        )
        for pragma in PRAGMAS:
            if mode == "mode=rw" or not pragma.startswith("journal_mode"):
                connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def address_of(path: Path, mode: str) -> str:
    """Return the URI by which SQLite opens a file in a mode, such as ``mode=ro``."""
    return f"{path.absolute().as_uri()}?{mode}"


def address_to_examine(path: Path) -> str:
    """Return the URI that opens a file read-only, without creating any file.

    SQLite creates a log even for reading, unless the file is opened as immutable.
    Where there is a log, it is read as well: the newest changes may be in it.
    """
    return address_of(path, "mode=ro" if has_log(path) else IMMUTABLE)


@contextmanager
def busy_timeout(connection: Any, seconds: float) -> Iterator[None]:
    """Let SQLite wait at most this many seconds for locks of other processes."""
    if seconds >= BUSY_SECONDS:
        yield
        return
    connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


def has_log(path: Path) -> bool:
    """Is there a write-ahead log beside the database that is not empty?"""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _fold_value(value: Any) -> Any:
    """Fold texts for a comparison in SQL; other values and NULL stay as they are."""
    return fold(value) if isinstance(value, str) else value


def _to_timestamp_text(value: Any) -> str | None:
    """Convert a stored xsd:dateTime to the format of timestamp columns."""
    timestamp = parse_datetime(value) if isinstance(value, str) else None
    if timestamp is None:
        return None
    return timestamp.replace(tzinfo=None).isoformat(" ", "microseconds")
