"""The tables of sign-in: Microsoft identities, settings, role mappings, emergencies."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    exists,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import USERS, table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class Identity(Base):
    """A person's Microsoft Entra account, identified by tenant ID and object ID."""

    __tablename__ = "identities"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    tenant_id: Mapped[str] = mapped_column(String(36), index=True)
    object_id: Mapped[str] = mapped_column(String(36))
    # For reference only: it is specific to the application (client) ID.
    subject: Mapped[str]
    user_name: Mapped[str]
    app_roles: Mapped[list[str]] = mapped_column(JSON)
    linked_at: Mapped[datetime] = mapped_column(Timestamp)
    linked_by: Mapped[str]

    __table_args__ = (UniqueConstraint("object_id", "tenant_id"),)


class SignInSettings(Base):
    """One row: the app registration at Microsoft, and the sign-in options."""

    __tablename__ = "sign_in_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Counts changes, so that a form with old values cannot overwrite newer ones.
    version: Mapped[int]
    authority: Mapped[str | None]
    tenant_id: Mapped[str | None]
    client_id: Mapped[str | None]
    # Encrypted with a key outside the database: client secret or private key.
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret_expires_on: Mapped[date | None]
    certificate: Mapped[str | None]
    # The fingerprint of the connection with which a test sign-in succeeded.
    tested_fingerprint: Mapped[str | None]
    tested_at: Mapped[datetime | None] = mapped_column(Timestamp)
    tested_by: Mapped[str | None]
    # The fingerprint of the connection whose credentials Microsoft last refused.
    refused_fingerprint: Mapped[str | None]
    # Created here, and used as soon as Microsoft accepts it; the key is encrypted.
    next_certificate: Mapped[str | None]
    next_key: Mapped[bytes | None] = mapped_column(LargeBinary)

    match_user_names: Mapped[bool] = mapped_column(server_default=false())
    # A local account with the user name of a person who is created is linked at once.
    link_automatically: Mapped[bool] = mapped_column(server_default=false())
    create_people: Mapped[bool] = mapped_column(server_default=false())
    is_forced: Mapped[bool] = mapped_column(server_default=false())
    idle_minutes: Mapped[int] = mapped_column(server_default=text("480"))
    absolute_hours: Mapped[int] = mapped_column(server_default=text("168"))


class RoleMapping(Base):
    """An app role or a group whose members are administrators."""

    __tablename__ = "role_mappings"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    app_role: Mapped[str | None]
    group_id: Mapped[str | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), unique=True
    )

    __table_args__: tuple[Any, ...] = (UniqueConstraint("app_role"),)


class EmergencySignIn(Base):
    """A sign-in with emergency access, until an administrator has seen the notice."""

    __tablename__ = "emergency_sign_ins"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(36))
    user_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, index=True)
    address: Mapped[str]
    # The session of this sign-in, which shows no notice of itself.
    session_digest: Mapped[bytes] = mapped_column(LargeBinary(32))


IDENTITIES = table_of(Identity)
SIGN_IN_SETTINGS = table_of(SignInSettings)
ROLE_MAPPINGS = table_of(RoleMapping)
EMERGENCY_SIGN_INS = table_of(EmergencySignIn)

# A condition on users: whether the person has a linked Microsoft Entra account.
IS_CONNECTED = exists(select(IDENTITIES.c.user_id)).where(
    IDENTITIES.c.user_id == USERS.c.id
)
