"""The settings of logs and backups, and the last run of each scheduled job."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from netpresenter_next.directory import events
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.upkeep_models import (
    UPKEEP_RUNS,
    UPKEEP_SETTINGS,
    UpkeepSettings,
)

TARGET = Target("Settings", None, "Health")
# The parts of the settings, as events name them.
JOURNAL, BACKUPS = "journal", "backups"
LONGEST_NOTE = 500
# The stored names of the jobs, and their titles on pages.
PRUNE, BACKUP, CHECK, WAL, DISK = "prune", "backup", "check", "wal", "disk"
SEARCH, ALARMS, ACTIVITY = "search", "alarms", "activity"
ERASURES = "erasures"
JOBS = {
    PRUNE: marked("Old log entries and sessions"),
    BACKUP: marked("Backups"),
    CHECK: marked("Database check"),
    WAL: marked("Write-ahead log"),
    SEARCH: marked("Search for people"),
    ACTIVITY: marked("Numbers of SCIM requests"),
    ALARMS: marked("Alarms"),
    ERASURES: marked("Erasing people"),
    DISK: marked("Disk"),
}


class Run(NamedTuple):
    """A run of a job: when it ended, whether it succeeded, and a note."""

    ended_at: datetime
    succeeded: bool
    note: str


def read_settings(connection: Connection) -> UpkeepSettings:
    """Return the settings: how long logs are kept, and which backups are made."""
    return one(UpkeepSettings, connection.execute(select(UPKEEP_SETTINGS)))


def change_settings(
    connection: Connection, actor: Actor, part: str, values: Mapping[str, str | int]
) -> bool:
    """Change settings, and record an event; returns whether anything changed."""
    row = read_settings(connection)
    old = {name: getattr(row, name) for name in values}
    changes = find_differences(old, values)
    if not changes:
        return False
    connection.execute(update(UPKEEP_SETTINGS).values(dict(values)))
    events.record(connection, actor, Event.SETTINGS_CHANGED, TARGET, changes, part=part)
    return True


# --------------------------------------------------------------- runs
def read_runs(connection: Connection) -> Mapping[str, Run]:
    """Return the last run of each job, by its name."""
    columns = UPKEEP_RUNS.c
    query = select(columns.job, columns.ended_at, columns.succeeded, columns.note)
    rows = connection.execute(query.order_by(columns.job)).all()
    return {job: Run(*run) for job, *run in rows}


def note_run(connection: Connection, job: str, run: Run) -> None:
    """Store the last run of a job."""
    connection.execute(delete(UPKEEP_RUNS).where(UPKEEP_RUNS.c.job == job))
    values = {"job": job, **run._asdict(), "note": run.note[:LONGEST_NOTE]}
    connection.execute(insert(UPKEEP_RUNS), values)
