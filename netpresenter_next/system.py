"""Settings > System: the connection with Microsoft Entra ID."""

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Row
from werkzeug.exceptions import Conflict
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from netpresenter_next import database, login, protection, tokens, unstored

blueprint = Blueprint("system", __name__, url_prefix="/settings/system")

SCIM_PATH = "/scim/v2"


class TokenForm(FlaskForm):
    """Generate a token; the nonce keeps a reload from making another."""

    nonce = HiddenField(validators=[Length(16, 64)])
    label = StringField(
        "Label",
        [Length(max=tokens.LONGEST_LABEL, message="Use at most %(max)d characters.")],
        description="Optional: what tells this token from the other one.",
    )


class ConfirmForm(FlaskForm):
    """Nothing but the button."""


@blueprint.get("")
@login.administrator
def overview() -> str:
    """Show the parts of the system that can be set."""
    with database.read() as connection:
        live = tokens.live(connection)
    return render_template("system/overview.html", tokens=live)


@blueprint.get("/azure")
@login.administrator
def azure() -> ResponseReturnValue:
    """Lead on from the name that the page had before."""
    return redirect(url_for("system.microsoft_entra_id"), 303)


@blueprint.get("/microsoft-entra-id")
@login.administrator
def microsoft_entra_id() -> str:
    """Show what Entra needs to know: the URL and the tokens."""
    return _entra_page(TokenForm(nonce=_new_nonce()))


@blueprint.post("/microsoft-entra-id/token")
@login.administrator
def generate_token() -> ResponseReturnValue:
    """Make a token and show it, in this answer and never again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _entra_page(form), 400
    try:
        with database.write() as connection:
            label, nonce = (form.label.data or "").strip(), form.nonce.data or ""
            secret = tokens.issue(connection, login.actor(), label, nonce)
    except tokens.TokenError as error:
        return _entra_page(_new_form(), problem=str(error)), 409
    return _entra_page(_new_form(), secret=secret)


@blueprint.get("/microsoft-entra-id/token/<token_id>/revoke")
@login.administrator
def confirm_revocation(token_id: str) -> str:
    """Say what stops working before a token is revoked."""
    return render_template(
        "system/revoke_token.html", token=_live_token(token_id), form=ConfirmForm()
    )


@blueprint.post("/microsoft-entra-id/token/<token_id>/revoke")
@login.administrator
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke a token at once."""
    with database.write() as connection:
        if not tokens.revoke(connection, login.actor(), token_id):
            abort(404)
    flash("The token is revoked. Requests that carry it are refused from now on.")
    return redirect(url_for("system.microsoft_entra_id"), 303)


@blueprint.post("/microsoft-entra-id/sign-in-options")
@login.administrator
def change_sign_in_options() -> ResponseReturnValue:
    """Refuse to force what nobody has shown to work."""
    raise Conflict(
        "Force sign in with Microsoft needs a tested Microsoft sign-in first, so that "
        "nobody is locked out. Nothing was changed."
    )


def _live_token(token_id: str) -> Row[Any]:
    with database.read() as connection:
        live = {token.id: token for token in tokens.live(connection)}
    return live.get(token_id) or abort(404)


def _new_nonce() -> str:
    return secrets.token_urlsafe(16)


def _new_form() -> TokenForm:
    """Return an empty form, whatever was just sent."""
    return TokenForm(formdata=None, nonce=_new_nonce())


def _entra_page(form: TokenForm, secret: str = "", problem: str = "") -> str:
    with database.read() as connection:
        live = tokens.live(connection)
        ignored = unstored.known(connection)
    origin = protection.base_url()
    return render_template(
        "system/microsoft_entra_id.html",
        form=form,
        secret=secret,
        problem=problem,
        tokens=live,
        unstored=ignored,
        is_full=len(live) >= tokens.MOST_LIVE,
        endpoint_url=origin and origin + SCIM_PATH,
    )
