"""Settings > System > Microsoft Entra ID > Checks: what arrives, and what is wrong."""

from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import (
    conflict_lists,
    conflicts,
    ignored_attributes,
    look_alikes,
    mapping_check,
)
from netpresenter_next.pages import identity_sentences
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import CONFLICT_REASONS, Reason
from netpresenter_next.web import access_control, authorized, signed_in

_CONFLICTS = [
    each
    for each in CONFLICT_REASONS
    if each not in (*conflicts.MAPPING_REASONS, Reason.DISABLE_REFUSED)
]

blueprint = Blueprint(
    "microsoft_checks", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


@blueprint.get("/checks")
@access_control.administrator
def show() -> str:
    """Show the mapping check, conflicts, and attributes that are not stored."""
    with database.read() as connection:
        list_newest = partial(conflict_lists.list_newest, connection)
        in_conflict = {
            "conflicts": list_newest(_CONFLICTS),
            "refused_disables": list_newest([Reason.DISABLE_REFUSED]),
            "disagreements": list_newest(conflicts.MAPPING_REASONS),
        }
        named = {each.user_id for shown in in_conflict.values() for each in shown.rows}
        return render_template(
            "settings/entra/checks.html",
            **in_conflict,
            look_alikes=look_alikes.warn_about_people(connection, named),
            check=mapping_check.check_mapping(connection),
            without_object_id=mapping_check.list_without_object_id(connection),
            unstored=ignored_attributes.list_all(connection),
            dismissable=conflicts.DISMISSABLE_REASONS,
            explain_conflict=identity_sentences.explain_conflict,
        )


@blueprint.post("/conflicts/<conflict_id>/dismiss")
@access_control.administrator
@access_control.require_recent_authentication
def dismiss_conflict(conflict_id: str) -> ResponseReturnValue:
    """Dismiss a conflict; it appears again if provisioning finds it again."""
    with authorized.write() as connection:
        me = signed_in.current().user.id
        if not conflicts.dismiss(connection, conflict_id, me, signed_in.actor()):
            abort(404)
    flash("Dismissed. It appears again if provisioning finds the same conflict.")
    return redirect(url_for("microsoft_checks.show"), 303)
