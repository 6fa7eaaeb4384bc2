"""Sessions: one row for each browser in which somebody is signed in.

The cookie holds a random id, the row its digest.  Who may be in is decided from the
row and the person at every request, so ending a session anywhere ends it at once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from netpresenter_next.directory import force
from netpresenter_next.lib import names
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.models import (
    LOCAL,
    MICROSOFT,
    SESSIONS,
    USERS,
    Moment,
    Session,
    User,
    now,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import (
    IDENTITIES,
    SIGN_IN_SETTINGS,
    SignInSettings,
)

# For so long a proof is good enough for tokens, Force, roles and settings.
RECENT = timedelta(minutes=10)
# When a proof was given of which nobody says when: too long ago to be recent.
UNKNOWN = datetime.fromtimestamp(0, UTC)
# When somebody was last seen is written at most this often.
SEEN_INTERVAL = timedelta(minutes=1)
LONGEST_USER_AGENT = 200
# Of one person; one more ends the one that was used longest ago.
MOST_SESSIONS = 50
_SEEN_AT = SESSIONS.c.seen_at


@dataclass(frozen=True)
class Proof:
    """How somebody proved who they are, and Microsoft's names for that."""

    method: str
    oidc_session: str | None = None
    login_hint: str | None = None
    at: datetime | None = None  # None, where Microsoft does not say, is not recent


def proof_of(claims: Claims) -> Proof:
    """Return what a session that begins with a Microsoft sign-in keeps of it."""
    at = claims.authenticated_at
    return Proof(MICROSOFT, claims.oidc_session, claims.login_hint, at)


def digest(secret: str) -> bytes:
    """Return what a row holds of the secret in a cookie."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def begin(
    connection: Connection, user_id: str, proof: Proof, address: str, user_agent: str
) -> str:
    """Start a session and return the secret for the cookie.

    It ends the one that its person used longest ago, where they have too many.
    """
    secret = secrets.token_urlsafe(32)
    moment = now()
    _end_oldest(connection, user_id, MOST_SESSIONS - 1, MOST_SESSIONS)
    connection.execute(
        insert(SESSIONS),
        {
            "digest": digest(secret),
            "user_id": user_id,
            "method": proof.method,
            "oidc_session": proof.oidc_session,
            "login_hint": proof.login_hint,
            "created_at": moment,
            "authenticated_at": min(proof.at or UNKNOWN, moment),
            "seen_at": moment,
            "address": names.one_line(address, names.LONGEST_ADDRESS),
            "user_agent": names.one_line(user_agent, LONGEST_USER_AGENT),
        },
    )
    return secret


def _end_oldest(connection: Connection, user_id: str, kept: int, most: int) -> int:
    theirs = select(SESSIONS.c.digest).where(SESSIONS.c.user_id == user_id)
    oldest = theirs.order_by(_SEEN_AT.desc()).limit(most).offset(kept)
    ended = delete(SESSIONS).where(SESSIONS.c.digest.in_(oldest))
    return connection.execute(ended).rowcount


def end_surplus(connection: Connection, most: int) -> int:
    """End some sessions of people who have too many; returns how many it were."""
    owner, number = SESSIONS.c.user_id, func.count()
    rich = select(owner).group_by(owner).having(number > MOST_SESSIONS).limit(1)
    user_id = connection.scalar(rich)
    return _end_oldest(connection, user_id, MOST_SESSIONS, most) if user_id else 0


def idle_minutes(connection: Connection) -> int:
    """Return for how long a session may be left alone."""
    return connection.scalar(select(SIGN_IN_SETTINGS.c.idle_minutes)) or 0


def current(secret: str, tenant_id: str) -> Select[User, Session, int, int]:
    """Select the person and session behind a cookie, with how long sessions last.

    ``is_over`` says whether it still holds.  Force is asked as well, although its
    switch ends sessions: people come to concern it later.  So is the directory,
    because ``tenant_id``, that of the environment, changes between two starts.
    """
    present = literal(tenant_id) if tenant_id else SignInSettings.tenant_id
    of_another = exists(select(IDENTITIES.c.user_id)).where(
        IDENTITIES.c.user_id == User.id, IDENTITIES.c.tenant_id != present
    )
    forced_out = and_(Session.method == LOCAL, force.KEPT_OUT)
    return (
        select(
            User, Session, SignInSettings.idle_minutes, SignInSettings.absolute_hours
        )
        .join(Session, Session.user_id == User.id)
        .join(SignInSettings, true())
        .where(
            Session.digest == digest(secret),
            User.active,
            ~User.is_blocked,
            ~forced_out,
            ~and_(Session.method == MICROSOFT, of_another),
        )
    )


def is_over(session: Session, idle_minutes: int, absolute_hours: int) -> bool:
    """Was it left alone, or did it last, too long?"""
    moment = now()
    return session.seen_at <= moment - timedelta(
        minutes=idle_minutes
    ) or session.created_at <= moment - timedelta(hours=absolute_hours)


def is_recent(session: Session) -> bool:
    """Did the person prove who they are a short while ago?

    A proof that is to come was given before the clock was set back: by no more than
    a short while, or nobody knows when.
    """
    return abs(now() - session.authenticated_at) < RECENT


def is_dated(session: Session) -> bool:
    """Is it known when the person last proved who they are?"""
    return session.authenticated_at != UNKNOWN


def note_proof(connection: Connection, session: Session, at: datetime) -> None:
    """Write down that, and when, the person proved again who they are."""
    this, at = SESSIONS.c.digest == session.digest, min(at, now())
    connection.execute(update(SESSIONS).where(this).values(authenticated_at=at))
    session.authenticated_at = at  # a session that takes its place keeps that


def of_person(connection: Connection, user_id: str) -> Sequence[Session]:
    """Return the sessions of a person that still hold, the latest used first."""
    limits = SIGN_IN_SETTINGS.c.idle_minutes, SIGN_IN_SETTINGS.c.absolute_hours
    idle, absolute = connection.execute(select(*limits)).one()
    holding = and_(
        SESSIONS.c.user_id == user_id,
        SESSIONS.c.seen_at > now() - timedelta(minutes=idle),
        SESSIONS.c.created_at > now() - timedelta(hours=absolute),
    )
    query = select(SESSIONS).where(holding).order_by(SESSIONS.c.seen_at.desc())
    return every(Session, connection, query)


def is_seen_due(session: Session) -> bool:
    """Is it time to write down that the session is in use?"""
    return abs(now() - session.seen_at) > SEEN_INTERVAL


def note_seen(connection: Connection, session: Session) -> None:
    """Write down that the session was just used."""
    this = SESSIONS.c.digest == session.digest
    connection.execute(update(SESSIONS).where(this).values(seen_at=now()))
    bring_back(connection, this)


def bring_back(connection: Connection, which: ColumnElement[bool]) -> int:
    """Bring what is to come back to the present: the clock was set back meanwhile.

    So no session lasts longer because of it, and no proof is recent for longer.
    Returns how many sessions there were.
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


def end(connection: Connection, secret: str) -> None:
    """End one session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(secret)))


def end_all(connection: Connection, user_id: str) -> int:
    """End every session of a person; returns how many there were."""
    ended = connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
    return ended.rowcount


def end_all_of(connection: Connection, user_ids: Sequence[str]) -> None:
    """End every session of some people."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id.in_(user_ids)))


def end_one(connection: Connection, user_id: str, session_digest: bytes) -> int:
    """End one of a person's own sessions."""
    this = and_(SESSIONS.c.user_id == user_id, SESSIONS.c.digest == session_digest)
    return connection.execute(delete(SESSIONS).where(this)).rowcount


def end_others(connection: Connection, session: Session) -> int:
    """End all sessions of the same person but this one."""
    others = and_(
        SESSIONS.c.user_id == session.user_id, SESSIONS.c.digest != session.digest
    )
    return connection.execute(delete(SESSIONS).where(others)).rowcount


def end_by_method(connection: Connection, method: str) -> int:
    """End all sessions that began in this way."""
    return connection.execute(
        delete(SESSIONS).where(SESSIONS.c.method == method)
    ).rowcount


def end_local(connection: Connection, whose: ColumnElement[bool]) -> int:
    """End the local sessions of people who fit a condition on the users table."""
    theirs = SESSIONS.c.user_id.in_(select(USERS.c.id).where(whose))
    ended = delete(SESSIONS).where(SESSIONS.c.method == LOCAL, theirs)
    return connection.execute(ended).rowcount


def end_of_microsoft(connection: Connection, oidc_session: str) -> None:
    """End the sessions that belong to a session at Microsoft."""
    this = SESSIONS.c.oidc_session == oidc_session
    connection.execute(delete(SESSIONS).where(this))


def is_of_microsoft(connection: Connection, oidc_session: str) -> bool:
    """Does anybody have a session that belongs to this one at Microsoft?"""
    query = select(SESSIONS.c.digest).where(SESSIONS.c.oidc_session == oidc_session)
    return connection.execute(query.limit(1)).first() is not None
