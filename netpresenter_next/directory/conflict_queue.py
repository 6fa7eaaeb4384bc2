"""The queue of conflicts, by kind; a page of it costs the same however long it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, select, true

from netpresenter_next.directory import identity_rules
from netpresenter_next.directory.conflict_decisions import NamedDecision
from netpresenter_next.directory.conflicts import LinkedPerson, NamedConflict
from netpresenter_next.directory.sorted_lists import Part, Position
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import (
    CONFLICTS,
    IS_UNCONFIRMED,
    KEPT_APART,
)
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.totals import count_some

MOST_UNCONFIRMED = 20
# Every reason belongs to one kind, which the address names.
KINDS: Mapping[str, tuple[Reason, ...]] = {
    "provisioning": (
        Reason.LOCAL_USER_NAME,
        Reason.LOCAL_WORK_EMAIL,
        Reason.LOCAL_OBJECT_ID,
        Reason.CLAIM_DISAGREES,
        Reason.LINK_CONTRADICTED,
    ),
    "sign-in": (
        Reason.NAME_OF_ADMINISTRATOR,
        Reason.NAME_OF_LINKED,
        Reason.NAME_OF_OTHER_OBJECT_ID,
        Reason.EMERGENCY_ACCESS,
        Reason.OWNED,
        Reason.OTHER_OBJECT_ID,
    ),
    "mapping": (
        Reason.SHARED_OBJECT_ID,
        Reason.LINK_DISAGREES,
        Reason.LINK_UNBACKED,
    ),
    "disable": (Reason.DISABLE_REFUSED,),
    "administrators": (Reason.UNCONFIRMED,),
}


class NewestFirst:
    """Rows by their ids, which are made from the time; the newest come first.

    For each condition, an index has its rows in the order of their ids.
    """

    def __init__(
        self,
        connection: Connection,
        id_column: Column[Any],
        conditions: Sequence[ColumnElement[bool]],
    ) -> None:
        self._connection = connection
        self._id = id_column
        self._conditions = conditions

    def read(self, part: Part, most: int) -> list[Position]:
        """Return the nearest positions of a part; their keys are empty."""
        found = [
            each for one in self._conditions for each in self._read(one, part, most)
        ]
        return sorted(found, reverse=not part.is_backwards)[:most]

    def _read(
        self, condition: ColumnElement[bool], part: Part, most: int
    ) -> list[Position]:
        query = select(self._id).where(condition).limit(most)
        query = query.order_by(self._id if part.is_backwards else self._id.desc())
        if part.position is not None:
            there = part.position.id
            is_before = self._id > there if part.is_backwards else self._id < there
            query = query.where(is_before)
        return [Position("", each) for each in self._connection.scalars(query)]

    def count(self) -> int:
        """Count the rows, of each condition up to one more than ``MOST_COUNTED``."""
        return sum(
            count_some(self._connection, select(self._id).where(each))
            for each in self._conditions
        )


def list_conflicts(connection: Connection, kind: str) -> NewestFirst:
    """Return the conflicts of a kind, or all of them if there is no such kind."""
    conditions: Sequence[ColumnElement[bool]] = [true()]
    if kind in KINDS:
        conditions = [CONFLICTS.c.reason == each for each in KINDS[kind]]
    return NewestFirst(connection, CONFLICTS.c.id, conditions)


def list_decisions(connection: Connection) -> NewestFirst:
    """Return the decisions that two are kept apart."""
    return NewestFirst(connection, KEPT_APART.c.id, [true()])


def read_conflicts(
    connection: Connection, ids: Sequence[str]
) -> Mapping[str, NamedConflict]:
    """Return conflicts with the names of their people, by id."""
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    rows = connection.execute(query.where(CONFLICTS.c.id.in_(ids)))
    return {row.id: row for row in every(NamedConflict, rows)}


def read_decisions(
    connection: Connection, ids: Sequence[str]
) -> Mapping[str, NamedDecision]:
    """Return decisions with the names of their people, by id."""
    query = select(KEPT_APART, USERS.c.user_name).join(USERS)
    rows = connection.execute(query.where(KEPT_APART.c.id.in_(ids)))
    return {row.id: row for row in every(NamedDecision, rows)}


def count_open(connection: Connection) -> int:
    """Count the open conflicts; see ``count_some``."""
    return count_some(connection, select(CONFLICTS.c.id))


def list_unconfirmed(connection: Connection) -> list[LinkedPerson]:
    """Return administrators whose object ID from provisioning has to be confirmed."""
    newest = select(USERS.c.id).where(IS_UNCONFIRMED).order_by(USERS.c.id.desc())
    some = USERS.c.id.in_(newest.limit(MOST_UNCONFIRMED))
    query = select(USERS, IDENTITIES.c.object_id.label("linked")).outerjoin(IDENTITIES)
    rows = every(LinkedPerson, connection.execute(query.where(some)))
    return [
        row
        for row in rows
        if identity_rules.find_unconfirmed(
            identity_rules.identity_facts_of(row, row.linked)
        )
    ]
