"""Settings > System > Microsoft Entra ID: the SCIM endpoint and its tokens."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, Length

from netpresenter_next.directory import (
    provisioning_settings,
    scim_tokens,
    setup_progress,
    token_states,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings.entra import status_card
from netpresenter_next.scim import paths
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ScimToken
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    security,
    signed_in,
)

PAGE = "tokens.microsoft_entra_id"

blueprint = Blueprint(
    "tokens", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


class TokenForm(FlaskForm):
    """Generate a token; the nonce prevents a reload from generating another."""

    nonce = HiddenField(validators=[Length(16, 64)])
    replaces_id = HiddenField(validators=[Length(max=36)])
    label = StringField(
        _l("Label"),
        [
            Length(
                max=scim_tokens.LONGEST_LABEL,
                message=_l("Use at most %(max)d characters."),
            )
        ],
        description=_l("Optional, such as production or test."),
    )
    # In days; wtforms warns of choices that are tuples, so the template has them.
    expires = StringField(
        _l("Expires"),
        [AnyOf([str(days) for days in token_states.LIFETIMES])],
        default="0",
    )


class ConfirmForm(FlaskForm):
    """A form without fields of its own: it has the CSRF token only."""


@blueprint.get("")
@access_control.administrator
def microsoft_entra_id() -> str:
    """Show the state of provisioning, SCIM Endpoint URL, tokens and set-up list."""
    return _render()


@blueprint.get("/status")
@access_control.administrator
@access_control.unattended
def show_status() -> str:
    """Show the card with the state alone, with which a script replaces the old one."""
    context.current().activity.store()
    with database.read() as connection:
        card = status_card.load(connection)
    return render_template("settings/entra/status.html", **card)


def _render(
    form: TokenForm | None = None, *, secret: str = "", problem: str = ""
) -> str:
    """Render the page, with a form just sent, or with a new token."""
    origin = security.base_url()
    context.current().activity.store()
    with database.read() as connection:
        progress = setup_progress.list_progress(
            connection, context.current().installation
        )
        return render_template(
            "settings/entra/microsoft_entra_id.html",
            form=form or TokenForm(formdata=None, nonce=_make_nonce()),
            make_nonce=_make_nonce,
            lifetimes=token_states.LIFETIMES,
            secret=secret,
            problem=problem,
            endpoint_url=origin and origin + paths.PREFIX,
            is_enabled=provisioning_settings.read(connection).is_enabled,
            tokens=token_states.list_shown(connection),
            steps={each.step.value: each for each in progress},
            next_step=next((each.step for each in progress if not each.is_done), None),
            **status_card.load(connection),
        )


def _make_nonce() -> str:
    """Return a nonce, which prevents a reload from generating another token."""
    return secrets.token_urlsafe(16)


@blueprint.post("/integration")
@access_control.administrator
@access_control.require_recent_authentication
def switch() -> ResponseReturnValue:
    """Switch the integration on or off."""
    wanted = request.form.get("enabled") == "on"

    def change(connection: Connection, actor: Actor) -> Done:
        message = _("Entra ID integration is on.")
        if not wanted:
            message = _(
                "Entra ID integration is off: requests of Microsoft Entra ID are "
                "refused."
            )
        if not provisioning_settings.set_enabled(connection, actor, enabled=wanted):
            message = ""
        return Done(message, url_for(PAGE))

    return changes.make(change)


@blueprint.post("/url-copied")
@access_control.administrator
def note_url_copied() -> ResponseReturnValue:
    """Note for the set-up list that the SCIM Endpoint URL was copied."""

    def change(connection: Connection, _actor: Actor) -> Done:
        provisioning_settings.note_url_copied(connection)
        return Done("", url_for(PAGE))

    return changes.make(change)


# --------------------------------------------------------------- tokens
@blueprint.post("/token")
@access_control.administrator
@access_control.require_recent_authentication
def generate_token() -> ResponseReturnValue:
    """Generate a token and show it in this response, and never again."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _render(form), 400
    days = int(form.expires.data or 0)
    try:
        with authorized.write() as connection:
            secret = scim_tokens.issue(
                connection,
                signed_in.actor(),
                (form.label.data or "").strip(),
                form.nonce.data or "",
                expires_at=now() + timedelta(days=days) if days else None,
                replaces_id=form.replaces_id.data or None,
            )
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
    with database.read() as connection:
        tokens = {each.id: each for each in scim_tokens.list_unrevoked(connection)}
    token = tokens.pop(token_id, None) or abort(404)
    others = [each for each in tokens.values() if not scim_tokens.has_expired(each)]
    is_in_use = _is_in_use(token, others)
    return render_template(
        "settings/entra/revoke_token.html",
        token=token,
        others=others,
        is_in_use=is_in_use,
        advice=_advise(token, others, is_in_use=is_in_use),
        form=ConfirmForm(),
    )


def _is_in_use(token: ScimToken, others: Sequence[ScimToken]) -> bool:
    """Is it the token that was used last of all for its application?"""
    if token.last_used_at is None or scim_tokens.has_expired(token):
        return False
    same = [
        each.last_used_at
        for each in others
        if each.last_used_at and each.label == token.label
    ]
    return token.last_used_at >= max(same, default=token.last_used_at)


def _advise(token: ScimToken, others: Sequence[ScimToken], *, is_in_use: bool) -> str:
    """Return what revoking this token means."""
    if token.last_used_at is None:
        return _("Nobody has used this token yet. Who sends it later is refused.")
    if scim_tokens.has_expired(token):
        return _("This token has expired: requests with it are refused already.")
    if not is_in_use:
        return _(
            "Another token of the same application was used since, so provisioning "
            "goes on with that one."
        )
    return _(
        "This token is in use. When it is revoked, the client that sends it is refused "
        "at once, and provisioning stops until another token is entered there."
    )


@blueprint.post("/token/<token_id>/revoke")
@access_control.administrator
@access_control.require_recent_authentication
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke a token with immediate effect."""

    def change(connection: Connection, actor: Actor) -> Done:
        if not scim_tokens.revoke(connection, actor, token_id):
            abort(404)
        message = _(
            "The token is revoked. Requests that carry it are refused from now on."
        )
        return Done(message, url_for(PAGE))

    return changes.make(change)
