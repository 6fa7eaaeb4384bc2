"""Settings > System > Microsoft Entra ID: the connection, Force, matching, roles."""

import html
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update
from tenant import CLIENT, JANE, OTHER, SECRET, TENANT

from helpers import PASSWORD
from netpresenter_next import database
from netpresenter_next.models import JOURNAL, SCIM_TOKENS, SESSIONS, USERS, now
from netpresenter_next.registration import registration
from netpresenter_next.sign_in_models import IDENTITIES, ROLE_MAPPINGS, SIGN_IN_SETTINGS
from visitors import hidden, signed_in

PAGE = "/settings/system/microsoft-entra-id"
CLOUD = "https://login.microsoftonline.com"


@pytest.fixture
def admin(app, people):
    return signed_in(app, "ada")


def save(client, **fields):
    values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET, **fields}
    return client.submit(f"{PAGE}/sign-in", page=PAGE, **values)


def stored(rows):
    (row,) = rows(select(SIGN_IN_SETTINGS))
    return row


def text_of(answer):
    return " ".join(html.unescape(answer.text).split())


def test_the_connection_is_saved_and_holds_without_a_restart(
    app, admin, jane, sign_in, rows, microsoft
):
    assert app.test_client().get("/sign-in/microsoft").status_code == 404
    assert save(admin).status_code == 303
    assert sign_in(app.test_client()).status_code == 303
    save(admin, secret="another")
    microsoft.secret = "another"
    assert sign_in(app.test_client()).status_code == 303
    actions = [each.action for each in rows(select(JOURNAL))]
    assert actions.count("Changed settings") == 2


def test_the_secret_is_never_in_a_page_nor_in_the_database(admin, rows, app):
    save(admin)
    assert SECRET not in admin.get(PAGE).text
    assert SECRET.encode() not in stored(rows).secret
    assert SECRET not in str(rows(select(JOURNAL)))
    save(admin, secret="", client_id=OTHER)  # empty keeps it
    with app.app_context(), database.read() as connection:
        known = registration(connection)
    assert (known.secret, known.client_id) == (SECRET, OTHER)


def test_the_addresses_to_register_are_shown(admin):
    page = admin.get(PAGE).text
    for path in ("", "/callback", "/front-channel-logout"):
        assert f'value="http://localhost/sign-in/microsoft{path}"' in page


@pytest.mark.parametrize(
    "tenant",
    ["common", "organizations", "consumers", "../", "evil.example/x", "a b",
     "9188040d-6c67-4c5b-b112-36a304b66dad", "http://169.254.169.254", "10.0.0.1",
     "localhost"],
)  # fmt: skip
def test_a_tenant_that_is_none_is_refused(admin, rows, microsoft, tenant):
    answer = save(admin, tenant_id=tenant)
    assert answer.status_code == 400
    assert "Enter the directory (tenant) ID, a GUID." in text_of(answer)
    assert stored(rows).tenant_id is None
    assert microsoft.requests == []


def test_a_client_id_that_is_none_is_refused(admin, rows):
    assert save(admin, client_id="my-app").status_code == 400
    assert stored(rows).client_id is None


def test_a_domain_becomes_the_tenant_id(admin, rows, microsoft):
    assert save(admin, tenant_id="Example.ORG").status_code == 303
    assert stored(rows).tenant_id == TENANT
    assert "/example.org/v2.0" in microsoft.requests[0][1]
    microsoft.down = True
    answer = save(admin, tenant_id="other.example.org")
    assert answer.status_code == 400
    assert "could not be asked which directory" in text_of(answer)


def test_a_directory_that_microsoft_does_not_know_is_not_saved(admin, rows, microsoft):
    microsoft.unknown = {OTHER, "typo.example.org"}
    for tenant in microsoft.unknown:
        answer = save(admin, tenant_id=tenant)
        assert answer.status_code == 400
        assert "knows no such directory" in text_of(answer)
    assert stored(rows).tenant_id is None


def test_a_directory_is_saved_while_microsoft_cannot_be_reached(admin, rows, microsoft):
    microsoft.down = True
    assert save(admin).status_code == 303
    assert stored(rows).tenant_id == TENANT


def test_another_directory_is_confirmed_and_ends_the_sessions_of_the_first(
    app, admin, jane, sign_in, rows
):
    save(admin)
    browser = app.test_client()
    sign_in(browser)
    asked = save(admin, tenant_id=OTHER, secret="of the other one")
    assert asked.status_code == 409
    assert "of the other one" not in asked.text
    assert "1 person is connected with a Microsoft account" in text_of(asked)
    assert stored(rows).tenant_id == TENANT
    assert browser.is_in()
    answer = admin.post(f"{PAGE}/sign-in", data=hidden(asked.text))
    assert answer.status_code == 303
    assert stored(rows).tenant_id == OTHER
    assert rows(select(IDENTITIES)) == []
    assert not browser.is_in()
    assert admin.is_in()
    with app.app_context(), database.read() as connection:
        assert registration(connection).secret == "of the other one"


def test_a_form_that_another_one_overtook_changes_nothing(admin, rows):
    save(admin)
    form = hidden(admin.get(PAGE).text)
    save(admin, secret="newer")
    late = {**form, "tenant_id": OTHER, "client_id": CLIENT}
    for version in (form["version"], "abc", "", "9" * 5000):
        answer = admin.post(f"{PAGE}/sign-in", data={**late, "version": version})
        assert answer.status_code == 409
        assert "changed these settings meanwhile" in text_of(answer)
        assert f'value="{OTHER}"' in answer.text  # nothing typed is lost
    assert stored(rows).tenant_id == TENANT


def test_variables_win_over_the_page_and_are_shown_as_such(make_app, people, microsoft):
    app = make_app(
        entra_authority=microsoft.authority,
        entra_tenant_id=TENANT,
        entra_client_secret=SECRET,
    )
    people.app = app
    admin = signed_in(app, "ada")
    page = admin.get(PAGE).text
    for name in ("TENANT_ID", "CLIENT_SECRET", "AUTHORITY"):
        assert f"NETPRESENTER_ENTRA_{name}</code>, which wins" in page
    assert SECRET not in page
    save(admin, tenant_id=OTHER)
    with app.app_context(), database.read() as connection:
        assert registration(connection).tenant_id == TENANT


# ------------------------------------------------------------------ the test sign-in
def test_a_test_sign_in_shows_what_came_and_whose_account_it_is(
    admin, jane, sign_in, microsoft, rows
):
    save(admin)
    assert "Not tested" in admin.get(PAGE).text
    microsoft.claims = {"roles": ["Admin"]}
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    for words in (TENANT, JANE, "Jane Bakker", "Admin", "externalId", "Sign-in with"):
        assert words in page
    assert "Tested" in admin.get(PAGE).text
    assert len(rows(select(SESSIONS))) == 1  # nobody was signed in by it
    assert admin.is_in()
    save(admin, secret="another")
    assert "Not tested" in admin.get(PAGE).text


def test_a_test_sign_in_of_somebody_without_an_account_says_so(admin, sign_in, people):
    save(admin)
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    assert "would not be let in" in page


def test_a_test_sign_in_of_somebody_disabled_says_so(admin, jane, sign_in, people):
    save(admin)
    people.change(jane, active=False)
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    assert "jane@example.org is disabled" in page
    assert "would not be let in" in page


def test_a_test_sign_in_that_fails_says_what_to_do_and_tests_nothing(
    admin, sign_in, microsoft, rows
):
    save(admin)
    microsoft.claims = {"aud": "another"}
    answer = sign_in(admin, "/sign-in/microsoft/test")
    assert answer.status_code == 400
    page = text_of(answer)
    assert "InvalidClaimError aud" in page
    assert "Check the application (client) ID" in page
    assert 'href="/sign-in/microsoft/test"' in page
    assert f'href="{PAGE}"' in page
    assert stored(rows).tested_fingerprint is None


def test_a_secret_that_microsoft_refuses_is_no_longer_tested(
    app, ready, jane, sign_in, microsoft, rows
):
    microsoft.secret = "expired"
    page = text_of(sign_in(ready, "/sign-in/microsoft/test"))
    assert "AADSTS7000215: Invalid secret." in page
    assert "Paste the value of the client secret, not its ID" in page
    page = text_of(ready.get(PAGE))
    assert "Microsoft refuses the client secret" in page
    assert "Not tested" in page
    assert switch(ready, force="on").status_code == 409
    microsoft.secret = SECRET
    assert sign_in(app.test_client()).status_code == 303
    assert "Microsoft refuses" not in text_of(ready.get("/"))


def test_who_is_no_administrator_any_more_tests_nothing(
    app, people, ready, at_microsoft, domain, rows
):
    people.local("linus")
    domain(lambda each: each.execute(update(USERS).values(role="administrator")))
    linus = signed_in(app, "linus")
    back = at_microsoft(linus, "/sign-in/microsoft/test")
    demoted = update(USERS).where(USERS.c.user_name == "linus").values(role="user")
    domain(lambda each: each.execute(demoted))
    tested = stored(rows).tested_at
    answer = linus.get(back)
    assert answer.status_code == 403
    assert JANE not in answer.text
    assert stored(rows).tested_at == tested


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("admin_consent=True&tenant=evil&state=admin-consent", 200, "Approved, says"),
        ("error=access_denied&state=admin-consent", 400, "Not approved, says"),
        ("admin_consent=True&tenant=evil&state=other", 400, "has expired"),
        ("admin_consent=True", 400, "has expired"),
    ],
)
def test_an_approval_is_only_a_message_whatever_directory_it_names(
    app, admin, rows, query, status, words
):
    save(admin)
    before = stored(rows), rows(select(JOURNAL))
    for browser in (admin, app.test_client()):
        answer = browser.get(f"/sign-in/microsoft/callback?{query}")
        assert answer.status_code == status
        assert words in answer.text
        assert "evil" not in answer.text
    assert (stored(rows), rows(select(JOURNAL))) == before


def test_the_link_for_the_approval_is_there_to_copy(admin):
    save(admin)
    (link,) = re.findall(r'id="consent-url"[^>]* value="([^"]+)"', admin.get(PAGE).text)
    url = urlsplit(html.unescape(link))
    assert url.path == f"/{TENANT}/v2.0/adminconsent"
    asked = {name: each for name, (each,) in parse_qs(url.query).items()}
    assert asked["client_id"] == CLIENT
    assert asked["redirect_uri"] == "http://localhost/sign-in/microsoft/callback"
    assert asked["state"] == "admin-consent"


def test_only_administrators_test(app, people, microsoft):
    people.local("linus")
    browser = signed_in(app, "linus")
    assert browser.get("/sign-in/microsoft/test").status_code == 403


def test_the_mapping_check_says_what_to_change(admin, people):
    people.provisioned("a@example.org", externalId="a")
    people.provisioned("b@example.org", externalId=JANE)
    page = text_of(admin.get(PAGE))
    assert "1 of 2 provisioned people" in page
    assert "mailNickname" in page


def test_refused_sign_ins_are_shown_to_administrators(
    app, admin, jane, people, sign_in
):
    save(admin)
    people.change(jane, externalId=OTHER)
    sign_in(app.test_client())
    page = text_of(admin.get(PAGE))
    assert "Sign-ins that were refused" in page
    assert "There is no account for jane@example.org." in page


def test_what_a_browser_brings_is_not_written_into_the_page_of_administrators(
    app, admin, at_microsoft, microsoft, caplog
):
    save(admin)
    microsoft.error = {
        "error": "access_denied",
        "error_description": "AADSTS50105: Phone me now\nINFO ada signed in",
    }
    stranger = app.test_client()
    stranger.get(at_microsoft(stranger))
    page = text_of(admin.get(PAGE))
    assert "Not assigned: access_denied AADSTS50105" in page
    assert "Phone me" not in page
    (line,) = [each for each in caplog.messages if "Phone me" in each]
    assert "\n" not in line


def test_a_conflict_is_shown_until_it_is_solved_whatever_else_is_refused(
    app, admin, jane, people, sign_in, microsoft
):
    save(admin)
    sign_in(app.test_client())
    people.change(jane, externalId=OTHER)
    for error in ({"error": "access_denied"}, None):
        microsoft.error = error
        sign_in(app.test_client())
    page = text_of(admin.get(PAGE))
    assert "Conflicts" in page
    assert f"provisioning says {OTHER}" in page
    assert f'href="/settings/users/{jane.id}"' in page
    people.change(jane, externalId=JANE)
    assert sign_in(app.test_client()).status_code == 303
    assert f"provisioning says {OTHER}" not in text_of(admin.get(PAGE))


@pytest.mark.parametrize("is_set_up", [False, True])
def test_going_to_microsoft_writes_nothing(app, admin, microsoft, rows, is_set_up):
    if is_set_up:
        save(admin)
        microsoft.down = True
    before = rows(select(JOURNAL))
    assert app.test_client().get("/sign-in/microsoft").status_code in (404, 503)
    assert rows(select(JOURNAL)) == before


# ------------------------------------------------------------------ Force
@pytest.fixture
def ready(admin, jane, people, sign_in):
    people.give_password(jane)
    save(admin)
    sign_in(admin, "/sign-in/microsoft/test")
    return admin


def switch(client, **fields):
    return client.submit(f"{PAGE}/sign-in-options", page=PAGE, **fields)


def test_force_is_switched_on_and_off_on_the_page(app, ready, jane, people):
    hers = signed_in(app, "jane@example.org")
    page = text_of(ready.get(PAGE))
    assert "1 person with a Microsoft Entra account" in page
    assert "kept by: ada" in page
    assert switch(ready, force="on").status_code == 303
    assert not hers.is_in()
    assert app.test_client().sign_in("jane@example.org").status_code == 401
    assert "sign in with Microsoft only" in app.test_client().get("/sign-in").text
    assert switch(ready).status_code == 303
    assert signed_in(app, "jane@example.org")


def test_a_forged_form_cannot_force_what_is_not_tested(admin, rows):
    save(admin)
    answer = switch(admin, force="on")
    assert answer.status_code == 409
    assert "test sign-in" in answer.text
    assert not stored(rows).is_forced


def test_a_form_without_the_switch_changes_nothing(ready, rows):
    switch(ready, force="on")
    form = {**hidden(ready.get(PAGE).text)}
    del form["form"]
    ready.post(f"{PAGE}/sign-in-options", data=form)
    assert stored(rows).is_forced


@pytest.fixture
def stale(ready, domain):
    """An administrator who proved eleven minutes ago who they are."""
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    return ready


def test_force_wants_a_recent_proof_which_may_come_along(stale, rows):
    asked = switch(stale, force="on")
    assert asked.status_code == 403
    assert "Confirm that it is you" in asked.text
    assert not stored(rows).is_forced
    path, kept = f"{PAGE}/sign-in-options", hidden(asked.text)
    assert f'action="{path}"' in asked.text
    refused = stale.post(path, data={**kept, "password_again": "wrong"})
    assert refused.status_code == 403
    assert "not your password" in refused.text
    assert "wrong" not in refused.text
    assert not stored(rows).is_forced
    kept = hidden(refused.text)
    answer = stale.post(path, data={**kept, "password_again": PASSWORD})
    assert answer.location == PAGE
    assert stored(rows).is_forced


def test_a_proof_that_comes_along_is_throttled(stale, rows):
    path, kept = f"{PAGE}/sign-in-options", {"force": "on", "password_again": "wrong"}
    form = {**hidden(stale.get(PAGE).text), **kept}
    statuses = [stale.post(path, data=form).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    assert not stored(rows).is_forced


def test_a_form_that_was_sealed_opens_for_nobody_else_and_nowhere_else(
    app, stale, people, rows, monkeypatch
):
    asked = switch(stale, force="on")
    form = {**hidden(asked.text), "password_again": PASSWORD}
    assert stale.post(f"{PAGE}/matching", data=form).status_code == 400
    eva = people.local("eva", role="administrator")
    other = signed_in(app, "eva")
    mine = hidden(other.get("/account").text)["csrf_token"]
    path = f"{PAGE}/sign-in-options"
    answer = other.post(path, data={**form, "csrf_token": mine})
    assert answer.status_code == 400
    for sealed in ("", "x", "é" * 40, form["sealed_form"][:-2]):
        assert stale.post(path, data={**form, "sealed_form": sealed}).status_code == 400
    later = time.time() + 601
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: later)
    assert stale.post(path, data=form).status_code == 400
    assert not stored(rows).is_forced
    assert eva


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"tenant_id": OTHER, "authority": CLOUD, "version": "2"}),
        ("/matching", {"idle_minutes": "10", "absolute_hours": "2"}),
        ("/roles", {"app_role": "Admin"}),
        ("/token", {"label": "x"}),
    ],
)
def test_what_matters_wants_a_recent_proof_and_loses_nothing(stale, rows, path, fields):
    def state():
        tables = (SIGN_IN_SETTINGS, ROLE_MAPPINGS, SCIM_TOKENS)
        return [rows(select(table)) for table in tables]

    before = state()
    asked = stale.submit(PAGE + path, page=PAGE, **fields)
    assert asked.status_code == 403
    assert state() == before
    kept = hidden(asked.text)
    assert not set(fields) & set(kept)  # carried, but nobody can read it in the page
    answer = stale.post(PAGE + path, data={**kept, "password_again": PASSWORD})
    assert answer.status_code in (200, 303)
    assert state() != before


# ------------------------------------------------------------------ sessions, roles
def test_the_limits_of_sessions_are_settings(app, admin, people, domain):
    fields = {"idle_minutes": "10", "absolute_hours": "2"}
    assert admin.submit(f"{PAGE}/matching", page=PAGE, **fields).status_code == 303
    people.local("linus")
    browser = signed_in(app, "linus")
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=9))
        )
    )
    assert browser.is_in()
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=11))
        )
    )
    assert not browser.is_in()


@pytest.mark.parametrize("minutes", ["4", "0", "-1", "x", "99999"])
def test_limits_that_make_no_sense_are_refused(admin, rows, minutes):
    fields = {"idle_minutes": minutes, "absolute_hours": "2"}
    assert admin.submit(f"{PAGE}/matching", page=PAGE, **fields).status_code == 400
    assert stored(rows).idle_minutes == 480


def test_mappings_are_made_and_removed(admin, people, rows):
    people.group("Helpdesk")
    for fields in ({"app_role": "Admin"}, {"group": "HELPdesk"}):
        answer = admin.submit(f"{PAGE}/roles", page=PAGE, **fields)
        assert answer.status_code == 303
    page = admin.get(PAGE).text
    removals = re.findall(rf'action="({PAGE}/roles/[^"]+/remove)"', page)
    assert len(removals) == 2
    assert admin.submit(removals[0], page=PAGE).status_code == 303
    assert admin.submit(removals[0], page=PAGE).status_code == 404
    assert len(rows(select(ROLE_MAPPINGS))) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "one of the two"),
        ({"app_role": "A", "group": "Helpdesk"}, "one of the two"),
        ({"app_role": "x" * 121}, "at most 120"),
        ({"group": "nobody's"}, "no group named"),
    ],
)
def test_a_mapping_of_nothing_is_refused_on_the_page(admin, people, fields, reason):
    people.group("Helpdesk")
    answer = admin.submit(f"{PAGE}/roles", page=PAGE, **fields)
    assert answer.status_code == 400
    assert reason in text_of(answer)


def test_an_administrator_forgets_an_identity(app, ready, jane, sign_in, rows):
    browser = app.test_client()
    sign_in(browser)
    page = f"/settings/users/{jane.id}"
    assert JANE in ready.get(page).text
    answer = ready.submit(f"{page}/forget-microsoft", page=page)
    assert answer.status_code == 303
    assert not browser.is_in()
    assert sign_in(browser).status_code == 303
    assert rows(select(USERS.c.id).where(USERS.c.id == jane.id))
