"""The only module that writes the users table; the rules about people are elsewhere.

A row has two parts.  The document, with the columns derived from it, is the SCIM
resource: only its changes increase ``version`` and set ``modified_at``.  The facts are
columns that are decided here and are no SCIM attributes.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    insert,
    update,
)

from netpresenter_next.directory import search_index, search_words
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import (
    Language,
    Role,
    RoleSource,
    SignInMethod,
    Source,
)
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.statements import Statement


class Facts(TypedDict, total=False):
    """Columns of a person that do not come from the document."""

    source: Source
    is_blocked: bool
    role: Role
    role_source: RoleSource
    is_role_unseen: bool
    is_emergency: bool
    is_hidden: bool
    language: Language | None
    hides_mobile: bool
    is_connected: bool
    was_sent: bool
    confirmed_object_id: str | None
    former_object_id: str | None
    awaited_claimant: str | None
    password_hash: str | None
    password_changed_at: datetime | None
    password_used_at: datetime | None
    last_sign_in_at: datetime | None
    last_sign_in_method: SignInMethod | None


_INSERT = Statement(Person, insert(USERS).returning(USERS))


def add(
    connection: Connection,
    columns: Mapping[str, Any],
    user_id: str | None,
    **facts: Unpack[Facts],
) -> Person:
    """Insert a person; ``columns`` are the document and its derived columns."""
    created_at = now()
    row = {
        **columns,
        **facts,
        "id": user_id or new_id(),
        "version": 1,
        "created_at": created_at,
        "modified_at": created_at,
        "disabled_at": None if columns["active"] else created_at,
    }
    if facts.get("password_hash"):
        row["password_changed_at"] = created_at
    return _INSERT.one(connection, **row)


def replace_document(
    connection: Connection,
    person: Person,
    columns: Mapping[str, Any],
    **facts: Unpack[Facts],
) -> Person:
    """Write a new document of a person, and facts; returns the changed person."""
    modified_at = max(now(), person.created_at)
    written = {
        **columns,
        **facts,
        "version": person.version + 1,
        "modified_at": modified_at,
        "disabled_at": None if columns["active"] else person.disabled_at or modified_at,
    }
    changed = {
        name: value for name, value in written.items() if getattr(person, name) != value
    }
    if _is_found_otherwise(person.document, columns["document"]):
        search_index.note_change(connection, person.id)
    return _replace(tuple(changed)).one(connection, this_id=person.id, **changed)


def _is_found_otherwise(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return search_words.read_searched(old) != search_words.read_searched(new)


@lru_cache(maxsize=256)
def _replace(names: tuple[str, ...]) -> Statement[Person]:
    """Return the statement that writes these columns of a person.

    SQLite writes the indexes of all columns that an UPDATE names, changed or not.
    """
    return Statement(
        Person,
        update(USERS)
        .where(USERS.c.id == bindparam("this_id"))
        .values({name: bindparam(name) for name in names})
        .returning(USERS),
    )


def set_facts(connection: Connection, user_id: str, **facts: Unpack[Facts]) -> None:
    """Write facts of one person."""
    _set(connection, USERS.c.id == user_id, facts)


def set_facts_of(
    connection: Connection, user_ids: Collection[str], **facts: Unpack[Facts]
) -> None:
    """Write the same facts of some people, at most a chunk of ``ids.chunks``."""
    _set(connection, USERS.c.id.in_(user_ids), facts)


def set_facts_of_query(
    connection: Connection, user_ids: Select[str], **facts: Unpack[Facts]
) -> None:
    """Write the same facts of all people whose ids a query finds."""
    _set(connection, USERS.c.id.in_(user_ids), facts)


def _set(connection: Connection, condition: ColumnElement[bool], facts: Facts) -> None:
    connection.execute(update(USERS).where(condition).values(**facts))


def set_facts_of_each(connection: Connection, facts: Mapping[str, Facts]) -> None:
    """Write facts of people, by id, in one statement; all need the same columns."""
    names = {name for each in facts.values() for name in each}
    statement = update(USERS).where(USERS.c.id == bindparam("this_id"))
    connection.execute(
        statement.values({name: bindparam(name) for name in names}),
        [{"this_id": user_id, **each} for user_id, each in facts.items()],
    )


def remove(connection: Connection, user_id: str) -> None:
    """Delete a person, and with ON DELETE CASCADE the rows that refer to them."""
    connection.execute(delete(USERS).where(USERS.c.id == user_id))
