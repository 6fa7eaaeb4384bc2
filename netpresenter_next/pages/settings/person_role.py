"""Settings > Users > a person: their role, with a question before an administrator."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import access, look_alikes
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.settings.lists import find_shut_out
from netpresenter_next.pages.settings.person import change
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Role
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import ADMINISTRATOR, USER, Person, User
from netpresenter_next.web import access_control, signed_in

DONE = {
    ADMINISTRATOR: marked("%(name)s is now an administrator."),
    USER: marked("%(name)s is now a user."),
}
blueprint = Blueprint(
    "person_role", __name__, url_prefix="/settings/users/<user_id>/role"
)


@blueprint.get("")
@access_control.administrator
def confirm_administrator(user_id: str) -> ResponseReturnValue:
    """Ask whether a person shall be an administrator, saying who they are."""
    person = db.session.get(User, user_id) or abort(404)
    if person.role == ADMINISTRATOR:
        return redirect(url_for("person.show", user_id=user_id), 303)
    with database.read() as connection:
        look_alike = look_alikes.warn_about_people(connection, [user_id]).get(user_id)
    return render_template(
        "settings/confirm_administrator.html",
        person=person,
        look_alike=look_alike,
        shut_out=find_shut_out([person]),
    )


@blueprint.post("")
@access_control.administrator
@access_control.require_recent_authentication
def set_role(user_id: str) -> ResponseReturnValue:
    """Change the role of a person."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        abort(400, _("Choose one of the roles."))

    def apply(connection: Connection, person: Person) -> None:
        access.set_role(connection, person, role, signed_in.actor())

    return change(user_id, apply, DONE[role])
