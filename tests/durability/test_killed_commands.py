"""A command is killed at some moment: the next start is clean, or says what to do.

Each row of the table is a command, what it is done to, and what must hold when the
server has started again.
"""

import random
import re
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest
from preloaded import Command
from sqlalchemy import create_engine
from verdict import unsound

from helpers import PASSWORD, Instance, close, copy_of
from invariants import check_invariants
from netpresenter_next import instances, tokens

SEED = 7
FILE = "netpresenter.db"
# What is in the folder of an instance that nothing uses.
WHOLE = {
    *("netpresenter.db", "encryption_key", "secret_key", "in-use"),
    *("serve.lock", "migrate.lock", "backups"),
}
PEOPLE = 40
PERSON = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, external_id, shown_name_key, active, is_provisioned, role,
  is_emergency)
VALUES (:n, '{"userName": "' || :n || '", "active": true}', 1, '2026-01-01',
  '2026-01-01', :n, :n, NULL, :n, 1, 1, 'user', 0)
"""


@pytest.fixture(scope="session")
def older(tmp_path_factory) -> Instance:
    """An instance as the first version left it, with people."""
    instance = Instance(tmp_path_factory.mktemp("older") / "instance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instances, "STEPS", instances.STEPS[:1])
        instance.prepare()
    with closing(sqlite3.connect(instance.folder / FILE)) as connection, connection:
        connection.executemany(PERSON, [{"n": f"p{n}"} for n in range(PEOPLE)])
    return instance


# -------------------------------------------------------------------------- the table
def nothing_yet(folder, _made):
    return Instance(folder)


def up_to_date(folder, made):
    return copy_of(made["tokened"], folder)


def of_an_older_version(folder, made):
    return copy_of(made["older"], folder)


def without_keys(folder, made):
    instance = copy_of(made["tokened"], folder)
    for name in ("encryption_key", "secret_key"):
        (instance.folder / name).unlink()
    return instance


def always(_connection, _said):
    """Nothing but what holds of all."""


def everybody_came_along(connection, _said):
    (count,) = connection.execute("SELECT count(*) FROM users").fetchone()
    assert count == PEOPLE


def a_token_is_there_that_was_shown(connection, said):
    live = {
        digest for (digest,) in connection.execute("SELECT digest FROM scim_tokens")
    }
    shown = re.findall(r"^npn_scim_\w{49}$", said, re.MULTILINE)
    assert {tokens.digest(secret) for secret in shown} <= live
    query = "SELECT count(*) FROM journal WHERE event = 'token.issued'"
    assert connection.execute(query).fetchone() == (len(live),)


def an_administrator_is_there_who_was_promised(connection, said):
    query = "SELECT user_name, role, is_emergency FROM users"
    found = connection.execute(query).fetchall()
    assert found in ([], [("ada", "administrator", 1)])
    assert found or "is an administrator now" not in said


@dataclass(frozen=True)
class Row:
    """A command, what it is done to, and what must hold after it was killed."""

    prepare: Callable
    words: tuple[str, ...]
    holds: Callable
    text: str = ""


TABLE = {
    "first start": Row(nothing_yet, ("serve", "--port", "0"), always),
    "first administrator": Row(
        nothing_yet,
        ("create-admin", "ada", "--password-file", "-"),
        an_administrator_is_there_who_was_promised,
        PASSWORD,
    ),
    "migration": Row(of_an_older_version, ("migrate",), everybody_came_along),
    "token": Row(up_to_date, ("token", "create"), a_token_is_there_that_was_shown),
    "keys": Row(without_keys, ("serve", "--port", "0"), always),
}


# --------------------------------------------------------------------------- killing
class Killing:
    """Does one row again and again, and kills it at moments of its own choice."""

    def __init__(self, parent, row, made, folder):
        self.parent, self.row, self.made, self.folder = parent, row, made, folder
        self.times = 0
        self.seconds, self.steps = self._whole()

    def _prepared(self):
        self.times += 1
        instance = self.row.prepare(self.folder / str(self.times), self.made)
        return instance, self._command(instance, self.row.words, self.row.text)

    def _command(self, instance, words, text=""):
        return Command(words, instance.environment, text)

    def _whole(self):
        """Do it without a kill; returns how long it took, and in how many steps."""
        instance, command = self._prepared()
        if self.row.words[0] == "serve":
            start = time.monotonic()
            with self.parent.started(command) as child:
                child.listening()
                return time.monotonic() - start, self.parent.steps
        ended = self.parent.run(command)
        steps, said = self.parent.steps, self.parent.said
        assert ended.status == 0, said
        self._check(instance, said)
        return ended.seconds, steps

    def after(self, share):
        """Kill it after a share of the time that it takes."""
        instance, command = self._prepared()
        self.parent.run(command, kill_after=share * self.seconds)
        self._check(instance, self.parent.said)

    def at(self, step):
        """Kill it before one of its steps."""
        instance, command = self._prepared()
        serves = self.row.words[0] == "serve"  # it would go on if it took fewer steps
        limit = 10 * self.seconds if serves else None
        ended = self.parent.run(command, kill_after=limit, kill_at=step)
        assert ended.status == -signal.SIGKILL, self.parent.said
        self._check(instance, self.parent.said)

    def _check(self, instance, said):
        assert "Traceback" not in said
        serve = self._command(instance, ("serve", "--port", "0"))
        with self.parent.started(serve) as child:
            child.listening()
            child.send(signal.SIGTERM)
            status, said_now = child.end()
        assert status == 0, said_now
        assert "Traceback" not in said_now
        check_files(instance)
        check_database(instance.folder / FILE)
        with closing(sqlite3.connect(instance.folder / FILE)) as connection:
            self.row.holds(connection, said)


def check_files(instance):
    files = {
        path.name: path.stat().st_mode & 0o777 for path in instance.folder.iterdir()
    }
    assert set(files) <= WHOLE
    assert set(files.values()) <= {0o600, 0o700}  # "backups" is a folder


def check_database(file):
    with closing(sqlite3.connect(file)) as connection:
        assert unsound(connection) == []
        step = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert step == [(instances.STEPS[-1],)]
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        check_invariants(connection)
    engine.dispose()


@pytest.fixture
def killing(parent, tokened, older, tmp_path):
    def make(name):
        made = {"tokened": tokened[0], "older": older}
        return Killing(parent, TABLE[name], made, tmp_path)

    return make


@pytest.mark.parametrize("name", TABLE)
def test_a_killed_command_leaves_an_instance_that_starts(killing, name):
    kill(killing(name), by_time=1, at_steps=2)


@pytest.mark.long
@pytest.mark.parametrize("name", TABLE)
def test_twenty_kills_leave_an_instance_that_starts(killing, name):
    kill(killing(name), by_time=20, at_steps=20)


def kill(killing, by_time, at_steps):
    rng = random.Random(SEED)
    print(f"{killing.seconds * 1000:.0f} ms, {killing.steps} steps")
    for _ in range(by_time):
        killing.after(rng.random())
    for step in rng.sample(range(1, killing.steps + 1), min(at_steps, killing.steps)):
        killing.at(step)


def test_a_start_clears_away_the_draft_of_a_key(tokened, tmp_path):
    instance = copy_of(tokened[0], tmp_path / "instance")
    for name in ("encryption_key", "secret_key"):
        key = instance.folder / name
        key.with_name(f"{name}.draft-1").write_bytes(key.read_bytes())
        key.with_name(f"{name}.20261130").write_bytes(key.read_bytes())  # a person's
    close(instance.app())
    kept = {path.name for path in instance.folder.glob("*_key.*")}
    assert kept == {"encryption_key.20261130", "secret_key.20261130"}
