"""The command ``log``: the entries of both logs, as the pages show them."""

import json
import re
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import click

from netpresenter_next.cli.console import (
    CommandRefused,
    InvalidUsage,
    open_for_reading,
    to_printable,
)
from netpresenter_next.config.options import Config
from netpresenter_next.directory import journal, log_names, redaction
from netpresenter_next.directory.events import AUDIT, PROVISIONING, Event
from netpresenter_next.directory.journal import Filter
from netpresenter_next.lib.text import parse_datetime
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.log_entries import LogEntry, make_entry
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.instances import Condition

# The entries that are printed without --since, and those that are read at once.
LATEST, CHUNK = 50, 500
FOLLOW_SECONDS = 1.0
_AGO = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Print = Callable[[JournalEntry], None]


@click.command()
@click.option("--provisioning", is_flag=True, help="Only the provisioning log.")
@click.option("--audit", is_flag=True, help="Only the audit log.")
@click.option("--person", metavar="USER_NAME", help="Only entries about this person.")
@click.option(
    "--since",
    metavar="TIME",
    help="All entries since a date or time in UTC, such as 2026-11-27, or since 30m, "
    "2h or 7d ago.",
)
@click.option("--follow", is_flag=True, help="Go on with new entries, until Ctrl+C.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object per line.")
def log(
    provisioning: bool,
    audit: bool,
    person: str | None,
    since: str | None,
    follow: bool,
    as_json: bool,
) -> None:
    """Print entries of the provisioning log and the audit log, the newest last.

    Without --since, these are the latest 50.  Requests that only test the connection
    are left out.
    """
    wanted = Filter(
        logs=_choose_logs(provisioning=provisioning, audit=audit),
        excluded=[Event.CONNECTION_TESTED],
        since=None if since is None else _parse_since(since),
    )
    with open_for_reading() as settings:
        types = endpoints.read_resource_types(settings)
        secret_names = redaction.find_secret_names(types.schemas)
        wanted = wanted if person is None else _add_person(wanted, person)

        def print_row(row: JournalEntry) -> None:
            entry = make_entry(row, secret_names)
            click.echo(_to_json(entry) if as_json else _format_line(entry))

        with suppress(KeyboardInterrupt):
            newest = _print_past(wanted, print_row)
            if follow:
                _print_future(settings, wanted, newest, print_row)


def _choose_logs(*, provisioning: bool, audit: bool) -> Sequence[str]:
    if provisioning == audit:
        return journal.LOGS
    return [PROVISIONING if provisioning else AUDIT]


def _parse_since(text: str) -> datetime:
    if ago := _AGO.fullmatch(text):
        return now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    if at := parse_datetime(text):
        return at
    raise InvalidUsage(
        f"{text!r} is no time: use 2026-11-27, 2026-11-27T08:00:00Z, 30m, 2h or 7d."
    )


def _add_person(wanted: Filter, person: str) -> Filter:
    """Return the filter for entries about a person; raises CommandRefused."""
    with database.read() as connection:
        found = log_names.find_people(connection, person)
    if len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise CommandRefused(f"Several people match: {to_printable(names)}.")
    if not found:  # refused requests about somebody who does not exist
        return replace(wanted, target_name=person)
    return replace(wanted, target_id=found[0].id)


# --------------------------------------------------------------- reading
def _print_past(wanted: Filter, print_row: Print) -> str:
    """Print the entries until now; returns the id of the one that was added last."""
    with database.read() as connection:
        newest = journal.find_newest_id(connection)
    for row in _read_past(wanted):
        if row.id <= newest:  # later ones are printed when they are followed
            print_row(row)
    return newest


def _read_past(wanted: Filter) -> Iterator[JournalEntry]:
    if wanted.since is not None:
        for rows in journal.read_all(wanted, CHUNK, is_ascending=True):
            yield from rows
        return
    latest: list[JournalEntry] = []
    for rows in journal.read_all(wanted, LATEST):
        latest += rows
        if len(latest) >= LATEST:
            break
    yield from latest[:LATEST][::-1]


def _print_future(
    settings: Config, wanted: Filter, newest: str, print_row: Print
) -> None:
    """Print new entries until standard output is closed, or Ctrl-C is typed."""
    is_interrupted = _wait_for_ctrl_c()
    # Whatever its time is: an entry is new if it was added after the last one.
    wanted = replace(wanted, since=None)
    while not is_interrupted.is_set():
        if database.state().is_moved:
            newest, is_complete = _open_restored(settings, newest), True
        else:
            newest, is_complete = _print_added(wanted, newest, print_row)
        if is_complete and _is_output_closed(FOLLOW_SECONDS):
            return


def _wait_for_ctrl_c() -> threading.Event:
    """Let the first Ctrl-C set an event, and a second one interrupt at once.

    An exception in the middle of a statement may get lost, or leave a lock.
    """
    is_interrupted = threading.Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        is_interrupted.set()

    signal.signal(signal.SIGINT, interrupt)
    return is_interrupted


def _print_added(wanted: Filter, newest: str, print_row: Print) -> tuple[str, bool]:
    """Print some new entries; returns the id of the last one, and whether it is all."""
    with database.read() as connection:
        last = journal.find_newest_id(connection)
        rows = journal.read_added(connection, wanted, newest, CHUNK)
    for row in rows:
        print_row(row)
    if len(rows) == CHUNK:
        return rows[-1].id, False
    return max(newest, last), True


def _open_restored(settings: Config, newest: str) -> str:
    """Open the database that replaced the present one, once it can be read.

    Returns the id of its entry after which entries are new: a backup has none of those
    that were added after it was made.
    """
    if instances.examine(settings).condition is not Condition.CURRENT:
        return newest  # a restore is not complete yet, or a migration is needed
    database.disconnect()
    click.echo("The database was replaced: following the new one.", err=True)
    with database.read() as connection:
        return min(newest, journal.find_newest_id(connection))


def _is_output_closed(seconds: float) -> bool:
    """Wait; returns true at once if nobody can read the output any more."""
    if not hasattr(select, "poll"):  # Windows: the next line finds out
        time.sleep(seconds)
        return False
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    return bool(output.poll(seconds * 1_000))


# --------------------------------------------------------------- printing
def _format_line(entry: LogEntry) -> str:
    row = entry.row
    words = [f"{row.at:%Y-%m-%d %H:%M:%S}", f"{row.log:12}", entry.sentence]
    words.append(f"By {entry.actor}.")
    if entry.answer:
        words.append(f"({entry.answer})")
    if entry.remedy:
        words.append(f"What to do: {entry.remedy}")
    return to_printable(" ".join(words))


def _to_json(entry: LogEntry) -> str:
    row = entry.row
    document: dict[str, Any] = {
        "id": row.id,
        "time": row.at.isoformat(),
        "last_time": row.last_at and row.last_at.isoformat(),
        "times": row.times,
        "log": row.log,
        "event": row.event,
        "succeeded": row.succeeded,
        "what_happened": entry.sentence,
        "what_to_do": entry.remedy or None,
        "target_type": row.target_type,
        "target": row.target_name,
        "target_id": row.target_id,
        "by": entry.actor,
        "by_id": row.actor_id,
        "address": row.address,
        "status": row.status,
        "duration_ms": row.duration_ms,
        "request_id": row.request_id,
        "changes": [each._asdict() for each in entry.changes],
    }
    return json.dumps(document)
