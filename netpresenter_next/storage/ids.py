"""Ids of everything that is stored."""

import secrets
import threading
import time
import uuid
from collections.abc import Iterator, Sequence

# Ids in one statement: far below the limits of SQLite (32,766) and PostgreSQL.
MOST_AT_ONCE = 1_000
# The time of the newest id, in 4096ths of a millisecond.
_last_tick = 0
_ticking = threading.Lock()


def new_id() -> str:
    """Return a new id that can neither be chosen nor guessed, and sorts by age.

    A UUID version 7 (RFC 9562, 6.2): 48 bits of milliseconds, a count of 12 bits
    within one, then 62 random bits.  Sorting by age keeps lists stable while people
    are added, and inserts local.
    """
    global _last_tick
    with _ticking:
        _last_tick = max(_last_tick + 1, (time.time_ns() // 1_000_000) << 12)
        milliseconds, count = divmod(_last_tick, 1 << 12)
    bits = milliseconds << 80 | 0x7 << 76 | count << 64 | 0x2 << 62
    return str(uuid.UUID(int=bits | secrets.randbits(62)))


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list into pieces that one statement takes."""
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield ids[start : start + MOST_AT_ONCE]
