"""Force sign in with Microsoft: which people it concerns, and whether it is on.

Only this module says who has a Microsoft Entra account and who may not use a local
password; every check of a local password relies on it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, or_, select

from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS, is_visible
from netpresenter_next.storage.sign_in_models import IS_CONNECTED, SIGN_IN_SETTINGS
from netpresenter_next.storage.statements import list_of
from netpresenter_next.storage.totals import MOST_COUNTED, count_some

HAS_ENTRA_ACCOUNT = or_(is_visible(), IS_CONNECTED)
# People with emergency access can sign in when Microsoft does not work.
IS_CONCERNED = and_(HAS_ENTRA_ACCOUNT, ~USERS.c.is_emergency)
IS_ON = exists(select(SIGN_IN_SETTINGS.c.id).where(SIGN_IN_SETTINGS.c.is_forced))
MUST_USE_MICROSOFT = and_(IS_CONCERNED, IS_ON)
MOST_NAMES = 20

_HAS_PASSWORD = USERS.c.password_hash.is_not(None)
# The index of people with a password begins with the source.
LOSING = (
    select(USERS.c.id).where(
        _HAS_PASSWORD,
        USERS.c.source.in_([Source.CLAIMABLE, Source.PROVISIONED]),
        ~USERS.c.is_emergency,
    ),
    select(USERS.c.id).where(
        _HAS_PASSWORD,
        USERS.c.source == Source.LOCAL,
        IS_CONNECTED,
        ~USERS.c.is_emergency,
    ),
)
# Only local accounts have emergency access.
_KEEPS = and_(
    _HAS_PASSWORD,
    USERS.c.source == Source.LOCAL,
    or_(USERS.c.is_emergency, ~IS_CONNECTED),
    USERS.c.active,
    ~USERS.c.is_blocked,
)


class Effect(NamedTuple):
    """What Force changes: how many people lose local sign-in, and who keeps it."""

    losing: int
    keeping: list[str]
    more: int


class LosingPerson(NamedTuple):
    """Somebody who loses local sign-in while Force is on."""

    id: str
    user_name: str


def is_on(connection: Connection) -> bool:
    """Is Force sign in with Microsoft on?"""
    return bool(connection.scalar(select(IS_ON)))


def forbids_local_sign_in(connection: Connection, user_id: str) -> bool:
    """Is Force on, and does it concern this person?"""
    query = select(USERS.c.id).where(USERS.c.id == user_id, MUST_USE_MICROSOFT)
    return connection.execute(query).first() is not None


def measure_effect(connection: Connection) -> Effect:
    """Return what Force changes, whether it is on or not; see ``count_some``."""
    losing = sum(count_some(connection, each) for each in LOSING)
    names = [
        *_list_keeping(connection, is_emergency=True),
        *_list_keeping(connection, is_emergency=False),
    ]
    keeping = count_some(connection, select(USERS.c.id).where(_KEEPS))
    shown = names[:MOST_NAMES]
    return Effect(losing, shown, keeping - len(shown))


def list_losing(connection: Connection) -> Sequence[LosingPerson]:
    """Return the first people, by user name, who lose local sign-in.

    Of more than some thousand, not all are looked at; see ``count_some``.
    """
    ids = [
        user_id
        for each in LOSING
        for user_id in connection.scalars(each.limit(MOST_COUNTED + 1))
    ]
    query = select(USERS.c.id, USERS.c.user_name)
    theirs = query.where(USERS.c.id.in_(list_of("ids"))).params(ids=ids)
    some = theirs.order_by(USERS.c.user_name_key).limit(MOST_NAMES)
    return [LosingPerson(*row) for row in connection.execute(some)]


def _list_keeping(connection: Connection, *, is_emergency: bool) -> Sequence[str]:
    query = select(USERS.c.user_name).where(
        _KEEPS, USERS.c.is_emergency == is_emergency
    )
    some = query.order_by(USERS.c.user_name_key).limit(MOST_NAMES)
    return connection.scalars(some).all()


def count_losing(connection: Connection) -> int:
    """Count the people who lose local sign-in, all of them."""
    return sum(
        connection.scalar(select(func.count()).select_from(each.subquery())) or 0
        for each in LOSING
    )


def count_without_password(connection: Connection) -> int:
    """Count the people who may sign in, but only with Microsoft; see ``count_some``."""
    query = select(USERS.c.id).where(
        USERS.c.password_hash.is_(None), USERS.c.active, ~USERS.c.is_blocked
    )
    return count_some(connection, query)
