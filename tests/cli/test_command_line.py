"""The commands, as real processes without a terminal."""

import json
import os
import sys

import pytest
from sqlalchemy import insert, select

from helpers import PASSWORD, Instance, copy_of, read_until
from netpresenter_next.directory import passwords, people, scim_tokens, search_index
from netpresenter_next.directory.events import SCIM, Actor
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import Session

ADMINISTRATOR = "ada@example.org"
PROVISIONED = "grace@example.org"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """An instance with an administrator and a provisioned person."""
    instance = Instance(tmp_path_factory.mktemp("prepared") / "instance")
    make_administrator(instance, ADMINISTRATOR)
    document = {
        "userName": PROVISIONED,
        "externalId": "6f2c",
        "active": True,
        "displayName": "Grace \x1b[31mHopper",
        "emails": [{"type": "work", "value": "Grace.Hopper@example.org"}],
    }
    with instance.app().app_context():
        with database.write() as connection:
            entra = Actor(SCIM, "Entra")
            people.create(connection, document, entra, source=Source.PROVISIONED)
        database.db.engine.dispose()
    return instance


@pytest.fixture
def instance(prepared, tmp_path):
    return copy_of(prepared, tmp_path / "instance")


@pytest.fixture
def fresh(migrated, tmp_path):
    """An instance without accounts."""
    return copy_of(migrated, tmp_path / "fresh")


@pytest.fixture
def empty(tmp_path):
    """An instance whose folder does not exist yet."""
    return Instance(tmp_path / "empty")


def make_administrator(instance, name):
    instance.output("create-admin", name, "--password-file", "-", text=PASSWORD)


def person(instance, name):
    with instance.app().app_context(), database.read() as connection:
        return people.find_by_name(connection, name)


# ------------------------------------------------------------------ create-admin
def test_create_admin_gives_emergency_access_only_to_the_first_one(instance):
    first = person(instance, ADMINISTRATOR)
    assert (first.role, first.is_emergency) == ("administrator", True)
    make_administrator(instance, "linus")
    second = person(instance, "linus")
    assert (second.role, second.is_emergency) == ("administrator", False)


def test_create_admin_reads_the_password_from_a_file(instance, tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    instance.output("create-admin", "linus", "--password-file", str(file))
    assert passwords.matches(person(instance, "linus").password_hash, PASSWORD)


def test_without_a_terminal_a_password_file_is_required(empty):
    assert "--password-file" in empty.expect_error(2, "create-admin", "ada")


@pytest.mark.parametrize("text", ["", "\n", "one line\nand another\n"])
def test_a_password_file_must_hold_a_single_line(empty, text):
    line = empty.expect_error(
        2, "create-admin", "ada", "--password-file", "-", text=text
    )
    assert "a single line" in line


def test_the_help_advises_against_names_that_entra_uses(empty):
    said = " ".join(empty.output("create-admin", "--help").split())
    assert "a name that nobody has in Microsoft Entra ID" in said
    assert '"emergency-admin"' in said


def test_a_weak_password_is_refused_and_no_instance_is_made(empty):
    arguments = ("create-admin", "ada", "--password-file", "-")
    assert "at least 15" in empty.expect_error(1, *arguments, text="short")
    assert not empty.folder.exists()


def test_a_user_name_that_is_taken_is_refused(instance):
    name = ADMINISTRATOR.upper()
    arguments = ("create-admin", name, "--password-file", "-")
    assert "user name" in instance.expect_error(1, *arguments, text=PASSWORD)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_asks_twice_for_the_password(empty):
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "netpresenter_next", "create-admin", "ada"]
        os.execve(command[0], command, empty.environment)
    said = read_until(terminal, "Password: ")
    assert said.startswith(empty.instance_line)
    os.write(terminal, PASSWORD.encode() + b"\n")
    read_until(terminal, "Repeat for confirmation: ")
    os.write(terminal, PASSWORD.encode() + b"\n")
    said = read_until(terminal, "ada is now an administrator.")
    assert PASSWORD not in said
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert status == 0


# ------------------------------------------------------------------------- token
def test_token_create_prints_only_the_token_to_standard_output(fresh):
    done = fresh.run("token", "create", "--label", "Entra")
    assert done.returncode == 0
    assert scim_tokens.is_well_formed(done.stdout.removesuffix("\n"))
    assert done.stderr.splitlines() == [
        fresh.instance_line,
        "Save this token now: it cannot be shown again.",
    ]


def test_tokens_are_listed_without_their_secret_and_can_be_revoked(fresh):
    secret = fresh.output("token", "create", "--label", "Entra").strip()
    table = fresh.output("token", "list")
    assert "Entra" in table
    assert secret not in table
    (listed,) = json.loads(fresh.output("token", "list", "--json"))
    assert listed["label"] == "Entra"
    fresh.output("token", "revoke", listed["id"])
    assert json.loads(fresh.output("token", "list", "--json")) == []
    line = fresh.expect_error(1, "token", "revoke", listed["id"])
    assert line.endswith("netpresenter-next token list")


def test_a_third_token_is_refused(fresh):
    fresh.output("token", "create")
    fresh.output("token", "create")
    assert "revoke one first" in fresh.expect_error(1, "token", "create")


def test_commands_work_while_a_server_runs(instance):
    with instance.served():
        secret = instance.output("token", "create").strip()
        assert secret[:13] in instance.output("token", "list")


# -------------------------------------------------------------------------- user
def test_users_are_listed_by_name_with_source_and_state(instance):
    lines = instance.output("user", "list").splitlines()
    assert lines[0].split() == ["USER", "NAME", "DISPLAY", "NAME", "WORK", "E-MAIL",
                                "SOURCE", "STATE", "ROLE"]  # fmt: skip
    assert lines[1].startswith(ADMINISTRATOR)
    assert lines[1].endswith("local   active  administrator, emergency access")
    assert lines[2].startswith(PROVISIONED)
    assert "Entra   active  user" in lines[2]


@pytest.mark.parametrize("text", ["GRACE@", "hopper", "grace.hopper@EXAMPLE"])
def test_users_are_found_by_names_and_e_mail_address_in_any_case(instance, text):
    found = json.loads(instance.output("user", "list", "--search", text, "--json"))
    assert [each["user_name"] for each in found] == [PROVISIONED]


def test_a_search_treats_wildcards_as_plain_text(instance):
    assert json.loads(instance.output("user", "list", "--search", "%", "--json")) == []


CROWD = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"
    " WHERE n < 1001) INSERT INTO users (id, document, version, created_at,"
    " modified_at, user_name, user_name_key, shown_name_key, active, source) SELECT n,"
    " json_object('userName', 'crowd' || n), 1, '2026-01-01', '2026-01-01',"
    " 'crowd' || n, 'crowd' || n, n, 1, 'provisioned' FROM numbers"
)


def test_a_search_that_finds_very_many_lists_some_and_says_so(instance):
    with instance.app().app_context():
        with database.write() as connection:
            connection.exec_driver_sql(CROWD)
        # One of them is not in the index yet.
        search_index.index_everybody()
        with database.write() as connection:
            search_index.note_change(connection, "1001")
        database.db.engine.dispose()
    done = instance.run("user", "list", "--search", "crowd", "--json")
    assert len(json.loads(done.stdout)) == 1_000
    assert "More than 1,000 people match: add another word." in done.stderr
    assert instance.run("user", "list", "--search", "crowd1001").stderr == ""


def test_a_search_for_a_space_lists_everybody(instance):
    found = json.loads(instance.output("user", "list", "--search", " ", "--json"))
    assert len(found) == 2


def test_names_are_printed_without_terminal_control_characters(instance):
    for command in (("user", "list"), ("user", "show", PROVISIONED)):
        assert "\x1b" not in instance.output(*command)


def test_a_user_is_shown_by_name_in_any_case(instance):
    text = instance.output("user", "show", PROVISIONED.upper())
    assert "Grace.Hopper@example.org" in text
    assert "Entra" in text
    shown = json.loads(instance.output("user", "show", PROVISIONED, "--json"))
    assert shown["document"]["externalId"] == "6f2c"


def test_an_unknown_user_is_refused_with_the_command_that_lists_users(instance):
    line = instance.expect_error(1, "user", "show", "nobody")
    assert line.endswith("netpresenter-next user list")


def test_blocking_ends_sessions_and_unblocking_does_not_restore_them(instance):
    begin_session(instance, PROVISIONED)
    instance.output("user", "block", PROVISIONED)
    assert person(instance, PROVISIONED).is_blocked
    assert sessions(instance) == 0
    instance.output("user", "unblock", PROVISIONED)
    assert not person(instance, PROVISIONED).is_blocked
    assert sessions(instance) == 0


def test_unblocking_warns_if_provisioning_has_disabled_the_account(instance):
    with instance.app().app_context(), database.write() as connection:
        grace = people.find_by_name(connection, PROVISIONED)
        document = {**grace.document, "active": False}
        people.change_document(connection, grace, document, Actor(SCIM, "Entra"))
    done = instance.run("user", "unblock", PROVISIONED)
    assert "enable the account in Microsoft Entra ID" in done.stderr
    assert "disabled" in instance.output("user", "list")


def test_the_last_administrator_cannot_be_blocked_or_demoted(instance):
    for command in (("block", ADMINISTRATOR), ("set-role", ADMINISTRATOR, "user")):
        assert "last administrator" in instance.expect_error(1, "user", *command)


def test_setting_a_password_ends_sessions(instance):
    begin_session(instance, PROVISIONED)
    arguments = ("user", "set-password", PROVISIONED, "--password-file", "-")
    assert "at least 12" in instance.expect_error(1, *arguments, text="short")
    instance.output(*arguments, text=PASSWORD)
    assert passwords.matches(person(instance, PROVISIONED).password_hash, PASSWORD)
    assert sessions(instance) == 0


def test_renaming_a_local_account_keeps_its_sessions(instance):
    begin_session(instance, ADMINISTRATOR)
    done = instance.run("user", "rename", ADMINISTRATOR, "emergency-admin")
    assert done.returncode == 0
    said = f"{ADMINISTRATOR} is now named emergency-admin."
    assert done.stderr.splitlines() == [instance.instance_line, said]
    assert person(instance, "emergency-admin").is_emergency
    assert sessions(instance) == 1
    assert "no user" in instance.expect_error(1, "user", "show", ADMINISTRATOR)


@pytest.mark.parametrize(
    ("name", "reason"),
    [(PROVISIONED.upper(), "user name"), ("a ", "a space"), ("", "empty")],
)
def test_an_invalid_new_name_is_refused(instance, name, reason):
    line = instance.expect_error(1, "user", "rename", ADMINISTRATOR, name)
    assert reason in line
    assert person(instance, ADMINISTRATOR).user_name == ADMINISTRATOR


def test_a_role_can_be_granted_and_revoked(instance):
    instance.output("user", "set-role", PROVISIONED, "administrator")
    assert person(instance, PROVISIONED).role == "administrator"
    instance.output("user", "set-role", PROVISIONED, "user")
    assert person(instance, PROVISIONED).role == "user"


def test_an_unknown_role_is_a_usage_error(instance):
    done = instance.run("user", "set-role", PROVISIONED, "king")
    assert done.returncode == 2
    assert "'king' is not one of" in done.stderr


def test_emergency_access_is_for_local_administrators_and_one_keeps_it(instance):
    line = instance.expect_error(1, "user", "set-emergency", PROVISIONED, "on")
    assert "provisioned" in line
    make_administrator(instance, "linus")
    instance.output("user", "set-role", "linus", "user")
    line = instance.expect_error(1, "user", "set-emergency", "linus", "on")
    assert "make them an administrator first" in line
    line = instance.expect_error(1, "user", "set-emergency", ADMINISTRATOR, "off")
    assert "last administrator with emergency access" in line


def test_emergency_access_can_be_transferred(instance):
    make_administrator(instance, "linus")
    instance.output("user", "set-emergency", "linus", "on")
    instance.output("user", "set-emergency", ADMINISTRATOR, "off")
    assert not person(instance, ADMINISTRATOR).is_emergency


def begin_session(instance, name):
    with instance.app().app_context(), database.write() as connection:
        values = {
            "digest": b"x" * 32,
            "user_id": people.find_by_name(connection, name).id,
            "method": "local",
            "created_at": now(),
            "authenticated_at": now(),
            "seen_at": now(),
            "address": "127.0.0.1",
            "user_agent": "test",
        }
        connection.execute(insert(Session), values)


def sessions(instance):
    with instance.app().app_context(), database.read() as connection:
        return len(connection.execute(select(Session.digest)).all())


# ------------------------------------------------------------------------ errors
def test_a_misspelt_setting_is_answered_with_the_right_name(empty):
    line = empty.expect_error(
        2, "user", "list", NETPRESENTER_BASEURL="https://a.example"
    )
    assert "did you mean NETPRESENTER_BASE_URL?" in line


def test_a_missing_database_is_not_made_again(instance):
    (instance.folder / "netpresenter.db").unlink()
    assert "restore a backup" in instance.expect_error(1, "user", "list")


def test_a_folder_that_cannot_be_made_is_named_in_the_error(empty):
    empty.folder.write_text("a file")
    line = empty.expect_error(1, "serve", "--port", "0")
    assert line == f"{empty.folder}: File exists."


def test_an_unknown_command_is_a_usage_error(empty):
    assert empty.run("frobnicate").returncode == 2


def test_the_version_is_printed(empty):
    assert empty.output("--version") == "0.1.0\n"


def test_a_change_that_cannot_be_logged_is_refused_in_one_line(instance):
    file = database.SQLITE.connect(instance.folder / "netpresenter.db")
    file.execute("ALTER TABLE journal RENAME TO elsewhere")
    file.close()
    said = instance.expect_error(1, "user", "set-role", PROVISIONED, "administrator")
    assert said == (
        "The event log cannot be written: no such table: journal. Nothing is changed."
    )
