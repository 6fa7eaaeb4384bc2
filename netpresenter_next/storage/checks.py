"""Checks of the database for damage, with quick_check and integrity_check of SQLite.

The quick check before a start is limited to a second, so it may not reach every page.
Only the full check, which takes seconds for 100,000 people, can rule out damage.
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

QUICK_CHECK_SECONDS = 1.0
_STEPS = 20_000  # instructions of SQLite's virtual machine between two progress calls


class Interrupted(Exception):
    """The check was interrupted before it ended."""


def check_before_start(state: State) -> None:
    """Check the database before a start, and record damage in ``state``.

    The check lasts a second at most.  If damage is recorded already, the full check
    runs, because the database may have been replaced.
    """
    end = time.monotonic() + QUICK_CHECK_SECONDS
    try:
        if state.damage is None:
            _check(state, "quick_check", lambda: time.monotonic() > end)
        elif not check_fully(state):
            logger.info("A new check of the whole database found no damage.")
            state.forget_damage()
    except Interrupted:
        pass  # a large database takes longer than a second
    except SQLITE.Error as error:
        state.note_failure(
            error
        )  # a disk fault: the server starts and shows what is wrong


def check_fully(
    state: State, is_stopping: Callable[[], bool] = lambda: False
) -> list[str]:
    """Check the whole database; returns the damage, and records it in ``state``.

    Raises Interrupted once ``is_stopping``, and errors of SQLite except damage.
    """
    return _check(state, "integrity_check", is_stopping)


def _check(state: State, pragma: str, is_over: Callable[[], bool]) -> list[str]:
    try:
        damage = _run_pragma(state, pragma, is_over)
    except SQLITE.Error as error:
        if errors.error_name(error) == "SQLITE_INTERRUPT":
            raise Interrupted from error
        if errors.kind_of(error, state.path) is not Kind.DAMAGED:
            raise
        damage = [str(error)]
    if damage:
        state.note_damage(damage)
    return damage


def _run_pragma(state: State, pragma: str, is_over: Callable[[], bool]) -> list[str]:
    connection = connections.open_to_read(state.path)
    with contextlib.closing(connection):
        connection.set_progress_handler(is_over, _STEPS)
        lines = connection.execute(f"PRAGMA {pragma}({MOST_LINES})").fetchall()
    return [str(line) for (line,) in lines if line != "ok"]
