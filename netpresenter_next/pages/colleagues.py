"""People: the directory in which everybody finds their colleagues."""

from functools import partial

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import Connection

from netpresenter_next.directory import colleague_settings, colleagues, search_index
from netpresenter_next.directory.colleague_views import Colleague
from netpresenter_next.directory.searching import FoundPeople
from netpresenter_next.directory.sorted_lists import LoadedRows, SortedRows
from netpresenter_next.pages import vcard
from netpresenter_next.pages.settings.lists import (
    ListPage,
    load_rows_of_page,
    read_search_text,
)
from netpresenter_next.storage import database
from netpresenter_next.web import access_control

blueprint = Blueprint("colleagues", __name__, url_prefix="/people")


@blueprint.app_template_global()
def is_directory_on() -> bool:
    """Is there a directory of colleagues, so that pages link to it?"""
    with database.read() as connection:
        return colleague_settings.read(connection).is_on


@blueprint.before_request
def refuse_while_off() -> None:
    """Answer 404 while an administrator has switched the directory off."""
    if not is_directory_on():
        abort(404)


@blueprint.get("")
@access_control.signed_in
def list_colleagues() -> str:
    """List the colleagues, or those whom the search text of the address finds."""
    search, found = _prepare_search(), None
    with database.read() as connection:
        if search:
            found = colleagues.search(connection, search)
            rows = colleagues.list_found(connection, found)
        else:
            rows = colleagues.list_all(connection)
        page = _load_page(connection, rows)
    return render_template(
        "colleagues/list.html", page=page, search=search, found=found
    )


def _prepare_search() -> str:
    """Return the search text, after the index was brought up to date for it."""
    if search := read_search_text():
        search_index.index_if_free()
    return search


def _load_page(connection: Connection, rows: SortedRows) -> ListPage[Colleague]:
    return load_rows_of_page(partial(colleagues.read, connection), rows)


@blueprint.get("/<user_id>")
@access_control.signed_in
def show(user_id: str) -> str:
    """Show a colleague; 404 for everybody who is not shown, as for nobody."""
    with database.read() as connection:
        colleague = colleagues.find(connection, user_id) or abort(404)
        managers = colleagues.list_managers(connection, user_id)
        groups = colleagues.list_groups(connection, user_id)
        reports = _load_page(connection, colleagues.list_reports(connection, user_id))
    return render_template(
        "colleagues/colleague.html",
        colleague=colleague,
        managers=managers,
        groups=groups,
        most_groups=colleagues.MOST_GROUPS,
        reports=reports,
    )


@blueprint.get("/<user_id>/vcard")
@access_control.signed_in
def download_vcard(user_id: str) -> Response:
    """Send the vCard of a colleague, for an address book."""
    with database.read() as connection:
        colleague = colleagues.find(connection, user_id) or abort(404)
    response = Response(
        vcard.write(colleague), content_type="text/vcard; charset=utf-8"
    )
    response.headers.set("Content-Disposition", "attachment", filename="colleague.vcf")
    return response


@blueprint.get("/groups/<group_id>")
@access_control.signed_in
def show_group(group_id: str) -> str:
    """Show the members of a group, or those of them whom a search finds."""
    search = _prepare_search()
    found: FoundPeople | None = None
    with database.read() as connection:
        group = colleagues.find_group(connection, group_id) or abort(404)
        rows: SortedRows | None
        if search:
            found = colleagues.search(connection, search, group_id)
            rows = colleagues.list_found(connection, found)
        else:
            rows = colleagues.list_members(connection, group_id)
        page = _load_page(connection, LoadedRows([]) if rows is None else rows)
    return render_template(
        "colleagues/group.html",
        group_id=group_id,
        name=group.display_name,
        page=page,
        is_large=rows is None,
        search=search,
        found=found,
    )
