"""Sessions of administrators while no session can be stored: to look, and briefly.

Where the disk or the database is at fault, nobody could sign in to see why.  So an
administrator gets a session that is kept in memory: it changes nothing, and is over
after a quarter of an hour.
"""

import logging
import secrets
import threading
import time
from typing import NamedTuple

from netpresenter_next.directory import sessions
from netpresenter_next.storage.models import ADMINISTRATOR, Person

logger = logging.getLogger(__name__)

SECONDS = 15 * 60
MOST = 20


class Kept(NamedTuple):
    """Who is in, with which password, from where, and until when."""

    user_id: str
    password_hash: str | None
    address: str
    until: float  # of the monotonic clock


class ReadOnlySessions:
    """The sessions, by the digest of what their cookies hold."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Kept] = {}
        self._lock = threading.Lock()

    def begin(self, person: Person, address: str) -> str | None:
        """Start a session of an administrator, else none, and return its secret.

        The oldest ends where there are too many.
        """
        if person.role != ADMINISTRATOR:
            return None
        logger.warning(
            "The administrator %s signed in from %s with a read-only session: "
            "nothing can be saved.",
            person.user_name,
            address,
        )
        secret = secrets.token_urlsafe(32)
        until = time.monotonic() + SECONDS
        with self._lock:
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            this = Kept(person.id, person.password_hash, address, until)
            self._kept[sessions.digest(secret)] = this
        return secret

    def find(self, secret: str) -> Kept | None:
        """Return the session behind a cookie, if it is one of these and not over."""
        if not self._kept:
            return None
        kept = self._kept.get(sessions.digest(secret))
        return kept if kept is not None and time.monotonic() < kept.until else None

    def end(self, secret: str) -> None:
        """End a session."""
        with self._lock:
            self._kept.pop(sessions.digest(secret), None)
