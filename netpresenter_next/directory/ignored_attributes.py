"""What provisioning clients send that is not stored: unknown attributes and schemas.

They are ignored, so that a wider mapping does no harm, and remembered, so that the
settings page can say so.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, insert, select, update

from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import UNSTORED, UnstoredAttribute
from netpresenter_next.storage.rows import every

LONGEST_NAME = 200
# A client could make up names for ever: so many are remembered.
MOST_NAMES = 200
_INTERVAL = timedelta(hours=1)


def note(connection: Connection, resource_type: str, names: Sequence[str]) -> None:
    """Remember names of attributes that were sent with a kind of resource."""
    if not names:
        return
    rows = list_all(connection)
    room = MOST_NAMES - len(rows)
    seen = {row.name.lower(): row for row in rows if row.resource_type == resource_type}
    moment = now()
    sent = {name[:LONGEST_NAME].lower(): name[:LONGEST_NAME] for name in names}
    for key, name in sent.items():
        row = seen.get(key)
        if row is None and room > 0:
            room -= 1
            new = {"resource_type": resource_type, "name": name, "last_at": moment}
            connection.execute(insert(UNSTORED), new)
        elif row is not None and abs(moment - row.last_at) > _INTERVAL:
            this = (
                UNSTORED.c.resource_type == resource_type,
                UNSTORED.c.name == row.name,
            )
            connection.execute(update(UNSTORED).where(*this).values(last_at=moment))


def list_all(connection: Connection) -> Sequence[UnstoredAttribute]:
    """Return what was sent but not stored, by kind of resource and name."""
    query = select(UNSTORED).order_by(UNSTORED.c.resource_type.desc(), UNSTORED.c.name)
    return every(UnstoredAttribute, connection.execute(query))
