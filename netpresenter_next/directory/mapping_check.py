"""Checks whether the attribute mapping sends object IDs as externalId."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, literal_column, select

from netpresenter_next.directory import conflict_lists
from netpresenter_next.storage import totals
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.totals import Counted

# Spelled like the condition of the index, which the database would not use otherwise.
_HAS_NO_OBJECT_ID = and_(
    USERS.c.source == literal_column("'provisioned'"), USERS.c.object_id.is_(None)
)


class MappingCheck(NamedTuple):
    """How many people provisioning can see, and how many it gave no object ID.

    See ``count_some`` for the second number.
    """

    visible: int
    bad: int


def check_mapping(connection: Connection) -> MappingCheck:
    """Count these people, and those whose externalId is no object ID."""
    # Only provisioned ones can be bad: for claimable ones, none was sent yet.
    bad = select(USERS.c.id).where(_HAS_NO_OBJECT_ID)
    return MappingCheck(
        totals.read(connection, Counted.VISIBLE_USERS),
        totals.count_some(connection, bad),
    )


def list_without_object_id(connection: Connection) -> Sequence[Any]:
    """Return the latest provisioned people whose externalId is not an object ID."""
    query = select(USERS.c.id, USERS.c.user_name, USERS.c.external_id).where(
        _HAS_NO_OBJECT_ID
    )
    some = query.order_by(USERS.c.id.desc()).limit(conflict_lists.MOST_SHOWN)
    return connection.execute(some).all()


def count_linked_with_tenant(connection: Connection, tenant_id: str) -> int:
    """Count the people who are linked with an account of this directory (tenant).

    See ``count_some``.
    """
    query = select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id == tenant_id)
    return totals.count_some(connection, query)
