"""Rate limits for wrong passwords, codes from Microsoft, and log entries.

Clients are counted by network and by browser.  A browser in which the owner of an
account was signed in before is known by a cookie and counted separately, so that an
attacker cannot lock the owner out.  The limits for passwords are in ``guesses``.
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
from netpresenter_next.directory.guesses import BrowserKind, Guesser, Scope
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.storage import database
from netpresenter_next.web import context
from netpresenter_next.web.networks import network_of

# The limit on codes that Microsoft refused; beyond it, codes of the client are queued.
FAILED_CODES = RateLimitItemPerMinute(30, 15, "codes")
# The limit on stored events that unauthenticated clients can cause.
STORED_EVENTS = RateLimitItemPerSecond(10, 1, "recorded")
# Whose events count together.
STRANGERS, FORMER_TOKENS = "refusals", "former tokens"
REMEMBERED_FOR = timedelta(days=90)
# The limit on accounts in the cookie of one browser, the latest first.
MOST_OWNERS = 5


class Queued(Exception):
    """The code is queued: it is not its turn yet."""


class _BrowserCookie(NamedTuple):
    """The cookie of a known browser: its id, and the last sign-in of each owner."""

    browser: str
    owners: Mapping[str, float]


# --------------------------------------------------------------- passwords
class Guess(NamedTuple):
    """A counted attempt to sign in with a password."""

    id: str
    account: str
    address: str


def refuse_too_many_guesses(user_name: str) -> BrowserKind:
    """Refuse further guesses cheaply; returns the kind of browser.

    Raises TooManyRequests after too many guesses.
    """
    with database.read() as connection:
        is_set_back = guesses.has_future_guesses(connection)
    if is_set_back:
        # If it fails, the next attempt tries again; until then they count as made now.
        with (
            contextlib.suppress(*database.WRITE_FAILURES),
            database.write(0) as connection,
        ):
            guesses.correct_future_guesses(connection)
    with database.read() as connection:
        return _check_guesser(connection, user_name).browser_kind


def count_guess(user_name: str) -> Guess:
    """Count a guess at an account, before the password is checked.

    Raises TooManyRequests after too many guesses, and database.Busy.
    """
    with database.write() as connection:
        guesser = _check_guesser(connection, user_name)
        guess_id = guesses.count(connection, guesser)
    return Guess(guess_id, guesser.account, request.remote_addr or "")


def count_guess_in_memory(user_name: str) -> None:
    """Count a guess in memory, by the same limits, while the database is read-only.

    Raises TooManyRequests after too many guesses.
    """
    with database.read() as connection:
        guesser = _check_guesser(connection, user_name)
    limits = [
        (RateLimitItemPerSecond(each.most, each.seconds, each.scope.name), each.scope)
        for each in guesses.LIMITS[guesser.browser_kind]
    ]
    counters = context.current().counters
    with counters.lock:
        for item, scope in limits:
            if not counters.limiter.test(item, *guesser.key_of(scope)):
                raise TooManyRequests(
                    _("There were too many wrong passwords. Try again later."),
                    retry_after=item.get_expiry(),
                )
        for item, scope in limits:
            counters.limiter.hit(item, *guesser.key_of(scope))


def forget_guesses_in_memory(user_name: str) -> None:
    """Reset the guesses of an account after a correct password, not of the network."""
    with database.read() as connection:
        guesser = _check_guesser(connection, user_name)
    counters = context.current().counters
    for each in guesses.LIMITS[guesser.browser_kind]:
        if each.scope is not Scope.NETWORK:
            item = RateLimitItemPerSecond(each.most, each.seconds, each.scope.name)
            counters.limiter.clear(item, *guesser.key_of(each.scope))


def _check_guesser(connection: Connection, user_name: str) -> Guesser:
    status = unlocking.read_account_status(connection, fold(user_name))
    account = _digest_account(user_name)
    network = network_of(request.remote_addr or "")
    browser = _find_known_browser(account, status.known_since)
    guesser = Guesser(account, network, browser, status.is_unlocked)
    wait = guesses.calculate_wait(connection, guesser)
    if wait:
        raise TooManyRequests(
            ngettext(
                "There were too many wrong passwords. Try again in %(num)d minute.",
                "There were too many wrong passwords. Try again in %(num)d minutes.",
                -(-wait // 60),
            ),
            retry_after=wait,
        )
    return guesser


# --------------------------------------------------------------- known browsers
def remember_browser(user_name: str) -> None:
    """Set the cookie of a known browser, after the owner of an account signed in."""
    cookie_data = _read_cookie()
    account = _digest_account(user_name)
    others = [(name, at) for name, at in cookie_data.owners.items() if name != account]
    owners = dict([(account, time.time()), *others][:MOST_OWNERS])
    value = _serializer().dumps([cookie_data.browser or secrets.token_hex(8), owners])

    @after_this_request
    def add_cookie(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            value,
            max_age=REMEMBERED_FOR,
            secure=_is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response


def _find_known_browser(account: str, since: datetime | None) -> str | None:
    """Return the id of this browser if the owner of the account signed in here since.

    An earlier sign-in does not count: an attacker may have known the old password.
    """
    cookie_data = _read_cookie()
    at = cookie_data.owners.get(account)
    is_known = at is not None and (since is None or at >= since.timestamp())
    return cookie_data.browser if is_known else None


def _read_cookie() -> _BrowserCookie:
    """Return the cookie of this browser; an empty one for an unknown browser."""
    cookie = request.cookies.get(_cookie_name(), "")
    try:
        browser, owners = _serializer().loads(
            cookie, int(REMEMBERED_FOR.total_seconds())
        )
    except (BadData, ValueError, TypeError):
        return _BrowserCookie("", {})
    return _BrowserCookie(browser, owners)


def _digest_account(user_name: str) -> str:
    return guesses.digest_user_name(context.current().encryption_key, user_name)


def _serializer() -> URLSafeTimedSerializer:
    return timestamps.make_serializer(str(current_app.secret_key), "known-browsers")


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    return "__Host-npn_browser" if _is_secure() else "npn_browser"


# --------------------------------------------------------------- codes of Microsoft
@contextmanager
def limit_redemption(code: str) -> Iterator[None]:
    """Run the block, which redeems a code at Microsoft; a forged code will fail.

    No code is refused, because it may be genuine.  But the codes of clients that sent
    many forged ones share one queue, in which one code at a time is redeemed, so that
    other clients need not wait.  Raises Queued where it is not the turn of this code,
    which keeps its position as long as the client tries again in time.
    """
    counters = context.current().counters
    if counters.limiter.test(FAILED_CODES, _client_key()):
        yield
        return
    if not counters.queue.try_start(code):
        raise Queued
    try:
        yield
    finally:
        counters.queue.finish(code)


def is_known_browser() -> bool:
    """Is this a known browser, of any owner?"""
    return bool(_read_cookie().browser)


def count_failed_code() -> None:
    """Count a code that Microsoft refused, because it may be forged."""
    context.current().counters.limiter.hit(FAILED_CODES, _client_key())


def _client_key() -> str:
    return _read_cookie().browser or network_of(request.remote_addr or "")


# --------------------------------------------------------------- stored events
def count_event(limit: str = STRANGERS) -> int | None:
    """Count an event of an unauthenticated client; None where it must not be stored.

    Otherwise returns the number of events that were left out since the last stored one.
    Those of strangers do not count for holders of former tokens.
    """
    counters = context.current().counters
    with counters.lock:
        if not counters.limiter.hit(STORED_EVENTS, limit):
            counters.unrecorded[limit] += 1
            return None
        return counters.unrecorded.pop(limit, 0)


def add_unrecorded_events(number: int, limit: str = STRANGERS) -> None:
    """Remember how many events could not be recorded, for the next one that can."""
    counters = context.current().counters
    with counters.lock:
        counters.unrecorded[limit] += number
