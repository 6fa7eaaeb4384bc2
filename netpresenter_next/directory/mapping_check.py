"""Checks whether the attribute mapping sends object IDs as externalId."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.directory import conflict_lists
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES


class MappingCheck(NamedTuple):
    """How many provisioned people have an object ID as externalId."""

    good: int
    bad: int


def check_mapping(connection: Connection) -> MappingCheck:
    """Count externalIds that are object IDs, and those that are something else."""
    # Only provisioned people: for claimable ones, no externalId was sent yet.
    query = select(func.count(), func.count(USERS.c.object_id)).where(
        USERS.c.source == Source.PROVISIONED
    )
    everybody, good = connection.execute(query).one()
    return MappingCheck(good, everybody - good)


def list_without_object_id(connection: Connection) -> Sequence[Any]:
    """Return the latest provisioned people whose externalId is not an object ID."""
    query = select(USERS.c.id, USERS.c.user_name, USERS.c.external_id).where(
        USERS.c.source == Source.PROVISIONED, USERS.c.object_id.is_(None)
    )
    some = query.order_by(USERS.c.id.desc()).limit(conflict_lists.MOST_SHOWN)
    return connection.execute(some).all()


def count_linked_with_tenant(connection: Connection, tenant_id: str) -> int:
    """Count the people who are linked with an account of this directory (tenant)."""
    query = select(func.count()).where(IDENTITIES.c.tenant_id == tenant_id)
    return connection.scalar(query) or 0
