"""Whose local password is checked at a sign-in, and why it may be of no use."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import force
from netpresenter_next.lib.text import fold
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import first


class Refusal(StrEnum):
    """Why a person may not sign in with their local password, even the right one.

    Stored in the event log, so the values never change.
    """

    BLOCKED = "blocked"
    DISABLED = "disabled"
    FORCED = "forced"


class Found(NamedTuple):
    """The person with a user name, and why they may not use their password."""

    person: Person | None
    refusal: Refusal | None = None


class _Row(Person):
    """A person, and whether Force concerns them."""

    __abstract__ = True
    must_use_microsoft: bool


def find(connection: Connection, user_name: str) -> Found:
    """Find the person with this user name, whether or not they may sign in.

    One query for every user name, so that all take equally long.
    """
    forced = force.MUST_USE_MICROSOFT.label("must_use_microsoft")
    query = select(USERS, forced).where(USERS.c.user_name_key == fold(user_name))
    row = first(_Row, connection.execute(query))
    return Found(row, _find_refusal(row) if row is not None else None)


def _find_refusal(row: _Row) -> Refusal | None:
    if row.is_blocked:
        return Refusal.BLOCKED
    if not row.active:
        return Refusal.DISABLED
    return Refusal.FORCED if row.must_use_microsoft else None
