"""How often a wrong password may be tried, and by whom.

Only failures count, so whoever knows the password is not held up.  Nobody can keep an
owner out by failing in their name: a browser in which the owner was signed in before
is known by a cookie, and is counted by itself.
"""

import hashlib
import secrets
import time
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import cast

from flask import Flask, Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from netpresenter_next.texts import fold

# In a quarter of an hour: of an account from one network, of an account from all of
# them, from one network for all accounts, and of an account in a browser of its own.
OF_ACCOUNT_HERE = RateLimitItemPerMinute(10, 15, "account here")
OF_ACCOUNT = RateLimitItemPerMinute(50, 15, "account")
OF_NETWORK = RateLimitItemPerMinute(30, 15, "network")
OF_KNOWN_BROWSER = RateLimitItemPerMinute(10, 15, "browser")
NEWS = RateLimitItemPerMinute(1, 1, "news")
KNOWN_FOR = timedelta(days=90)
_LIMITER = "netpresenter_throttle"
Keys = list[tuple[RateLimitItem, str]]


def init_app(app: Flask) -> None:
    """Start counting; a restart of the server starts anew."""
    app.extensions[_LIMITER] = MovingWindowRateLimiter(MemoryStorage())


def refuse_flood(user_name: str) -> None:
    """Raise TooManyRequests after too many failures; call before any hashing."""
    wait = max(_seconds_to_wait(limit, key) for limit, key in _keys(user_name))
    if wait:
        raise TooManyRequests(retry_after=wait)


def count_failure(user_name: str) -> None:
    """Count a failed attempt to sign in."""
    for limit, key in _keys(user_name):
        _limiter().hit(limit, key)


def forget_failures(user_name: str) -> None:
    """Start an account's counts anew, and know this browser: its owner got in."""
    for limit, key in _keys(user_name):
        if limit is not OF_NETWORK:
            _limiter().clear(limit, key)
    know_browser(user_name)


def know_browser(user_name: str) -> None:
    """Mark this browser: the owner of that account got in with it."""
    value = _serializer().dumps([_account(user_name), secrets.token_hex(8)])

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


def refuse_failing(what: str) -> None:
    """Raise TooManyRequests where this kind of thing failed too often from here.

    A browser in which somebody was signed in before is counted by itself: others in
    the same network must not keep its owner out.
    """
    if wait := _seconds_to_wait(*_failing(what)):
        raise TooManyRequests(retry_after=wait)


def count_failing(what: str) -> None:
    """Count something that failed, and that anybody can make fail."""
    _limiter().hit(*_failing(what))


def _failing(what: str) -> tuple[RateLimitItem, str]:
    _, browser = _mark()
    if browser:
        return OF_KNOWN_BROWSER, f"{what} {browser}"
    return OF_NETWORK, f"{what} {network_of(request.remote_addr or '')}"


def is_news(what: str, address: str) -> bool:
    """Is this the first time in a minute that it happens from this address?"""
    return _limiter().hit(NEWS, what, network_of(address))


def network_of(address: str) -> str:
    """Return what one client can choose freely from: an IPv6 client has a /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return address
    return str(ip_network((parsed, 64), strict=False))


def _account(user_name: str) -> str:
    """Return a digest: the counts must not keep what people type in the wrong box."""
    folded = fold(user_name).encode("utf-8", "surrogatepass")
    return hashlib.sha256(folded).hexdigest()


def _keys(user_name: str) -> Keys:
    account, network = _account(user_name), network_of(request.remote_addr or "")
    browser = _known_browser(account)
    if browser is not None:
        return [(OF_KNOWN_BROWSER, f"{account} {browser}")]
    return [
        (OF_ACCOUNT_HERE, f"{account} {network}"),
        (OF_ACCOUNT, account),
        (OF_NETWORK, network),
    ]


def _known_browser(account: str) -> str | None:
    """Return this browser's mark, if the account's owner was signed in here."""
    owner, browser = _mark()
    return browser if owner == account else None


def _mark() -> tuple[str | None, str | None]:
    """Return whose browser this is, and its mark, where somebody was signed in."""
    cookie = request.cookies.get(_cookie_name(), "")
    try:
        content = _serializer().loads(cookie, max_age=int(KNOWN_FOR.total_seconds()))
        owner, browser = content
    except (BadData, ValueError, TypeError):
        return None, None
    return str(owner), str(browser)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known-browser")


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    return "__Host-npn_browser" if _is_secure() else "npn_browser"


def _seconds_to_wait(limit: RateLimitItem, key: str) -> int:
    if _limiter().test(limit, key):
        return 0
    reset = _limiter().get_window_stats(limit, key).reset_time
    return max(1, int(reset - time.time()) + 1)


def _limiter() -> MovingWindowRateLimiter:
    return cast(MovingWindowRateLimiter, current_app.extensions[_LIMITER])
