"""Sessions: one row for each browser in which somebody is signed in.

The cookie holds a random id, the row its digest.  Who may be in is decided from the
row and the person at every request, so ending a session anywhere ends it at once.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Connection, Select, delete, insert, select, update

from netpresenter_next.models import SESSIONS, Session, User, now

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
# When somebody was last seen is written at most this often.
SEEN_INTERVAL = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def begin(
    connection: Connection, user_id: str, method: str, address: str, user_agent: str
) -> str:
    """Start a session and return the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    moment = now()
    connection.execute(delete(SESSIONS).where(SESSIONS.c.seen_at < moment - IDLE))
    connection.execute(
        insert(SESSIONS),
        {
            "digest": _digest(secret),
            "user_id": user_id,
            "method": method,
            "created_at": moment,
            "seen_at": moment,
            "address": address,
            "user_agent": user_agent[:LONGEST_USER_AGENT],
        },
    )
    return secret


def current(secret: str) -> Select[User, Session]:
    """Select the person and session behind a cookie, if both are still good."""
    moment = now()
    return (
        select(User, Session)
        .join(Session, Session.user_id == User.id)
        .where(
            Session.digest == _digest(secret),
            Session.seen_at > moment - IDLE,
            Session.created_at > moment - ABSOLUTE,
            User.active,
            ~User.is_blocked,
        )
    )


def is_seen_due(session: Session) -> bool:
    """Is it time to write down that the session is in use?"""
    return now() - session.seen_at > SEEN_INTERVAL


def note_seen(connection: Connection, session: Session) -> None:
    """Write down that the session was just used."""
    this = SESSIONS.c.digest == session.digest
    connection.execute(update(SESSIONS).where(this).values(seen_at=now()))


def end(connection: Connection, secret: str) -> None:
    """End one session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == _digest(secret)))


def end_all(connection: Connection, user_id: str) -> int:
    """End every session of a person; returns how many there were."""
    ended = connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
    return ended.rowcount
