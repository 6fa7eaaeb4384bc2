"""Sign-ins with emergency access: shown to administrators until one has seen them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from netpresenter_next import sessions
from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.ids import new_id
from netpresenter_next.models import Person, now
from netpresenter_next.sign_in_models import EMERGENCY_SIGN_INS

MOST_SHOWN = 3


def note(connection: Connection, person: Person, address: str, secret: str) -> None:
    """Keep a sign-in with emergency access; ``secret`` is that of its session."""
    values = {
        "id": new_id(),
        "user_name": person.user_name,
        "at": now(),
        "address": address,
        "session_digest": sessions.digest(secret),
    }
    connection.execute(insert(EMERGENCY_SIGN_INS), values)


def unseen(connection: Connection, secret: str) -> Sequence[Row[Any]]:
    """Return the latest ones, but for that of this session, whose owner knows of it.

    One more than is shown says that there are more.
    """
    query = select(EMERGENCY_SIGN_INS).where(_of_others(secret))
    latest = query.order_by(EMERGENCY_SIGN_INS.c.at.desc()).limit(MOST_SHOWN + 1)
    return connection.execute(latest).all()


def close(
    connection: Connection, these: Sequence[str], actor: Actor, secret: str
) -> None:
    """Write down that an administrator has seen these; none closes their own."""
    closed = connection.execute(
        delete(EMERGENCY_SIGN_INS)
        .where(EMERGENCY_SIGN_INS.c.id.in_(these[:MOST_SHOWN]), _of_others(secret))
        .returning(EMERGENCY_SIGN_INS)
    )
    for each in closed:
        target, at = Target("User", None, each.user_name), f"{each.at:%Y-%m-%d %H:%M}"
        seen = Event.EMERGENCY_SEEN
        events.record(connection, actor, seen, target, at=at, address=each.address)


def _of_others(secret: str) -> Any:
    return EMERGENCY_SIGN_INS.c.session_digest != sessions.digest(secret)
