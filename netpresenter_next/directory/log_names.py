"""Finding whom a filter of a log names, and what is known of those in its entries."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from netpresenter_next.directory import searching
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.models import GROUPS, SCIM_TOKENS, USERS, ScimToken
from netpresenter_next.storage.rows import every

# More people who match a text are not offered, and older tokens not either.
MOST_MATCHES, MOST_TOKENS = 10, 20


class Match(NamedTuple):
    """A person or group that a text names; a deleted one may have no name any more."""

    id: str
    name: str


class Known(NamedTuple):
    """A person or group of an entry that still exists, with the externalId."""

    id: str
    external_id: str | None


def find_people(connection: Connection, text: str) -> Sequence[Match]:
    """Return whom a text names: by id or user name, else by a search.

    A group is found by its id or whole name.

    There are several only if it is no id and nobody's user name.  A deleted person is
    found by id, and by user name unless somebody else has it now.
    """
    key = fold(text)
    people = select(USERS.c.id, USERS.c.user_name)
    groups = select(GROUPS.c.id, GROUPS.c.display_name)
    columns = DELETED_PEOPLE.c
    deleted = select(columns.user_id, columns.user_name)
    for query in (
        people.where(USERS.c.id == text),
        people.where(USERS.c.user_name_key == key),
        deleted.where(or_(columns.user_id == text, columns.user_name_key == key)),
        groups.where(or_(GROUPS.c.id == text, GROUPS.c.display_name_key == key)),
    ):
        if found := connection.execute(query.limit(MOST_MATCHES)).all():
            return [Match(row[0], row[1] or row[0]) for row in found]
    if as_guid(text):  # whoever it was
        return [Match(text, text)]
    ids = searching.find_people(connection, text).ids[:MOST_MATCHES]
    named = connection.execute(people.where(USERS.c.id.in_(ids)))
    return sorted((Match(*row) for row in named), key=lambda each: each.name)


def list_tokens(connection: Connection) -> Sequence[ScimToken]:
    """Return the newest SCIM tokens, including revoked ones."""
    query = select(SCIM_TOKENS).order_by(SCIM_TOKENS.c.id.desc()).limit(MOST_TOKENS)
    return every(ScimToken, connection.execute(query))


def read_hints(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return the first and last characters of these tokens, by id."""
    query = select(SCIM_TOKENS.c.id, SCIM_TOKENS.c.hint)
    found = connection.execute(query.where(SCIM_TOKENS.c.id.in_(ids)))
    return {row.id: row.hint for row in found}


def find_known(connection: Connection, ids: Collection[str]) -> Mapping[str, Known]:
    """Return those of these people and groups that still exist, by id."""
    return {
        row.id: Known(row.id, row.external_id)
        for table in (USERS, GROUPS)
        for row in connection.execute(
            select(table.c.id, table.c.external_id).where(table.c.id.in_(ids))
        )
    }
