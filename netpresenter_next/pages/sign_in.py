"""Sign in and out with a local password."""

import contextlib

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from netpresenter_next.directory import access, force, passwords, unlocking
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.models import Person
from netpresenter_next.web import (
    access_control,
    authenticate,
    browser_sessions,
    microsoft_client,
    rate_limits,
    reauthentication,
    redirects,
    signed_in,
)

blueprint = Blueprint("sign_in", __name__)

# One message for every failure: it must not reveal which user names exist.
REFUSED = marked("Incorrect user name or password.")
WAIT_SECONDS = 2
# Forms that sign somebody in: the person may already have done so in another tab.
_SIGN_IN_ENDPOINTS = {"sign_in.check_password", "first_run.make_administrator"}


class SignInForm(FlaskForm):
    """User name and password."""

    user_name = StringField(
        _l("User name"), [InputRequired(_l("Enter your user name."))]
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password."))]
    )


@blueprint.get("/sign-in")
@access_control.public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page; ``code`` recognises the browser first."""
    if signed_in.is_signed_in():
        return _redirect_to_next()
    if code := request.args.get("code"):
        return _recognise_browser(code)
    return _render_page(SignInForm())


@blueprint.post("/sign-in")
@access_control.public
def check_password() -> ResponseReturnValue:
    """Check user name and password, and start a session if they are right."""
    if signed_in.is_signed_in():
        return _redirect_to_next()
    form = SignInForm()
    if form.validate_on_submit():
        return _answer_password(form, form.password.data or "")
    return _render_page(form), 400


def _answer_password(form: SignInForm, password: str) -> ResponseReturnValue:
    """Start a session, or show the form again with the reason of the refusal."""
    try:
        person = authenticate.authenticate(form.user_name.data or "", password)
    except passwords.TooBusy:
        return _ask_to_wait(
            form, TooManyRequests(_(reauthentication.BUSY), retry_after=WAIT_SECONDS)
        )
    except TooManyRequests as error:
        return _ask_to_wait(form, error)
    if person is not None and _start_session(person, password):
        return _redirect_to_next()
    form.form_errors.append(_(REFUSED))
    return _render_page(form), 401


def _ask_to_wait(form: SignInForm, error: TooManyRequests) -> ResponseReturnValue:
    """Show the form again with the reason, and how long to wait."""
    form.form_errors.append(str(error.description))
    return _render_page(form), 429, {"Retry-After": str(error.retry_after)}


def _recognise_browser(code: str) -> ResponseReturnValue:
    """Recognise a browser by a code from the command line; a password is still needed.

    Wrong passwords from unknown browsers do not count against a recognised one.
    """
    with database.read() as connection:
        user_name = unlocking.find_owner_by_code(connection, code)
    if user_name is None:
        flash(_("This link is no longer valid. Ask an administrator for a new one."))
    else:
        rate_limits.remember_browser(user_name)
        flash(
            _(
                "This browser is now recognised. Sign in as %(user_name)s.",
                user_name=user_name,
            )
        )
    return redirect(url_for("sign_in.sign_in"), 303)


def _render_page(form: SignInForm) -> str:
    with database.read() as connection:
        offers, is_forced = (
            microsoft_client.load_registration(connection).is_complete,
            force.is_on(connection),
        )
    return render_template(
        "sign_in/sign_in.html",
        form=form,
        offers_microsoft=offers,
        is_out_of_reach=offers and bool(microsoft_client.find_problem()),
        is_forced=is_forced,
        target=request.args.get("next"),
        microsoft_hint=session.get("microsoft_hint"),
    )


def _redirect_to_next() -> ResponseReturnValue:
    return redirect(redirects.safe_next(request.args.get("next")), 303)


def _start_session(person: Person, password: str) -> bool:
    try:
        browser_sessions.sign_in_locally(person)
    except browser_sessions.SignInDenied:
        return False
    rate_limits.remember_browser(person.user_name)
    if person.password_hash and passwords.needs_rehash(person.password_hash):
        _rehash(person, password)
    return True


def _rehash(person: Person, password: str) -> None:
    """Hash again with the current parameters; if busy, the next sign-in does it."""
    with contextlib.suppress(passwords.TooBusy, *database.WRITE_FAILURES):
        password_hash = passwords.hash_password(password)
        with database.write() as connection:
            access.renew_hash(connection, person, password_hash)


@blueprint.post("/sign-out")
@access_control.signed_in
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    authentication = signed_in.current_authentication()
    browser_sessions.sign_out()
    flash(_("You are signed out."))
    if authentication.method is SignInMethod.MICROSOFT:
        session["microsoft_hint"] = authentication.login_hint or ""
    return redirect(url_for("sign_in.sign_in"), 303)


def redirect_outdated_form() -> ResponseReturnValue | None:
    """Return a redirect if another tab already did what an expired form was for.

    That is the case when a sign-in form is sent by somebody who is signed in, or a
    sign-out form by somebody who is not.  The fields of the form are not read.  Returns
    None for every other form.
    """
    if request.endpoint in _SIGN_IN_ENDPOINTS and signed_in.is_signed_in():
        return _redirect_to_next()
    if request.endpoint == "sign_in.sign_out" and not signed_in.is_signed_in():
        return redirect(url_for("sign_in.sign_in"), 303)
    return None
