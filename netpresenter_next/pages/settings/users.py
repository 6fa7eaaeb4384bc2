"""Settings > Users: the list of people."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy import Connection

from netpresenter_next.directory import (
    look_alikes,
    people_filters,
    search_index,
)
from netpresenter_next.directory.people_filters import Filter, Mark, leaves_out_some
from netpresenter_next.directory.searching import FoundPeople, find_people
from netpresenter_next.directory.shut_out import read_rules
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    PeopleBySignIn,
    SortedRows,
)
from netpresenter_next.lib.translation import format_number, marked
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages.settings.lists import (
    ListPage,
    find_look_alikes,
    find_shut_out,
    load_page,
    read_search_text,
)
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS, User
from netpresenter_next.storage.totals import MOST_COUNTED, Counted
from netpresenter_next.web import access_control, context

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
PARTIAL = marked(
    "This list is not complete: it was made from the first %(most)s people "
    "whom Only chooses. Choose fewer filters, or search for a name."
)
# The parts of the address that links between pages keep.
KEPT = ("source", "status", "role", "only", "sort")


class MarkText(NamedTuple):
    """What a mark is called, and what it means about the listed people."""

    name: str
    meaning: str


MARK_TEXTS: Mapping[Mark, MarkText] = {
    Mark.GUEST: MarkText(
        marked("Guests"),
        marked("Guests of the directory: by userType, or by #EXT# in the user name."),
    ),
    Mark.NEVER_MICROSOFT: MarkText(
        marked("Never signed in with Microsoft"),
        marked(
            "People of Microsoft Entra ID with whom no Microsoft account is connected: "
            "the first sign-in with Microsoft does that."
        ),
    ),
    Mark.NO_METHOD: MarkText(
        marked("No password and no Microsoft account"),
        marked(
            "They have no local password, no connected Microsoft account, and no "
            "object ID by which a sign-in with Microsoft finds them. Give them a "
            "password, or map objectId to externalId."
        ),
    ),
    Mark.CANNOT_SIGN_IN: MarkText(
        marked("Cannot sign in now"),
        marked(
            "People who are disabled or blocked, and people for whom no way to sign in "
            "is open for another reason; Sign-in problems says which. Whether "
            "Microsoft can be reached is not looked at."
        ),
    ),
    Mark.CONFLICT: MarkText(
        marked("In conflict"),
        marked("There is an open conflict about each of them, on their page."),
    ),
    Mark.NO_OBJECT_ID: MarkText(
        marked("externalId is no object ID"),
        marked("Provisioning sends something else than objectId as externalId."),
    ),
    Mark.SHARED_OBJECT_ID: MarkText(
        marked("Object ID of two people"),
        marked(
            "Provisioning sends the same object ID as externalId of another person too."
        ),
    ),
    Mark.UNSENT: MarkText(
        marked("Here, but never sent by Entra"),
        marked(
            "People here with a Microsoft Entra account about whom Microsoft Entra ID "
            "has never sent anything: they signed in first, connected their account, "
            "or were linked. Whoever it created or changed even once is not listed, "
            "also if it has stopped sending them. If a full cycle does not send them, "
            "assign them in Microsoft Entra ID."
        ),
    ),
}


@blueprint.get("")
@access_control.administrator
def list_users() -> str:
    """List the people, with the search text, filters and order of the address."""
    return render()


def render(problem: str = "") -> str:
    """Render the list of the address; ``problem`` is why it cannot be exported."""
    search, found = read_search_text(), None
    if search:
        search_index.index_if_free()
    with database.read() as connection:
        chosen = read_filter(connection)
        is_whole = chosen.is_empty and not search
        sort = request.args.get("sort", BY_NAME) if is_whole else BY_NAME
        if search:
            found = find_people(connection, search)
            rows = people_filters.list_found(connection, found.ids, chosen)
            page = load_page(User, rows)
        elif not is_whole:
            page = load_page(User, people_filters.list_people(connection, chosen))
        else:
            page = _load_everybody(connection, sort)
        is_partial = not search and leaves_out_some(connection, chosen)
    notices = _list_notices(found, chosen, is_partial=is_partial)
    return _render(page, search, notices, chosen, sort, problem)


def read_filter(connection: Connection) -> Filter:
    """Return the filter of the address; nonsense chooses everybody."""
    return make_filter(connection, _get_installation, request.args)


def _get_installation() -> Installation:
    return context.current().installation


def make_filter(
    connection: Connection,
    open_installation: Callable[[], Installation],
    names: Mapping[str, str | None],
) -> Filter:
    """Return a filter by the names in ``KEPT``, for the list, exports and commands.

    Nonsense chooses everybody.
    """
    mark = MARKS.get(names.get("only") or "")
    is_by_rules = mark is Mark.CANNOT_SIGN_IN
    return Filter(
        sources=SOURCES.get(names.get("source") or "", ()),
        statuses=STATUSES.get(names.get("status") or "", ()),
        role=ROLES.get(names.get("role") or ""),
        mark=mark,
        rules=read_rules(connection, open_installation()) if is_by_rules else None,
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
    notices: Sequence[str],
    chosen: Filter,
    sort: str,
    problem: str,
) -> str:
    kept = {name: request.args.get(name) or None for name in KEPT}
    return render_template(
        "settings/users.html",
        page=page,
        search=search,
        kept={"q": search or None, **kept},
        notices=notices,
        problem=problem,
        marks={each.value: _(text.name) for each, text in MARK_TEXTS.items()},
        is_filtered=bool(search) or not chosen.is_empty,
        is_local=chosen.sources == SOURCES["local"],
        sort=sort,
        look_alikes=find_look_alikes(look_alikes.warn_about_people, page),
        shut_out=find_shut_out(page.items),
    )


def _list_notices(
    found: FoundPeople | None, chosen: Filter, *, is_partial: bool
) -> Sequence[str]:
    """Return what the list leaves out, and what the mark of the filter means."""
    meaning = [_(MARK_TEXTS[chosen.mark].meaning)] if chosen.mark else []
    partial = [_(PARTIAL, most=format_number(MOST_COUNTED))] if is_partial else []
    return [*(found.notices if found else ()), *meaning, *partial]
