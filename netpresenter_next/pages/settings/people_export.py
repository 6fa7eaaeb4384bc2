"""Settings > Users > Export: the people of the list as CSV."""

from collections.abc import Collection
from functools import partial

from flask import Blueprint, Response, request

from netpresenter_next.directory import people_exports, search_index, searching
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.settings import people_csv, users
from netpresenter_next.pages.settings.lists import read_search_text
from netpresenter_next.storage import database
from netpresenter_next.web import authorized, exports, signed_in

blueprint = Blueprint("people_export", __name__, url_prefix="/settings/users")
# The values that each filter of the address can have.
FILTERS: dict[str, Collection[str]] = {
    "source": users.SOURCES,
    "status": users.STATUSES,
    "role": users.ROLES,
    "only": users.MARKS,
}


@blueprint.get("/export.csv")
@exports.export
def download() -> Response | tuple[str, int]:
    """Send the people as CSV, with the search text and filters of the address.

    The event log says so, unless only the header of the response is asked for.  The
    list with status 409 says why there is no export that leaves nobody out.
    """
    search = read_search_text()
    if search:
        search_index.index_if_free()
    try:
        with database.read() as connection:
            chosen = users.read_filter(connection)
            found = searching.find_everybody(connection, search) if search else None
    except searching.IncompleteSearch as error:
        return users.render(str(error)), 409
    entry_id = "" if request.method == "HEAD" else _begin(search)
    lines = people_csv.stream(
        chosen,
        found,
        for_spreadsheets="spreadsheet" in request.args,
        end=partial(people_exports.end, entry_id),
    )
    return exports.send(lines, csv_text.MEDIA_TYPE, f"people-{now():%Y-%m-%d}.csv")


def _begin(search: str) -> str:
    with authorized.write() as connection:
        words = _list_filters(search)
        return people_exports.begin(connection, signed_in.actor(), words)


def _list_filters(search: str) -> list[str]:
    """Return the filters of the address, without the text that may name somebody."""
    given = ((name, request.args.get(name, "")) for name in FILTERS)
    chosen = [f"{name}: {value}" for name, value in given if value in FILTERS[name]]
    return [*chosen, "found by a search"] if search else chosen
