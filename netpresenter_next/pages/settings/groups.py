"""Settings > Groups: the list of groups, and the page of one group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, abort, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import Connection, func, select
from wtforms import StringField
from wtforms.validators import InputRequired

from netpresenter_next.directory import (
    journal,
    look_alikes,
    people_filters,
    role_mappings,
    search_index,
    searching,
    sorted_lists,
)
from netpresenter_next.directory.journal import Filter
from netpresenter_next.directory.searching import FoundPeople, has_words
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    SortedRows,
    load_rows,
)
from netpresenter_next.lib.text import format_some
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.pages.log_entries import LogEntry
from netpresenter_next.pages.settings.lists import (
    ListPage,
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.pages.settings.logs import make_entries
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, Group, User
from netpresenter_next.storage.totals import MOST_COUNTED, Counted
from netpresenter_next.web import access_control

blueprint = Blueprint("groups", __name__, url_prefix="/settings/groups")
# Whether a group is local, by the source in the address.
SOURCES = {"entra": False, "local": True}
# So many of the latest changes are on the page of a group.
MOST_ENTRIES = 10


class NameForm(FlaskForm):
    """The name of a local group."""

    display_name = StringField(_l("Name"), [InputRequired(_l("Enter a name."))])


class Shown(NamedTuple):
    """What the list shows of a group: how many members it has, and its role."""

    members: str
    is_mapped: bool


@dataclass(frozen=True)
class Members:
    """The members of a group whom its page lists, or those whom a search found."""

    page: ListPage[User]
    # How many there are, and whether they are too many to be sorted by name.
    number: str
    is_by_age: bool
    found: FoundPeople | None


@blueprint.get("")
@access_control.administrator
def list_groups() -> str:
    """List the groups, filtered by the search text and the source of the address."""
    search, source = read_search_text(), request.args.get("source", "")
    with database.read() as connection:
        page = _load_groups(connection, search, SOURCES.get(source))
        shown = _describe(connection, page.items)
    return render_template(
        "settings/groups.html",
        page=page,
        search=search,
        source=source if source in SOURCES else "",
        shown=shown,
        look_alikes=find_look_alikes(look_alikes.warn_about_groups, page),
    )


def _load_groups(
    connection: Connection, search: str, is_local: bool | None
) -> ListPage[Group]:
    kinds = [] if is_local is None else [GROUPS.c.is_local == is_local]
    if search:
        query = select(GROUPS.c.shown_name_key, GROUPS.c.id).where(*kinds)
        found = query.where(has_words(search, GROUPS.c.shown_name_key))
        return load_page(Group, load_rows(connection, found))
    total = totals.read(connection, Counted.GROUPS)
    if is_local is None:
        return load_page(Group, IndexedRows(connection, GROUPS), total)
    provisioned = totals.read(connection, Counted.VISIBLE_GROUPS)
    rows = IndexedRows(connection, GROUPS, kinds)
    return load_page(Group, rows, total - provisioned if is_local else provisioned)


def _describe(connection: Connection, groups: Sequence[Group]) -> Mapping[str, Shown]:
    """Return what the list shows of each group, by id; see ``totals.count_some``."""
    of_group = MEMBERSHIPS.c.group_id == GROUPS.c.id
    some = select(MEMBERSHIPS.c.user_id).where(of_group).limit(MOST_COUNTED + 1)
    number = select(func.count()).select_from(some.correlate(GROUPS).subquery())
    columns = (GROUPS.c.id, number.scalar_subquery())
    query = select(*columns, role_mappings.is_mapped(GROUPS.c.id)).where(
        GROUPS.c.id.in_([each.id for each in groups])
    )
    return {
        group_id: Shown(format_some(members, MOST_COUNTED), is_mapped)
        for group_id, members, is_mapped in connection.execute(query)
    }


# ------------------------------------------------------------------ one group
@blueprint.get("/<group_id>")
@access_control.administrator
def show(group_id: str) -> str:
    """Show a group and its members, or those whom a search finds."""
    return render(group_id)


def render(group_id: str, form: NameForm | None = None, problem: str = "") -> str:
    """Render the page of a group; 404 if there is none with that id.

    ``form`` is a form for another name with its errors; ``problem`` is the error of any
    other action.
    """
    group = db.session.get(Group, group_id) or abort(404)
    search = read_search_text()
    if search:
        search_index.index_if_free()
    with database.read() as connection:
        members = _load_members(connection, group_id, search)
        look_alike = look_alikes.warn_about_groups(connection, [group_id]).get(group_id)
        entries = _read_latest(connection, group_id)
        is_mapped = _describe(connection, [group])[group_id].is_mapped
    return render_template(
        "settings/group.html",
        group=group,
        form=form or NameForm(formdata=None, display_name=group.display_name),
        problem=problem,
        members=members,
        page=members.page,
        search=search,
        is_mapped=is_mapped,
        entries=entries,
        look_alike=look_alike,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, members.page),
    )


def _load_members(connection: Connection, group_id: str, search: str) -> Members:
    rows: SortedRows = sorted_lists.list_members(connection, group_id)
    number = rows.count()
    found: FoundPeople | None = None
    if search:
        found = searching.find_people(connection, search, group_id=group_id)
        everybody = people_filters.Filter()
        rows = people_filters.list_found(connection, found.ids, everybody)
    return Members(
        page=load_page(User, rows),
        number=format_some(number, MOST_COUNTED),
        is_by_age=found is None and number > MOST_COUNTED,
        found=found,
    )


def _read_latest(connection: Connection, group_id: str) -> Sequence[LogEntry]:
    """Return the latest changes of a group, by provisioning and by administrators."""
    about = Filter(target_id=group_id)
    return make_entries(journal.read(connection, about, None, MOST_ENTRIES).rows)
