"""Who is behind a cookie: the person and their session, as Flask-Login wants them."""

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
from netpresenter_next.web.read_only_sessions import Kept


class SignedIn:
    """The person and the session behind a cookie, as Flask-Login wants them."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(
        self, secret: str, user: User, row: Session, *, may_only_look: bool = False
    ) -> None:
        self._secret = secret
        self.user = user
        self.session = row
        # Their session could not be stored, so neither can what they do.
        self.may_only_look = may_only_look

    def get_id(self) -> str:
        """Return what the cookie holds: the session's secret, not the person's id."""
        return self._secret


def load(secret: str) -> SignedIn | None:
    """Find the person and session behind the secret of a cookie."""
    known = context.current()
    if kept := known.read_only_sessions.find(secret):
        return _looking(secret, kept)
    query = sessions.select_current(secret, known.config.entra_tenant_id)
    found = db.session.execute(query).first()
    if found is None:
        return None
    user, row, *limits = found
    for each in (user, row):
        db.session.expunge(each)  # a write transaction must not make them stale
    is_over = Lifetime(*limits).is_over(row)
    return None if is_over else SignedIn(secret, user, row)


def _looking(secret: str, kept: Kept) -> SignedIn | None:
    """Find the administrator of a session that is not stored, as long as they are one.

    Another password ends it, as it ends sessions that are stored.
    """
    is_still_in = (
        User.id == kept.user_id,
        User.password_hash == kept.password_hash,
        User.role == ADMINISTRATOR,
        User.active,
        ~User.is_blocked,
        ~force.KEPT_OUT,
    )
    user = db.session.scalar(select(User).where(*is_still_in))
    if user is None:
        return None
    db.session.expunge(user)
    moments = dict.fromkeys(("created_at", "authenticated_at", "seen_at"), now())
    texts = {"address": kept.address, "user_agent": ""}
    row = Session(
        digest=sessions.digest(secret),
        user_id=user.id,
        method=SignInMethod.LOCAL,
        **moments,
        **texts,
    )
    return SignedIn(secret, user, row, may_only_look=True)


def is_signed_in() -> bool:
    """Is somebody signed in?"""
    return bool(cast(Any, current_user).is_authenticated)


def current() -> SignedIn:
    """Return who is signed in, in a view that only they may use."""
    return cast(SignedIn, current_user)


def current_authentication() -> Authentication:
    """Return how the person of this session once proved who they are."""
    row = current().session
    return Authentication(
        row.method, row.oidc_session, row.login_hint, row.authenticated_at
    )


def may_use_password() -> bool:
    """Has the signed-in person a local password that they may use?"""
    user = current().user
    with database.read() as connection:
        kept_out = force.forbids_local_sign_in(connection, user.id)
    return bool(user.password_hash) and not kept_out


def actor() -> Actor:
    """Name the signed-in person for the journal."""
    return Actor("person", current().user.user_name, request.remote_addr)
