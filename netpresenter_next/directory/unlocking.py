"""Unlocking an account whose owner cannot sign in because of the guesses of others."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from netpresenter_next.directory import events, guesses
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.statements import Statement
from netpresenter_next.storage.throttle_models import UNLOCKS

VALID_FOR = timedelta(hours=1)
_STATUS = Statement(
    tuple,
    select(UNLOCKS.c.unlocked_at, USERS.c.password_changed_at)
    .join_from(USERS, UNLOCKS, USERS.c.id == UNLOCKS.c.user_id, isouter=True)
    .where(USERS.c.user_name_key == bindparam("key")),
)


def unlock(
    connection: Connection, encryption_key: EncryptionKey, person: Person, actor: Actor
) -> str:
    """Reset the rate limits of an account, and relax them for an hour.

    Returns a code: a browser that opens ``/sign-in?code=...`` is treated as a known
    browser of the owner, so that guesses of others do not count against it.
    """
    code = secrets.token_urlsafe(16)
    connection.execute(delete(UNLOCKS).where(UNLOCKS.c.user_id == person.id))
    values = {"user_id": person.id, "digest": _digest(code), "unlocked_at": now()}
    connection.execute(insert(UNLOCKS), values)
    guesses.reset_limits(
        connection, guesses.digest_user_name(encryption_key, person.user_name)
    )
    events.record(connection, actor, Event.ACCOUNT_UNLOCKED, target_of_person(person))
    return code


class AccountStatus(NamedTuple):
    """What is known of an account before its password is checked."""

    is_unlocked: bool = False
    # When its password was set: browsers known from before may be somebody else's.
    known_since: datetime | None = None


def read_account_status(connection: Connection, user_name_key: str) -> AccountStatus:
    """Return what is known of the account with this case-folded user name, if any."""
    found = _STATUS.first(connection, key=user_name_key)
    if found is None:
        return AccountStatus()
    unlocked_at, password_changed_at = found
    is_unlocked = unlocked_at is not None and _is_valid(unlocked_at)
    return AccountStatus(is_unlocked, password_changed_at)


def find_owner_by_code(connection: Connection, code: str) -> str | None:
    """Return the user name whose account was unlocked with this code in the last hour.

    None if the code is wrong or older.
    """
    query = (
        select(USERS.c.user_name, UNLOCKS.c.unlocked_at)
        .join(USERS, USERS.c.id == UNLOCKS.c.user_id)
        .where(UNLOCKS.c.digest == _digest(code))
    )
    found = connection.execute(query).first()
    if found is None or not _is_valid(found.unlocked_at):
        return None
    return str(found.user_name)


def _is_valid(unlocked_at: datetime) -> bool:
    return timestamps.is_within(unlocked_at.timestamp(), VALID_FOR.total_seconds())


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
