"""The job that brings the index of the search up to date."""

import time

from netpresenter_next.directory import search_index
from netpresenter_next.storage import database
from netpresenter_next.upkeep.retention import PAUSE, Batch, Pause

# Seconds: other jobs are due too.
LONGEST_RUN = 10.0


def index_people(pause: Pause) -> None:
    """Index the people who were added, changed or deleted, in batches.

    What is added meanwhile is left for the next time, also after ``LONGEST_RUN``.
    ``pause`` waits for some seconds, and raises Stopped when the server stops.  Raises
    Busy and Unwritable.
    """
    batch, end = Batch(), time.monotonic() + LONGEST_RUN
    is_complete = not _is_outdated()
    while not is_complete and time.monotonic() < end:
        with database.write() as connection:
            start = time.monotonic()
            is_complete = search_index.index_some(connection, batch.rows) < batch.rows
        # The commit is included: other writers wait for the disk then.
        batch.adapt(time.monotonic() - start)
        pause(PAUSE)


def _is_outdated() -> bool:
    with database.read() as connection:
        return search_index.is_outdated(connection)
