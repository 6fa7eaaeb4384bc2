"""Settings > Leavers > Clean up: deleting people who were disabled long ago."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import clean_up
from netpresenter_next.directory.clean_up import Chosen, CleanUp, Position
from netpresenter_next.lib.text import parse_whole_number
from netpresenter_next.lib.timestamps import read_timestamp, write_timestamp
from netpresenter_next.lib.translation import format_number, ngettext
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.web import access_control, authorized, signed_in

blueprint = Blueprint("clean_up", __name__, url_prefix="/settings/leavers/clean-up")
PAGE_SIZE = clean_up.MOST_AT_ONCE


@blueprint.get("")
@access_control.administrator
def choose() -> ResponseReturnValue:
    """List the people who are disabled for longer than the days of the address."""
    return _render_list()


def _render_list(problem: str = "") -> ResponseReturnValue:
    days = _read_days()
    if days is None:
        problem = _(
            "Choose a number of days from %(fewest)s to %(most)s.",
            fewest=clean_up.FEWEST_DAYS,
            most=format_number(clean_up.MOST_DAYS),
        )
    with database.read() as connection:
        cut = clean_up.calculate_cut(days or clean_up.SUGGESTED_DAYS)
        found = clean_up.list_page(connection, cut, _read_position(), PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE] if days else []
    after = _write_position(shown[-1]) if len(found) > len(shown) > 0 else ""
    page = render_template(
        "settings/leavers/clean_up.html",
        days=request.values.get("days", str(clean_up.SUGGESTED_DAYS)),
        people=shown,
        after=after,
        problem=problem,
        most_groups=clean_up.MOST_GROUPS,
    )
    return page, 400 if problem else 200


@blueprint.get("/confirm")
@access_control.administrator
def confirm() -> ResponseReturnValue:
    """Show the chosen people once more, before they are deleted."""
    days, ids = _read_days(), request.args.getlist("person")
    if days is None or not ids:
        return _render_list(_("Choose at least one person."))
    with database.read() as connection:
        found = clean_up.find(connection, clean_up.calculate_cut(days), ids)
    if not found:
        return _render_list(_("None of these people is disabled for so long any more."))
    return render_template(
        "settings/leavers/confirm_clean_up.html",
        days=days,
        people=[(each, clean_up.make_fingerprint(each)) for each in found],
        number=len(found),
        most_groups=clean_up.MOST_GROUPS,
    )


@blueprint.post("/delete")
@access_control.administrator
@access_control.require_recent_authentication
def delete() -> ResponseReturnValue:
    """Delete the confirmed people, except those who changed since they were shown."""
    days, chosen = _read_days(), _read_chosen()
    if days is None or not chosen:
        return _render_list(_("Choose at least one person."))
    with authorized.write() as connection:
        cut = clean_up.calculate_cut(days)
        done = clean_up.delete(connection, cut, chosen, signed_in.actor())
    _flash_result(done)
    return redirect(url_for("clean_up.choose", days=days), 303)


def _flash_result(done: CleanUp) -> None:
    if done.deleted:
        flash(
            ngettext(
                "%(num)s person was deleted: %(names)s.",
                "%(num)s people were deleted: %(names)s.",
                len(done.deleted),
                names=", ".join(done.deleted),
            )
        )
    else:
        flash(_("Nobody was deleted."))
    if done.kept:
        flash(
            _(
                "Kept, because they changed after you looked, or must stay "
                "administrator: %(names)s.",
                names=", ".join(done.kept),
            )
        )


def _read_days() -> int | None:
    text = request.values.get("days", str(clean_up.SUGGESTED_DAYS))
    return parse_whole_number(text, clean_up.FEWEST_DAYS, clean_up.MOST_DAYS)


def _read_chosen() -> Sequence[Chosen]:
    """Return the people of the form, each an id and a fingerprint."""
    texts = (each.partition(" ") for each in request.form.getlist("chosen"))
    return [Chosen(user_id, fingerprint) for user_id, _space, fingerprint in texts]


def _read_position() -> Position | None:
    at, _underscore, user_id = request.args.get("after", "").partition("_")
    timestamp = read_timestamp(at)
    return Position(timestamp, user_id) if timestamp and user_id else None


def _write_position(person: clean_up.LongDisabled) -> str:
    return f"{write_timestamp(person.disabled_at)}_{person.id}"
