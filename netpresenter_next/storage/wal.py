"""The write-ahead log: how large it is, and who keeps it from being used anew.

SQLite writes it back into the database and begins it anew, unless somebody reads what
was true before: then it grows until they are done.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from netpresenter_next.config.options import Config
from netpresenter_next.lib.text import size
from netpresenter_next.storage import connections, database
from netpresenter_next.storage.findings import Finding, NotDone, Severity

# Bytes: SQLite cuts it down to that when it begins it anew.
LARGE = 64 * 2**20
SUBJECT = "Write-ahead log"
PROCESSES = Path("/proc")
MOST_NAMED = 5


class Held(NotDone):
    """It cannot be begun anew; the message says how large it is and who holds it."""


class Holder(NamedTuple):
    """A process that has the database open."""

    pid: int
    command: str

    def __str__(self) -> str:
        """Name it, as a person would look for it."""
        if self.pid == os.getpid():
            return "this server"
        return f"{self.command} (process {self.pid})"


def file_of(config: Config) -> Path:
    """Return the file of the write-ahead log, which need not exist."""
    file = database.database_file(config)
    return file.with_name(f"{file.name}-wal")


def bytes_of(config: Config) -> int:
    """Return how large it is."""
    return bytes_at(file_of(config))


def bytes_at(file: Path) -> int:
    """Return how large a file is; 0 where there is none."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


# --------------------------------------------------------------- who holds it
def holders(config: Config) -> Sequence[Holder]:
    """Return who has the database open, as far as that can be seen (Linux only)."""
    file = os.path.realpath(database.database_file(config))
    wanted = {file, f"{file}-wal"}
    pids = (each.name for each in _listed(PROCESSES) if each.name.isdecimal())
    found = [int(pid) for pid in pids if _has_open(pid, wanted)]
    return [Holder(pid, _command(pid)) for pid in sorted(found)]


def _has_open(pid: str, wanted: set[str]) -> bool:
    return any(_target(each) in wanted for each in _listed(PROCESSES / pid / "fd"))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # gone, or somebody else's
        return []


def _target(link: Path) -> str:
    try:
        return os.readlink(link).removesuffix(" (deleted)")
    except OSError:
        return ""


def _command(pid: int) -> str:
    # Not its arguments, which may hold a secret.
    try:
        return (PROCESSES / str(pid) / "comm").read_text(errors="replace").strip()
    except OSError:
        return "a process"


def _by_whom(config: Config) -> str:
    """Say who may hold it: others first, since this server always has it open."""
    known = holders(config)
    others = [each for each in known if each.pid != os.getpid()] or known
    if not others:
        return "Another program has it open."
    named = ", ".join(map(str, others[:MOST_NAMED]))
    more = len(others) - MOST_NAMED
    return f"Open in: {named}{f' and {more} more' if more > 0 else ''}."


# --------------------------------------------------------------- begun anew
class Upkeeper:
    """Looks after the log of one server, and remembers since when it is held."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._since: datetime | None = None

    def look(self, _pause: Callable[[float], None] | None = None) -> str | None:
        """Begin a large log anew; returns what was done, None for nothing.

        Waits for nobody.  Raises Held.  Needs an application context.
        """
        if database.state().damage is not None:
            return None
        before = bytes_of(self._config)
        if before <= LARGE:
            was_held, self._since = self._since is not None, None
            return "It is back to its normal size." if was_held else None
        if begin_anew():
            self._since = None
            return f"Emptied, after it had grown to {size(before)}."
        self._since = self._since or datetime.now(UTC)
        raise Held(
            f"{size(before)}, since {self._since:%Y-%m-%d %H:%M} UTC at the latest. "
            + _by_whom(self._config)
        )


def begin_anew() -> bool:
    """Write the log back and begin it anew, if nobody holds it; was it?

    What takes long is done while others write; it is cut only when nothing is left.
    """
    with database.db.engine.connect() as connection:
        connection.rollback()
        raw: Any = connection.connection.dbapi_connection
        with connections.waiting(raw, 0):
            _, pages, written = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if written < pages:
                return False
            (is_busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def findings(config: Config, told: str = "") -> Iterator[Finding]:
    """Say how large the log is and, where it is too large, who holds it.

    ``told`` is what the running server said of that, which knows since when.
    """
    here = bytes_of(config)
    if here <= LARGE:
        yield Finding(Severity.OK, SUBJECT, f"{size(here)}.")
        return
    yield Finding(
        Severity.WARNING,
        SUBJECT,
        told or f"{size(here)}. {_by_whom(config)}",
        "It grows as long as a program keeps reading the database: stop the program "
        "that has it open, or restart the server if it is the server itself.",
    )
