"""After a power cut, acknowledged writes are on the disk, and no transaction is half.

Real writes over SCIM are recorded as SQLite runs them, and replayed on a disk of which
an image can be made for any time.
"""

import hashlib
import random
import shutil
import sqlite3
from contextlib import closing
from typing import NamedTuple

import apsw
import pytest
from consistency import find_corruption
from ledger import Ledger
from load import Client, Scim
from power_cut_disk import ACKNOWLEDGED, KINDS, NAME, Disk, RecordingVFS
from sqlalchemy import event

from helpers import close, copy_of
from netpresenter_next.storage import connections, database

pytestmark = pytest.mark.usefixtures("real_commits")
SEED = 23
FILE = "netpresenter.db"


# -------------------------------------------------------------------- recording
class InProcessScim(Scim):
    """The same client for an application in this process."""

    def __init__(self, app, token):
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def __exit__(self, *_):
        pass

    def ask(self, method, path, body=None):
        answer = self._client.open(
            f"/scim/v2{path}", method=method, json=body, headers=self._headers
        )
        return answer.status_code, answer.json if answer.data else None


def is_new(statements, statement):
    """Is this a statement that was not announced yet?

    SQLite announces one again, or as a comment, for each trigger that it fires.
    """
    return not statement.startswith("--") and statements[-1:] != [statement]


class Trace:
    """Collects writing transactions, as lists of statements with their values."""

    def __init__(self):
        self.transactions = []

    def attach(self, connection, _record):
        current = None

        def traced(statement):
            nonlocal current
            if statement == "BEGIN IMMEDIATE":
                current = []
            elif statement == "ROLLBACK":
                current = None
            elif statement == "COMMIT" and current is not None:
                self.transactions.append(current)
                current = None
            elif current is not None and is_new(current, statement):
                current.append(statement)

        connection.set_trace_callback(traced)


def record_transactions(app, token, writes):
    """Write over SCIM; return the transactions as SQLite ran them."""
    trace, ledger = Trace(), Ledger()
    with app.app_context():
        database.db.engine.dispose()
        event.listen(database.db.engine, "connect", trace.attach)
    scim = InProcessScim(app, token)
    _status, group = scim.ask("POST", "/Groups", {"displayName": "Readers"})
    client = Client(scim, ledger, [group["id"]], f"seed-{SEED}", lambda _number: None)
    for _ in range(writes):
        client.write()
    assert ledger.acknowledged == writes
    assert len(trace.transactions) > writes
    return trace.transactions


class Recording(NamedTuple):
    """A database, and the transactions that changed it."""

    before: bytes
    transactions: list[list[str]]
    after: bytes  # a digest of the contents


@pytest.fixture(scope="module")
def make_recording(instance_with_token, tmp_path_factory):
    def make(writes):
        folder = tmp_path_factory.mktemp("story") / "instance"
        instance = copy_of(instance_with_token[0], folder)
        app = instance.app()
        before = (folder / FILE).read_bytes()
        transactions = record_transactions(app, instance_with_token[1], writes)
        close(app)
        with closing(sqlite3.connect(folder / FILE)) as connection:
            after = contents(lambda query: connection.execute(query).fetchall())
        return Recording(before, transactions, after)

    return make


@pytest.fixture(scope="module")
def recording(make_recording):
    return make_recording(150)


# ---------------------------------------------------------------------- replaying
@pytest.fixture
def recording_vfs():
    recording_vfs = RecordingVFS()
    yield recording_vfs
    recording_vfs.unregister()


def contents(rows):
    """Return a digest of all rows; ``rows`` runs a query on the database."""
    tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    digest = hashlib.sha256()
    for (table,) in tables:
        lines = sorted(repr(tuple(row)) for row in rows(f"SELECT * FROM {table}"))
        digest.update("\n".join([table, *lines]).encode())
    return digest.digest()


def replay(recording, recording_vfs, folder, synchronous):
    """Replay the transactions; return the file operations and the states in between."""
    (folder / FILE).write_bytes(recording.before)
    with closing(apsw.Connection(str(folder / FILE), vfs=NAME)) as connection:
        functions = {
            "scim_fold": connections._fold_value,
            "scim_timestamp": connections._to_timestamp_text,
        }
        for name, function in functions.items():
            connection.create_scalar_function(name, function, 1, deterministic=True)
        for pragma in (*connections.PRAGMAS, *synchronous):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        states = [contents(lambda query: connection.execute(query).fetchall())]
        for statements in recording.transactions:
            for statement in ("BEGIN IMMEDIATE", *statements, "COMMIT"):
                connection.execute(statement).fetchall()
            recording_vfs.operations.append(ACKNOWLEDGED)
            states.append(contents(lambda query: connection.execute(query).fetchall()))
        operations = list(recording_vfs.operations)  # without those of closing the file
    assert states[-1] == recording.after
    assert any(
        operation.kind == "sync" and operation.file == FILE for operation in operations
    )
    return operations, {state: number for number, state in enumerate(states)}


def count_transactions(files, folder, states):
    """Open an image with Python's SQLite; return the number of its transactions."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert find_corruption(connection) == []
        found = contents(lambda query: connection.execute(query).fetchall())
    shutil.rmtree(folder)
    assert found in states, "the image contains half a transaction"
    return states[found]


def count_losses(before, operations, states, folder, cuts):
    """Cut the power several times, with each kind of image; return the losses."""
    rng = random.Random(SEED)
    cut_points = set(rng.sample(range(len(operations)), cuts))
    disk, lost = Disk({FILE: bytearray(before)}), []
    for number, operation in enumerate(operations):
        disk.do(operation)
        if number in cut_points:
            for kind in KINDS:
                there = count_transactions(
                    disk.image(kind, rng), folder / "image", states
                )
                lost.append(disk.acknowledged - there)
    return lost


def cut_power(recording, recording_vfs, folder, cuts, *synchronous):
    operations, states = replay(recording, recording_vfs, folder, synchronous)
    lost = count_losses(recording.before, operations, states, folder, cuts)
    print(
        f"{len(recording.transactions)} transactions, {len(operations)} operations, "
        f"{len(lost)} images; {sum(each > 0 for each in lost)} lost writes, "
        f"at most {max(lost)}"
    )
    return lost


def test_a_power_cut_loses_no_acknowledged_write(recording, recording_vfs, tmp_path):
    lost = cut_power(recording, recording_vfs, tmp_path, 12)
    assert len(lost) == 48
    assert max(lost) <= 0


def test_a_power_cut_would_lose_writes_with_synchronous_normal(
    recording, recording_vfs, tmp_path
):
    """This shows that the simulated disk can lose writes at all."""
    lost = cut_power(recording, recording_vfs, tmp_path, 3, "synchronous=NORMAL")
    assert max(lost) > 0


@pytest.mark.long
def test_two_hundred_power_cuts_lose_no_acknowledged_write(
    make_recording, recording_vfs, tmp_path
):
    recording = make_recording(600)
    assert max(cut_power(recording, recording_vfs, tmp_path, 50)) <= 0


@pytest.mark.long
def test_most_power_cuts_would_lose_writes_with_synchronous_normal(
    make_recording, recording_vfs, tmp_path
):
    lost = cut_power(
        make_recording(600), recording_vfs, tmp_path, 50, "synchronous=NORMAL"
    )
    assert sum(each > 0 for each in lost) > 100
