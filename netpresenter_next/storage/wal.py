"""The write-ahead log (WAL): its size, and the processes that prevent a checkpoint.

A checkpoint writes the log back into the database, so that it can start again at the
beginning.  A long read transaction prevents that: the log grows until it ends.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from netpresenter_next.config.options import Config
from netpresenter_next.lib.text import format_size
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage import connections, database
from netpresenter_next.storage.findings import Finding, NotDone, Severity

# Bytes: the journal_size_limit to which SQLite truncates the log after a reset.
LARGE = 64 * 2**20
SUBJECT = marked("Write-ahead log")
PROCESSES = Path("/proc")
MOST_NAMED = 5


class LogInUse(NotDone):
    """The log cannot be reset; the message has its size and who has it open."""


class Holder(NamedTuple):
    """A process that has the database open."""

    pid: int
    command: str

    def __str__(self) -> str:
        """Return the command and process id, or "this server"."""
        if self.pid == os.getpid():
            return _("this server")
        return _(
            "%(command)s (process %(number)s)", command=self.command, number=self.pid
        )


def log_file(config: Config) -> Path:
    """Return the path of the write-ahead log, which may not exist."""
    file = database.database_file(config)
    return file.with_name(f"{file.name}-wal")


def log_size(config: Config) -> int:
    """Return the size of the log; 0 where there is none."""
    try:
        return log_file(config).stat().st_size
    except OSError:
        return 0


# --------------------------------------------------------------- processes
def find_holders(config: Config) -> Sequence[Holder]:
    """Return the processes that have the database open, as far as visible (Linux)."""
    file = os.path.realpath(database.database_file(config))
    paths = {file, f"{file}-wal"}
    names = (entry.name for entry in _list_folder(PROCESSES))
    pids = [int(name) for name in names if name.isdecimal() and _has_open(name, paths)]
    return [Holder(pid, _read_command(pid)) for pid in sorted(pids)]


def _has_open(pid: str, paths: set[str]) -> bool:
    links = _list_folder(PROCESSES / pid / "fd")
    return any(_read_link(link) in paths for link in links)


def _list_folder(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # the process has ended, or belongs to another account
        return []


def _read_link(link: Path) -> str:
    try:
        return os.readlink(link).removesuffix(" (deleted)")
    except OSError:
        return ""


def _read_command(pid: int) -> str:
    # Without its arguments, which may contain a secret.
    try:
        return (PROCESSES / str(pid) / "comm").read_text(errors="replace").strip()
    except OSError:
        return _("a process")


def _name_holders(config: Config) -> str:
    """Name the processes that may prevent a checkpoint: others before this server."""
    holders = find_holders(config)
    others = [each for each in holders if each.pid != os.getpid()] or holders
    if not others:
        return _("Another program has it open.")
    named = ", ".join(map(str, others[:MOST_NAMED]))
    more = len(others) - MOST_NAMED
    if more > 0:
        return _("Open in: %(names)s and %(number)s more.", names=named, number=more)
    return _("Open in: %(names)s.", names=named)


# --------------------------------------------------------------- checkpoints
class CheckpointJob:
    """Resets a large log, and remembers since when that is not possible."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._since: datetime | None = None

    def run(self, _pause: Callable[[float], None] | None = None) -> str | None:
        """Reset the log if it is large; returns what was done, None for nothing.

        Does not wait for readers.  Raises LogInUse.  Needs an application context.
        """
        if database.state().damage is not None:
            return None
        before = log_size(self._config)
        if before <= LARGE:
            was_held, self._since = self._since is not None, None
            return "It is back to its normal size." if was_held else None
        if reset_log():
            self._since = None
            return f"Emptied, after it had grown to {format_size(before)}."
        self._since = self._since or datetime.now(UTC)
        raise LogInUse(
            f"{format_size(before)}, since {self._since:%Y-%m-%d %H:%M} UTC at the "
            f"latest. {_name_holders(self._config)}"
        )


def reset_log() -> bool:
    """Write the log back and truncate it; returns False where a reader prevents it.

    The passive checkpoint, which takes long, does not block writers.  The log is
    truncated only when that checkpoint was complete.
    """
    with database.db.engine.connect() as connection:
        connection.rollback()
        raw: Any = connection.connection.dbapi_connection
        with connections.busy_timeout(raw, 0):
            checkpoint = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            pages, written = checkpoint[1:]
            if written < pages:
                return False
            is_busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not is_busy


def findings(config: Config, note: str = "") -> Iterator[Finding]:
    """Report the size of the log and, where it is too large, who has it open.

    ``note`` is the last note of the running server, which also knows since when.
    """
    number = log_size(config)
    if number <= LARGE:
        yield Finding(Severity.OK, SUBJECT, f"{format_size(number)}.")
        return
    what = note or f"{format_size(number)}. {_name_holders(config)}"
    advice = _(
        "It grows as long as a program keeps reading the database: stop the program "
        "that has it open, or restart the server if it is the server itself."
    )
    yield Finding(Severity.WARNING, SUBJECT, what, advice)
