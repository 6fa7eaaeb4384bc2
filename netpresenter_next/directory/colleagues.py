"""Who sees whom: the directory in which people find their colleagues.

Everybody who is signed in sees the same people.  ``find_absence`` decides about one
person; queries use ``IS_SHOWN``, which is the same as a condition of SQL.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from netpresenter_next.directory import (
    colleague_settings,
    colleague_views,
    search_words,
    searching,
)
from netpresenter_next.directory.colleague_views import Colleague
from netpresenter_next.directory.search_words import Reading
from netpresenter_next.directory.searching import FoundPeople, Narrowed
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    SortedRows,
    load_rows,
)
from netpresenter_next.storage.choices import ShownNumbers
from netpresenter_next.storage.colleague_models import IS_SHOWN, ColleagueSettings
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS, Group, Person
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.statements import list_of
from netpresenter_next.storage.totals import MOST_COUNTED, count_some

# So many people are examined by a search whose name and address do not have its words.
MOST_EXAMINED = 100
# So many managers above a person are shown, and so many groups of a person.
MOST_MANAGERS, MOST_GROUPS = 5, 100
_NAMED = (USERS.c.id, USERS.c.user_name, USERS.c.display_name, USERS.c.work_email)
_VIEWED = (
    USERS.c.id,
    USERS.c.document,
    USERS.c.user_name,
    USERS.c.display_name,
    USERS.c.work_email,
    USERS.c.manager_id,
    USERS.c.hides_mobile,
)


class Absence(StrEnum):
    """Why colleagues do not see a person."""

    DIRECTORY_OFF = "directory off"
    DISABLED = "disabled"
    BLOCKED = "blocked"
    EMERGENCY = "emergency access"
    HIDDEN = "hidden"


class Facts(NamedTuple):
    """What decides whether colleagues see a person."""

    is_on: bool
    is_active: bool
    is_blocked: bool
    is_emergency: bool
    is_hidden: bool


# The first reason that applies counts.
_ABSENCES: Mapping[Absence, Callable[[Facts], bool]] = {
    Absence.DIRECTORY_OFF: lambda facts: not facts.is_on,
    Absence.DISABLED: lambda facts: not facts.is_active,
    Absence.BLOCKED: lambda facts: facts.is_blocked,
    Absence.EMERGENCY: lambda facts: facts.is_emergency,
    Absence.HIDDEN: lambda facts: facts.is_hidden,
}


class _Row:
    id: str
    document: Mapping[str, Any]
    user_name: str
    display_name: str | None
    work_email: str | None
    manager_id: str | None
    hides_mobile: bool


class NamedRow(NamedTuple):
    """A person or a group: an id and a name."""

    id: str
    name: str


def find_absence(facts: Facts) -> Absence | None:
    """Return why colleagues do not see a person, or None if they do."""
    return next((why for why, applies in _ABSENCES.items() if applies(facts)), None)


def facts_of(person: Person, settings: ColleagueSettings) -> Facts:
    """Return the facts about a person."""
    return Facts(
        is_on=settings.is_on,
        is_active=person.active,
        is_blocked=person.is_blocked,
        is_emergency=person.is_emergency,
        is_hidden=person.is_hidden,
    )


# --------------------------------------------------------------- one colleague
def find(connection: Connection, user_id: str) -> Colleague | None:
    """Return a colleague; None for nobody, and for a person who is not shown."""
    return read(connection, [user_id]).get(user_id)


def read(connection: Connection, ids: Collection[str]) -> Mapping[str, Colleague]:
    """Return those of some people who are shown, by id."""
    shown = colleague_settings.read(connection).shown_numbers
    rows = _read_rows(connection, ids)
    return {row.id: colleague_views.describe(row, shown) for row in rows}


def _read_rows(connection: Connection, ids: Collection[str]) -> Sequence[_Row]:
    query = select(*_VIEWED).where(USERS.c.id.in_(list_of("ids")), IS_SHOWN)
    return every(_Row, connection.execute(query, {"ids": list(ids)}))


def list_managers(connection: Connection, user_id: str) -> list[NamedRow]:
    """Return the managers of a person: the nearest first, then the manager's manager.

    The list ends at somebody who is not shown, and before anybody appears twice.
    """
    managers: list[NamedRow] = []
    seen, above = {user_id}, _read_manager_id(connection, user_id)
    while above is not None and above not in seen and len(managers) < MOST_MANAGERS:
        rows = _read_rows(connection, [above])
        if not rows:
            break
        seen.add(above)
        managers.append(NamedRow(above, rows[0].display_name or rows[0].user_name))
        above = rows[0].manager_id
    return managers


def _read_manager_id(connection: Connection, user_id: str) -> str | None:
    query = select(USERS.c.manager_id).where(USERS.c.id == user_id)
    return connection.scalar(query)


def list_groups(connection: Connection, user_id: str) -> Sequence[NamedRow]:
    """Return the first groups of a person by name, at most one more than the limit."""
    query = (
        select(GROUPS.c.id, GROUPS.c.display_name.label("name"))
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
        .where(MEMBERSHIPS.c.user_id == user_id)
        .order_by(GROUPS.c.shown_name_key, GROUPS.c.id)
    )
    rows = connection.execute(query.limit(MOST_GROUPS + 1))
    return [NamedRow(*row) for row in rows]


# --------------------------------------------------------------- lists
def list_all(connection: Connection) -> SortedRows:
    """Return everybody who is shown, by name."""
    return IndexedRows(connection, USERS, [IS_SHOWN])


def list_reports(connection: Connection, manager_id: str) -> SortedRows:
    """Return the people whose manager somebody is, by name."""
    # Somebody may be their own manager.
    others = USERS.c.id != manager_id
    reports = and_(USERS.c.manager_id == manager_id, others, IS_SHOWN)
    return IndexedRows(connection, USERS, [reports])


def list_found(connection: Connection, found: FoundPeople) -> SortedRows:
    """Return the people whom a search found, by name."""
    query = select(USERS.c.shown_name_key, USERS.c.id)
    query = query.where(USERS.c.id.in_(list_of("ids")), IS_SHOWN)
    return load_rows(connection, query.params(ids=found.ids))


# --------------------------------------------------------------- search
def search(
    connection: Connection, text: str, group_id: str | None = None
) -> FoundPeople:
    """Find the people, or members of a group, who are shown by what is shown of them.

    The index also has what is not shown, so everybody whom it finds is examined.
    """
    shown = colleague_settings.read(connection).shown_numbers
    keep_shown = partial(_keep_shown, shown)
    return searching.find_people(connection, text, keep_shown, group_id)


def _keep_shown(
    shown: ShownNumbers, connection: Connection, reading: Reading, ids: Sequence[str]
) -> Narrowed:
    """Return those who are found by what is shown of them, in the order of the ids.

    A common word is in the name or the address of most people who have it.  The others
    are examined as a whole, which takes much longer, so these are few.
    """
    query = select(*_NAMED).where(USERS.c.id.in_(list_of("ids")), IS_SHOWN)
    rows = every(_Row, connection.execute(query, {"ids": list(ids)}))
    kept, others = set[str](), list[str]()
    for row in rows:
        keys = colleague_views.list_some_keys(row)
        (kept.add if search_words.matches(reading, keys) else others.append)(row.id)
    for row in _read_rows(connection, others[:MOST_EXAMINED]):
        keys = colleague_views.list_keys(colleague_views.describe(row, shown))
        if search_words.matches(reading, keys):
            kept.add(row.id)
    is_partial = len(others) > MOST_EXAMINED
    return Narrowed([each for each in ids if each in kept], is_partial)


# --------------------------------------------------------------- groups
def find_group(connection: Connection, group_id: str) -> Group | None:
    """Return a group, or None."""
    query = select(GROUPS).where(GROUPS.c.id == group_id)
    return first(Group, connection.execute(query))


def list_members(connection: Connection, group_id: str) -> SortedRows | None:
    """Return the members of a group who are shown, by name.

    None for a group that is too large: its members are only searched.
    """
    members = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group_id)
    if count_some(connection, members) > MOST_COUNTED:
        return None
    query = (
        select(USERS.c.shown_name_key, USERS.c.id)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.group_id == group_id, IS_SHOWN)
    )
    return load_rows(connection, query)
