"""How long a session lasts, and for how long an authentication is recent.

Every session holds by the same two limits, which are settings: left alone for some
minutes, or some hours old in any case, it is over.
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

# For so long an authentication is good enough for tokens, Force, roles and settings.
RECENT = timedelta(minutes=10)
# The time of an authentication of which nobody says when it was: never recent.
UNKNOWN = datetime.fromtimestamp(0, UTC)
# When somebody was last seen is written at most this often.
SEEN_INTERVAL = timedelta(minutes=1)
LIMITS = (SignInSettings.idle_minutes, SignInSettings.absolute_hours)
_SEEN_AT = SESSIONS.c.seen_at


class Lifetime(NamedTuple):
    """How long sessions last, as it is set."""

    idle_minutes: int
    absolute_hours: int

    @property
    def idle(self) -> timedelta:
        """Return for how long a session may be left alone."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """Return after how long a session is over in any case."""
        return timedelta(hours=self.absolute_hours)

    def is_over(self, session: Session) -> bool:
        """Was it left alone, or did it last, too long?"""
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
    """Return how long sessions last now."""
    idle_minutes, absolute_hours = connection.execute(select(*LIMITS)).one()
    return Lifetime(idle_minutes, absolute_hours)


def is_recent(session: Session) -> bool:
    """Did the person prove who they are a short while ago?

    A time in the future is from before the clock was set back: by no more than
    a short while, or nobody knows when.
    """
    return abs(now() - session.authenticated_at) < RECENT


def is_dated(session: Session) -> bool:
    """Is it known when the person last proved who they are?"""
    return session.authenticated_at != UNKNOWN


def note_authentication(connection: Connection, session: Session, at: datetime) -> None:
    """Write down that, and when, the person proved again who they are."""
    this, at = SESSIONS.c.digest == session.digest, min(at, now())
    connection.execute(update(SESSIONS).where(this).values(authenticated_at=at))
    session.authenticated_at = at  # a session that takes its place keeps that


def is_seen_due(session: Session) -> bool:
    """Is it time to write down that the session is in use?"""
    return abs(now() - session.seen_at) > SEEN_INTERVAL


def note_seen(connection: Connection, session: Session) -> None:
    """Write down that the session was just used."""
    this = SESSIONS.c.digest == session.digest
    connection.execute(update(SESSIONS).where(this).values(seen_at=now()))
    bring_back(connection, this)


def bring_back(connection: Connection, which: ColumnElement[bool]) -> int:
    """Move times in the future to the present: the clock was set back since.

    So no session lasts longer, and no authentication stays recent for longer, because
    of it.  Returns how many sessions there were.
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
    """Bring some sessions back to the present that nobody uses since a step back."""
    to_come = select(SESSIONS.c.digest).where(now() < _SEEN_AT).limit(most)
    return bring_back(connection, SESSIONS.c.digest.in_(to_come))
