"""Settings > Users > a person: their page, and the actions of administrators on it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection, select
from wtforms import StringField
from wtforms.validators import InputRequired

from netpresenter_next.directory import (
    access,
    account_linking,
    confirming,
    conflict_lists,
    emergency_access,
    errors,
    force,
    identity_matching,
    linking,
    look_alikes,
    password_links,
    people,
    sessions,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import (
    attribute_words,
    changes,
    identity_sentences,
    person_details,
    sign_in_findings,
)
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.document_lines import flatten
from netpresenter_next.pages.settings import (
    person_form,
    person_history,
    secret_page,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import (
    Group,
    Membership,
    Person,
    User,
)
from netpresenter_next.storage.sign_in_models import Identity
from netpresenter_next.web import access_control, authorized, signed_in

blueprint = Blueprint("person", __name__, url_prefix="/settings/users/<user_id>")


class RenameForm(FlaskForm):
    """The new user name of a local account."""

    user_name = StringField(
        _l("New user name"), [InputRequired(_l("Choose a user name."))]
    )


def render(user_id: str, form: RenameForm | None = None, problem: str = "") -> str:
    """Render the page of a person; 404 if there is none with that id.

    ``form`` is a form for another name with its errors; ``problem`` is the error of any
    other action.
    """
    person = db.session.get(User, user_id) or abort(404)
    manager = db.session.get(User, person.manager_id) if person.manager_id else None
    groups = select(Group).join(Membership, Membership.group_id == Group.id)
    theirs = groups.where(Membership.user_id == user_id)
    with database.read() as connection:
        identity = identity_matching.find_identity(connection, user_id)
        disagreeing = conflict_lists.list_for_person(connection, user_id)
        number = sessions.count_for_person(connection, user_id)
        look_alike = look_alikes.warn_about_people(connection, [user_id]).get(user_id)
        latest = person_history.read_latest(connection, user_id)
        failures = person_history.read_failures(connection, user_id)
        password = load_password(connection, person)
        exclusions = sign_in_findings.explain_exclusion(connection, person)
    return render_template(
        "settings/user.html",
        person=person,
        identity=identity,
        exclusions=exclusions,
        look_alike=look_alike,
        password=password,
        has_other_name=_has_other_name(person, identity),
        to_confirm=identity_matching.find_unconfirmed_object_id(person, identity),
        conflicts=disagreeing,
        explain_conflict=identity_sentences.explain_conflict,
        latest=latest,
        failures=failures,
        attributes=list(flatten(person.document)),
        details=_list_details(person, manager),
        manager=manager,
        groups=db.session.scalars(theirs.order_by(Group.display_name_key)).all(),
        sessions=number,
        problem=problem,
        form=form or RenameForm(user_name=person.user_name),
    )


def _list_details(person: User, manager: User | None) -> list[tuple[str, str]]:
    """Return what is known about a person, in words: first what the form has.

    A manager who is here is shown by name elsewhere, in place of the id.
    """
    known = {
        *person_details.PATHS.values(),
        *([attribute_words.MANAGER] if manager else []),
    }
    others = attribute_words.list_others(person.document, known)
    return [*person_form.list_details(person.document), *others]


def load_password(connection: Connection, person: User) -> dict[str, object]:
    """Return what the form for a new password shows."""
    return {
        "link_valid_until": password_links.find_expiry(connection, person.id),
        "refusal": password_links.explain_refusal(connection, person),
        "changed_at": password_links.write_changed_at(person),
        "nonce": secret_page.make_nonce(),
    }


def _has_other_name(person: User, identity: Identity | None) -> bool:
    """Does the user name of the linked Microsoft account differ from the local one?"""
    name = identity.user_name if identity is not None else ""
    return bool(name) and fold(name) != person.user_name_key


@blueprint.get("")
@access_control.administrator
def show(user_id: str) -> str:
    """Show a person: provisioned attributes, groups, and sign-in."""
    return render(user_id)


def change(
    user_id: str,
    apply: Callable[[Connection, Person], Any],
    done: str,
    **values: str,
) -> ResponseReturnValue:
    """Change a person, then redirect to their page with a message.

    The message is ``done``, a text marked for translation, with ``%(name)s`` for the
    user name and the ``values``.  If the change is refused, the page says why, with
    409.
    """

    def change_person(connection: Connection, _actor: Actor) -> Done:
        person = people.find_by_id(connection, user_id)
        apply(connection, person)
        address = url_for("person.show", user_id=user_id)
        return Done(_(done, name=person.user_name, **values), address)

    def refuse(error: errors.AccountError) -> ResponseReturnValue:
        if isinstance(error, (errors.BadName, ValueTaken)):
            raise error
        problem = changes.explain_refusal(error)
        return render(user_id, problem=problem), 409

    return changes.make(change_person, refuse)


@blueprint.post("/rename")
@access_control.administrator
@access_control.require_recent_authentication
def rename(user_id: str) -> ResponseReturnValue:
    """Change the user name of a local person; the form shows why if it is refused."""
    form = RenameForm()
    if not form.validate_on_submit():
        return render(user_id, form), 400
    user_name = form.user_name.data or ""

    def apply(connection: Connection, person: Person) -> None:
        access.rename(connection, person, user_name, signed_in.actor())

    try:
        done = marked("%(name)s is now named %(user_name)s.")
        return change(user_id, apply, done, user_name=user_name)
    except (errors.BadName, ValueTaken) as error:
        form.user_name.errors = [str(error)]
        status = 409 if isinstance(error, ValueTaken) else 400
        return render(user_id, form), status


@blueprint.post("/emergency-access")
@access_control.administrator
@access_control.require_recent_authentication
def set_emergency_access(user_id: str) -> ResponseReturnValue:
    """Grant or withdraw emergency access."""
    is_granted = read_switch("emergency")

    def apply(connection: Connection, person: Person) -> None:
        emergency_access.set_granted(
            connection, person, signed_in.actor(), granted=is_granted
        )

    granted = marked("%(name)s now has emergency access.")
    withdrawn = marked("%(name)s no longer has emergency access.")
    return change(user_id, apply, granted if is_granted else withdrawn)


@blueprint.post("/block")
@access_control.administrator
@access_control.require_recent_authentication
def set_block(user_id: str) -> ResponseReturnValue:
    """Block a person, regardless of what provisioning sends, or lift the block."""
    is_blocked = read_switch("blocked")

    def apply(connection: Connection, person: Person) -> None:
        access.set_blocked(connection, person, signed_in.actor(), blocked=is_blocked)

    blocked, lifted = (
        marked("%(name)s is blocked."),
        marked("%(name)s is no longer blocked."),
    )
    return change(user_id, apply, blocked if is_blocked else lifted)


def read_switch(name: str) -> bool:
    """Return whether a button sent "on" or "off"; anything else is answered 400."""
    wanted = request.form.get(name)
    if wanted not in ("on", "off"):
        abort(400, _("Use the buttons of the page."))
    return wanted == "on"


@blueprint.post("/take-back-link")
@access_control.administrator
@access_control.require_recent_authentication
def take_back_link(user_id: str) -> ResponseReturnValue:
    """Make a linked account local again, before provisioning has changed it."""

    def apply(connection: Connection, person: Person) -> None:
        linking.take_back(connection, person, signed_in.actor())

    try:
        return change(user_id, apply, marked("%(name)s is a local account again."))
    except linking.CannotLink as error:
        return render(user_id, problem=str(error)), 409


@blueprint.post("/confirm-object-id")
@access_control.administrator
@access_control.require_recent_authentication
def confirm_object_id(user_id: str) -> ResponseReturnValue:
    """Confirm that the object ID shown on the page belongs to this person."""
    object_id = request.form.get("object_id", "")

    def apply(connection: Connection, person: Person) -> None:
        confirming.confirm_object_id(connection, person, object_id, signed_in.actor())

    done = marked("%(name)s can now sign in with the Microsoft account %(object_id)s.")
    return change(user_id, apply, done, object_id=object_id)


@blueprint.post("/forget-microsoft")
@access_control.administrator
@access_control.require_recent_authentication
def forget_microsoft(user_id: str) -> ResponseReturnValue:
    """Unlink a person's Microsoft account, which resolves conflicts about it."""
    with authorized.write() as connection:
        person = people.find_by_id(connection, user_id)
        was_out = force.forbids_local_sign_in(connection, user_id)
        if not account_linking.unlink(connection, person, signed_in.actor()):
            abort(404)
        is_in_again = was_out and not force.forbids_local_sign_in(connection, user_id)
    flash(_("The Microsoft account is unlinked. The next sign-in is matched again."))
    if is_in_again and person.password_hash:
        flash(
            _(
                "The local password of %(user_name)s works again.",
                user_name=person.user_name,
            )
        )
    return redirect(url_for("person.show", user_id=user_id), 303)
