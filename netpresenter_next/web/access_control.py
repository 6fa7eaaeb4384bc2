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
from netpresenter_next.directory.sessions import Proof
from netpresenter_next.lib import text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import LOCAL, Person, Session
from netpresenter_next.web import authenticate, context, redirects
from netpresenter_next.web.signed_in import SignedIn, load

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "who_may"
_RECENT = "wants_recent_proof"
# The field of a form in which a password comes along as proof.
PROOF_FIELD = "password_again"
PUBLIC, SIGNED_IN, ADMINISTRATOR, SCIM_TOKEN = range(4)


class NotIn(Exception):
    """The person may not enter (any more): disabled, blocked, deleted, or Force."""


class NotProven(Exception):
    """The last proof is too old; the message says what was wrong with a new one."""

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


def recent(view: View) -> View:
    """Mark a view that wants a proof of the last ten minutes that it is still you."""
    setattr(view, _RECENT, True)
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


def is_anybody() -> bool:
    """Is somebody signed in?"""
    return bool(cast(Any, current_user).is_authenticated)


def current() -> SignedIn:
    """Return who is signed in, in a view that only they may use."""
    return cast(SignedIn, current_user)


def proof() -> Proof:
    """Return how the person of this session once proved who they are."""
    row = current().session
    return Proof(row.method, row.oidc_session, row.login_hint, row.authenticated_at)


def may_use_password() -> bool:
    """Has the signed-in person a local password that they may use?"""
    user = current().user
    with database.read() as connection:
        kept_out = force.keeps_out(connection, user.id)
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
    if not is_anybody():
        return _to_sign_in()
    _refuse_changes_to_who_may_only_look()
    if who != SIGNED_IN and not (
        who == ADMINISTRATOR and current().user.is_administrator
    ):
        raise Forbidden("Only administrators may open this page.")
    if getattr(view, _RECENT, False):
        redirects.open_sealed_form(current().user.id)
        _want_proof()
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


def _want_proof() -> None:
    """Raise NotProven unless it is surely still the same person."""
    if session_lifetime.is_recent(current().session):
        return
    password = request.form.get(PROOF_FIELD)
    if not password:
        raise NotProven
    try:
        person = _owner(password)
    except (TooManyRequests, passwords.TooBusy) as error:
        raise NotProven(
            "Too many attempts. Wait a while, then try again.", 429
        ) from error
    if person is None:
        raise NotProven("Incorrect password.")
    with database.write() as connection:
        try:
            _still_in(connection, person)
        except NotIn as error:
            raise NotProven from error
        session_lifetime.note_proof(connection, current().session, now())
        access.note_password(connection, person.id)


def _owner(password: str) -> Person | None:
    person = authenticate.owner(current().user.user_name, password)
    return person if person is not None and person.id == current().user.id else None


def is_own_password(password: str) -> bool:
    """Is this the local password of who is signed in, and may they use it?"""
    return _owner(password) is not None


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

    ``person`` is the row the proof was checked against; raises NotIn when it no
    longer holds.  An administrator gets one that is not stored where none can be.
    """
    try:
        with database.write() as connection:
            fresh = _still_in(connection, person)
            if force.keeps_out(connection, fresh.id):
                raise NotIn
            secret = begin(connection, fresh, Proof(LOCAL, at=now()))
    except database.Unwritable:
        address = request.remote_addr or ""
        kept = context.current().read_only_sessions.begin(person, address)
        if kept is None:
            raise
        secret = kept
    remember(secret)


def begin(connection: Connection, person: Person, proof: Proof) -> str:
    """Start a session in the caller's transaction; ``remember`` what it returns."""
    who = Actor("person", person.user_name, request.remote_addr)
    if proof.method == LOCAL:
        role_mappings.forget_app_roles(connection, person.id, who)
    secret = renew(connection, person.id, proof)
    access.note_sign_in(connection, person, who, proof.method)
    if person.is_emergency:
        emergency.note(connection, person, request.remote_addr or "", secret)
    return secret


def _still_in(connection: Connection, person: Person) -> Person:
    try:
        fresh = people.by_id(connection, person.id)
    except errors.NoSuchPerson as error:
        raise NotIn from error
    is_same_proof = fresh.password_hash == person.password_hash
    if not (fresh.active and not fresh.is_blocked and is_same_proof):
        raise NotIn
    return fresh


def renew(connection: Connection, user_id: str, proof: Proof) -> str:
    """Replace this browser's session by a new one, and return its secret."""
    sessions.end(connection, session.get("_user_id", ""))
    agent = request.user_agent.string
    address = request.remote_addr or ""
    return sessions.begin(connection, user_id, proof, address, agent)


def remember(secret: str) -> None:
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
