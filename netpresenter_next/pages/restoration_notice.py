"""The notice for administrators to restart provisioning after a restore."""

from typing import NamedTuple

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import restorations
from netpresenter_next.directory.restorations import Cycle
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    redirects,
    signed_in,
)

MOST_PEOPLE = 5

blueprint = Blueprint("restoration_notice", __name__, url_prefix="/settings")


class Notice(NamedTuple):
    """The values that the notice shows."""

    cycle: Cycle
    came: int
    missing: list[str]  # names; empty while too many are missing
    people: list[str]  # the first of those who may have access again
    more_people: int


@blueprint.app_template_global()
def restoration_notice() -> Notice | None:
    """Return the notice for pages of administrators, or None."""
    cycle = context.current().cycle_watch.cycle
    if cycle is None or not signed_in.is_signed_in():
        return None
    if not signed_in.current().user.is_administrator:
        return None
    with database.read() as connection:
        missing = restorations.list_missing_names(connection, cycle)
    people = [name for name, _ in cycle.facts["people"][:MOST_PEOPLE]]
    return Notice(
        cycle=cycle,
        came=cycle.total - len(cycle.missing),
        missing=list(missing),
        people=people,
        more_people=cycle.facts["people_number"] - len(people),
    )


@blueprint.post("/restorations/<restoration_id>/dismiss")
@access_control.administrator
def dismiss(restoration_id: str) -> ResponseReturnValue:
    """Dismiss the notice, whether or not a full provisioning cycle was received."""
    watch = context.current().cycle_watch
    with authorized.write() as connection:
        is_done = watch.dismiss(connection, restoration_id, signed_in.actor())
    if is_done:
        watch.forget()
    return redirect(redirects.find_page(request.form.get("next")), 303)
