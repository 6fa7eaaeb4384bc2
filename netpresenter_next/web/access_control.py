"""Access control: who may use which view.

A decorator marks every view.  One check before each request enforces the mark, and an
application with an unmarked view does not start.
"""

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from werkzeug.exceptions import Forbidden, ServiceUnavailable
from werkzeug.wrappers import Response

from netpresenter_next.directory import session_lifetime
from netpresenter_next.lib import text
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Session
from netpresenter_next.web import reauthentication, redirects
from netpresenter_next.web import signed_in as signed_in_user
from netpresenter_next.web.signed_in import load_user

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "who_may"
_RECENT_AUTHENTICATION = "requires_recent_authentication"
_UNATTENDED = "is_unattended"
PUBLIC, SIGNED_IN, ADMINISTRATOR, SCIM_TOKEN = range(4)


# --------------------------------------------------------------- marks
def public(view: View) -> View:
    """Mark a view that anybody may use."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Mark a view that everybody who is signed in may use."""
    return _mark(view, SIGNED_IN)


def administrator(view: View) -> View:
    """Mark a view that only administrators may use."""
    return _mark(view, ADMINISTRATOR)


def scim_token(view: View) -> View:
    """Mark a view for clients with a SCIM token, which the SCIM blueprint checks."""
    return _mark(view, SCIM_TOKEN)


def require_recent_authentication(view: View) -> View:
    """Mark a view that requires an authentication within the last ten minutes.

    Without one, the check raises ReauthenticationRequired.
    """
    setattr(view, _RECENT_AUTHENTICATION, True)
    return view


def unattended(view: View) -> View:
    """Mark a view that a script calls by itself, so it is no sign of a person.

    It does not keep a session from ending after a time without a request.
    """
    setattr(view, _UNATTENDED, True)
    return view


def _mark(view: View, who: int) -> View:
    setattr(view, _MARK, who)
    return view


def refuse_unmarked_views(app: Flask) -> None:
    """Raise RuntimeError if a view is not marked with who may use it."""
    public(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], _MARK):
            raise RuntimeError(
                f"The view {rule.endpoint} does not say who may use it: decorate it "
                "with public, signed_in, administrator or scim_token."
            )


# --------------------------------------------------------------- enforcement
def init_app(app: Flask) -> None:
    """Connect Flask-Login with the session table, and enforce the marks."""
    app.jinja_env.globals["current_user"] = current_user  # loaded only where used
    app.add_template_filter(text.describe_browser, "browser")
    app.config["SESSION_PROTECTION"] = None  # the session table decides instead
    manager = LoginManager()
    manager.user_loader(load_user)
    manager.init_app(app, add_context_processor=False)
    app.before_request(_check_access)


def is_for_administrators() -> bool:
    """May only administrators use the view of this request?"""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _MARK, None) == ADMINISTRATOR


def _check_access() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    who = getattr(view, _MARK, None)
    if view is None or who in (PUBLIC, SCIM_TOKEN):
        return None
    if not signed_in_user.is_signed_in():
        return _redirect_to_sign_in()
    _refuse_changes_in_read_only_session()
    if who != SIGNED_IN and not (
        who == ADMINISTRATOR and signed_in_user.current().user.is_administrator
    ):
        raise Forbidden(_("Only administrators may open this page."))
    if getattr(view, _RECENT_AUTHENTICATION, False):
        redirects.restore_encrypted_form(signed_in_user.current().user.id)
        reauthentication.require_recent()
    if not getattr(view, _UNATTENDED, False):
        _note_seen(signed_in_user.current().session)
    return None


def _refuse_changes_in_read_only_session() -> None:
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if (
        signed_in_user.current().is_read_only
        and not reads
        and request.endpoint != "sign_in.sign_out"
    ):
        fault = database.state().fault
        why = _("The server could not save anything.")
        if fault:
            why = _(fault.kind.sentence)
        raise ServiceUnavailable(
            _(
                "%(why)s Your session is read-only, so nothing was changed. When the "
                "server can save again, sign out and sign in again.",
                why=why,
            )
        )


def _redirect_to_sign_in() -> Response:
    target = None
    if request.method == "GET" and request.path != "/":
        target = redirects.get_current_address()
    return redirect(url_for("sign_in.sign_in", next=target), 303)


def _note_seen(row: Session) -> None:
    if session_lifetime.is_use_due(row):
        # If the database is busy, the next request records it.
        with (
            contextlib.suppress(*database.WRITE_FAILURES),
            database.write(0) as connection,
        ):
            session_lifetime.note_use(connection, row)
