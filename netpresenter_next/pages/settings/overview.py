"""Settings: the overview of its pages."""

from flask import Blueprint, render_template

from netpresenter_next.storage import database, totals
from netpresenter_next.storage.totals import Counted
from netpresenter_next.web import access_control

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
@access_control.administrator
def overview() -> str:
    """Show a card for each page of Settings."""
    with database.read() as connection:
        users = totals.read(connection, Counted.USERS)
        groups = totals.read(connection, Counted.GROUPS)
    return render_template("settings/overview.html", users=users, groups=groups)
