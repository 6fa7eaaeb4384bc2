"""Limits on guesses at local passwords, by account, network and browser.

Guesses are stored, so that a restart does not reset the limits.  Those from unknown
browsers never count against the limits of the known browsers of an account.
"""

import math
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import monotonic_time
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.throttle_models import GUESSES

MINUTE, HOUR = 60, 3600


class Standing(Enum):
    """What is known of the browser in which a password for an account is tried."""

    # The owner was signed in with this browser, or opened the link of an unlock in it.
    KNOWN = "a known browser"
    # The account was unlocked on the command line in the last hour.
    UNLOCKED = "any browser, account unlocked"
    UNKNOWN = "any other browser"


class Of(Enum):
    """Which guesses a limit counts together."""

    BROWSER = "this browser"
    KNOWN_BROWSERS = "all known browsers of the account"
    ACCOUNT = "the account, from unknown browsers"
    ACCOUNT_HERE = "the account, from unknown browsers of this network"
    NETWORK = "unknown browsers of this network, for all accounts"


class Limit(NamedTuple):
    """The most guesses within a number of seconds."""

    of: Of
    most: int
    seconds: int


# Together at most a hundred per account and hour (NIST SP 800-63B-4, 3.2.2); a single
# known browser cannot use up the limit of all known browsers.
LIMITS: Mapping[Standing, tuple[Limit, ...]] = {
    Standing.KNOWN: (
        Limit(Of.BROWSER, 10, HOUR),
        Limit(Of.KNOWN_BROWSERS, 40, HOUR),
    ),
    Standing.UNLOCKED: (
        Limit(Of.ACCOUNT_HERE, 10, 15 * MINUTE),
        Limit(Of.ACCOUNT, 60, HOUR),
    ),
    Standing.UNKNOWN: (
        Limit(Of.ACCOUNT_HERE, 10, 15 * MINUTE),
        Limit(Of.ACCOUNT, 60, HOUR),
        Limit(Of.NETWORK, 30, 15 * MINUTE),
    ),
}


class Guesser(NamedTuple):
    """Who tries a password: digest of the user name, network, id of a known browser."""

    account: str
    network: str
    browser: str | None
    is_unlocked: bool

    @property
    def standing(self) -> Standing:
        """Return what is known of the browser."""
        if self.browser is not None:
            return Standing.KNOWN
        return Standing.UNLOCKED if self.is_unlocked else Standing.UNKNOWN

    def counted_of(self, of: Of) -> tuple[str, ...]:
        """Return the key of the guesses that a limit counts together with this one."""
        return {
            Of.BROWSER: (self.account, self.browser or ""),
            Of.KNOWN_BROWSERS: (self.account,),
            Of.ACCOUNT: (self.account,),
            Of.ACCOUNT_HERE: (self.account, self.network),
            Of.NETWORK: (self.network,),
        }[of]


def account_of(encryption_key: EncryptionKey, user_name: str) -> str:
    """Return a keyed digest of a user name, whether or not such an account exists.

    The name is not stored, because people type passwords into the wrong field.
    """
    return encryption_key.fingerprint("account", fold(user_name))


def seconds_to_wait(connection: Connection, guesser: Guesser) -> int:
    """Return the seconds until the next guess is allowed: 0, or at most an hour."""
    limits = LIMITS[guesser.standing]
    return max(_wait(connection, guesser, limit) for limit in limits)


def _wait(connection: Connection, guesser: Guesser, limit: Limit) -> int:
    """Return the seconds until the oldest of the last ``most`` guesses expires."""
    present = monotonic_time()
    query = (
        select(GUESSES.c.at)
        .where(*_counted(guesser, limit.of))
        .where(GUESSES.c.at >= present - limit.seconds)
        .order_by(GUESSES.c.at.desc())
    )
    last = query.limit(1).offset(limit.most - 1)
    oldest: float | None = connection.scalar(last)
    if oldest is None:
        return 0
    return max(1, min(limit.seconds, math.ceil(oldest + limit.seconds - present)))


def _counted(guesser: Guesser, of: Of) -> tuple[ColumnElement[bool], ...]:
    is_account = GUESSES.c.account == guesser.account
    is_network = GUESSES.c.network == guesser.network
    is_unknown = GUESSES.c.browser.is_(None)
    return {
        Of.BROWSER: (is_account, GUESSES.c.browser == guesser.browser),
        Of.KNOWN_BROWSERS: (is_account, ~is_unknown),
        Of.ACCOUNT: (is_account, is_unknown),
        Of.ACCOUNT_HERE: (is_account, is_unknown, is_network),
        Of.NETWORK: (is_network, is_unknown),
    }[of]


def count(connection: Connection, guesser: Guesser) -> str:
    """Count a guess before it is checked, so that parallel guesses are counted too.

    Returns its id, for ``take_back``.
    """
    _forget_old(connection)
    guess = {"id": new_id(), "at": monotonic_time(), **guesser._asdict()}
    del guess["is_unlocked"]
    connection.execute(insert(GUESSES), guess)
    return str(guess["id"])


def _forget_old(connection: Connection) -> None:
    is_over = GUESSES.c.at < monotonic_time() - HOUR
    connection.execute(delete(GUESSES).where(is_over))


def are_from_the_future(connection: Connection) -> bool:
    """Are there guesses in the future, because the clock was set back?"""
    latest: float | None = connection.scalar(select(func.max(GUESSES.c.at)))
    return latest is not None and latest > monotonic_time()


def bring_back(connection: Connection) -> None:
    """Count guesses from before the clock was set back as if they were made now.

    So nobody gets more guesses because of that, and nobody waits longer than usual.
    """
    present = monotonic_time()
    are_to_come = GUESSES.c.at > present
    connection.execute(update(GUESSES).where(are_to_come).values(at=present))


def take_back(connection: Connection, guess_id: str, account: str) -> None:
    """Delete a guess that was the correct password, and reset the account's limits.

    Other guesses still count against the limits of their networks.
    """
    connection.execute(delete(GUESSES).where(GUESSES.c.id == guess_id))
    forget(connection, account)


def forget(connection: Connection, account: str) -> None:
    """Reset the limits of an account; networks keep theirs."""
    theirs = GUESSES.c.account == account
    connection.execute(update(GUESSES).where(theirs).values(account=None))
