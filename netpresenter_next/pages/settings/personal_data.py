"""Settings > Users > a person: exporting all data about them, and erasing them."""

from flask import (
    Blueprint,
    abort,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import blocks, deletions, erasures, errors, people
from netpresenter_next.directory import personal_data as data
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import User
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    exports,
    signed_in,
)

blueprint = Blueprint("personal_data", __name__, url_prefix="/settings/users/<user_id>")


@blueprint.post("/export")
@exports.export
def export(user_id: str) -> ResponseReturnValue:
    """Send all data about a person as JSON, and record that."""
    with authorized.write() as connection:
        person = people.find_by_id(connection, user_id)
        data.record_export(connection, person, signed_in.actor())
    parts = data.stream(context.current().encryption_key, person)
    return exports.send(parts, "application/json", f"person-{person.id}.json")


@blueprint.get("/erase")
@access_control.administrator
def confirm_erasure(user_id: str) -> str:
    """Show what erasing a person removes, and what stays."""
    return _render(user_id)


def _render(user_id: str, problem: str = "") -> str:
    person = db.session.get(User, user_id)
    with database.read() as connection:
        deleted = deletions.find(connection, user_id)
        is_blocked = blocks.is_person_blocked(connection, user_id)
        is_in_progress = erasures.is_in_progress(connection, user_id)
    if not (person or deleted or is_in_progress):
        abort(404)
    names = (person and person.user_name, deleted and deleted.user_name)
    return render_template(
        "settings/erase.html",
        user_id=user_id,
        name=next(filter(None, names), user_id),
        person=person,
        is_blocked=is_blocked,
        is_in_progress=is_in_progress,
        problem=problem,
    )


@blueprint.post("/erase")
@access_control.administrator
@access_control.require_recent_authentication
def erase(user_id: str) -> ResponseReturnValue:
    """Erase a present or deleted person; 409 for oneself or the last administrator."""
    key, me = context.current().encryption_key, signed_in.current().user.id
    prepared = erasures.prepare(user_id)

    def change(connection: Connection, actor: Actor) -> Done:
        erasures.erase(connection, key, user_id, actor, me, prepared=prepared)
        message = _(
            "The person is erased. The rest of the log is searched for their name in "
            "the next minutes; Health says when that is complete."
        )
        return Done(message, url_for("users.list_users"))

    def refuse(error: errors.AccountError) -> ResponseReturnValue:
        return _render(user_id, str(error)), 409

    return changes.make(change, refuse)
