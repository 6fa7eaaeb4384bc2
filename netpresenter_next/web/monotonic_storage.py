"""A storage for rate limits in memory that uses the monotonic clock.

The memory storage of ``limits`` uses the system clock: when that is set back by a day,
a limit that was reached stays in force for a day.
"""

import threading
from collections import OrderedDict, deque
from itertools import islice

from limits.storage import MemoryStorage

from netpresenter_next.lib.timestamps import monotonic_time


class MonotonicStorage(MemoryStorage):
    """Moving windows in memory; expired windows are removed."""

    def __init__(self) -> None:
        super().__init__()
        # The window in seconds and the hits of each key, ordered by the last hit.
        self._hits: OrderedDict[str, tuple[int, deque[float]]] = OrderedDict()
        self._counting = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` hits if that does not exceed the limit of the window."""
        with self._counting:
            self._remove_expired()
            hits = self._get_hits(key, expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([monotonic_time()] * amount)
            self._hits[key] = expiry, hits
            self._hits.move_to_end(key)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return the time of the oldest hit in the window, and the number of hits."""
        with self._counting:
            hits = self._get_hits(key, expiry)
            return (hits[0] if hits else monotonic_time()), len(hits)

    def clear(self, key: str) -> None:
        """Remove the hits of one key."""
        with self._counting:
            self._hits.pop(key, None)

    def reset(self) -> int:
        """Remove all hits; returns the number of keys."""
        with self._counting:
            number = len(self._hits)
            self._hits.clear()
            return number

    def _get_hits(self, key: str, expiry: int) -> deque[float]:
        _, hits = self._hits.get(key, (expiry, deque()))
        while hits and hits[0] < monotonic_time() - expiry:
            hits.popleft()
        return hits

    def _remove_expired(self) -> None:
        """Remove up to two expired keys, the oldest first."""
        for key in list(islice(self._hits, 2)):  # two, because each hit adds one key
            expiry, hits = self._hits[key]
            if not hits or hits[-1] < monotonic_time() - expiry:
                del self._hits[key]
