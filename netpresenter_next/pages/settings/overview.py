"""Settings: the overview of its pages."""

from flask import Blueprint, render_template

from netpresenter_next.lib.text import format_some
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.totals import MOST_COUNTED, Counted
from netpresenter_next.web import access_control

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.app_template_filter()
def some(number: int, shown: int = 0) -> str:
    """Write a number of ``totals.count_some``, without those that are shown."""
    return format_some(number, MOST_COUNTED, shown)


@blueprint.get("")
@access_control.administrator
def overview() -> str:
    """Show a card for each page of Settings."""
    with database.read() as connection:
        users = totals.read(connection, Counted.USERS)
        groups = totals.read(connection, Counted.GROUPS)
    return render_template("settings/overview.html", users=users, groups=groups)
