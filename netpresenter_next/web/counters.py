"""What is counted in memory: a restart may forget it."""

import threading

from limits.strategies import MovingWindowRateLimiter

from netpresenter_next.web.call_queue import CallQueue
from netpresenter_next.web.monotonic_storage import MonotonicStorage


class Counters:
    """Guesses that cannot be stored, failed codes of Microsoft, noted refusals."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MonotonicStorage())
        self.lock = threading.Lock()
        # The codes of networks that brought many made-up ones.
        self.queue = CallQueue()
        # How many refusals were not written down since the last that was.
        self.unrecorded = 0
