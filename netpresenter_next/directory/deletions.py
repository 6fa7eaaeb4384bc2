"""Deleted people, and what a deletion means for a later sign-in or creation.

A sign-in does not create them again; provisioning does, or an administrator allows it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from netpresenter_next.directory import blocks, errors, events
from netpresenter_next.directory.events import SCIM, Actor, Event, Target
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.identity_models import (
    BLOCKS,
    DELETED_PEOPLE,
    DeletedPerson,
)
from netpresenter_next.storage.ids import chunks
from netpresenter_next.storage.models import Person
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.totals import count_some

# How long the name of a deleted person is kept.
NAMED_FOR = timedelta(days=90)
MOST_SHOWN, MOST_BLOCKED = 50, 1_000


class ShownDeletion(DeletedPerson):
    """A deleted person, and whether they are still blocked."""

    __abstract__ = True
    is_blocked: bool


def name_token(label: str) -> str:
    """Return how a token is named that deleted a person."""
    return f"token {label}"


def note_deletion(
    connection: Connection, person: Person, linked: str | None, actor: Actor
) -> None:
    """Record a person who is being deleted.

    ``linked`` is the object ID of their linked Microsoft account, present or former.
    """
    connection.execute(
        insert(DELETED_PEOPLE),
        {
            "user_id": person.id,
            "user_name": person.user_name,
            "user_name_key": person.user_name_key,
            "object_id": person.object_id,
            "linked_object_id": linked,
            "deleted_at": now(),
            "is_hidden": person.is_hidden,
            "hides_mobile": person.hides_mobile,
            "deleted_by": name_token(actor.name) if actor.kind == SCIM else actor.name,
        },
    )


def forget_names(connection: Connection, most: int) -> int:
    """Remove the oldest names that are due, ``most`` at once; returns how many.

    The row of a person without an object ID is deleted, since nothing is left in it.
    The names of blocked people are kept.
    """
    columns = DELETED_PEOPLE.c
    old = (
        select(columns.user_id, columns.object_id, columns.linked_object_id)
        .where(
            columns.user_name.is_not(None),
            columns.deleted_at < now() - NAMED_FOR,
            ~exists().where(BLOCKS.c.user_id == columns.user_id),
        )
        .order_by(columns.deleted_at)
    )
    found = connection.execute(old.limit(most)).all()
    empty = [each.user_id for each in found if not (each[1] or each[2])]
    for some in chunks(empty):
        connection.execute(delete(DELETED_PEOPLE).where(columns.user_id.in_(some)))
    nameless = {"user_name": None, "user_name_key": None}
    for some in chunks([each.user_id for each in found if each[1] or each[2]]):
        statement = update(DELETED_PEOPLE).where(columns.user_id.in_(some))
        connection.execute(statement.values(nameless))
    return len(found)


def forget_name_of(connection: Connection, user_id: str) -> None:
    """Remove the name of one deleted person, also if they are blocked.

    The row is deleted if no object ID is left in it.
    """
    columns = DELETED_PEOPLE.c
    is_empty = and_(columns.object_id.is_(None), columns.linked_object_id.is_(None))
    this = columns.user_id == user_id
    connection.execute(delete(DELETED_PEOPLE).where(this, is_empty))
    nameless = {"user_name": None, "user_name_key": None}
    connection.execute(update(DELETED_PEOPLE).where(this).values(nameless))


def was_deleted(connection: Connection, object_id: str, user_name: str) -> bool:
    """Was a person with this object ID deleted, or one with only this user name?"""
    query = select(DELETED_PEOPLE.c.user_id).where(
        _is_record_of(object_id, fold(user_name))
    )
    return connection.execute(query.limit(1)).first() is not None


def was_hidden(connection: Connection, person: Person) -> bool:
    """Was this person hidden from colleagues when they were deleted?"""
    query = select(DELETED_PEOPLE.c.user_id).where(
        _is_record_of(person.object_id, person.user_name_key),
        DELETED_PEOPLE.c.is_hidden,
    )
    return connection.execute(query.limit(1)).first() is not None


def hid_mobile(connection: Connection, person: Person) -> bool:
    """Did this person hide their mobile number when they were deleted?

    The same user name is enough where one of both has no object ID: to hide the number
    of a namesake does no harm, and they can show it.
    """
    columns = DELETED_PEOPLE.c
    by_name = columns.user_name_key == person.user_name_key
    if person.object_id is not None:
        by_name = _is_record_of(person.object_id, person.user_name_key)
    query = select(columns.user_id).where(by_name, columns.hides_mobile)
    return connection.execute(query.limit(1)).first() is not None


def forget_recreated(connection: Connection, person: Person) -> None:
    """Delete the record of a person after provisioning created them again.

    A deletion with a block stays on the list, so that the block can be lifted.
    """
    has_block = exists().where(BLOCKS.c.user_id == DELETED_PEOPLE.c.user_id)
    this = and_(_is_record_of(person.object_id, person.user_name_key), ~has_block)
    connection.execute(delete(DELETED_PEOPLE).where(this))


def _is_record_of(object_id: str | None, user_name_key: str) -> ColumnElement[bool]:
    columns = DELETED_PEOPLE.c
    by_name = and_(
        columns.user_name_key == user_name_key,
        columns.object_id.is_(None),
        columns.linked_object_id.is_(None),
    )
    if object_id is None:
        return by_name
    return or_(
        columns.object_id == object_id, columns.linked_object_id == object_id, by_name
    )


def _delete_record(connection: Connection, user_id: str) -> None:
    """Let a sign-in create a deleted person again."""
    this = DELETED_PEOPLE.c.user_id == user_id
    connection.execute(delete(DELETED_PEOPLE).where(this))


def find(connection: Connection, user_id: str) -> DeletedPerson | None:
    """Return the record of one deleted person."""
    query = select(DELETED_PEOPLE).where(DELETED_PEOPLE.c.user_id == user_id)
    return first(DeletedPerson, connection.execute(query))


def list_newest(connection: Connection) -> Sequence[ShownDeletion]:
    """Return deleted people: first those who are blocked, then the latest ones."""
    has_block = exists().where(BLOCKS.c.user_id == DELETED_PEOPLE.c.user_id)
    is_blocked = has_block.label("is_blocked")
    blocked = select(DELETED_PEOPLE, is_blocked).where(
        DELETED_PEOPLE.c.user_id.in_(select(BLOCKS.c.user_id))
    )
    latest = select(DELETED_PEOPLE, is_blocked)
    found = [
        *every(
            ShownDeletion, connection.execute(_limit_to_latest(blocked, MOST_BLOCKED))
        ),
        *every(ShownDeletion, connection.execute(_limit_to_latest(latest, MOST_SHOWN))),
    ]
    return list({each.user_id: each for each in found}.values())


def _limit_to_latest(query: Select[Any], most: int) -> Select[Any]:
    return query.order_by(DELETED_PEOPLE.c.deleted_at.desc()).limit(most)


def count_deleted(connection: Connection) -> int:
    """Count the recorded deletions; see ``count_some``."""
    return count_some(connection, select(DELETED_PEOPLE.c.user_id))


def lift_block(connection: Connection, user_id: str, actor: Actor) -> str:
    """Lift the block of a deleted person; returns their name.  Raises NoSuchPerson."""
    person = find(connection, user_id)
    if person is None or not blocks.lift(connection, user_id):
        raise errors.NoSuchPerson(_("There is no such block."))
    name = _name_of(person)
    target = Target("User", user_id, name)
    events.record(connection, actor, Event.PERSON_UNBLOCKED, target)
    return name


def allow_again(connection: Connection, user_id: str, actor: Actor) -> str:
    """Let a sign-in create a deleted person again; returns their name.

    Raises NoSuchPerson, and AccountError if the person is blocked.
    """
    person = find(connection, user_id)
    if person is None:
        raise errors.NoSuchPerson(_("There is no such person."))
    name = _name_of(person)
    if blocks.is_person_blocked(connection, user_id):
        raise errors.AccountError(
            _("%(name)s is blocked: lift the block first.", name=name)
        )
    _delete_record(connection, user_id)
    target = Target("User", user_id, name)
    events.record(connection, actor, Event.PERSON_ALLOWED_AGAIN, target)
    return name


def _name_of(person: DeletedPerson) -> str:
    """Return the user name of a deleted person, or else an ID."""
    names = (person.user_name, person.linked_object_id, person.object_id)
    return str(next((each for each in names if each), person.user_id))
