"""Looking for damage: SQLite reads the pages and indexes of a database, and compares.

A short look finds what lies on the first pages it comes to; only the whole check, which
takes seconds for a hundred thousand people, says that there is nothing.
"""

import contextlib
import logging
import time
from collections.abc import Callable

from netpresenter_next.storage import connections, errors
from netpresenter_next.storage.connections import SQLITE
from netpresenter_next.storage.errors import Kind
from netpresenter_next.storage.state import MOST_LINES, State

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_STEPS = 20_000  # of SQLite's machine, between two looks at the clock


class GaveUp(Exception):
    """The check was stopped before it came to an end."""


def look(state: State) -> None:
    """Look for a second at most, before a start; what is found is kept in ``state``.

    Where damage was found before, all of the database is checked, as long as that
    takes: it may be another one now.
    """
    end = time.monotonic() + LOOK_SECONDS
    try:
        if state.damage is None:
            _check(state, "quick_check", lambda: time.monotonic() > end)
        elif not whole(state):
            logger.info("A new check of the whole database found no damage.")
            state.forget_damage()
    except GaveUp:
        pass  # it is larger than can be looked at in a second
    except SQLITE.Error as error:
        state.failed(error)  # of the disk: the start goes on, to show what is wrong


def whole(state: State, is_stopping: Callable[[], bool] = lambda: False) -> list[str]:
    """Check all of the database; returns what was found, and keeps it in ``state``.

    Raises GaveUp, and the errors of SQLite but for damage.
    """
    return _check(state, "integrity_check", is_stopping)


def _check(state: State, pragma: str, is_over: Callable[[], bool]) -> list[str]:
    try:
        found = _lines(state, pragma, is_over)
    except SQLITE.Error as error:
        if errors.error_name(error) == "SQLITE_INTERRUPT":
            raise GaveUp from error
        if errors.kind_of(error, state.path) is not Kind.DAMAGED:
            raise
        found = [str(error)]
    if found:
        state.note_damage(found)
    return found


def _lines(state: State, pragma: str, is_over: Callable[[], bool]) -> list[str]:
    connection = connections.open_to_read(state.path)
    with contextlib.closing(connection):
        connection.set_progress_handler(is_over, _STEPS)
        lines = connection.execute(f"PRAGMA {pragma}({MOST_LINES})").fetchall()
    return [str(line) for (line,) in lines if line != "ok"]
