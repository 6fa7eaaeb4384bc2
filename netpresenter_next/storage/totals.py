"""The numbers of people and groups, which the database itself counts.

Counting rows takes longer the more there are, and the totals are on every page of a
list.  Triggers change a total in the transaction that adds or removes a row, whichever
statement does it.  A migration that rebuilds a table drops its triggers; a generated
one creates them again, and a test compares them with these.
"""

from collections.abc import Mapping
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import DDL, Connection, Select, bindparam, event, func, select
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.statements import Statement


class Counted(StrEnum):
    """What is counted: the names of the totals."""

    USERS = "users"
    VISIBLE_USERS = "visible_users"  # to SCIM clients; see ``models.is_visible``
    GROUPS = "groups"
    VISIBLE_GROUPS = "visible_groups"  # to SCIM clients: all but local ones


class Total(Base):
    """The number of rows of one kind."""

    __tablename__ = "totals"

    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]

    __table_args__ = ({"sqlite_with_rowid": False},)


TOTALS = table_of(Total)
# Rows without a total are counted up to here: nobody needs the exact number.
MOST_COUNTED = 1_000
_TOTAL = Statement(
    Total, select(TOTALS.c.count).where(TOTALS.c.name == bindparam("counted"))
)
# By the table that they are dropped with.
TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "users": (
        "CREATE TRIGGER IF NOT EXISTS count_added_user AFTER INSERT ON users BEGIN "
        "UPDATE totals SET count = count + 1 WHERE name = 'users' "
        "OR name = 'visible_users' AND NEW.source != 'local'; END",
        "CREATE TRIGGER IF NOT EXISTS count_removed_user AFTER DELETE ON users BEGIN "
        "UPDATE totals SET count = count - 1 WHERE name = 'users' "
        "OR name = 'visible_users' AND OLD.source != 'local'; END",
        "CREATE TRIGGER IF NOT EXISTS count_changed_user AFTER UPDATE OF source "
        "ON users WHEN (OLD.source = 'local') != (NEW.source = 'local') BEGIN "
        "UPDATE totals SET count = count + (NEW.source != 'local') "
        "- (OLD.source != 'local') WHERE name = 'visible_users'; END",
    ),
    "groups": (
        "CREATE TRIGGER IF NOT EXISTS count_added_group AFTER INSERT ON groups BEGIN "
        "UPDATE totals SET count = count + 1 WHERE name = 'groups' "
        "OR name = 'visible_groups' AND NEW.is_local != 1; END",
        "CREATE TRIGGER IF NOT EXISTS count_removed_group AFTER DELETE ON groups BEGIN "
        "UPDATE totals SET count = count - 1 WHERE name = 'groups' "
        "OR name = 'visible_groups' AND OLD.is_local != 1; END",
    ),
}
for _trigger in chain(*TRIGGERS.values()):
    event.listen(
        Base.metadata, "after_create", DDL(_trigger).execute_if(dialect="sqlite")
    )


def read(connection: Connection, counted: Counted) -> int:
    """Return a total."""
    return _TOTAL.scalar(connection, counted=counted) or 0


def count_some(connection: Connection, query: Select[Any]) -> int:
    """Count the rows of a query; more than ``MOST_COUNTED`` count as one more."""
    return connection.scalar(select_some(query)) or 0


def select_some(query: Select[Any]) -> Select[int]:
    """Return the query of ``count_some``, to be part of another one."""
    some = query.limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some)
