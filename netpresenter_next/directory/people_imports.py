"""The rows of imports of people: staged, found, discarded, deleted.

A file is staged before anything is changed.  One import at a time is under way; the
rows of one that is complete are kept as a report until the next.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from netpresenter_next.directory import errors, events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.directory.person_lines import USER_NAME, Fields
from netpresenter_next.lib import names
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import ImportState, LineOutcome
from netpresenter_next.storage.ids import chunks, new_id
from netpresenter_next.storage.import_models import (
    IMPORT_LINES,
    IMPORTS,
    Import,
    ImportLine,
)
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.statements import Statement

# An import is deleted so long after a line of it was last checked or applied.
KEPT_FOR = timedelta(days=7)
# The rows of a discarded one, if whoever discarded it has not done that.
_LEFT_FOR = timedelta(hours=1)
UNDER_WAY = (ImportState.CHECKING, ImportState.CHECKED, ImportState.APPLYING)
LONGEST_FILE_NAME = 200
_ADD_LINE = Statement(tuple, insert(IMPORT_LINES))


class AnotherImport(errors.AccountError):
    """Another import is under way, and there is one at a time."""


class Line(NamedTuple):
    """A line of a file; ``problem`` is why its fields cannot be used."""

    line: int
    fields: Fields
    problem: str | None = None

    @property
    def user_name(self) -> str:
        """Return the user name, as it is shown; empty without one."""
        given = self.fields.get(USER_NAME, "")
        return names.to_one_line(given, names.LONGEST_SHOWN)


def find_current(connection: Connection) -> Import | None:
    """Return the import that is under way, else the last one, as a report."""
    query = select(IMPORTS).where(IMPORTS.c.state != ImportState.DISCARDED)
    return first(Import, connection.execute(query.order_by(IMPORTS.c.id.desc())))


def find(connection: Connection, import_id: str) -> Import | None:
    """Return an import that was not discarded."""
    query = select(IMPORTS).where(
        IMPORTS.c.id == import_id, IMPORTS.c.state != ImportState.DISCARDED
    )
    return first(Import, connection.execute(query))


def list_lines(
    connection: Connection,
    import_id: str,
    outcome: LineOutcome | None,
    after: int,
    most: int,
) -> Sequence[ImportLine]:
    """Return the lines after a number, of one outcome or of all, in their order."""
    lines, number = IMPORT_LINES, IMPORT_LINES.c.number
    theirs = lines.c.import_id == import_id
    query = select(lines).where(theirs, number > after).limit(most)
    if outcome is not None:
        # By numbers from the index; SQLite would otherwise read all lines in between.
        some = select(number).where(theirs, lines.c.outcome == outcome, number > after)
        numbers = connection.scalars(some.order_by(number).limit(most)).all()
        query = select(lines).where(theirs, number.in_(numbers))
    rows = connection.execute(query.order_by(number))
    return every(ImportLine, rows)


def target_of(row: Import) -> Target:
    """Return an import as the target of an event."""
    return Target("Import", row.id, row.file_name)


def no_counts() -> dict[str, int]:
    """Return the numbers of lines by outcome, before there are any."""
    return {each.value: 0 for each in LineOutcome}


# --------------------------------------------------------------- staging
def refuse_another(connection: Connection) -> None:
    """Raise AnotherImport while an import is under way."""
    current = find_current(connection)
    if current is not None and current.state in UNDER_WAY:
        raise AnotherImport(
            _(
                "The import of %(file_name)s by %(made_by)s is not complete: apply or "
                "discard it first.",
                file_name=current.file_name,
                made_by=current.made_by,
            )
        )


def begin(connection: Connection, file_name: str, digest: str, actor: Actor) -> str:
    """Add an import without lines, which nobody sees yet; returns its id.

    Raises AnotherImport.
    """
    refuse_another(connection)
    row = {
        "id": new_id(),
        "state": ImportState.DISCARDED,
        "file_name": names.to_one_line(file_name, LONGEST_FILE_NAME) or "a file",
        "digest": digest,
        "made_at": now(),
        "made_by": actor.name,
        "changed_at": now(),
        **dict.fromkeys(("lines", "checked_to", "applied_to"), 0),
        "counts": no_counts(),
    }
    connection.execute(insert(IMPORTS), row)
    return str(row["id"])


def add_lines(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to an import; see ``make_row``."""
    _ADD_LINE.run_each(connection, rows)


def make_row(import_id: str, number: int, line: Line) -> dict[str, Any]:
    """Return the row of a line of an import, with its number."""
    return {
        "import_id": import_id,
        "number": number,
        "line": line.line,
        "user_name": line.user_name,
        "user_name_key": fold(line.fields.get(USER_NAME, "")),
        "fields": {} if line.problem else dict(line.fields),
        "outcome": LineOutcome.REFUSED if line.problem else None,
        "reason": line.problem,
        "attributes": [],
    }


def show(connection: Connection, import_id: str, lines: int) -> None:
    """Let an import be seen whose lines are complete; the last report is discarded.

    Raises AnotherImport.
    """
    refuse_another(connection)
    others = update(IMPORTS).where(IMPORTS.c.id != import_id)
    connection.execute(others.values(state=ImportState.DISCARDED))
    this = update(IMPORTS).where(IMPORTS.c.id == import_id)
    values = {"state": ImportState.CHECKING, "lines": lines, "changed_at": now()}
    connection.execute(this.values(**values))


# --------------------------------------------------------------- deleting
def discard(connection: Connection, import_id: str, actor: Actor) -> None:
    """Discard an import; what was applied stays.  A job deletes its rows."""
    row = find(connection, import_id)
    if row is None:
        return
    this = update(IMPORTS).where(IMPORTS.c.id == import_id)
    connection.execute(this.values(state=ImportState.DISCARDED))
    if row.state in UNDER_WAY:
        events.record(
            connection,
            actor,
            Event.IMPORT_DISCARDED,
            target_of(row),
            lines=row.lines,
            applied_to=row.applied_to,
        )


def delete_some(connection: Connection, most: int) -> int:
    """Delete rows of old imports and of discarded ones; returns how many."""
    _discard_old(connection, now() - KEPT_FOR)
    left = IMPORTS.c.changed_at < now() - _LEFT_FOR
    is_discarded = IMPORTS.c.state == ImportState.DISCARDED
    query = select(IMPORTS.c.id).where(is_discarded, left).limit(1)
    import_id = connection.scalar(query)
    return 0 if import_id is None else delete_lines(connection, import_id, most)


def _discard_old(connection: Connection, cut: datetime) -> None:
    old = update(IMPORTS).where(IMPORTS.c.changed_at < cut)
    connection.execute(old.values(state=ImportState.DISCARDED))


def delete_lines(connection: Connection, import_id: str, most: int) -> int:
    """Delete lines of a discarded import, and at last itself; returns how many rows."""
    lines, theirs = IMPORT_LINES, IMPORT_LINES.c.import_id == import_id
    some = select(lines.c.number).where(theirs).order_by(lines.c.number).limit(most)
    those = delete(lines).where(theirs, lines.c.number.in_(some))
    number = connection.execute(those).rowcount
    if number < most:
        this = delete(IMPORTS).where(IMPORTS.c.id == import_id)
        number += connection.execute(this).rowcount
    return number


def forget(connection: Connection, user_names: Collection[str]) -> None:
    """Delete the lines with one of these user names, because a person is erased."""
    for keys in chunks(sorted({fold(each) for each in user_names})):
        theirs = IMPORT_LINES.c.user_name_key.in_(keys)
        connection.execute(delete(IMPORT_LINES).where(theirs))
