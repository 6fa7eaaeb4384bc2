"""A command is killed at some moment: the next start is clean, or says what to do.

Each row of the table is a command, what it is done to, and what must hold when the
server has started again.
"""

import re
from contextlib import closing

import pytest
from killing import FILE, Killing, Row, kill

from helpers import PASSWORD, Instance, close, copy_of
from netpresenter_next.directory import scim_tokens
from netpresenter_next.storage import instances
from netpresenter_next.storage.database import SQLITE

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
        instance.prepare()  # more than its first step is needed to serve it
    with closing(SQLITE.connect(instance.folder / FILE)) as connection, connection:
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


def everybody_came_along(connection, _said):
    (count,) = connection.execute("SELECT count(*) FROM users").fetchone()
    assert count == PEOPLE


def a_token_is_there_that_was_shown(connection, said):
    live = {
        digest for (digest,) in connection.execute("SELECT digest FROM scim_tokens")
    }
    shown = re.findall(r"^npn_scim_\w{49}$", said, re.MULTILINE)
    assert {scim_tokens.digest(secret) for secret in shown} <= live
    query = "SELECT count(*) FROM journal WHERE event = 'token.issued'"
    assert connection.execute(query).fetchone() == (len(live),)


def an_administrator_is_there_who_was_promised(connection, said):
    query = "SELECT user_name, role, is_emergency FROM users"
    found = connection.execute(query).fetchall()
    assert found in ([], [("ada", "administrator", 1)])
    assert found or "is now an administrator" not in said


TABLE = {
    "first start": Row(nothing_yet, ("serve", "--port", "0")),
    "first administrator": Row(
        nothing_yet,
        ("create-admin", "ada", "--password-file", "-"),
        an_administrator_is_there_who_was_promised,
        PASSWORD,
    ),
    "migration": Row(of_an_older_version, ("migrate",), everybody_came_along),
    "token": Row(up_to_date, ("token", "create"), a_token_is_there_that_was_shown),
    "keys": Row(without_keys, ("serve", "--port", "0")),
}


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


def test_a_start_clears_away_the_draft_of_a_key(tokened, tmp_path):
    instance = copy_of(tokened[0], tmp_path / "instance")
    for name in ("encryption_key", "secret_key"):
        key = instance.folder / name
        key.with_name(f"{name}.draft-1").write_bytes(key.read_bytes())
        key.with_name(f"{name}.20261130").write_bytes(key.read_bytes())  # a person's
    close(instance.app())
    kept = {path.name for path in instance.folder.glob("*_key.*")}
    assert kept == {"encryption_key.20261130", "secret_key.20261130"}
