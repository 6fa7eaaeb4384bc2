"""The signed-in person: loading them for Flask-Login, and functions about them."""

from typing import Any, cast

from flask import request
from flask_login import current_user
from sqlalchemy import select

from netpresenter_next.directory import force, sessions
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.session_lifetime import Lifetime
from netpresenter_next.directory.sessions import Authentication
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import ADMINISTRATOR, Session, User
from netpresenter_next.web import context
from netpresenter_next.web.read_only_sessions import ReadOnlySession


class SignedInUser:
    """The person and the session of a cookie: the user object of Flask-Login."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(
        self, secret: str, user: User, row: Session, *, is_read_only: bool = False
    ) -> None:
        self._secret = secret
        self.user = user
        self.session = row
        # A read-only session: it could not be stored, so no change could be either.
        self.is_read_only = is_read_only

    def get_id(self) -> str:
        """Return the secret of the session, which is what the cookie contains."""
        return self._secret


def load_user(secret: str) -> SignedInUser | None:
    """Return the person and session for the secret of a cookie, or None.

    It is the user loader of Flask-Login.  None means that the session has ended or
    expired, or that the person may no longer sign in.
    """
    application = context.current()
    if session := application.read_only_sessions.find(secret):
        return _load_read_only_user(secret, session)
    query = sessions.select_current(secret, application.config.entra_tenant_id)
    result = db.session.execute(query).first()
    if result is None:
        return None
    user, row, *limits = result
    for each in (user, row):
        db.session.expunge(each)  # else a write transaction would expire them
    has_expired = Lifetime(*limits).has_expired(row)
    return None if has_expired else SignedInUser(secret, user, row)


def _load_read_only_user(secret: str, session: ReadOnlySession) -> SignedInUser | None:
    """Return the administrator of a read-only session, or None.

    The session ends when the person is no longer an administrator or may no longer
    sign in.  A new password ends it as well, as it does stored sessions.
    """
    conditions = (
        User.id == session.user_id,
        User.password_hash == session.password_hash,
        User.role == ADMINISTRATOR,
        User.active,
        ~User.is_blocked,
        ~force.MUST_USE_MICROSOFT,
    )
    user = db.session.scalar(select(User).where(*conditions))
    if user is None:
        return None
    db.session.expunge(user)
    timestamps = dict.fromkeys(("created_at", "authenticated_at", "seen_at"), now())
    texts = {"address": session.address, "user_agent": ""}
    row = Session(
        digest=sessions.digest(secret),
        user_id=user.id,
        method=SignInMethod.LOCAL,
        **timestamps,
        **texts,
    )
    return SignedInUser(secret, user, row, is_read_only=True)


def is_signed_in() -> bool:
    """Is somebody signed in?"""
    return bool(cast(Any, current_user).is_authenticated)


def is_administrator() -> bool:
    """Is an administrator signed in?"""
    return is_signed_in() and current().user.is_administrator


def current() -> SignedInUser:
    """Return the signed-in person; only for views that require one."""
    return cast(SignedInUser, current_user)


def current_authentication() -> Authentication:
    """Return how and when the person of this session authenticated."""
    row = current().session
    return Authentication(
        row.method, row.oidc_session, row.login_hint, row.authenticated_at
    )


def may_use_password() -> bool:
    """Does the signed-in person have a local password, and may they use it?"""
    user = current().user
    with database.read() as connection:
        is_forbidden = force.forbids_local_sign_in(connection, user.id)
    return bool(user.password_hash) and not is_forbidden


def actor() -> Actor:
    """Return the signed-in person as an actor of the journal."""
    user = current().user
    return Actor("person", user.user_name, request.remote_addr, id=user.id)
