"""Settings > Users: disabling several local people, after a look at their names."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import local_people
from netpresenter_next.lib.text import format_count
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.web import access_control, authorized, signed_in

blueprint = Blueprint(
    "bulk_disabling", __name__, url_prefix="/settings/users/disable-chosen"
)


@blueprint.get("")
@access_control.administrator
def confirm() -> str:
    """Show the chosen people, and who of them cannot be disabled here."""
    ids = request.args.getlist("person")
    with database.read() as connection:
        found = local_people.find_each(connection, ids)
    managed = [each for each in found if each.source is Source.PROVISIONED]
    local = [each for each in found if each not in managed]
    return render_template(
        "settings/disable_people.html",
        people=[each for each in local if each.active],
        disabled=[each for each in local if not each.active],
        managed=managed,
    )


@blueprint.post("")
@access_control.administrator
@access_control.require_recent_authentication
def disable() -> ResponseReturnValue:
    """Disable the chosen local people; who may not be disabled is kept, with why."""
    ids = request.form.getlist("person")
    with authorized.write() as connection:
        done = local_people.disable_each(connection, ids, signed_in.actor())
    if done.disabled:
        number = format_count(len(done.disabled), "person was", "people were")
        flash(f"{number} disabled: {', '.join(done.disabled)}.")
    else:
        flash("Nobody was disabled.")
    for reason in done.refused:
        flash(f"Kept: {reason}")
    return redirect(url_for("users.list_users", source="local"), 303)
