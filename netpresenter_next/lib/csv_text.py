"""Writing CSV (RFC 4180) that spreadsheets open safely."""

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# Without it, Excel takes the text for another encoding than UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_lines(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as lines; None is an empty cell, and no cell becomes a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([_write_cell(each) for each in row] for row in rows)
    return text.getvalue()


def _write_cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
