"""Ids of rows."""

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime

# The number of ids in one statement, below the parameter limit of SQLite (32,766).
MOST_AT_ONCE = 1_000
# The time of the newest id, in 4096ths of a millisecond.
_last_tick = 0
_ticking = threading.Lock()


def new_id() -> str:
    """Return a new id that cannot be guessed, and that sorts by age.

    A UUID version 7 (RFC 9562, 5.7 and 6.2): 48 bits of milliseconds, a counter of 12
    bits within the millisecond, then 62 random bits.  Sorting by age keeps pages of a
    list stable while rows are added, and inserts at the end of the index.
    """
    global _last_tick
    with _ticking:
        _last_tick = max(_last_tick + 1, (time.time_ns() // 1_000_000) << 12)
        milliseconds, count = divmod(_last_tick, 1 << 12)
    bits = milliseconds << 80 | 0x7 << 76 | count << 64 | 0x2 << 62
    return _format(bits | secrets.randbits(62))


def first_id_at(timestamp: datetime) -> str:
    """Return a text that sorts before every id made at this time or later.

    And after those that were made earlier, if the clock was not set back.
    """
    return _format(int(timestamp.timestamp() * 1_000) << 80)


def _format(bits: int) -> str:
    digits = f"{bits:032x}"
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts)


def chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split a list of ids or other keys into chunks for one statement each."""
    for start in range(0, len(texts), MOST_AT_ONCE):
        yield texts[start : start + MOST_AT_ONCE]
