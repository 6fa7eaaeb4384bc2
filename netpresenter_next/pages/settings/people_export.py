"""Settings > Users > Export: the people of the list as CSV."""

from flask import Blueprint, Response, request

from netpresenter_next.directory import search_index
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.settings import people_csv, users
from netpresenter_next.pages.settings.lists import read_search_text
from netpresenter_next.web import access_control, streaming

blueprint = Blueprint("people_export", __name__, url_prefix="/settings/users")


@blueprint.get("/export.csv")
@access_control.administrator
def download() -> Response:
    """Send the people as CSV, with the search text and filters of the address."""
    search = read_search_text()
    if search:
        search_index.index_if_free()
    lines = people_csv.stream(
        users.read_filter(), search, for_spreadsheets="spreadsheet" in request.args
    )
    response = Response(
        streaming.in_application(lines), content_type=csv_text.MEDIA_TYPE
    )
    name = f"people-{now():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
