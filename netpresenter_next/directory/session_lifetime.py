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
from netpresenter_next.storage.models import SESSIONS, Session
from netpresenter_next.storage.sign_in_models import SignInSettings
from netpresenter_next.storage.timestamp_type import Timestamp

# How long an authentication is recent enough for tokens, Force, roles and settings.
RECENT = timedelta(minutes=10)
# Stands for an authentication at an unknown time, which is never recent.
UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
# The last use of a session is stored at most this often.
SEEN_INTERVAL = timedelta(minutes=1)
LIFETIME_SETTINGS = (SignInSettings.idle_minutes, SignInSettings.absolute_hours)
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

    def has_expired(self, session: Session) -> bool:
        """Has the session expired?"""
        present = now()
        return (
            session.seen_at <= present - self.idle
            or session.created_at <= present - self.absolute
        )

    @property
    def is_unexpired(self) -> ColumnElement[bool]:
        """The opposite of ``has_expired``, as a condition on the sessions table."""
        present = now()
        return and_(
            present - self.idle < SESSIONS.c.seen_at,
            present - self.absolute < SESSIONS.c.created_at,
        )


def read_lifetime(connection: Connection) -> Lifetime:
    """Return the present settings for how long sessions last."""
    idle_minutes, absolute_hours = connection.execute(select(*LIFETIME_SETTINGS)).one()
    return Lifetime(idle_minutes, absolute_hours)


def is_recent(session: Session) -> bool:
    """Did the person authenticate within the last ten minutes?

    A time in the future comes from before the clock was set back.  It is accepted only
    up to ten minutes ahead.
    """
    return abs(now() - session.authenticated_at) < RECENT


def is_authentication_time_known(session: Session) -> bool:
    """Is it known when the person last authenticated?"""
    return session.authenticated_at != UNKNOWN_TIME


def note_authentication(connection: Connection, session: Session, at: datetime) -> None:
    """Store when the person authenticated again."""
    this, at = SESSIONS.c.digest == session.digest, min(at, now())
    connection.execute(update(SESSIONS).where(this).values(authenticated_at=at))
    session.authenticated_at = at  # also for a session that replaces this one


def is_use_due(session: Session) -> bool:
    """Is it time to store again when the session was used?"""
    return abs(now() - session.seen_at) > SEEN_INTERVAL


def note_use(connection: Connection, session: Session) -> None:
    """Store that the session was just used."""
    this = SESSIONS.c.digest == session.digest
    connection.execute(update(SESSIONS).where(this).values(seen_at=now()))
    correct_future_times(connection, this)


def correct_future_times(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Replace times in the future with the present, because the clock was set back.

    So no session lasts longer, and no authentication stays recent longer, than usual;
    one that is ten minutes or more ahead is no longer recent.  Returns the number of
    changed sessions.
    """
    at = now()
    present = literal(at, Timestamp())
    authenticated, unknown = (
        SESSIONS.c.authenticated_at,
        literal(at - RECENT, Timestamp()),
    )
    is_future = or_(
        *(
            column > present
            for column in (SESSIONS.c.created_at, authenticated, _SEEN_AT)
        )
    )
    values = {
        "created_at": case(
            (SESSIONS.c.created_at > present, present), else_=SESSIONS.c.created_at
        ),
        "authenticated_at": case(
            (authenticated >= literal(at + RECENT, Timestamp()), unknown),
            (authenticated > present, present),
            else_=authenticated,
        ),
        "seen_at": case((present < _SEEN_AT, present), else_=_SEEN_AT),
    }
    corrected = update(SESSIONS).where(condition, is_future).values(values)
    return connection.execute(corrected).rowcount


def correct_some_future_times(connection: Connection, most: int) -> int:
    """Correct at most ``most`` sessions whose last use lies in the future."""
    in_future = select(SESSIONS.c.digest).where(now() < _SEEN_AT).limit(most)
    return correct_future_times(connection, SESSIONS.c.digest.in_(in_future))
