"""While another process holds the write lock, reading requests do not wait."""

import contextlib
import datetime
import gc

import pytest
from sqlalchemy import event, select, update

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.scim_http.refusals import SHORT_TIMEOUT
from netpresenter_next.storage import database
from netpresenter_next.storage.database import BUSY_SECONDS, db
from netpresenter_next.storage.models import SCIM_TOKENS, SESSIONS
from netpresenter_next.web import context

FULL = int(BUSY_SECONDS * 1000)  # ms


class Waits:
    """Records how long SQLite would wait, each time the write lock is requested."""

    def __init__(self, app):
        self.milliseconds, self.left = [], {}
        with app.app_context():
            event.listen(db.engine, "checkout", self._watch)

    def _watch(self, connection, _record, _proxy):
        name = id(connection)
        self.left.setdefault(name, FULL)

        def traced(statement):
            if statement.startswith("PRAGMA busy_timeout="):
                self.left[name] = int(statement.partition("=")[2])
            elif statement == "BEGIN IMMEDIATE":
                self.milliseconds.append(self.left[name])

        connection.set_trace_callback(traced)


@pytest.fixture
def waits(app):
    return Waits(app)


@pytest.fixture
def token(app):
    with app.app_context(), database.write() as connection:
        return scim_tokens.issue(connection, COMMAND_LINE, "", "n" * 16)


@pytest.fixture
def overdue(app, administrator, token):
    """The last use of browser and token is so old that it is due to be updated."""
    long_ago = now() - datetime.timedelta(minutes=5)
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(seen_at=long_ago))
        connection.execute(update(SCIM_TOKENS).values(last_used_at=long_ago))
    return long_ago


@pytest.fixture
def locked(app):
    """Holds the write lock of the database, as another process would.

    With the same library: two SQLite libraries in one process break each other's locks.
    """
    with contextlib.closing(database.SQLITE.connect(file_of(app))) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield other


def file_of(app):
    return database.database_file(context.of(app).config)


def test_reading_does_not_wait_for_the_write_lock(
    app, administrator, token, overdue, waits, locked, rows
):
    for _ in range(20):
        assert administrator.get("/account").status_code == 200
    bearer = {"Authorization": f"Bearer {token}"}
    scim = app.test_client()
    for _ in range(20):
        assert scim.get("/scim/v2/Users", headers=bearer).status_code == 200
    # Each update was tried and given up at once.
    assert waits.milliseconds == [0] * 40
    assert rows(select(SESSIONS.c.seen_at)) == [(overdue,)]
    # The updates are made once the lock is free.
    locked.execute("ROLLBACK")
    assert administrator.get("/account").status_code == 200
    assert scim.get("/scim/v2/Users", headers=bearer).status_code == 200
    ((seen_at,),) = rows(select(SESSIONS.c.seen_at))
    ((used_at,),) = rows(select(SCIM_TOKENS.c.last_used_at))
    assert min(seen_at, used_at) > overdue


def test_a_refused_request_hardly_waits_for_the_write_lock(app, token, waits, locked):
    scim = app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    assert scim.get("/scim/v2/Users/nobody", headers=bearer).status_code == 404
    wrong = {"Authorization": "Bearer wrong"}
    assert scim.get("/scim/v2/Users", headers=wrong).status_code == 401
    assert waits.milliseconds
    assert max(waits.milliseconds) <= SHORT_TIMEOUT * 1000


def test_a_write_waits_as_long_as_its_patience(app, waits, locked):
    locked.execute("ROLLBACK")
    with app.app_context():
        for timeout in (0, 0.1, BUSY_SECONDS, 30):
            with database.write(timeout) as connection:
                pragma = connection.exec_driver_sql("PRAGMA busy_timeout")
                assert pragma.scalar() == FULL  # restored after BEGIN
    assert waits.milliseconds == [0, 100, FULL, FULL]


def test_giving_up_the_write_lock_restores_the_busy_timeout(app, waits, locked):
    with app.app_context():
        for _ in range(3):
            with pytest.raises(database.Busy), database.write(0):
                pass
        with database.read() as connection:
            pragma = connection.exec_driver_sql("PRAGMA busy_timeout")
            assert pragma.scalar() == FULL
    assert waits.milliseconds == [0, 0, 0]
    assert set(waits.left.values()) == {FULL}


def test_a_write_that_finds_the_lock_taken_returns_its_connection(app, locked):
    """Without waiting for the garbage collector: a pool has only a few connections."""
    gc.disable()
    try:
        with app.app_context():
            for _ in range(3):
                with pytest.raises(database.Busy), database.write(0):
                    pass
            assert database.db.engine.pool.checkedout() == 0
    finally:
        gc.enable()
