"""The job that brings the index of the search up to date."""

import time

from netpresenter_next.directory import search_index
from netpresenter_next.storage import database
from netpresenter_next.upkeep.retention import PAUSE, Batch, Pause


def index_people(pause: Pause) -> None:
    """Index the people who were added, changed or deleted, in batches.

    ``pause`` waits for some seconds, and raises Stopped when the server stops.  Raises
    Busy and Unwritable.
    """
    batch = Batch()
    while _is_outdated():
        with database.write() as connection:
            start = time.monotonic()
            search_index.index_some(connection, batch.rows)
        # The commit is included: other writers wait for the disk then.
        batch.adapt(time.monotonic() - start)
        pause(PAUSE)


def _is_outdated() -> bool:
    with database.read() as connection:
        return search_index.is_outdated(connection)
