"""Every page is accessible, no wider than the screen, and loaded from one origin."""

import re
import time

import pytest
from playwright.sync_api import expect

from helpers import ROOT, Instance, close, copy_of, tracked
from repetition import IS_LONG
from screens import SMALL_TARGETS, check_page, check_page_in_dutch

ENTRA = "/settings/system/microsoft-entra-id"
ENTRA_PAGES = ["checks", "sign-in", "sign-in-options", "roles"]
ALARMS = "/settings/system/alarms"
PUBLIC = ["/sign-in", "/none", "bad sign-in", "/set-password"]
SIGNED_IN = [
    "/",
    "/account",
    "/account/confirm",
    "/people",
    "/people?q=nobody+at+all",
    "colleague",
    "group of colleagues",
    "/settings/system/people-directory",
    "/settings",
    "/settings/users",
    "/settings/users?q=nobody+at+all&source=entra",
    "/settings/users?sort=last-sign-in",
    "/settings/users?only=never-microsoft&role=user",
    "/settings/users?source=local",
    "/settings/users/disable-chosen",
    "disable people",
    "user",
    "local user",
    "bad rename",
    "/settings/users/import",
    "bad import",
    "import",
    "/settings/users/deleted",
    "/settings/users/new",
    "bad new person",
    "secret",
    "details",
    "locked details",
    "delete person",
    "confirm administrator",
    "confirm password",
    "set password",
    "/settings/leavers",
    "/settings/leavers?from=yesterday",
    "leaver",
    "/settings/leavers/clean-up",
    "/settings/leavers/clean-up?days=0",
    "delete leavers",
    "erase",
    "/settings/groups",
    "/settings/groups?q=nothing",
    "/settings/groups?source=local",
    "group",
    "local group",
    "bad group name",
    "/settings/groups/new",
    "bad new group",
    "add to group",
    "empty group",
    "delete group",
    "/settings/conflicts",
    "/settings/conflicts?kind=sign-in",
    "/settings/conflicts/link-matches",
    "/settings/conflicts/kept-apart",
    "conflict",
    "conflict of an administrator",
    "bad rename in a conflict",
    "/settings/sign-in-problems",
    "/settings/sign-in-problems?q=ada",
    "/settings/sign-in-problems?q=person",
    "/settings/sign-in-problems?q=nobody+at+all",
    "/settings/system",
    "/settings/system/health",
    ALARMS,
    "bad mail server",
    "webhook secret",
    "/settings/system/provisioning-log",
    "/settings/system/provisioning-log?kind=refused&from=2026-01-01",
    "/settings/system/provisioning-log?kind=refused-token&period=24-hours",
    "/settings/system/provisioning-log?from=yesterday",
    "/settings/system/audit-log",
    "/settings/system/audit-log?person=person&kind=sign-in",
    ENTRA,
    *(f"{ENTRA}/{each}" for each in ENTRA_PAGES),
    "token",
    "revoke",
    "/none",
    "bad sign-in options",
    "bad password change",
]
LONG_NAME = "a.very.long.user.name.of.somebody@subdomain.of.an.example.org"
# The views of the pages whose addresses hold an id.
VIEWS = {
    "colleague": "colleagues.show",
    "group of colleagues": "colleagues.show_group",
    "user": "person.show",
    "group": "groups.show",
    "add to group": "group_candidates.choose",
    "empty group": "local_groups.confirm_emptying",
    "delete group": "local_groups.confirm_deletion",
    "conflict": "conflict.show",
    "leaver": "leavers.show",
    "erase": "personal_data.confirm_erasure",
    "details": "local_person.show_details",
    "delete person": "local_person.confirm_deletion",
    "confirm administrator": "person_role.confirm_administrator",
    "confirm password": "person_password.confirm",
    "delete leavers": "clean_up.confirm",
    "revoke": "tokens.confirm_revocation",
}
# The links on the page of a local group.
GROUP_LINKS = {
    "add to group": "Add people",
    "empty group": "Remove everybody from the group …",
    "delete group": "Delete this group …",
}
# Views whose pages need more than the library, and the function that opens them.
IN_BROWSER = "tests/microsoft/test_in_browser.py"
ELSEWHERE = {
    "first_run.setup": (
        "tests/browser/test_every_page.py",
        "test_the_set_up_page_is_accessible",
    ),
    "account.connect": (IN_BROWSER, "show_connecting"),
    "microsoft.callback": (IN_BROWSER, "show_refusal"),
}
# Views that answer a GET with a redirect, a file or plain text.
WITHOUT_A_PAGE = {
    "static",
    "home.healthz",
    "home.readyz",
    "microsoft.start",
    "microsoft.start_test",
    "microsoft.start_connecting",
    "microsoft.confirm",
    "microsoft_sign_out.front_channel",
    "microsoft_sign_out.sign_out",
    "system.azure",
    "tokens.show_status",
    "colleagues.download_vcard",
    "leavers.download",
    "microsoft_certificate.download_certificate",
    "logs.provisioning_csv",
    "logs.audit_csv",
    "people_export.download",
    "people_import.download_example",
    "people_import.download_report",
}


def show(page, url, name):
    """Open a page by its path, or by a name for pages that need more steps."""
    if name.startswith("/"):
        page.goto(url + name)
    elif name in ("user", "local user", "group"):
        found = {"user": "users?q=person+7", "local user": "users?q=ada"}
        page.goto(f"{url}/settings/{found.get(name, 'groups?q=everybody')}")
        page.get_by_role("row").get_by_role("link").first.click()
    elif name == "local group":
        page.goto(f"{url}/settings/groups?source=local")
        page.get_by_role("row").get_by_role("link").first.click()
    elif name in GROUP_LINKS:
        show(page, url, "local group")
        page.get_by_role("link", name=GROUP_LINKS[name]).click()
    elif name == "bad group name":
        show(page, url, "local group")
        page.get_by_label("Name", exact=True).fill("Rea\u200bders")
        page.get_by_role("button", name="Rename").click()
        expect(page.get_by_label("Name", exact=True)).to_be_focused()
    elif name == "bad new group":
        page.goto(f"{url}/settings/groups/new")
        page.get_by_label("Name").fill("Rea\u200bders")
        page.get_by_role("button", name="Make").click()
        expect(page).to_have_title(re.compile("^Error: Make a group"))
        expect(page.get_by_label("Name")).to_be_focused()
    elif name == "colleague":
        page.goto(f"{url}/people?q=person+7")
        page.get_by_role("row").get_by_role("link").first.click()
    elif name == "group of colleagues":
        show(page, url, "colleague")
        page.get_by_role("link", name="Everybody").click()
    elif "conflict" in name and "rename" not in name:
        page.goto(f"{url}/settings/conflicts?kind=provisioning")
        whose = "boss" if "administrator" in name else "linus"
        page.get_by_role("link", name=f"Open the conflict of {whose}").last.click()
    elif name == "bad rename in a conflict":
        show(page, url, "conflict")
        page.get_by_label("New user name").fill("ada")
        page.get_by_role("button", name="Rename").click()
        expect(page).to_have_title(re.compile("^Error: Conflict of linus"))
        expect(page.get_by_label("New user name")).to_be_focused()
    elif name == "erase":
        show(page, url, "user")
        page.get_by_role("link", name="Erase").click()
    elif name in ("details", "locked details", "delete person"):
        show(page, url, "user" if "locked" in name else "local user")
        link = {"details": "Edit the details", "delete person": "Delete …"}
        page.get_by_role("link", name=link.get(name, "All details, locked")).click()
    elif name == "confirm administrator":
        show(page, url, "user")
        page.get_by_role("link", name="Make an administrator").click()
    elif name == "confirm password":
        page.goto(f"{url}/settings/users?q=linus")
        page.get_by_role("row").get_by_role("link").first.click()
        page.get_by_role("link", name="Generate a new password").click()
    elif name == "disable people":
        page.goto(f"{url}/settings/users?source=local")
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Disable the chosen people").click()
        expect(page.get_by_role("button", name="Disable now")).to_be_visible()
    elif name == "set password":
        show(page, url, "user")
        page.get_by_role("button", name="Make a one-time link").click()
        page.goto(page.get_by_role("textbox", name="One-time link").input_value())
        page.get_by_label("New password", exact=True).fill("short")
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("alert")).to_be_focused()
    elif name in ("bad new person", "secret"):
        page.goto(f"{url}/settings/users/new")
        taken = name == "bad new person"
        page.get_by_label("User name").fill("ada" if taken else f"new{time.time_ns()}")
        page.get_by_role("button", name="Add").click()
        if taken:
            expect(page.get_by_role("alert")).to_be_focused()
        else:
            expect(page.get_by_role("textbox", name="Password")).to_be_visible()
    elif name in ("bad import", "import"):
        page.goto(f"{url}/settings/users/import")
        if page.get_by_role("button", name="Discard").is_visible():
            page.get_by_role("button", name="Discard").click()
        if name == "import":
            text = f"userName,title\n{LONG_NAME},x\nada,Boss\n,x\n"
            file = {"name": "people.csv", "mimeType": "text/csv"}
            choice = page.get_by_label("File", exact=True)
            choice.set_input_files(file | {"buffer": text.encode()})
        page.get_by_role("button", name="Check the file").click()
        if name == "import":
            expect(page.get_by_role("button", name="Apply")).to_be_visible()
        else:
            expect(page.get_by_role("alert")).to_be_focused()
    elif name == "leaver":
        page.goto(f"{url}/settings/leavers")
        page.get_by_role("row").get_by_role("link").first.click()
    elif name == "delete leavers":
        page.goto(f"{url}/settings/leavers/clean-up?days=1")
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Delete the chosen people").click()
    elif name == "token":
        revoke_one_of_two(page, url)
        page.get_by_role("button", name="Generate Token").click()
        expect(page.get_by_role("textbox", name="Token")).to_be_visible()
    elif name == "revoke":
        show(page, url, "token")
        page.get_by_role("link", name="Revoke").first.click()
    elif name == "bad mail server":
        page.goto(url + ALARMS)
        page.get_by_text("Set up e-mail").click()
        page.get_by_label("Mail server", exact=True).fill("mail.example.org")
        page.get_by_label("Encryption").select_option("none")
        page.get_by_role("button", name="Save the mail server").click()
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Encryption")).to_have_attribute(
            "aria-invalid", "true"
        )
    elif name == "webhook secret":
        page.goto(url + ALARMS)
        page.get_by_text(re.compile("(Set up|Change) the webhook")).click()
        page.get_by_label("URL").fill("https://alarms.example.org/")
        page.get_by_role("button", name="Save the webhook").click()
        secret = page.get_by_role("button", name=re.compile("secret of the webhook"))
        if not secret.is_visible():
            page.get_by_text("Change the webhook").click()
        secret.click()
        expect(page.get_by_role("textbox", name="Secret")).to_be_visible()
    elif name == "bad sign-in options":
        page.goto(url + ENTRA)
        path = f"{ENTRA}/sign-in-options"
        form = page.locator("form.inline").first
        forge = """(form, path) => {
          form.action = path;
          form.elements.label.name = "force";
          form.elements.force.value = "on";
        }"""
        form.evaluate(forge, path)
        page.get_by_role("button", name="Generate Token").click()
    elif name == "bad sign-in":
        page.goto(f"{url}/sign-in")
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page).to_have_title(re.compile("^Error: Sign in"))
    elif name == "bad rename":
        show(page, url, "local user")
        page.get_by_label("New user name").fill("linus")
        page.get_by_role("button", name="Rename").click()
        expect(page).to_have_title(re.compile("^Error: ada"))
        field = page.get_by_label("New user name")
        expect(field).to_be_focused()
        expect(field).to_have_value("linus")
        expect(field).to_have_accessible_description(re.compile("Another account"))
    elif name == "bad password change":
        page.goto(f"{url}/account")
        page.get_by_label("Current password").fill("wrong")
        page.get_by_label("New password", exact=True).fill("new")
        page.get_by_label("Confirm new password").fill("other")
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("alert")).to_be_focused()


def revoke_one_of_two(page, url):
    """Revoke a token if there are two, the most that can be active."""
    page.goto(url + ENTRA)
    if page.get_by_role("link", name="Revoke").count() == 2:
        page.get_by_role("link", name="Revoke").first.click()
        page.get_by_role("button", name="Revoke").click()


@pytest.mark.repeated
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_accessible(open_page, shared_site, name):
    page = open_page()
    show(page, shared_site, name)
    check_page(page)
    if IS_LONG:
        check_page_in_dutch(page)


@pytest.mark.repeated
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_for_signed_in_people_is_accessible(
    open_page, shared_site, cookies, name
):
    page = open_page(storage_state=cookies)
    show(page, shared_site, name)
    check_page(page)
    if IS_LONG:
        check_page_in_dutch(page)


def test_every_page_of_the_application_is_checked(tmp_path):
    """Add a new page to SIGNED_IN or PUBLIC."""
    app = Instance(tmp_path / "instance").app()
    views = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.endpoint.startswith("scim")
    }
    addresses = app.url_map.bind("localhost")
    paths = {
        name.partition("?")[0]
        for name in (*PUBLIC, *SIGNED_IN)
        if name.startswith("/") and name != "/none"
    }
    checked = [addresses.match(path)[0] for path in sorted(paths)]
    checked += [*VIEWS.values(), *ELSEWHERE]
    close(app)
    assert sorted([*checked, *WITHOUT_A_PAGE]) == sorted(views)


def test_the_functions_that_open_the_other_pages_exist():
    for path, name in ELSEWHERE.values():
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_every_form_names_its_address():
    """Without one, a form keeps ``#main`` of the skip link, which stops autofocus."""
    for file in tracked("templates"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not re.findall(r"<form\b(?![^>]*\baction=).*", text), file


@pytest.mark.repeated
def test_the_set_up_page_is_accessible(page, fresh):
    _, url, link = fresh
    for address in (url, f"{url}/setup?code=wrong", link):
        page.goto(address)
        check_page(page)
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Confirm password").fill("short")
    page.get_by_role("button", name="Create administrator").click()
    expect(page.get_by_role("alert")).to_be_focused()
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description(re.compile("at least 15"))
    check_page(page)


@pytest.mark.repeated
@pytest.mark.parametrize("path", ["/sign-in", "/setup"])
def test_the_notice_of_an_unencrypted_connection_is_accessible(
    page, seeded, tmp_path, path
):
    instance = Instance(tmp_path / "instance")
    if path == "/sign-in":
        instance = copy_of(seeded, instance.folder)
    with instance.served(NETPRESENTER_BASE_URL="http://news.example.org") as server:
        page.goto(server.url + path)
        expect(page.get_by_text("This connection is not encrypted")).to_be_visible()
        check_page(page)


def test_only_links_within_a_sentence_may_be_small(page):
    page.set_content("""
      <p><a href="/alone">Cancel</a></p>
      <p><a href="/one">One</a> · <a href="/two">Two</a></p>
      <p>Read <a href="/within">this</a> first.</p>
      <ol class="steps"><li><a href="/step">Go</a></li>
        <li>Or <a href="/stay">stay</a> here.</li></ol>
    """)
    small = " ".join(page.evaluate(SMALL_TARGETS))
    assert re.findall('href="(.+?)"', small) == ["/alone", "/one", "/two", "/step"]


def test_the_first_tab_stop_skips_to_the_content(open_page, shared_site, cookies):
    page = open_page(storage_state=cookies)
    page.goto(f"{shared_site}/settings/users")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


REMOVE_NOTICES = """
document.querySelectorAll("main .note").forEach((each) => each.remove())
"""
LONG_PAGES = [ALARMS, ENTRA, *(f"{ENTRA}/{each}" for each in ENTRA_PAGES)]


def test_pages_of_settings_are_at_most_two_screens_high(
    open_page, shared_site, cookies
):
    """Without notices: those of other pages, and that this server has no https."""
    page = open_page(storage_state=cookies)
    for path in LONG_PAGES:
        page.goto(shared_site + path)
        page.evaluate(REMOVE_NOTICES)
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= 1_600, path


def test_a_page_transfers_less_than_forty_kilobytes(open_page, shared_site, cookies):
    page, weight = open_page(storage_state=cookies), []
    page.on("response", lambda answer: weight.append(len(answer.body())))
    page.goto(shared_site + ENTRA, wait_until="networkidle")
    assert sum(weight) < 40_000
