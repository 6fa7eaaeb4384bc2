"""The table of the event log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import Timestamp, table_of

# Spelled like the condition of two indexes; otherwise the database would not use them.
IS_DEPARTURE = text(
    "event IN ('person.disabled', 'person.blocked', 'person.blocked_again', "
    "'person.deleted')"
)


class JournalEntry(Base):
    """An event with its actor, target and changes, written with the change itself."""

    __tablename__ = "journal"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp)
    log: Mapped[str]  # "provisioning" or "audit"
    event: Mapped[str]  # a code of directory.events.Event
    succeeded: Mapped[bool] = mapped_column(server_default=true())
    actor_kind: Mapped[str]
    actor_name: Mapped[str]
    address: Mapped[str | None]
    request_id: Mapped[str | None]
    target_type: Mapped[str | None]
    target_id: Mapped[str | None] = mapped_column(index=True)
    target_name: Mapped[str | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    # Repeated refusals and failures are counted in one row: ``at`` is the first time,
    # ``last_at`` the last.
    counted_as: Mapped[str | None]
    times: Mapped[int] = mapped_column(server_default=text("1"))
    last_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_journal_log_at", "log", "at"),
        Index(
            "ix_journal_counted_as",
            "counted_as",
            unique=True,
            sqlite_where=text("counted_as IS NOT NULL"),
        ),
        # To look up a refused sign-in by the reference that the page showed.
        Index(
            "ix_journal_reference",
            "request_id",
            sqlite_where=text("succeeded = 0"),
        ),
        # To list refused events of one kind.
        Index(
            "ix_journal_refused",
            "event",
            "at",
            sqlite_where=text("succeeded = 0"),
        ),
        # To list when people were disabled, blocked or deleted: all, and one person.
        Index("ix_journal_departures", "at", "id", sqlite_where=IS_DEPARTURE),
        Index(
            "ix_journal_departure",
            *("target_id", "at", "id"),
            sqlite_where=IS_DEPARTURE,
        ),
        # To find what a person did.
        Index(
            "ix_journal_actor_name",
            *("actor_name", "at", "id"),
            sqlite_where=text("actor_kind = 'person'"),
        ),
    )


JOURNAL = table_of(JournalEntry)
