"""Running the migrations, by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import event

from netpresenter_next.config.options import PACKAGE
from netpresenter_next.storage import database, instances


def upgrade() -> None:
    """Run the missing steps in one transaction; raises DatabaseUnusable."""
    scripts = AlembicConfig()
    scripts.set_main_option("script_location", str(PACKAGE / "storage" / "migrations"))
    with _without_foreign_keys(), database.write() as connection:
        if connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
            raise RuntimeError("a step that rebuilds a table would delete rows")
        scripts.attributes["connection"] = connection
        command.upgrade(scripts, instances.STEPS[-1])
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise database.DatabaseUnusable(
                f"A row of the table {broken[0]} refers to a row of {broken[2]} that "
                "does not exist, so the database was left as it is: restore a backup."
            )
        connection.exec_driver_sql(f"PRAGMA application_id={database.APPLICATION_ID}")


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """Switch foreign keys off, so that a migration can rebuild a table.

    Dropping the old table would otherwise delete the rows that refer to it (SQLite:
    Making Other Kinds Of Table Schema Changes).  The pragma has no effect within a
    transaction, so it is set when a connection is opened.
    """
    event.listen(database.db.engine, "connect", _switch_foreign_keys_off)
    database.db.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.db.engine, "connect", _switch_foreign_keys_off)
        database.db.engine.dispose()  # no connection may keep the setting


def _switch_foreign_keys_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
