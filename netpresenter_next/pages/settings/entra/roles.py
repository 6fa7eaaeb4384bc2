"""Settings > System > Microsoft Entra ID > Roles: app roles and groups."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from netpresenter_next.directory import look_alikes, new_administrators, role_mappings
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, is_visible_group
from netpresenter_next.web import access_control, authorized, signed_in

SUGGESTED_GROUPS = 200

blueprint = Blueprint(
    "microsoft_roles", __name__, url_prefix="/settings/system/microsoft-entra-id/roles"
)


@blueprint.get("")
@access_control.administrator
def show() -> str:
    """Show the role mappings, and the administrators whom they made."""
    return _render()


def _render(problem: str = "") -> str:
    groups = select(GROUPS.c.display_name).where(is_visible_group())
    groups = groups.order_by(GROUPS.c.display_name_key)
    with database.read() as connection:
        unseen = new_administrators.list_unseen(connection)
        named = {each.id for each in unseen}
        return render_template(
            "settings/entra/roles.html",
            problem=problem,
            new_administrators=unseen,
            look_alikes=look_alikes.warn_about_people(connection, named),
            mappings=role_mappings.list_mappings(connection),
            groups=connection.scalars(groups.limit(SUGGESTED_GROUPS)).all(),
        )


@blueprint.post("")
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
                flash(_("The role mapping is added."))
                return redirect(url_for("microsoft_roles.show"), 303)
    except role_mappings.MappingError as error:
        return _render(str(error)), 400
    has_changed = "confirmed" in request.form
    confirmation = render_template(
        "settings/entra/confirm_mapping.html",
        preview=preview,
        has_changed=has_changed,
        **mapping,
    )
    return confirmation, 409 if has_changed else 200


@blueprint.post("/seen")
@access_control.administrator
@access_control.require_recent_authentication
def note_administrators_seen() -> ResponseReturnValue:
    """Record that the new administrators from role mappings have been reviewed."""
    me, shown = signed_in.current().user, request.form.getlist("user_id")[:100]

    def change(connection: Connection, actor: Actor) -> Done:
        seen = new_administrators.acknowledge(connection, shown, me.id, actor)
        message = ngettext(
            "Marked as reviewed: %(num)s new administrator.",
            "Marked as reviewed: %(num)s new administrators.",
            seen,
        )
        if not seen:
            message = _("Nobody was taken off the list of new administrators.")
        return Done(message, url_for("microsoft_roles.show"))

    return changes.make(change)


@blueprint.post("/<mapping_id>/remove")
@access_control.administrator
@access_control.require_recent_authentication
def remove_mapping(mapping_id: str) -> ResponseReturnValue:
    """Remove a role mapping, and the role of those who had it only from there."""

    def change(connection: Connection, actor: Actor) -> Done:
        if not role_mappings.remove(connection, actor, mapping_id):
            abort(404)
        message = _(
            "The role mapping is removed. People who were administrators only because "
            "of it are users again, except the last administrator."
        )
        return Done(message, url_for("microsoft_roles.show"))

    return changes.make(change)
