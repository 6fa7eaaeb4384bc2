"""The rows of members: reading, adding and removing them, for any number of people."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, bindparam, delete, func, insert, select, true
from sqlalchemy.dialects import sqlite

from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.event_models import MEMBERS, Position
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS, is_visible
from netpresenter_next.storage.statements import Statement, list_of

_USER_IDS = list_of("user_ids")
_GROUP_ID = bindparam("group_id", type_=GROUPS.c.id.type)


class VisiblePerson:
    """A person that SCIM clients can see."""

    id: str
    name: str
    source: Source
    awaited_claimant: str | None


_NAME = func.coalesce(USERS.c.display_name, USERS.c.user_name).label("name")
_SELECT_VISIBLE = Statement(
    VisiblePerson,
    select(
        USERS.c.id,
        _NAME,
        USERS.c.source,
        USERS.c.awaited_claimant,
    ).where(USERS.c.id.in_(_USER_IDS), is_visible()),
)
_SELECT_MEMBERS = Statement(
    tuple,
    select(MEMBERSHIPS.c.user_id).where(
        MEMBERSHIPS.c.group_id == _GROUP_ID, MEMBERSHIPS.c.user_id.in_(_USER_IDS)
    ),
)
_SELECT_NAMES = Statement(
    tuple, select(USERS.c.id, _NAME).where(USERS.c.id.in_(_USER_IDS))
)
_ADD = Statement(
    tuple,
    sqlite.insert(MEMBERSHIPS)
    .from_select(
        ["group_id", "user_id"],
        # Without WHERE, SQLite would read ON CONFLICT as the ON of a join.
        select(_GROUP_ID, _USER_IDS.subquery()).where(true()),
    )
    .on_conflict_do_nothing()
    .returning(MEMBERSHIPS.c.user_id),
)
_REMOVE = Statement(
    tuple,
    delete(MEMBERSHIPS)
    .where(MEMBERSHIPS.c.group_id == _GROUP_ID, MEMBERSHIPS.c.user_id.in_(_USER_IDS))
    .returning(MEMBERSHIPS.c.user_id),
)


_NOTE_ENTRY = Statement(
    tuple,
    insert(MEMBERS).from_select(
        ["entry_id", "at", "user_id"],
        select(
            bindparam("entry_id", type_=MEMBERS.c.entry_id.type),
            bindparam("at", type_=MEMBERS.c.at.type),
            _USER_IDS.subquery(),
        ),
    ),
)


def read_visible(
    connection: Connection, user_ids: Sequence[str]
) -> Mapping[str, VisiblePerson]:
    """Return those of the people that SCIM clients can see, by id."""
    found = _SELECT_VISIBLE.every(connection, user_ids=user_ids)
    return {row.id: row for row in found}


def read_names(connection: Connection, user_ids: Sequence[str]) -> Mapping[str, str]:
    """Return the names of those of the people who exist, by id."""
    return dict(_SELECT_NAMES.every(connection, user_ids=user_ids))


def filter_members(
    connection: Connection, group_id: str, user_ids: Sequence[str]
) -> Collection[str]:
    """Return the ids of those of some people who are in a group."""
    given = {"group_id": group_id, "user_ids": user_ids}
    return set(_SELECT_MEMBERS.scalars(connection, **given))


def add(connection: Connection, group_id: str, user_ids: Sequence[str]) -> list[str]:
    """Add people to a group; returns the ids of those who were no members yet."""
    added = _ADD.scalars(connection, group_id=group_id, user_ids=user_ids)
    return cast("list[str]", added)


def remove(connection: Connection, group_id: str, user_ids: Sequence[str]) -> list[str]:
    """Remove people from a group; returns the ids of those who were members."""
    removed = _REMOVE.scalars(connection, group_id=group_id, user_ids=user_ids)
    return cast("list[str]", removed)


def note_entry(
    connection: Connection, entry: Position, user_ids: Sequence[str]
) -> None:
    """Let a log entry be found as one of each of these people, too."""
    _NOTE_ENTRY.run(connection, entry_id=entry.id, at=entry.at, user_ids=user_ids)
