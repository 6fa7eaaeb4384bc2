"""The findings about an instance, for ``doctor`` and the page Health."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from netpresenter_next.backups import chosen_folder, folders, making
from netpresenter_next.config.options import Config
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.instances import STEPS
from netpresenter_next.storage.upkeep_models import UpkeepSettings
from netpresenter_next.upkeep import examination, machine
from netpresenter_next.upkeep.settings import (
    JOBS,
    PRUNE,
    WAL,
    Run,
    read_runs,
    read_settings,
)

# If the hourly job has not run for so long, the scheduled jobs are not running.
QUIET_FOR = timedelta(hours=3)
UPKEEP = "Scheduled jobs"
ORDER = (Severity.ERROR, Severity.WARNING, Severity.OK)


def findings(installation: Installation) -> list[Finding]:
    """Return the findings of all quick checks, the worst first.

    Needs an application context.
    """
    config = installation.config
    known = list(machine.of_faults(database.state()))
    found = [
        *(known or machine.of_writing(config)),
        *machine.findings(config, STEPS[-1]),
        *_of_contents_if_readable(installation),
    ]
    return sorted(found, key=lambda each: ORDER.index(each.severity))


def _of_contents_if_readable(installation: Installation) -> list[Finding]:
    try:
        return of_contents(installation)
    except DBAPIError as error:
        return [Finding(Severity.ERROR, machine.DATABASE, f"{error.orig}.")]


def of_contents(installation: Installation) -> list[Finding]:
    """Return the findings about the content of a readable database.

    Needs an application context.
    """
    with database.read() as connection:
        stored = list(examination.findings(connection, installation))
        done, kept = read_runs(connection), read_settings(connection)
    config = installation.config
    upkeep = [*_of_wal(config, done), *_of_jobs(done), *_of_backups(config, kept)]
    return [*stored, *upkeep]


def _of_wal(config: Config, done: Mapping[str, Run]) -> Iterator[Finding]:
    last = done.get(WAL)
    is_held = last is not None and not last.succeeded
    is_fresh = last is not None and abs(now() - last.ended_at) < QUIET_FOR
    yield from wal.findings(config, last.note if last and is_held and is_fresh else "")


def _of_jobs(done: Mapping[str, Run]) -> Iterator[Finding]:
    """Report the scheduled jobs that failed, and whether jobs run at all."""
    for name, run in done.items():
        if not run.succeeded and name != WAL:
            subject = JOBS.get(name, name)
            yield Finding(
                Severity.ERROR,
                subject,
                run.note,
                "The server tries again automatically.",
            )
    last = done.get(PRUNE)
    if last is None or now() - last.ended_at > QUIET_FOR:
        since = f"since {last.ended_at:%Y-%m-%d %H:%M} UTC" if last else "yet"
        yield Finding(
            Severity.WARNING,
            UPKEEP,
            f"No job has run {since}.",
            "Jobs start half a minute after the server. Check that the server is "
            "running, and that it was started with the command serve.",
        )
    else:
        yield Finding(Severity.OK, UPKEEP, "The scheduled jobs are running.")


def _of_backups(config: Config, kept: UpkeepSettings) -> Iterator[Finding]:
    """Report whether nightly backups are made, recent, and on another disk."""
    if kept.backup_folder and (fault := chosen_folder.find_problem(kept.backup_folder)):
        advice = "Choose another folder."
        yield Finding(Severity.ERROR, folders.SUBJECT, fault, advice)
        return
    folder = chosen_folder.resolve(config, kept.backup_folder)
    yield from making.findings(config, folder, kept.backups_kept)
