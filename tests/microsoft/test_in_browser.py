"""Sign-in in Chromium: the server is localhost, Microsoft another site, 127.0.0.1."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from tenant import JANE, OTHER

from helpers import PASSWORD, Instance
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.web import context
from screens import check_page

PAGE = "/settings/system/microsoft-entra-id"
PROBLEMS = "/settings/sign-in-problems"
EVA = "eeee0000-1111-2222-3333-444444444444"
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def site(app, configured, jane, microsoft):
    """A server that runs on the instance of the test."""
    instance = Instance(context.of(app).config.instance)
    settings = {"NETPRESENTER_ENTRA_AUTHORITY": microsoft.authority}
    with instance.served(**settings) as server:
        yield f"http://localhost:{server.port}"


@pytest.fixture
def new_page(chromium):
    """Opens browsers; a violation of the content security policy fails the test."""
    contexts, complaints = [], []

    def listen(said):
        # The frame in Microsoft's page is not shown, but its request is made.
        is_frame = "frame-ancestors" in said.text
        if "Content Security Policy" in said.text and not is_frame:
            complaints.append(said.text)

    def open_page():
        visit = chromium.new_context()
        visit.set_default_timeout(10_000)
        contexts.append(visit)
        page = visit.new_page()
        page.on("console", listen)
        return page

    yield open_page
    for visit in contexts:
        visit.close()
    assert complaints == []


@pytest.fixture
def page(new_page):
    return new_page()


def press(page, site, path="/sign-in"):
    page.goto(site + path)
    page.get_by_role("link", name="Sign in with Microsoft").click()


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def sign_in_locally(page, site, name):
    page.goto(f"{site}/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/")


def test_the_button_signs_in_and_returns_to_the_page(page, site):
    press(page, site, "/sign-in?next=/account")
    page.wait_for_url(f"{site}/account")
    expect(page.get_by_role("main")).to_contain_text("jane@example.org")
    page.go_back()
    assert page.goto(f"{site}/").status == 200
    heading(page, "jane@example.org")


def test_visiting_the_callback_again_says_that_the_attempt_expired(
    page, site, microsoft
):
    addresses = []
    page.on("request", lambda each: addresses.append(each.url))
    press(page, site)
    page.wait_for_url(f"{site}/")
    (callback,) = (each for each in addresses if "/callback?" in each)
    page.goto(callback)
    heading(page, "This sign-in attempt has expired")
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.wait_for_url(f"{site}/")


def test_cancelled_consent_is_explained_and_can_be_retried(page, site, microsoft):
    microsoft.error = {
        "error": "access_denied",
        "error_description": f"AADSTS65004: declined. Trace ID: {JANE}",
    }
    press(page, site)
    heading(page, "Sign-in was cancelled")
    page.get_by_text("Details for an administrator").click()
    expect(page.get_by_text(JANE)).to_be_visible()
    microsoft.error = None
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.wait_for_url(f"{site}/")


def test_a_user_without_an_account_and_a_disabled_one_are_told_so(
    page, site, microsoft, people, jane
):
    microsoft.claims = {"oid": OTHER, "preferred_username": "eva@example.org"}
    press(page, site)
    heading(page, "There is no account here for you yet")
    expect(page.get_by_role("main")).to_contain_text("eva@example.org")
    microsoft.claims = {}
    people.change(jane, active=False)
    press(page, site)
    heading(page, "Your account is disabled")


def test_sign_in_works_in_two_tabs(page, site, microsoft):
    second = page.context.new_page()
    page.goto(f"{site}/sign-in")
    second.goto(f"{site}/sign-in?next=/account")
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.wait_for_url(f"{site}/")
    second.get_by_role("link", name="Sign in with Microsoft").click()
    second.wait_for_url(f"{site}/account")


def test_disabling_a_person_ends_their_session_at_the_next_click(
    page, site, people, jane
):
    press(page, site)
    page.wait_for_url(f"{site}/")
    people.change(jane, active=False)
    page.goto(f"{site}/account")
    heading(page, "Sign in")


def test_signing_out_at_microsoft_signs_out_here(page, site, microsoft):
    press(page, site)
    page.wait_for_url(f"{site}/")
    signed_out = "/sign-in/microsoft/front-channel-logout?sid=session-at-microsoft-1"
    with page.expect_response(lambda each: "front-channel" in each.url) as answer:
        page.goto(f"{microsoft.authority}/frame?src={site}{signed_out}")
    assert answer.value.status == 200
    assert "cookie" not in answer.value.request.all_headers()
    page.goto(f"{site}/account")
    heading(page, "Sign in")


def test_signing_out_here_offers_to_sign_out_of_microsoft(page, site):
    press(page, site)
    page.wait_for_url(f"{site}/")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign out of Microsoft too").click()
    heading(page, "You signed out of your account")


def test_connecting_from_the_account_page(page, site, people, microsoft):
    people.local("grace")
    microsoft.claims = {"oid": OTHER, "preferred_username": "grace@example.org"}
    sign_in_locally(page, site, "grace")
    page.goto(f"{site}/account")
    page.get_by_role("button", name="Connect Microsoft").click()
    page.get_by_role("link", name="Continue to Microsoft").click()
    heading(page, "Connect these two accounts?")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("status")).to_contain_text("grace@example.org")
    page.context.clear_cookies()
    press(page, site)
    page.wait_for_url(f"{site}/")
    heading(page, "grace")


def test_force_can_be_switched_on_and_off_after_a_test_sign_in(
    new_page, site, people, jane
):
    people.give_password(jane)
    admin, hers = new_page(), new_page()
    sign_in_locally(hers, site, "jane@example.org")
    sign_in_locally(admin, site, "ada")
    admin.goto(f"{site}{PAGE}/sign-in")
    admin.get_by_role("link", name="Test sign-in").click()
    heading(admin, "Test sign-in")
    expect(admin.get_by_role("main")).to_contain_text("externalId")
    admin.get_by_role("link", name="Back to Sign-in").click()
    admin.get_by_role("link", name="Sign in options").click()
    switch = admin.get_by_role("switch", name="Force sign in with Microsoft")
    switch.check()
    admin.get_by_role("button", name="Save Force sign in with Microsoft").click()
    expect(admin.get_by_role("status")).to_contain_text("is on")
    hers.goto(f"{site}/account")
    heading(hers, "Sign in")
    hers.get_by_label("User name").fill("jane@example.org")
    hers.get_by_label("Password").fill(PASSWORD)
    hers.get_by_role("button", name="Sign in").click()
    expect(hers.get_by_role("alert")).to_contain_text("Incorrect user name or password")
    hers.get_by_role("link", name="Sign in with Microsoft").click()
    hers.wait_for_url(f"{site}/account")
    switch.uncheck()
    admin.get_by_role("button", name="Save Force sign in with Microsoft").click()
    expect(admin.get_by_role("status")).to_contain_text("is off")
    hers.context.clear_cookies()
    sign_in_locally(hers, site, "jane@example.org")


def test_sign_in_works_again_once_microsoft_is_reachable(page, site, microsoft):
    microsoft.down = True
    press(page, site)
    heading(page, "Microsoft could not be reached")
    microsoft.down = False
    page.wait_for_timeout(3100)
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.wait_for_url(f"{site}/")


# ------------------------------------------------------------------ accessibility
def show_settings(page, site, people, jane, microsoft):
    """The page in use: tested, mapped, with refusals, a conflict and a certificate."""
    page.goto(f"{site}{PAGE}/roles")
    page.get_by_label("App role").fill("Admin")
    page.get_by_role("button", name="Add mapping…").click()
    page.get_by_role("button", name="Add mapping").click()
    page.goto(f"{site}{PAGE}/sign-in")
    page.get_by_role("button", name="Create a certificate").click()
    page.get_by_role("link", name="Test sign-in").click()
    guest = page.context.browser.new_page()
    microsoft.claims = {"oid": OTHER, "preferred_username": "eva@example.org"}
    press(guest, site)
    microsoft.claims = {}
    press(guest, site)
    guest.wait_for_url(f"{site}/")
    people.change(jane, externalId=OTHER)
    guest.context.clear_cookies()
    press(guest, site)
    guest.close()
    page.goto(f"{site}/settings/conflicts")
    page.get_by_role("link", name="Open the conflict").first.click()
    expect(page.get_by_role("main")).to_contain_text("jane@example.org")
    page.goto(f"{site}{PAGE}/sign-in")


def show_identities(page, site, people, jane, microsoft):
    """All that administrators must decide: notices, lists, new administrators."""
    staff = [
        people.provisioned(f"{name}@example.org", externalId=external_id)
        for name, external_id in (
            ("bob", "bob"),
            ("carla", OTHER),
            ("dirk", OTHER),
            ("Elena.van-den-Berg", "elena.vandenberg"),
        )
    ]
    people.local("grace")
    people.group("IT administrators", *staff[1:3])
    scim = Provisioning(page, site, people)
    scim.create("grace")
    for each in staff[0], staff[3]:
        scim.disable(each, also={"op": "replace", "path": "userName", "value": ""})
    add_mapping(page, site, "IT administrators")
    refused(page, site, microsoft, oid=EVA, preferred_username="eva@example.org")
    page.goto(f"{site}/settings/conflicts")
    for each in staff[0].user_name, staff[3].user_name, "grace":
        name = re.compile(f"Open the conflict of {each}")
        expect(page.get_by_role("link", name=name)).to_be_visible()


def show_reference(page, site, people, jane, microsoft):
    """The reference of a refused sign-in, looked up by an administrator."""
    people.local("eva@example.org")
    shown = refused(
        page, site, microsoft, oid=EVA, preferred_username="eva@example.org"
    )
    page.goto(f"{site}{PROBLEMS}")
    expect(page.get_by_role("cell", name="of the local account")).to_be_visible()
    expect(page.get_by_role("table").last).to_contain_text(shown)
    page.get_by_role("searchbox").fill(shown.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text("of the local account").first).to_be_visible()


def show_unknown_reference(page, site, *_):
    page.goto(f"{site}{PROBLEMS}?q=ABCD-EFGH")
    expect(page.get_by_text("No refused sign-in has this reference")).to_be_visible()


def show_mapping(page, site, people, jane, microsoft):
    eva = people.provisioned("eva@example.org")
    people.group("IT administrators", jane, eva)
    ask_for_mapping(page, site, "IT administrators")
    expect(page.get_by_role("heading", name="2 people become")).to_be_visible()


def show_outdated_mapping(page, site, people, jane, microsoft):
    group = people.group("IT administrators", jane)
    ask_for_mapping(page, site, "IT administrators")
    people.add(group, people.provisioned("eva@example.org"))
    page.get_by_role("button", name="Add mapping").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("eva@example.org")


def show_person_in_conflict(page, site, people, jane, microsoft):
    """An administrator whose externalId changed, linked under another name."""
    guest = page.context.browser.new_page()
    microsoft.claims = {"preferred_username": "jane.bakker@example.org"}
    press(guest, site)
    guest.wait_for_url(f"{site}/")
    guest.close()
    page.goto(f"{site}/settings/users/{jane.id}")
    page.get_by_role("link", name="Make an administrator …").click()
    page.get_by_role("button", name="Make an administrator").click()
    people.change(jane, externalId=OTHER)
    page.reload()
    expect(page.get_by_role("button", name="Confirm this object ID")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("had a different user name")


def show_outdated_confirmation(page, site, people, jane, microsoft):
    show_person_in_conflict(page, site, people, jane, microsoft)
    people.change(jane, externalId=EVA)
    page.get_by_role("button", name="Confirm this object ID").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("nothing was confirmed")
    expect(page.get_by_role("main")).to_contain_text(EVA)


def show_confirmed(page, site, people, jane, microsoft):
    show_person_in_conflict(page, site, people, jane, microsoft)
    page.get_by_role("button", name="Confirm this object ID").click()
    expect(page.get_by_role("status")).to_contain_text("can now sign in with")


def show_deleted(page, site, people, jane, microsoft):
    people.block(jane)
    people.delete(jane)
    for name, external_id in (("karin@example.org", OTHER), ("piet@example.org", None)):
        more = {"externalId": external_id} if external_id else {}
        people.delete(people.provisioned(name, **more))
    page.goto(f"{site}/settings/users")
    page.get_by_role("link", name="Deleted people").click()
    heading(page, "Deleted people")
    for name in ("karin@example.org", "piet@example.org"):
        button = f"Allow a sign-in to create {name} again"
        expect(page.get_by_role("button", name=button)).to_be_visible()
    lift = page.get_by_role("button", name="Lift block of jane@example.org")
    expect(lift).to_be_visible()


def show_nobody_deleted(page, site, *_):
    page.goto(f"{site}/settings/users/deleted")
    expect(page.get_by_text("Nobody was deleted")).to_be_visible()


class Provisioning:
    """Microsoft Entra ID, as a SCIM client of the server."""

    def __init__(self, page, site, people):
        self.path = f"{site}/scim/v2/Users"
        self.requests = page.request
        with people.app.app_context(), database.write() as connection:
            secret = scim_tokens.issue(connection, COMMAND_LINE, "test", "n" * 20)
        self.headers = {"Authorization": f"Bearer {secret}"}

    def create(self, user_name):
        body = {
            "schemas": [USER_SCHEMA],
            "userName": user_name,
            "externalId": EVA,
            "emails": [{"type": "work", "value": "grace@example.org"}],
        }
        answer = self.requests.post(self.path, headers=self.headers, data=body)
        assert answer.status == 409, answer.text()

    def disable(self, person, also):
        off = {"op": "replace", "path": "active", "value": False}
        answer = self.requests.patch(
            f"{self.path}/{person.id}",
            headers=self.headers,
            data={"schemas": [PATCH], "Operations": [off, also]},
        )
        assert answer.status == 400, answer.text()


def ask_for_mapping(page, site, group):
    page.goto(f"{site}{PAGE}/roles")
    page.get_by_label("Or a group").fill(group)
    page.get_by_role("button", name="Add mapping…").click()
    heading(page, "Add this mapping?")


def add_mapping(page, site, group):
    ask_for_mapping(page, site, group)
    page.get_by_role("button", name="Add mapping").click()
    page.wait_for_url(f"{site}{PAGE}/roles")


def refused(page, site, microsoft, **claims):
    """Try to sign in and be refused; return the reference that is shown."""
    guest = page.context.browser.new_page()
    microsoft.claims = claims
    press(guest, site)
    shown = guest.get_by_text("with the reference").locator("strong").inner_text()
    guest.close()
    return shown


def show_force(page, site, *_):
    page.goto(f"{site}{PAGE}/sign-in")
    page.get_by_role("link", name="Test sign-in").click()
    page.goto(f"{site}{PAGE}/sign-in-options")
    page.get_by_role("switch", name="Force").check()
    page.get_by_role("button", name="Save Force").click()
    expect(page.get_by_role("switch", name="Force")).to_be_checked()


def show_form_errors(page, site, *_):
    page.goto(f"{site}{PAGE}/sign-in")
    page.get_by_label("Directory (tenant) ID").fill("nonsense")
    page.get_by_role("button", name="Save app registration").click()
    expect(page.get_by_role("alert")).to_be_focused()


def show_another_directory(page, site, *_):
    page.goto(f"{site}{PAGE}/sign-in")
    page.get_by_role("link", name="Test sign-in").click()
    guest = page.context.browser.new_page()
    press(guest, site)
    guest.close()
    page.goto(f"{site}{PAGE}/sign-in")
    page.get_by_label("Directory (tenant) ID").fill(OTHER)
    page.get_by_role("button", name="Save app registration").click()
    heading(page, "Change to another directory?")


def show_test_sign_in(page, site, *_):
    page.goto(f"{site}/sign-in/microsoft/test")
    heading(page, "Test sign-in")


def show_failed_test_sign_in(page, site, people, jane, microsoft):
    microsoft.secret = "another"
    show_test_sign_in(page, site)
    expect(page.get_by_role("alert")).to_be_focused()


def show_connecting(page, site, people, jane, microsoft):
    people.local("grace")
    microsoft.claims = {"oid": OTHER}
    page.context.clear_cookies()
    sign_in_locally(page, site, "grace")
    page.goto(f"{site}/account")
    page.get_by_role("button", name="Connect Microsoft").click()
    page.get_by_role("link", name="Continue to Microsoft").click()
    heading(page, "Connect these two accounts?")


def show_reauthentication(page, site, *_):
    page.goto(site + PAGE)
    with page.expect_navigation():
        page.get_by_label("Label", exact=True).fill("kept")
        page.get_by_role("button", name="Generate Token").click()
    heading(page, "Confirm your identity")
    expect(page.get_by_label("Password")).to_be_focused()


def show_refusal(page, site, people, jane, microsoft):
    page.context.clear_cookies()
    microsoft.error = {
        "error": "access_denied",
        "error_description": f"AADSTS50105: No. Trace ID: {JANE}",
    }
    press(page, site)
    heading(page, "You have not been given access")


def show_account(page, site, *_):
    page.context.clear_cookies()
    press(page, site)
    page.goto(f"{site}/account")
    expect(page.get_by_role("main")).to_contain_text("Connected with")


def show_unknown_account(page, site, people, jane, microsoft):
    page.context.clear_cookies()
    microsoft.claims = {"oid": OTHER, "preferred_username": "eva@example.org"}
    press(page, site)
    heading(page, "There is no account here for you yet")
    expect(page.get_by_text("with the reference")).to_be_visible()


def show_test_sign_in_without_account(page, site, people, jane, microsoft):
    people.local("eva@example.org")
    microsoft.claims = {"oid": OTHER, "preferred_username": "eva@example.org"}
    show_test_sign_in(page, site)
    expect(page.get_by_role("main")).to_contain_text(
        "This Microsoft account cannot sign in"
    )


PAGES = [
    show_settings,
    show_identities,
    show_reference,
    show_mapping,
    show_person_in_conflict,
    show_deleted,
    show_force,
    show_form_errors,
    show_failed_test_sign_in,
    show_connecting,
    show_refusal,
]
# Other states of these pages, which `make test-long` looks at.
STATES = [
    show_unknown_reference,
    show_outdated_mapping,
    show_outdated_confirmation,
    show_confirmed,
    show_nobody_deleted,
    show_unknown_account,
    show_test_sign_in_without_account,
    show_another_directory,
    show_test_sign_in,
    show_account,
]


@pytest.mark.repeated
@pytest.mark.parametrize(
    "show",
    [*PAGES, *(pytest.param(each, marks=pytest.mark.long) for each in STATES)],
    ids=lambda each: each.__name__,
)
def test_every_page_is_accessible(page, site, people, jane, microsoft, show):
    sign_in_locally(page, site, "ada")
    show(page, site, people, jane, microsoft)
    check_page(page)


def test_a_submitted_form_is_completed_after_reauthentication(page, site, domain):
    sign_in_locally(page, site, "ada")
    long_ago = now() - timedelta(minutes=11)
    domain(
        lambda each: each.execute(update(SESSIONS).values(authenticated_at=long_ago))
    )
    show_reauthentication(page, site)
    check_page(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("textbox", name="Token")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("kept")
