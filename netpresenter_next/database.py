"""The engine, and the two kinds of transaction.

Python's SQLite driver and SQLAlchemy silently lose updates out of the box: the
SELECT of a read-modify-write runs outside any transaction.  So every change goes
through ``write()``, which takes the write lock before it reads (BEGIN IMMEDIATE),
and nothing else commits but the migrations.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from netpresenter_next.config import Config
from netpresenter_next.gate import BUSY_SECONDS, THREADS, Busy, WriteGate
from netpresenter_next.texts import fold, moment

try:
    # Brings a current SQLite: before 3.51.3 a WAL reset could corrupt the file.
    import pysqlite3.dbapi2 as pysqlite
except ImportError:  # no wheel for this platform
    pysqlite = None

__all__ = ["THREADS", "Busy"]  # of the gate, for whoever writes

logger = logging.getLogger(__name__)

SQLITE: ModuleType = pysqlite or sqlite3
SQLITE_WITHOUT_WAL_BUG = (3, 51, 3)
APPLICATION_ID = 0x4E504E31  # "NPN1", written into the SQLite header
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={int(BUSY_SECONDS * 1000)}",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",
    "mmap_size=0",
    "journal_size_limit=67108864",
)
_WRITING = "netpresenter_write"
_WRITER = "netpresenter_writer"


class Base(DeclarativeBase):
    """Base of the mapped classes: plain, so that strict typing holds."""

    # Constraints with names of our own choice can be changed by later migrations.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class TookTooLong(Exception):
    """A question was given up because its answer took too long."""


class DatabaseUnusable(Exception):
    """The database must not be opened; the message says what to do."""


@contextmanager
def write(patience: float = BUSY_SECONDS) -> Iterator[Connection]:
    """Run the block in one write transaction; any exception undoes all of it.

    Raises Busy when the lock cannot be had within ``patience`` seconds.  Hash
    passwords and call Microsoft before or after, never inside.
    """
    gate: WriteGate = current_app.extensions["netpresenter_gate"]
    with gate.turn(patience):
        if db.session.registry.has():
            db.session.rollback()  # a page's older snapshot must not outlive this
        try:
            connection = current_app.extensions[_WRITER].connect()
            transaction = connection.begin()
        except OperationalError as error:
            if is_passing(error):
                gate.close_for_a_while()
                raise Busy from error
            raise
        with connection, transaction:
            yield connection


@contextmanager
def read() -> Iterator[Connection]:
    """Run the block in one read transaction: all its SELECTs see the same moment."""
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def deadline(connection: Connection, seconds: float) -> Iterator[None]:
    """Interrupt what the block asks of the database when it takes too long.

    Raises TookTooLong.
    """
    raw: Any = connection.connection.dbapi_connection
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        yield
    except OperationalError as error:
        if _sqlite_error_name(error) == "SQLITE_INTERRUPT":
            raise TookTooLong from error
        raise
    finally:
        raw.set_progress_handler(None, 0)


def is_passing(error: Exception) -> bool:
    """Is this fault one that goes away by itself (lock held, pool empty)?"""
    if isinstance(error, Busy | PoolTimeout):
        return True
    return _sqlite_error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_full(error: Exception) -> bool:
    """Is the disk full?  Reads go on, writes are refused until there is room."""
    return _sqlite_error_name(error) == "SQLITE_FULL"


def _sqlite_error_name(error: Exception) -> str:
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(origin, "sqlite_errorname", ""))


def init_app(app: Flask, config: Config) -> None:
    """Bind the engine to the application; opens nothing yet."""
    options: dict[str, Any] = {
        "pool_size": THREADS + 2,
        "max_overflow": 2,
        "pool_timeout": 3,
        "module": SQLITE,
        "hide_parameters": True,  # names and e-mail addresses: not for the log
    }
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database_file(config)}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.extensions["netpresenter_gate"] = WriteGate()
    db.init_app(app)
    with app.app_context():
        _listen(db.engine)
        writer = db.engine.execution_options(**{_WRITING: True})
        app.extensions[_WRITER] = writer


def _listen(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.create_function("scim_fold", 1, _fold_value, deterministic=True)
        connection.create_function("scim_moment", 1, _moment_value, deterministic=True)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _fold_value(value: Any) -> Any:
    """Fold texts for a comparison in SQL; other values and NULL stay as they are."""
    return fold(value) if isinstance(value, str) else value


def _moment_value(value: Any) -> str | None:
    """Turn a stored xsd:dateTime into the form of the moments in columns."""
    when = moment(value) if isinstance(value, str) else None
    if when is None:
        return None
    return when.replace(tzinfo=None).isoformat(" ", "microseconds")


def database_file(config: Config) -> Path:
    """Return the path of the SQLite file; a relative one is in the instance folder."""
    path = make_url(config.database_url).database if config.database_url else None
    return config.instance / (path or "netpresenter.db")


def checkpoint() -> None:
    """Write the WAL back into the database file, at a clean stop."""
    with db.engine.connect() as connection:
        connection.rollback()
        raw = connection.connection.dbapi_connection
        if raw is not None:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
