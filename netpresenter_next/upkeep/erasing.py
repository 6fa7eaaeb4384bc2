"""The job that completes erasures, in batches that do not delay other writers."""

import time

from netpresenter_next.directory import erasure_parts
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.upkeep.retention import PAUSE, Pause

# Seconds: other jobs are due too.
LONGEST_RUN = 10.0


def complete_erasures(pause: Pause) -> str | None:
    """Continue erasures; returns a note when one is complete.

    ``pause`` waits for some seconds, and raises Stopped when the server stops.  Raises
    Busy, Unwritable, and NotDone if the write-ahead log cannot be emptied.
    """
    end, note = time.monotonic() + LONGEST_RUN, None
    while time.monotonic() < end:
        with database.read() as connection:
            erasure = erasure_parts.find_next(connection)
        if erasure is None:
            break
        for is_complete in erasure_parts.continue_erasure(erasure):
            if is_complete:
                note = _empty_log()
            pause(PAUSE)
    return note


def _empty_log() -> str:
    """Empty the write-ahead log, which still has the pages from before the erasure."""
    if not wal.reset_log():
        raise NotDone(
            "A person is erased, but the write-ahead log is in use, so it still has "
            "older pages. Restart the server to empty it."
        )
    return "A person was erased completely."
