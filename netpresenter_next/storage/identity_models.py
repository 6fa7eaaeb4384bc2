"""The tables of identity matching: conflicts, decisions, blocks, deleted people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import (
    CONFLICT_REASONS,
    KEPT_APART_REASONS,
    BlockedBy,
    Reason,
    one_of,
    only,
)
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import USERS, table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class Conflict(Base):
    """An identity conflict that an administrator has to resolve.

    There is one row for each person, reason and value, however often it occurs.
    """

    __tablename__ = "conflicts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    reason: Mapped[Reason] = mapped_column(one_of(Reason))
    # The value that both sides claim, in the form in which it is compared.
    value: Mapped[str]
    # The other side: a Microsoft account, or a person that SCIM tried to create.
    claimant: Mapped[str]
    claimant_object_id: Mapped[str | None] = mapped_column(String(36), index=True)
    # What provisioning sent, for each claimant; see ``directory.claimants``.
    sent: Mapped[list[dict[str, str]]] = mapped_column(JSON, server_default="[]")
    opened_at: Mapped[datetime] = mapped_column(Timestamp)
    seen_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__: tuple[Any, ...] = (
        UniqueConstraint("user_id", "reason", "value"),
        only("reason", CONFLICT_REASONS),
        Index("ix_conflicts_reason", "reason", "id"),
        # To list the people who are in conflict for one reason.
        Index("ix_conflicts_person", "reason", "user_id"),
    )


class KeptApart(Base):
    """An administrator's decision that an account and a claimant are two people."""

    __tablename__ = "kept_apart"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    reason: Mapped[Reason] = mapped_column(one_of(Reason))
    # The key of the claimant, and what provisioning sent for them.
    claimant: Mapped[str]
    sent: Mapped[dict[str, str]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(Timestamp)
    decided_by: Mapped[str]

    __table_args__ = (
        UniqueConstraint("user_id", "reason", "claimant"),
        only("reason", KEPT_APART_REASONS),
    )


class Block(Base):
    """A value that stays blocked, also after the account was deleted or changed.

    A blocked person has a row for each object ID of the account during the block, or
    one for the user name if there is no object ID.
    """

    __tablename__ = "blocks"

    # The id of an existing or a deleted person.
    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[BlockedBy] = mapped_column(one_of(BlockedBy), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    blocked_at: Mapped[datetime] = mapped_column(Timestamp)
    blocked_by: Mapped[str]

    __table_args__ = (
        Index("ix_blocks_value", "value", "kind"),
        only("kind", BlockedBy),
    )


class DeletedPerson(Base):
    """A person that provisioning deleted: signing in does not create them again.

    After 90 days the names are removed, unless the person is blocked.  The object IDs
    stay; by themselves they identify nobody.
    """

    __tablename__ = "deleted_people"

    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_name: Mapped[str | None]
    user_name_key: Mapped[str | None] = mapped_column(index=True)
    # From externalId, and from the linked Microsoft Entra account.
    object_id: Mapped[str | None] = mapped_column(String(36), index=True)
    linked_object_id: Mapped[str | None] = mapped_column(String(36), index=True)
    deleted_at: Mapped[datetime] = mapped_column(Timestamp)
    deleted_by: Mapped[str]
    # Whoever was hidden from colleagues stays hidden when they are created again.
    is_hidden: Mapped[bool] = mapped_column(server_default=false())
    # And whoever hid their mobile number.
    hides_mobile: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        Index("ix_deleted_people_deleted_at", "deleted_at"),
        Index(
            "ix_deleted_people_named",
            "deleted_at",
            sqlite_where=text("user_name IS NOT NULL"),
        ),
    )


CONFLICTS = table_of(Conflict)
KEPT_APART = table_of(KeptApart)
BLOCKS = table_of(Block)
DELETED_PEOPLE = table_of(DeletedPerson)
# Administrators whose object ID from provisioning nobody has confirmed.  Spelled like
# the condition of the index; otherwise the database would not use it.
IS_UNCONFIRMED = text(
    "role = 'administrator' AND role_source = 'assigned' AND source = 'provisioned' "
    "AND object_id IS NOT NULL AND object_id IS NOT confirmed_object_id"
)
Index("ix_users_unconfirmed", USERS.c.id, sqlite_where=IS_UNCONFIRMED)

# Partial indexes for lists of people who have something in common.  They have the
# columns of ``ix_users_kind``, so such a list can be filtered by source and status, and
# is in the order of names.
# The conditions, by the name of the index.
MARKED: Mapping[str, str] = {
    "ix_users_listed_administrators": "role = 'administrator'",
    "ix_users_guests": "is_guest = 1",
    "ix_users_never_microsoft": "source != 'local' AND is_connected = 0",
    "ix_users_without_method": (
        "password_hash IS NULL AND object_id IS NULL AND is_connected = 0"
    ),
    "ix_users_without_object_id": "source = 'provisioned' AND object_id IS NULL",
    "ix_users_unsent": "source != 'local' AND was_sent = 0",
}
# Columns that are NULL in all rows of an index.  Without them, SQLite would not know
# that the index has all that a query needs, nor prefer it to ``ix_users_kind``.
_NULL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ix_users_without_method": ("password_hash", "object_id"),
    "ix_users_without_object_id": ("object_id",),
}
for _name, _condition in MARKED.items():
    Index(
        _name,
        USERS.c.source,
        USERS.c.active,
        USERS.c.is_blocked,
        USERS.c.shown_name_key,
        USERS.c.id,
        *(USERS.c[each] for each in _NULL_COLUMNS.get(_name, ())),
        sqlite_where=text(_condition),
    )
