"""Blocks that outlive an account.

A block belongs to the object IDs of a person, that of the link and that in externalId;
where there is none, to the user name.  So whoever is deleted and created again is
blocked as before.
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
def keep(connection: Connection, person: Person, actor: Actor) -> None:
    """Keep the block of a person with what it belongs to, at the moment it is set.

    Nothing that provisioning sends later becomes part of it: else it could keep others
    out with it.  An object ID with which somebody else is linked is theirs.
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
    """Forget the block of a person, also of one who was deleted; False if none."""
    gone = delete(BLOCKS).where(BLOCKS.c.user_id == user_id)
    return bool(connection.execute(gone).rowcount)


def lift_of(connection: Connection, person: Person) -> None:
    """Forget the block of a person, and that from before they were deleted."""
    lift(connection, person.id)
    connection.execute(delete(BLOCKS).where(_of_gone(person)))


def is_blocked(connection: Connection, user_id: str) -> bool:
    """Is there a block of this person, also of one who was deleted?"""
    query = select(BLOCKS.c.kind).where(BLOCKS.c.user_id == user_id)
    return connection.execute(query.limit(1)).first() is not None


def holds(connection: Connection, object_id: str) -> bool:
    """Is whoever has this object ID blocked?"""
    query = select(BLOCKS.c.user_id).where(_is(BlockedBy.OBJECT_ID, object_id))
    return connection.execute(query.limit(1)).first() is not None


def holds_name(connection: Connection, user_name: str) -> bool:
    """Is somebody of this user name blocked, who had no object ID?"""
    query = select(BLOCKS.c.user_id).where(_is(BlockedBy.USER_NAME, fold(user_name)))
    return connection.execute(query.limit(1)).first() is not None


def _is(kind: BlockedBy, value: str) -> ColumnElement[bool]:
    return and_(BLOCKS.c.kind == kind, BLOCKS.c.value == value)


def _of_gone(person: Person) -> ColumnElement[bool]:
    """Return the condition of blocks of deleted people who come back as this person.

    They have the same object ID, or the same user name where one of the two has none.
    """
    same_name = DELETED_PEOPLE.c.user_name_key == person.user_name_key
    of_name = BLOCKS.c.user_id.in_(select(DELETED_PEOPLE.c.user_id).where(same_name))
    same = _is(BlockedBy.USER_NAME, person.user_name_key)
    same = or_(
        same,
        _is(BlockedBy.OBJECT_ID, person.object_id) if person.object_id else of_name,
    )
    return and_(same, BLOCKS.c.user_id.not_in(select(USERS.c.id)))


def concern(connection: Connection, person: Person) -> bool:
    """Does a block of before concern a person who was just created?"""
    return bool(connection.scalar(select(exists().where(_of_gone(person)))))
