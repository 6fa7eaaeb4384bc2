"""Settings > Groups > a local group: choosing people to add, over several searches."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    look_alikes,
    membership_rows,
    people_filters,
    search_index,
    searching,
    sorted_lists,
)
from netpresenter_next.directory.searching import FoundPeople
from netpresenter_next.directory.sorted_lists import SortedRows
from netpresenter_next.pages.settings.lists import (
    LONGEST_SEARCH,
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import USERS, Group, User
from netpresenter_next.storage.totals import Counted
from netpresenter_next.web import access_control

# How many choices the address keeps, so that it is not too long for a server.
MOST_KEPT = 100
# What the buttons of the list say about where to go.
POSITIONS = ("after", "before", "last")

blueprint = Blueprint(
    "group_candidates", __name__, url_prefix="/settings/groups/<group_id>/add"
)


@blueprint.get("")
@access_control.administrator
def choose(group_id: str) -> str:
    """List everybody, or whom a search finds, to add some of them to the group.

    Whom the address names as chosen before is listed first.
    """
    group = db.session.get(Group, group_id) or abort(404)
    search, found = read_search_text(), None
    ticked = set(request.args.getlist("person")[:MOST_KEPT])
    if search:
        search_index.index_if_free()
    with database.read() as connection:
        if search:
            found = searching.find_people(connection, search)
        rows = _list_people(connection, found)
        total = None if found else totals.read(connection, Counted.USERS)
        page = load_page(User, rows, total)
        ids = [each.id for each in page.items]
        members = membership_rows.filter_members(connection, group_id, ids)
    return render_template(
        "settings/add_to_group.html",
        group=group,
        page=page,
        search=search,
        notices=found.notices if found else (),
        members=members,
        ticked=ticked,
        chosen=_load_people(ticked.difference(ids)),
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


def _list_people(connection: Connection, found: FoundPeople | None) -> SortedRows:
    if found is None:
        return sorted_lists.IndexedRows(connection, USERS)
    everybody = people_filters.Filter()
    return people_filters.list_found(connection, found.ids, everybody)


def _load_people(ids: Collection[str]) -> Sequence[User]:
    if not ids:
        return []
    query = select(User).where(User.id.in_(ids)).order_by(User.user_name_key)
    return db.session.scalars(query).all()


@blueprint.post("/keep")
@access_control.administrator
def keep(group_id: str) -> ResponseReturnValue:
    """Search, or show another page of the list, and keep who is chosen already."""
    chosen = dict.fromkeys(request.form.getlist("person"))
    parts: dict[str, Any] = {
        name: request.form[name] for name in POSITIONS if name in request.form
    }
    parts["q"] = request.form.get("q", "").strip()[:LONGEST_SEARCH] or None
    parts["person"] = list(chosen)[:MOST_KEPT]
    address = url_for("group_candidates.choose", group_id=group_id, **parts)
    return redirect(address, 303)
