"""The latest log entries about a person's sign-ins."""

from sqlalchemy import Connection, select

from netpresenter_next.directory.events import Event
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.rows import first


def find_latest(
    connection: Connection, user_id: str, event: Event
) -> JournalEntry | None:
    """Return the latest entry of one event about a person."""
    query = select(JOURNAL).where(
        JOURNAL.c.target_id == user_id, JOURNAL.c.event == event.value
    )
    latest = query.order_by(JOURNAL.c.at.desc()).limit(1)
    return first(JournalEntry, connection.execute(latest))
