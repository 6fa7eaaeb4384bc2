"""Finding whom a question about a sign-in concerns."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from netpresenter_next.directory import deletions, refused_sign_ins, searching
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import list_of

MOST_LISTED = 50


class Lookup(NamedTuple):
    """The people whom a text may mean, and the refused sign-ins with that reference."""

    people: Sequence[Person]
    notices: Sequence[str] = ()
    entries: Sequence[JournalEntry] = ()


def look_up(connection: Connection, text: str) -> Lookup:
    """Find people by reference, object ID, name, user name, e-mail or phone number."""
    entries = refused_sign_ins.list_by_reference(connection, text)
    if entries:
        ids = [each.target_id for each in entries if each.target_id]
        return Lookup(_load(connection, ids), entries=entries)
    if (object_id := as_guid(text)) is not None:
        return Lookup(_list_with_object_id(connection, object_id))
    exact = find_exact(connection, text)
    found = searching.find_people(connection, text)
    others = [
        each
        for each in _load(connection, found.ids)
        if exact is None or each.id != exact.id
    ]
    people = [*([exact] if exact else []), *others]
    notices = found.notices
    if len(people) > MOST_LISTED and not found.has_more:
        notices = [
            _(
                "Only %(most)s of the people who match are listed.",
                most=MOST_LISTED,
            ),
            *notices,
        ]
    return Lookup(people[:MOST_LISTED], notices)


def find_by_id(connection: Connection, user_id: str) -> Person | None:
    """Return the person with this id, if there still is one."""
    query = select(USERS).where(USERS.c.id == user_id)
    return first(Person, connection.execute(query))


def find_deleted_name(connection: Connection, user_id: str) -> str:
    """Return the name of a person who was deleted, or else their id."""
    person = deletions.find(connection, user_id)
    return (person.user_name if person else None) or user_id


def find_exact(connection: Connection, user_name: str) -> Person | None:
    """Return the person with this user name."""
    query = select(USERS).where(USERS.c.user_name_key == fold(user_name))
    return first(Person, connection.execute(query))


def _load(connection: Connection, ids: Sequence[str]) -> Sequence[Person]:
    """Return these people by name, at most two more than are listed."""
    query = select(USERS).where(USERS.c.id.in_(list_of("ids"))).params(ids=list(ids))
    by_name = query.order_by(USERS.c.shown_name_key, USERS.c.id)
    return every(Person, connection.execute(by_name.limit(MOST_LISTED + 2)))


def _list_with_object_id(connection: Connection, object_id: str) -> Sequence[Person]:
    linked = select(IDENTITIES.c.user_id).where(IDENTITIES.c.object_id == object_id)
    query = select(USERS).where(
        or_(USERS.c.object_id == object_id, USERS.c.id.in_(linked))
    )
    return every(Person, connection.execute(query.limit(MOST_LISTED)))
