"""Bringing the database up to date, and refusing one that must not be opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from netpresenter_next import database
from netpresenter_next.config import PACKAGE, Config


def migrate(app: Flask, config: Config) -> None:
    """Bring the database up to date, alone, and refuse one that is not ours.

    Raises DatabaseUnusable for a missing or empty file where one was in use before
    (opening it would offer set-up to anybody), a foreign file, and a newer schema.
    """
    os.umask(0o077)
    config.instance.mkdir(parents=True, exist_ok=True)
    scripts = AlembicConfig()
    scripts.set_main_option("script_location", str(PACKAGE / "migrations"))
    head = ScriptDirectory.from_config(scripts).get_current_head()
    with FileLock(config.instance / "migrate.lock"), app.app_context():
        _refuse_lost_database(config)
        with database.read() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
        if revision != head:
            _upgrade(scripts, revision)
        (config.instance / "in-use").touch()
        _restrict(config)


def _upgrade(scripts: AlembicConfig, revision: str | None) -> None:
    known = {
        each.revision for each in ScriptDirectory.from_config(scripts).walk_revisions()
    }
    if revision is not None and revision not in known:
        raise database.DatabaseUnusable(
            f"The database is of a newer version (schema {revision}); install that "
            "version of Netpresenter Next, or restore a backup made with this one."
        )
    with _without_foreign_keys(), database.write() as connection:
        if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
            raise RuntimeError("a step that rebuilds a table would delete rows")
        scripts.attributes["connection"] = connection
        command.upgrade(scripts, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise database.DatabaseUnusable(
                f"A row of the table {broken[0]} refers to one of {broken[2]} that is "
                "not there, so the database was left as it is: restore a backup."
            )
        connection.exec_driver_sql(f"PRAGMA application_id={database.APPLICATION_ID}")


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """Let steps rebuild a table: dropping the old one would delete what refers to it.

    As SQLite advises (Making Other Kinds Of Table Schema Changes).  The pragma means
    nothing within a transaction, so new connections begin with it.
    """
    event.listen(database.db.engine, "connect", _switch_foreign_keys_off)
    database.db.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.db.engine, "connect", _switch_foreign_keys_off)
        database.db.engine.dispose()  # so that no connection goes on like that


def _switch_foreign_keys_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _refuse_lost_database(config: Config) -> None:
    path = database.database_file(config)
    size = path.stat().st_size if path.exists() else 0
    if size == 0 and (config.instance / "in-use").exists():
        raise database.DatabaseUnusable(
            f"The database {path} is missing or empty although this instance was in "
            "use: restore a backup, or delete the file 'in-use' in that folder to "
            "start anew."
        )
    if size:
        try:
            with database.read() as connection:
                found = connection.exec_driver_sql("PRAGMA application_id").scalar()
        except DBAPIError as error:
            raise database.DatabaseUnusable(
                f"{path} cannot be read: {error.orig}."
            ) from error
        if found != database.APPLICATION_ID:
            raise database.DatabaseUnusable(
                f"{path} is not a database of Netpresenter Next."
            )


def _restrict(config: Config) -> None:
    """Let nobody but the owner read the database (people's names, addresses)."""
    path = database.database_file(config)
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{path}{suffix}")
        if file.exists():
            file.chmod(0o600)
