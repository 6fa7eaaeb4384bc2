"""Whom provisioning deleted: evidence, and what it means for who comes back.

No sign-in creates them again until provisioning does, or an administrator allows it.
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
    func,
    insert,
    or_,
    select,
    update,
)

from netpresenter_next.directory import blocks, errors, events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.identity_models import (
    BLOCKS,
    DELETED_PEOPLE,
    DeletedPerson,
)
from netpresenter_next.storage.ids import chunks
from netpresenter_next.storage.models import Person
from netpresenter_next.storage.rows import every, first

# For so long the name of a deleted person is kept as evidence.
NAMED_FOR = timedelta(days=90)
MOST_SHOWN, MOST_BLOCKED = 50, 1_000


class ShownDeletion(DeletedPerson):
    """A deleted person, and whether a block is left of them."""

    __abstract__ = True
    is_blocked: bool


def note_deletion(
    connection: Connection, person: Person, linked: str | None, actor: Actor
) -> None:
    """Remember a person who is being deleted.

    ``linked`` is the object ID of their Microsoft account.
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
            "deleted_by": actor.name,
        },
    )


def forget_names(connection: Connection, most: int) -> int:
    """Let go of the oldest names that need not be kept; returns how many.

    Whoever has no object ID is forgotten, since nothing is left of them.  A block
    keeps the name as long as it stands.
    """
    known = DELETED_PEOPLE.c
    old = (
        select(known.user_id, known.object_id, known.linked_object_id)
        .where(
            known.user_name.is_not(None),
            known.deleted_at < now() - NAMED_FOR,
            ~exists().where(BLOCKS.c.user_id == known.user_id),
        )
        .order_by(known.deleted_at)
    )
    found = connection.execute(old.limit(most)).all()
    nothing = [each.user_id for each in found if not (each[1] or each[2])]
    for some in chunks(nothing):
        connection.execute(delete(DELETED_PEOPLE).where(known.user_id.in_(some)))
    nameless = {"user_name": None, "user_name_key": None}
    for some in chunks([each.user_id for each in found if each[1] or each[2]]):
        these = update(DELETED_PEOPLE).where(known.user_id.in_(some))
        connection.execute(these.values(nameless))
    return len(found)


def was_deleted(connection: Connection, object_id: str, user_name: str) -> bool:
    """Did provisioning delete whoever has this object ID, or had this name and none?"""
    query = select(DELETED_PEOPLE.c.user_id).where(_was(object_id, fold(user_name)))
    return connection.execute(query.limit(1)).first() is not None


def bring_back(connection: Connection, person: Person) -> None:
    """Forget the deletion of a person whom provisioning creates again.

    What is left of a block stays on the list, so that it can be lifted.
    """
    has_block = exists().where(BLOCKS.c.user_id == DELETED_PEOPLE.c.user_id)
    this = and_(_was(person.object_id, person.user_name_key), ~has_block)
    connection.execute(delete(DELETED_PEOPLE).where(this))


def _was(object_id: str | None, user_name_key: str) -> ColumnElement[bool]:
    known = DELETED_PEOPLE.c
    by_name = and_(
        known.user_name_key == user_name_key,
        known.object_id.is_(None),
        known.linked_object_id.is_(None),
    )
    if object_id is None:
        return by_name
    return or_(
        known.object_id == object_id, known.linked_object_id == object_id, by_name
    )


def _forget(connection: Connection, user_id: str) -> None:
    """Let a sign-in create a deleted person again."""
    this = DELETED_PEOPLE.c.user_id == user_id
    connection.execute(delete(DELETED_PEOPLE).where(this))


def find(connection: Connection, user_id: str) -> DeletedPerson | None:
    """Return the evidence of one deleted person."""
    query = select(DELETED_PEOPLE).where(DELETED_PEOPLE.c.user_id == user_id)
    return first(DeletedPerson, connection.execute(query))


def list_newest(connection: Connection) -> Sequence[ShownDeletion]:
    """Return who was deleted, the blocked ones first, then the latest."""
    has_block = exists().where(BLOCKS.c.user_id == DELETED_PEOPLE.c.user_id)
    is_blocked = has_block.label("is_blocked")
    blocked = select(DELETED_PEOPLE, is_blocked).where(
        DELETED_PEOPLE.c.user_id.in_(select(BLOCKS.c.user_id))
    )
    latest = select(DELETED_PEOPLE, is_blocked)
    found = [
        *every(ShownDeletion, connection.execute(_latest(blocked, MOST_BLOCKED))),
        *every(ShownDeletion, connection.execute(_latest(latest, MOST_SHOWN))),
    ]
    return list({each.user_id: each for each in found}.values())


def _latest(query: Select[Any], most: int) -> Select[Any]:
    return query.order_by(DELETED_PEOPLE.c.deleted_at.desc()).limit(most)


def count_deleted(connection: Connection) -> int:
    """Count the deleted people that are remembered."""
    query = select(func.count()).select_from(DELETED_PEOPLE)
    return connection.scalar(query) or 0


def lift_block(connection: Connection, user_id: str, actor: Actor) -> str:
    """Lift the block of a deleted person; returns their name.  Raises NoSuchPerson."""
    person = find(connection, user_id)
    if person is None or not blocks.lift(connection, user_id):
        raise errors.NoSuchPerson("There is no such block.")
    name = _name_of(person)
    target = Target("User", user_id, name)
    events.record(connection, actor, Event.PERSON_UNBLOCKED, target)
    return name


def allow_again(connection: Connection, user_id: str, actor: Actor) -> str:
    """Let a sign-in create a deleted person again; raises NoSuchPerson."""
    person = find(connection, user_id)
    if person is None:
        raise errors.NoSuchPerson("There is no such person.")
    name = _name_of(person)
    if blocks.is_blocked(connection, user_id):
        raise errors.AccountError(f"{name} is blocked: lift the block first.")
    _forget(connection, user_id)
    target = Target("User", user_id, name)
    events.record(connection, actor, Event.PERSON_ALLOWED_AGAIN, target)
    return name


def _name_of(person: DeletedPerson) -> str:
    """Name a deleted person, as long as anything is known that does."""
    known = (person.user_name, person.linked_object_id, person.object_id)
    return str(next((each for each in known if each), person.user_id))
