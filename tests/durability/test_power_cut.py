"""The power is cut: what was acknowledged is on the disk, and nothing is half there.

Real writes over SCIM are recorded as SQLite runs them, and run again on a disk of which
an image can be had as of any moment.
"""

import hashlib
import random
import shutil
import sqlite3
from contextlib import closing
from typing import NamedTuple

import apsw
import pytest
from cut_disk import ACKNOWLEDGED, KINDS, NAME, Disk, Recorded
from ledger import Ledger
from load import Client, Scim
from sqlalchemy import event
from verdict import unsound

from helpers import close, copy_of
from netpresenter_next.storage import connections, database

SEED = 23
FILE = "netpresenter.db"


# -------------------------------------------------------------------- what is written
class InProcess(Scim):
    """The same client, of an application in this process."""

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


class Trace:
    """The transactions that write, as lists of statements with their values."""

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
            elif current is not None and not statement.startswith("--"):
                current.append(statement)

        connection.set_trace_callback(traced)


def recorded_transactions(app, token, writes):
    """Write over SCIM; returns the transactions as SQLite ran them."""
    trace, ledger = Trace(), Ledger()
    with app.app_context():
        database.db.engine.dispose()
        event.listen(database.db.engine, "connect", trace.attach)
    scim = InProcess(app, token)
    _status, group = scim.ask("POST", "/Groups", {"displayName": "Readers"})
    client = Client(scim, ledger, [group["id"]], f"seed-{SEED}", lambda _number: None)
    for _ in range(writes):
        client.write()
    assert ledger.acknowledged == writes
    assert len(trace.transactions) > writes
    return trace.transactions


class Story(NamedTuple):
    """A database, and transactions that were made on it."""

    before: bytes
    transactions: list[list[str]]
    after: bytes  # a digest of the contents


@pytest.fixture(scope="module")
def make_story(tokened, tmp_path_factory):
    def make(writes):
        folder = tmp_path_factory.mktemp("story") / "instance"
        instance = copy_of(tokened[0], folder)
        app = instance.app()
        before = (folder / FILE).read_bytes()
        transactions = recorded_transactions(app, tokened[1], writes)
        close(app)
        with closing(sqlite3.connect(folder / FILE)) as connection:
            after = contents(lambda query: connection.execute(query).fetchall())
        return Story(before, transactions, after)

    return make


@pytest.fixture(scope="module")
def story(make_story):
    return make_story(150)


# ---------------------------------------------------------------------- and once more
@pytest.fixture
def recorded():
    recorded = Recorded()
    yield recorded
    recorded.unregister()


def contents(rows):
    """Tell the contents of a database from any other, by a function that asks it."""
    tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    digest = hashlib.sha256()
    for (table,) in tables:
        lines = sorted(repr(tuple(row)) for row in rows(f"SELECT * FROM {table}"))
        digest.update("\n".join([table, *lines]).encode())
    return digest.digest()


def run_again(story, recorded, folder, synchronous):
    """Make the transactions again; returns what was done, and each state there was."""
    (folder / FILE).write_bytes(story.before)
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
        for statements in story.transactions:
            for statement in ("BEGIN IMMEDIATE", *statements, "COMMIT"):
                connection.execute(statement).fetchall()
            recorded.deeds.append(ACKNOWLEDGED)
            states.append(contents(lambda query: connection.execute(query).fetchall()))
        deeds = list(recorded.deeds)  # without what closing it does
    assert states[-1] == story.after
    assert any(deed.kind == "sync" and deed.file == FILE for deed in deeds)
    return deeds, {state: number for number, state in enumerate(states)}


def verdict_on(files, folder, states):
    """Open an image with the SQLite of Python; returns the transactions it has."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert unsound(connection) == []
        found = contents(lambda query: connection.execute(query).fetchall())
    shutil.rmtree(folder)
    assert found in states, "half a transaction is there"
    return states[found]


def lost_in_images(before, deeds, states, folder, cuts):
    """Cut the power so often, with each kind of image; returns what each image lost."""
    rng = random.Random(SEED)
    moments = set(rng.sample(range(len(deeds)), cuts))
    disk, lost = Disk({FILE: bytearray(before)}), []
    for moment, deed in enumerate(deeds):
        disk.do(deed)
        if moment in moments:
            for kind in KINDS:
                there = verdict_on(disk.image(kind, rng), folder / "image", states)
                lost.append(disk.acknowledged - there)
    return lost


def cut(story, recorded, folder, cuts, *synchronous):
    deeds, states = run_again(story, recorded, folder, synchronous)
    lost = lost_in_images(story.before, deeds, states, folder, cuts)
    print(
        f"{len(story.transactions)} transactions, {len(deeds)} deeds, {len(lost)} "
        f"images; {sum(each > 0 for each in lost)} lost something, at most {max(lost)}"
    )
    return lost


def test_nothing_acknowledged_is_lost(story, recorded, tmp_path):
    lost = cut(story, recorded, tmp_path, 12)
    assert len(lost) == 48
    assert max(lost) <= 0


def test_with_less_syncing_it_would_be_lost(story, recorded, tmp_path):
    """The disk of these tests would show it."""
    lost = cut(story, recorded, tmp_path, 3, "synchronous=NORMAL")
    assert max(lost) > 0


@pytest.mark.long
def test_nothing_acknowledged_is_lost_in_two_hundred_images(
    make_story, recorded, tmp_path
):
    story = make_story(600)
    assert max(cut(story, recorded, tmp_path, 50)) <= 0


@pytest.mark.long
def test_with_less_syncing_it_would_be_lost_in_most_images(
    make_story, recorded, tmp_path
):
    lost = cut(make_story(600), recorded, tmp_path, 50, "synchronous=NORMAL")
    assert sum(each > 0 for each in lost) > 100
