"""Gates before the database: one writer at a time, readers never crowded out."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Worker threads of the server; the pool must never be smaller.
THREADS = 8
BUSY_SECONDS = 2.0
QUEUE_SECONDS = 0.5


class Busy(Exception):
    """The write lock could not be had in time; the client should try again."""


class Full(Exception):
    """Every place is taken."""


class Places:
    """So many at once; nobody waits for a place, since whoever waits holds a thread."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a place for the block; raises Full."""
        if not self._free.acquire(blocking=False):
            raise Full
        try:
            yield
        finally:
            self._free.release()


class WriteGate:
    """One writer at a time, a bounded number waiting, readers never crowded out.

    SQLite's own busy handler is unfair (tails over a second); a lock in front of it
    is not.  When somebody else holds the file for long, later writers are refused
    at once for a few seconds, so that worker threads stay free for reading.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(THREADS - 2)
        self._closed_until = 0.0
        self._owner: int | None = None

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Wait for one's turn, ``patience`` seconds at most; raises Busy."""
        if self._owner == threading.get_ident():
            raise RuntimeError("write() is not re-entrant: pass the connection on")
        self._refuse_while_closed()
        # Little patience for a place in the queue: whoever stands before it holds a
        # thread that somebody who only reads could use.
        if not self._waiting.acquire(timeout=min(patience, QUEUE_SECONDS)):
            raise Busy
        try:
            if not self._lock.acquire(timeout=patience):
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

    def close_for_a_while(self) -> None:
        """Refuse writers for the next three seconds."""
        self._closed_until = time.monotonic() + 3

    def _refuse_while_closed(self) -> None:
        if time.monotonic() < self._closed_until:
            raise Busy
