"""Settings > Users: the list of people, and the people that provisioning deleted."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy import Connection

from netpresenter_next.directory import (
    deletions,
    look_alikes,
    people_filters,
    search_index,
)
from netpresenter_next.directory.people_filters import Filter, Mark
from netpresenter_next.directory.searching import FoundPeople, find_people
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    PeopleBySignIn,
    SortedRows,
)
from netpresenter_next.pages.settings.lists import (
    ListPage,
    find_look_alikes,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.models import USERS, User
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
ROLES = {each.value: each for each in Role}
MARKS = {each.value: each for each in Mark}
# How to sort the whole list; filtered lists are sorted by name.
BY_NAME, BY_USER_NAME, BY_SIGN_IN = "name", "user-name", "last-sign-in"
# The parts of the address that links between pages keep.
KEPT = ("source", "status", "role", "only", "sort")


class MarkText(NamedTuple):
    """What a mark is called, and what it means about the listed people."""

    name: str
    meaning: str


MARK_TEXTS: Mapping[Mark, MarkText] = {
    Mark.GUEST: MarkText(
        "Guests", "Guests of the directory: by userType, or by #EXT# in the user name."
    ),
    Mark.NEVER_MICROSOFT: MarkText(
        "Never signed in with Microsoft",
        "People of Microsoft Entra ID with whom no Microsoft account is connected: the "
        "first sign-in with Microsoft does that.",
    ),
    Mark.NO_METHOD: MarkText(
        "No way to sign in",
        "They have no local password, no connected Microsoft account, and no object ID "
        "by which a sign-in with Microsoft finds them. Give them a password, or map "
        "objectId to externalId.",
    ),
    Mark.CONFLICT: MarkText(
        "In conflict", "There is an open conflict about each of them, on their page."
    ),
    Mark.NO_OBJECT_ID: MarkText(
        "externalId is no object ID",
        "Provisioning sends something else than objectId as externalId.",
    ),
    Mark.SHARED_OBJECT_ID: MarkText(
        "Object ID of two people",
        "Provisioning sends the same object ID as externalId of another person too.",
    ),
    Mark.UNSENT: MarkText(
        "Not sent by Entra yet",
        "People with a Microsoft Entra account whom provisioning has neither created "
        "nor changed: they signed in first, connected an account, or were linked. If a "
        "full cycle does not send them, they are not assigned in Entra. Whether an "
        "unchanged person was looked up is not recorded.",
    ),
}


@blueprint.get("")
@access_control.administrator
def list_users() -> str:
    """List the people, with the search text, filters and order of the address."""
    search, chosen, found = read_search_text(), read_filter(), None
    is_whole = chosen.is_empty and not search
    sort = request.args.get("sort", BY_NAME) if is_whole else BY_NAME
    if search:
        search_index.index_if_free()
    with database.read() as connection:
        if search:
            found = find_people(connection, search)
            rows = people_filters.list_found(connection, found.ids, chosen)
            page = load_page(User, rows)
        elif not is_whole:
            page = load_page(User, people_filters.list_people(connection, chosen))
        else:
            page = _load_everybody(connection, sort)
    return _render(page, search, found, chosen, sort)


def read_filter() -> Filter:
    """Return the filter of the address; nonsense chooses everybody."""
    text = request.args.get
    return Filter(
        sources=SOURCES.get(text("source", ""), ()),
        statuses=STATUSES.get(text("status", ""), ()),
        role=ROLES.get(text("role", "")),
        mark=MARKS.get(text("only", "")),
    )


def _load_everybody(connection: Connection, sort: str) -> ListPage[User]:
    rows: SortedRows = IndexedRows(connection, USERS)
    if sort == BY_USER_NAME:
        rows = IndexedRows(connection, USERS, key=USERS.c.user_name_key)
    elif sort == BY_SIGN_IN:
        rows = PeopleBySignIn(connection)
    return load_page(User, rows, totals.read(connection, Counted.USERS))


def _render(
    page: ListPage[User],
    search: str,
    found: FoundPeople | None,
    chosen: Filter,
    sort: str,
) -> str:
    kept = {name: request.args.get(name) or None for name in KEPT}
    return render_template(
        "settings/users.html",
        page=page,
        search=search,
        kept={"q": search or None, **kept},
        notices=_list_notices(found, chosen),
        marks={each.value: text.name for each, text in MARK_TEXTS.items()},
        is_filtered=bool(search) or not chosen.is_empty,
        is_local=chosen.sources == SOURCES["local"],
        sort=sort,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
    )


def _list_notices(found: FoundPeople | None, chosen: Filter) -> Sequence[str]:
    """Return what the list leaves out, and what the mark of the filter means."""
    meaning = [MARK_TEXTS[chosen.mark].meaning] if chosen.mark else []
    return [*(found.notices if found else ()), *meaning]


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
