"""CSV (RFC 4180): reading it, and writing it, also safely for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from netpresenter_next.lib.translation import gettext as _

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# Without it, Excel takes the text for another encoding than UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes a cell that begins with one of these as a formula.
_FORMULA = "=+\\-@\t\uff1d\uff0b\uff0d\uff20"
# A spreadsheet that separates by semicolons ignores quotation marks that do not begin
# what it takes for a cell, so a cell may also begin within a value.
_BEGINNING = (
    f"(\\A(?={{0}}[\"']*[\r\n{_FORMULA}])|[,;\t\r\n](?={{0}}[\"']*[{_FORMULA}]))"
)
# Apostrophes in front of it are written twice over, so that all can be taken off again.
_LIKE_A_FORMULA = re.compile(_BEGINNING.format(""))
_DEFUSED = re.compile(_BEGINNING.format("'") + "'")
SEPARATORS = ",;"
# Bytes.  No value of a file is longer, so each value that was written can be read.
LARGEST_FILE = 4 * 2**20
csv.field_size_limit(LARGEST_FILE)


class NotCsv(Exception):
    """A file cannot be read as CSV; the message says why and what to do."""


class Record(NamedTuple):
    """A record of a file, and the number of the line on which it begins."""

    line: int
    cells: Sequence[str]


# --------------------------------------------------------------- writing
def write_lines(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as lines; None is an empty cell, and no cell becomes a formula.

    This holds whether a spreadsheet separates cells by commas or by semicolons.
    """
    return write_plain_lines([_defuse(_to_text(each)) for each in row] for row in rows)


def write_plain_lines(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as lines with the values as they are, for other programs."""
    text = io.StringIO()
    csv.writer(text).writerows([_to_text(each) for each in row] for row in rows)
    return text.getvalue()


def _to_text(value: object) -> str:
    return "" if value is None else str(value)


def _defuse(text: str) -> str:
    return _LIKE_A_FORMULA.sub(r"\1'", text)


def restore(text: str) -> str:
    """Return the value of a cell that ``write_lines`` wrote."""
    return _DEFUSED.sub(r"\1", text)


# --------------------------------------------------------------- reading
def decode(content: bytes) -> str:
    """Decode a file as UTF-8, with or without a byte order mark; raises NotCsv."""
    if content.startswith(b"PK\x03\x04"):
        raise NotCsv(_("This is a workbook of a spreadsheet: save it there as CSV."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotCsv(_("This file is in UTF-16: save it as CSV in UTF-8."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotCsv(
            _(
                "Line %(line)s is not UTF-8: save the file as CSV in UTF-8 (in Excel, "
                "CSV UTF-8).",
                line=line,
            )
        ) from error


def find_separator(text: str) -> str:
    """Return the separator of a file by its first line: a comma or a semicolon."""
    line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max(SEPARATORS, key=line.count)


def read(text: str, separator: str) -> Iterator[Record]:
    """Yield the records that are not empty; raises NotCsv, with the line."""
    # Without translation of line ends, which may be part of a quoted value.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise NotCsv(
                _(
                    "The record that begins in line %(line)s is not CSV: %(error)s. "
                    "Check its quotation marks.",
                    line=line,
                    error=error,
                )
            ) from error
        if cells is None:
            return
        if any(cells):
            yield Record(line, cells)
