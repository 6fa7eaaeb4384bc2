"""Who tries what here, as far as it decides how often they may: network and browser.

Nobody can keep an owner out by failing in their name: a browser in which the owner was
signed in before is known by a cookie, and is counted by itself.  ``guesses`` has the
limits.
"""

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple, cast

from flask import Flask, Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests

from netpresenter_next import database, guesses, unlocking
from netpresenter_next.guesses import Guesser
from netpresenter_next.networks import network_of
from netpresenter_next.texts import count, fold
from netpresenter_next.vault import Vault

# So many codes that Microsoft did not redeem make a network a slow one, or a browser.
FAILED_CODES = RateLimitItemPerMinute(30, 15, "codes")
# So many refusals that anybody can cause are written down, and those of one kind and
# origin once a minute; the others are counted and wait for the next.
NOTED = RateLimitItemPerSecond(10, 1, "noted")
NEWS = RateLimitItemPerMinute(1, 1, "news")
MOST_PENDING = 1000
KNOWN_FOR = timedelta(days=90)
# The accounts whose owners were signed in with one browser, the latest first.
MOST_OWNERS = 5
_STATE = "netpresenter_throttle"


class Busy(Exception):
    """Another code of the same slow network is with Microsoft at the moment."""


class _State:
    """What is counted in memory: a restart may forget it."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.lock = threading.Lock()
        self.slow: set[str] = set()
        # Refusals that wait to be written down: of what, and of anything else.
        self.pending: Counter[str] = Counter()
        self.unnoted = 0


class _Mark(NamedTuple):
    """A known browser, and whose: digests of the owners' names."""

    browser: str
    owners: tuple[str, ...]


def init_app(app: Flask) -> None:
    """Start counting what is counted in memory."""
    app.extensions[_STATE] = _State()


# --------------------------------------------------------------- passwords
class Guess(NamedTuple):
    """A password that is being tried, and has been counted."""

    id: str
    account: str
    address: str


def begin_guess(user_name: str) -> Guess:
    """Count a guess at an account, before the password is looked at.

    Raises TooManyRequests after too many; database.Busy.
    """
    with database.read() as connection:  # a flood must not take the write lock
        _refuse_flood(connection, user_name)
    with database.write() as connection:
        guesser = _refuse_flood(connection, user_name)
        guess_id = guesses.count(connection, guesser)
    return Guess(guess_id, guesser.account, request.remote_addr or "")


def _refuse_flood(connection: Connection, user_name: str) -> Guesser:
    account = _account(user_name)
    network = network_of(request.remote_addr or "")
    is_unlocked = unlocking.is_unlocked(connection, fold(user_name))
    guesser = Guesser(account, network, _known_browser(account), is_unlocked)
    wait = guesses.seconds_to_wait(connection, guesser)
    if wait:
        minutes = count(-(-wait // 60), "minute")
        raise TooManyRequests(
            f"There were too many wrong passwords. Try again in {minutes}.",
            retry_after=wait,
        )
    return guesser


# --------------------------------------------------------------- known browsers
def know_browser(user_name: str) -> None:
    """Mark this browser: the owner of that account got in with it."""
    mark = _mark()
    account = _account(user_name)
    owners = [account, *(each for each in mark.owners if each != account)]
    browser = mark.browser or secrets.token_hex(8)
    value = _serializer().dumps([browser, *owners[:MOST_OWNERS]])

    @after_this_request
    def know(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            value,
            max_age=KNOWN_FOR,
            secure=_is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response


def is_known_browser(user_name: str) -> bool:
    """Was the owner of that account signed in with this browser before?"""
    return _known_browser(_account(user_name)) is not None


def _known_browser(account: str) -> str | None:
    """Return this browser's mark, if the account's owner was signed in here."""
    mark = _mark()
    return mark.browser if account in mark.owners else None


def _mark() -> _Mark:
    """Return whose browser this is; nobody's where nobody was signed in."""
    cookie = request.cookies.get(_cookie_name(), "")
    try:
        content = _serializer().loads(cookie, max_age=int(KNOWN_FOR.total_seconds()))
        browser, *owners = map(str, content)
    except (BadData, ValueError, TypeError):
        return _Mark("", ())
    return _Mark(browser, tuple(owners))


def _account(user_name: str) -> str:
    vault: Vault = current_app.extensions["netpresenter_vault"]
    return guesses.account_of(vault, user_name)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known-browsers")


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    return "__Host-npn_browser" if _is_secure() else "npn_browser"


# --------------------------------------------------------------- codes of Microsoft
@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Run the block, which asks Microsoft about a code that may be made up.

    No code is refused, because Microsoft may redeem it.  A network, or a known browser,
    that brought many made-up ones has one of them looked at at a time, so that others
    need not wait behind them; raises Busy where that one has not ended yet.
    """
    state, whose = _state(), _whose()
    if state.limiter.test(FAILED_CODES, whose):
        yield
        return
    with state.lock:
        if whose in state.slow:
            raise Busy
        state.slow.add(whose)
    try:
        yield
    finally:
        state.slow.discard(whose)


def count_failed_code() -> None:
    """Count a code that Microsoft did not redeem: anybody can make one up."""
    _state().limiter.hit(FAILED_CODES, _whose())


def _whose() -> str:
    return _mark().browser or network_of(request.remote_addr or "")


# --------------------------------------------------------------- what is written down
class Noting(NamedTuple):
    """What is to be written down: how often this was, and how often anything else."""

    times: int
    unnoted: int


def worth_noting(what: str) -> Noting | None:
    """May a refusal that anybody can cause be written down at the moment?

    None for not now: it is counted, and written down with the next.
    """
    state = _state()
    with state.lock:
        is_news = state.limiter.test(NEWS, what)
        if is_news and state.limiter.hit(NOTED, "refusals"):
            state.limiter.hit(NEWS, what)
            unnoted, state.unnoted = state.unnoted, 0
            return Noting(1 + state.pending.pop(what, 0), unnoted)
        if what in state.pending or len(state.pending) < MOST_PENDING:
            state.pending[what] += 1
        else:
            state.unnoted += 1
        return None


def _state() -> _State:
    return cast(_State, current_app.extensions[_STATE])
