"""What is known to be wrong with the database at the moment, in one process.

A fault of the disk passes by itself: the next write that succeeds ends it.  Damage does
not: it is kept in a file of the instance folder, so that no start and no command writes
on, until a restored database takes the place of the damaged one.
"""

import contextlib
import json
import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from netpresenter_next.storage import errors
from netpresenter_next.storage.errors import Kind, Unwritable

DAMAGE_FILE = "damage.json"
MOST_LINES = 10
LONGEST_LINE = 200

logger = logging.getLogger(__name__)


class Damaged(Exception):
    """Nothing is written to the database any more, because it is damaged."""


class Fault(NamedTuple):
    """A fault that is there: of which kind, what was said of it, and since when."""

    kind: Kind
    details: tuple[str, ...]
    since: datetime


class State:
    """What is wrong with the database file at ``path``, if anything."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self._file = folder / DAMAGE_FILE
        self._lock = threading.Lock()
        self._damage: Fault | None = None
        self._passing: Fault | None = None
        self._identity: tuple[int, int] | None = None

    @property
    def damage(self) -> Fault | None:
        """The damage that was found, by this process or another one."""
        if self._damage is None and self._file.exists():
            self._damage = read_damage(self._file)
        return self._damage

    @property
    def is_failing(self) -> bool:
        """Could the last thing that was to be written, or read, not be?"""
        return self._passing is not None

    @property
    def fault(self) -> Fault | None:
        """What keeps the database from being written, if anything."""
        return self.damage or self._passing

    def note_opened(self) -> None:
        """Remember which file it is that this process writes to."""
        if self._identity is None:
            self._identity = self._seen()

    def forget_opened(self) -> None:
        """Forget it: this process has no file open any more."""
        self._identity = None

    def refuse_moved(self) -> None:
        """Raise Unwritable where the file was moved away, or is another one now.

        It could still be written to, as an open file, and nobody would find that.
        """
        if self._identity is None or (seen := self._seen()) == self._identity:
            return
        kind = Kind.MISSING if seen is None else Kind.REPLACED
        self._note_passing(kind, str(self.path))
        raise Unwritable(kind)

    def _seen(self) -> tuple[int, int] | None:
        try:
            seen = os.stat(self.path)
        except OSError:
            return None
        return seen.st_dev, seen.st_ino

    def failed(self, error: BaseException) -> Kind | None:
        """Remember what an error of the database tells of it; returns its kind."""
        kind = errors.kind_of(error, self.path)
        if kind is Kind.DAMAGED:
            self.note_damage([str(getattr(error, "orig", error))])
        elif kind is not None and kind is not Kind.BUSY:
            self._note_passing(kind, str(getattr(error, "orig", error)))
        return kind

    def succeeded(self) -> None:
        """Something was written: what passes has passed."""
        if self._passing is not None:
            logger.info("The database can be written again.")
            self._passing = None

    def note_damage(self, details: list[str]) -> None:
        """Keep that the database is damaged; ``details`` say where."""
        with self._lock:
            if self.damage is not None:
                return
            short = tuple(each[:LONGEST_LINE] for each in details[:MOST_LINES])
            self._damage = Fault(Kind.DAMAGED, short, datetime.now(UTC))
            self._keep(self._damage)
        logger.error(
            "The database is damaged, so nothing is written to it any more (%s). "
            "Restore a backup.",
            "; ".join(short),
        )

    def forget_damage(self) -> None:
        """A check of the whole database found nothing: go on. Raises OSError."""
        self._file.unlink(missing_ok=True)
        self._damage = None

    def _note_passing(self, kind: Kind, detail: str) -> None:
        if self._passing is None or self._passing.kind is not kind:
            logger.error("%s %s (%s)", kind.sentence, kind.advice, detail)
            self._passing = Fault(kind, (detail,), datetime.now(UTC))

    def _keep(self, fault: Fault) -> None:
        """Write the damage down for other processes; the folder may refuse it."""
        document = {"found_at": fault.since.isoformat(), "details": fault.details}
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with open(os.open(self._file, flags, 0o600), "w") as file:
                json.dump(document, file)


def read_damage(file: Path) -> Fault:
    """Read what was kept; a file that cannot be read still says that there is some."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(document["found_at"])
        details = tuple(str(each) for each in document["details"])
    except (OSError, ValueError, KeyError, TypeError):
        since, details = datetime.now(UTC), ()
    return Fault(Kind.DAMAGED, details, since)
