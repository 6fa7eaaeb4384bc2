"""The members of a group, of which a search costs the same however many there are."""

from collections.abc import Collection, Sequence
from functools import partial

from sqlalchemy import Connection, select

from netpresenter_next.directory.search_words import Reading
from netpresenter_next.directory.searching import FoundPeople, Narrowed, find_people
from netpresenter_next.storage.ids import chunks
from netpresenter_next.storage.models import MEMBERSHIPS


def find(connection: Connection, group_id: str, text: str) -> FoundPeople:
    """Find the members of a group who have each word of a text, in any order."""
    return find_people(connection, text, partial(_keep_members, group_id))


def filter_members(
    connection: Connection, group_id: str, user_ids: Sequence[str]
) -> Collection[str]:
    """Return the ids of those of some people who are in a group."""
    of_group = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group_id)
    found: set[str] = set()
    for some in chunks(user_ids):
        theirs = of_group.where(MEMBERSHIPS.c.user_id.in_(some))
        found.update(connection.scalars(theirs))
    return found


def _keep_members(
    group_id: str, connection: Connection, _reading: Reading, ids: Sequence[str]
) -> Narrowed:
    members = filter_members(connection, group_id, ids)
    return Narrowed([each for each in ids if each in members])
