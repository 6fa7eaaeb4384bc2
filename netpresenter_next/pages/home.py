"""The home page, the account page, and the health checks for monitors."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Conflict, TooManyRequests
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from netpresenter_next.directory import (
    access,
    account_linking,
    colleague_settings,
    errors,
    identity_matching,
    own_profile,
    passwords,
    people,
    sessions,
)
from netpresenter_next.directory.colleagues import MOST_GROUPS
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.pages import attention, changes, health_findings
from netpresenter_next.pages.changes import Done
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    authorized,
    browser_sessions,
    microsoft_client,
    reauthentication,
    signed_in,
)

blueprint = Blueprint("home", __name__)


class PasswordForm(FlaskForm):
    """The current password and a new one, typed twice."""

    current = PasswordField(
        _l("Current password"), [InputRequired(_l("Enter your current password."))]
    )
    new = PasswordField(
        _l("New password"), [InputRequired(_l("Enter a new password."))]
    )
    repeated = PasswordField(
        _l("Confirm new password"),
        [EqualTo("new", _l("The new passwords do not match."))],
    )


@blueprint.get("/")
@access_control.signed_in
def home() -> str:
    """Show profile, groups and sign-in; to administrators what needs attention."""
    me = signed_in.current()
    with database.read() as connection:
        profile = own_profile.read(connection, me.user)
        needs_attention = attention.read(connection)
    health = health_findings.count() if needs_attention else None
    return render_template(
        "home/home.html",
        me=me,
        profile=profile,
        attention=needs_attention,
        health=health,
        most_groups=MOST_GROUPS,
        may_use_password=signed_in.may_use_password(),
    )


@blueprint.post("/mobile-number")
@access_control.signed_in
def choose_mobile() -> ResponseReturnValue:
    """Hide the mobile number of the signed-in person, or show it to colleagues."""
    wanted = request.form.get("hidden")
    if wanted not in ("on", "off"):
        abort(400, _("Use the button of the page."))
    is_hidden = wanted == "on"

    def apply(connection: Connection, actor: Actor) -> Done:
        person = people.find_by_id(connection, signed_in.current().user.id)
        choose = colleague_settings.set_mobile_hidden
        choose(connection, person, actor, hidden=is_hidden)
        hidden = _("Colleagues no longer see your mobile number.")
        message = hidden if is_hidden else _("Colleagues see your mobile number.")
        return Done(message, url_for("home.home"))

    return changes.make(apply)


@blueprint.get("/account")
@access_control.signed_in
def account() -> str:
    """Show the account page of the signed-in person."""
    return render_account()


def render_account(
    form: PasswordForm | None = None, microsoft_problem: str = ""
) -> str:
    """Render the account page, with a form just sent, or why Microsoft was refused."""
    me = signed_in.current()
    with database.read() as connection:
        return render_template(
            "home/account.html",
            me=me,
            form=form or _make_form(),
            password_advice=passwords.advise(administrator=me.user.is_administrator),
            microsoft_problem=microsoft_problem,
            sessions=sessions.list_for_person(connection, me.user.id),
            identity=identity_matching.find_identity(connection, me.user.id),
            may_disconnect=account_linking.may_unlink(connection, me.user),
            offers_microsoft=microsoft_client.load_registration(connection).is_complete,
        )


@blueprint.post("/account")
@access_control.signed_in
def change_password() -> ResponseReturnValue:
    """Change the password of the signed-in person and end their other sessions."""
    form = _make_form()
    if form is None:
        raise Conflict(
            _("You sign in with Microsoft: there is no password to change here.")
        )
    try:
        is_changed = (
            form.validate_on_submit()
            and _check_current_password(form)
            and _change_password(form)
        )
    except TooManyRequests as error:
        form.current.errors = [str(error.description)]
        return render_account(form), 429, {"Retry-After": str(error.retry_after)}
    if is_changed:
        flash(_("Your password is changed. You are signed out everywhere else."))
        return redirect(url_for("home.account"), 303)
    return render_account(form), 400


def _make_form() -> PasswordForm | None:
    """Return the form, or None for people who may not use a local password."""
    return PasswordForm() if signed_in.may_use_password() else None


def _check_current_password(form: PasswordForm) -> bool:
    """Check the current password, with the same rate limits as at sign-in."""
    if reauthentication.check_own_password(form.current.data or ""):
        return True
    form.current.errors = [_("Incorrect current password.")]
    return False


def _change_password(form: PasswordForm) -> bool:
    """Store the new password if the password rules allow it."""
    user = signed_in.current().user
    try:
        new_hash = access.hash_new_password(
            form.new.data or "",
            administrator=user.is_administrator,
            user_name=user.user_name,
        )
    except errors.BadPassword as error:
        form.new.errors = [str(error)]
        return False
    _store_password(new_hash)
    return True


def _store_password(new_hash: str) -> None:
    me = signed_in.current()
    with authorized.write() as connection:
        person = people.find_by_id(connection, me.user.id)
        access.set_password(connection, person, new_hash, signed_in.actor())
        secret = browser_sessions.renew(
            connection, person.id, signed_in.current_authentication()
        )
    browser_sessions.set_cookie(secret)


@blueprint.get("/healthz")
@access_control.public
def healthz() -> Response:
    """Answer 200 while the process is alive; does not use the database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@access_control.public
def readyz() -> Response:
    """Answer 200 if the database can be read and no fault of writing is known."""
    try:
        with database.read() as connection:
            connection.execute(select(1))
    except DBAPIError:
        is_ready = False
    else:
        is_ready = database.state().fault is None
    if is_ready:
        return Response("ok\n", mimetype="text/plain")
    return Response("not ready\n", 503, {"Retry-After": "60"}, mimetype="text/plain")
