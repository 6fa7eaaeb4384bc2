"""Settings > Groups: the list of groups, and the page of one group."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template
from sqlalchemy import Connection, func, select

from netpresenter_next.directory import look_alikes, sorted_lists
from netpresenter_next.directory.searching import has_words
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    SortedRows,
    load_rows,
)
from netpresenter_next.lib.text import format_some
from netpresenter_next.pages.settings.lists import (
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, Group, User
from netpresenter_next.storage.totals import MOST_COUNTED, Counted
from netpresenter_next.web import access_control

blueprint = Blueprint("groups", __name__, url_prefix="/settings/groups")


@blueprint.get("")
@access_control.administrator
def list_groups() -> str:
    """List the groups, filtered by the search text of the address."""
    search = read_search_text()
    with database.read() as connection:
        if search:
            page = load_page(Group, _find(connection, search))
        else:
            total = totals.read(connection, Counted.GROUPS)
            page = load_page(Group, IndexedRows(connection, GROUPS), total)
        members = _count_members(connection, page.items)
    return render_template(
        "settings/groups.html",
        page=page,
        search=search,
        members=members,
        look_alikes=find_look_alikes(look_alikes.warn_about_groups, page),
    )


@blueprint.get("/<group_id>")
@access_control.administrator
def show(group_id: str) -> str:
    """Show a group and its members."""
    group = db.session.get(Group, group_id) or abort(404)
    with database.read() as connection:
        rows = sorted_lists.list_members(connection, group_id)
        page = load_page(User, rows)
        look_alike = look_alikes.warn_about_groups(connection, [group_id]).get(group_id)
    return render_template(
        "settings/group.html",
        group=group,
        page=page,
        members=format_some(page.total, MOST_COUNTED),
        is_by_age=page.total > MOST_COUNTED,
        look_alike=look_alike,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


def _find(connection: Connection, search: str) -> SortedRows:
    """Return the groups that a search finds, at most one more than MOST_COUNTED."""
    query = select(GROUPS.c.shown_name_key, GROUPS.c.id)
    query = query.where(has_words(search, GROUPS.c.shown_name_key))
    return load_rows(connection, query)


def _count_members(
    connection: Connection, groups: Sequence[Group]
) -> Mapping[str, str]:
    """Return the number of members of each group, by id; see ``totals.count_some``."""
    of_group = MEMBERSHIPS.c.group_id == GROUPS.c.id
    some = select(MEMBERSHIPS.c.user_id).where(of_group).limit(MOST_COUNTED + 1)
    number = select(func.count()).select_from(some.correlate(GROUPS).subquery())
    query = select(GROUPS.c.id, number.scalar_subquery()).where(
        GROUPS.c.id.in_([each.id for each in groups])
    )
    found = dict(connection.execute(query).all())
    return {each: format_some(found[each], MOST_COUNTED) for each in found}
