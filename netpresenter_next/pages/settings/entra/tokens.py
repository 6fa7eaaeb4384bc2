"""The Microsoft Entra ID page itself, and the SCIM tokens on it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from netpresenter_next.directory import scim_tokens
from netpresenter_next.pages.settings.entra import page
from netpresenter_next.pages.settings.entra.page import TokenForm
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ScimToken
from netpresenter_next.web import access_control, authorized, signed_in

blueprint = Blueprint(
    "tokens", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


class ConfirmForm(FlaskForm):
    """A form without fields of its own: it has the CSRF token only."""


@blueprint.get("")
@access_control.administrator
def microsoft_entra_id() -> str:
    """Show the page, with the refused sign-in of the reference in the address."""
    return page.render(reference=request.args.get("reference", ""))


@blueprint.post("/token")
@access_control.administrator
@access_control.require_recent_authentication
def generate_token() -> ResponseReturnValue:
    """Generate a token and show it in this response, and never again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return page.render(form), 400
    try:
        with authorized.write() as connection:
            label, nonce = (form.label.data or "").strip(), form.nonce.data or ""
            secret = scim_tokens.issue(connection, signed_in.actor(), label, nonce)
    except scim_tokens.BadLabel as error:
        form.label.errors = [str(error)]
        return page.render(form), 400
    except scim_tokens.TokenError as error:
        return page.render(problem=str(error)), 409
    return page.render(secret=secret)


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
