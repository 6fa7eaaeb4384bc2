"""What a database file says of itself in its first bytes; SQLite is not asked.

SQLite makes files beside a database even to read it, and may write what it finds in
them.  A file that may be somebody else's is looked at without it.
The formats: sqlite.org/fileformat2.html, 1.3 and 4.
"""

import struct
from pathlib import Path
from typing import NamedTuple

MAGIC = b"SQLite format 3\0"
_HEADER, _PAGE_HEADER = 100, 112  # bytes that are read of a page
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)


class Header(NamedTuple):
    """The first bytes of a database, or of what its log makes of them."""

    application_id: int
    has_tables: bool
    # Bytes that the file should have, and less than that are there.
    missing: int


class NotADatabase(Exception):
    """The file is something else; the message says how one can tell."""


def read(path: Path) -> Header | None:
    """Read the header of a database; None where there is no file or an empty one.

    Raises NotADatabase, and OSError where it cannot be read.
    """
    if not path.exists():
        return None
    in_log = _from_log(Path(f"{path}-wal"))
    if in_log is None and path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        first = file.read(_PAGE_HEADER)
    if first and not first.startswith(MAGIC):
        raise NotADatabase("is not a database of SQLite")
    if first and len(first) < _PAGE_HEADER:
        raise NotADatabase("is cut off within its first bytes")
    missing = 0 if in_log is not None else _missing(first, path.stat().st_size)
    return _parsed(in_log or first, missing)


def _parsed(page: bytes, missing: int) -> Header:
    (application_id,) = struct.unpack_from(">I", page, 68)
    (cells,) = struct.unpack_from(">H", page, _HEADER + 3)
    is_inner = page[_HEADER] == 5  # a table of tables too large for one page
    return Header(application_id, bool(cells) or is_inner, missing)


def _missing(first: bytes, size: int) -> int:
    """Return how many bytes the header promises beyond the end of the file."""
    page_size, pages = _page_size(first), struct.unpack_from(">I", first, 28)[0]
    (changes,) = struct.unpack_from(">I", first, 24)
    (valid_for,) = struct.unpack_from(">I", first, 92)
    promised = pages * page_size if changes == valid_for else 0
    return max(0, promised - size)


def _page_size(first: bytes) -> int:
    (size,) = struct.unpack_from(">H", first, 16)
    return 65536 if size == 1 else int(size)


def _from_log(path: Path) -> bytes | None:
    """Return the beginning of the first page as the last commit in the log left it."""
    try:
        with path.open("rb") as log:
            head = log.read(_WAL_HEADER)
            if len(head) < _WAL_HEADER or _number(head, 0) not in _WAL_MAGIC:
                return None
            page_size, salts = _number(head, 8), head[16:24]
            newest, committed = None, None
            while len(frame := log.read(_FRAME_HEADER)) == _FRAME_HEADER:
                page = log.read(page_size)
                if frame[8:16] != salts or len(page) < page_size:
                    break  # left over from before the log began anew, or cut off
                if _number(frame, 0) == 1:
                    newest = page[:_PAGE_HEADER]
                if _number(frame, 4):
                    committed = newest
            return committed
    except FileNotFoundError:
        return None


def _number(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">I", data, at)[0])
