"""Opaque cursors for pagination (RFC 9865): the end of a page, signed, with expiry.

A cursor contains the sort key and id of the last resource of a page.  The next page
starts after that position, even if resources were added or removed in the meantime.
It also contains the total, so that only the first page of a filter counts the matches.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, SignatureExpired
from sqlalchemy import ColumnElement, and_, literal, or_

from netpresenter_next.lib import timestamps
from netpresenter_next.lib.text import parse_datetime
from netpresenter_next.scim.errors import ExpiredCursor, InvalidCursor
from netpresenter_next.storage.timestamp_type import Timestamp

LIFETIME = 3600  # seconds, announced as cursorTimeout


@dataclass(frozen=True)
class CursorPosition:
    """The end of a page: resource type, sort key (None for no value) and id.

    ``total`` is the number of matches that was counted for the first page.
    """

    resource_type: str
    key: Any
    id: str
    total: int


class Cursors:
    """Writes and reads the cursors of one installation."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = timestamps.make_serializer(secret_key, "scim-cursor")

    def write(self, position: CursorPosition, query: str) -> str:
        """Return the cursor for the page after ``position`` in this query."""
        end = (position.resource_type, position.key, position.id, position.total)
        return str(self._serializer.dumps([*end, _digest(query)]))

    def read(self, cursor: str, query: str) -> CursorPosition:
        """Return the position of a cursor; raises InvalidCursor, ExpiredCursor.

        A cursor is valid for the same query only (RFC 9865, 2.1).
        """
        try:
            content = self._serializer.loads(cursor, max_age=LIFETIME)
            *end, digest = content
            position = CursorPosition(*end)
        except SignatureExpired:
            raise ExpiredCursor("The cursor has expired: start again.") from None
        except (BadData, ValueError, TypeError):
            raise InvalidCursor("The cursor was not issued by this service.") from None
        if digest != _digest(query):
            raise InvalidCursor(
                "The cursor was issued for another filter or sort order."
            )
        return position


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_after(
    position: CursorPosition,
    key: ColumnElement[Any] | None,
    by_age: ColumnElement[str],
    *,
    descending: bool,
) -> ColumnElement[bool]:
    """Return the condition of the resources after a position.

    The order is that of lists: by ``key``, without a value last (first if descending),
    then by id, which means by age.
    """
    later = by_age > position.id
    if key is None:
        return later
    if position.key is None:
        rest = and_(key.is_(None), later)
        return or_(rest, key.is_not(None)) if descending else rest
    value = (
        parse_datetime(position.key)
        if isinstance(key.type, Timestamp)
        else position.key
    )
    if isinstance(value, bool):
        value = literal(value)  # SQLAlchemy compares True itself by equality only
    same = and_(key == value, later)
    return (
        or_(key < value, same) if descending else or_(key > value, same, key.is_(None))
    )
