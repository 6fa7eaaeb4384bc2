"""Settings > Users > a person: what administrators do with a local person.

What Microsoft Entra ID manages is shown, but locked.
"""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from netpresenter_next.directory import errors, local_people, people, sessions
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.local_people import Managed
from netpresenter_next.lib.text import parse_whole_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, ngettext
from netpresenter_next.pages import changes, person_details
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings import person, person_form
from netpresenter_next.pages.settings.person_form import EditForm
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import MEMBERSHIPS, Person, User
from netpresenter_next.web import access_control, authorized, context, signed_in

blueprint = Blueprint("local_person", __name__, url_prefix="/settings/users/<user_id>")
LARGEST_VERSION = 10**9


# --------------------------------------------------------------- details
@blueprint.get("/edit")
@access_control.administrator
def show_details(user_id: str) -> str:
    """Show what is known about a person, to be edited if they are local."""
    return _render_details(user_id)


def _render_details(
    user_id: str, form: EditForm | None = None, problem: str = ""
) -> str:
    """Render the form, with what was entered if it was refused."""
    user = db.session.get(User, user_id) or abort(404)
    shown = form or EditForm(
        formdata=None,
        data={**person_details.read(user.document), "version": user.version},
    )
    return render_template(
        "settings/person_details.html",
        person=user,
        form=shown,
        fields=[shown[name] for name in person_details.PATHS],
        problem=problem,
    )


@blueprint.post("/edit")
@access_control.administrator
@access_control.require_recent_authentication
def edit(user_id: str) -> ResponseReturnValue:
    """Change what is known about a local person; 409 if Entra manages them."""
    form = EditForm()
    if not form.validate_on_submit():
        return _render_details(user_id, form), 400
    try:
        with authorized.write() as connection:
            user_name = _edit(connection, user_id, form)
    except Managed as error:
        problem = changes.explain_refusal(error)
        return _render_details(user_id, problem=problem), 409
    except errors.NoSuchPerson:
        raise
    except errors.AccountError as error:
        return _render_details(user_id, form, str(error)), 409
    if user_name is None:
        return _render_details(user_id, form), 400
    flash(_("%(user_name)s is changed.", user_name=user_name))
    return redirect(url_for("person.show", user_id=user_id), 303)


def _edit(connection: Connection, user_id: str, form: EditForm) -> str | None:
    """Store the values of the form; returns the user name, or None if one is wrong."""
    found = people.find_by_id(connection, user_id)
    local_people.refuse_managed(found)
    local_type = context.current().local_type
    document = person_form.write_details(form, local_type, found.document)
    if document is None:
        return None
    version = parse_whole_number(form.version.data, 0, LARGEST_VERSION) or 0
    local_people.edit(connection, found, document, signed_in.actor(), version)
    return found.user_name


# --------------------------------------------------------------- access
@blueprint.post("/active")
@access_control.administrator
@access_control.require_recent_authentication
def set_active(user_id: str) -> ResponseReturnValue:
    """Disable or enable a local person."""
    is_active = person.read_switch("active")

    def apply(connection: Connection, found: Person) -> None:
        local_people.set_active(connection, found, signed_in.actor(), active=is_active)

    said = (
        marked("%(name)s is enabled.") if is_active else marked("%(name)s is disabled.")
    )
    return person.change(user_id, apply, said)


@blueprint.post("/end-sessions")
@access_control.administrator
@access_control.require_recent_authentication
def end_sessions(user_id: str) -> ResponseReturnValue:
    """End all sessions of a person, local or provisioned."""

    def change(connection: Connection, actor: Actor) -> Done:
        found = people.find_by_id(connection, user_id)
        number = local_people.end_sessions(connection, found, actor)
        address = url_for("person.show", user_id=user_id)
        return Done(_describe_end(number, found.user_name), address)

    return changes.make(change)


def _describe_end(number: int, name: str) -> str:
    if not number:
        return _("No session of %(name)s ended.", name=name)
    return ngettext(
        "%(num)s session of %(name)s ended.",
        "%(num)s sessions of %(name)s ended.",
        number,
        name=name,
    )


# --------------------------------------------------------------- deletion
@blueprint.get("/delete")
@access_control.administrator
def confirm_deletion(user_id: str) -> str:
    """Show what deleting a local person removes, and what stays."""
    return _render_deletion(user_id)


def _render_deletion(user_id: str, problem: str = "") -> str:
    user = db.session.get(User, user_id) or abort(404)
    theirs = select(MEMBERSHIPS.c.group_id).where(MEMBERSHIPS.c.user_id == user_id)
    with database.read() as connection:
        groups = totals.count_some(connection, theirs)
        number = sessions.count_for_person(connection, user_id)
    return render_template(
        "settings/delete_person.html",
        person=user,
        groups=groups,
        sessions=number,
        problem=problem,
    )


@blueprint.post("/delete")
@access_control.administrator
@access_control.require_recent_authentication
def delete(user_id: str) -> ResponseReturnValue:
    """Delete a local person; 409 for oneself and for who has to stay."""

    def change(connection: Connection, actor: Actor) -> Done:
        found = people.find_by_id(connection, user_id)
        local_people.delete(connection, found, actor)
        message = _("%(user_name)s is deleted.", user_name=found.user_name)
        return Done(message, url_for("users.list_users"))

    def refuse(error: errors.AccountError) -> ResponseReturnValue:
        return _render_deletion(user_id, str(error)), 409

    return changes.make(change, refuse)
