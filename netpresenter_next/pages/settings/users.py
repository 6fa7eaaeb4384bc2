"""Settings > Users: the list of people, and the people that provisioning deleted."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from sqlalchemy import ColumnElement, and_, select

from netpresenter_next.directory import deletions, look_alikes
from netpresenter_next.pages.settings.lists import (
    contains,
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import User
from netpresenter_next.web import access_control

blueprint = Blueprint("users", __name__, url_prefix="/settings/users")

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
def list_users() -> str:
    """List the people, with the search text and filters of the address."""
    search = read_search_text()
    query = select(User).order_by(User.shown_name_key, User.id)
    keys = (User.shown_name_key, User.user_name_key, User.work_email_key)
    if search:
        query = query.where(contains(search, *keys))
    for name, choices in (("source", SOURCES), ("status", STATUSES)):
        if (chosen := request.args.get(name, "")) in choices:
            query = query.where(choices[chosen])
    page = load_page(query)
    return render_template(
        "settings/users.html",
        page=page,
        search=search,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


@blueprint.get("/deleted")
@access_control.administrator
def list_deleted() -> str:
    """List the people that provisioning deleted, the blocked ones first."""
    with database.read() as connection:
        people = deletions.list_newest(connection)
        count = deletions.count_deleted(connection)
    return render_template("settings/deleted.html", people=people, count=count)
