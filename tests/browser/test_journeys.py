"""What an administrator does in a browser, by the steps of the manual."""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from helpers import PASSWORD
from screens import PHONE, sign_in

TOKEN = re.compile(r"^npn_scim_[0-9A-Za-z]{49}$")
ENTRA = "/settings/system/microsoft-entra-id"


def scim_status(url, token, path="/ServiceProviderConfig"):
    """Send a request as a SCIM client does; return the status of the response."""
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url + path, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["schemas"]
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def fill_in_set_up(page):
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Confirm password").fill(PASSWORD)
    page.get_by_role("button", name="Create administrator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Microsoft Entra ID")


def go_to_entra(page):
    """Follow the steps of the manual."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="System").click()
    page.get_by_role("link", name="Microsoft Entra ID").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_printed_set_up_link_leads_to_a_working_token(open_page, fresh, script):
    instance, url, link = fresh
    page = open_page(java_script_enabled=script)
    page.goto(url)
    expect(page.get_by_role("main")).to_contain_text("The server printed a set-up link")
    page.goto(link)
    fill_in_set_up(page)
    page.get_by_role("link", name="Netpresenter Next").click()
    go_to_entra(page)
    endpoint = page.get_by_label("SCIM Endpoint URL").input_value()
    assert endpoint == f"{url}/scim/v2"
    page.get_by_role("button", name="Generate Token").click()
    token = page.get_by_role("textbox", name="Token").input_value()
    assert TOKEN.match(token)
    assert scim_status(endpoint, token) == 200
    assert page.goto(link).status == 404
    for file in instance.folder.iterdir():
        assert token.encode() not in file.read_bytes()


def test_a_token_is_neither_shown_nor_stored_after_a_reload(page, site):
    sign_in(page, site)
    go_to_entra(page)
    page.get_by_role("button", name="Generate Token").click()
    token = page.get_by_role("textbox", name="Token").input_value()
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("already generated and shown")
    assert token not in page.content()
    page.goto(site + ENTRA)
    assert token not in page.content()
    expect(page.get_by_role("row")).to_have_count(2)
    with page.expect_event("framenavigated"):
        # The page is in no cache. A script that goes back itself might not return.
        page.evaluate("void setTimeout(() => history.back())")
    assert token not in page.content()
    page.goto(site + ENTRA)
    assert token not in json.dumps(page.context.cookies())
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert page.evaluate(kept) == "[{},{}]"


def test_one_of_two_tokens_can_be_identified_and_revoked(page, site):
    sign_in(page, site)
    page.goto(site + ENTRA)
    tokens = []
    for label in ("Main", "Spare"):
        page.get_by_label("Label").fill(label)
        page.get_by_role("button", name="Generate Token").click()
        tokens.append(page.get_by_role("textbox", name="Token").input_value())
    page.get_by_role("button", name="Generate Token").click()
    expect(page.get_by_role("alert")).to_contain_text("revoke one first")
    expect(page.get_by_role("alert")).to_be_focused()
    endpoint = f"{site}/scim/v2"
    assert scim_status(endpoint, tokens[0]) == 200
    page.goto(site + ENTRA)
    main = page.get_by_role("row").filter(has_text="Main")
    expect(main).to_contain_text("from 127.0.0.1")
    expect(page.get_by_role("row").filter(has_text="Spare")).to_contain_text("never")
    main.get_by_role("link", name="Revoke token").click()
    expect(page.get_by_role("main")).to_contain_text("This token is in use")
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_text("The token is revoked.")).to_have_role("status")
    assert [scim_status(endpoint, each) for each in tokens] == [401, 200]
    expect(page.get_by_role("row")).to_have_count(2)


def test_the_copy_button_copies_exactly_the_value(open_page, site):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, site)
    page.goto(site + ENTRA)
    page.get_by_role("button", name="Generate Token").click()
    expect(page.get_by_role("textbox", name="Token")).to_be_focused()
    # The button says "Copied" for two seconds, by a clock that stands still here.
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)
    for name in ("Token", "SCIM Endpoint URL"):
        page.get_by_role("button", name=f"Copy {name}").click()
        expect(page.get_by_role("button", name="Copied")).to_be_focused()
        value = page.get_by_role("textbox", name=name).input_value()
        assert page.evaluate("navigator.clipboard.readText()") == value
        page.clock.run_for(2_000)
        expect(page.get_by_role("button", name="Copied")).to_have_count(0)


def test_copying_without_a_clipboard_is_announced_and_keeps_the_focus(page, site):
    # Over plain http, a browser has no clipboard object.
    page.add_init_script("delete Navigator.prototype.clipboard")
    sign_in(page, site)
    page.goto(site + ENTRA)
    moved = "addEventListener('focusin', () => { window.moved = true })"
    button = page.get_by_role("button", name="Copy SCIM Endpoint URL")
    button.focus()
    page.evaluate(moved)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert page.evaluate("window.moved") is None
    page.get_by_label("Label").focus()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Label")).to_have_value(f"{site}/scim/v2")


def test_there_is_no_copy_button_without_javascript(open_page, site):
    page = open_page(java_script_enabled=False)
    sign_in(page, site)
    page.goto(site + ENTRA)
    expect(page.get_by_label("SCIM Endpoint URL")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_only_administrators_can_open_settings(page, shared_site):
    sign_in(page, shared_site, "linus")
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)
    for path in (
        "",
        "/users",
        "/groups",
        "/system",
        "/system/microsoft-entra-id",
        "/system/health",
    ):
        answer = page.goto(f"{shared_site}/settings{path}")
        assert answer.status == 403
        expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")


def test_the_filters_of_users_are_folded_on_a_phone_only(
    open_page, shared_site, cookies
):
    for script in (True, False):
        options = {"storage_state": cookies, "java_script_enabled": script}
        wide = open_page(**options)
        wide.goto(f"{shared_site}/settings/users")
        expect(wide.get_by_label("Source")).to_be_visible()
        phone = open_page(**options, **PHONE)
        phone.goto(f"{shared_site}/settings/users")
        expect(phone.get_by_label("Source")).to_be_hidden()
        phone.get_by_text("Filters", exact=True).click()
        phone.get_by_label("Source").select_option("Local")
        phone.get_by_role("button", name="Search").click()
        expect(phone.get_by_label("Source")).to_be_visible()


def test_an_administrator_finds_a_person_by_search(page, site):
    sign_in(page, site)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Users").click()
    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("link", name="Next", exact=True).click()
    page.get_by_label("Search").fill("person 12")
    page.get_by_label("Source").select_option("Microsoft Entra ID")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Person 12").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Person 12")
    expect(page.get_by_role("main")).to_contain_text("Microsoft Entra ID manages")
    page.get_by_role("link", name="Everybody with a job").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("55 people")


def test_html_in_a_name_is_shown_as_text(open_page, shared_site, cookies):
    page = open_page(storage_state=cookies)
    for path in ("/settings/users?q=hostile", "/settings/groups?q=img"):
        page.goto(shared_site + path)
        page.get_by_role("row").get_by_role("link").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_contain_text('<img src=x onerror="alert(1)">')


def test_changing_a_password_ends_sessions_in_other_browsers(open_page, site):
    here, there = open_page(), open_page(**PHONE)
    for page in (here, there):
        sign_in(page, site, "linus")
    here.goto(f"{site}/account")
    here.get_by_label("Current password").fill(PASSWORD)
    here.get_by_label("New password", exact=True).fill("copper window umbrella dune")
    here.get_by_label("Confirm new password").fill("copper window umbrella dune")
    here.get_by_role("button", name="Change password").click()
    expect(here.get_by_role("status")).to_contain_text("Your password is changed")
    there.goto(f"{site}/account")
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_user_menu_contains_sign_out(page, site):
    sign_in(page, site)
    menu = page.get_by_role("group").filter(has_text="Sign out")
    page.locator("summary").click()
    expect(menu.get_by_role("link", name="My account")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="My account")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert page.goto(f"{site}/account").url.endswith("/sign-in?next=/account")
