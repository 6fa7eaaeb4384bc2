"""Sign-ins with emergency access: shown to administrators until one has seen them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from netpresenter_next.directory import events, people, sessions
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS, EmergencySignIn

MOST_SHOWN = 3


def note(connection: Connection, person: Person, address: str, secret: str) -> None:
    """Keep a sign-in with emergency access; ``secret`` is that of its session."""
    values = {
        "id": new_id(),
        "user_id": person.id,
        "user_name": person.user_name,
        "at": now(),
        "address": address,
        "session_digest": sessions.digest(secret),
    }
    connection.execute(insert(EMERGENCY_SIGN_INS), values)


class UnseenSignIn(EmergencySignIn):
    """One, and whether the administrator who looks may close it."""

    __abstract__ = True
    may_close: bool


def list_unseen(
    connection: Connection, user_id: str, secret: str
) -> Sequence[UnseenSignIn]:
    """Return the latest ones, but for that of this session, whose owner knows of it.

    Each says whether this administrator ``may_close`` it; one more than is shown says
    that there are more.
    """
    others = EMERGENCY_SIGN_INS.c.session_digest != sessions.digest(secret)
    closable = _may_close(user_id).label("may_close")
    query = select(EMERGENCY_SIGN_INS, closable).where(others)
    latest = query.order_by(EMERGENCY_SIGN_INS.c.at.desc()).limit(MOST_SHOWN + 1)
    return every(UnseenSignIn, connection.execute(latest))


def _may_close(user_id: str) -> ColumnElement[bool]:
    """Return which ones this administrator may close: not those of their own account.

    Whoever has its password could close what they did; but where nobody else is an
    administrator, nobody else could close it.
    """
    others = select(USERS.c.id).where(people.IS_ACTIVE_ADMINISTRATOR)
    another = others.where(USERS.c.id != user_id).exists()
    return or_(EMERGENCY_SIGN_INS.c.user_id != user_id, ~another)


def close(
    connection: Connection, these: Sequence[str], actor: Actor, user_id: str
) -> None:
    """Write down that an administrator has seen these, but for their own."""
    closed = connection.execute(
        delete(EMERGENCY_SIGN_INS)
        .where(EMERGENCY_SIGN_INS.c.id.in_(these[:MOST_SHOWN]))
        .where(_may_close(user_id))
        .returning(EMERGENCY_SIGN_INS)
    )
    for each in closed.all():
        at, seen = f"{each.at:%Y-%m-%d %H:%M}", Event.EMERGENCY_SEEN
        target = Target("User", each.user_id, each.user_name)
        events.record(connection, actor, seen, target, at=at, address=each.address)
