"""Settings > Groups: the list of groups, and the page of one group."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template
from sqlalchemy import func, select

from netpresenter_next.directory import look_alikes
from netpresenter_next.pages.settings.lists import (
    contains,
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group, Membership, User
from netpresenter_next.web import access_control

blueprint = Blueprint("groups", __name__, url_prefix="/settings/groups")


@blueprint.get("")
@access_control.administrator
def list_groups() -> str:
    """List the groups, filtered by the search text of the address."""
    search = read_search_text()
    query = select(Group).order_by(Group.shown_name_key, Group.id)
    if search:
        query = query.where(contains(search, Group.shown_name_key))
    page = load_page(query)
    return render_template(
        "settings/groups.html",
        page=page,
        search=search,
        members=_count_members(page.items),
        look_alikes=find_look_alikes(look_alikes.warn_about_groups, page),
    )


@blueprint.get("/<group_id>")
@access_control.administrator
def show(group_id: str) -> str:
    """Show a group and its members."""
    group = db.session.get(Group, group_id) or abort(404)
    members = select(User).join(Membership, Membership.user_id == User.id)
    theirs = members.where(Membership.group_id == group_id)
    page = load_page(theirs.order_by(User.shown_name_key, User.id))
    with database.read() as connection:
        look_alike = look_alikes.warn_about_groups(connection, [group_id]).get(group_id)
    return render_template(
        "settings/group.html",
        group=group,
        page=page,
        look_alike=look_alike,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


def _count_members(groups: Sequence[Group]) -> Mapping[str, int]:
    """Return the number of members of each group, by id."""
    query = (
        select(Membership.group_id, func.count())
        .where(Membership.group_id.in_([group.id for group in groups]))
        .group_by(Membership.group_id)
    )
    numbers = dict(db.session.execute(query).all())
    return {group.id: numbers.get(group.id, 0) for group in groups}
