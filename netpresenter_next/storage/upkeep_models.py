"""The tables of upkeep: settings, the last runs of scheduled jobs, and restores."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, text
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class UpkeepSettings(Base):
    """One row: how long log entries are kept, and where nightly backups go."""

    __tablename__ = "upkeep_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    provisioning_days: Mapped[int] = mapped_column(server_default=text("90"))
    audit_days: Mapped[int] = mapped_column(server_default=text("730"))
    # Empty for the folder "backups" in the instance folder.
    backup_folder: Mapped[str] = mapped_column(server_default="")
    # The hour of the nightly jobs, in the server's time zone.
    backup_hour: Mapped[int] = mapped_column(server_default=text("2"))
    # The number of nightly backups that are kept; 0 switches them off.
    backups_kept: Mapped[int] = mapped_column(server_default=text("7"))


class UpkeepRun(Base):
    """The result of the last run of a scheduled job."""

    __tablename__ = "upkeep_runs"

    job: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(Timestamp)
    succeeded: Mapped[bool]
    # What was done, or why the run failed, as a sentence.
    note: Mapped[str]


class Restoration(Base):
    """A restore, until provisioning has sent everything again.

    Microsoft Entra ID sends only changes, so it does not know what the restore undid.
    """

    __tablename__ = "restorations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    restored_at: Mapped[datetime] = mapped_column(Timestamp)
    backup_made_at: Mapped[datetime] = mapped_column(Timestamp)
    # The tokens and people that became active again, as the command listed them.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # When a full cycle was seen, or an administrator dismissed the notice.
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    ended_by: Mapped[str | None]


UPKEEP_SETTINGS = table_of(UpkeepSettings)
UPKEEP_RUNS = table_of(UpkeepRun)
RESTORATIONS = table_of(Restoration)
