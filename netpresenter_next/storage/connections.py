"""Opening the database: with which SQLite, which settings, and what if it fails."""

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from netpresenter_next.lib.text import fold, moment
from netpresenter_next.storage import errors
from netpresenter_next.storage.state import State
from netpresenter_next.storage.write_lock import BUSY_SECONDS

try:
    # Brings a current SQLite: before 3.51.3 a WAL reset could corrupt the file.
    import pysqlite3.dbapi2 as pysqlite
except ImportError:  # no wheel for this platform
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
    "mmap_size=0",
    "journal_size_limit=67108864",
)
_AS_IT_IS = "mode=ro&immutable=1"
# What SQLite says where it cannot make its files beside the database.
_NO_FILES_BESIDE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL")


class _Connection(SQLITE.Connection):  # type: ignore[misc, name-defined]
    # Was the file opened as if nobody could change it?  Somebody may, in a moment.
    is_for_one_use = False

    def close(self) -> None:
        """Let go of the file."""
        super().close()
        _open_here.pop(id(self), None)


# The files that SQLite has open in this process, by connection.
_open_here: dict[int, Path] = {}


def is_open_here(path: Path) -> bool:
    """Has SQLite this database open in this process?

    Then the file must not be opened in any other way: closing it would drop the locks
    that tell other processes of these connections, and the next that comes would take
    the log away (sqlite.org/howtocorrupt.html, 2.2).
    """
    return path.absolute() in list(_open_here.values())  # at once: others open, too


def connect(state: State) -> Any:
    """Open the database to read and write, as far as it may be written.

    A damaged one is opened so that SQLite cannot write, not even when it is closed.
    Where SQLite cannot make its files beside the database, because the folder is
    read-only or the disk full, the file is read as it is, for one use of the
    connection (``is_for_one_use``), and nothing can be written.  A file that is gone is
    not made anew.
    """
    if state.damage is not None:
        return open_to_read(state.path)
    state.refuse_moved()  # the log of one database must not meet another one
    try:
        opened = _open(state.path, "mode=rw")
        state.note_opened()
        return opened
    except SQLITE.Error as error:
        if not _lacks_files_beside(error, state.path):
            raise
        state.failed(error)
        return _open(state.path, _AS_IT_IS)


def open_to_read(path: Path) -> Any:
    """Open a database that is to be looked at and cannot be changed.

    Raises the errors of SQLite.
    """
    try:
        return _open(path, "mode=ro")
    except SQLITE.Error as error:
        if not _lacks_files_beside(error, path):
            raise
        return _open(path, _AS_IT_IS)


def _lacks_files_beside(error: Exception, path: Path) -> bool:
    """Is a database that is there, and has no log, all that SQLite needs to read it?"""
    could_not = errors.error_name(error).startswith(_NO_FILES_BESIDE)
    return could_not and path.exists() and not has_log(path)


def _open(path: Path, mode: str) -> Any:
    address = f"{path.absolute().as_uri()}?{mode}"
    connection = SQLITE.connect(
        address, uri=True, check_same_thread=False, factory=_Connection
    )
    connection.is_for_one_use = "immutable" in mode
    _open_here[id(connection)] = path.absolute()
    weakref.finalize(connection, _open_here.pop, id(connection), None)
    try:
        connection.isolation_level = None  # BEGIN is database's
        connection.create_function("scim_fold", 1, _fold_value, deterministic=True)
        connection.create_function("scim_moment", 1, _moment_value, deterministic=True)
        for pragma in PRAGMAS:
            if mode == "mode=rw" or not pragma.startswith("journal_mode"):
                connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def waiting(connection: Any, seconds: float) -> Iterator[None]:
    """Let SQLite wait no longer than so many seconds for locks of other processes."""
    if seconds >= BUSY_SECONDS:
        yield
        return
    connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


def has_log(path: Path) -> bool:
    """Is there a log beside the database, in which something may stand?"""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _fold_value(value: Any) -> Any:
    """Fold texts for a comparison in SQL; other values and NULL stay as they are."""
    return fold(value) if isinstance(value, str) else value


def _moment_value(value: Any) -> str | None:
    """Turn a stored xsd:dateTime into the form of the moments in columns."""
    when = moment(value) if isinstance(value, str) else None
    if when is None:
        return None
    return when.replace(tzinfo=None).isoformat(" ", "microseconds")
