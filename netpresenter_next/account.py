"""One's own account: sessions, Microsoft, and proving again who one is."""

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from netpresenter_next import (
    access,
    accounts,
    database,
    entra,
    identities,
    login,
    microsoft_client,
    passwords,
    recognition,
    sessions,
    throttle,
)

blueprint = Blueprint("account", __name__)


class ConfirmForm(FlaskForm):
    """The password once more."""

    password = PasswordField("Password", [InputRequired("Enter your password.")])


class ButtonForm(FlaskForm):
    """Nothing but the button."""


def _to_account() -> ResponseReturnValue:
    return redirect(url_for("pages.account"), 303)


# --------------------------------------------------------------- is it still you
@blueprint.get("/account/confirm")
@login.signed_in
def confirm() -> ResponseReturnValue:
    """Ask for a proof that it is still the same person."""
    return _confirm_page(ConfirmForm())


@blueprint.post("/account/confirm")
@login.signed_in
def check_password() -> ResponseReturnValue:
    """Accept the local password as proof, as carefully as at sign-in."""
    form, me = ConfirmForm(), login.current()
    if not login.has_password():
        abort(409, "You sign in with Microsoft: confirm there that it is you.")
    if form.validate_on_submit():
        throttle.refuse_flood(me.user.user_name)
        if passwords.matches(me.user.password_hash, form.password.data or ""):
            with database.write() as connection:
                sessions.note_proof(connection, me.session)
                person = accounts.by_id(connection, me.user.id)
                access.note_password(connection, person)
            return redirect(login.safe_next(request.args.get("next")), 303)
        throttle.count_failure(me.user.user_name)
        form.password.errors = ["This is not your password."]
    return _confirm_page(form), 400


def _confirm_page(form: ConfirmForm) -> str:
    with database.read() as connection:
        is_connected = recognition.of_person(connection, login.current().user.id)
    return render_template(
        "account/confirm.html",
        form=form,
        has_password=login.has_password(),
        is_connected=is_connected,
        target=login.safe_next(request.args.get("next")),
    )


# --------------------------------------------------------------- sessions
@blueprint.post("/account/sessions/end")
@login.signed_in
def end_session() -> ResponseReturnValue:
    """End one of my sessions, or all but this one."""
    me, chosen = login.current(), request.form.get("session", "")
    with database.write() as connection:
        if chosen == "others":
            ended = sessions.end_others(connection, me.session)
        else:
            ended = sessions.end_one(connection, me.user.id, _digest(chosen))
    flash("The session has ended." if ended == 1 else f"{ended} sessions have ended.")
    return _to_account()


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


# --------------------------------------------------------------- Microsoft
@blueprint.post("/account/microsoft")
@login.signed_in
@login.recent("pages.account")
def start_connecting() -> ResponseReturnValue:
    """Allow this browser to go to Microsoft in order to connect.

    The way there is a link: a form that leads to another site is refused by the
    content security policy.
    """
    session["may_connect"] = login.current().user.id
    return render_template("account/to_microsoft.html")


@blueprint.get("/account/microsoft/connect")
@login.signed_in
@login.recent("pages.account")
def connect() -> ResponseReturnValue:
    """Show which two accounts would be connected."""
    claims = microsoft_client.connecting()
    if claims is None:
        return _to_account()
    me = login.current()
    form = ButtonForm()
    return render_template("account/connect.html", claims=claims, me=me, form=form)


@blueprint.post("/account/microsoft/connect")
@login.signed_in
@login.recent("pages.account")
def connect_now() -> ResponseReturnValue:
    """Connect the two accounts."""
    claims, me = microsoft_client.connecting(), login.current()
    session.pop("connecting", None)
    if claims is None:
        return _to_account()
    try:
        with database.write() as connection:
            if entra.registration(connection).tenant_id != claims.tenant_id:
                raise recognition.IdentityConflict("The directory has changed.")
            person = accounts.by_id(connection, me.user.id)
            identities.connect(connection, person, claims, login.actor())
    except recognition.NotLetIn as error:
        with database.write() as connection:
            identities.note_refusal(connection, login.actor(), str(error))
        abort(409, str(error))
    flash(f"Your account is connected with {claims.shown}.")
    return _to_account()


@blueprint.post("/account/microsoft/disconnect")
@login.signed_in
@login.recent("pages.account")
def disconnect() -> ResponseReturnValue:
    """Forget my Microsoft identity; I keep my password."""
    me = login.current()
    with database.write() as connection:
        person = accounts.by_id(connection, me.user.id)
        if not identities.may_disconnect(connection, person):
            abort(409, "You could not sign in without Microsoft.")
        identities.disconnect(connection, person, login.actor())
        secret = login.renew(connection, person.id, login.proof())
    login.remember(secret)
    flash("Your account is not connected with Microsoft any more.")
    return _to_account()
