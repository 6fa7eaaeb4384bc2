"""Every page is accessible, no wider than the screen, and loaded from one origin."""

import re

import pytest
from named_pages import ALARMS, ENTRA, show
from playwright.sync_api import expect

from helpers import ROOT, Instance, close, copy_of, tracked
from repetition import IS_LONG
from screens import SMALL_TARGETS, check_page, check_page_in_dutch

ENTRA_PAGES = ["checks", "sign-in", "sign-in-options", "roles"]
PUBLIC = ["/sign-in", "/none", "bad sign-in", "/set-password"]
SIGNED_IN = [
    "/",
    "/account",
    "/account/confirm",
    "/account/confirm?next=/settings/users/export.csv",
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


def is_state(name):
    """Does the name stand for another state of a page that is listed, too?"""
    return "?" in name or (name.startswith("bad ") and name != "bad new person")


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


@pytest.mark.repeated
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_is_accessible(open_page, shared_site, name):
    page = open_page()
    show(page, shared_site, name)
    check_page(page)
    if IS_LONG:
        check_page_in_dutch(page)


@pytest.mark.repeated
@pytest.mark.parametrize(
    "name",
    [
        # A query, and a bad form but one, show a page in another state, which
        # `make test-long` looks at.
        pytest.param(each, marks=[pytest.mark.long] if is_state(each) else [])
        for each in SIGNED_IN
    ],
)
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
    for _ in range(2):  # tokens, the most that can be active
        show(page, shared_site, "token")
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
