"""Limits on guesses at local passwords, by account, network and browser.

Guesses are stored, so that a restart does not reset the limits.  Those from unknown
browsers never count against the limits of the known browsers of an account.
"""

import math
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import monotonic_time
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.statements import Statement
from netpresenter_next.storage.throttle_models import GUESSES

MINUTE, HOUR = 60, 3600


class BrowserKind(Enum):
    """Whether the browser in which a password is tried is known to the account."""

    # The owner was signed in with this browser, or opened the link of an unlock in it.
    KNOWN = "a known browser"
    # The account was unlocked on the command line in the last hour.
    UNLOCKED = "any browser, account unlocked"
    UNKNOWN = "any other browser"


class Scope(Enum):
    """Which guesses a limit counts together."""

    BROWSER = "this browser"
    KNOWN_BROWSERS = "all known browsers of the account"
    ACCOUNT = "the account, from unknown browsers"
    ACCOUNT_HERE = "the account, from unknown browsers of this network"
    NETWORK = "unknown browsers of this network, for all accounts"


class Limit(NamedTuple):
    """The most guesses within a number of seconds."""

    scope: Scope
    most: int
    seconds: int


# Together at most a hundred per account and hour (NIST SP 800-63B-4, 3.2.2); a single
# known browser cannot use up the limit of all known browsers.
LIMITS: Mapping[BrowserKind, tuple[Limit, ...]] = {
    BrowserKind.KNOWN: (
        Limit(Scope.BROWSER, 10, HOUR),
        Limit(Scope.KNOWN_BROWSERS, 40, HOUR),
    ),
    BrowserKind.UNLOCKED: (
        Limit(Scope.ACCOUNT_HERE, 10, 15 * MINUTE),
        Limit(Scope.ACCOUNT, 60, HOUR),
    ),
    BrowserKind.UNKNOWN: (
        Limit(Scope.ACCOUNT_HERE, 10, 15 * MINUTE),
        Limit(Scope.ACCOUNT, 60, HOUR),
        Limit(Scope.NETWORK, 30, 15 * MINUTE),
    ),
}


class Guesser(NamedTuple):
    """Who tries a password: digest of the user name, network, id of a known browser."""

    account: str
    network: str
    browser: str | None
    is_unlocked: bool

    @property
    def browser_kind(self) -> BrowserKind:
        """Return whether the account knows the browser, or is unlocked."""
        if self.browser is not None:
            return BrowserKind.KNOWN
        return BrowserKind.UNLOCKED if self.is_unlocked else BrowserKind.UNKNOWN

    def key_of(self, scope: Scope) -> tuple[str, ...]:
        """Return the key of the guesses that a limit counts together with this one."""
        return {
            Scope.BROWSER: (self.account, self.browser or ""),
            Scope.KNOWN_BROWSERS: (self.account,),
            Scope.ACCOUNT: (self.account,),
            Scope.ACCOUNT_HERE: (self.account, self.network),
            Scope.NETWORK: (self.network,),
        }[scope]


def _conditions_of(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    is_account = GUESSES.c.account == bindparam("account")
    is_network = GUESSES.c.network == bindparam("network")
    is_unknown = GUESSES.c.browser.is_(None)
    return {
        Scope.BROWSER: (is_account, GUESSES.c.browser == bindparam("browser")),
        Scope.KNOWN_BROWSERS: (is_account, ~is_unknown),
        Scope.ACCOUNT: (is_account, is_unknown),
        Scope.ACCOUNT_HERE: (is_account, is_unknown, is_network),
        Scope.NETWORK: (is_network, is_unknown),
    }[scope]


_LATEST_BUT = {
    scope: Statement(
        tuple,
        select(GUESSES.c.at)
        .where(*_conditions_of(scope))
        .where(GUESSES.c.at >= bindparam("since"))
        .order_by(GUESSES.c.at.desc())
        .limit(1)
        .offset(bindparam("number")),
    )
    for scope in Scope
}
_LATEST = Statement(tuple, select(func.max(GUESSES.c.at)))
_INSERT = Statement(tuple, insert(GUESSES))
_DELETE_OLD = Statement(tuple, delete(GUESSES).where(GUESSES.c.at < bindparam("since")))
_DELETE = Statement(tuple, delete(GUESSES).where(GUESSES.c.id == bindparam("guess_id")))
_FORGET_ACCOUNT = Statement(
    tuple,
    update(GUESSES)
    .where(GUESSES.c.account == bindparam("guessed"))
    .values(account=None),
)


def digest_user_name(encryption_key: EncryptionKey, user_name: str) -> str:
    """Return a keyed digest of a user name, whether or not such an account exists.

    The name is not stored, because people type passwords into the wrong field.
    """
    return encryption_key.fingerprint("account", fold(user_name))


def calculate_wait(connection: Connection, guesser: Guesser) -> int:
    """Return the seconds until the next guess is allowed: 0, or at most an hour."""
    limits = LIMITS[guesser.browser_kind]
    return max(_calculate_wait_for(connection, guesser, limit) for limit in limits)


def _calculate_wait_for(connection: Connection, guesser: Guesser, limit: Limit) -> int:
    """Return the seconds until the oldest of the last ``most`` guesses expires."""
    present = monotonic_time()
    oldest: float | None = _LATEST_BUT[limit.scope].scalar(
        connection,
        **guesser._asdict(),
        since=present - limit.seconds,
        number=limit.most - 1,
    )
    if oldest is None:
        return 0
    return max(1, min(limit.seconds, math.ceil(oldest + limit.seconds - present)))


def count(connection: Connection, guesser: Guesser) -> str:
    """Count a guess before it is checked, so that parallel guesses are counted too.

    Returns its id, for ``remove_correct_guess``.
    """
    _delete_old(connection)
    guess = {"id": new_id(), "at": monotonic_time(), **guesser._asdict()}
    del guess["is_unlocked"]
    _INSERT.run(connection, **guess)
    return str(guess["id"])


def _delete_old(connection: Connection) -> None:
    _DELETE_OLD.run(connection, since=monotonic_time() - HOUR)


def has_future_guesses(connection: Connection) -> bool:
    """Are there guesses in the future, because the clock was set back?"""
    latest: float | None = _LATEST.scalar(connection)
    return latest is not None and latest > monotonic_time()


def correct_future_guesses(connection: Connection) -> None:
    """Count guesses from before the clock was set back as if they were made now.

    So nobody gets more guesses because of that, and nobody waits longer than usual.
    """
    present = monotonic_time()
    is_future = GUESSES.c.at > present
    connection.execute(update(GUESSES).where(is_future).values(at=present))


def remove_correct_guess(connection: Connection, guess_id: str, account: str) -> None:
    """Delete a guess that was the correct password, and reset the account's limits.

    Other guesses still count against the limits of their networks.
    """
    _DELETE.run(connection, guess_id=guess_id)
    reset_limits(connection, account)


def reset_limits(connection: Connection, account: str) -> None:
    """Reset the limits of an account; networks keep theirs."""
    _FORGET_ACCOUNT.run(connection, guessed=account)
