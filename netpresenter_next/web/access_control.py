"""Who is signed in, and who may use which view.

Every view carries a mark; one check before each request enforces it, and an
application with an unmarked view does not start.
"""

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import Connection
from werkzeug.exceptions import Forbidden, ServiceUnavailable, TooManyRequests
from werkzeug.wrappers import Response

from netpresenter_next.directory import (
    access,
    emergency,
    errors,
    force,
    passwords,
    people,
    role_mappings,
    session_lifetime,
    sessions,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.sessions import Authentication
from netpresenter_next.lib import text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import LOCAL, Person, Session
from netpresenter_next.web import authenticate, context, redirects
from netpresenter_next.web.signed_in import SignedIn, load

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "who_may"
_RECENT_AUTHENTICATION = "requires_recent_authentication"
# The form field with the password of a person who authenticates again.
REAUTHENTICATION_FIELD = "password_again"
PUBLIC, SIGNED_IN, ADMINISTRATOR, SCIM_TOKEN = range(4)


class SignInDenied(Exception):
    """The person may not enter (any more): disabled, blocked, deleted, or Force."""


class ReauthenticationRequired(Exception):
    """The last authentication is too old; the message says why a new one failed."""

    def __init__(self, message: str = "", status: int = 403) -> None:
        super().__init__(message)
        self.status = status


# --------------------------------------------------------------- marks
def public(view: View) -> View:
    """Anybody may use this view."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Whoever is signed in may use this view."""
    return _mark(view, SIGNED_IN)


def administrator(view: View) -> View:
    """Administrators may use this view."""
    return _mark(view, ADMINISTRATOR)


def scim_token(view: View) -> View:
    """A client with a SCIM token may use this view; the SCIM blueprint asks for it."""
    return _mark(view, SCIM_TOKEN)


def require_recent_authentication(view: View) -> View:
    """Mark a view that requires an authentication of the last ten minutes."""
    setattr(view, _RECENT_AUTHENTICATION, True)
    return view


def _mark(view: View, who: int) -> View:
    setattr(view, _MARK, who)
    return view


def refuse_unmarked_views(app: Flask) -> None:
    """Raise RuntimeError when a view does not say who may use it."""
    public(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], _MARK):
            raise RuntimeError(
                f"The view {rule.endpoint} does not say who may use it: decorate it "
                "with public, signed_in, administrator or scim_token."
            )


# --------------------------------------------------------------- wiring
def init_app(app: Flask) -> None:
    """Wire Flask-Login to the sessions, and enforce the marks."""
    app.jinja_env.globals["current_user"] = current_user  # asked only where used
    app.add_template_filter(text.browser, "browser")
    app.config["SESSION_PROTECTION"] = None  # the session row says all there is to say
    manager = LoginManager()
    manager.user_loader(load)
    manager.init_app(app, add_context_processor=False)
    app.before_request(_enforce)


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


def is_for_administrators() -> bool:
    """May only administrators use the view of this request?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _MARK, None) == ADMINISTRATOR


def _enforce() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    who = getattr(view, _MARK, None)
    if view is None or who in (PUBLIC, SCIM_TOKEN):
        return None
    if not is_signed_in():
        return _to_sign_in()
    _refuse_changes_to_who_may_only_look()
    if who != SIGNED_IN and not (
        who == ADMINISTRATOR and current().user.is_administrator
    ):
        raise Forbidden("Only administrators may open this page.")
    if getattr(view, _RECENT_AUTHENTICATION, False):
        redirects.open_sealed_form(current().user.id)
        _refuse_old_authentication()
    _note_seen(current().session)
    return None


def _refuse_changes_to_who_may_only_look() -> None:
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if current().may_only_look and not reads and request.endpoint != "local.sign_out":
        fault = database.state().fault
        why = fault.kind.sentence if fault else "The server could not save anything."
        raise ServiceUnavailable(
            f"{why} Your session is read-only, so nothing was changed. When the "
            "server can save again, sign out and sign in again."
        )


def _refuse_old_authentication() -> None:
    """Raise ReauthenticationRequired unless the authentication is recent."""
    if session_lifetime.is_recent(current().session):
        return
    password = request.form.get(REAUTHENTICATION_FIELD)
    if not password:
        raise ReauthenticationRequired
    try:
        person = _authenticate_again(password)
    except (TooManyRequests, passwords.TooBusy) as error:
        raise ReauthenticationRequired(
            "Too many attempts. Wait a while, then try again.", 429
        ) from error
    if person is None:
        raise ReauthenticationRequired("Incorrect password.")
    with database.write() as connection:
        try:
            _read_again(connection, person)
        except SignInDenied as error:
            raise ReauthenticationRequired from error
        session_lifetime.note_authentication(connection, current().session, now())
        access.note_password(connection, person.id)


def _authenticate_again(password: str) -> Person | None:
    person = authenticate.authenticate(current().user.user_name, password)
    return person if person is not None and person.id == current().user.id else None


def check_own_password(password: str) -> bool:
    """Is this the local password of who is signed in, and may they use it?"""
    return _authenticate_again(password) is not None


def _to_sign_in() -> Response:
    target = None
    if request.method == "GET" and request.path != "/":
        target = redirects.here()
    return redirect(url_for("local.sign_in", next=target), 303)


def _note_seen(row: Session) -> None:
    if session_lifetime.is_seen_due(row):
        # Not worth a refusal when the database is busy: the next click notes it.
        with contextlib.suppress(*database.NOT_NOW), database.write(0) as connection:
            session_lifetime.note_seen(connection, row)


# --------------------------------------------------------------- in and out
def sign_in_locally(person: Person) -> None:
    """Start a session for a person who has proved to know their local password.

    ``person`` is the row whose password was checked; raises SignInDenied when that
    has changed since.  An administrator gets one that is not stored where none can be.
    """
    try:
        with database.write() as connection:
            fresh = _read_again(connection, person)
            if force.forbids_local_sign_in(connection, fresh.id):
                raise SignInDenied
            secret = begin_session(connection, fresh, Authentication(LOCAL, at=now()))
    except database.Unwritable:
        address = request.remote_addr or ""
        kept = context.current().read_only_sessions.begin(person, address)
        if kept is None:
            raise
        secret = kept
    set_session_cookie(secret)


def begin_session(
    connection: Connection, person: Person, authentication: Authentication
) -> str:
    """Start a session in the caller's transaction; ``remember`` what it returns."""
    who = Actor("person", person.user_name, request.remote_addr)
    if authentication.method == LOCAL:
        role_mappings.forget_app_roles(connection, person.id, who)
    secret = renew_session(connection, person.id, authentication)
    access.note_sign_in(connection, person, who, authentication.method)
    if person.is_emergency:
        emergency.note(connection, person, request.remote_addr or "", secret)
    return secret


def _read_again(connection: Connection, person: Person) -> Person:
    try:
        fresh = people.find_by_id(connection, person.id)
    except errors.NoSuchPerson as error:
        raise SignInDenied from error
    is_same_password = fresh.password_hash == person.password_hash
    if not (fresh.active and not fresh.is_blocked and is_same_password):
        raise SignInDenied
    return fresh


def renew_session(
    connection: Connection, user_id: str, authentication: Authentication
) -> str:
    """Replace this browser's session by a new one, and return its secret."""
    sessions.end(connection, session.get("_user_id", ""))
    agent = request.user_agent.string
    address = request.remote_addr or ""
    return sessions.begin(connection, user_id, authentication, address, agent)


def set_session_cookie(secret: str) -> None:
    """Put the session into the cookie; nothing from before it survives there."""
    session.clear()
    if (signed_in := load(secret)) is not None:  # disabled since: nobody is in
        login_user(signed_in)


def sign_out() -> None:
    """End this browser's session."""
    context.current().read_only_sessions.end(current().get_id())
    if not current().may_only_look:
        with database.write() as connection:
            sessions.end(connection, current().get_id())
    session.clear()
