"""Calls to Microsoft: few, short, and never in the way of other requests.

A Microsoft that hangs holds three threads of the server at most, and those for five
seconds; while it answers, people wait their turn.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response
from urllib3.exceptions import HTTPError

# For a call, from looking up the host to the last byte.
SECONDS = 5.0
# How long the latest call may run before those behind it give up.
PATIENCE = 1.0
# Of eight threads, three are left for everything else.  One more call at a time is for
# browsers in which somebody was signed in before: no flood of strangers takes it.
AT_ONCE, OF_THE_KNOWN, MOST_WAITING = 2, 1, 2
LONGEST_ANSWER = 2**20

# Called when a call has found its place and really begins.
Started = Callable[[], None]


class Clocks:
    """How far our clock was from Microsoft's when it last answered."""

    ahead: int | None = None  # seconds; negative: behind


class Unreachable(Exception):
    """Microsoft does not answer, or not as it should; the message is for the log."""


class Busy(Unreachable):
    """Microsoft was not asked: earlier calls to it have not returned."""


class Crowded(Busy):
    """Microsoft was not asked: it answers, but too many wait their turn already."""


_is_known: ContextVar[bool] = ContextVar("is_known", default=False)


@contextmanager
def known(is_known: bool) -> Iterator[None]:
    """Run the block, and with it calls to Microsoft, for a known browser or another."""
    token = _is_known.set(is_known)
    try:
        yield
    finally:
        _is_known.reset(token)


class Slots:
    """Room for a few calls at a time.

    A few wait for as long as calls come to an end; when the latest of them has been
    running for too long, Microsoft hangs, and nobody waits behind it.
    """

    def __init__(self, number: int, of_the_known: int, most_waiting: int) -> None:
        self._number, self._of_the_known = number, of_the_known
        self._most_waiting = most_waiting
        self._changed = threading.Condition()
        self._begun: dict[object, float] = {}
        self._waiting = 0

    def take(self, *, comes_first: bool = False) -> object:
        """Take a place; raises Busy, and Crowded unless it comes first."""
        number = self._number + (self._of_the_known if _is_known.get() else 0)
        with self._changed:
            is_full = len(self._begun) >= number
            is_crowded = is_full and self._waiting >= self._most_waiting
            if is_crowded and not comes_first:
                raise Crowded("too many calls to Microsoft are already waiting")
            self._waiting += 1
            try:
                self._wait(number)
            finally:
                self._waiting -= 1
            place = object()
            self._begun[place] = time.monotonic()
        return place

    def _wait(self, number: int) -> None:
        while len(self._begun) >= number:
            left = max(self._begun.values()) + PATIENCE - time.monotonic()
            if left <= 0:
                raise Busy("earlier calls to Microsoft have not returned")
            self._changed.wait(left)

    def leave(self, place: object) -> None:
        """Give a place back."""
        with self._changed:
            del self._begun[place]
            self._changed.notify_all()


SLOTS = Slots(AT_ONCE, OF_THE_KNOWN, MOST_WAITING)


class Http(OAuth2Session):
    """Requests that follow no redirect and end in time, whatever happens."""

    started: Started | None = None

    def get_redirect_target(self, resp: Response) -> str | None:
        """Return no target: requests would read a redirect's body without limit."""
        return None

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and read the answer; raises Unreachable."""
        options |= {"stream": True, "timeout": SECONDS, "allow_redirects": False}
        send = super().send
        try:
            response = _in_time(lambda: _whole(send(request, **options)), self.started)
        except (RequestException, HTTPError) as error:  # requests lets some through
            host = urlsplit(request.url or "").hostname
            raise Unreachable(f"{host}: {type(error).__name__}") from error
        if response.status_code == 429 or response.status_code >= 500:
            raise Unreachable(f"Microsoft answered {response.status_code}")
        _note_skew(response.headers.get("Date", ""))
        return response


def _in_time(call: Callable[[], Response], started: Started | None) -> Response:
    """Call in a thread of its own, which nobody waits for longer than allowed.

    The timeout of a socket is none of the whole: a host has several addresses, and an
    answer can drip.
    """
    # What all sign-ins need, and only one fetches, comes before any one of them.
    place = SLOTS.take(comes_first=started is not None)
    answer: Future[Response] = Future()
    if started is not None:
        started()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)
        finally:
            SLOTS.leave(place)

    try:
        threading.Thread(target=run, name="microsoft", daemon=True).start()
    except RuntimeError as error:
        SLOTS.leave(place)
        raise Busy("no thread can be started") from error
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
        raise Unreachable(f"the answer was cut off: {type(error).__name__}") from error
    finally:
        response.close()
    response._content = content
    response._content_consumed = True  # type: ignore[attr-defined]
    return response


def _note_skew(date: str) -> None:
    with suppress(ValueError, TypeError, OverflowError):
        theirs = parsedate_to_datetime(date)
        Clocks.ahead = round((datetime.now(UTC) - theirs).total_seconds())
