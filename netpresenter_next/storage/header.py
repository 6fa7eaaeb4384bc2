"""The header of a database file, read without SQLite.

SQLite creates files beside a database even to read it, and may apply a log that it
finds there.  So a file that may belong to another application is not opened with it.
The formats are in sqlite.org/fileformat2.html, 1.3 and 4.
"""

import struct
from pathlib import Path
from typing import NamedTuple

MAGIC = b"SQLite format 3\0"
_HEADER, _PAGE_HEADER = 100, 112  # bytes: up to the end of each header of page 1
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)


class Header(NamedTuple):
    """The header of a database, with the last commit in its log applied."""

    application_id: int
    has_tables: bool
    # The number of bytes by which the file is shorter than its header says.
    missing: int


class NotADatabase(Exception):
    """The file is not a SQLite database; the message says why."""


def read(path: Path) -> Header | None:
    """Read the header of a database; None where there is no file or an empty one.

    Raises NotADatabase, and OSError where it cannot be read.
    """
    if not path.exists():
        return None
    in_log = _read_from_log(Path(f"{path}-wal"))
    if in_log is None and path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        first = file.read(_PAGE_HEADER)
    if first and not first.startswith(MAGIC):
        raise NotADatabase("is not a database of SQLite")
    if first and len(first) < _PAGE_HEADER:
        raise NotADatabase("is cut off within its first bytes")
    is_in_log = in_log is not None
    missing = 0 if is_in_log else _count_missing_bytes(first, path.stat().st_size)
    return _parse(in_log or first, missing)


def _parse(page: bytes, missing: int) -> Header:
    (application_id,) = struct.unpack_from(">I", page, 68)
    (cells,) = struct.unpack_from(">H", page, _HEADER + 3)
    is_interior = page[_HEADER] == 5  # a schema table that is larger than one page
    return Header(application_id, bool(cells) or is_interior, missing)


def _count_missing_bytes(first: bytes, size: int) -> int:
    """Return by how many bytes the file is shorter than its header says."""
    page_size, pages = _read_page_size(first), struct.unpack_from(">I", first, 28)[0]
    (changes,) = struct.unpack_from(">I", first, 24)
    (valid_for,) = struct.unpack_from(">I", first, 92)
    declared = pages * page_size if changes == valid_for else 0
    return max(0, declared - size)


def _read_page_size(first: bytes) -> int:
    (size,) = struct.unpack_from(">H", first, 16)
    return 65536 if size == 1 else int(size)


def _read_from_log(path: Path) -> bytes | None:
    """Return the beginning of page 1 in the last commit of the log, if it is there."""
    try:
        with path.open("rb") as log:
            head = log.read(_WAL_HEADER)
            if len(head) < _WAL_HEADER or _read_uint32(head, 0) not in _WAL_MAGIC:
                return None
            page_size, salts = _read_uint32(head, 8), head[16:24]
            newest, committed = None, None
            while len(frame := log.read(_FRAME_HEADER)) == _FRAME_HEADER:
                page = log.read(page_size)
                if frame[8:16] != salts or len(page) < page_size:
                    break  # a frame from before the log was reset, or incomplete
                if _read_uint32(frame, 0) == 1:
                    newest = page[:_PAGE_HEADER]
                if _read_uint32(frame, 4):
                    committed = newest
            return committed
    except FileNotFoundError:
        return None


def _read_uint32(data: bytes, offset: int) -> int:
    return int(struct.unpack_from(">I", data, offset)[0])
