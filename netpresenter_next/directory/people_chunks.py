"""The people of a filter, all of them, a chunk at a time.

A list shows of some filters only people whom a page finds quickly.  Here everybody is
read by name for these, so a chunk costs the same, and nobody is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from netpresenter_next.directory import people_filters
from netpresenter_next.directory.people_filters import Filter, Mark
from netpresenter_next.directory.sorted_lists import Part, Position, SortedRows
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Role
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import every

CHUNK = 500
# What a list compares with a limited number of people.
_LIMITED = (Mark.CONFLICT, Mark.SHARED_OBJECT_ID, Mark.CANNOT_SIGN_IN)


def read(
    chosen: Filter, found: Sequence[str] | None = None
) -> Iterator[Sequence[Person]]:
    """Yield the people of a filter by name, each chunk from its own transaction.

    ``found`` are the ids of those to choose from, at most ``MOST_COUNTED``; None is
    everybody.
    """
    position: Position | None = None
    while True:
        with database.read() as connection:
            positions = _list_rows(connection, chosen, found).read(
                Part(position), CHUNK
            )
            ids = [each.id for each in positions]
            if found is None and _is_limited(chosen):
                ids = _keep_marked(connection, ids, chosen)
            query = select(USERS).where(USERS.c.id.in_(ids))
            people = {
                each.id: each for each in every(Person, connection.execute(query))
            }
        if ids:
            yield [people[each] for each in ids]
        if len(positions) < CHUNK:
            return
        position = positions[-1]


def _list_rows(
    connection: Connection, chosen: Filter, found: Sequence[str] | None
) -> SortedRows:
    if found is not None:
        return people_filters.list_found(connection, found, chosen)
    if _is_limited(chosen):
        chosen = replace(chosen, mark=None)
    return people_filters.list_people(connection, chosen)


def _is_limited(chosen: Filter) -> bool:
    is_administrator = chosen.role is Role.ADMINISTRATOR
    return chosen.mark in _LIMITED or (chosen.mark is not None and is_administrator)


def _keep_marked(
    connection: Connection, ids: Sequence[str], chosen: Filter
) -> list[str]:
    marked = Filter(mark=chosen.mark, rules=chosen.rules)
    rows = people_filters.list_found(connection, ids, marked)
    return [each.id for each in rows.read(Part(), len(ids))]
