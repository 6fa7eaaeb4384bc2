"""Settings > Users > Deleted people: those whom provisioning deleted, and blocks."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import deletions, errors
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.web import access_control, authorized, signed_in

blueprint = Blueprint("deleted_people", __name__, url_prefix="/settings/users")


@blueprint.get("/deleted")
@access_control.administrator
def show() -> str:
    """List the people that provisioning deleted, the blocked ones first."""
    return render()


def render(problem: str = "") -> str:
    """Render the list; ``problem`` is why an action on it was refused."""
    with database.read() as connection:
        people = deletions.list_newest(connection)
        count = deletions.count_deleted(connection)
    return render_template(
        "settings/deleted.html", people=people, count=count, problem=problem
    )


@blueprint.post("/<user_id>/allow-again")
@access_control.administrator
@access_control.require_recent_authentication
def allow_again(user_id: str) -> ResponseReturnValue:
    """Allow a sign-in to create a deleted person again; 409 while they are blocked."""
    try:
        with authorized.write() as connection:
            name = deletions.allow_again(connection, user_id, signed_in.actor())
    except errors.NoSuchPerson:
        raise
    except errors.AccountError as error:
        return render(str(error)), 409
    flash(_("%(name)s can be created again by a sign-in.", name=name))
    return redirect(url_for("deleted_people.show"), 303)


@blueprint.post("/<user_id>/lift-block")
@access_control.administrator
@access_control.require_recent_authentication
def lift_block(user_id: str) -> ResponseReturnValue:
    """Lift the block of a person who was deleted."""
    with authorized.write() as connection:
        name = deletions.lift_block(connection, user_id, signed_in.actor())
    flash(_("%(name)s is no longer blocked.", name=name))
    return redirect(url_for("deleted_people.show"), 303)
