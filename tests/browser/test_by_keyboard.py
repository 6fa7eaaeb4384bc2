"""Administrators do their work with the keys alone, with and without JavaScript."""

import re

import pytest
from keyboard import Keyboard
from playwright.sync_api import expect
from test_journeys import ENTRA, TOKEN, scim_status

from factories import People
from helpers import PASSWORD, close, copy_of
from netpresenter_next.directory import registration_changes, scim_tokens
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.sign_in_settings import (
    note_test,
    read_registration,
    read_settings,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from netpresenter_next.web import context
from screens import LIGHT

OBJECT_ID = "0f5c8a52-6c0a-4b0f-9d6e-3f1f5f0d7a12"
SELECTED = "(each) => each.value.slice(each.selectionStart, each.selectionEnd)"
# Nothing listens there, so no test waits for Microsoft.
MICROSOFT = "http://127.0.0.1:9"


@pytest.fixture(scope="module", params=[True, False], ids=["script", "no script"])
def office(request, seeded, tmp_path_factory, chromium, real_password_hash):
    """A server, and the cookies of ada, who signed in there with the keys."""
    folder = tmp_path_factory.mktemp("office")
    instance = copy_of(seeded, folder / "instance")
    app = instance.app(entra_authority=MICROSOFT)
    people = People(app, real_password_hash)
    for name in ("grace", "alan"):
        sent = Claimant(name, OBJECT_ID, name.title())
        people.refused(people.local(name), Reason.LOCAL_USER_NAME, sent)
    set_up_microsoft(app)
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "Production", "n" * 16)
    close(app)
    with instance.served(NETPRESENTER_ENTRA_AUTHORITY=MICROSOFT) as server:
        options = {**LIGHT, "java_script_enabled": request.param}
        visit = chromium.new_context(**options)
        page = visit.new_page()
        sign_in(Keyboard(page), server.url)
        options["storage_state"] = visit.storage_state()
        visit.close()
        yield server.url, options, token


def set_up_microsoft(app):
    """Set up sign-in with Microsoft, as if it had been tested."""
    installation = context.of(app).installation
    values = {"tenant_id": OBJECT_ID, "client_id": OBJECT_ID, "secret": "not~a.guid"}
    with app.app_context(), database.write() as connection:
        version = read_settings(connection).version
        registration_changes.save(
            connection, installation, COMMAND_LINE, version, values
        )
        known = read_registration(connection, installation)
        note_test(connection, COMMAND_LINE, known.fingerprint)


def sign_in(keys, url):
    keys.page.goto(f"{url}/sign-in")
    keys.type("User name", "ada")
    keys.type("Password", "not hers")
    keys.press("Sign in")
    keys.expect_alert("Incorrect user name or password")
    keys.type("Password", PASSWORD)
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url(f"{url}/")


@pytest.fixture
def keys(office, open_page):
    """The keyboard of ada, who has opened the settings."""
    url, options, _ = office
    keys = Keyboard(open_page(**options))
    keys.page.goto(f"{url}/settings")
    return keys


def main_part(keys):
    return keys.page.get_by_role("main")


def has_script(keys):
    """Does the page have the buttons that only a script shows?"""
    return keys.page.get_by_role("button", name="Copy SCIM Endpoint URL").count() == 1


def test_setting_up_provisioning(keys, office):
    url, *_ = office
    keys.page.goto(url)
    for link in ("Settings", "System", "Microsoft Entra ID"):
        keys.follow(link)
    endpoint = keys.page.get_by_label("SCIM Endpoint URL")
    keys.go_to(endpoint)
    expect(endpoint).to_have_value(f"{url}/scim/v2")
    keys.page.keyboard.press("Control+a")
    assert endpoint.evaluate(SELECTED) == f"{url}/scim/v2"
    if has_script(keys):
        copy = keys.page.get_by_role("button", name="Copy SCIM Endpoint URL")
        keys.go_to(copy)
        keys.page.keyboard.press("Enter")
        keys.expect_message("Copied")
        expect(keys.page.get_by_role("button", name="Copied")).to_be_focused()
    keys.type("Label", "Test")
    keys.choose("Expires", "In a year")
    keys.press("Generate Token")
    token = keys.page.get_by_role("textbox", name="Token")
    expect(token).to_be_focused()
    secret = token.input_value()
    assert TOKEN.match(secret)
    assert scim_status(f"{url}/scim/v2", secret) == 200
    keys.press("Generate Token")
    keys.expect_alert("revoke one first")
    row = keys.page.get_by_role("row").filter(has_text="Test")
    keys.follow("Revoke", within=row)
    keys.press("Revoke token")
    keys.expect_message("The token is revoked.")
    assert scim_status(f"{url}/scim/v2", secret) == 401


def test_replacing_a_token(keys, office):
    url, _, old = office
    endpoint = f"{url}/scim/v2"
    assert scim_status(endpoint, old) == 200
    keys.page.goto(url + ENTRA)
    keys.press("Replace token")
    token = keys.page.get_by_role("textbox", name="Token")
    expect(token).to_be_focused()
    secret = token.input_value()
    assert [scim_status(endpoint, each) for each in (old, secret)] == [200, 200]
    keys.follow("Microsoft Entra ID", keys.page.get_by_label("Settings", exact=True))
    keys.follow("Revoke the old token")
    keys.expect_heading("Revoke this token?")
    keys.press("Revoke token")
    keys.expect_message("The token is revoked.")
    assert [scim_status(endpoint, each) for each in (old, secret)] == [401, 200]


def test_solving_a_conflict_by_linking(keys):
    keys.follow("Conflicts")
    keys.follow("Open the conflict of grace")
    keys.press("Link with grace")
    keys.expect_heading("grace")
    keys.expect_message("grace is linked.")


def test_solving_a_conflict_by_renaming(keys):
    keys.follow("Conflicts")
    keys.follow("Open the conflict of alan")
    field = keys.page.get_by_label("New user name")
    keys.type("New user name", "ada")
    keys.press("Rename")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Another account"))
    keys.type("New user name", "alan.local")
    keys.page.keyboard.press("Enter")
    keys.expect_message("alan is now named alan.local.")
    expect(keys.page.get_by_role("link", name="conflict of alan")).to_have_count(0)


def test_finding_why_somebody_cannot_sign_in(keys):
    keys.follow("Sign-in problems")
    keys.type("Name, user name, e-mail, or reference", "person 1")
    keys.press("Search")
    keys.follow("Person 11")
    keys.type("Name, user name, e-mail, or reference", "person4@example.org")
    keys.press("Search")
    findings = keys.page.get_by_role("region", name="Person 4")
    expect(findings).to_contain_text("Press Lift the block on the person's page.")
    keys.follow(re.compile("Page of the person.*Blocked"), within=findings)
    keys.expect_heading("Person 4")
    keys.press("Lift the block")
    keys.expect_message("person4@example.org is no longer blocked.")
    keys.press("Block")
    keys.expect_message("person4@example.org is blocked.")


def test_reading_the_log(keys, office):
    url, *_ = office
    keys.follow("System")
    keys.follow("Provisioning log", within=main_part(keys))
    keys.choose("What happened", "Created")
    keys.press("Filter")
    keys.go_back_to(keys.page.get_by_role("link", name="Older"))
    keys.leave_by("Enter")
    rows = keys.page.get_by_role("row")
    expect(rows.last).to_contain_text("Created person0@example.org")
    keys.go_back_to(rows.last.get_by_text("Details"))
    keys.page.keyboard.press("Enter")
    expect(rows.last).to_contain_text("In Microsoft Entra ID")
    keys.type("Person or group", "person12@example.org")
    keys.press("Filter")
    expect(rows).to_have_count(2)
    keys.follow("person12@example.org")
    keys.expect_heading("Person 12")
    keys.page.goto(f"{url}/settings/system/provisioning-log?from=yesterday")
    keys.expect_alert("Write a date as year-month-day")
    keys.type("From (UTC)", "2026-01-01")
    keys.press("Filter")
    expect(keys.page.get_by_role("alert")).to_have_count(0)
    expect(keys.page.get_by_label("From (UTC)")).to_have_value("2026-01-01")


def test_forcing_sign_in_with_microsoft(keys, office):
    url, *_ = office
    keys.page.goto(url + ENTRA)
    keys.follow("Sign in options")
    name = "Force sign in with Microsoft"
    for on, message in ((True, f"{name} is on."), (False, f"{name} is off")):
        keys.turn(name, on=on)
        keys.press(f"Save {name}")
        keys.expect_message(message)
