"""Read-only sessions for administrators, in memory, while none can be stored.

During a fault of the disk or the database, nobody could sign in to see what is wrong.
So an administrator gets a session in memory, which can change nothing and expires after
15 minutes.
"""

import logging
import secrets
import threading
import time
from typing import NamedTuple

from netpresenter_next.directory import sessions
from netpresenter_next.storage.models import ADMINISTRATOR, Person

logger = logging.getLogger(__name__)

LIFETIME_SECONDS = 15 * 60
MOST_SESSIONS = 20


class ReadOnlySession(NamedTuple):
    """A read-only session."""

    user_id: str
    password_hash: str | None
    address: str
    expires_at: float  # seconds of the monotonic clock


class ReadOnlySessions:
    """The read-only sessions, by the digest of the secret in the cookie."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, ReadOnlySession] = {}
        self._lock = threading.Lock()

    def begin(self, person: Person, address: str) -> str | None:
        """Start a session and return its secret; None for anybody but administrators.

        With more than ``MOST_SESSIONS`` sessions, the oldest ends.
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
        expires_at = time.monotonic() + LIFETIME_SECONDS
        with self._lock:
            while len(self._sessions) >= MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            session = ReadOnlySession(
                person.id, person.password_hash, address, expires_at
            )
            self._sessions[sessions.digest(secret)] = session
        return secret

    def find(self, secret: str) -> ReadOnlySession | None:
        """Return the session with this secret, or None if unknown or expired."""
        if not self._sessions:
            return None
        session = self._sessions.get(sessions.digest(secret))
        is_valid = session is not None and time.monotonic() < session.expires_at
        return session if is_valid else None

    def end(self, secret: str) -> None:
        """End the session with this secret, if there is one."""
        with self._lock:
            self._sessions.pop(sessions.digest(secret), None)
