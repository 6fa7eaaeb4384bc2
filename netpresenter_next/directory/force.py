"""Force sign in with Microsoft: which people it concerns, and whether it is on.

Only this module says who has a Microsoft Entra account and who may not use a local
password; every check of a local password relies on it.
"""

from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, or_, select

from netpresenter_next.storage.models import USERS, is_visible
from netpresenter_next.storage.sign_in_models import IS_CONNECTED, SIGN_IN_SETTINGS

HAS_ENTRA_ACCOUNT = or_(is_visible(), IS_CONNECTED)
# People with emergency access can sign in when Microsoft does not work.
IS_CONCERNED = and_(HAS_ENTRA_ACCOUNT, ~USERS.c.is_emergency)
IS_ON = exists(select(SIGN_IN_SETTINGS.c.id).where(SIGN_IN_SETTINGS.c.is_forced))
MUST_USE_MICROSOFT = and_(IS_CONCERNED, IS_ON)
MOST_NAMES = 20


class Effect(NamedTuple):
    """What Force changes: how many people lose local sign-in, and who keeps it."""

    losing: int
    keeping: list[str]
    more: int


def is_on(connection: Connection) -> bool:
    """Is Force sign in with Microsoft on?"""
    return bool(connection.scalar(select(IS_ON)))


def forbids_local_sign_in(connection: Connection, user_id: str) -> bool:
    """Is Force on, and does it concern this person?"""
    query = select(USERS.c.id).where(USERS.c.id == user_id, MUST_USE_MICROSOFT)
    return connection.execute(query).first() is not None


def measure_effect(connection: Connection) -> Effect:
    """Return what Force changes, whether it is on or not."""
    has_password = USERS.c.password_hash.is_not(None)
    losing = select(func.count()).select_from(USERS).where(has_password, IS_CONCERNED)
    keeps = and_(has_password, ~IS_CONCERNED, USERS.c.active, ~USERS.c.is_blocked)
    keeping = select(func.count()).select_from(USERS).where(keeps)
    names = (
        select(USERS.c.user_name)
        .where(keeps)
        .order_by(USERS.c.is_emergency.desc(), USERS.c.user_name_key)
    )
    shown = list(connection.scalars(names.limit(MOST_NAMES)))
    more = (connection.scalar(keeping) or 0) - len(shown)
    return Effect(connection.scalar(losing) or 0, shown, more)


def count_without_password(connection: Connection) -> int:
    """Count the people who may sign in, but only with Microsoft."""
    query = select(func.count()).where(
        USERS.c.password_hash.is_(None), USERS.c.active, ~USERS.c.is_blocked
    )
    return connection.scalar(query) or 0
