"""Settings: the overview, and the people and groups; ``people`` changes one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from netpresenter_next.directory import deletions, look_alikes
from netpresenter_next.lib.text import fold, whole_number
from netpresenter_next.pages.settings import person_page
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group, Membership, User
from netpresenter_next.web import access_control

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

PAGE_SIZE = 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200

SOURCES: Mapping[str, ColumnElement[bool]] = {
    "entra": User.source == Source.PROVISIONED,
    "local": User.source != Source.PROVISIONED,
}
STATUSES: Mapping[str, ColumnElement[bool]] = {
    "active": and_(User.active, ~User.is_blocked),
    "disabled": ~User.active,
    "blocked": User.is_blocked.is_(True),
}


@blueprint.get("")
@access_control.administrator
def overview() -> str:
    """Show what there is to set, on cards."""
    return render_template(
        "settings/overview.html", users=_count(User), groups=_count(Group)
    )


@blueprint.get("/users")
@access_control.administrator
def users() -> str:
    """List the people, searched and filtered by what the address says."""
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    query = select(User).order_by(User.shown_name_key, User.id)
    keys = (User.shown_name_key, User.user_name_key, User.work_email_key)
    if search:
        query = query.where(_holds(search, *keys))
    for name, choices in (("source", SOURCES), ("status", STATUSES)):
        if (chosen := request.args.get(name, "")) in choices:
            query = query.where(choices[chosen])
    page = _page(query)
    return render_template(
        "settings/users.html",
        page=page,
        search=search,
        look_alikes=_look_alikes(look_alikes.of_people, page),
    )


@blueprint.get("/users/<user_id>")
@access_control.administrator
def user(user_id: str) -> str:
    """Show a person: what was provisioned, groups, sign-in."""
    return person_page.render(user_id)


@blueprint.get("/users/deleted")
@access_control.administrator
def deleted_users() -> str:
    """List whom provisioning deleted: who is blocked, and whom no sign-in creates."""
    with database.read() as connection:
        people = deletions.list_newest(connection)
        count = deletions.count_deleted(connection)
    return render_template("settings/deleted.html", people=people, count=count)


@blueprint.get("/groups")
@access_control.administrator
def groups() -> str:
    """List the groups."""
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    query = select(Group).order_by(Group.display_name_key, Group.id)
    if search:
        query = query.where(_holds(search, Group.display_name_key))
    page = _page(query)
    return render_template(
        "settings/groups.html",
        page=page,
        search=search,
        members=_members(page.items),
        look_alikes=_look_alikes(look_alikes.of_groups, page),
    )


@blueprint.get("/groups/<group_id>")
@access_control.administrator
def group(group_id: str) -> str:
    """Show a group and its members."""
    found = db.session.get(Group, group_id) or abort(404)
    members = select(User).join(Membership, Membership.user_id == User.id)
    theirs = members.where(Membership.group_id == group_id)
    page = _page(theirs.order_by(User.shown_name_key, User.id))
    with database.read() as connection:
        look_alike = look_alikes.of_groups(connection, [group_id]).get(group_id)
    return render_template(
        "settings/group.html",
        group=found,
        page=page,
        look_alike=look_alike,
        look_alikes=_look_alikes(look_alikes.of_people, page),
    )


def _look_alikes(
    of: Callable[[Connection, Collection[str]], Mapping[str, str]], page: Pagination
) -> Mapping[str, str]:
    """Say which of the people or groups of a page look like another, by id."""
    with database.read() as connection:
        return of(connection, [each.id for each in page.items])


def _count(model: type[User] | type[Group]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _members(groups: Sequence[Group]) -> Mapping[str, int]:
    """Count the members of each of these groups."""
    query = (
        select(Membership.group_id, func.count())
        .where(Membership.group_id.in_([group.id for group in groups]))
        .group_by(Membership.group_id)
    )
    counted = dict(db.session.execute(query).all())
    return {group.id: counted.get(group.id, 0) for group in groups}


def _holds(text: str, *columns: Any) -> ColumnElement[bool]:
    """Match rows of which a folded column holds the text anywhere."""
    return or_(*(column.contains(fold(text), autoescape=True) for column in columns))


def _page(query: Select[Any]) -> Pagination:
    number = whole_number(request.args.get("page"), 1, LAST_PAGE) or 1
    return db.paginate(query, page=number, per_page=PAGE_SIZE, error_out=False)
