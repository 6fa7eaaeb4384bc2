"""Deleted people and groups that a SCIM client still asks for, by id.

Each look-up reads one row, however long the log is and however often it is asked.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, select

from netpresenter_next.directory import deletions
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import read_timestamp
from netpresenter_next.storage.event_models import IS_DEPARTURE, JOURNAL, JournalEntry
from netpresenter_next.storage.rows import first


class Former(NamedTuple):
    """A deleted person or group: the name, if it is still known, and since when."""

    name: str | None
    deleted_at: datetime


def find(connection: Connection, kind: str, resource_id: str) -> Former | None:
    """Return the deleted person or group with this id, if that is still known."""
    if kind == "User":
        return _find_person(connection, resource_id)
    return _find_group(connection, resource_id)


def _find_person(connection: Connection, user_id: str) -> Former | None:
    departures = select(JOURNAL).where(IS_DEPARTURE, JOURNAL.c.target_id == user_id)
    row = _find_newest(connection, departures)
    entry = row if row and row.event == Event.PERSON_DELETED else None
    if record := deletions.find(connection, user_id):
        name = record.user_name or (entry.target_name if entry else None)
        return Former(name, record.deleted_at)
    return None if entry is None else Former(entry.target_name, entry.at)


def _find_group(connection: Connection, group_id: str) -> Former | None:
    """Look at the newest entry: it is of the deletion, or of a later request."""
    about = select(JOURNAL).where(JOURNAL.c.target_id == group_id)
    row = _find_newest(connection, about)
    if row is None:
        return None
    at = (row.facts or {}).get("deleted_at")
    deleted_at = row.at if row.event == Event.GROUP_DELETED else read_timestamp(at)
    return None if deleted_at is None else Former(row.target_name, deleted_at)


def _find_newest(
    connection: Connection, query: Select[JournalEntry]
) -> JournalEntry | None:
    newest = query.order_by(JOURNAL.c.at.desc(), JOURNAL.c.id.desc()).limit(1)
    return first(JournalEntry, connection.execute(newest))
