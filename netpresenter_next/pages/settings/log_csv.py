"""A log as CSV (RFC 4180), made in pieces while it is sent."""

from collections.abc import Collection, Iterator

from netpresenter_next.directory import journal
from netpresenter_next.directory.journal import Filter
from netpresenter_next.lib.csv_text import BYTE_ORDER_MARK, write_lines
from netpresenter_next.pages.log_entries import LogEntry, make_entry

CHUNK = 500
TITLES = (
    *("time_utc", "last_time_utc", "times", "event", "outcome", "what_happened"),
    *("what_to_do", "target_type", "target", "target_id", "by", "by_id", "address"),
    *("status", "duration_ms", "request_id", "changes"),
)


def stream(wanted: Filter, secret_names: Collection[str]) -> Iterator[str]:
    """Yield the lines of all entries, newest first, a chunk at a time."""
    yield BYTE_ORDER_MARK + write_lines([TITLES])
    for rows in journal.read_all(wanted, CHUNK):
        yield write_lines(_list_cells(make_entry(row, secret_names)) for row in rows)


def _list_cells(entry: LogEntry) -> tuple[object, ...]:
    row = entry.row
    changes = (f"{name}: {old} → {new}" for name, old, new in entry.changes)
    return (
        *(_write_time(row.at), row.last_at and _write_time(row.last_at), row.times),
        *(row.event, "succeeded" if row.succeeded else "failed", entry.sentence),
        *(entry.remedy, row.target_type, row.target_name, row.target_id),
        *(entry.actor, row.actor_id, row.address, row.status, row.duration_ms),
        *(row.request_id, "\n".join(changes)),
    )


def _write_time(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
