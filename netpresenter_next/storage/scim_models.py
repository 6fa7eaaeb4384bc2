"""The tables about SCIM clients: the switch, and what they have sent."""

from datetime import datetime

from sqlalchemy import Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class ProvisioningSettings(Base):
    """One row: whether SCIM clients are answered."""

    __tablename__ = "provisioning_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_enabled: Mapped[bool] = mapped_column(server_default=true())
    # When an administrator first copied the SCIM Endpoint URL.
    url_copied_at: Mapped[datetime | None] = mapped_column(Timestamp)


class Tally:
    """The numbers of requests, as columns of the two tables below."""

    requests: Mapped[int] = mapped_column(server_default=text("0"))
    # Requests that may change something, and that were accepted.
    writes: Mapped[int] = mapped_column(server_default=text("0"))
    refused: Mapped[int] = mapped_column(server_default=text("0"))
    # Requests like those of Test Connection in Microsoft Entra ID.
    probes: Mapped[int] = mapped_column(server_default=text("0"))


class ScimCycle(Tally, Base):
    """The requests with one token that follow each other without a long gap."""

    __tablename__ = "scim_cycles"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_id: Mapped[str] = mapped_column(String(36))
    started_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_scim_cycles_token_id", "token_id", "ended_at"),
        Index("ix_scim_cycles_ended_at", "ended_at"),
        # To find out whether a connection was ever tested.
        Index("ix_scim_cycles_probes", "ended_at", sqlite_where=text("probes > 0")),
    )


class ScimTraffic(Tally, Base):
    """The requests of ten minutes."""

    __tablename__ = "scim_traffic"

    started_at: Mapped[datetime] = mapped_column(Timestamp, primary_key=True)


class UnstoredAttribute(Base):
    """An attribute that SCIM clients sent and that is not stored here."""

    __tablename__ = "unstored_attributes"

    resource_type: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime] = mapped_column(Timestamp)


class ArrivedAttribute(Base):
    """An attribute that SCIM clients sent, with its last value."""

    __tablename__ = "arrived_attributes"

    resource_type: Mapped[str] = mapped_column(primary_key=True)
    # As in an attribute mapping, for example ``emails[type eq "work"].value``.
    name: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime] = mapped_column(Timestamp)
    # None once the person it belonged to was erased.
    last_value: Mapped[str | None]
    resource_id: Mapped[str | None] = mapped_column(String(36))


PROVISIONING_SETTINGS = table_of(ProvisioningSettings)
SCIM_CYCLES = table_of(ScimCycle)
SCIM_TRAFFIC = table_of(ScimTraffic)
ARRIVED = table_of(ArrivedAttribute)
UNSTORED = table_of(UnstoredAttribute)
