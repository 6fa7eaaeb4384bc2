"""The recorded faults of the database, in one process.

A disk fault is temporary: the next write that succeeds ends it.  Damage is permanent:
it is recorded in a file of the instance folder, so that no server and no command writes
to the database until a backup is restored or a full check finds no damage.
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


class Fault(NamedTuple):
    """A present fault: its kind, the error messages, and when it was first seen."""

    kind: Kind
    details: tuple[str, ...]
    since: datetime


class State:
    """The present faults of the database file at ``path``."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self._file = folder / DAMAGE_FILE
        self._file_name = str(self._file)  # faster to look for than a Path
        self._lock = threading.Lock()
        self._damage: Fault | None = None
        self._temporary_fault: Fault | None = None
        self._identity: tuple[int, int] | None = None

    @property
    def damage(self) -> Fault | None:
        """The damage that this or another process recorded."""
        if self._damage is None and os.path.exists(self._file_name):
            self._damage = read_damage(self._file)
        return self._damage

    @property
    def has_temporary_fault(self) -> bool:
        """Is there a temporary disk fault?"""
        return self._temporary_fault is not None

    @property
    def fault(self) -> Fault | None:
        """The fault that prevents writing to the database, if any."""
        return self.damage or self._temporary_fault

    def remember_file(self) -> None:
        """Remember the identity of the file that this process writes to."""
        if self._identity is None:
            self._identity = self._read_identity()

    def forget_file(self) -> None:
        """Forget the identity of the file, which is now closed."""
        self._identity = None

    @property
    def is_moved(self) -> bool:
        """Was the file that this process opened moved away or replaced?"""
        return self._identity is not None and self._read_identity() != self._identity

    def refuse_moved(self) -> None:
        """Raise Unwritable where the file was moved away or replaced.

        Writes to the open file would still succeed, but they would be lost.
        """
        if not self.is_moved:
            return
        identity = self._read_identity()
        kind = Kind.MISSING if identity is None else Kind.REPLACED
        self._note_temporary_fault(kind, str(self.path))
        raise Unwritable(kind)

    def _read_identity(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self.path)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def note_failure(self, error: BaseException) -> Kind | None:
        """Record the fault behind a database error, if any; returns its kind."""
        kind = errors.kind_of(error, self.path)
        if kind is Kind.DAMAGED:
            self.note_damage([str(getattr(error, "orig", error))])
        elif kind is not None and kind is not Kind.BUSY:
            self._note_temporary_fault(kind, str(getattr(error, "orig", error)))
        return kind

    def note_success(self) -> None:
        """End a temporary disk fault, after a write succeeded."""
        if self._temporary_fault is not None:
            logger.info("The database can be written again.")
            self._temporary_fault = None

    def note_damage(self, details: list[str]) -> None:
        """Record that the database is damaged; ``details`` say where."""
        with self._lock:
            if self.damage is not None:
                return
            short = tuple(each[:LONGEST_LINE] for each in details[:MOST_LINES])
            self._damage = Fault(Kind.DAMAGED, short, datetime.now(UTC))
            self._write_damage(self._damage)
        logger.error(
            "The database is damaged, so nothing is written to it any more (%s). "
            "Restore a backup.",
            "; ".join(short),
        )

    def forget_damage(self) -> None:
        """Delete the record after a full check found no damage; raises OSError."""
        self._file.unlink(missing_ok=True)
        self._damage = None

    def _note_temporary_fault(self, kind: Kind, detail: str) -> None:
        if self._temporary_fault is None or self._temporary_fault.kind is not kind:
            logger.error("%s %s (%s)", kind.sentence, kind.advice, detail)
            self._temporary_fault = Fault(kind, (detail,), datetime.now(UTC))

    def _write_damage(self, fault: Fault) -> None:
        """Record the damage for other processes, if the folder is writable."""
        document = {"found_at": fault.since.isoformat(), "details": fault.details}
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with open(os.open(self._file, flags, 0o600), "w") as file:
                json.dump(document, file)


def read_damage(file: Path) -> Fault:
    """Read the record of damage; an unreadable file means damage without details."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        since = datetime.fromisoformat(document["found_at"])
        details = tuple(str(each) for each in document["details"])
    except (OSError, ValueError, KeyError, TypeError):
        since, details = datetime.now(UTC), ()
    return Fault(Kind.DAMAGED, details, since)
