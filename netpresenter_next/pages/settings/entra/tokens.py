"""Settings > System > Microsoft Entra ID: the SCIM endpoint and its tokens."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from netpresenter_next.directory import scim_tokens
from netpresenter_next.scim import paths
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ScimToken
from netpresenter_next.web import access_control, authorized, security, signed_in

blueprint = Blueprint(
    "tokens", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


class TokenForm(FlaskForm):
    """Generate a token; the nonce prevents a reload from generating another."""

    nonce = HiddenField(validators=[Length(16, 64)])
    label = StringField(
        "Label",
        [
            Length(
                max=scim_tokens.LONGEST_LABEL, message="Use at most %(max)d characters."
            )
        ],
        description="Optional: a name that distinguishes this token from the other "
        "one.",
    )


class ConfirmForm(FlaskForm):
    """A form without fields of its own: it has the CSRF token only."""


@blueprint.get("")
@access_control.administrator
def microsoft_entra_id() -> str:
    """Show the SCIM Endpoint URL and the tokens."""
    return _render()


def _render(
    form: TokenForm | None = None, *, secret: str = "", problem: str = ""
) -> str:
    """Render the page, with a form just sent, or with a new token."""
    origin = security.base_url()
    with database.read() as connection:
        live = scim_tokens.list_live(connection)
    return render_template(
        "settings/entra/microsoft_entra_id.html",
        # The nonce prevents a reload from generating another token.
        form=form or TokenForm(formdata=None, nonce=secrets.token_urlsafe(16)),
        secret=secret,
        problem=problem,
        endpoint_url=origin and origin + paths.PREFIX,
        tokens=live,
        is_full=len(live) >= scim_tokens.MOST_LIVE,
    )


@blueprint.post("/token")
@access_control.administrator
@access_control.require_recent_authentication
def generate_token() -> ResponseReturnValue:
    """Generate a token and show it in this response, and never again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _render(form), 400
    try:
        with authorized.write() as connection:
            label, nonce = (form.label.data or "").strip(), form.nonce.data or ""
            secret = scim_tokens.issue(connection, signed_in.actor(), label, nonce)
    except scim_tokens.BadLabel as error:
        form.label.errors = [str(error)]
        return _render(form), 400
    except scim_tokens.TokenError as error:
        return _render(problem=str(error)), 409
    return _render(secret=secret)


@blueprint.get("/token/<token_id>/revoke")
@access_control.administrator
def confirm_revocation(token_id: str) -> str:
    """Ask for confirmation, and say what stops working without the token."""
    return render_template(
        "settings/entra/revoke_token.html",
        token=_find_live_token(token_id),
        form=ConfirmForm(),
    )


@blueprint.post("/token/<token_id>/revoke")
@access_control.administrator
@access_control.require_recent_authentication
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke a token with immediate effect."""
    with authorized.write() as connection:
        if not scim_tokens.revoke(connection, signed_in.actor(), token_id):
            abort(404)
    flash("The token is revoked. Requests that carry it are refused from now on.")
    return redirect(url_for("tokens.microsoft_entra_id"), 303)


def _find_live_token(token_id: str) -> ScimToken:
    with database.read() as connection:
        live = {token.id: token for token in scim_tokens.list_live(connection)}
    return live.get(token_id) or abort(404)
