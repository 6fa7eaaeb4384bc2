"""The findings about an instance, for ``doctor`` and the page Health."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from netpresenter_next.backups import chosen_folder, folders, making
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_minute
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.instances import STEPS
from netpresenter_next.storage.upkeep_models import UpkeepSettings
from netpresenter_next.upkeep import alarm_findings, examination, machine
from netpresenter_next.upkeep.settings import (
    JOBS,
    PRUNE,
    WAL,
    Run,
    read_runs,
    read_settings,
)

# If the hourly job has not run for so long, the scheduled jobs are not running.
LONGEST_SILENCE = timedelta(hours=3)
UPKEEP = marked("Scheduled jobs")
ORDER = (Severity.ERROR, Severity.WARNING, Severity.OFF, Severity.OK)


def check_instance(
    installation: Installation,
    more: Iterable[Finding] = (),
    *,
    visits_backups: bool = True,
) -> list[Finding]:
    """Return the findings of all quick checks, and ``more``, the worst first.

    ``visits_backups`` adds those about the backup folder, which may be on a slow
    network.  Needs an application context.
    """
    config = installation.config
    faults = list(machine.report_fault(database.state()))
    found = [
        *(faults or machine.check_writable(config)),
        *machine.check_machine(config, STEPS[-1]),
        *_check_contents_if_readable(installation, visits_backups),
        *more,
    ]
    return sorted(found, key=lambda each: ORDER.index(each.severity))


def _check_contents_if_readable(
    installation: Installation, visits_backups: bool
) -> list[Finding]:
    try:
        return check_contents(installation, visits_backups=visits_backups)
    except DBAPIError as error:
        return [Finding(Severity.ERROR, machine.DATABASE, f"{error.orig}.")]


def check_contents(
    installation: Installation, *, visits_backups: bool = True
) -> list[Finding]:
    """Return the findings about the content of a readable database.

    Needs an application context.
    """
    with database.read() as connection:
        stored = list(examination.check_data(connection, installation))
        alarms = list(alarm_findings.check_alarms(connection))
        last_runs, chosen = read_runs(connection), read_settings(connection)
    config = installation.config
    upkeep = [
        *_check_wal(config, last_runs),
        *_check_jobs(last_runs),
        *(_check_backups(config, chosen) if visits_backups else ()),
    ]
    return [*stored, *upkeep, *alarms]


def _check_wal(config: Config, last_runs: Mapping[str, Run]) -> Iterator[Finding]:
    last = last_runs.get(WAL)
    is_held = last is not None and not last.succeeded
    is_fresh = last is not None and abs(now() - last.ended_at) < LONGEST_SILENCE
    yield from wal.findings(config, last.note if last and is_held and is_fresh else "")


def _check_jobs(last_runs: Mapping[str, Run]) -> Iterator[Finding]:
    """Report the scheduled jobs that failed, and whether jobs run at all."""
    for name, run in last_runs.items():
        if not run.succeeded and name != WAL:
            advice = _("The server tries again automatically.")
            yield Finding(Severity.ERROR, JOBS.get(name, name), run.note, advice)
    last = last_runs.get(PRUNE)
    if last is None or now() - last.ended_at > LONGEST_SILENCE:
        what = _("No job has run yet.")
        if last is not None:
            time = write_minute(last.ended_at)
            what = _("No job has run since %(time)s UTC.", time=time)
        advice = _(
            "Jobs start half a minute after the server. Check that the server is "
            "running, and that it was started with %(command)s.",
            command=commands.format_short_command("serve"),
        )
        yield Finding(Severity.WARNING, UPKEEP, what, advice)
    else:
        yield Finding(Severity.OK, UPKEEP, _("The scheduled jobs are running."))


def _check_backups(config: Config, chosen: UpkeepSettings) -> Iterator[Finding]:
    """Report whether nightly backups are made, recent, and on another disk."""
    if chosen.backup_folder and (
        fault := chosen_folder.find_problem(chosen.backup_folder)
    ):
        advice = _("Choose another folder.")
        yield Finding(Severity.ERROR, folders.SUBJECT, fault, advice)
        return
    folder = chosen_folder.resolve(config, chosen.backup_folder)
    yield from making.check_backups(config, folder, chosen.backups_kept)
