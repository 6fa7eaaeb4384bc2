"""Blocks that outlive an account.

A block applies to the object IDs of a person, the linked one and the one in externalId,
or to the user name if there is no object ID.  So a person who is deleted and created
again is still blocked.
"""

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
)

from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import BlockedBy
from netpresenter_next.storage.identity_models import BLOCKS, DELETED_PEOPLE
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES


def read_linked_object_id(connection: Connection, user_id: str) -> str | None:
    """Return the object ID of the Microsoft account that is linked with a person."""
    query = select(IDENTITIES.c.object_id).where(IDENTITIES.c.user_id == user_id)
    found: str | None = connection.scalar(query)
    return found


# ------------------------------------------------------------- blocks
def add(connection: Connection, person: Person, actor: Actor) -> None:
    """Store the values that the block of a person applies to, when the block is set.

    Values that provisioning sends later are not added: otherwise it could block other
    people.  An object ID that is linked with somebody else is left out.
    """
    linked = read_linked_object_id(connection, person.id) or person.former_object_id
    object_ids = {
        each
        for each in (linked, person.object_id)
        if each and not _is_linked_with_another(connection, each, person.id)
    }
    keys = [(BlockedBy.OBJECT_ID, each) for each in sorted(object_ids)]
    for kind, value in keys or [(BlockedBy.USER_NAME, person.user_name_key)]:
        row = {"user_id": person.id, "kind": kind, "value": value}
        made = {"blocked_at": now(), "blocked_by": actor.name}
        connection.execute(insert(BLOCKS), {**row, **made})


def _is_linked_with_another(
    connection: Connection, object_id: str, user_id: str
) -> bool:
    this = IDENTITIES.c.object_id == object_id
    other = select(IDENTITIES.c.user_id).where(this, IDENTITIES.c.user_id != user_id)
    return connection.execute(other.limit(1)).first() is not None


def lift(connection: Connection, user_id: str) -> bool:
    """Delete the block of a present or deleted person; returns False if none."""
    gone = delete(BLOCKS).where(BLOCKS.c.user_id == user_id)
    return bool(connection.execute(gone).rowcount)


def lift_all(connection: Connection, person: Person) -> None:
    """Delete the block of a person, also one from before they were deleted."""
    lift(connection, person.id)
    connection.execute(delete(BLOCKS).where(_is_earlier_block_of(person)))


def is_person_blocked(connection: Connection, user_id: str) -> bool:
    """Is this present or deleted person blocked?"""
    query = select(BLOCKS.c.kind).where(BLOCKS.c.user_id == user_id)
    return connection.execute(query.limit(1)).first() is not None


def is_object_id_blocked(connection: Connection, object_id: str) -> bool:
    """Is this object ID blocked?"""
    query = select(BLOCKS.c.user_id).where(_has_value(BlockedBy.OBJECT_ID, object_id))
    return connection.execute(query.limit(1)).first() is not None


def is_user_name_blocked(connection: Connection, user_name: str) -> bool:
    """Is this user name blocked, because the blocked person had no object ID?"""
    query = select(BLOCKS.c.user_id).where(
        _has_value(BlockedBy.USER_NAME, fold(user_name))
    )
    return connection.execute(query.limit(1)).first() is not None


def _has_value(kind: BlockedBy, value: str) -> ColumnElement[bool]:
    return and_(BLOCKS.c.kind == kind, BLOCKS.c.value == value)


def _is_earlier_block_of(person: Person) -> ColumnElement[bool]:
    """Return the condition for blocks of deleted people who are this person.

    They have the same object ID, or the same user name if one of the two has none.
    """
    same_name = DELETED_PEOPLE.c.user_name_key == person.user_name_key
    of_name = BLOCKS.c.user_id.in_(select(DELETED_PEOPLE.c.user_id).where(same_name))
    same = _has_value(BlockedBy.USER_NAME, person.user_name_key)
    same = or_(
        same,
        _has_value(BlockedBy.OBJECT_ID, person.object_id)
        if person.object_id
        else of_name,
    )
    return and_(same, BLOCKS.c.user_id.not_in(select(USERS.c.id)))


def has_earlier_block(connection: Connection, person: Person) -> bool:
    """Does the block of a deleted person apply to a person who was just created?"""
    return bool(connection.scalar(select(exists().where(_is_earlier_block_of(person)))))
