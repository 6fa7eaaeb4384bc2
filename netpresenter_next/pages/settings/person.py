"""What administrators decide about a person: name, role, emergency access, block."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    access,
    account_linking,
    deletions,
    errors,
    force,
    people,
)
from netpresenter_next.directory.uniqueness import Taken
from netpresenter_next.pages.settings import person_page
from netpresenter_next.pages.settings.person_page import RenameForm
from netpresenter_next.storage.choices import Role
from netpresenter_next.storage.models import ADMINISTRATOR, USER, Person
from netpresenter_next.web import access_control, authorized, signed_in

NAMES = {ADMINISTRATOR: "an administrator", USER: "a user"}
blueprint = Blueprint("people", __name__, url_prefix="/settings/users/<user_id>")


def _change(
    user_id: str, change: Callable[[Connection, Person], Any], done: str
) -> ResponseReturnValue:
    """Change a person and go back to their page; what is refused is a page of 409.

    ``done`` is what the page then says of them.
    """
    with authorized.write() as connection:
        person = people.find_by_id(connection, user_id)
        change(connection, person)
    flash(f"{person.user_name} {done}.")
    return redirect(url_for("settings.user", user_id=user_id), 303)


@blueprint.post("/rename")
@access_control.administrator
@access_control.require_recent_authentication
def rename(user_id: str) -> ResponseReturnValue:
    """Give a local person another user name; a form that is refused says why."""
    form = RenameForm()
    if not form.validate_on_submit():
        return person_page.render(user_id, form), 400
    user_name = form.user_name.data or ""

    def change(connection: Connection, person: Person) -> None:
        access.rename(connection, person, user_name, signed_in.actor())

    try:
        return _change(user_id, change, f"is now named {user_name}")
    except (errors.BadName, Taken) as error:
        form.user_name.errors = [str(error)]
        status = 409 if isinstance(error, Taken) else 400
        return person_page.render(user_id, form), status


@blueprint.post("/role")
@access_control.administrator
@access_control.require_recent_authentication
def set_role(user_id: str) -> ResponseReturnValue:
    """Give a person a role."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        abort(400, "Choose one of the roles.")

    def change(connection: Connection, person: Person) -> None:
        access.set_role(connection, person, role, signed_in.actor())

    return _change(user_id, change, f"is now {NAMES[role]}")


@blueprint.post("/emergency-access")
@access_control.administrator
@access_control.require_recent_authentication
def set_emergency_access(user_id: str) -> ResponseReturnValue:
    """Grant emergency access, or withdraw it."""
    is_granted = _is_on("emergency")

    def change(connection: Connection, person: Person) -> None:
        access.set_emergency(
            connection, person, signed_in.actor(), emergency=is_granted
        )

    has = "now has" if is_granted else "no longer has"
    return _change(user_id, change, f"{has} emergency access")


@blueprint.post("/block")
@access_control.administrator
@access_control.require_recent_authentication
def set_block(user_id: str) -> ResponseReturnValue:
    """Keep a person out, whatever provisioning says, or let them in again."""
    is_blocked = _is_on("blocked")

    def change(connection: Connection, person: Person) -> None:
        access.set_blocked(connection, person, signed_in.actor(), blocked=is_blocked)

    state = "blocked" if is_blocked else "no longer blocked"
    return _change(user_id, change, f"is {state}")


def _is_on(name: str) -> bool:
    """Return what a button says; neither on nor off is no answer."""
    wanted = request.form.get(name)
    if wanted not in ("on", "off"):
        abort(400, "Use the buttons of the page.")
    return wanted == "on"


@blueprint.post("/allow-again")
@access_control.administrator
@access_control.require_recent_authentication
def allow_again(user_id: str) -> ResponseReturnValue:
    """Let a sign-in create a deleted person again, who is blocked no more."""
    with authorized.write() as connection:
        name = deletions.allow_again(connection, user_id, signed_in.actor())
    flash(f"{name} can be created again by a sign-in.")
    return redirect(url_for("settings.deleted_users"), 303)


@blueprint.post("/lift-block")
@access_control.administrator
@access_control.require_recent_authentication
def lift_block(user_id: str) -> ResponseReturnValue:
    """Lift the block of a person who was deleted."""
    with authorized.write() as connection:
        name = deletions.lift_block(connection, user_id, signed_in.actor())
    flash(f"{name} is no longer blocked.")
    return redirect(url_for("settings.deleted_users"), 303)


@blueprint.post("/confirm-object-id")
@access_control.administrator
@access_control.require_recent_authentication
def confirm_object_id(user_id: str) -> ResponseReturnValue:
    """Give one's word that the object ID on the page is this person's."""
    object_id = request.form.get("object_id", "")

    def change(connection: Connection, person: Person) -> None:
        account_linking.confirm(connection, person, object_id, signed_in.actor())

    try:
        done = f"can now sign in with the Microsoft account {object_id}"
        return _change(user_id, change, done)
    except account_linking.CannotConfirm as error:
        return person_page.render(user_id, problem=str(error)), 409


@blueprint.post("/forget-microsoft")
@access_control.administrator
@access_control.require_recent_authentication
def forget_microsoft(user_id: str) -> ResponseReturnValue:
    """Forget a person's Microsoft identity: the way out of a conflict."""
    with authorized.write() as connection:
        person = people.find_by_id(connection, user_id)
        was_out = force.forbids_local_sign_in(connection, user_id)
        if not account_linking.disconnect(connection, person, signed_in.actor()):
            abort(404)
        is_in_again = was_out and not force.forbids_local_sign_in(connection, user_id)
    flash("The Microsoft account is unlinked. The next sign-in is matched again.")
    if is_in_again and person.password_hash:
        flash(f"The local password of {person.user_name} works again.")
    return redirect(url_for("settings.user", user_id=user_id), 303)
