"""Guesses at local passwords: how many may be made, of what, and by whom.

They are stored, so that a restart forgets none.  Which limits hold is one table; nobody
who is not a known browser of an account uses up what a known browser of it has.
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
    """What is known of whoever tries a password for an account."""

    # The owner was signed in with this browser, or brought a code from the console.
    KNOWN = "a known browser"
    # The account was unlocked on the command line in the last hour.
    UNLOCKED = "any browser, account unlocked"
    UNKNOWN = "any other browser"


class Of(Enum):
    """What guesses are counted of."""

    BROWSER = "this browser"
    KNOWN_BROWSERS = "all known browsers of the account"
    ACCOUNT = "the account, from unknown browsers"
    ACCOUNT_HERE = "the account, from unknown browsers of this network"
    NETWORK = "unknown browsers of this network, for all accounts"


class Limit(NamedTuple):
    """So many guesses in so many seconds."""

    of: Of
    most: int
    seconds: int


# Together at most a hundred an account and hour (NIST SP 800-63B-4, 3.2.2); one known
# browser that is shared cannot use up those of the others.
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
    """Who tries a password for an account: digest of its name, network, known mark."""

    account: str
    network: str
    browser: str | None
    is_unlocked: bool

    @property
    def standing(self) -> Standing:
        """Return what is known of them."""
        if self.browser is not None:
            return Standing.KNOWN
        return Standing.UNLOCKED if self.is_unlocked else Standing.UNKNOWN

    def counted_of(self, of: Of) -> tuple[str, ...]:
        """Return what tells apart whom a limit counts together."""
        return {
            Of.BROWSER: (self.account, self.browser or ""),
            Of.KNOWN_BROWSERS: (self.account,),
            Of.ACCOUNT: (self.account,),
            Of.ACCOUNT_HERE: (self.account, self.network),
            Of.NETWORK: (self.network,),
        }[of]


def account_of(encryption_key: EncryptionKey, user_name: str) -> str:
    """Return what stands for a user name, whoever has it or nobody.

    It cannot be read back: people type passwords into the wrong box.
    """
    return encryption_key.fingerprint("account", fold(user_name))


def seconds_to_wait(connection: Connection, guesser: Guesser) -> int:
    """Return how long this guesser has to wait: 0 for not at all, an hour at most."""
    limits = LIMITS[guesser.standing]
    return max(_wait(connection, guesser, limit) for limit in limits)


def _wait(connection: Connection, guesser: Guesser, limit: Limit) -> int:
    """Return the seconds until the oldest of the last ``most`` guesses is forgotten."""
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
    """Count a guess before it is evaluated, so that none slips in beside it.

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
    """Was the clock set back between two starts, so that guesses are still to come?"""
    latest: float | None = connection.scalar(select(func.max(GUESSES.c.at)))
    return latest is not None and latest > monotonic_time()


def bring_back(connection: Connection) -> None:
    """Count guesses from before the clock was set back as if they were made now.

    So nobody has more guesses because of it, and nobody waits longer than ever.
    """
    present = monotonic_time()
    are_to_come = GUESSES.c.at > present
    connection.execute(update(GUESSES).where(are_to_come).values(at=present))


def take_back(connection: Connection, guess_id: str, account: str) -> None:
    """Whoever made this guess knows the password: it was none.

    The account starts anew, in every browser.  What others tried from the same network
    stays counted of the network.
    """
    connection.execute(delete(GUESSES).where(GUESSES.c.id == guess_id))
    forget(connection, account)


def forget(connection: Connection, account: str) -> None:
    """Count no guess at this account any more."""
    theirs = GUESSES.c.account == account
    connection.execute(update(GUESSES).where(theirs).values(account=None))
