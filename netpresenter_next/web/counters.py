"""Counters in memory, which a restart resets."""

import threading
from collections import Counter

from limits.strategies import MovingWindowRateLimiter

from netpresenter_next.web.call_queue import CallQueue
from netpresenter_next.web.monotonic_storage import MonotonicStorage


class Counters:
    """Counters of guesses that cannot be stored, of refused codes and of events."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MonotonicStorage())
        self.lock = threading.Lock()
        # The codes of clients that sent many forged ones.
        self.queue = CallQueue()
        # For each limit, the number of events left out since the last stored one.
        self.unrecorded: Counter[str] = Counter()
