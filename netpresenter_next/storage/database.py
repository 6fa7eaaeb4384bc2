"""The engine, with ``read()`` and ``write()`` transactions.

By default, Python's SQLite driver and SQLAlchemy lose updates silently: the SELECT of
a read-modify-write runs outside any transaction.  So every change uses ``write()``,
which takes the write lock before it reads (BEGIN IMMEDIATE).  Nothing else commits.
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

__all__ = ["SQLITE", "THREADS", "Busy", "Unwritable"]  # imported here for callers

SQLITE_WITHOUT_WAL_BUG = (3, 51, 3)
APPLICATION_ID = 0x4E504E31  # "NPN1", written into the SQLite header
# Where a column's info says by which SQL the step that adds it fills it.
FILL = "fill"
_WRITING = "netpresenter_write"
_PATIENCE = "netpresenter_patience"


class Base(DeclarativeBase):
    """Base of the mapped classes; unlike ``db.Model``, it passes strict type checks."""

    # Later migrations can change only constraints that have a name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class TookTooLong(Exception):
    """A query was interrupted because it took too long."""


class DatabaseUnusable(Exception):
    """The database must not be opened; the message says what to do."""


# The errors for which a write that is not important may be skipped.
NOT_NOW = (Busy, Unwritable)


@contextmanager
def write(patience: float = BUSY_SECONDS) -> Iterator[Connection]:
    """Run the block in one write transaction; any exception rolls it back.

    Raises Busy when this or another process holds the write lock for longer than
    ``patience`` seconds, and Unwritable for a fault of the disk or the database.  Hash
    passwords and call Microsoft before or after the block, never inside.
    """
    _refuse_lost()
    known = binding.of(current_app)
    with known.write_lock.acquire(patience), _disk_faults_told():
        if db.session.registry.has():
            db.session.rollback()  # a page must not reuse an older snapshot afterwards
        try:
            connection = known.writer.connect().execution_options(
                **{_PATIENCE: patience}
            )
            transaction = connection.begin()
        except OperationalError as error:
            if is_passing(error):
                if patience >= BUSY_SECONDS:  # a shorter wait proves nothing
                    known.write_lock.refuse_for_a_while()
                raise Busy from error
            raise
        with connection, _noticing_success(connection), transaction:
            yield connection


def _refuse_lost() -> None:
    """Refuse to write into a damaged database, or into a file that was moved away."""
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
    """Clear a recorded disk fault as soon as a write succeeds."""
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
    """Run the block in one read transaction: all its SELECTs see one snapshot."""
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def deadline(connection: Connection, seconds: float) -> Iterator[None]:
    """Interrupt the queries of the block after ``seconds``; raises TookTooLong."""
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
    """Is this a temporary fault (lock held, connection pool empty)?"""
    if isinstance(error, Busy | PoolTimeout):
        return True
    return errors.error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def state() -> State:
    """Return the recorded faults of the database of this application."""
    return binding.of(current_app).state


def kind_of(error: BaseException) -> Kind | None:
    """Return the kind of a disk or database fault; None for any other error."""
    if isinstance(error, Unwritable):
        return error.kind
    if is_passing(cast(Exception, error)):
        return Kind.BUSY
    return errors.kind_of(error, state().path)


def init_app(app: Flask, config: Config) -> None:
    """Configure the engine of the application, without opening the database."""
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
    """Parse a stored JSON document; one that is not valid JSON proves damage."""
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
            with connections.busy_timeout(raw, options.get(_PATIENCE, BUSY_SECONDS)):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def used(connection: Any, record: Any) -> None:
        # A connection opened during a fault may be unable to write later on.
        if connection is not None and (connection.is_for_one_use or known.is_failing):
            record.invalidate()

    event.listen(engine, "handle_error", _noting_faults(app, known))


def _noting_faults(app: Flask, known: State) -> Callable[[ExceptionContext], None]:
    """Return a listener that records every disk fault that a statement meets."""

    def note(context: ExceptionContext) -> None:
        raw = context.connection and context.connection.connection.dbapi_connection
        if getattr(raw, "is_for_one_use", False):
            return  # another process may have written meanwhile: not damage
        kind = known.failed(context.original_exception)
        if kind is Kind.DAMAGED:
            with app.app_context():
                _stop_writing()
        elif kind not in (None, Kind.BUSY):
            context.is_disconnect = True  # discard every connection in the pool

    return note


def _stop_writing() -> None:
    """Close all connections in the pool without writing the log into the database.

    SQLite writes its log into the database when the last connection is closed.  So a
    read-only connection is opened first, and stays open until the process ends.
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
    """Return the path of the database, relative to the instance folder if need be."""
    path = make_url(config.database_url).database if config.database_url else None
    return config.instance / (path or "netpresenter.db")


def checkpoint() -> None:
    """Write the WAL back into the database file, at a clean stop.

    Nothing is written into a damaged database.  After a disk fault the log remains,
    and the next start reads it.
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
    """Close the database at a clean stop; its file is then complete without the log."""
    checkpoint()
    db.engine.dispose()  # closing the last connection removes the empty log
    state().forget_opened()
