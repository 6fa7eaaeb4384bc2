"""Settings > System > Microsoft Entra ID: sign in options, matching, roles."""

from flask import Blueprint, abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    force,
    force_switch,
    new_administrators,
    role_mappings,
    sign_in_settings,
)
from netpresenter_next.lib.text import format_count, format_some
from netpresenter_next.pages.settings.entra import force_sentences, page
from netpresenter_next.pages.settings.entra.page import OptionsForm
from netpresenter_next.storage.totals import MOST_COUNTED
from netpresenter_next.web import access_control, authorized, context, signed_in

blueprint = Blueprint(
    "microsoft_settings", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


# --------------------------------------------------------------- sign in options
@blueprint.post("/sign-in-options")
@access_control.administrator
@access_control.require_recent_authentication
def change_sign_in_options() -> ResponseReturnValue:
    """Switch Force on or off; a form that does not name the switch changes nothing."""
    wanted = request.form.get("force") == "on"
    if not wanted and request.form.get("form") != "force":
        return page.redirect_to_page()
    try:
        with authorized.write() as connection:
            if wanted != force.is_on(connection):
                flash(_switch_force(connection, on=wanted))
    except force_switch.CannotForce as error:
        return page.render(force_problem=force_sentences.explain_refusal(error)), 409
    return page.redirect_to_page()


def _switch_force(connection: Connection, *, on: bool) -> str:
    """Switch Force and return the message to show; raises CannotForce."""
    if on:
        installation = context.current().installation
        ended = force_switch.switch_on(connection, installation, signed_in.actor())
        counted = format_count(ended, "local session has", "local sessions have")
        return f"Force sign in with Microsoft is on. {counted} ended."
    force_switch.switch_off(connection, signed_in.actor())
    without = force.count_without_password(connection)
    number = format_some(without, MOST_COUNTED).capitalize()
    counted = f"{number} {'person has' if without == 1 else 'people have'}"
    more = f" {counted} no password and cannot sign in locally: set one if needed."
    return "Force sign in with Microsoft is off: local passwords work again." + (
        more if without else ""
    )


@blueprint.post("/matching")
@access_control.administrator
@access_control.require_recent_authentication
def change_options() -> ResponseReturnValue:
    """Change how people are matched, and how long sessions last."""
    form = OptionsForm()
    if not form.validate_on_submit():
        return page.render(options_form=form), 400
    names = ("match_user_names", "create_people", "idle_minutes", "absolute_hours")
    with authorized.write() as connection:
        values = {name: form[name].data for name in names}
        sign_in_settings.set_options(connection, signed_in.actor(), values)
    flash("Saved.")
    return page.redirect_to_page()


# --------------------------------------------------------------- roles
@blueprint.post("/roles")
@access_control.administrator
@access_control.require_recent_authentication
def add_mapping() -> ResponseReturnValue:
    """Add a role mapping: an app role or a group whose people become administrators.

    The first form is answered with a preview of the effect.  The second form confirms
    it; if the effect has changed since, the answer is 409 with a new preview.
    """
    mapping = {
        "app_role": request.form.get("app_role", "").strip(),
        "group": request.form.get("group", "").strip(),
    }
    try:
        with authorized.write() as connection:
            preview = role_mappings.preview(connection, **mapping)
            if request.form.get("confirmed") == preview.fingerprint:
                role_mappings.add(connection, signed_in.actor(), **mapping)
                flash("The role mapping is added.")
                return page.redirect_to_page()
    except role_mappings.MappingError as error:
        return page.render(role_problem=str(error)), 400
    has_changed = "confirmed" in request.form
    confirmation = render_template(
        "settings/entra/confirm_mapping.html",
        preview=preview,
        has_changed=has_changed,
        **mapping,
    )
    return confirmation, 409 if has_changed else 200


@blueprint.post("/roles/seen")
@access_control.administrator
@access_control.require_recent_authentication
def note_administrators_seen() -> ResponseReturnValue:
    """Record that the new administrators from role mappings have been reviewed."""
    me, shown = signed_in.current().user, request.form.getlist("user_id")[:100]
    with authorized.write() as connection:
        actor = signed_in.actor()
        seen = new_administrators.acknowledge(connection, shown, me.id, actor)
    if seen:
        flash(f"Marked as reviewed: {format_count(seen, 'new administrator')}.")
    else:
        flash("Nobody was taken off the list of new administrators.")
    return page.redirect_to_page()


@blueprint.post("/roles/<mapping_id>/remove")
@access_control.administrator
@access_control.require_recent_authentication
def remove_mapping(mapping_id: str) -> ResponseReturnValue:
    """Remove a role mapping, and the role of those who had it only from there."""
    with authorized.write() as connection:
        if not role_mappings.remove(connection, signed_in.actor(), mapping_id):
            abort(404)
    flash(
        "The role mapping is removed. People who were administrators only because of "
        "it are users again, except the last administrator."
    )
    return page.redirect_to_page()
