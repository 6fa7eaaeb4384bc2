"""Checks whether the attribute mapping sends object IDs as externalId."""

from typing import NamedTuple

from sqlalchemy import Connection, and_, func, literal_column, select

from netpresenter_next.directory import sorted_lists
from netpresenter_next.directory.sorted_lists import SortedRows
from netpresenter_next.storage import totals
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.totals import Counted

# Spelled like the condition of the index, which the database would not use otherwise.
_HAS_NO_OBJECT_ID = and_(
    USERS.c.source == literal_column("'provisioned'"), USERS.c.object_id.is_(None)
)
# The same for people whom the database should find by their ids: in this spelling, no
# index has it.
IS_WITHOUT_OBJECT_ID = (
    func.coalesce(USERS.c.object_id, USERS.c.source) == Source.PROVISIONED.value
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


def list_without_object_id(connection: Connection) -> SortedRows:
    """Return the provisioned people whose externalId is not an object ID."""
    return sorted_lists.list_people(connection, _HAS_NO_OBJECT_ID)


def count_linked_with_tenant(connection: Connection, tenant_id: str) -> int:
    """Count the people who are linked with an account of this directory (tenant).

    See ``count_some``.
    """
    query = select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id == tenant_id)
    return totals.count_some(connection, query)
