"""The tables of what the server does by itself: what it keeps, what it last did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, text
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import Moment, table_of


class UpkeepSettings(Base):
    """One row: how long the journal is kept, and what backups are made at night."""

    __tablename__ = "upkeep_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    provisioning_days: Mapped[int] = mapped_column(server_default=text("90"))
    audit_days: Mapped[int] = mapped_column(server_default=text("730"))
    # Empty for the folder "backups" of the instance.
    backup_folder: Mapped[str] = mapped_column(server_default="")
    # The hour of the day, in the server's time zone, from which one is made.
    backup_hour: Mapped[int] = mapped_column(server_default=text("2"))
    # How many of them are kept; none are made for 0.
    backups_kept: Mapped[int] = mapped_column(server_default=text("7"))


class UpkeepRun(Base):
    """How something that the server does by itself ended the last time."""

    __tablename__ = "upkeep_runs"

    job: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(Moment)
    succeeded: Mapped[bool]
    # What was done, or why it could not be, as a sentence.
    note: Mapped[str]


class Restoration(Base):
    """A backup that was restored: Microsoft Entra ID still sends differences only."""

    __tablename__ = "restorations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    restored_at: Mapped[datetime] = mapped_column(Moment)
    backup_made_at: Mapped[datetime] = mapped_column(Moment)
    # What may have come alive again: tokens and people, as the command listed them.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # When a full cycle was seen, or an administrator put the notice away.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None]


UPKEEP_SETTINGS = table_of(UpkeepSettings)
UPKEEP_RUNS = table_of(UpkeepRun)
RESTORATIONS = table_of(Restoration)
