"""Administrators add, edit, disable, enable and delete local people on pages."""

import html
import re
from functools import partial

import pytest
from sqlalchemy import select

from netpresenter_next.directory import errors, local_people
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.pages import person_details
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.values import LONGEST_TEXT
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR, SESSIONS, USERS
from netpresenter_next.web import context
from visitors import signed_in

NEW = "/settings/users/new"
DETAILS = {
    "given_name": "Grace",
    "family_name": "Hopper",
    "display_name": "",
    "email": "Grace@example.org",
    "work_phone": "+31 20 1",
    "mobile_phone": "+31 6 2",
    "title": "Admiral",
    "department": "Navy",
}
TOO_LONG = "Enter at most 10,000 characters."
OTHERS = {name: f"forged {name}" for name in DETAILS}


def page_of(person, path=""):
    return f"/settings/users/{person.id}{path}"


def press(browser, person, path, **fields):
    return browser.submit(page_of(person, path), page=page_of(person), **fields)


def secret_of(page):
    return re.search(r'id="secret"[^>]* value="([^"]+)"', page)[1]


@pytest.fixture
def events_of(rows):
    """Returns the events about a person, the oldest first."""

    def read(person):
        about = select(JOURNAL.c.event).where(JOURNAL.c.target_id == person.id)
        return [each.event for each in rows(about.order_by(JOURNAL.c.id))]

    return read


# ------------------------------------------------------------------ adding
def test_a_person_is_added_with_a_password_that_is_shown_once(
    app, administrator, people, rows
):
    answer = administrator.submit(NEW, user_name="grace", **DETAILS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = secret_of(answer.text)
    grace = people.find("grace")
    assert grace.source == "local"
    assert grace.display_name == "Grace Hopper"
    assert grace.work_email == "Grace@example.org"
    assert person_details.read(grace.document) == DETAILS
    assert password not in administrator.get(page_of(grace)).text
    assert all(password not in str(row) for row in rows(select(JOURNAL)))
    assert app.test_client().sign_in("grace", password).status_code == 303


def test_a_form_that_is_sent_twice_adds_nobody_else(administrator, people, rows):
    administrator.submit(NEW, user_name="grace")
    before = rows(select(USERS))
    answer = administrator.submit(NEW, user_name="grace", title="Admiral")
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "was added the first time" in page
    assert 'value="Admiral"' in page
    assert rows(select(USERS)) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"user_name": ""}, "Enter a user name."),
        ({"user_name": "gra\u200bce"}, "invisible character U+200B"),
        ({"user_name": "x" * 321}, "longer than 320 characters"),
        ({"user_name": "ADA"}, "Another account has the user name"),
        ({"user_name": "grace", "title": "x" * (LONGEST_TEXT + 1)}, TOO_LONG),
        ({"user_name": "grace", "email": "x@" + "x" * LONGEST_TEXT}, TOO_LONG),
        ({"user_name": "grace", "email": "grace@@example"}, "Enter one e-mail address"),
        ({"user_name": "grace", "email": "grace"}, "Enter one e-mail address"),
        ({"user_name": "grace", "email": "g@example,org"}, "Enter one e-mail address"),
        ({"user_name": "grace", "work_phone": "abc"}, "Enter a telephone number"),
    ],
)
def test_bad_values_are_explained_and_the_form_is_kept(
    administrator, rows, fields, said
):
    before = rows(select(USERS))
    answer = administrator.submit(NEW, mobile_phone="+31 6 2", **fields)
    assert answer.status_code in (400, 409)
    page = html.unescape(answer.text)
    assert said in page
    assert 'value="+31 6 2"' in page
    assert "<title>Error: Add a person" in page
    assert rows(select(USERS)) == before


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ("jan@example.org", True),
        ("o'neil+x@localhost", True),
        ("जान@भारत.भारत", True),
        ("jan@[192.0.2.1]", True),
        ("jan@example,org", False),
        ("jan@example.org;", False),
        ("jan@example..org", False),
        ("jan@example.org.", False),
        ("<jan@example.org>", False),
        ("jan@", False),
    ],
)
def test_only_a_work_email_that_is_surely_wrong_is_refused(app, value, is_valid):
    local_type = context.of(app).local_type
    written = person_details.write({"email": value}, local_type, {"userName": "jan"})
    assert (not written.faults) is is_valid


# ------------------------------------------------------------------ editing
def test_details_are_edited_and_everything_else_stays(administrator, people, events_of):
    linus = people.local("linus")
    other = {"type": "home", "value": "linus@home.example"}
    people.change(linus, emails=[other], nickName="Lin", externalId="7")
    assert press(administrator, linus, "/edit", **{**DETAILS, "version": "2"}).location
    changed = people.find("linus")
    assert person_details.read(changed.document) == DETAILS
    assert changed.document["nickName"] == "Lin"
    assert changed.document["externalId"] == "7"
    assert other in changed.document["emails"]
    cleared = dict.fromkeys(DETAILS, "") | {"version": "3"}
    assert press(administrator, linus, "/edit", **cleared).status_code == 303
    document = people.find("linus").document
    assert document == {
        **{"userName": "linus", "active": True, "nickName": "Lin"},
        **{"externalId": "7", "emails": [other]},
    }
    assert events_of(linus).count(Event.PERSON_CHANGED) == 3
    assert "Lin" in administrator.get(page_of(linus)).text


def test_a_form_from_before_another_change_is_refused_and_kept(administrator, people):
    linus = people.local("linus")
    shown = administrator.get(page_of(linus, "/edit")).text
    assert 'name="version" type="hidden" value="1"' in shown
    people.change(linus, title="Student")
    answer = press(administrator, linus, "/edit", **{**DETAILS, "version": "1"})
    assert answer.status_code == 409
    assert "Somebody else changed linus" in answer.text
    assert 'value="Admiral"' in answer.text
    assert people.find("linus").document["title"] == "Student"


def test_a_bad_value_changes_nothing(administrator, people, rows):
    linus = people.local("linus")
    before = rows(select(USERS))
    fields = {**DETAILS, "title": "x" * (LONGEST_TEXT + 1)}
    answer = administrator.submit(page_of(linus, "/edit"), **fields)
    assert answer.status_code == 400
    assert TOO_LONG in answer.text
    assert 'value="Navy"' in answer.text
    assert rows(select(USERS)) == before


def test_faults_of_a_form_are_in_the_language_of_the_administrator(administrator):
    administrator.submit("/account/language", page="/account", language="nl")
    answer = administrator.submit(
        NEW, user_name="grace", title="x" * (LONGEST_TEXT + 1), email="grace"
    )
    assert "Voer ten hoogste 10.000 tekens in." in answer.text
    assert "Voer één e-mailadres in" in html.unescape(answer.text)
    for name, words in (("ADA", "Een ander account heeft"), ("x" * 321, "langer dan")):
        answer = administrator.submit(NEW, user_name=name)
        assert answer.status_code in (400, 409)
        assert words in html.unescape(answer.text)


def test_every_managed_value_is_locked_also_against_a_forged_form(
    administrator, people, rows
):
    everything = people.provisioned(
        "jane@example.org",
        name={"givenName": "Jane", "familyName": "Doe"},
        displayName="Jane",
        emails=[{"type": "work", "value": "j@example.org"}],
        phoneNumbers=[
            {"type": "work", "value": "+31 20 9"},
            {"type": "mobile", "value": "+31 6 9"},
        ],
        title="Chair",
        **{ENTERPRISE_SCHEMA: {"department": "Board"}},
    )
    linked = people.provisioned("tom@example.org")
    before = rows(select(USERS))
    for person in (everything, linked):
        page = administrator.get(page_of(person, "/edit")).text
        inputs = re.findall(r"<input [^>]*id=\"(\w+)\"[^>]*>", page)
        assert set(person_details.PATHS) <= set(inputs)
        for tag in re.findall(r"<input [^>]*type=\"text\"[^>]*>", page):
            assert "readonly" in tag
            assert 'aria-describedby="' in tag
            assert "locked" in tag
        assert "Locked: Microsoft Entra ID manages these values." in page
        assert ">Save" not in page
        for name, value in OTHERS.items():
            fields = {name: value, "version": str(person.version)}
            answer = administrator.submit(page_of(person, "/edit"), **fields)
            assert answer.status_code == 409
            assert "Microsoft Entra ID manages" in answer.text
            assert value not in answer.text
        for path, fields in (
            ("/rename", {"user_name": "forged"}),
            ("/active", {"active": "off"}),
            ("/active", {"active": "on"}),
            ("/delete", {}),
        ):
            answer = press(administrator, person, path, **fields)
            assert answer.status_code == 409
            assert "Microsoft Entra ID manages" in answer.text
    assert rows(select(USERS)) == before
    assert press(administrator, linked, "/role", role="administrator").location


# ------------------------------------------------------------------ access
def test_disabling_ends_sessions_and_enabling_lets_in_again(
    app, administrator, people, events_of
):
    linus = people.local("linus")
    browser = signed_in(app, "linus")
    assert press(administrator, linus, "/active", active="off").status_code == 303
    assert not browser.is_in()
    assert app.test_client().sign_in("linus").status_code == 401
    page = html.unescape(administrator.get(page_of(linus)).text)
    assert "linus was disabled on" in page
    assert "by ada." in page
    assert "on the person's page" not in page
    assert press(administrator, linus, "/active", active="on").status_code == 303
    assert signed_in(app, "linus").is_in()
    made = events_of(linus)
    assert made.index(Event.PERSON_DISABLED) < made.index(Event.PERSON_ENABLED)
    assert press(administrator, linus, "/active").status_code == 400


def test_sessions_of_anybody_are_ended(app, administrator, people, rows):
    linus, jane = people.local("linus"), people.provisioned("jane@example.org")
    browsers = [signed_in(app, "linus") for _ in range(2)]
    answer = press(administrator, linus, "/end-sessions")
    assert "2 sessions of linus ended." in administrator.get(answer.location).text
    assert not any(each.is_in() for each in browsers)
    assert len(rows(select(SESSIONS))) == 1
    answer = press(administrator, jane, "/end-sessions")
    assert "No session of jane@example.org" in administrator.get(answer.location).text
    ended = [each for each in rows(select(JOURNAL)) if each.event == "sessions.ended"]
    assert [(each.target_name, each.facts["number"]) for each in ended] == [
        ("linus", 2)
    ]


def test_a_person_is_deleted_after_a_look(app, administrator, people, rows):
    linus = people.local("linus", role=ADMINISTRATOR, emergency=True)
    browser = signed_in(app, "linus")
    page = administrator.get(page_of(linus, "/delete")).text
    assert "1 session, and membership of 0 groups." in page
    assert people.find("linus")
    answer = administrator.submit(page_of(linus, "/delete"))
    assert "linus is deleted." in administrator.get(answer.location).text
    assert not browser.is_in()
    assert rows(select(USERS.c.id).where(USERS.c.id == linus.id)) == []
    assert administrator.get(page_of(linus)).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/active", {"active": "off"}), ("/delete", {}), ("/end-sessions", {})],
)
def test_a_change_of_somebody_who_was_deleted_meanwhile_finds_nobody(
    administrator, people, rows, path, fields
):
    grace = people.local("grace")
    page = page_of(grace)
    administrator.get(page)
    people.delete(grace)
    before = rows(select(JOURNAL.c.id))
    answer = administrator.submit(
        page_of(grace, path), page="/settings/users", **fields
    )
    assert answer.status_code == 404
    assert rows(select(JOURNAL.c.id)) == before


def test_nobody_disables_or_deletes_themselves_or_the_last_emergency_access(
    app, administrator, people, rows
):
    people.local("linus", role=ADMINISTRATOR)
    linus, before = signed_in(app, "linus"), rows(select(USERS))
    for path, fields in (("/active", {"active": "off"}), ("/delete", {})):
        answer = press(administrator, people.ada, path, **fields)
        assert answer.status_code == 409
        assert "yourself" in answer.text
        answer = press(linus, people.ada, path, **fields)
        assert answer.status_code == 409
        assert "ada is the last administrator with emergency access" in answer.text
    assert rows(select(USERS)) == before


def test_the_last_administrator_stays_whoever_acts(app, people):
    disable = partial(local_people.set_active, active=False)
    for change in (disable, local_people.delete):
        refused = pytest.raises(errors.LastAdministrator)
        with app.app_context(), refused, database.write() as connection:
            change(connection, people.ada, COMMAND_LINE)
    assert people.find("ada").active
