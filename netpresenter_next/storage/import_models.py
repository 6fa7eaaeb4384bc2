"""The tables of imports: a file with people, and each of its lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import ImportState, LineOutcome, one_of, only
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class Import(Base):
    """A file with people that an administrator uploaded."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[ImportState] = mapped_column(one_of(ImportState))
    file_name: Mapped[str]
    # Of its content, in hexadecimal: by it, the command finds the import of a file.
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    made_by: Mapped[str]
    # When a line was last checked or applied.
    changed_at: Mapped[datetime] = mapped_column(Timestamp)
    # How many lines it has, and up to which one this is done, by their numbers.
    lines: Mapped[int]
    checked_to: Mapped[int]
    applied_to: Mapped[int]
    # The numbers of lines by outcome; those of the check until applying begins.
    counts: Mapped[dict[str, int]] = mapped_column(JSON)

    __table_args__ = (only("state", ImportState),)


class ImportLine(Base):
    """A line of an import; lines are numbered from 1, in the order of the file."""

    __tablename__ = "import_lines"

    import_id: Mapped[str] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    # The line of the file on which it begins, as an editor counts.
    line: Mapped[int]
    user_name: Mapped[str]
    user_name_key: Mapped[str] = mapped_column(index=True)
    # The values by field; none if the line cannot be read.
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    outcome: Mapped[LineOutcome | None] = mapped_column(one_of(LineOutcome))
    # Why it is refused.
    reason: Mapped[str | None]
    # The names of the attributes that differ.
    attributes: Mapped[list[str]] = mapped_column(JSON)

    __table_args__: tuple[Any, ...] = (
        only("outcome", LineOutcome),
        Index("ix_import_lines_outcome", "import_id", "outcome", "number"),
        {"sqlite_with_rowid": False},
    )


IMPORTS = table_of(Import)
IMPORT_LINES = table_of(ImportLine)
