"""What administrators set of upkeep, and how each job ended the last time."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.upkeep_models import (
    UPKEEP_RUNS,
    UPKEEP_SETTINGS,
    UpkeepSettings,
)

TARGET = Target("Settings", None, "Health")
# Which settings an event is about.
JOURNAL, BACKUPS = "journal", "backups"
LONGEST_NOTE = 500
# The jobs, by the names that are stored, and as pages call them.
PRUNE, BACKUP, CHECK, WAL, DISK = "prune", "backup", "check", "wal", "disk"
JOBS = {
    PRUNE: "Old log entries and sessions",
    BACKUP: "Backups",
    CHECK: "Database check",
    WAL: "Write-ahead log",
    DISK: "Disk",
}


class Run(NamedTuple):
    """How a job ended: when, whether well, and what was done or why not."""

    ended_at: datetime
    succeeded: bool
    note: str


def settings(connection: Connection) -> UpkeepSettings:
    """Return what is set: days that journals are kept, and what backups are made."""
    return one(UpkeepSettings, connection.execute(select(UPKEEP_SETTINGS)))


def change(
    connection: Connection, actor: Actor, part: str, values: Mapping[str, str | int]
) -> bool:
    """Change settings, with the old and new ones in the journal; is any another?"""
    row = settings(connection)
    told = events.differences({name: getattr(row, name) for name in values}, values)
    if not told:
        return False
    connection.execute(update(UPKEEP_SETTINGS).values(dict(values)))
    events.record(connection, actor, Event.SETTINGS_CHANGED, TARGET, told, part=part)
    return True


# --------------------------------------------------------------- runs
def runs(connection: Connection) -> Mapping[str, Run]:
    """Return how each job ended the last time, by its name."""
    columns = UPKEEP_RUNS.c
    query = select(columns.job, columns.ended_at, columns.succeeded, columns.note)
    rows = connection.execute(query.order_by(columns.job)).all()
    return {job: Run(*run) for job, *run in rows}


def note_run(connection: Connection, job: str, run: Run) -> None:
    """Write down how a job ended."""
    connection.execute(delete(UPKEEP_RUNS).where(UPKEEP_RUNS.c.job == job))
    values = {"job": job, **run._asdict(), "note": run.note[:LONGEST_NOTE]}
    connection.execute(insert(UPKEEP_RUNS), values)
