"""Unlocking an account: for an owner whom wrong guesses of others keep out."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select

from netpresenter_next import guesses
from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, person_target
from netpresenter_next.models import USERS, Person, now
from netpresenter_next.throttle_models import UNLOCKS
from netpresenter_next.vault import Vault

VALID_FOR = timedelta(hours=1)


def unlock(connection: Connection, vault: Vault, person: Person, actor: Actor) -> str:
    """Forget the guesses at an account, and let its owner in for an hour.

    Returns a code: the browser that opens ``/sign-in?code=...`` is known to be the
    owner's, so that no guesses of others count against it.
    """
    code = secrets.token_urlsafe(16)
    connection.execute(delete(UNLOCKS).where(UNLOCKS.c.user_id == person.id))
    values = {"user_id": person.id, "digest": _digest(code), "unlocked_at": now()}
    connection.execute(insert(UNLOCKS), values)
    guesses.forget(connection, guesses.account_of(vault, person.user_name))
    events.record(connection, actor, Event.ACCOUNT_UNLOCKED, person_target(person))
    return code


def is_unlocked(connection: Connection, user_name_key: str) -> bool:
    """Was the account with this folded user name unlocked in the last hour?"""
    query = (
        select(UNLOCKS.c.unlocked_at)
        .join(USERS, USERS.c.id == UNLOCKS.c.user_id)
        .where(USERS.c.user_name_key == user_name_key)
    )
    unlocked_at = connection.scalar(query)
    return unlocked_at is not None and now() - unlocked_at < VALID_FOR


def owner_by_code(connection: Connection, code: str) -> str | None:
    """Return the user name for which the console gave this code in the last hour."""
    query = (
        select(USERS.c.user_name, UNLOCKS.c.unlocked_at)
        .join(USERS, USERS.c.id == UNLOCKS.c.user_id)
        .where(UNLOCKS.c.digest == _digest(code))
    )
    found = connection.execute(query).first()
    if found is None or now() - found.unlocked_at >= VALID_FOR:
        return None
    return str(found.user_name)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
