"""The engine, with ``read()`` and ``write()`` transactions.

By default, Python's SQLite driver and SQLAlchemy lose updates silently: the SELECT of
a read-modify-write runs outside any transaction.  So every change uses ``write()``,
which takes the write lock before it reads (BEGIN IMMEDIATE).  Nothing else commits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
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
from netpresenter_next.lib import fast_json
from netpresenter_next.storage import binding, connections, errors
from netpresenter_next.storage.binding import Binding
from netpresenter_next.storage.connections import SQLITE
from netpresenter_next.storage.errors import Kind, Unwritable
from netpresenter_next.storage.state import State
from netpresenter_next.storage.statements import execute
from netpresenter_next.storage.write_lock import BUSY_SECONDS, THREADS, Busy

__all__ = ["SQLITE", "THREADS", "Busy", "Unwritable"]  # imported here for callers

SQLITE_WITHOUT_WAL_BUG = (3, 51, 3)
APPLICATION_ID = 0x4E504E31  # "NPN1", written into the SQLite header
# Where a column's info says by which SQL the step that adds it fills it.
FILL = "fill"
_WRITING = "netpresenter_write"
_TIMEOUT = "netpresenter_timeout"


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


class QueryTimeout(Exception):
    """A query was interrupted because it took too long."""


class DatabaseUnusable(Exception):
    """The database must not be opened; the message says what to do."""


# The errors for which a write that is not important may be skipped.
WRITE_FAILURES = (Busy, Unwritable)


@contextmanager
def write(timeout: float = BUSY_SECONDS) -> Iterator[Connection]:
    """Run the block in one write transaction; any exception rolls it back.

    Raises Busy when this or another process holds the write lock for longer than
    ``timeout`` seconds, and Unwritable for a fault of the disk or the database.  Hash
    passwords and call Microsoft before or after the block, never inside.
    """
    current = binding.of(current_app)
    _refuse_damaged_or_moved(current.state)
    with current.write_lock.acquire(timeout), _convert_disk_faults():
        if db.session.registry.has():
            db.session.rollback()  # a page must not reuse an older snapshot afterwards
        with ExitStack() as opened:
            try:
                connection = opened.enter_context(current.writer.connect())
                if timeout != BUSY_SECONDS:
                    connection = connection.execution_options(**{_TIMEOUT: timeout})
                transaction = connection.begin()
            except OperationalError as error:
                if is_temporary(error):
                    if timeout >= BUSY_SECONDS:  # a shorter wait proves nothing
                        current.write_lock.refuse_for_a_while()
                    raise Busy from error
                raise
            with _note_success(current.state, connection), transaction:
                yield connection


def _refuse_damaged_or_moved(database_state: State) -> None:
    """Refuse to write into a damaged database, or into a file that was moved away."""
    if database_state.damage is not None:
        _stop_writing()
        raise Unwritable(Kind.DAMAGED)
    database_state.refuse_moved()


@contextmanager
def _convert_disk_faults() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        kind = errors.kind_of(error, state().path)
        if kind is None or kind is Kind.BUSY:
            raise
        raise Unwritable(kind) from error


@contextmanager
def _note_success(database_state: State, connection: Connection) -> Iterator[None]:
    """Clear a recorded disk fault as soon as a write succeeds."""
    if not database_state.has_temporary_fault:
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    before = raw.total_changes
    yield
    if raw.total_changes > before:
        database_state.note_success()


@contextmanager
def read() -> Iterator[Connection]:
    """Run the block in one read transaction: all its SELECTs see one snapshot."""
    with db.engine.connect() as connection:
        yield connection


@contextmanager
def deadline(connection: Connection, seconds: float) -> Iterator[None]:
    """Interrupt the queries of the block after ``seconds``; raises QueryTimeout."""
    raw: Any = connection.connection.dbapi_connection
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        yield
    except OperationalError as error:
        if errors.error_name(error) == "SQLITE_INTERRUPT":
            raise QueryTimeout from error
        raise
    finally:
        raw.set_progress_handler(None, 0)


def is_temporary(error: Exception) -> bool:
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
    if is_temporary(cast(Exception, error)):
        return Kind.BUSY
    return errors.kind_of(error, state().path)


def init_app(app: Flask, config: Config) -> None:
    """Configure the engine of the application, without opening the database."""
    path = database_file(config)
    database_state = State(path, config.instance)
    options: dict[str, Any] = {
        "creator": partial(connections.connect, database_state),
        "pool_size": THREADS + 2,
        "max_overflow": 2,
        "pool_timeout": 3,
        "module": SQLITE,
        "json_serializer": fast_json.dumps_text,
        "json_deserializer": _parse_document,
        "hide_parameters": True,  # names and e-mail addresses: not for the log
    }
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        _listen(db.engine, app, database_state)
        writer = db.engine.execution_options(**{_WRITING: True})
    binding.put(app, Binding(database_state, writer))


def _parse_document(text: str) -> Any:
    """Parse a stored JSON document; one that is not valid JSON proves damage."""
    try:
        return fast_json.loads(text)
    except ValueError as error:
        state().note_damage([f"a document cannot be read: {error}"])
        raise Unwritable(Kind.DAMAGED) from error


def _listen(engine: Engine, app: Flask, database_state: State) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_WRITING):
            raw = connection.connection.dbapi_connection
            with connections.busy_timeout(raw, options.get(_TIMEOUT, BUSY_SECONDS)):
                execute(connection, "BEGIN IMMEDIATE")
        else:
            execute(connection, "BEGIN")

    @event.listens_for(engine, "checkin")
    def discard_unusable(connection: Any, record: Any) -> None:
        # A connection opened during a fault may be unable to write later on.
        if connection is not None and (
            connection.is_for_one_use or database_state.has_temporary_fault
        ):
            record.invalidate()

    event.listen(engine, "handle_error", _make_fault_listener(app, database_state))


def _make_fault_listener(
    app: Flask, database_state: State
) -> Callable[[ExceptionContext], None]:
    """Return a listener that records every disk fault that a statement meets."""

    def note_fault(context: ExceptionContext) -> None:
        raw = context.connection and context.connection.connection.dbapi_connection
        if getattr(raw, "is_for_one_use", False):
            return  # another process may have written meanwhile: not damage
        kind = database_state.note_failure(context.original_exception)
        if kind is Kind.DAMAGED:
            with app.app_context():
                _stop_writing()
        elif kind not in (None, Kind.BUSY):
            context.is_disconnect = True  # discard every connection in the pool

    return note_fault


def _stop_writing() -> None:
    """Close all connections in the pool without writing the log into the database.

    SQLite writes its log into the database when the last connection is closed.  So a
    read-only connection is opened first, and stays open until the process ends.
    """
    current = binding.of(current_app)
    if current.has_stopped_writing:
        return
    current.has_stopped_writing = True
    try:
        current.read_only_connection = connections.connect(current.state)
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
    state().forget_file()


def disconnect() -> None:
    """Close all connections; the next use opens the file that is in place then."""
    db.engine.dispose()
    state().forget_file()
