"""What the page of a person shows of the logs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from netpresenter_next.directory import journal
from netpresenter_next.directory.event_kinds import EVENTS, Kind
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.journal import Filter
from netpresenter_next.pages.log_entries import LogEntry
from netpresenter_next.pages.settings.logs import make_entries
from netpresenter_next.storage.event_models import JournalEntry

# What the page does not list among the latest entries, which it would soon fill: the
# last sign-in and the latest wrong passwords are shown above them.
UNLISTED = (*EVENTS[Kind.SIGN_IN], Event.SIGN_IN_FAILED)
MOST_LISTED = 10
# Rows of wrong passwords to show, a row for each 15 minutes.
MOST_FAILURES = 3


def read_latest(
    connection: Connection, user_id: str
) -> Mapping[str, Sequence[LogEntry]]:
    """Return the latest entries about a person and their memberships, by log."""
    about = Filter(target_id=user_id, excluded=UNLISTED)
    return {
        log: make_entries(
            journal.read(
                connection, replace(about, logs=[log]), None, MOST_LISTED
            ).rows,
            user_id,
        )
        for log in journal.LOGS
    }


def read_failures(connection: Connection, user_id: str) -> Sequence[JournalEntry]:
    """Return the latest wrong passwords of a person."""
    failed = Filter(target_id=user_id, events=[Event.SIGN_IN_FAILED])
    return journal.read(connection, failed, None, MOST_FAILURES).rows
