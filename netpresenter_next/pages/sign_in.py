"""Sign in and out with a local password."""

import contextlib

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from netpresenter_next.directory import access, force, passwords, unlocking
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.models import Person
from netpresenter_next.web import (
    access_control,
    authenticate,
    browser_sessions,
    microsoft_client,
    rate_limits,
    redirects,
    signed_in,
)

blueprint = Blueprint("sign_in", __name__)

# One sentence for every failure: it must not tell which names exist.
REFUSED = "Incorrect user name or password."
# Forms that lead to being signed in: of two tabs, the second finds that done.
_TO_BE_IN = {"sign_in.check_password", "first_run.make_administrator"}


class SignInForm(FlaskForm):
    """User name and password."""

    user_name = StringField("User name", [InputRequired("Enter your user name.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])


@blueprint.get("/sign-in")
@access_control.public
def sign_in() -> ResponseReturnValue:
    """Ask for user name and password."""
    if signed_in.is_signed_in():
        return _go_on()
    if code := request.args.get("code"):
        return _know_by_code(code)
    return _page(SignInForm())


@blueprint.post("/sign-in")
@access_control.public
def check_password() -> ResponseReturnValue:
    """Sign a person in whose password is right, unless somebody is in already."""
    if signed_in.is_signed_in():
        return _go_on()
    form = SignInForm()
    if form.validate_on_submit():
        password = form.password.data or ""
        person = authenticate.authenticate(form.user_name.data or "", password)
        if person is not None and _enter(person, password):
            return _go_on()
        form.form_errors.append(REFUSED)
        return _page(form), 401
    return _page(form), 400


def _know_by_code(code: str) -> ResponseReturnValue:
    """Know the browser that brings a code from the console; the password comes next."""
    with database.read() as connection:
        user_name = unlocking.owner_by_code(connection, code)
    if user_name is None:
        flash("This link is no longer valid. Ask an administrator for a new one.")
    else:
        rate_limits.remember_browser(user_name)
        flash(f"This browser is now recognised. Sign in as {user_name}.")
    return redirect(url_for("sign_in.sign_in"), 303)


def _page(form: SignInForm) -> str:
    with database.read() as connection:
        offers, is_forced = (
            microsoft_client.registration(connection).is_complete,
            force.is_on(connection),
        )
    return render_template(
        "sign_in/sign_in.html",
        form=form,
        offers_microsoft=offers,
        is_out_of_reach=offers and bool(microsoft_client.trouble()),
        is_forced=is_forced,
        target=request.args.get("next"),
        microsoft_hint=session.get("microsoft_hint"),
    )


def _go_on() -> ResponseReturnValue:
    return redirect(redirects.safe_next(request.args.get("next")), 303)


def _enter(person: Person, password: str) -> bool:
    try:
        browser_sessions.sign_in_locally(person)
    except browser_sessions.SignInDenied:
        return False
    rate_limits.remember_browser(person.user_name)
    if person.password_hash and passwords.is_outdated(person.password_hash):
        _rehash(person, password)
    return True


def _rehash(person: Person, password: str) -> None:
    """Hash with today's parameters; the next sign-in will do if this is busy."""
    with contextlib.suppress(passwords.TooBusy, *database.NOT_NOW):
        password_hash = passwords.digest(password)
        with database.write() as connection:
            access.renew_hash(connection, person, password_hash)


@blueprint.post("/sign-out")
@access_control.signed_in
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    authentication = signed_in.current_authentication()
    browser_sessions.sign_out()
    flash("You are signed out.")
    if authentication.method is SignInMethod.MICROSOFT:
        session["microsoft_hint"] = authentication.login_hint or ""
    return redirect(url_for("sign_in.sign_in"), 303)


def after_another_tab() -> ResponseReturnValue | None:
    """Return where to go on when another tab did what a form that is refused was for.

    Nothing of that form is looked at.  None where it was for something else.
    """
    if request.endpoint in _TO_BE_IN and signed_in.is_signed_in():
        return _go_on()
    if request.endpoint == "sign_in.sign_out" and not signed_in.is_signed_in():
        return redirect(url_for("sign_in.sign_in"), 303)
    return None
