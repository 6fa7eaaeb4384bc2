"""What provisioning clients send that is not stored: unknown attributes and schemas.

They are ignored, so that a wider mapping does no harm, and remembered, so that the
settings page can say so.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from netpresenter_next.models import UNSTORED, now

LONGEST_NAME = 200
# A client could make up names for ever: so many are remembered.
MOST_NAMES = 200
_INTERVAL = timedelta(hours=1)


def note(connection: Connection, resource_type: str, names: Sequence[str]) -> None:
    """Remember names of attributes that were sent with a kind of resource."""
    if not names:
        return
    seen = {each.name.lower(): each for each in _of(connection, resource_type)}
    moment = now()
    sent = {name[:LONGEST_NAME].lower(): name[:LONGEST_NAME] for name in names}
    for key, name in sent.items():
        row = seen.get(key)
        if row is None:
            _add(connection, resource_type, name)
        elif moment - row.last_at > _INTERVAL:
            this = (
                UNSTORED.c.resource_type == resource_type,
                UNSTORED.c.name == row.name,
            )
            connection.execute(update(UNSTORED).where(*this).values(last_at=moment))


def known(connection: Connection) -> Sequence[Row[Any]]:
    """Return what was sent but not stored, by kind of resource and name."""
    query = select(UNSTORED).order_by(UNSTORED.c.resource_type.desc(), UNSTORED.c.name)
    return connection.execute(query).all()


def _of(connection: Connection, resource_type: str) -> Sequence[Row[Any]]:
    query = select(UNSTORED).where(UNSTORED.c.resource_type == resource_type)
    return connection.execute(query).all()


def _add(connection: Connection, resource_type: str, name: str) -> None:
    count = connection.scalar(select(func.count()).select_from(UNSTORED)) or 0
    if count < MOST_NAMES:
        row = {"resource_type": resource_type, "name": name, "last_at": now()}
        connection.execute(insert(UNSTORED), row)
