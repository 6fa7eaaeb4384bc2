"""The table of the event log."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    String,
    literal,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp

# Spelled like the condition of two indexes; otherwise the database would not use them.
# The plus sign keeps it from using the index of all events instead.
IS_DEPARTURE = text(
    "+event IN ('person.disabled', 'person.blocked', 'person.blocked_again', "
    "'person.deleted')"
)
# The same for the events that decide who has access (``leavers.DECIDING``).
DECIDES_ACCESS = text(
    "+event IN ('person.disabled', 'person.blocked', 'person.blocked_again', "
    "'person.deleted', 'person.enabled', 'person.unblocked', 'person.created', "
    "'person.allowed_again')"
)


class Position(NamedTuple):
    """Where an entry is in the log: its time, and its id among equal times."""

    at: datetime
    id: str


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
    target_id: Mapped[str | None]
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
    # The answer of the SCIM request that caused the entry, and the time in milliseconds
    # from its arrival until the answer was ready to be stored and sent.
    status: Mapped[int | None]
    duration_ms: Mapped[float | None] = mapped_column(Float)
    # The id of the SCIM token, or of the person.
    actor_id: Mapped[str | None] = mapped_column(String(36))

    __table_args__ = (
        # For ``directory.journal``: the entries of each value in the order of time.
        # Each log has its own, which only ``is_in_log`` uses: the database would choose
        # one that begins with the log where another is better.
        Index("ix_journal_audit", "at", "id", sqlite_where=text("log = 'audit'")),
        Index(
            "ix_journal_provisioning",
            *("at", "id"),
            sqlite_where=text("log = 'provisioning'"),
        ),
        Index("ix_journal_event", "event", "log", "at", "id"),
        Index(
            "ix_journal_target",
            *("target_id", "at", "id"),
            sqlite_where=text("target_id IS NOT NULL"),
        ),
        Index(
            "ix_journal_actor",
            *("actor_id", "at", "id"),
            sqlite_where=text("actor_id IS NOT NULL"),
        ),
        Index(
            "ix_journal_failed",
            *("log", "at", "id"),
            sqlite_where=text("succeeded = 0"),
        ),
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
        # To list when people were disabled, blocked or deleted: all, and one person.
        Index("ix_journal_departures", "at", "id", sqlite_where=IS_DEPARTURE),
        Index(
            "ix_journal_departure",
            *("target_id", "at", "id"),
            sqlite_where=IS_DEPARTURE,
        ),
        # To list what decided about the access of a person, each event by itself.
        Index(
            "ix_journal_access",
            *("target_id", "event", "at", "id"),
            sqlite_where=DECIDES_ACCESS,
        ),
    )


class MembershipEntry(Base):
    """A person whose membership an entry about a group changed.

    ``at`` is that of the entry, so that the index has the entries of each person in the
    order of time.  The rows are deleted with the entry.
    """

    __tablename__ = "journal_members"

    entry_id: Mapped[str] = mapped_column(
        ForeignKey(
            JournalEntry.id,
            ondelete="CASCADE",
            # A SCIM request writes its entries at its end.
            deferrable=True,
            initially="DEFERRED",
        ),
        primary_key=True,
    )
    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_journal_members_user_id", "user_id", "at", "entry_id"),
        {"sqlite_with_rowid": False},
    )


JOURNAL = table_of(JournalEntry)
MEMBERS = table_of(MembershipEntry)


def is_in_log(log: str) -> ColumnElement[bool]:
    """Return the condition for the entries of a log, spelled as that of its index."""
    return JOURNAL.c.log == literal(log, literal_execute=True)
