"""A log as CSV (RFC 4180), made in pieces while it is sent."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence

from netpresenter_next.directory import journal
from netpresenter_next.directory.journal import Filter
from netpresenter_next.pages.log_entries import LogEntry, make_entry

CHUNK = 500
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# Without it, Excel takes the text for another encoding than UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
TITLES = (
    *("time_utc", "last_time_utc", "times", "event", "outcome", "what_happened"),
    *("what_to_do", "target_type", "target", "target_id", "by", "by_id", "address"),
    *("status", "duration_ms", "request_id", "changes"),
)
# A spreadsheet takes a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def stream(wanted: Filter, secret_names: Collection[str]) -> Iterator[str]:
    """Yield the lines of all entries, newest first, a chunk at a time."""
    yield _BYTE_ORDER_MARK + _write([TITLES])
    for rows in journal.read_all(wanted, CHUNK):
        yield _write(_list_cells(make_entry(row, secret_names)) for row in rows)


def _write(lines: Collection[Sequence[str]] | Iterator[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


def _list_cells(entry: LogEntry) -> list[str]:
    row = entry.row
    changes = (f"{name}: {old} → {new}" for name, old, new in entry.changes)
    cells = (
        *(_write_time(row.at), row.last_at and _write_time(row.last_at), row.times),
        *(row.event, "succeeded" if row.succeeded else "failed", entry.sentence),
        *(entry.remedy, row.target_type, row.target_name, row.target_id),
        *(entry.actor, row.actor_id, row.address, row.status, row.duration_ms),
        *(row.request_id, "\n".join(changes)),
    )
    return [defuse("" if each is None else str(each)) for each in cells]


def _write_time(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"


def defuse(text: str) -> str:
    """Return a cell that no spreadsheet takes as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
