"""How long a session lasts, and for how long an authentication is recent.

Two settings limit all sessions: a session expires after some minutes without a request
(idle timeout), and in any case after some hours (absolute timeout).
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    literal,
    or_,
    select,
    update,
)

from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import SESSIONS, Moment, Session
from netpresenter_next.storage.sign_in_models import SignInSettings

# How long an authentication is recent enough for tokens, Force, roles and settings.
RECENT = timedelta(minutes=10)
# Stands for an authentication at an unknown time, which is never recent.
UNKNOWN = datetime.fromtimestamp(0, UTC)
# The last use of a session is stored at most this often.
SEEN_INTERVAL = timedelta(minutes=1)
LIMITS = (SignInSettings.idle_minutes, SignInSettings.absolute_hours)
_SEEN_AT = SESSIONS.c.seen_at


class Lifetime(NamedTuple):
    """The settings for how long sessions last."""

    idle_minutes: int
    absolute_hours: int

    @property
    def idle(self) -> timedelta:
        """Return after how long without a request a session expires."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """Return after how long a session expires in any case."""
        return timedelta(hours=self.absolute_hours)

    def is_over(self, session: Session) -> bool:
        """Has the session expired?"""
        moment = now()
        return (
            session.seen_at <= moment - self.idle
            or session.created_at <= moment - self.absolute
        )

    @property
    def holds(self) -> ColumnElement[bool]:
        """The opposite of ``is_over``, as a condition on the sessions table."""
        moment = now()
        return and_(
            moment - self.idle < SESSIONS.c.seen_at,
            moment - self.absolute < SESSIONS.c.created_at,
        )


def lifetime(connection: Connection) -> Lifetime:
    """Return the present settings for how long sessions last."""
    idle_minutes, absolute_hours = connection.execute(select(*LIMITS)).one()
    return Lifetime(idle_minutes, absolute_hours)


def is_recent(session: Session) -> bool:
    """Did the person authenticate within the last ten minutes?

    A time in the future comes from before the clock was set back.  It is accepted only
    up to ten minutes ahead.
    """
    return abs(now() - session.authenticated_at) < RECENT


def is_dated(session: Session) -> bool:
    """Is it known when the person last authenticated?"""
    return session.authenticated_at != UNKNOWN


def note_authentication(connection: Connection, session: Session, at: datetime) -> None:
    """Store when the person authenticated again."""
    this, at = SESSIONS.c.digest == session.digest, min(at, now())
    connection.execute(update(SESSIONS).where(this).values(authenticated_at=at))
    session.authenticated_at = at  # also for a session that replaces this one


def is_seen_due(session: Session) -> bool:
    """Is it time to store again when the session was used?"""
    return abs(now() - session.seen_at) > SEEN_INTERVAL


def note_seen(connection: Connection, session: Session) -> None:
    """Store that the session was just used."""
    this = SESSIONS.c.digest == session.digest
    connection.execute(update(SESSIONS).where(this).values(seen_at=now()))
    bring_back(connection, this)


def bring_back(connection: Connection, which: ColumnElement[bool]) -> int:
    """Replace times in the future with the present, because the clock was set back.

    So no session lasts longer, and no authentication stays recent longer, than usual;
    one that is ten minutes or more ahead is no longer recent.  Returns the number of
    changed sessions.
    """
    moment = now()
    present = literal(moment, Moment())
    proved, unknown = SESSIONS.c.authenticated_at, literal(moment - RECENT, Moment())
    is_to_come = or_(
        *(column > present for column in (SESSIONS.c.created_at, proved, _SEEN_AT))
    )
    values = {
        "created_at": case(
            (SESSIONS.c.created_at > present, present), else_=SESSIONS.c.created_at
        ),
        "authenticated_at": case(
            (proved >= literal(moment + RECENT, Moment()), unknown),
            (proved > present, present),
            else_=proved,
        ),
        "seen_at": case((present < _SEEN_AT, present), else_=_SEEN_AT),
    }
    brought = update(SESSIONS).where(which, is_to_come).values(values)
    return connection.execute(brought).rowcount


def bring_some_back(connection: Connection, most: int) -> int:
    """Correct at most ``most`` sessions whose last use lies in the future."""
    to_come = select(SESSIONS.c.digest).where(now() < _SEEN_AT).limit(most)
    return bring_back(connection, SESSIONS.c.digest.in_(to_come))
