"""The nightly jobs: a backup, and a check of the whole database."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from netpresenter_next.backups import chosen_folder, folders, making
from netpresenter_next.backups.copying import BackupFailed
from netpresenter_next.config.options import Config
from netpresenter_next.directory import made_backups
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.text import format_count, format_size
from netpresenter_next.storage import checks, database
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.upkeep.settings import BACKUP, read_runs, read_settings

# Waits for a number of seconds; raises Stopped when the server stops.
Pause = Callable[[float], None]
NIGHTLY_BACKUP = Actor("nightly backup", "nightly backup")
TABLES = {"users": ("person", "people"), "groups": ("group", "groups")}


class Stopped(Exception):
    """The server stops, so the job ends early."""


class NoBackup(NotDone):
    """No backup was made; the message says why, and what to do."""


class NightlyBackups:
    """Makes the nightly backups, and removes what interrupted ones left behind."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def clear_leftovers(self) -> None:
        """Remove the temporary folders of interrupted backups, as far as possible."""
        with suppress(OSError):
            folders.clear_leftovers(self._folder()[0])

    def make(self, _pause: Pause) -> str | None:
        """Make a nightly backup; returns a note, or None where they are switched off.

        Raises NoBackup.  Needs an application context.
        """
        folder, kept = self._folder()
        if kept == 0:
            return None
        try:
            made = making.make_nightly(self._config, folder, kept)
        except (BackupFailed, database.DatabaseUnusable) as error:
            _record_first_failure(str(error))
            raise NoBackup(str(error)) from error
        with suppress(*database.WRITE_FAILURES), database.write() as connection:
            made_backups.record(connection, NIGHTLY_BACKUP, made.path)
        counts = made.manifest.counts
        content = ", ".join(
            format_count(counts.get(table, 0), *nouns)
            for table, nouns in TABLES.items()
        )
        file_size = format_size(made.path.stat().st_size)
        return f"{made.path}, {file_size}: restored and counted, {content}."

    def _folder(self) -> tuple[Path, int]:
        with database.read() as connection:
            row = read_settings(connection)
        return chosen_folder.resolve(self._config, row.backup_folder), row.backups_kept


def _record_first_failure(reason: str) -> None:
    """Record the first failure in a row: a failed backup is tried again every hour."""
    with suppress(*database.WRITE_FAILURES), database.write() as connection:
        last = read_runs(connection).get(BACKUP)
        if last is None or last.succeeded:
            made_backups.record_failure(connection, NIGHTLY_BACKUP, reason)


class DamageFound(NotDone):
    """A check found damage; the message says what."""


def check_database(pause: Pause) -> str:
    """Check the whole database; returns a note that there is no damage.

    Raises DamageFound, and Stopped.  Needs an application context.
    """

    def is_stopping() -> bool:
        try:
            pause(0)
        except Stopped:
            return True
        return False

    try:
        damage = checks.check_fully(database.state(), is_stopping)
    except checks.Interrupted:
        raise Stopped from None
    if damage:
        raise DamageFound("; ".join(damage))
    return "The whole database was checked: no damage was found."
