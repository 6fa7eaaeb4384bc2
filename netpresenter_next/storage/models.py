"""The tables of people, groups, memberships, SCIM tokens, sessions, and more.

A person or a group is stored as its SCIM resource document, which is authoritative for
every attribute that a client may write, plus columns derived from it, by which the
application searches, sorts and joins.  ``Person`` and ``Group`` declare these columns;
``schema.tables`` says from which attributes they are derived, and adds the columns of
``indexed`` attributes.  ``all_models`` names the modules of the other tables.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import (
    Language,
    Role,
    RoleSource,
    SignInMethod,
    Source,
    one_of,
    only,
)
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.timestamp_type import Timestamp

ADMINISTRATOR, USER = Role.ADMINISTRATOR, Role.USER


def _index_where(name: str, where: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where))


class ResourceRow:
    """The columns that every SCIM resource has, the first ones of its table."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, sort_order=-1)
    document: Mapped[dict[str, Any]] = mapped_column(JSON, sort_order=-1)
    version: Mapped[int] = mapped_column(sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(Timestamp, sort_order=-1)
    modified_at: Mapped[datetime] = mapped_column(Timestamp, sort_order=-1)


class Person(ResourceRow):
    """The columns of a user: the type of a row, and what ``User`` maps."""

    # Derived from the document at every write.
    user_name: Mapped[str]
    user_name_key: Mapped[str] = mapped_column(unique=True)
    # Equal for all user names that look the same.
    name_skeleton: Mapped[str] = mapped_column(server_default="")
    external_id: Mapped[str | None] = mapped_column(index=True)
    # The externalId if it is a GUID, in the normalized spelling used for comparisons.
    object_id: Mapped[str | None] = mapped_column(String(36))
    # From displayName or name; None for a person who has only a user name.
    display_name: Mapped[str | None]
    # By which lists are sorted; see ``lib.text.make_sort_key``.
    shown_name_key: Mapped[str]
    work_email: Mapped[str | None]
    work_email_key: Mapped[str | None] = mapped_column(index=True)
    # Further work addresses are only in the document, so it has to be searched too.
    has_more_work_emails: Mapped[bool] = mapped_column(server_default=false())
    manager_id: Mapped[str | None] = mapped_column(index=True)
    active: Mapped[bool]
    # A guest of the directory (tenant), by user name or userType.
    is_guest: Mapped[bool] = mapped_column(server_default=false())
    # Since when ``active`` is false; None while it is true.
    disabled_at: Mapped[datetime | None] = mapped_column(Timestamp)

    # Not SCIM attributes: clients cannot write these.
    source: Mapped[Source] = mapped_column(one_of(Source))
    is_blocked: Mapped[bool] = mapped_column(server_default=false())
    role: Mapped[Role] = mapped_column(one_of(Role), server_default=USER)
    role_source: Mapped[RoleSource] = mapped_column(
        one_of(RoleSource), server_default=RoleSource.ASSIGNED
    )
    # A role mapping gave the role, and no administrator has acknowledged that yet.
    is_role_unseen: Mapped[bool] = mapped_column(server_default=false())
    is_emergency: Mapped[bool] = mapped_column(server_default=false())
    is_hidden: Mapped[bool] = mapped_column(server_default=false())  # from colleagues
    language: Mapped[Language | None] = mapped_column(one_of(Language))  # as chosen
    # Chosen by the person: colleagues neither see nor find the mobile number.
    hides_mobile: Mapped[bool] = mapped_column(server_default=false())
    # Is a Microsoft account linked, as the table ``identities`` says?
    is_connected: Mapped[bool] = mapped_column(server_default=false())
    # Has provisioning ever created or changed this person?
    was_sent: Mapped[bool] = mapped_column(server_default=false())
    # The object ID that was confirmed as this administrator's.
    confirmed_object_id: Mapped[str | None] = mapped_column(String(36))
    # The object ID of the Microsoft account that was unlinked last.
    former_object_id: Mapped[str | None] = mapped_column(String(36))
    # The claimant that an administrator linked, until provisioning changes the account.
    awaited_claimant: Mapped[str | None]
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # When the person last entered it correctly.
    password_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_sign_in_method: Mapped[SignInMethod | None] = mapped_column(
        one_of(SignInMethod)
    )


class User(Person, Base):
    """A user: provisioned over SCIM, created locally, or both."""

    __tablename__ = "users"
    __table_args__ = (
        only("source", Source),
        only("role", Role),
        only("role_source", RoleSource),
        only("last_sign_in_method", SignInMethod),
        only("language", Language),
        _index_where(
            "ix_users_has_more_work_emails",
            "has_more_work_emails = 1",
            "has_more_work_emails",
        ),
        _index_where("ix_users_administrators", "role = 'administrator'", "role"),
        _index_where("ix_users_role_unseen", "is_role_unseen = 1", "is_role_unseen"),
        # Lists on pages are read from this index, with equal names by id.
        Index("ix_users_shown_name_key", "shown_name_key", "id"),
        # The same for lists of people of one source and status.
        Index(
            "ix_users_kind", "source", "active", "is_blocked", "shown_name_key", "id"
        ),
        # With the id, so that people who share an object ID are read in order.
        Index("ix_users_object_id", "object_id", "id"),
        # To find names that look like that of a local account or an administrator.
        Index("ix_users_name_skeleton", "name_skeleton", "source", "role"),
        # For the preview of Force sign in with Microsoft.
        _index_where(
            "ix_users_password",
            "password_hash IS NOT NULL",
            *("source", "is_emergency", "user_name_key"),
        ),
        # The list by the last sign-in.
        Index("ix_users_last_sign_in_at", "last_sign_in_at", "id"),
        # To list people who were disabled long ago.
        _index_where(
            "ix_users_disabled_at", "disabled_at IS NOT NULL", "disabled_at", "id"
        ),
        # SCIM lists are read from this index, which leaves out local accounts.
        _index_where("ix_users_visible", "source != 'local'", "id"),
    )

    @property
    def shown_name(self) -> str:
        """Return the name that pages show: never empty."""
        return self.display_name or self.user_name

    @property
    def is_administrator(self) -> bool:
        """May this person open Settings?"""
        return self.role == ADMINISTRATOR

    @property
    def is_managed(self) -> bool:
        """Does Microsoft Entra ID manage this person's attributes?"""
        return self.source is Source.PROVISIONED


class Group(ResourceRow, Base):
    """A group: provisioned over SCIM, or made here, which SCIM clients cannot see."""

    __tablename__ = "groups"

    display_name: Mapped[str]
    display_name_key: Mapped[str]
    name_skeleton: Mapped[str] = mapped_column(server_default="", index=True)
    shown_name_key: Mapped[str] = mapped_column(server_default="")
    external_id: Mapped[str | None] = mapped_column(index=True)

    # Not a SCIM attribute: administrators made it, and it stays so.
    is_local: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        # A provisioned group may have the name of a local one.
        Index(
            "uq_groups_display_name_key", "display_name_key", "is_local", unique=True
        ),
        # Lists on pages are read from these: all groups, and those of one source.
        Index("ix_groups_shown_name_key", "shown_name_key", "id"),
        Index("ix_groups_kind", "is_local", "shown_name_key", "id"),
        # SCIM lists are read from this index, which leaves out local groups.
        _index_where("ix_groups_visible", "is_local != 1", "id"),
    )


class Membership(Base):
    """One person in one group."""

    __tablename__ = "memberships"

    group_id: Mapped[str] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )

    __table_args__ = (
        Index("ix_memberships_user_id", "user_id", "group_id"),
        {"sqlite_with_rowid": False},
    )


class ScimToken(Base):
    """A bearer token of the SCIM endpoint; only its digest is kept."""

    __tablename__ = "scim_tokens"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    # Its first and last characters, so that administrators can tell tokens apart.
    hint: Mapped[str]
    label: Mapped[str]
    form_nonce: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    created_by: Mapped[str]
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_from: Mapped[str | None]
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    replaces_id: Mapped[str | None] = mapped_column(String(36))
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # Since it was revoked or has expired.
    first_refused_at: Mapped[datetime | None] = mapped_column(Timestamp)
    refused_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Session(Base):
    """A signed-in browser; its cookie holds a random secret, the row only a digest."""

    __tablename__ = "sessions"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    method: Mapped[SignInMethod] = mapped_column(one_of(SignInMethod))
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    # When the person last authenticated; some actions require this to be recent.
    authenticated_at: Mapped[datetime] = mapped_column(Timestamp)
    # When it was last used; indexed to find expired sessions.
    seen_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
    address: Mapped[str]
    user_agent: Mapped[str]
    # The claims ``sid`` and ``login_hint`` of the id_token, for signing out.
    oidc_session: Mapped[str | None] = mapped_column(index=True)
    login_hint: Mapped[str | None]

    __table_args__ = (only("method", SignInMethod),)


def table_of(model: type[Base]) -> Table:
    """Return the table of a mapped class; raises TypeError if it has none."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table


# The tables for SQLAlchemy Core: a request takes half the time that the ORM needs.
USERS = table_of(User)
GROUPS = table_of(Group)
MEMBERSHIPS = table_of(Membership)
SCIM_TOKENS = table_of(ScimToken)
SESSIONS = table_of(Session)


def is_visible(users: FromClause = USERS) -> ColumnElement[bool]:
    """Return the condition for people that SCIM clients see: all but local accounts.

    It is spelled exactly like the condition of the index ``ix_users_visible``;
    otherwise the database would not use the index.
    """
    return users.c.source != literal_column("'local'")


def is_visible_group() -> ColumnElement[bool]:
    """Return the condition for groups that SCIM clients see: all but local ones.

    It is spelled like the condition of the index ``ix_groups_visible``.  An inequality,
    for which SQLite does not read ``ix_groups_kind``: that would sort all groups by id.
    """
    return GROUPS.c.is_local != literal_column("1", Integer)
