"""What is counted in memory: a restart may forget it."""

import threading

from limits.strategies import MovingWindowRateLimiter

from netpresenter_next.web.lines import Line
from netpresenter_next.web.steady_storage import SteadyStorage


class Counters:
    """Guesses that cannot be stored, failed codes of Microsoft, noted refusals."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(SteadyStorage())
        self.lock = threading.Lock()
        # The codes of networks that brought many made-up ones.
        self.line = Line()
        # How many refusals were not written down since the last that was.
        self.unnoted = 0
