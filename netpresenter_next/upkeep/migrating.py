"""Preparing an instance: creating its folder and keys, and migrating its database."""

import logging
import os
from contextlib import closing, suppress
from pathlib import Path

from filelock import FileLock
from flask import Flask

from netpresenter_next.backups import making
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.directory import search_index
from netpresenter_next.storage import checks, database, instances
from netpresenter_next.storage.instances import Condition, InstanceStatus, Purpose

logger = logging.getLogger(__name__)

FULL_TEXT_SEARCH = "fts5"  # the module of SQLite


def prepare(app: Flask, config: Config) -> tuple[int, int]:
    """Create the instance if it does not exist, and migrate its database.

    Returns the identity of the database file: a restore may replace it later.  An
    older database is backed up first; without a backup it is not migrated.  Raises
    DatabaseUnusable for a missing or empty file of an instance that was in use (an
    empty database would offer set-up to anybody), for a foreign file, for a newer
    version, and where SQLite has no full-text search.  Raises InUse where the database
    is older and a server runs.
    """
    _require_full_text_search()
    found = instances.require(config, Purpose.MAKE)
    instances.create_missing_files(config)
    with app.app_context():
        _look_for_damage(config, found)
    if found.condition is not Condition.CURRENT:
        _bring_up_to_date(app, config, Purpose.MAKE)
    mark = config.instance / "in-use"
    if not mark.exists():
        mark.touch(mode=instances.OWNER_ONLY)
    _restrict(config)
    return instances.read_database_identity(config)


def _require_full_text_search() -> None:
    """Raise DatabaseUnusable where SQLite was built without full-text search."""
    with closing(database.SQLITE.connect(":memory:")) as connection:
        modules = connection.execute("SELECT name FROM pragma_module_list").fetchall()
    if FULL_TEXT_SEARCH not in {name for (name,) in modules}:
        raise database.DatabaseUnusable(
            f"SQLite {database.SQLITE.sqlite_version} of this Python was built without "
            "full-text search (FTS5), which the search for people needs: use a Python "
            "that has it."
        )


def _look_for_damage(config: Config, found: InstanceStatus) -> None:
    """Check an existing database; a damaged one can be read, but is not migrated."""
    if found.condition is Condition.ABSENT:
        return
    checks.check_before_start(database.state())
    if database.state().damage is not None and found.condition is Condition.OLDER:
        raise database.DatabaseUnusable(
            f"{database.database_file(config)} is damaged, so it is not brought up to "
            "date: restore a backup."
        )


def migrate(app: Flask, config: Config) -> tuple[str, str]:
    """Migrate the database of an instance; returns its steps before and after.

    Raises DatabaseUnusable where there is no database that this version can read, or
    SQLite has no full-text search, and InUse where a migration is needed and a server
    runs.
    """
    _require_full_text_search()
    found = instances.require(config, Purpose.MIGRATE)
    if found.condition is not Condition.CURRENT:
        _bring_up_to_date(app, config, Purpose.MIGRATE)
    return found.step, instances.STEPS[-1]


def _bring_up_to_date(app: Flask, config: Config, purpose: Purpose) -> None:
    lock = config.instance / "migrate.lock"
    with FileLock(lock, mode=instances.OWNER_ONLY), app.app_context():
        found = instances.require(config, purpose)
        if found.condition is Condition.CURRENT:
            return  # another process was first
        try:
            with instances.lock(config):
                _back_up(config, found)
                _make_file(database.database_file(config))
                # Here, because Alembic takes long to import, and it is a rare need.
                from netpresenter_next.storage import steps

                steps.upgrade()
                if found.condition is Condition.OLDER:
                    # What cannot be written now is left to the job.
                    with suppress(*database.WRITE_FAILURES):
                        search_index.index_everybody()
        except instances.InUse as error:
            raise instances.InUse(
                f"A server runs on {config.instance}, whose database is of an older "
                f"version (step {found.step}, not {instances.STEPS[-1]}). Stop it, "
                f"then type: {commands.format_command(config, 'migrate')}"
            ) from error


def _back_up(config: Config, found: InstanceStatus) -> None:
    """Back up an older database before it is migrated."""
    if found.condition is not Condition.OLDER:
        return
    try:
        made = making.make_before_migration(config)
        logger.info("The database as it was before these steps is in %s.", made.path)
    except making.BackupFailed as error:
        raise database.DatabaseUnusable(
            f"The database of {config.instance} is left at step {found.step}, because "
            f"there is no backup to go back to. {error}"
        ) from error


def _make_file(path: Path) -> None:
    """Create the file before SQLite does, because its log gets the same permissions."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, instances.OWNER_ONLY))


def _restrict(config: Config) -> None:
    """Restrict the files of the database, with personal data, to their owner.

    If that is not permitted, the page Health and ``doctor`` report it.
    """
    path = database.database_file(config)
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{path}{suffix}")
        if file.exists() and file.stat().st_mode & instances.OTHERS:
            with suppress(PermissionError):
                file.chmod(instances.OWNER_ONLY)
