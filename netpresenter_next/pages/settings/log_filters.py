"""The filters of a log in the address of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from enum import StrEnum

from flask import request
from sqlalchemy import Connection

from netpresenter_next.directory import log_names
from netpresenter_next.directory.event_kinds import EVENTS, OFFERED, Kind
from netpresenter_next.directory.events import PROVISIONING
from netpresenter_next.directory.journal import Filter, Outcome
from netpresenter_next.directory.log_names import Match
from netpresenter_next.lib.text import parse_datetime
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.event_models import Position

# The parts of the address that are filters.
NAMES = ("person", "kind", "outcome", "by", "period", "from", "to")
# Those that mean the same in both logs.
SHARED = ("person", "outcome", "period", "from", "to")
LONGEST_TEXT = 320
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Query:
    """The filters of an address, and what is wrong or ambiguous about them."""

    filter: Filter
    problems: Sequence[str]
    # The name of the person, for the field; several people to choose from.
    person: str
    matches: Sequence[Match]
    # Nobody has the name that was typed, so refused requests about it are listed.
    is_unknown: bool
    # The parts of the address, to keep in links.
    kept: Mapping[str, str]

    @property
    def is_usable(self) -> bool:
        """Do the filters say which entries to show?"""
        return not self.problems and not self.matches

    @property
    def shared(self) -> Mapping[str, str]:
        """Return the parts of the address to keep in a link to the other log."""
        return {name: self.kept[name] for name in SHARED if name in self.kept}

    def has_day(self, name: str) -> bool:
        """Can a date field show this filter?  A text field shows anything else."""
        return not self.kept.get(name) or _parse_day(self.kept[name]) is not None


class Period(StrEnum):
    """A time to choose instead of two days; its days are those of UTC."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_DAY = "24-hours"
    LAST_WEEK = "7-days"


PERIOD_NAMES: Mapping[Period, str] = {
    Period.TODAY: marked("Today"),
    Period.YESTERDAY: marked("Yesterday"),
    Period.LAST_DAY: marked("Last 24 hours"),
    Period.LAST_WEEK: marked("Last 7 days"),
}


class _Unreadable(Exception):
    """A filter is not understood; the message says what to type."""


def read_query(connection: Connection, log: str) -> Query:
    """Read the filters of a log from the address."""
    kept = {
        name: text[:LONGEST_TEXT]
        for name in NAMES
        if (text := request.args.get(name, "").strip())
    }
    if "period" in kept:  # it replaces the days that were typed before
        kept = {name: text for name, text in kept.items() if name not in ("from", "to")}
    wanted, problems = Filter(logs=[log]), []
    for read in (_read_kind, _read_outcome, _read_times):
        try:
            wanted = read(wanted, log, kept)
        except _Unreadable as problem:
            problems.append(str(problem))
    text = kept.get("person", "")
    found = log_names.find_people(connection, text) if text else []
    if len(found) == 1:
        wanted = replace(wanted, target_id=found[0].id)
    elif text and not found:
        wanted = replace(wanted, target_name=text)
    wanted, by_problem = _read_actor(connection, wanted, log, kept.get("by", ""))
    return Query(
        wanted,
        [*problems, *by_problem],
        found[0].name if len(found) == 1 else text,
        found if len(found) > 1 else (),
        is_unknown=bool(text) and not found,
        kept=kept,
    )


def _read_kind(wanted: Filter, log: str, kept: Mapping[str, str]) -> Filter:
    text = kept.get("kind", "")
    if not text:
        hidden = EVENTS[Kind.CONNECTION_TESTED] if log == PROVISIONING else ()
        return replace(wanted, excluded=hidden)
    if text not in OFFERED[log]:
        raise _Unreadable(_("Choose what happened from the list."))
    return replace(wanted, events=EVENTS[Kind(text)])


def _read_outcome(wanted: Filter, _log: str, kept: Mapping[str, str]) -> Filter:
    text = kept.get("outcome", "")
    if text and text not in list(Outcome):
        raise _Unreadable(_("Choose the outcome from the list."))
    return replace(wanted, outcome=Outcome(text) if text else None)


def _read_times(wanted: Filter, _log: str, kept: Mapping[str, str]) -> Filter:
    if period := kept.get("period", ""):
        if period not in list(Period):
            raise _Unreadable(_("Choose the period from the list."))
        since_then, until_then = find_bounds(Period(period), now())
        return replace(wanted, since=since_then, until=until_then)
    since, until = kept.get("from", ""), kept.get("to", "")
    return replace(
        wanted,
        since=_parse_time(since) if since else None,
        until=_parse_time(until, DAY) if until else None,
    )


def find_bounds(period: Period, present: datetime) -> tuple[datetime, datetime | None]:
    """Return when a period begins and ends; None if it has not ended."""
    today = present.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        Period.TODAY: (today, None),
        Period.YESTERDAY: (today - DAY, today),
        Period.LAST_DAY: (present - DAY, None),
        Period.LAST_WEEK: (today - 6 * DAY, None),
    }[period]


def _parse_time(text: str, length: timedelta = timedelta()) -> datetime:
    """Parse a date or a time in UTC; of a date, the time that follows it by so much."""
    day = _parse_day(text)
    time = parse_datetime(text) if day is None else day + length
    if time is None:
        raise _Unreadable(_("Write a date as year-month-day, such as 2026-11-27."))
    return time


def _parse_day(text: str) -> datetime | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day if day.year < MAXYEAR else None  # the next day has to exist, too


def _read_actor(
    connection: Connection, wanted: Filter, log: str, text: str
) -> tuple[Filter, list[str]]:
    if not text:
        return wanted, []
    if log == PROVISIONING:
        return replace(wanted, actor_id=text), []
    found = log_names.find_people(connection, text)
    if len(found) != 1:
        return wanted, [_("Type the whole user name of whoever did it.")]
    return replace(wanted, actor_id=found[0].id), []


# --------------------------------------------------------------- positions
def write_position(position: Position) -> str:
    """Return a position for an address."""
    return f"{position.at:%Y-%m-%dT%H:%M:%S.%fZ}_{position.id}"


def read_position() -> tuple[Position | None, bool]:
    """Return where the page begins, and whether it goes to newer entries.

    It is the start of the log for nonsense.
    """
    for name, is_ascending in (("older", False), ("newer", True)):
        time, _underscore, row_id = request.args.get(name, "")[:100].partition("_")
        if (at := parse_datetime(time)) and row_id:
            return Position(at, row_id), is_ascending
    return None, False
