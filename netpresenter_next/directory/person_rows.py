"""The only module that writes rows of people; the rules about them are elsewhere.

A row has two parts.  The document, with the columns that are derived from it, is what
SCIM shows: with it, and only with it, move the version and the time of the last change.
The facts are what this side decides and no SCIM attribute says.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, update

from netpresenter_next.lib.timestamps import now
from netpresenter_next.schema import tables
from netpresenter_next.storage.choices import Role, RoleSource, SignInMethod, Source
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import one


class Facts(TypedDict, total=False):
    """Columns of a person that do not come from the document."""

    source: Source
    is_blocked: bool
    role: Role
    role_source: RoleSource
    is_role_unseen: bool
    is_emergency: bool
    confirmed_object_id: str | None
    former_object_id: str | None
    password_hash: str | None
    password_changed_at: datetime | None
    password_used_at: datetime | None
    last_sign_in_at: datetime | None
    last_sign_in_method: SignInMethod | None


# Statements of every request are built once: building costs more than running.
_DERIVED = tuple(tables.derived_columns(USERS, {"userName": "nobody", "active": False}))
_INSERT = insert(USERS).returning(USERS)
_REPLACE = (
    update(USERS)
    .where(USERS.c.id == bindparam("this_id"))
    .values(
        {
            name: bindparam(name)
            for name in (*_DERIVED, "version", "modified_at", "source")
        }
    )
    .returning(USERS)
)


def add(
    connection: Connection,
    columns: Mapping[str, Any],
    user_id: str | None,
    **facts: Unpack[Facts],
) -> Person:
    """Add a person; ``columns`` are the document and what is derived from it."""
    moment = now()
    row = {
        **columns,
        **facts,
        "id": user_id or new_id(),
        "version": 1,
        "created_at": moment,
        "modified_at": moment,
    }
    if facts.get("password_hash"):
        row["password_changed_at"] = moment
    return one(Person, connection.execute(_INSERT, row))


def replace_document(
    connection: Connection,
    person: Person,
    columns: Mapping[str, Any],
    source: Source,
) -> Person:
    """Write another document of a person; returns the person as they are now."""
    row = {
        **columns,
        "this_id": person.id,
        "version": person.version + 1,
        "modified_at": max(now(), person.created_at),
        "source": source,
    }
    return one(Person, connection.execute(_REPLACE, row))


def set_facts(connection: Connection, user_id: str, **facts: Unpack[Facts]) -> None:
    """Write facts of one person."""
    _set(connection, USERS.c.id == user_id, facts)


def set_facts_of(
    connection: Connection, user_ids: Collection[str], **facts: Unpack[Facts]
) -> None:
    """Write the same facts of some people, as many as one statement takes."""
    _set(connection, USERS.c.id.in_(user_ids), facts)


def _set(connection: Connection, these: ColumnElement[bool], facts: Facts) -> None:
    connection.execute(update(USERS).where(these).values(**facts))


def set_facts_of_each(connection: Connection, facts: Mapping[str, Facts]) -> None:
    """Write facts of people by their ids, in one statement: the same facts of each."""
    names = {name for each in facts.values() for name in each}
    these = update(USERS).where(USERS.c.id == bindparam("this_id"))
    connection.execute(
        these.values({name: bindparam(name) for name in names}),
        [{"this_id": user_id, **each} for user_id, each in facts.items()],
    )


def remove(connection: Connection, user_id: str) -> None:
    """Remove a person, with the rows that refer to them."""
    connection.execute(delete(USERS).where(USERS.c.id == user_id))
