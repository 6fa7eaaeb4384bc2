"""The engine, and the two kinds of transaction.

Python's SQLite driver and SQLAlchemy silently lose updates out of the box: the
SELECT of a read-modify-write runs outside any transaction.  So every change goes
through ``write()``, which takes the write lock before it reads (BEGIN IMMEDIATE),
and nothing else commits but the migrations.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, ExceptionContext, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from netpresenter_next.config.options import Config
from netpresenter_next.storage import binding, connections, errors
from netpresenter_next.storage.binding import Binding
from netpresenter_next.storage.connections import SQLITE
from netpresenter_next.storage.errors import Kind, Unwritable
from netpresenter_next.storage.state import State
from netpresenter_next.storage.write_lock import BUSY_SECONDS, THREADS, Busy

__all__ = ["SQLITE", "THREADS", "Busy", "Unwritable"]  # of others, for who writes

SQLITE_WITHOUT_WAL_BUG = (3, 51, 3)
APPLICATION_ID = 0x4E504E31  # "NPN1", written into the SQLite header
# Where a column's info says by which SQL the step that adds it fills it.
FILL = "fill"
_WRITING = "netpresenter_write"
_PATIENCE = "netpresenter_patience"


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


# What a write that is not worth a refusal is left out for.
NOT_NOW = (Busy, Unwritable)


@contextmanager
def write(patience: float = BUSY_SECONDS) -> Iterator[Connection]:
    """Run the block in one write transaction; any exception undoes all of it.

    Raises Busy when the lock cannot be had within ``patience`` seconds, whether this
    process holds it or another, and Unwritable where the disk or the database is at
    fault.  Hash passwords and call Microsoft before or after, never inside.
    """
    _refuse_lost()
    known = binding.of(current_app)
    with known.gate.turn(patience), _disk_faults_told():
        if db.session.registry.has():
            db.session.rollback()  # a page's older snapshot must not outlive this
        try:
            connection = known.writer.connect().execution_options(
                **{_PATIENCE: patience}
            )
            transaction = connection.begin()
        except OperationalError as error:
            if is_passing(error):
                if patience >= BUSY_SECONDS:  # who does not wait knows nothing of it
                    known.gate.close_for_a_while()
                raise Busy from error
            raise
        with connection, _noticing_success(connection), transaction:
            yield connection


def _refuse_lost() -> None:
    """Refuse to write what nobody would find: into noise, or a file that was moved."""
    if state().damage is not None:
        _stop_writing()
        raise Unwritable(Kind.DAMAGED)
    state().refuse_moved()


@contextmanager
def _disk_faults_told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        kind = errors.kind_of(error, state().path)
        if kind is None or kind is Kind.BUSY:
            raise
        raise Unwritable(kind) from error


@contextmanager
def _noticing_success(connection: Connection) -> Iterator[None]:
    """After a fault of the disk, notice that something was written again."""
    if state().fault is None:
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    before = raw.total_changes
    yield
    if raw.total_changes > before:
        state().succeeded()


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
        if errors.error_name(error) == "SQLITE_INTERRUPT":
            raise TookTooLong from error
        raise
    finally:
        raw.set_progress_handler(None, 0)


def is_passing(error: Exception) -> bool:
    """Is this fault one that goes away by itself (lock held, pool empty)?"""
    if isinstance(error, Busy | PoolTimeout):
        return True
    return errors.error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def state() -> State:
    """Return what is known to be wrong with the database of this application."""
    return binding.of(current_app).state


def kind_of(error: BaseException) -> Kind | None:
    """Say which fault of the disk or the database an error is, if any."""
    if isinstance(error, Unwritable):
        return error.kind
    if is_passing(cast(Exception, error)):
        return Kind.BUSY
    return errors.kind_of(error, state().path)


def init_app(app: Flask, config: Config) -> None:
    """Bind the engine to the application; opens nothing yet."""
    path = database_file(config)
    known = State(path, config.instance)
    options: dict[str, Any] = {
        "creator": partial(connections.connect, known),
        "pool_size": THREADS + 2,
        "max_overflow": 2,
        "pool_timeout": 3,
        "module": SQLITE,
        "json_deserializer": partial(_document, known),
        "hide_parameters": True,  # names and e-mail addresses: not for the log
    }
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        _listen(db.engine, app, known)
        writer = db.engine.execution_options(**{_WRITING: True})
    binding.put(app, Binding(known, writer))


def _document(known: State, text: str) -> Any:
    """Read a document that is stored; only documents that can be read ever are."""
    try:
        return json.loads(text)
    except ValueError as error:
        known.note_damage([f"a document cannot be read: {error}"])
        raise Unwritable(Kind.DAMAGED) from error


def _listen(engine: Engine, app: Flask, known: State) -> None:
    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_WRITING):
            raw = connection.connection.dbapi_connection
            with connections.waiting(raw, options.get(_PATIENCE, BUSY_SECONDS)):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def used(connection: Any, record: Any) -> None:
        # What was opened while something could not be written may never write.
        if connection is not None and (connection.is_for_one_use or known.is_failing):
            record.invalidate()

    event.listen(engine, "handle_error", _noting_faults(app, known))


def _noting_faults(app: Flask, known: State) -> Callable[[ExceptionContext], None]:
    """Whichever question meets a fault of the disk: it is known from then on."""

    def note(context: ExceptionContext) -> None:
        raw = context.connection and context.connection.connection.dbapi_connection
        if getattr(raw, "is_for_one_use", False):
            return  # somebody else may have written meanwhile: no damage
        kind = known.failed(context.original_exception)
        if kind is Kind.DAMAGED:
            with app.app_context():
                _stop_writing()
        elif kind not in (None, Kind.BUSY):
            context.is_disconnect = True  # and with it all that are kept

    return note


def _stop_writing() -> None:
    """Let go of every connection that may write, and of none that could then write.

    SQLite writes its log into the database when the last connection is closed.  So one
    that may not write is opened first, and kept for as long as the process lives.
    """
    known = binding.of(current_app)
    if known.has_stopped_writing:
        return
    known.has_stopped_writing = True
    try:
        known.holder = connections.connect(known.state)
    except SQLITE.Error:
        return  # nothing can be read either
    db.engine.dispose()


def database_file(config: Config) -> Path:
    """Return the path of the SQLite file; a relative one is in the instance folder."""
    path = make_url(config.database_url).database if config.database_url else None
    return config.instance / (path or "netpresenter.db")


def checkpoint() -> None:
    """Write the WAL back into the database file, at a clean stop.

    Not into a damaged one.  Where the disk is at fault, the log stays, and the next
    start reads it.
    """
    if state().damage is not None:
        _stop_writing()
        return
    with suppress(DBAPIError, Unwritable), db.engine.connect() as connection:
        connection.rollback()
        raw: Any = connection.connection.dbapi_connection
        with suppress(SQLITE.Error):
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def close() -> None:
    """Let go of the database at a clean stop, so that its file alone is whole."""
    checkpoint()
    db.engine.dispose()  # whoever is the last takes the empty log away
    state().forget_opened()
