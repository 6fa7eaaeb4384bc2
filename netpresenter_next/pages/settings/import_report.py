"""The report of an import as CSV (RFC 4180), made in pieces while it is sent."""

from collections.abc import Iterator

from netpresenter_next.directory import people_imports
from netpresenter_next.lib.csv_text import BYTE_ORDER_MARK, write_lines
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import LineOutcome
from netpresenter_next.storage.import_models import ImportLine

CHUNK = 500
TITLES = ("line", "userName", "outcome", "reason", "attributes")


def stream(import_id: str, outcome: LineOutcome | None) -> Iterator[str]:
    """Yield the lines of an import, of one outcome or of all, a chunk at a time.

    If the import is discarded meanwhile, the rest is missing.
    """
    yield BYTE_ORDER_MARK + write_lines([TITLES])
    after, lines = 0, list[ImportLine]()
    while after == 0 or len(lines) == CHUNK:
        with database.read() as connection:
            found = people_imports.list_lines(
                connection, import_id, outcome, after, CHUNK
            )
        lines = list(found)
        if not lines:
            return
        yield write_lines(_list_cells(each) for each in lines)
        after = lines[-1].number


def _list_cells(line: ImportLine) -> tuple[object, ...]:
    outcome = line.outcome.value if line.outcome else "not checked yet"
    attributes = ", ".join(line.attributes)
    return (line.line, line.user_name, outcome, line.reason or "", attributes)
