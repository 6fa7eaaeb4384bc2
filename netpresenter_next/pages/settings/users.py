"""Settings > Users: the list of people, and the people that provisioning deleted."""

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from flask import Blueprint, render_template, request
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from netpresenter_next.directory import (
    deletions,
    look_alikes,
    mapping_check,
    search_index,
)
from netpresenter_next.directory.searching import FoundPeople, find_people
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    SortedRows,
    load_rows,
)
from netpresenter_next.pages.settings.lists import (
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS, User
from netpresenter_next.storage.statements import list_of
from netpresenter_next.storage.totals import Counted
from netpresenter_next.web import access_control

blueprint = Blueprint("users", __name__, url_prefix="/settings/users")

SOURCES: Mapping[str, Collection[Source]] = {
    "entra": (Source.PROVISIONED,),
    "local": (Source.LOCAL, Source.CLAIMABLE),
}
# Is somebody active, and are they blocked?
STATUSES: Mapping[str, Collection[tuple[bool, bool]]] = {
    "active": ((True, False),),
    "disabled": ((False, False), (False, True)),
    "blocked": ((True, True), (False, True)),
}
# A status of its own: these people are provisioned, whatever the source.
NO_OBJECT_ID = "no-object-id"


@blueprint.get("")
@access_control.administrator
def list_users() -> str:
    """List the people, with the search text and filters of the address."""
    search, kinds, found = read_search_text(), _read_kinds(), None
    is_mapping_check = request.args.get("status") == NO_OBJECT_ID
    if search:
        search_index.index_if_free()
    with database.read() as connection:
        if search:
            found = find_people(connection, search)
            page = load_page(User, _load_found(connection, found, kinds))
        elif is_mapping_check:
            rows = mapping_check.list_without_object_id(connection)
            page = load_page(User, rows)
        elif kinds:
            page = load_page(User, IndexedRows(connection, USERS, kinds))
        else:
            total = totals.read(connection, Counted.USERS)
            page = load_page(User, IndexedRows(connection, USERS), total)
    return render_template(
        "settings/users.html",
        page=page,
        search=search,
        found=found,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


def _read_kinds() -> Sequence[ColumnElement[bool]]:
    """Return the conditions of the kinds of people that the filters choose, if any."""
    if request.args.get("status") == NO_OBJECT_ID:
        return [mapping_check.IS_WITHOUT_OBJECT_ID]
    source = SOURCES.get(request.args.get("source", ""))
    status = STATUSES.get(request.args.get("status", ""))
    if source is None and status is None:
        return ()
    return [
        and_(
            USERS.c.source == each,
            USERS.c.active == active,
            USERS.c.is_blocked == is_blocked,
        )
        for each in source or Source
        for active, is_blocked in status or product((True, False), repeat=2)
    ]


def _load_found(
    connection: Connection, found: FoundPeople, kinds: Sequence[ColumnElement[bool]]
) -> SortedRows:
    """Return those of the found people who are of one of the kinds."""
    query = select(USERS.c.shown_name_key, USERS.c.id)
    query = query.where(USERS.c.id.in_(list_of("ids"))).params(ids=found.ids)
    if kinds:
        query = query.where(or_(*kinds))
    return load_rows(connection, query)


@blueprint.get("/deleted")
@access_control.administrator
def list_deleted() -> str:
    """List the people that provisioning deleted, the blocked ones first."""
    return render_deleted()


def render_deleted(problem: str = "") -> str:
    """Render the list; ``problem`` is why an action on it was refused."""
    with database.read() as connection:
        people = deletions.list_newest(connection)
        count = deletions.count_deleted(connection)
    return render_template(
        "settings/deleted.html", people=people, count=count, problem=problem
    )
