"""A line: one at a time, in the order in which they came first."""

import threading
import time

# Whoever did not ask again for so long has left.
PATIENCE = 5.0  # seconds
LONGEST = 1000


class Line:
    """Lets one ticket in at a time; the others ask again, and keep their place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, float] = {}  # in the order in which they came
        self._inside: str | None = None

    def enter(self, ticket: str) -> bool:
        """Go in, if it is the turn of this ticket; else wait in line for it."""
        present = time.monotonic()
        with self._lock:
            if ticket in self._waiting or len(self._waiting) < LONGEST:
                self._waiting[ticket] = present
            for each, asked_at in list(self._waiting.items()):
                if present - asked_at <= PATIENCE:
                    break
                del self._waiting[each]
            first = next(iter(self._waiting), None)
            if self._inside is not None or first != ticket:
                return False
            del self._waiting[ticket]
            self._inside = ticket
            return True

    def leave(self, ticket: str) -> None:
        """Let the next one in."""
        with self._lock:
            if self._inside == ticket:
                self._inside = None
