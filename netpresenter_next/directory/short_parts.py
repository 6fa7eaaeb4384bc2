"""Long work in short transactions, between two of which other writers get a turn."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection

# Seconds: the shortest pause after a transaction.  It is as long as the transaction, so
# that also a writer in another process, which tries now and then, gets a turn.
PAUSE = 0.01

# Opens a write transaction.
Write = Callable[[], AbstractContextManager[Connection]]


@contextmanager
def timed_pause() -> Iterator[None]:
    """Wait after the block for as long as it took."""
    start = time.monotonic()
    yield
    _pause_since(start)


def _pause_since(start: float) -> None:
    time.sleep(max(PAUSE, time.monotonic() - start))


def work(
    write: Write, do_part: Callable[[Connection], bool], is_over: Callable[[], bool]
) -> bool:
    """Do parts until one says that it was the last; returns whether it came so far.

    ``is_over`` says after each part whether to stop.  Raises Busy and Unwritable: what
    earlier parts did stays.
    """
    while True:
        start = time.monotonic()
        with write() as connection:
            is_last = do_part(connection)
        if is_last:
            return True
        if is_over():
            return False
        _pause_since(start)
