"""After a command was killed, the next start succeeds.

Each row of the table is a command, the instance it runs on, and what must hold when the
server has started again.
"""

import re
from contextlib import closing

import pytest
from killing import FILE, Killing, Row, kill_repeatedly

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
        instance.prepare()  # it cannot be served at its first step
    with closing(SQLITE.connect(instance.folder / FILE)) as connection, connection:
        connection.executemany(PERSON, [{"n": f"p{n}"} for n in range(PEOPLE)])
    return instance


# -------------------------------------------------------------------------- the table
def no_instance(folder, _made):
    return Instance(folder)


def instance_up_to_date(folder, made):
    return copy_of(made["tokened"], folder)


def instance_of_older_version(folder, made):
    return copy_of(made["older"], folder)


def instance_without_keys(folder, made):
    instance = copy_of(made["tokened"], folder)
    for name in ("encryption_key", "secret_key"):
        (instance.folder / name).unlink()
    return instance


def check_people_kept(connection, _said):
    (count,) = connection.execute("SELECT count(*) FROM users").fetchone()
    assert count == PEOPLE


def check_printed_tokens_stored(connection, output):
    live = {
        digest for (digest,) in connection.execute("SELECT digest FROM scim_tokens")
    }
    shown = re.findall(r"^npn_scim_\w{49}$", output, re.MULTILINE)
    assert {scim_tokens.digest(secret) for secret in shown} <= live
    query = "SELECT count(*) FROM journal WHERE event = 'token.issued'"
    assert connection.execute(query).fetchone() == (len(live),)


def check_announced_administrator_stored(connection, output):
    query = "SELECT user_name, role, is_emergency FROM users"
    found = connection.execute(query).fetchall()
    assert found in ([], [("ada", "administrator", 1)])
    assert found or "is now an administrator" not in output


TABLE = {
    "first start": Row(no_instance, ("serve", "--port", "0")),
    "first administrator": Row(
        no_instance,
        ("create-admin", "ada", "--password-file", "-"),
        check_announced_administrator_stored,
        PASSWORD,
    ),
    "migration": Row(instance_of_older_version, ("migrate",), check_people_kept),
    "token": Row(instance_up_to_date, ("token", "create"), check_printed_tokens_stored),
    "keys": Row(instance_without_keys, ("serve", "--port", "0")),
}


@pytest.fixture
def killing(fork_server, instance_with_token, older, tmp_path):
    def make(name):
        made = {"tokened": instance_with_token[0], "older": older}
        return Killing(fork_server, TABLE[name], made, tmp_path)

    return make


@pytest.mark.parametrize("name", TABLE)
def test_a_killed_command_leaves_an_instance_that_starts(killing, name):
    kill_repeatedly(killing(name), by_time=1, at_steps=2)


@pytest.mark.long
@pytest.mark.parametrize("name", TABLE)
def test_twenty_kills_leave_an_instance_that_starts(killing, name):
    kill_repeatedly(killing(name), by_time=20, at_steps=20)


def test_a_start_removes_unfinished_key_files(instance_with_token, tmp_path):
    instance = copy_of(instance_with_token[0], tmp_path / "instance")
    for name in ("encryption_key", "secret_key"):
        key = instance.folder / name
        key.with_name(f"{name}.draft-1").write_bytes(key.read_bytes())
        # A copy that an administrator made.
        key.with_name(f"{name}.20261130").write_bytes(key.read_bytes())
    close(instance.app())
    kept = {path.name for path in instance.folder.glob("*_key.*")}
    assert kept == {"encryption_key.20261130", "secret_key.20261130"}
