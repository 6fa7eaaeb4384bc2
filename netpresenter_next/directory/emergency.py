"""Sign-ins with emergency access: shown until an administrator closes the notice."""

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


def note_sign_in(
    connection: Connection, person: Person, address: str, secret: str
) -> None:
    """Record a sign-in with emergency access; ``secret`` is that of its session."""
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
    """A sign-in, and whether the administrator who sees it may close the notice."""

    __abstract__ = True
    may_close: bool


def list_unseen(
    connection: Connection, user_id: str, secret: str
) -> Sequence[UnseenSignIn]:
    """Return the latest sign-ins, except the one that began this session.

    ``may_close`` says whether this administrator may close the notice.  There is one
    row more than pages show, so that they can say that there are more.
    """
    others = EMERGENCY_SIGN_INS.c.session_digest != sessions.digest(secret)
    closable = _may_close(user_id).label("may_close")
    query = select(EMERGENCY_SIGN_INS, closable).where(others)
    latest = query.order_by(EMERGENCY_SIGN_INS.c.at.desc()).limit(MOST_SHOWN + 1)
    return every(UnseenSignIn, connection.execute(latest))


def _may_close(user_id: str) -> ColumnElement[bool]:
    """Return the condition for sign-ins that this administrator may close.

    Those of their own account are excluded, because somebody who knows its password
    could hide a sign-in; but the only active administrator may close them.
    """
    others = select(USERS.c.id).where(people.IS_ACTIVE_ADMINISTRATOR)
    another = others.where(USERS.c.id != user_id).exists()
    return or_(EMERGENCY_SIGN_INS.c.user_id != user_id, ~another)


def close_notices(
    connection: Connection, notice_ids: Sequence[str], actor: Actor, user_id: str
) -> None:
    """Close these notices and record it, except those that the user may not close."""
    closed = connection.execute(
        delete(EMERGENCY_SIGN_INS)
        .where(EMERGENCY_SIGN_INS.c.id.in_(notice_ids[:MOST_SHOWN]))
        .where(_may_close(user_id))
        .returning(EMERGENCY_SIGN_INS)
    )
    for each in closed.all():
        at, seen = f"{each.at:%Y-%m-%d %H:%M}", Event.EMERGENCY_SEEN
        target = Target("User", each.user_id, each.user_name)
        events.record(connection, actor, seen, target, at=at, address=each.address)
