"""Copies of a database that is in use, and whether a copy is whole.

A plain copy of the file loses what is still in its log; SQLite's own backup does not.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from netpresenter_next.storage import instances
from netpresenter_next.storage.database import APPLICATION_ID, SQLITE

# Told how much is done, of how much: whatever the unit, only their ratio matters.
Progress = Callable[[int, int], None]
# Between steps, what waits for this thread runs: a step takes some milliseconds.
PAGES_OF_A_STEP = 4096
PATIENCE_SECONDS = 5


class BackupFailed(Exception):
    """There is no good backup, or none is made; the message says why, what to do."""


def copy(source: Path, target: Path, progress: Progress) -> dict[str, int]:
    """Copy a database that may be in use to a new file, as it is at one moment.

    Returns how many rows each of its tables has at that moment.  The file is its
    owner's alone and has no log beside it.  Raises OSError and SQLITE.Error.
    """
    make_file(target)
    with closing(_connect(source, "mode=rw")) as original:
        original.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
        # One read transaction over all steps: else every write of the server between
        # two of them would make the copy begin again.
        original.execute("BEGIN")
        counts = _counted(original)
        with closing(_connect(target, "mode=rw")) as copied:
            copied.execute("PRAGMA synchronous=OFF")  # it is synchronised below

            def report(_status: int, remaining: int, total: int) -> None:
                progress(total - remaining, total)

            original.backup(copied, pages=PAGES_OF_A_STEP, progress=report)
            # Else whoever opens it, even to read, makes a log beside it.
            copied.execute("PRAGMA journal_mode=DELETE")
    synchronize(target)
    return counts


def step_of(path: Path, *, is_checked: bool = True) -> str:
    """Return the step of a closed copy, once it is found whole and of this product.

    Raises BackupFailed, which says what is wrong with it.  Unless ``is_checked``, only
    what says of which step it is must be readable.
    """
    try:
        with reading(path) as connection:
            if is_checked:
                _check(connection)
            return _step(connection)
    except SQLITE.Error as error:
        raise BackupFailed(f"The database cannot be read: {error}.") from error


def compare(path: Path, counts: Mapping[str, int]) -> None:
    """Raise BackupFailed where a closed copy has not these rows."""
    with reading(path) as connection:
        found = _counted(connection)
    for table in sorted({*found, *counts}):
        if found.get(table) != counts.get(table):
            raise BackupFailed(
                f"The table {table} has {found.get(table, 'no')} rows, "
                f"not {counts.get(table, 'none')}."
            )


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """Open a closed copy to read; nothing is made beside it.  Raises SQLITE.Error."""
    with closing(_connect(path, "mode=ro&immutable=1")) as connection:
        yield connection


def _connect(path: Path, mode: str) -> Any:
    address = f"{path.absolute().as_uri()}?{mode}"
    connection = SQLITE.connect(address, uri=True, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def _check(connection: Any) -> None:
    (made_by,) = connection.execute("PRAGMA application_id").fetchone()
    if made_by != APPLICATION_ID:
        raise BackupFailed("The database is not one of Netpresenter Next.")
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise BackupFailed(f"The database is damaged: {' '.join(said.split())}.")
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFailed(
            f"A row of the table {broken[0]} refers to a row of {broken[2]} that "
            "does not exist."
        )


def _step(connection: Any) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise BackupFailed("The database does not record its version.")
    if row[0] not in instances.STEPS:
        raise BackupFailed(
            f"The database is of a newer version (step {row[0]}, not "
            f"{instances.STEPS[-1]}): install that version of Netpresenter Next."
        )
    return str(row[0])


def _counted(connection: Any) -> dict[str, int]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    names = [name for (name,) in connection.execute(query)]
    return {name: _rows(connection, name) for name in names}


def _rows(connection: Any, table: str) -> int:
    quoted = table.replace('"', '""')
    # The name is one that the database itself has.
    query = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608
    return int(connection.execute(query).fetchone()[0])


def make_file(path: Path) -> None:
    """Make an empty file that its owner alone may read, whatever the umask.

    Raises OSError, also where there is something of that name.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = os.open(path, flags, instances.OWNER_ONLY)
    os.close(descriptor)


def synchronize(path: Path) -> None:
    """See to it that a file, or the names in a folder, outlive a power cut."""
    if os.name == "nt" and path.is_dir():
        return  # no such thing there
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
