"""What is counted in memory, by a clock that does not step.

The storage that ``limits`` has for that goes by the clock of the wall: when that is set
back by a day, a limit that was reached stays reached for a day.
"""

import threading
from collections import OrderedDict, deque
from itertools import islice

from limits.storage import MemoryStorage

from netpresenter_next.lib.timestamps import steady


class SteadyStorage(MemoryStorage):
    """Moving windows in memory; whatever no window counts any more is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        # For each key its window in seconds and its hits; whose last is oldest, first.
        self._hits: OrderedDict[str, tuple[int, deque[float]]] = OrderedDict()
        self._counting = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` hits, if there is room for them in the window."""
        with self._counting:
            self._forget()
            hits = self._of(key, expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([steady()] * amount)
            self._hits[key] = expiry, hits
            self._hits.move_to_end(key)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest hit of the window was, and how many there are."""
        with self._counting:
            hits = self._of(key, expiry)
            return (hits[0] if hits else steady()), len(hits)

    def clear(self, key: str) -> None:
        """Forget what was counted of one key."""
        with self._counting:
            self._hits.pop(key, None)

    def reset(self) -> int:
        """Forget everything; returns how many keys there were."""
        with self._counting:
            number = len(self._hits)
            self._hits.clear()
            return number

    def _of(self, key: str, expiry: int) -> deque[float]:
        _, hits = self._hits.get(key, (expiry, deque()))
        while hits and hits[0] < steady() - expiry:
            hits.popleft()
        return hits

    def _forget(self) -> None:
        """Forget keys from the oldest on, as far as their windows are over."""
        for key in list(islice(self._hits, 2)):  # more than one hit can add
            expiry, hits = self._hits[key]
            if not hits or hits[-1] < steady() - expiry:
                del self._hits[key]
