"""Settings > System > Microsoft Entra ID > Checks: what arrives, and what is wrong."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    arrived_attributes,
    conflict_lists,
    conflicts,
    ignored_attributes,
    look_alikes,
    mapping_check,
)
from netpresenter_next.pages import identity_sentences
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import CONFLICT_REASONS, Reason
from netpresenter_next.storage.findings import Finding
from netpresenter_next.storage.scim_models import ArrivedAttribute
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    microsoft_client,
    public_address,
    security,
    signed_in,
)

_CONFLICTS = [
    each
    for each in CONFLICT_REASONS
    if each not in (*conflicts.MAPPING_REASONS, Reason.DISABLE_REFUSED)
]

# The attributes that Microsoft's tutorial maps, as they are written there.
MAPPED = (
    "userName",
    "externalId",
    'emails[type eq "work"].value',
    "active",
    "name.givenName",
    "name.familyName",
    'phoneNumbers[type eq "work"].value',
    'phoneNumbers[type eq "mobile"].value',
)


class Arrival(NamedTuple):
    """An attribute, and when it was last sent, if ever."""

    resource_type: str
    name: str
    row: ArrivedAttribute | None


blueprint = Blueprint(
    "microsoft_checks", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


@blueprint.get("/checks")
@access_control.administrator
def show() -> str:
    """Show the mapping check, conflicts, and which attributes arrive."""
    return _render()


@blueprint.post("/checks")
@access_control.administrator
def run() -> str:
    """Check the public address, and show what was found."""
    microsoft_client.find_problem()  # its answer has Microsoft's time
    watch = context.current().nonce_watch
    findings = public_address.check(security.base_url() or "", watch)
    return _render(findings)


def _render(findings: Sequence[Finding] = ()) -> str:
    context.current().activity.store()
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
            findings=findings,
            arrivals=_list_arrivals(connection),
            mapped=len(MAPPED),
            unstored=ignored_attributes.list_all(connection),
            dismissable=conflicts.DISMISSABLE_REASONS,
            explain_conflict=identity_sentences.explain_conflict,
        )


def _list_arrivals(connection: Connection) -> list[Arrival]:
    """Return the attributes of the tutorial, then all others that arrived."""
    rows = {
        (each.resource_type, each.name): each
        for each in arrived_attributes.list_all(connection)
    }
    first = [Arrival("User", name, rows.pop(("User", name), None)) for name in MAPPED]
    return first + [Arrival(*key, row) for key, row in rows.items()]


@blueprint.post("/checks/unstored")
@access_control.administrator
def forget_unstored() -> ResponseReturnValue:
    """Take an attribute off the list of those that are sent but not stored."""
    resource_type = request.form.get("resource_type", "")
    name = request.form.get("name", "")
    with authorized.write() as connection:
        if not ignored_attributes.forget(connection, resource_type, name):
            abort(404)
    flash(f"{name} is off the list. It appears again if it is sent again.")
    return redirect(url_for("microsoft_checks.show"), 303)


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
