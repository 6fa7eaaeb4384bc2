"""The lock for write transactions, and limits on concurrent work."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Worker threads of the server; the pool must never be smaller.
THREADS = 8
BUSY_SECONDS = 2.0
QUEUE_SECONDS = 0.5


class Busy(Exception):
    """The write lock was not free in time; the client should try again."""


class LimitReached(Exception):
    """The limit on concurrent calls is reached."""


class ConcurrencyLimit:
    """A limit on concurrent calls, without waiting: waiting would occupy a thread."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Count the block as one concurrent call; raises LimitReached."""
        if not self._free.acquire(blocking=False):
            raise LimitReached
        try:
            yield
        finally:
            self._free.release()


class WriteLock:
    """A lock for one writer at a time, with a bounded number of waiting threads.

    SQLite's own busy handler is unfair: some waits exceed a second.  This lock in front
    of it keeps them short.  After another process has held the database for long,
    writers are refused at once for a few seconds, so that threads stay free for
    readers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(THREADS - 2)
        self._closed_until = 0.0
        self._owner: int | None = None

    @contextmanager
    def acquire(self, timeout: float) -> Iterator[None]:
        """Hold the lock for the block; raises Busy after ``timeout`` seconds."""
        if self._owner == threading.get_ident():
            raise RuntimeError("write() is not re-entrant: pass the connection on")
        self._refuse_while_closed()
        # A short wait for a full queue: the waiting thread is lost to readers.
        if not self._waiting.acquire(timeout=min(timeout, QUEUE_SECONDS)):
            raise Busy
        try:
            if not self._lock.acquire(timeout=timeout):
                raise Busy
            try:
                self._refuse_while_closed()
                self._owner = threading.get_ident()
                yield
            finally:
                self._owner = None
                self._lock.release()
        finally:
            self._waiting.release()

    def refuse_for_a_while(self) -> None:
        """Refuse writers for the next three seconds."""
        self._closed_until = time.monotonic() + 3

    def _refuse_while_closed(self) -> None:
        if time.monotonic() < self._closed_until:
            raise Busy
