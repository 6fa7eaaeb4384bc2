"""Set-up: the page that creates the first administrator, once.

The page requires a code that the server prints on its console.  Without it, the first
stranger to reach a new installation could take it over.
"""

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from netpresenter_next.directory import access, errors, passwords, people
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Person
from netpresenter_next.web import access_control, browser_sessions, context

blueprint = Blueprint("first_run", __name__)

# Pages that are of no use before there is an administrator.
_REDIRECTED_ENDPOINTS = {"home.home", "sign_in.sign_in"}


class SetupForm(FlaskForm):
    """The first administrator's user name and password."""

    code = HiddenField()
    user_name = StringField(_l("User name"), [InputRequired(_l("Choose a user name."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Choose a password."))])
    repeated = PasswordField(
        _l("Confirm password"), [EqualTo("password", _l("The passwords do not match."))]
    )


def renew_setup_code(app: Flask) -> str:
    """Return a new code for the set-up page; earlier codes become invalid."""
    return context.of(app).setup_code.renew()


def _is_code(code: str | None) -> bool:
    return context.current().setup_code.matches(code or "")


def _is_set_up() -> bool:
    with database.read() as connection:
        return people.administrator_exists(connection)


@blueprint.before_app_request
def redirect_to_setup() -> ResponseReturnValue | None:
    """Redirect visitors to set-up while there is no administrator."""
    if request.endpoint in _REDIRECTED_ENDPOINTS and not _is_set_up():
        return redirect(url_for("first_run.setup"), 303)
    return None


@blueprint.get("/setup")
@access_control.public
def setup() -> ResponseReturnValue:
    """Show the set-up form or, without a valid code, where to find the link."""
    if _is_set_up():
        abort(404)
    code = request.args.get("code")
    if not _is_code(code):
        return _render_missing_code(wrong=bool(code))
    return _render(SetupForm(code=code))


@blueprint.post("/setup")
@access_control.public
def make_administrator() -> ResponseReturnValue:
    """Create the first administrator and sign them in."""
    form = SetupForm()
    if _is_set_up():
        abort(404)
    if not _is_code(form.code.data):
        return _render_missing_code(wrong=True)
    person = _create_administrator(form) if form.validate_on_submit() else None
    if person is None:
        return _render(form), 400
    browser_sessions.sign_in_locally(person)
    return redirect(url_for("tokens.microsoft_entra_id"), 303)


def _render_missing_code(*, wrong: bool) -> ResponseReturnValue:
    page = render_template("first_run/where.html", wrong=wrong)
    return page, 403 if wrong else 200


def _render(form: SetupForm) -> str:
    advice = passwords.advise(administrator=True)
    return render_template("first_run/setup.html", form=form, password_advice=advice)


def _create_administrator(form: SetupForm) -> Person | None:
    """Create the administrator; return None, with errors in the form, on failure."""
    user_name, password = form.user_name.data or "", form.password.data or ""
    actor = Actor("person", user_name, request.remote_addr)
    try:
        password_hash = access.hash_new_password(
            password, administrator=True, user_name=user_name
        )
        with database.write() as connection:
            # Of two forms sent at the same time, only the first creates anybody.
            if people.administrator_exists(connection):
                abort(404)
            return access.create_administrator(
                connection, user_name, password_hash, actor
            )
    except errors.BadPassword as error:
        form.password.errors = [str(error)]
    except errors.AccountError as error:
        form.user_name.errors = [str(error)]
    return None
