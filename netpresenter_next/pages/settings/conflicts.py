"""Settings > Conflicts: the queue, what is linked together, and who is kept apart."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import (
    conflict_decisions,
    conflict_queue,
    look_alikes,
    new_administrators,
    sign_in_settings,
)
from netpresenter_next.directory.errors import AccountError
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.pages import changes, conflict_sentences, identity_sentences
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings.lists import load_rows_of_page
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    administrator_notices,
    authorized,
    signed_in,
)

blueprint = Blueprint("conflicts", __name__, url_prefix="/settings/conflicts")


@blueprint.app_template_global()
def open_conflicts() -> int:
    """Return the number of open conflicts, for the menu; see ``count_some``."""
    notices = administrator_notices.load()
    return notices.open_conflicts if notices else 0


@blueprint.get("")
@access_control.administrator
def list_conflicts() -> str:
    """List the conflicts of the kind that the address names, the newest first."""
    return render()


def render(problem: str = "") -> str:
    """Render the queue; ``problem`` is why a decision was refused."""
    kind = request.args.get("kind", "")
    kind = kind if kind in conflict_queue.KINDS else ""
    with database.read() as connection:
        rows = conflict_queue.list_conflicts(connection, kind)
        load = partial(conflict_queue.read_conflicts, connection)
        page = load_rows_of_page(load, rows)
        unconfirmed = conflict_queue.list_unconfirmed(connection)
        named = {each.user_id for each in page.items} | {
            each.id for each in unconfirmed
        }
        return render_template(
            "settings/conflicts/conflicts.html",
            page=page,
            problem=problem,
            kind=kind,
            kinds={
                kind: _(name) for kind, name in conflict_sentences.KIND_NAMES.items()
            },
            # Only where the button would link somebody.
            has_matches=kind in ("", "provisioning")
            and bool(conflict_decisions.list_matches(connection)),
            unconfirmed=unconfirmed if kind in ("", "administrators") else [],
            new_administrators=new_administrators.list_unseen(connection),
            look_alikes=look_alikes.warn_about_people(connection, named),
            explain_conflict=identity_sentences.explain_conflict,
            settings=sign_in_settings.read_settings(connection),
        )


@blueprint.post("/same-user-name")
@access_control.administrator
@access_control.require_recent_authentication
def choose() -> ResponseReturnValue:
    """Choose what happens when a local account has the same user name."""
    chosen, queue = request.form.get("choice"), url_for("conflicts.list_conflicts")
    if chosen not in ("ask", "link"):
        return redirect(queue, 303)

    def change(connection: Connection, actor: Actor) -> Done:
        values = {"link_automatically": chosen == "link"}
        sign_in_settings.set_options(connection, actor, values)
        return Done(_("Saved."), queue)

    return changes.make(change)


# --------------------------------------------------------------- link together
@blueprint.get("/link-matches")
@access_control.administrator
def show_matches() -> str:
    """List the accounts that may be linked together, before that is confirmed."""
    with database.read() as connection:
        matches = conflict_decisions.list_matches(connection)
        ids = {each.person.id for each in matches}
        warnings = look_alikes.warn_about_people(connection, ids)
    return render_template(
        "settings/conflicts/matches.html", matches=matches, look_alikes=warnings
    )


@blueprint.post("/link-matches")
@access_control.administrator
@access_control.require_recent_authentication
def link_matches() -> ResponseReturnValue:
    """Link the accounts that were listed, unless something about them has changed."""
    listed = request.form.getlist("match")[: conflict_decisions.MOST_LINKED]
    shown = dict(each.split(" ", 1) for each in listed if " " in each)
    with authorized.write() as connection:
        number = conflict_decisions.link_matches(connection, shown, signed_in.actor())
    flash(ngettext("Linked: %(num)s account.", "Linked: %(num)s accounts.", number))
    if number < len(shown):
        flash(
            ngettext(
                "%(num)s account changed in the meantime, or could not be linked: look "
                "again.",
                "%(num)s accounts changed in the meantime, or could not be linked: "
                "look again.",
                len(shown) - number,
            )
        )
    return redirect(url_for("conflicts.list_conflicts"), 303)


# --------------------------------------------------------------- kept apart
@blueprint.get("/kept-apart")
@access_control.administrator
def list_decisions() -> str:
    """List the decisions that an account and a claimant are two people."""
    with database.read() as connection:
        rows = conflict_queue.list_decisions(connection)
        load = partial(conflict_queue.read_decisions, connection)
        page = load_rows_of_page(load, rows)
    return render_template("settings/conflicts/kept_apart.html", page=page)


@blueprint.post("/kept-apart/<decision_id>/take-back")
@access_control.administrator
@access_control.require_recent_authentication
def take_decision_back(decision_id: str) -> ResponseReturnValue:
    """Take back that two are kept apart; the next clash is a conflict again."""
    decisions = url_for("conflicts.list_decisions")

    def change(connection: Connection, actor: Actor) -> Done:
        conflict_decisions.take_decision_back(connection, decision_id, actor)
        message = _(
            "Taken back. The conflict appears again if provisioning finds it again."
        )
        return Done(message, decisions)

    def refuse(error: AccountError) -> ResponseReturnValue:
        flash(str(error))
        return redirect(decisions, 303)

    return changes.make(change, refuse)
