"""Settings > System > Provisioning log and Audit log: pages of entries, and CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import entry_cycles, journal, log_names
from netpresenter_next.directory.event_kinds import OFFERED, Kind
from netpresenter_next.directory.events import AUDIT, PROVISIONING
from netpresenter_next.directory.journal import Found
from netpresenter_next.directory.log_names import Known
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.log_entries import LogEntry, make_entry
from netpresenter_next.pages.settings import log_csv
from netpresenter_next.pages.settings.log_filters import (
    PERIOD_NAMES,
    Query,
    read_position,
    read_query,
    write_position,
)
from netpresenter_next.pages.settings.log_groups import LogGroup, group_by_cycle
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JournalEntry, Position
from netpresenter_next.storage.models import ScimToken
from netpresenter_next.web import access_control, context, exports

blueprint = Blueprint("logs", __name__, url_prefix="/settings/system")
PAGE_SIZE = 50
KIND_NAMES: Mapping[Kind, str] = {
    Kind.CREATED: marked("Created"),
    Kind.UPDATED: marked("Updated"),
    Kind.DISABLED: marked("Disabled"),
    Kind.ENABLED: marked("Enabled"),
    Kind.DELETED: marked("Deleted"),
    Kind.ERASED: marked("Erased"),
    Kind.BLOCKED: marked("Blocked, block lifted"),
    Kind.MEMBER_ADDED: marked("Added to group"),
    Kind.MEMBER_REMOVED: marked("Removed from group"),
    Kind.REFUSED: marked("Refused requests"),
    Kind.REFUSED_TOKEN: marked("Refused tokens"),
    Kind.CONNECTION_TESTED: marked("Tested connection"),
    Kind.SIGN_IN: marked("Sign-ins and sign-outs"),
    Kind.FAILED_SIGN_IN: marked("Failed sign-ins"),
    Kind.ACCESS: marked("Passwords, emergency access, exports"),
    Kind.ROLES: marked("Roles"),
    Kind.IDENTITY: marked("Microsoft accounts and conflicts"),
    Kind.TOKENS: marked("Tokens"),
    Kind.SETTINGS: marked("Settings"),
    Kind.BACKUPS: marked("Backups"),
    Kind.ALARMS: marked("Alarms"),
    Kind.IMPORT: marked("Imports of people"),
}


@dataclass(frozen=True)
class LogPage:
    """A page of entries, newest first; the positions are for addresses."""

    entries: Sequence[LogEntry]
    # The same entries by cycle; in the audit log, they are one group.
    groups: Sequence[LogGroup]
    # The people and groups of the entries that still exist, and the tokens' hints.
    known: Mapping[str, Known]
    hints: Mapping[str, str]
    newer: str = ""
    older: str = ""
    # How far the filters were applied, if that was not to the end of the log.
    looked_to: Position | None = None
    is_ascending: bool = False


@blueprint.get("/provisioning-log")
@access_control.administrator
def provisioning() -> ResponseReturnValue:
    """Show what provisioning did, and what was refused."""
    return _show(PROVISIONING)


@blueprint.get("/audit-log")
@access_control.administrator
def audit() -> ResponseReturnValue:
    """Show sign-ins, and what was done on pages and on the command line."""
    return _show(AUDIT)


@blueprint.get("/provisioning-log.csv")
@exports.export
def provisioning_csv() -> ResponseReturnValue:
    """Send the provisioning log as CSV, with the filters of the address."""
    return _download(PROVISIONING)


@blueprint.get("/audit-log.csv")
@exports.export
def audit_csv() -> ResponseReturnValue:
    """Send the audit log as CSV, with the filters of the address."""
    return _download(AUDIT)


def _show(log: str) -> ResponseReturnValue:
    if log == PROVISIONING:
        context.current().activity.store()  # the numbers of the present cycle
    with database.read() as connection:
        query = read_query(connection, log)
        page = _read_page(connection, query) if query.is_usable else None
        tokens: Sequence[ScimToken] = ()
        if log == PROVISIONING:
            tokens = log_names.list_tokens(connection)
    shown = render_template(
        "settings/log.html",
        log=log,
        query=query,
        page=page,
        tokens=tokens,
        periods=[(each.value, _(name)) for each, name in PERIOD_NAMES.items()],
        kinds=[(each.value, _(KIND_NAMES[each])) for each in OFFERED[log]],
    )
    return shown, 400 if query.problems else 200


def _read_page(connection: Connection, query: Query) -> LogPage:
    start, is_ascending = read_position()
    found = journal.read(
        connection, query.filter, start, PAGE_SIZE, is_ascending=is_ascending
    )
    if is_ascending and found.next is None:  # the page reaches the newest entry
        start, is_ascending = None, False
        found = journal.read(connection, query.filter, None, PAGE_SIZE)
    entries = make_entries(found.rows, query.filter.target_id)
    if is_ascending:
        entries.reverse()
    return _make_page(connection, found, entries, start, is_ascending=is_ascending)


def _make_page(
    connection: Connection,
    found: Found,
    entries: list[LogEntry],
    start: Position | None,
    *,
    is_ascending: bool,
) -> LogPage:
    rows = found.rows
    ends = [found.next and write_position(found.next)]
    ends.append(_find_other_end(found.rows, start))
    newer, older = ends if is_ascending else reversed(ends)
    return LogPage(
        entries,
        group_by_cycle(entries, entry_cycles.find_cycles(connection, rows)),
        log_names.find_known(connection, {each.target_id or "" for each in rows}),
        log_names.read_hints(connection, {each.actor_id or "" for each in rows}),
        newer or "",
        older or "",
        found.next if found.is_cut else None,
        is_ascending,
    )


def _find_other_end(rows: Sequence[JournalEntry], start: Position | None) -> str | None:
    """Return the position from which a link leads back to where one came from."""
    if start is None:
        return None
    return write_position(journal.position_of(rows[0]) if rows else start)


def make_entries(
    rows: Sequence[JournalEntry], person_id: str | None = None
) -> list[LogEntry]:
    """Return entries in words, without secrets; ``person_id`` is whose they are."""
    secret_names = context.current().secret_names
    return [make_entry(row, secret_names, person_id) for row in rows]


def _download(log: str) -> ResponseReturnValue:
    with database.read() as connection:
        query = read_query(connection, log)
    if not query.is_usable:
        return _show(log)
    lines = log_csv.stream(query.filter, context.current().secret_names)
    return exports.send(lines, csv_text.MEDIA_TYPE, f"{log}-log-{now():%Y-%m-%d}.csv")
