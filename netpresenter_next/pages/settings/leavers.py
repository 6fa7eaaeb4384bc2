"""Settings > Leavers: who lost their access, when, and what proves it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from flask import (
    Blueprint,
    abort,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import deletions, events, leavers
from netpresenter_next.directory.leavers import Departure, Filter, Position
from netpresenter_next.lib.csv_text import BYTE_ORDER_MARK, MEDIA_TYPE, write_lines
from netpresenter_next.lib.timestamps import now, read_timestamp, write_timestamp
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import event_sentences
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.models import User
from netpresenter_next.upkeep import recent_bursts, settings
from netpresenter_next.web import access_control, exports, security, signed_in

blueprint = Blueprint("leavers", __name__, url_prefix="/settings/leavers")
PAGE_SIZE, CHUNK, LONGEST_TEXT = 50, 500, 320
_UNSAFE = re.compile(r"[^A-Za-z0-9@._-]")  # in the name of a file
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TITLES = (
    *("time_utc", "event", "person", "person_id", "by_kind", "by", "address"),
    *("requested_at_utc", "milliseconds_to_end", "sessions_ended"),
    *("last_page_seen_utc", "request_id", "entry_id"),
)


@dataclass
class Query:
    """The filters of the address, in words and as a filter, and what is wrong."""

    person: str
    start: str
    end: str
    filter: Filter = field(default_factory=Filter)
    problems: list[str] = field(default_factory=list)

    @property
    def kept(self) -> Mapping[str, str]:
        """Return the parts of the address that other pages of the list keep."""
        given = {"person": self.person, "from": self.start, "to": self.end}
        return {name: value for name, value in given.items() if value}


@blueprint.get("")
@access_control.administrator
def show_all() -> ResponseReturnValue:
    """List the people who were disabled, blocked or deleted, newest first."""
    with database.read() as connection:
        query = _read_query(connection)
        start, is_ascending = _read_position()
        page = leavers.read_page(
            connection, query.filter, start, PAGE_SIZE, is_ascending=is_ascending
        )
        bursts = recent_bursts.find_bursts(connection)
        source = _read_source(connection)
    shown = render_template(
        "settings/leavers/list.html",
        query=query,
        departures=[] if query.problems else [Departure(row) for row in page.rows],
        newer=page.newer and _write_position(page.newer),
        older=page.older and _write_position(page.older),
        bursts=bursts,
        source=source,
        printed_at=now(),
    )
    return shown, 400 if query.problems else 200


@blueprint.get("/leavers.csv")
@exports.export
def download() -> ResponseReturnValue:
    """Send the list as CSV, with the filters of the address."""
    with database.read() as connection:
        query = _read_query(connection)
    if query.problems:
        abort(400, " ".join(query.problems))
    lines = _write_csv(query.filter)
    return exports.send(lines, MEDIA_TYPE, _name_file(query))


def _name_file(query: Query) -> str:
    """Return the name of the file, with the user name if it is about one person."""
    people, name = query.filter.people, "leavers"
    if people is not None and len(people) == 1:
        person = db.session.get(User, people[0])
        with database.read() as connection:
            known = person or deletions.find(connection, people[0])
        name = f"leaver-{known.user_name if known else people[0]}"
    return f"{_UNSAFE.sub('_', name)}-{now():%Y-%m-%d}.csv"


@blueprint.get("/<user_id>")
@access_control.administrator
def show(user_id: str) -> str:
    """Show when one person was out, with the entries of the log that prove it."""
    person = db.session.get(User, user_id)
    with database.read() as connection:
        evidence, is_cut = leavers.list_evidence(connection, user_id)
        deleted = deletions.find(connection, user_id)
        source = _read_source(connection)
    if not (evidence or person or deleted):
        abort(404)
    has_access = person is not None and person.active and not person.is_blocked
    absence = leavers.find_absence(evidence, has_access=has_access)
    names = [
        person and person.user_name,
        deleted and deleted.user_name,
        evidence[-1].target_name if evidence else None,
    ]
    return render_template(
        "settings/leavers/person.html",
        user_id=user_id,
        person=person,
        deleted=deleted,
        shown_name=next(filter(None, names), user_id),
        has_access=has_access,
        absence=absence,
        kept_until=absence.departure and source.keep_until(absence.departure.row),
        source=source,
        evidence=[Departure(row) for row in evidence],
        is_cut=is_cut,
        created_disabled_at=person and _find_creation_as_disabled(person),
        departures=leavers.DEPARTURES,
        describe_event=event_sentences.describe,
        printed_at=now(),
    )


def _find_creation_as_disabled(person: User) -> datetime | None:
    """Return when a person was created, if they are disabled since then."""
    return person.created_at if person.disabled_at == person.created_at else None


class Source(NamedTuple):
    """What printed pages say: where from, for whom, and how long the logs are kept."""

    address: str
    reader: str
    provisioning: int
    audit: int

    def keep_until(self, row: JournalEntry) -> datetime:
        """Return when an entry is deleted, by the present settings."""
        days = self.provisioning if row.log == events.PROVISIONING else self.audit
        return row.at + timedelta(days=days)


def _read_source(connection: Connection) -> Source:
    kept = settings.read_settings(connection)
    return Source(
        security.base_url() or request.host_url,
        signed_in.current().user.user_name,
        kept.provisioning_days,
        kept.audit_days,
    )


# ---------------------------------------------------------------- the address
def _read_query(connection: Connection) -> Query:
    """Return the filters of the address."""
    person, first, last = (
        request.args.get(each, "").strip()[:LONGEST_TEXT]
        for each in ("person", "from", "to")
    )
    query = Query(person, first, last)
    start, end = _read_day(query, query.start), _read_day(query, query.end)
    if end is not None:
        end = end + timedelta(days=1) if end.date() < date.max else None
    if start and end and start >= end:
        query.problems.append(_("The first day is after the last one."))
    found = leavers.find_people(connection, query.person) if query.person else None
    query.filter = Filter(found, start, end)
    return query


def _read_day(query: Query, text: str) -> datetime | None:
    if not text:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        query.problems.append(
            _("%(text)s is no day: write it like 2026-01-31.", text=text)
        )
        return None


def _read_position() -> tuple[Position | None, bool]:
    """Return the position of the address, and whether newer entries are wanted."""
    for name, is_ascending in (("newer", True), ("older", False)):
        at, _underscore, entry_id = request.args.get(name, "").partition("_")
        if (timestamp := read_timestamp(at)) and entry_id:
            return Position(timestamp, entry_id), is_ascending
    return None, False


def _write_position(position: Position) -> str:
    return f"{write_timestamp(position.at)}_{position.id}"


def _write_csv(wanted: Filter) -> Iterator[str]:
    yield BYTE_ORDER_MARK + write_lines([TITLES])
    for rows in leavers.read_all(wanted, CHUNK):
        yield write_lines(_list_cells(Departure(row)) for row in rows)


def _list_cells(departure: Departure) -> tuple[object, ...]:
    row = departure.row
    return (
        *(write_timestamp(row.at), row.event, row.target_name, row.target_id),
        *(row.actor_kind, row.actor_name, row.address),
        *(write_timestamp(departure.requested_at), departure.milliseconds),
        *(departure.sessions_ended, write_timestamp(departure.last_seen_at)),
        *(row.request_id, row.id),
    )
