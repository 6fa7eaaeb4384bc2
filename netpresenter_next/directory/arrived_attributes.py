"""Which attributes SCIM clients sent, with the last value and its time.

They are collected in memory, so that requests do not become slower;
``client_activity`` stores them.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.scim_models import ARRIVED, ArrivedAttribute

LONGEST_VALUE = 200
# Microsoft Entra ID sends some dozens; a limit, because extensions may have any number.
MOST_ROWS = 500


class Sent(NamedTuple):
    """The value of one attribute as it was last sent, and for which resource."""

    value: Any
    resource_id: str
    at: datetime


class Arrivals:
    """Collects the attributes that an application receives until they are stored."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[tuple[str, str], Sent] = {}

    @property
    def is_empty(self) -> bool:
        """Is everything stored?"""
        return not self._sent

    def note(
        self, resource_type: str, resource_id: str, attributes: Mapping[str, Any]
    ) -> None:
        """Note attributes that were sent, and accepted, for a resource."""
        present = now()
        with self._lock:
            for name, value in attributes.items():
                self._sent[resource_type, name] = Sent(value, resource_id, present)

    def store(self, connection: Connection) -> None:
        """Store what was noted, in the transaction of the caller."""
        with self._lock:
            sent, self._sent = self._sent, {}
        for (resource_type, name), each in sent.items():
            for path, value in _flatten(name, each.value):
                _store_one(connection, resource_type, path, value, each)


def _store_one(
    connection: Connection, resource_type: str, path: str, value: Any, sent: Sent
) -> None:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    values = {
        "last_at": sent.at,
        "last_value": names.to_one_line(text, LONGEST_VALUE),
        "resource_id": sent.resource_id,
    }
    row = {"resource_type": resource_type, "name": path[:LONGEST_VALUE], **values}
    stored = insert(ARRIVED).on_conflict_do_update(
        index_elements=["resource_type", "name"], set_=values
    )
    connection.execute(stored, row)


def _flatten(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Split a value into those that a mapping in Microsoft Entra ID has.

    These are sub-attributes, and the values of each type of a multi-valued attribute.
    """
    if isinstance(value, dict):
        separator = ":" if ":" in name else "."
        for part, each in value.items():
            yield from _flatten(f"{name}{separator}{part}", each)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for each in value:
            kind = each.get("type")
            selected = f'{name}[type eq "{kind}"]' if kind else name
            for part in each.keys() - {"type", "primary"}:
                yield f"{selected}.{part}", each[part]
    elif value is not None:
        yield name, value


def list_all(connection: Connection) -> Sequence[ArrivedAttribute]:
    """Return the attributes that arrived, by resource type and name."""
    ordered = select(ARRIVED).order_by(ARRIVED.c.resource_type.desc(), ARRIVED.c.name)
    return every(ArrivedAttribute, connection.execute(ordered.limit(MOST_ROWS)))


def forget_values_of(connection: Connection, resource_id: str) -> None:
    """Remove the values that were sent for a resource, for whoever erases it."""
    theirs = update(ARRIVED).where(ARRIVED.c.resource_id == resource_id)
    connection.execute(theirs.values(last_value=None, resource_id=None))
