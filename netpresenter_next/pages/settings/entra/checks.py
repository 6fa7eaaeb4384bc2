"""Settings > System > Microsoft Entra ID > Checks: what arrives, and what is wrong."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    arrived_attributes,
    conflict_queue,
    ignored_attributes,
    mapping_check,
)
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.findings import Finding
from netpresenter_next.storage.scim_models import ArrivedAttribute
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    microsoft_client,
    public_address,
    security,
)

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
        return render_template(
            "settings/entra/checks.html",
            waiting=conflict_queue.count_open(connection),
            check=mapping_check.check_mapping(connection),
            findings=findings,
            arrivals=_list_arrivals(connection),
            mapped=len(MAPPED),
            unstored=ignored_attributes.list_all(connection),
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
    flash(
        _("%(name)s is off the list. It appears again if it is sent again.", name=name)
    )
    return redirect(url_for("microsoft_checks.show"), 303)
