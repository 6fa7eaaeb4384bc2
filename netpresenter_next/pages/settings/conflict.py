"""Settings > Conflicts > a conflict: compare both sides, and decide."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    access,
    conflict_decisions,
    errors,
    identity_matching,
    linking,
    look_alikes,
    people,
)
from netpresenter_next.directory.conflict_decisions import NoSuchConflict
from netpresenter_next.directory.conflicts import DISMISSABLE_REASONS, NamedConflict
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import changes, conflict_sentences, identity_sentences
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings import conflicts
from netpresenter_next.pages.settings.person import RenameForm
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.models import ADMINISTRATOR, Person
from netpresenter_next.web import access_control, signed_in

blueprint = Blueprint(
    "conflict", __name__, url_prefix="/settings/conflicts/<conflict_id>"
)
# Conflicts that end when the account has another user name.
_RENAMING = (Reason.LOCAL_USER_NAME, Reason.CLAIM_DISAGREES)
_CONFIRMING = (Reason.UNCONFIRMED, Reason.LINK_DISAGREES)
_LINKED = marked(
    "%(name)s is linked. Microsoft Entra ID tries again by itself, at the latest in "
    "its next cycles, and then finds this account; Provision on demand does so at once."
)
_CREATED = marked(
    "Microsoft Entra ID creates %(name)s in its next cycles, or at once with Provision "
    "on demand: the provisioning log then says so."
)


def render(conflict_id: str, form: RenameForm | None = None, problem: str = "") -> str:
    """Render the page of a conflict; 404 if it is closed.

    ``form`` is a form for another name with its errors; ``problem`` is the error of any
    other action.
    """
    with database.read() as connection:
        conflict = conflict_decisions.find(connection, conflict_id)
        if conflict is None:
            abort(
                404, _("This conflict is closed, or there is none with this address.")
            )
        person = people.find_by_id(connection, conflict.user_id)
        warnings = look_alikes.warn_about_people(connection, [person.id])
        return render_template(
            "settings/conflicts/conflict.html",
            conflict=conflict,
            person=person,
            look_alike=warnings.get(person.id),
            explanation=identity_sentences.explain_conflict(conflict),
            problem=problem,
            problems=conflict_sentences.PROBLEMS,
            form=form or RenameForm(user_name=person.user_name),
            **_load_sides(connection, conflict, person),
        )


def _load_sides(
    connection: Connection, conflict: NamedConflict, person: Person
) -> dict[str, Any]:
    """Return what both sides have, and what may be decided."""
    identity = identity_matching.find_identity(connection, person.id)
    is_managed = person.source is Source.PROVISIONED
    is_own = person.id == signed_in.current().user.id
    to_confirm = None
    if conflict.reason in _CONFIRMING:
        to_confirm = identity_matching.find_unconfirmed_object_id(person, identity)
    return {
        "identity": identity,
        "choices": conflict_decisions.list_choices(connection, conflict, person),
        "is_administrator": person.role == ADMINISTRATOR,
        "may_rename": conflict.reason in _RENAMING and not is_managed,
        "may_dismiss": conflict.reason in DISMISSABLE_REASONS and not is_own,
        "to_confirm": to_confirm,
    }


@blueprint.get("")
@access_control.administrator
def show(conflict_id: str) -> str:
    """Show a conflict: what is here and what was sent, side by side."""
    return render(conflict_id)


@blueprint.post("/link")
@access_control.administrator
@access_control.require_recent_authentication
def link(conflict_id: str) -> ResponseReturnValue:
    """Link the account with the claimant who was shown."""
    fingerprint = request.form.get("claimant", "")

    def change(connection: Connection, actor: Actor) -> Done:
        _refuse_unchecked(connection, conflict_id)
        person = conflict_decisions.link(connection, conflict_id, fingerprint, actor)
        address = url_for("person.show", user_id=person.id)
        return Done(_(_LINKED, name=person.user_name), address)

    return changes.make(change, partial(_refuse, conflict_id))


def _refuse_unchecked(connection: Connection, conflict_id: str) -> None:
    """Refuse to link an administrator without a tick that both were compared."""
    conflict = conflict_decisions.find(connection, conflict_id)
    if conflict is None or request.form.get("checked") == "on":
        return
    if people.find_by_id(connection, conflict.user_id).role == ADMINISTRATOR:
        raise linking.CannotLink(
            _(
                "Nothing was linked: this is the account of an administrator, so "
                "confirm first that you compared both."
            )
        )


def _refuse(conflict_id: str, error: errors.AccountError) -> ResponseReturnValue:
    """Show why a decision was refused, on the page of the conflict if it is open."""
    with database.read() as connection:
        is_open = conflict_decisions.find(connection, conflict_id) is not None
    shown = render(conflict_id, problem=str(error)) if is_open else ""
    return shown or conflicts.render(problem=str(error)), 409


@blueprint.post("/keep-apart")
@access_control.administrator
@access_control.require_recent_authentication
def keep_apart(conflict_id: str) -> ResponseReturnValue:
    """Decide that the account and the claimant who was shown are two people."""
    fingerprint = request.form.get("claimant", "")

    def change(connection: Connection, actor: Actor) -> Done:
        conflict = conflict_decisions.keep_apart(
            connection, conflict_id, fingerprint, actor
        )
        message = _(
            "Kept apart. Provisioning may create the person with the same work e-mail."
        )
        if conflict.reason is Reason.LOCAL_USER_NAME:
            message = _(
                "Kept apart. Provisioning still cannot create a person with this user "
                "name."
            )
        return Done(message, url_for("conflicts.list_conflicts"))

    return changes.make(change, partial(_refuse, conflict_id))


@blueprint.post("/rename")
@access_control.administrator
@access_control.require_recent_authentication
def rename(conflict_id: str) -> ResponseReturnValue:
    """Give the local account another user name, which closes the conflict."""
    form = RenameForm()
    if not form.validate_on_submit():
        return render(conflict_id, form), 400
    name = form.user_name.data or ""

    def change(connection: Connection, actor: Actor) -> Done:
        conflict = conflict_decisions.find(connection, conflict_id)
        if conflict is None or conflict.reason not in _RENAMING:
            raise NoSuchConflict
        person = people.find_by_id(connection, conflict.user_id)
        renamed = access.rename(connection, person, name, actor)
        message = _(
            "%(former)s is now named %(name)s.",
            former=person.user_name,
            name=renamed.user_name,
        )
        if conflict.reason is Reason.LOCAL_USER_NAME:
            message += f" {_(_CREATED, name=conflict.claimant)}"
        return Done(message, url_for("conflicts.list_conflicts"))

    def refuse(error: errors.AccountError) -> ResponseReturnValue:
        if not isinstance(error, (errors.BadName, ValueTaken)):
            return _refuse(conflict_id, error)
        form.user_name.errors = [str(error)]
        status = 409 if isinstance(error, ValueTaken) else 400
        return render(conflict_id, form), status

    return changes.make(change, refuse)


@blueprint.post("/dismiss")
@access_control.administrator
@access_control.require_recent_authentication
def dismiss(conflict_id: str) -> ResponseReturnValue:
    """Dismiss a conflict; it appears again if provisioning finds it again."""

    def change(connection: Connection, actor: Actor) -> Done:
        me = signed_in.current().user.id
        if not conflict_decisions.dismiss(connection, conflict_id, me, actor):
            abort(404)
        message = _(
            "Dismissed. It appears again if provisioning finds the same conflict."
        )
        return Done(message, url_for("conflicts.list_conflicts"))

    return changes.make(change)
