"""Attributes and schemas that SCIM clients send and that are not stored.

They are ignored, so that additional attribute mappings do no harm, and recorded, so
that the settings page can show them.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.scim_models import UNSTORED, UnstoredAttribute

LONGEST_NAME = 200
# A limit, because clients could invent names without end.
MOST_NAMES = 200
_INTERVAL = timedelta(hours=1)


def note(connection: Connection, resource_type: str, names: Sequence[str]) -> None:
    """Record the names of unknown attributes that were sent for a resource type."""
    if not names:
        return
    rows = list_all(connection)
    room = MOST_NAMES - len(rows)
    seen = {row.name.lower(): row for row in rows if row.resource_type == resource_type}
    present = now()
    sent = {name[:LONGEST_NAME].lower(): name[:LONGEST_NAME] for name in names}
    for key, name in sent.items():
        row = seen.get(key)
        if row is None and room > 0:
            room -= 1
            new = {"resource_type": resource_type, "name": name, "last_at": present}
            connection.execute(insert(UNSTORED), new)
        elif row is not None and abs(present - row.last_at) > _INTERVAL:
            this = (
                UNSTORED.c.resource_type == resource_type,
                UNSTORED.c.name == row.name,
            )
            connection.execute(update(UNSTORED).where(*this).values(last_at=present))


def forget(connection: Connection, resource_type: str, name: str) -> bool:
    """Delete a recorded name; False if there is none.  It returns if it is sent again.

    So administrators see whether a changed mapping still sends it.
    """
    this = (UNSTORED.c.resource_type == resource_type, UNSTORED.c.name == name)
    return connection.execute(delete(UNSTORED).where(*this)).rowcount > 0


def list_all(connection: Connection) -> Sequence[UnstoredAttribute]:
    """Return the recorded attributes, sorted by resource type and name."""
    query = select(UNSTORED).order_by(UNSTORED.c.resource_type.desc(), UNSTORED.c.name)
    return every(UnstoredAttribute, connection.execute(query))
