"""Settings > Users: disabling several local people, after a look at their names."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import local_people
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
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
        flash(
            ngettext(
                "%(num)s person was disabled: %(names)s.",
                "%(num)s people were disabled: %(names)s.",
                len(done.disabled),
                names=", ".join(done.disabled),
            )
        )
    else:
        flash(_("Nobody was disabled."))
    for reason in done.refused:
        flash(_("Kept: %(reason)s", reason=reason))
    return redirect(url_for("users.list_users", source="local"), 303)
