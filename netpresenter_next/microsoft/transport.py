"""The limits of the HTTP calls to Microsoft, in number and duration.

If Microsoft does not respond, it blocks at most three threads of the server, for five
seconds each.  While it responds, further calls wait for a free slot.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

# The limit of a call, from the DNS lookup to the last byte.
CALL_SECONDS = 5.0
# Seconds that the latest call may take before the waiting calls give up.
SLOW_SECONDS = 1.0
# Two running, one for known browsers and two waiting: three of the eight threads are
# left for everything else.  The slot for browsers in which somebody was signed in
# before cannot be used up by strangers.
MOST_RUNNING, RESERVED_FOR_KNOWN, MOST_WAITING = 2, 1, 2
# What is said of a call that was not made, which says nothing about Microsoft.
NOT_RETURNED = "earlier calls to Microsoft have not returned"
TOO_MANY_WAITING = "too many calls to Microsoft are already waiting"
NO_THREAD = "no thread can be started"

Answer = TypeVar("Answer")
# Called when a call has its slot and begins.
OnStart = Callable[[], None]


class ClockSkew:
    """The difference between our clock and Microsoft's at its latest response."""

    seconds: int | None = None  # positive if our clock is ahead


class Unreachable(Exception):
    """Microsoft does not respond, or not as expected; the message is for the log."""


class Busy(Unreachable):
    """The call was not made: earlier calls to Microsoft have not returned."""


class QueueFull(Busy):
    """The call was not made: too many calls are already waiting for a slot."""


_is_known_browser: ContextVar[bool] = ContextVar("is_known_browser", default=False)


@contextmanager
def as_known_browser(is_known: bool) -> Iterator[None]:
    """Mark the calls in the block as made for a known browser, or for another one."""
    token = _is_known_browser.set(is_known)
    try:
        yield
    finally:
        _is_known_browser.reset(token)


class CallLimiter:
    """Limits how many calls run at a time, and how many wait.

    A call waits as long as running calls finish.  Once the latest of them has taken
    ``SLOW_SECONDS``, Microsoft is considered to hang, and waiting calls fail.
    """

    def __init__(self, most_running: int, reserved: int, most_waiting: int) -> None:
        self._most_running, self._reserved = most_running, reserved
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        self._started_at: dict[object, float] = {}
        self._waiting = 0

    def acquire(self, *, has_priority: bool = False) -> object:
        """Wait for a slot and return it; raises Busy.

        Raises QueueFull if too many calls wait already, unless ``has_priority``.
        """
        limit = self._most_running + (self._reserved if _is_known_browser.get() else 0)
        with self._changed:
            is_full = len(self._started_at) >= limit
            is_queue_full = is_full and self._waiting >= self._most_waiting
            if is_queue_full and not has_priority:
                raise QueueFull(TOO_MANY_WAITING)
            self._waiting += 1
            try:
                self._wait(limit)
            finally:
                self._waiting -= 1
            slot = object()
            self._started_at[slot] = time.monotonic()
        return slot

    def _wait(self, limit: int) -> None:
        while len(self._started_at) >= limit:
            left = max(self._started_at.values()) + SLOW_SECONDS - time.monotonic()
            if left <= 0:
                raise Busy(NOT_RETURNED)
            self._changed.wait(left)

    def release(self, slot: object) -> None:
        """Release a slot."""
        with self._changed:
            del self._started_at[slot]
            self._changed.notify_all()


CALL_LIMITER = CallLimiter(MOST_RUNNING, RESERVED_FOR_KNOWN, MOST_WAITING)


def run_with_deadline(call: Callable[[], Answer], on_start: OnStart | None) -> Answer:
    """Run the call in a thread, and wait for it at most ``CALL_SECONDS``.

    A socket timeout limits one connect or read, not the whole call: a host can have
    several addresses, and a response can arrive byte by byte.  Raises Busy, and
    Unreachable after that time.
    """
    # Metadata and keys come first: every sign-in needs them, and one thread fetches.
    slot = CALL_LIMITER.acquire(has_priority=on_start is not None)
    answer: Future[Answer] = Future()
    if on_start is not None:
        on_start()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)
        finally:
            CALL_LIMITER.release(slot)

    try:
        threading.Thread(target=run, name="microsoft", daemon=True).start()
    except RuntimeError as error:
        CALL_LIMITER.release(slot)
        raise Busy(NO_THREAD) from error
    try:
        return answer.result(CALL_SECONDS)
    except TimeoutError:
        raise Unreachable(f"no answer within {CALL_SECONDS:g} seconds") from None
