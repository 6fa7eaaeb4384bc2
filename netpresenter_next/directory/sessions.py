"""Sessions: one row for each browser in which somebody is signed in.

The cookie holds a random secret, the row its digest.  Every request reads the row and
the person, so a session that is ended anywhere ends at once.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
)

from netpresenter_next.directory import force
from netpresenter_next.directory.session_lifetime import (
    LIFETIME_SETTINGS,
    UNKNOWN_TIME,
    read_lifetime,
)
from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now, write_timestamp
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.models import SESSIONS, USERS, Session, User
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import IDENTITIES, SignInSettings

LONGEST_USER_AGENT = 200
# The most sessions of one person; a new one ends the least recently used one.
MOST_SESSIONS = 50
_SEEN_AT = SESSIONS.c.seen_at


@dataclass(frozen=True)
class Authentication:
    """How and when a person authenticated, with claims that signing out needs."""

    method: SignInMethod
    oidc_session: str | None = None
    login_hint: str | None = None
    at: datetime | None = None  # None: unknown, so not recent


def authentication_from_claims(claims: Claims) -> Authentication:
    """Return what a session keeps of the claims of a sign-in with Microsoft."""
    at = claims.authenticated_at
    return Authentication(
        SignInMethod.MICROSOFT, claims.oidc_session, claims.login_hint, at
    )


class EndedSessions(NamedTuple):
    """Sessions that were ended, and when the last of them was used."""

    number: int
    last_seen_at: datetime | None

    @property
    def last_seen(self) -> str | None:
        """Return that time as a fact of an event."""
        return write_timestamp(self.last_seen_at)


def digest(secret: str) -> bytes:
    """Return the SHA-256 digest of the secret in a cookie."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def begin(
    connection: Connection,
    user_id: str,
    authentication: Authentication,
    address: str,
    user_agent: str,
) -> str:
    """Begin a session and return the secret for the cookie.

    If the person has too many sessions, the least recently used one ends.
    """
    secret = secrets.token_urlsafe(32)
    present = now()
    _end_oldest(connection, user_id, MOST_SESSIONS - 1, MOST_SESSIONS)
    connection.execute(
        insert(SESSIONS),
        {
            "digest": digest(secret),
            "user_id": user_id,
            "method": authentication.method,
            "oidc_session": authentication.oidc_session,
            "login_hint": authentication.login_hint,
            "created_at": present,
            "authenticated_at": min(authentication.at or UNKNOWN_TIME, present),
            "seen_at": present,
            "address": names.to_one_line(address, names.LONGEST_ADDRESS),
            "user_agent": names.to_one_line(user_agent, LONGEST_USER_AGENT),
        },
    )
    return secret


def _end_oldest(connection: Connection, user_id: str, keep: int, most: int) -> int:
    theirs = select(SESSIONS.c.digest).where(SESSIONS.c.user_id == user_id)
    oldest = theirs.order_by(_SEEN_AT.desc()).limit(most).offset(keep)
    ended = delete(SESSIONS).where(SESSIONS.c.digest.in_(oldest))
    return connection.execute(ended).rowcount


def end_some_over_limit(connection: Connection, most: int) -> int:
    """End some sessions of one person who has too many; returns how many."""
    owner, number = SESSIONS.c.user_id, func.count()
    over_limit = select(owner).group_by(owner).having(number > MOST_SESSIONS).limit(1)
    user_id = connection.scalar(over_limit)
    return _end_oldest(connection, user_id, MOST_SESSIONS, most) if user_id else 0


def select_current(secret: str, tenant_id: str) -> Select[User, Session, int, int]:
    """Select the person and session behind a cookie, with how long sessions last.

    ``Lifetime.has_expired`` says whether the session has expired.  The statement checks
    Force too, which may begin to concern a person after it was switched on, and the
    directory: ``tenant_id``, from the environment, may change between two starts.
    """
    current_tenant_id = literal(tenant_id) if tenant_id else SignInSettings.tenant_id
    is_of_another_tenant = exists(select(IDENTITIES.c.user_id)).where(
        IDENTITIES.c.user_id == User.id, IDENTITIES.c.tenant_id != current_tenant_id
    )
    is_forced_out = and_(Session.method == SignInMethod.LOCAL, force.MUST_USE_MICROSOFT)
    return (
        select(User, Session, *LIFETIME_SETTINGS)
        .join(Session, Session.user_id == User.id)
        .join(SignInSettings, true())
        .where(
            Session.digest == digest(secret),
            User.active,
            ~User.is_blocked,
            ~is_forced_out,
            ~and_(Session.method == SignInMethod.MICROSOFT, is_of_another_tenant),
        )
    )


def list_for_person(connection: Connection, user_id: str) -> Sequence[Session]:
    """Return the sessions of a person that have not expired, latest used first."""
    query = select(SESSIONS).where(_is_unexpired(connection, user_id))
    return every(Session, connection.execute(query.order_by(_SEEN_AT.desc())))


def count_for_person(connection: Connection, user_id: str) -> int:
    """Count the sessions of a person that have not expired."""
    query = select(func.count()).where(_is_unexpired(connection, user_id))
    return connection.scalar(query) or 0


def _is_unexpired(connection: Connection, user_id: str) -> ColumnElement[bool]:
    return and_(SESSIONS.c.user_id == user_id, read_lifetime(connection).is_unexpired)


def end(connection: Connection, secret: str) -> None:
    """End the session with this secret."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(secret)))


def end_all(connection: Connection, user_id: str) -> EndedSessions:
    """End every session of a person; returns how many were open, and the last use.

    Sessions that have expired are kept for a while, but had ended before.
    """
    theirs = delete(SESSIONS).where(SESSIONS.c.user_id == user_id).returning(SESSIONS)
    ended = every(Session, connection.execute(theirs))
    if not ended:
        return EndedSessions(0, None)
    lifetime = read_lifetime(connection)
    are_open = [not lifetime.has_expired(each) for each in ended]
    return EndedSessions(sum(are_open), max(each.seen_at for each in ended))


def end_all_of(connection: Connection, user_ids: Sequence[str]) -> None:
    """End every session of some people."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id.in_(user_ids)))


def end_one(connection: Connection, user_id: str, session_digest: bytes) -> int:
    """End one session, if it is this person's; returns how many ended."""
    this = and_(SESSIONS.c.user_id == user_id, SESSIONS.c.digest == session_digest)
    return connection.execute(delete(SESSIONS).where(this)).rowcount


def end_others(connection: Connection, session: Session) -> int:
    """End all other sessions of the same person; returns how many."""
    others = and_(
        SESSIONS.c.user_id == session.user_id, SESSIONS.c.digest != session.digest
    )
    return connection.execute(delete(SESSIONS).where(others)).rowcount


def end_by_method(connection: Connection, method: SignInMethod) -> int:
    """End all sessions that began with this method; returns how many."""
    return connection.execute(
        delete(SESSIONS).where(SESSIONS.c.method == method)
    ).rowcount


def end_local(connection: Connection, whose: ColumnElement[bool]) -> int:
    """End the local sessions of people who meet a condition on the users table."""
    theirs = SESSIONS.c.user_id.in_(select(USERS.c.id).where(whose))
    ended = delete(SESSIONS).where(SESSIONS.c.method == SignInMethod.LOCAL, theirs)
    return connection.execute(ended).rowcount


def end_by_oidc_session(
    connection: Connection, oidc_session: str
) -> Mapping[str, EndedSessions]:
    """End the sessions that belong to a session at Microsoft (the claim ``sid``).

    Returns them by the id of the person.
    """
    these = delete(SESSIONS).where(SESSIONS.c.oidc_session == oidc_session)
    seen: dict[str, list[datetime]] = {}
    ended = these.returning(SESSIONS.c.user_id, _SEEN_AT)
    for user_id, seen_at in connection.execute(ended):
        seen.setdefault(user_id, []).append(seen_at)
    return {
        user_id: EndedSessions(len(times), max(times))
        for user_id, times in seen.items()
    }


def exists_for_oidc_session(connection: Connection, oidc_session: str) -> bool:
    """Does anybody have a session that belongs to this one at Microsoft?"""
    query = select(SESSIONS.c.digest).where(SESSIONS.c.oidc_session == oidc_session)
    return connection.execute(query.limit(1)).first() is not None
