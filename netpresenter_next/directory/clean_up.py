"""Deleting people whom provisioning disabled long ago.

Local accounts are never among them, so no local administrator either.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    select,
    tuple_,
    type_coerce,
)

from netpresenter_next.directory import errors, people
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import IDENTITIES

FEWEST_DAYS, SUGGESTED_DAYS, MOST_DAYS = 1, 90, 3_650
MOST_AT_ONCE = 50
MOST_GROUPS = 5


class LongDisabled:
    """A person who was disabled long ago, with what they had."""

    id: str
    user_name: str
    display_name: str | None
    disabled_at: datetime
    role: Role
    is_blocked: bool
    version: int
    last_sign_in_at: datetime | None
    account: str | None
    object_id: str | None
    # The names of some groups, one more than pages show.
    groups: list[str]


class Position(NamedTuple):
    """Where somebody is in the list: since when disabled, and their id."""

    disabled_at: datetime
    id: str


class Chosen(NamedTuple):
    """A person to delete, and a fingerprint of what was shown about them."""

    id: str
    fingerprint: str


class CleanUp(NamedTuple):
    """The user names of the people who were deleted, and of those who were kept."""

    deleted: Sequence[str]
    kept: Sequence[str]


def calculate_cut(days: int) -> datetime:
    """Return the time before which somebody has to be disabled."""
    return now() - timedelta(days=days)


def is_long_disabled(cut: datetime) -> ColumnElement[bool]:
    """Return the condition for provisioned people who are disabled since this time."""
    # Not an equality, for which SQLite would read the index of everybody's source.
    is_provisioned = USERS.c.source.not_in((Source.LOCAL, Source.CLAIMABLE))
    return and_(USERS.c.disabled_at < cut, is_provisioned)


def list_page(
    connection: Connection, cut: datetime, start: Position | None, size: int
) -> Sequence[LongDisabled]:
    """Return people after a position, those first who are disabled for longest."""
    key = (USERS.c.disabled_at, USERS.c.id)
    query = _select().where(is_long_disabled(cut)).order_by(*key).limit(size)
    if start is not None:
        query = query.where(tuple_(*key) > tuple_(*start))
    return every(LongDisabled, connection.execute(query))


def find(
    connection: Connection, cut: datetime, ids: Sequence[str]
) -> Sequence[LongDisabled]:
    """Return those of some people who are disabled for so long."""
    query = _select().where(is_long_disabled(cut), USERS.c.id.in_(ids[:MOST_AT_ONCE]))
    ordered = query.order_by(USERS.c.disabled_at, USERS.c.id)
    return every(LongDisabled, connection.execute(ordered))


def _select() -> Select[Any]:
    theirs = (
        select(GROUPS.c.display_name.label("name"))
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
        .where(MEMBERSHIPS.c.user_id == USERS.c.id)
        .limit(MOST_GROUPS + 1)
        .correlate(USERS)
        .subquery()
    )
    names = select(func.json_group_array(theirs.c.name)).scalar_subquery()
    columns = USERS.c
    return select(
        *(columns.id, columns.user_name, columns.display_name, columns.disabled_at),
        *(columns.role, columns.is_blocked, columns.version, columns.last_sign_in_at),
        IDENTITIES.c.user_name.label("account"),
        IDENTITIES.c.object_id,
        type_coerce(names, JSON).label("groups"),
    ).outerjoin(IDENTITIES, IDENTITIES.c.user_id == columns.id)


def make_fingerprint(person: LongDisabled) -> str:
    """Return a text that changes with anything that pages show about a person."""
    shown = [
        *(person.id, person.version, person.role, person.is_blocked, person.account),
        *(person.object_id, sorted(person.groups), str(person.disabled_at)),
        str(person.last_sign_in_at),
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def delete(
    connection: Connection, cut: datetime, chosen: Sequence[Chosen], actor: Actor
) -> CleanUp:
    """Delete the chosen people who are still disabled, and unchanged.

    The last administrator is kept as well.
    """
    wanted: Mapping[str, str] = dict(chosen[:MOST_AT_ONCE])
    named = select(USERS.c.id, USERS.c.user_name).where(USERS.c.id.in_(list(wanted)))
    kept = {row.id: row.user_name for row in connection.execute(named)}
    deleted = []
    for each in find(connection, cut, list(wanted)):
        if make_fingerprint(each) == wanted[each.id] and _delete_one(
            connection, each.id, actor
        ):
            deleted.append(kept.pop(each.id))
    return CleanUp(deleted, list(kept.values()))


def _delete_one(connection: Connection, user_id: str, actor: Actor) -> bool:
    person = people.find_by_id(connection, user_id)
    try:
        people.delete_person(connection, person, actor)
    except errors.LastAdministrator:  # raised before anything is changed
        return False
    return True
