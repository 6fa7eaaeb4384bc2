"""Copying a database that is in use, and checking a copy.

A plain copy of the file lacks what is still in the write-ahead log.  The backup API of
SQLite includes it.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from netpresenter_next.storage import connections, instances
from netpresenter_next.storage.database import APPLICATION_ID, SQLITE

# Called with the amount done and the total, in any unit.
Progress = Callable[[int, int], None]
# Other threads run between two batches; a batch takes some milliseconds.
PAGES_PER_BATCH = 4096
BUSY_TIMEOUT_SECONDS = 5


class BackupFailed(Exception):
    """A backup is not valid or could not be made; the message says what to do."""


def copy(source: Path, target: Path, progress: Progress) -> dict[str, int]:
    """Copy a snapshot of a database that may be in use to a new file.

    Returns the number of rows of each table in the snapshot.  Only the owner may read
    the new file, and it has no write-ahead log.  Raises OSError and SQLITE.Error.
    """
    create_file(target)
    with closing(_connect(source, "mode=rw")) as original:
        original.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}")
        # One read transaction for all batches: otherwise a write of the server between
        # two batches would restart the copy.
        original.execute("BEGIN")
        counts = _count_rows(original)
        with closing(_connect(target, "mode=rw")) as copied:
            copied.execute("PRAGMA synchronous=OFF")  # synchronized below, once

            def report(_status: int, remaining: int, total: int) -> None:
                progress(total - remaining, total)

            original.backup(copied, pages=PAGES_PER_BATCH, progress=report)
            # In WAL mode, opening the copy would create a log, even for reading.
            copied.execute("PRAGMA journal_mode=DELETE")
    synchronize(target)
    return counts


def read_step(path: Path, *, check: bool = True) -> str:
    """Check a closed copy, and return its step: the name of its newest migration.

    Raises BackupFailed where the copy is damaged, of another application or of a newer
    version.  With ``check=False``, only the step is read.
    """
    try:
        with open_read_only(path) as connection:
            if check:
                _check(connection)
            return _select_step(connection)
    except SQLITE.Error as error:
        raise BackupFailed(f"The database cannot be read: {error}.") from error


def check_counts(path: Path, counts: Mapping[str, int]) -> None:
    """Raise BackupFailed where the tables of a closed copy have other row counts."""
    with open_read_only(path) as connection:
        actual = _count_rows(connection)
    for table in sorted({*actual, *counts}):
        if actual.get(table) != counts.get(table):
            raise BackupFailed(
                f"The table {table} has {actual.get(table, 'no')} rows, "
                f"not {counts.get(table, 'none')}."
            )


@contextmanager
def open_read_only(path: Path) -> Iterator[Any]:
    """Open a closed copy read-only, without creating a log; raises SQLITE.Error."""
    with closing(_connect(path, connections.IMMUTABLE)) as connection:
        yield connection


def _connect(path: Path, mode: str) -> Any:
    connection = SQLITE.connect(
        connections.address_of(path, mode), uri=True, isolation_level=None
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def _check(connection: Any) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise BackupFailed("The database is not one of Netpresenter Next.")
    (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise BackupFailed(f"The database is damaged: {' '.join(result.split())}.")
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFailed(
            f"A row of the table {broken[0]} refers to a row of {broken[2]} that "
            "does not exist."
        )


def _select_step(connection: Any) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise BackupFailed("The database does not record its version.")
    if row[0] not in instances.STEPS:
        raise BackupFailed(
            f"The database is of a newer version (step {row[0]}, not "
            f"{instances.STEPS[-1]}): install that version of Netpresenter Next."
        )
    return str(row[0])


def _count_rows(connection: Any) -> dict[str, int]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    names = [name for (name,) in connection.execute(query)]
    return {name: _count_table(connection, name) for name in names}


def _count_table(connection: Any, table: str) -> int:
    quoted = table.replace('"', '""')
    # The name comes from the schema of the database itself.
    query = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608
    return int(connection.execute(query).fetchone()[0])


def create_file(path: Path) -> None:
    """Create an empty file that only its owner may read, whatever the umask.

    Raises OSError, also where the path exists already.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = os.open(path, flags, instances.OWNER_ONLY)
    os.close(descriptor)


def synchronize(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk (fsync)."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot flush a folder
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
