"""Until when sign-ins to an account are refused after wrong passwords."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.directory import guesses, unlocking
from netpresenter_next.directory.guesses import Guesser
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.throttle_models import GUESSES

# The clients that tried last; all of an account try about a hundred times an hour.
MOST_CLIENTS = 10


class Slowed(NamedTuple):
    """The longest wait of the clients that tried the account in the last hour."""

    until: datetime
    # It is a browser in which the owner was signed in before.
    is_known: bool


def find(connection: Connection, account: str, user_name_key: str) -> Slowed | None:
    """Return the longest wait for an account, if any client has to wait.

    ``account`` is the digest of the user name.  Clients that did not try this account
    have to wait only if too many others did.
    """
    is_unlocked = unlocking.read_account_status(connection, user_name_key).is_unlocked
    key = (GUESSES.c.network, GUESSES.c.browser)
    query = select(*key).where(GUESSES.c.account == account).group_by(*key)
    latest_first = query.order_by(func.max(GUESSES.c.at).desc()).limit(MOST_CLIENTS)
    found = None
    for row in connection.execute(latest_first).all():
        guesser = Guesser(account, row.network, row.browser, is_unlocked)
        wait = guesses.calculate_wait(connection, guesser)
        until = now() + timedelta(seconds=wait)
        if wait and (found is None or until > found.until):
            found = Slowed(until, guesser.browser is not None)
    return found
