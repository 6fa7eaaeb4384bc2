"""The work of imports: staging a file, checking its lines, and applying them.

Every part is a short transaction, between two of which other writers get a turn.  What
is done is stored with it, so after a kill the work goes on with the next line, here or
by the command; two who do it at once share it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, update

from netpresenter_next.directory import (
    events,
    people_imports,
    person_lines,
    short_parts,
)
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.people_imports import Line
from netpresenter_next.directory.person_lines import Describe, Plan
from netpresenter_next.directory.short_parts import Write
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ImportState, LineOutcome
from netpresenter_next.storage.import_models import (
    IMPORT_LINES,
    IMPORTS,
    Import,
    ImportLine,
)

# How many lines are checked or applied, and how many are stored or deleted, at a time.
AT_ONCE, STORED_AT_ONCE = 50, 1_000
# Seconds after which a transaction takes no further line, on a slow machine.
LONGEST_PART = 0.2


class Worker(NamedTuple):
    """Who does the work, and how.

    ``write`` opens a write transaction, ``describe`` makes documents, and ``is_over``
    says after each part whether to stop.
    """

    write: Write
    actor: Actor
    describe: Describe
    is_over: Callable[[], bool]


def stage(worker: Worker, file_name: str, digest: str, lines: Sequence[Line]) -> str:
    """Store the lines of a file; returns the id of the import.

    Raises AnotherImport while one is under way, Busy and Unwritable.
    """
    with worker.write() as connection:
        import_id = people_imports.begin(connection, file_name, digest, worker.actor)
    for start in range(0, len(lines), STORED_AT_ONCE):
        some = enumerate(lines[start : start + STORED_AT_ONCE], start + 1)
        rows = [people_imports.make_row(import_id, *each) for each in some]
        with short_parts.timed_pause(), worker.write() as connection:
            people_imports.add_lines(connection, rows)
    with worker.write() as connection:
        people_imports.show(connection, import_id, len(lines))
    return import_id


# --------------------------------------------------------------- checking
def try_out(worker: Worker, lines: Sequence[Line]) -> Iterator[tuple[Line, Plan]]:
    """Yield what each line of a file would do, and store nothing."""
    for start in range(0, len(lines), AT_ONCE):
        some = lines[start : start + AT_ONCE]
        with database.read() as connection:
            plans = [
                _refuse(each.problem)
                if each.problem is not None
                else _plan(connection, worker, each)
                for each in some
            ]
        yield from zip(some, plans, strict=True)


def _plan(connection: Connection, worker: Worker, line: Line | ImportLine) -> Plan:
    return person_lines.plan(connection, line.fields, worker.actor, worker.describe)


def _refuse(reason: str | None) -> Plan:
    return Plan(LineOutcome.REFUSED, reason)


def check(worker: Worker, import_id: str) -> None:
    """Find out what each line would do; nothing is changed.  Raises Busy."""
    while not worker.is_over():
        with database.read() as connection:
            row = people_imports.find(connection, import_id)
            if row is None or row.state is not ImportState.CHECKING:
                return
            lines = _list_next(connection, row, row.checked_to)
            plans = [
                _read_problem(each) or _plan(connection, worker, each) for each in lines
            ]
        with short_parts.timed_pause(), worker.write() as connection:
            _note_checked(connection, row, lines, plans)


def _list_next(connection: Connection, row: Import, done: int) -> Sequence[ImportLine]:
    return people_imports.list_lines(connection, row.id, None, done, AT_ONCE)


def _read_problem(line: ImportLine) -> Plan | None:
    """Return the plan of a line that cannot be read."""
    return None if line.fields else _refuse(line.reason)


def _note_checked(
    connection: Connection,
    before: Import,
    lines: Sequence[ImportLine],
    plans: Sequence[Plan],
) -> None:
    row = people_imports.find(connection, before.id)
    if row is None or row.checked_to != before.checked_to:
        return  # discarded, or somebody else checked these lines
    if row.state is ImportState.CHECKING:
        _note_lines(connection, lines, plans)
        state = ImportState.CHECKED if len(lines) < AT_ONCE else row.state
        done = lines[-1].number if lines else row.lines
        _note(connection, row, row.counts, plans, state=state, checked_to=done)


def _note_lines(
    connection: Connection, lines: Sequence[ImportLine], plans: Sequence[Plan]
) -> None:
    """Store the outcomes of lines."""
    this = (
        IMPORT_LINES.c.import_id == bindparam("this_import"),
        IMPORT_LINES.c.number == bindparam("this_number"),
    )
    rows: list[dict[str, Any]] = [
        {
            "this_import": line.import_id,
            "this_number": line.number,
            "outcome": made.outcome,
            "reason": made.reason,
            "attributes": list(made.attributes),
        }
        for line, made in zip(lines, plans, strict=True)
    ]
    names = ("outcome", "reason", "attributes")
    changed = update(IMPORT_LINES).where(*this)
    if rows:
        connection.execute(
            changed.values({each: bindparam(each) for each in names}), rows
        )


def _note(
    connection: Connection,
    row: Import,
    counts: dict[str, int],
    plans: Sequence[Plan],
    **values: Any,
) -> dict[str, int]:
    """Store how far an import is; returns the numbers of lines by outcome."""
    added = dict(counts)
    for each in plans:
        added[each.outcome.value] += 1
    this = update(IMPORTS).where(IMPORTS.c.id == row.id)
    connection.execute(this.values(counts=added, changed_at=now(), **values))
    return added


# --------------------------------------------------------------- applying
def apply(worker: Worker, import_id: str) -> None:
    """Do what each line says, as the people are now; continues after a kill.

    Raises Busy and Unwritable; what was done until then stays.
    """
    while not worker.is_over():
        with short_parts.timed_pause(), worker.write() as connection:
            if not _apply_some(connection, worker, import_id):
                return


def _apply_some(connection: Connection, worker: Worker, import_id: str) -> bool:
    """Apply the next lines; returns whether there are more."""
    row = people_imports.find(connection, import_id)
    if row is None or row.state not in (ImportState.CHECKED, ImportState.APPLYING):
        return False
    counts = row.counts
    if row.state is ImportState.CHECKED:
        counts, target = people_imports.no_counts(), people_imports.target_of(row)
        events.record(
            connection, worker.actor, Event.IMPORT_STARTED, target, lines=row.lines
        )
    actor = replace(worker.actor, imports=True)
    lines = _list_next(connection, row, row.applied_to)
    plans: list[Plan] = []
    end = time.monotonic() + LONGEST_PART
    for each in lines:
        plans.append(
            _read_problem(each)
            or person_lines.carry_out(connection, each.fields, actor, worker.describe)
        )
        if time.monotonic() > end:
            break
    is_last = len(plans) == len(lines) < AT_ONCE
    lines = lines[: len(plans)]
    _note_lines(connection, lines, plans)
    counts = _note(
        connection,
        row,
        counts,
        plans,
        state=ImportState.DONE if is_last else ImportState.APPLYING,
        applied_to=lines[-1].number if lines else row.lines,
    )
    if is_last:
        _record_end(connection, worker.actor, row, counts)
    return not is_last


def _record_end(
    connection: Connection, actor: Actor, row: Import, counts: Mapping[str, int]
) -> None:
    events.record(
        connection,
        actor,
        Event.IMPORT_ENDED,
        people_imports.target_of(row),
        created=counts[LineOutcome.CREATED],
        changed=counts[LineOutcome.CHANGED],
        unchanged=counts[LineOutcome.UNCHANGED],
        refused=counts[LineOutcome.REFUSED],
    )


# --------------------------------------------------------------- discarding
def discard(worker: Worker, import_id: str) -> None:
    """Discard an import, and delete its rows as far as time permits; a job goes on."""
    with worker.write() as connection:
        people_imports.discard(connection, import_id, worker.actor)
    _delete_lines(worker, import_id)


def _delete_lines(worker: Worker, import_id: str) -> None:
    number = STORED_AT_ONCE
    while number and not worker.is_over():
        with short_parts.timed_pause(), worker.write() as connection:
            number = people_imports.delete_lines(connection, import_id, STORED_AT_ONCE)
