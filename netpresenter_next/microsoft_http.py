"""Calls to Microsoft: few, short, and never in the way of other requests.

A Microsoft that hangs holds two threads of the server at most, and those for five
seconds; while it answers, people wait their turn.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response

# For a call, from looking up the host to the last byte.
SECONDS = 5.0
# How long the latest call may run before those behind it give up.
PATIENCE = 1.0
AT_ONCE = 2
LONGEST_ANSWER = 2**20

_skew: list[int] = []
# Called when a call has found its place and really begins.
Started = Callable[[], None]


def nothing() -> None:
    """Do nothing."""


class Unreachable(Exception):
    """Microsoft does not answer, or not as it should; the message is for the log."""


class Busy(Unreachable):
    """Microsoft was not asked: too many calls hang already."""


class Slots:
    """Room for a few calls at a time.

    Whoever finds none waits for as long as calls come to an end; when the latest of
    them has been running for too long, Microsoft hangs, and nobody waits behind it.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._changed = threading.Condition()
        self._begun: dict[object, float] = {}

    def take(self) -> object:
        """Take a place; raises Busy."""
        with self._changed:
            while len(self._begun) >= self._number:
                latest = max(self._begun.values())
                left = latest + PATIENCE - time.monotonic()
                if left <= 0:
                    raise Busy("the calls before this one hang")
                self._changed.wait(left)
            place = object()
            self._begun[place] = time.monotonic()
        return place

    def leave(self, place: object) -> None:
        """Give a place back."""
        with self._changed:
            del self._begun[place]
            self._changed.notify()


SLOTS = Slots(AT_ONCE)


class Http(OAuth2Session):
    """Requests that follow no redirect and end in time, whatever happens."""

    started: Started = staticmethod(nothing)

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and read the answer; raises Unreachable."""
        options |= {"stream": True, "timeout": SECONDS, "allow_redirects": False}
        send = super().send
        try:
            response = _in_time(lambda: _whole(send(request, **options)), self.started)
        except RequestException as error:
            host = urlsplit(request.url or "").hostname
            raise Unreachable(f"{host}: {type(error).__name__}") from error
        if response.status_code == 429 or response.status_code >= 500:
            raise Unreachable(f"Microsoft answered {response.status_code}")
        _note_skew(response.headers.get("Date", ""))
        return response


def _in_time(call: Callable[[], Response], started: Started) -> Response:
    """Call in a thread of its own, which nobody waits for longer than allowed.

    The timeout of a socket is none of the whole: a host has several addresses, and an
    answer can drip.
    """
    place, answer = SLOTS.take(), Future[Response]()
    started()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)
        finally:
            SLOTS.leave(place)

    threading.Thread(target=run, name="microsoft", daemon=True).start()
    try:
        return answer.result(SECONDS)
    except TimeoutError:
        raise Unreachable(f"no answer within {SECONDS:g} seconds") from None


def _whole(response: Response) -> Response:
    """Read an answer that may be dripping, or endless."""
    until, content = time.monotonic() + SECONDS, b""
    try:
        while part := response.raw.read1(2**16, decode_content=True):
            content += part
            if len(content) > LONGEST_ANSWER or time.monotonic() > until:
                raise Unreachable("the answer is too long or too slow")
    except Unreachable:
        raise
    except Exception as error:  # urllib3's own have no base in common with the others
        raise Unreachable(f"the answer broke off: {type(error).__name__}") from error
    finally:
        response.close()
    response._content = content
    response._content_consumed = True  # type: ignore[attr-defined]
    return response


def _note_skew(date: str) -> None:
    with suppress(ValueError, TypeError):
        theirs = parsedate_to_datetime(date)
        _skew[:] = [round((datetime.now(UTC) - theirs).total_seconds())]


def clock_skew() -> int | None:
    """Return how many seconds ahead of Microsoft's clock ours was when last asked."""
    return _skew[0] if _skew else None
