"""The commands about local people and groups, in this process; and tables."""

import json
import os
import re
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from helpers import PASSWORD, Instance, read_until
from netpresenter_next.cli.main import main
from netpresenter_next.cli.tables import format_table, measure
from netpresenter_next.directory import passwords, sessions
from netpresenter_next.directory.events import Event
from netpresenter_next.pages import person_details
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from netpresenter_next.web import context

ADDRESS = "https://people.example.org"


@pytest.fixture
def run(app):
    """Runs a command in this process, without a terminal."""
    folder = context.of(app).config.instance

    def run(*words, text="", **settings):
        environment = {
            **{name: None for name in os.environ if name.startswith("NETPRESENTER_")},
            "NETPRESENTER_INSTANCE": str(folder),
            **settings,
        }
        return CliRunner().invoke(main, words, input=text, env=environment)

    return run


@pytest.fixture
def succeed(run):
    """Runs a command that must succeed; returns its standard output."""

    def succeed(*words, **more):
        done = run(*words, **more)
        assert done.exit_code == 0, done.output
        return done.stdout

    return succeed


@pytest.fixture
def refuse(run):
    """Runs a command that must be refused; returns the line of the error."""

    def refuse(status, *words, **more):
        done = run(*words, **more)
        assert done.exit_code == status, done.output
        *_, line = done.stderr.splitlines()
        assert line.startswith("Error: ")
        return line.removeprefix("Error: ")

    return refuse


@pytest.fixture
def members_of(rows):
    def read(name):
        names = (
            select(USERS.c.user_name)
            .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
            .join(GROUPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
            .where(GROUPS.c.display_name == name)
        )
        return {each.user_name for each in rows(names)}

    return read


# ------------------------------------------------------------------ user add
def test_a_local_person_is_added_with_details_and_a_password(people, succeed):
    options = ("--given-name", "Grace", "--email", " grace@example.org ")
    from_input = ("--password-file", "-")
    succeed("user", "add", "grace", *options, *from_input, text=PASSWORD)
    grace = people.find("grace")
    assert (grace.source, grace.role, grace.active) == ("local", "user", True)
    details = person_details.read(grace.document)
    assert (details["given_name"], details["email"]) == ("Grace", "grace@example.org")
    assert passwords.matches(grace.password_hash, PASSWORD)


def test_a_link_is_printed_instead_of_asking_for_a_password(app, people, succeed):
    setting = {"NETPRESENTER_BASE_URL": ADDRESS}
    printed = succeed("user", "add", "grace", "--link", **setting)
    assert re.fullmatch(
        re.escape(ADDRESS) + r"/set-password\?link=[\w-]{43}\n", printed
    )
    assert people.find("grace").password_hash is None
    path = printed.strip().removeprefix(ADDRESS)
    assert "grace" in app.test_client().get(path).text
    again = succeed("user", "set-password", "grace", "--link", **setting)
    assert again != printed
    assert people.find("grace").password_hash is None


def test_without_a_public_address_there_is_no_link_and_nobody_is_added(
    refuse, people, rows
):
    before = rows(select(USERS))
    assert "NETPRESENTER_BASE_URL" in refuse(1, "user", "add", "grace", "--link")
    assert "NETPRESENTER_BASE_URL" in refuse(1, "user", "set-password", "ada", "--link")
    both = ("--link", "--password-file", "-")
    assert "either" in refuse(2, "user", "add", "grace", *both, text=PASSWORD)
    assert "either" in refuse(2, "user", "set-password", "ada", *both, text=PASSWORD)
    assert rows(select(USERS)) == before


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        (1, ("ADA",), "Another account has the user name"),
        (1, ("gra\u200bce",), "invisible character U+200B"),
        (2, ("grace", "--title", "x" * 40_000), "--title: "),
    ],
)
def test_bad_values_are_refused_as_on_the_page(
    refuse, people, rows, status, words, said
):
    before = rows(select(USERS))
    command = ("user", "add", *words, "--password-file", "-")
    assert said in refuse(status, *command, text=PASSWORD)
    assert rows(select(USERS)) == before


def test_a_weak_password_is_refused(refuse, people):
    command = ("user", "add", "grace", "--password-file", "-")
    assert "at least 12" in refuse(1, *command, text="short")


# ------------------------------------------------------------------ edit, delete
def test_details_are_edited_and_removed(people, succeed, rows):
    people.local("grace")
    succeed("user", "edit", "grace", "--title", "Admiral", "--department", "Navy")
    succeed("user", "edit", "grace", "--department", "")
    details = person_details.read(people.find("grace").document)
    assert (details["title"], details["department"]) == ("Admiral", "")
    changed = select(JOURNAL).where(JOURNAL.c.event == Event.PERSON_CHANGED)
    assert [each.actor_kind for each in rows(changed)] == ["command line"] * 2


def test_an_edit_without_a_value_is_a_usage_error(people, refuse):
    assert "at least one value" in refuse(2, "user", "edit", "ada")


@pytest.mark.parametrize(
    "words",
    [("edit", "jane", "--title", "x"), ("rename", "jane", "jo"), ("delete", "jane")],
)
def test_people_of_entra_are_refused_with_the_reason(refuse, people, rows, words):
    people.provisioned("jane")
    before = rows(select(USERS))
    assert "Microsoft Entra ID manages jane" in refuse(1, "user", *words)
    assert rows(select(USERS)) == before


def test_a_local_person_is_deleted_after_a_confirmation(people, refuse, succeed, rows):
    people.local("grace")
    assert "--yes" in refuse(2, "user", "delete", "grace")
    assert people.find("grace")
    succeed("user", "delete", "grace", "--yes")
    assert rows(select(USERS.c.user_name)) == [("ada",)]
    assert "last administrator" in refuse(1, "user", "delete", "ada", "--yes")


# ------------------------------------------------------------------ list, show
def test_an_e_mail_address_is_listed_where_it_differs(people, succeed):
    same = {"emails": [{"type": "work", "value": "Jane@example.org"}]}
    other = {"emails": [{"type": "work", "value": "j.jo@example.org"}]}
    people.provisioned("jane@example.org", **same)
    people.provisioned("jo@example.org", **other)
    listed = succeed("user", "list")
    assert "Jane@example.org" not in listed
    assert "j.jo@example.org" in listed
    shown = json.loads(succeed("user", "list", "--json"))
    assert "Jane@example.org" in [each["work_email"] for each in shown]


def test_a_person_is_shown_with_microsoft_account_and_sessions(app, people, succeed):
    people.local("grace")
    text = succeed("user", "show", "grace")
    assert re.search(r"^Microsoft account: none$", text, re.M)
    assert re.search(r"^Sessions: +none$", text, re.M)
    with app.app_context(), database.write() as connection:
        grace = people.find("grace")
        authentication = sessions.Authentication(SignInMethod.LOCAL)
        agent = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
        sessions.begin(connection, grace.id, authentication, "192.0.2.7", agent)
    text = succeed("user", "show", "grace")
    assert "from 192.0.2.7, Firefox on Linux" in text
    shown = json.loads(succeed("user", "show", "grace", "--json"))
    assert shown["microsoft_account"] is None
    (session,) = shown["sessions"]
    assert session["browser"] == "Firefox on Linux"
    assert "digest" not in session


# ------------------------------------------------------------------ token revoke
def test_a_token_is_revoked_by_its_shown_characters(people, succeed, refuse):
    for sign in ("…", "..."):
        secret = succeed("token", "create").strip()
        (token,) = json.loads(succeed("token", "list", "--json"))
        assert token["hint"] == f"{secret[:13]}…{secret[-3:]}"
        succeed("token", "revoke", token["hint"].replace("…", sign))
        assert json.loads(succeed("token", "list", "--json")) == []
    assert "There is no active token" in refuse(1, "token", "revoke", token["hint"])


# ------------------------------------------------------------------ groups
def test_a_group_is_made_filled_renamed_emptied_and_deleted(
    people, succeed, members_of, rows
):
    for name in ("tim", "kim"):
        people.local(name)
    people.provisioned("jane")
    succeed("group", "add", "Readers")
    succeed("group", "add", "readers", *("--member", "tim"), *("--member", "jane"))
    assert members_of("Readers") == {"tim", "jane"}
    succeed("group", "add", "Readers", "--member", "kim")
    succeed("group", "remove", "Readers", "--member", "TIM")
    assert members_of("Readers") == {"kim", "jane"}
    succeed("group", "rename", "Readers", "Writers")
    assert members_of("Writers") == {"kim", "jane"}
    succeed("group", "remove", "Writers", "--everybody")
    assert members_of("Writers") == set()
    succeed("group", "delete", "Writers", "--yes")
    assert rows(select(GROUPS)) == []
    by = select(JOURNAL.c.event).where(JOURNAL.c.target_type == "Group")
    assert [each.event for each in rows(by.order_by(JOURNAL.c.id))] == [
        Event.GROUP_CREATED,
        *[Event.MEMBERS_ADDED] * 2,
        Event.MEMBERS_REMOVED,
        Event.GROUP_CHANGED,
        Event.MEMBERS_REMOVED,
        Event.GROUP_DELETED,
    ]


def test_groups_are_listed_and_shown(people, succeed):
    tim = people.local("tim")
    jane = people.provisioned("jane", displayName="Jane Bakker")
    people.local_group("Readers", tim, jane)
    people.group("Marketing", jane)
    lines = [each.split() for each in succeed("group", "list").splitlines()]
    assert lines[0][:3] == ["NAME", "SOURCE", "MEMBERS"]
    assert [each[:3] for each in lines[1:]] == [
        ["Marketing", "Entra", "1"],
        ["Readers", "local", "2"],
    ]
    (found,) = json.loads(succeed("group", "list", "--search", "READ", "--json"))
    assert (found["display_name"], found["is_local"]) == ("Readers", True)
    assert (found["members"], found["role_given"]) == (2, None)
    text = succeed("group", "show", "readers")
    assert re.search(r"^Members: +2$", text, re.M)
    assert re.search(r"^jane +Jane Bakker$", text, re.M)
    shown = json.loads(succeed("group", "show", found["id"], "--json"))
    assert [each["user_name"] for each in shown["members"]] == ["jane", "tim"]


def test_a_name_of_two_groups_is_refused_with_both_ids(people, succeed, refuse):
    local = people.local_group("Readers")
    other = people.group("Readers")
    line = refuse(1, "group", "show", "readers")
    assert f"{local.id} is the local one" in line
    assert f"{other.id} is that of Microsoft Entra ID" in line
    succeed("group", "rename", local.id, "Writers")
    assert '"is_local": false' in succeed("group", "show", "Readers", "--json")


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Marketing", "--member", "ada"),
        ("remove", "Marketing", "--member", "ada"),
        ("remove", "Marketing", "--everybody"),
        ("rename", "Marketing", "Sales"),
        ("delete", "Marketing", "--yes"),
    ],
)
def test_groups_of_entra_are_refused_with_the_reason(people, refuse, rows, words):
    people.group("Marketing", people.provisioned("jane"))
    before = rows(select(GROUPS)), rows(select(MEMBERSHIPS))
    assert "Microsoft Entra ID manages the group Marketing" in refuse(
        1, "group", *words
    )
    assert (rows(select(GROUPS)), rows(select(MEMBERSHIPS))) == before


def test_what_is_missing_is_refused_with_the_command_to_type(
    people, refuse, members_of
):
    people.local_group("Readers")
    line = refuse(1, "group", "add", "None", "--member", "ada")
    assert line.endswith("group add None")
    assert refuse(1, "group", "show", "None").endswith("group list")
    unknown = ("group", "add", "Readers", "--member", "ada", "--member", "nobody")
    assert refuse(1, *unknown).endswith("user list")
    assert members_of("Readers") == set()
    for name in ("readers", "", "x\u200b"):
        refuse(1, "group", "add", name)
    for options in ((), ("--everybody", "--member", "ada")):
        assert "either" in refuse(2, "group", "remove", "Readers", *options)
    assert "--yes" in refuse(2, "group", "delete", "Readers")


# ------------------------------------------------------------------ tables
TITLES = ("USER NAME", "DISPLAY NAME", "STATE")
LONG = (
    "a.very.long.name@department.example.org",
    "A Name of Many, Many Words",
    "here",
)


def test_a_table_is_aligned_and_whole_without_a_terminal():
    header, first, second = format_table(TITLES, [LONG, ("jo", "李", "here")], None)
    assert first == "  ".join(LONG)
    assert measure(second) == measure(first)
    assert measure("李") == 2
    assert header.index("STATE") == first.index("here")


@pytest.mark.parametrize("width", [62, 72])
def test_a_table_fits_the_terminal_and_keeps_the_first_column_longest(width):
    lines = format_table(TITLES, [LONG, ("jo", "李" * 30, "here")], width)
    assert all(measure(each) <= width for each in lines)
    assert lines[1].endswith("here")
    assert "…" in lines[1]
    assert LONG[0] in lines[1]


def test_a_table_cuts_the_first_column_last():
    lines = format_table(TITLES, [LONG], 40)
    assert all(measure(each) <= 40 for each in lines)
    assert lines[1].startswith("a.very.long.na")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_list_fits_a_real_terminal(app, people):
    import pty

    people.provisioned("long." * 30 + "@example.org", displayName="Word " * 30)
    instance = Instance(context.of(app).config.instance)
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "netpresenter_next", "user", "list"]
        os.execve(command[0], command, {**instance.environment, "COLUMNS": "80"})
    said = read_until(terminal, "active  user")
    os.waitpid(pid, 0)
    os.close(terminal)
    lines = said.splitlines()
    assert lines[0].startswith("USER NAME")
    assert all(len(each) <= 80 for each in lines)
