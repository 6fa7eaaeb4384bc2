"""A queue for calls, of which one runs at a time, in the order of arrival.

Callers do not block a thread while they wait: they poll.
"""

import threading
import time

# A caller that has not polled for so long is removed from the queue.
PATIENCE = 5.0  # seconds
LONGEST = 1000


class CallQueue:
    """A first-in, first-out queue; a caller that polls again keeps its position."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The time of the last poll of each caller, in the order of arrival.
        self._waiting: dict[str, float] = {}
        self._running: str | None = None

    def try_start(self, key: str) -> bool:
        """Start the call of ``key`` if it is its turn; else queue it, return False."""
        present = time.monotonic()
        with self._lock:
            if key in self._waiting or len(self._waiting) < LONGEST:
                self._waiting[key] = present
            for other, polled_at in list(self._waiting.items()):
                if present - polled_at <= PATIENCE:
                    break
                del self._waiting[other]
            first = next(iter(self._waiting), None)
            if self._running is not None or first != key:
                return False
            del self._waiting[key]
            self._running = key
            return True

    def finish(self, key: str) -> None:
        """End the call of ``key``, so that the next one can start."""
        with self._lock:
            if self._running == key:
                self._running = None
