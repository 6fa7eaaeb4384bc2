"""Who tries what here, as far as it decides how often they may: network and browser.

Nobody can keep an owner out by failing in their name: a browser in which the owner was
signed in before is known by a cookie, and is counted by itself.  ``guesses`` has the
limits.
"""

import contextlib
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests

from netpresenter_next.directory import guesses, unlocking
from netpresenter_next.directory.guesses import Guesser, Of, Standing
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.text import count, fold
from netpresenter_next.storage import database
from netpresenter_next.web import context
from netpresenter_next.web.networks import network_of

# So many codes that Microsoft did not redeem make a network a slow one, or a browser.
FAILED_CODES = RateLimitItemPerMinute(30, 15, "codes")
# So many refusals that anybody can cause are written down one by one.
NOTED = RateLimitItemPerSecond(10, 1, "noted")
KNOWN_FOR = timedelta(days=90)
# The accounts whose owners were signed in with one browser, the latest first.
MOST_OWNERS = 5


class Busy(Exception):
    """It is not the turn of this code."""


class _Mark(NamedTuple):
    """A known browser, and whose: for each owner, when they were last signed in."""

    browser: str
    owners: Mapping[str, float]


# --------------------------------------------------------------- passwords
class Guess(NamedTuple):
    """A password that is being tried, and has been counted."""

    id: str
    account: str
    address: str


def refuse_flood(user_name: str) -> Standing:
    """Say what is known of who tries a password; a flood must cost no more than this.

    Raises TooManyRequests after too many guesses.
    """
    with database.read() as connection:
        is_set_back = guesses.are_from_the_future(connection)
    if is_set_back:
        # The next attempt tries it again; until then they count as if made now.
        with contextlib.suppress(*database.NOT_NOW), database.write(0) as connection:
            guesses.bring_back(connection)
    with database.read() as connection:
        return _guesser(connection, user_name).standing


def begin_guess(user_name: str) -> Guess:
    """Count a guess at an account, before the password is looked at.

    Raises TooManyRequests after too many; database.Busy.
    """
    with database.write() as connection:
        guesser = _guesser(connection, user_name)
        guess_id = guesses.count(connection, guesser)
    return Guess(guess_id, guesser.account, request.remote_addr or "")


def begin_unstored_guess(user_name: str) -> None:
    """Count a guess in memory, by the same limits, where none can be stored.

    Raises TooManyRequests after too many.
    """
    with database.read() as connection:
        guesser = _guesser(connection, user_name)
    limits = [
        (RateLimitItemPerSecond(each.most, each.seconds, each.of.name), each.of)
        for each in guesses.LIMITS[guesser.standing]
    ]
    counters = context.current().counters
    with counters.lock:
        for item, of in limits:
            if not counters.limiter.test(item, *guesser.counted_of(of)):
                raise TooManyRequests(
                    "There were too many wrong passwords. Try again later.",
                    retry_after=item.get_expiry(),
                )
        for item, of in limits:
            counters.limiter.hit(item, *guesser.counted_of(of))


def forget_unstored_guesses(user_name: str) -> None:
    """Whoever made them knows the password; those of the network stay counted."""
    with database.read() as connection:
        guesser = _guesser(connection, user_name)
    counters = context.current().counters
    for each in guesses.LIMITS[guesser.standing]:
        if each.of is not Of.NETWORK:
            item = RateLimitItemPerSecond(each.most, each.seconds, each.of.name)
            counters.limiter.clear(item, *guesser.counted_of(each.of))


def _guesser(connection: Connection, user_name: str) -> Guesser:
    known = unlocking.account(connection, fold(user_name))
    account = _account(user_name)
    network = network_of(request.remote_addr or "")
    browser = _known_browser(account, known.known_since)
    guesser = Guesser(account, network, browser, known.is_unlocked)
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
    this = _account(user_name)
    others = [(name, at) for name, at in mark.owners.items() if name != this]
    owners = dict([(this, time.time()), *others][:MOST_OWNERS])
    value = _serializer().dumps([mark.browser or secrets.token_hex(8), owners])

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


def _known_browser(account: str, since: datetime | None) -> str | None:
    """Return this browser's mark, if the account's owner was signed in here since."""
    mark = _mark()
    at = mark.owners.get(account)
    # Whoever knew an earlier password may be the one who is kept out now.
    is_theirs = at is not None and (since is None or at >= since.timestamp())
    return mark.browser if is_theirs else None


def _mark() -> _Mark:
    """Return whose browser this is; nobody's where nobody was signed in."""
    cookie = request.cookies.get(_cookie_name(), "")
    try:
        browser, owners = _serializer().loads(cookie, int(KNOWN_FOR.total_seconds()))
    except (BadData, ValueError, TypeError):
        return _Mark("", {})
    return _Mark(browser, owners)


def _account(user_name: str) -> str:
    return guesses.account_of(context.current().vault, user_name)


def _serializer() -> URLSafeTimedSerializer:
    return timestamps.serializer(str(current_app.secret_key), "known-browsers")


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    return "__Host-npn_browser" if _is_secure() else "npn_browser"


# --------------------------------------------------------------- codes of Microsoft
@contextmanager
def in_line(code: str) -> Iterator[None]:
    """Run the block, which asks Microsoft about a code that may be made up.

    No code is refused, because Microsoft may redeem it.  But networks, and known
    browsers, that brought many made-up ones stand in one line, of which one code at a
    time is looked at, so that others need not wait for them.  Raises Busy where it is
    not the turn of this code: it is kept in line for as long as it is asked again.
    """
    counters = context.current().counters
    if counters.limiter.test(FAILED_CODES, _whose()):
        yield
        return
    if not counters.line.enter(code):
        raise Busy
    try:
        yield
    finally:
        counters.line.leave(code)


def is_known() -> bool:
    """Is this a known browser, whoever's?"""
    return bool(_mark().browser)


def count_failed_code() -> None:
    """Count a code that Microsoft did not redeem: anybody can make one up."""
    context.current().counters.limiter.hit(FAILED_CODES, _whose())


def _whose() -> str:
    return _mark().browser or network_of(request.remote_addr or "")


# --------------------------------------------------------------- what is written down
def worth_noting() -> int | None:
    """May one more refusal that anybody can cause be written down at the moment?

    Returns how many were not since the last that was; None for not now, in a flood.
    """
    counters = context.current().counters
    with counters.lock:
        if not counters.limiter.hit(NOTED, "refusals"):
            counters.unnoted += 1
            return None
        unnoted, counters.unnoted = counters.unnoted, 0
        return unnoted


def not_noted(number: int) -> None:
    """Keep a number that could not be written down for the next that can."""
    counters = context.current().counters
    with counters.lock:
        counters.unnoted += number
