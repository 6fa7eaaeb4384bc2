"""Settings > Groups: what administrators do with a local group.

What Microsoft Entra ID manages is shown, but locked.
"""

import time
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    errors,
    local_groups,
    sorted_lists,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.groups import NameTaken
from netpresenter_next.directory.local_groups import Removal
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, ngettext
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings import groups
from netpresenter_next.pages.settings.groups import NameForm
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group
from netpresenter_next.web import access_control, authorized, signed_in

# Seconds for which a request removes members.
LONGEST_WORK = 10.0

blueprint = Blueprint("local_groups", __name__, url_prefix="/settings/groups")


def _address_of(group_id: str) -> str:
    return url_for("groups.show", group_id=group_id)


def _refuse(group_id: str, error: errors.AccountError) -> ResponseReturnValue:
    """Show the page of the group again, with the reason of a refusal."""
    problem = changes.explain_refusal(error)
    return groups.render(group_id, problem=problem), 409


def _note_problem(form: NameForm, error: errors.AccountError) -> int:
    """Write at the name why it is refused; returns the status code."""
    form.display_name.errors = [str(error)]
    return 409 if isinstance(error, NameTaken) else 400


# ------------------------------------------------------------------ the group
@blueprint.get("/new")
@access_control.administrator
def show_form() -> str:
    """Show the form for a new local group."""
    return render_template("settings/new_group.html", form=NameForm())


@blueprint.post("/new")
@access_control.administrator
@access_control.require_recent_authentication
def make() -> ResponseReturnValue:
    """Make a local group, and go to the page on which people are added to it."""
    form = NameForm()
    if not form.validate_on_submit():
        return render_template("settings/new_group.html", form=form), 400
    try:
        with authorized.write() as connection:
            name = form.display_name.data or ""
            group = local_groups.make(connection, name, signed_in.actor())
    except errors.AccountError as error:
        status = _note_problem(form, error)
        return render_template("settings/new_group.html", form=form), status
    flash(
        _(
            "The group %(display_name)s is made. Now add people to it.",
            display_name=group.display_name,
        )
    )
    return redirect(url_for("group_candidates.choose", group_id=group.id), 303)


@blueprint.post("/<group_id>/rename")
@access_control.administrator
@access_control.require_recent_authentication
def rename(group_id: str) -> ResponseReturnValue:
    """Give a local group another name; 409 if Microsoft Entra ID manages it."""
    form = NameForm()
    if not form.validate_on_submit():
        return groups.render(group_id, form), 400

    def change(connection: Connection, actor: Actor) -> Done:
        group = local_groups.find_by_id(connection, group_id)
        name = form.display_name.data or ""
        renamed = local_groups.rename(connection, group, name, actor)
        said = _(
            "%(former)s is now named %(name)s.",
            former=group.display_name,
            name=renamed.display_name,
        )
        return Done(said, _address_of(group_id))

    def refuse(error: errors.AccountError) -> ResponseReturnValue:
        if isinstance(error, local_groups.Managed):
            return _refuse(group_id, error)
        status = _note_problem(form, error)
        return groups.render(group_id, form), status

    return changes.make(change, refuse)


# ------------------------------------------------------------------ its members
@blueprint.post("/<group_id>/add")
@access_control.administrator
@access_control.require_recent_authentication
def add_people(group_id: str) -> ResponseReturnValue:
    """Add the chosen people to a local group."""
    chosen = request.form.getlist("person")

    def change(connection: Connection, actor: Actor) -> Done:
        group = local_groups.find_by_id(connection, group_id)
        number = local_groups.add_members(connection, group, chosen, actor)
        said = ngettext(
            "%(num)s person was added to %(group)s.",
            "%(num)s people were added to %(group)s.",
            number,
            group=group.display_name,
        )
        return Done(said if number else _("Nobody was added."), _address_of(group_id))

    return changes.make(change, lambda error: _refuse(group_id, error))


@blueprint.post("/<group_id>/remove")
@access_control.administrator
@access_control.require_recent_authentication
def remove_people(group_id: str) -> ResponseReturnValue:
    """Remove the chosen people from a local group."""
    chosen = request.form.getlist("person")

    def change(connection: Connection, actor: Actor) -> Done:
        group = local_groups.find_by_id(connection, group_id)
        number = local_groups.remove_members(connection, group, chosen, actor)
        return Done(_describe_removal(group, number), _address_of(group_id))

    return changes.make(change, lambda error: _refuse(group_id, error))


def _describe_removal(group: Group, number: int) -> str:
    if not number:
        return _("Nobody was removed.")
    return ngettext(
        "%(num)s person was removed from %(group)s.",
        "%(num)s people were removed from %(group)s.",
        number,
        group=group.display_name,
    )


# ------------------------------------------------------------------ no way back
@blueprint.get("/<group_id>/empty")
@access_control.administrator
def confirm_emptying(group_id: str) -> str:
    """Show what removing everybody from a local group means."""
    return _render_confirmation(
        group_id, marked("Remove everybody from %(group)s"), "empty"
    )


@blueprint.post("/<group_id>/empty")
@access_control.administrator
@access_control.require_recent_authentication
def empty(group_id: str) -> ResponseReturnValue:
    """Remove everybody from a local group, or as many as a request may take."""
    return _remove_in_parts(group_id, local_groups.empty)


@blueprint.get("/<group_id>/delete")
@access_control.administrator
def confirm_deletion(group_id: str) -> str:
    """Show what deleting a local group means."""
    return _render_confirmation(group_id, marked("Delete %(group)s"), "delete")


def _render_confirmation(group_id: str, title: str, act: str) -> str:
    group = db.session.get(Group, group_id) or abort(404)
    with database.read() as connection:
        number = sorted_lists.list_members(connection, group_id).count()
    return render_template(
        "settings/confirm_group.html",
        group=group,
        title=_(title, group=group.display_name),
        act=act,
        members=number,
    )


@blueprint.post("/<group_id>/delete")
@access_control.administrator
@access_control.require_recent_authentication
def delete(group_id: str) -> ResponseReturnValue:
    """Delete a local group, but not its members, or go on with it."""
    return _remove_in_parts(group_id, local_groups.delete)


def _remove_in_parts(
    group_id: str, remove: Callable[..., Removal]
) -> ResponseReturnValue:
    """Empty or delete a group for some seconds; the question is asked again if needed.

    What was removed until then stays, and the page says how many are left.
    """
    end = time.monotonic() + LONGEST_WORK
    actor = signed_in.actor()
    try:
        done = remove(authorized.write, group_id, actor, lambda: time.monotonic() > end)
    except errors.NoSuchGroup:
        raise
    except errors.AccountError as error:
        return _refuse(group_id, error)
    if not done.is_done:
        flash(_describe_rest(done))
        return redirect(request.path, 303)
    if remove is local_groups.empty:
        flash(_describe_removal(done.group, done.removed))
        return redirect(_address_of(group_id), 303)
    name = done.group.display_name
    flash(_("The group %(display_name)s is deleted.", display_name=name))
    return redirect(url_for("groups.list_groups"), 303)


def _describe_rest(done: Removal) -> str:
    return ngettext(
        "This is not complete: %(num)s person is left in %(group)s. To go on, confirm "
        "it again.",
        "This is not complete: %(num)s people are left in %(group)s. To go on, confirm "
        "it again.",
        done.left,
        group=done.group.display_name,
    )
