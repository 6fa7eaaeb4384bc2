"""Checks whether the attribute mapping sends object IDs as externalId."""

from typing import NamedTuple

from sqlalchemy import Connection, select, text

from netpresenter_next.storage import totals
from netpresenter_next.storage.identity_models import MARKED
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.totals import Counted

# Spelled like the condition of the index, which the database would not use otherwise.
_HAS_NO_OBJECT_ID = text(MARKED["ix_users_without_object_id"])


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


def count_linked_with_tenant(connection: Connection, tenant_id: str) -> int:
    """Count the people who are linked with an account of this directory (tenant).

    See ``count_some``.
    """
    query = select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id == tenant_id)
    return totals.count_some(connection, query)
