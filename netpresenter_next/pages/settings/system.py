"""Settings > System: the overview of its pages."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import alarm_settings, alarm_tests, provisioning_status
from netpresenter_next.storage import database
from netpresenter_next.web import access_control

blueprint = Blueprint("system", __name__, url_prefix="/settings/system")


@blueprint.get("")
@access_control.administrator
def overview() -> str:
    """Show a card for each page of Settings > System."""
    with database.read() as connection:
        status = provisioning_status.read_status(connection)
        alarms = alarm_settings.read(connection)
        failing = alarm_tests.list_failing(connection)
    return render_template(
        "settings/system.html",
        status=status,
        are_alarms_on=alarms.is_on,
        failing=failing,
    )


@blueprint.get("/azure")
@access_control.administrator
def azure() -> ResponseReturnValue:
    """Redirect from the former address of the page Microsoft Entra ID."""
    return redirect(url_for("tokens.microsoft_entra_id"), 303)
