"""The test sign-in, admin consent, and the failures that administrators see."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from settings_page import PAGE, save, stored, switch, text_of
from sqlalchemy import select, update
from tenant import CLIENT, JANE, OTHER, SECRET, TENANT

from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, USERS
from visitors import signed_in


def test_a_test_sign_in_shows_the_claims_and_the_matching_account(
    admin, jane, sign_in, microsoft, rows
):
    save(admin)
    assert "Not tested" in admin.get(f"{PAGE}/sign-in").text
    microsoft.claims = {"roles": ["Admin"]}
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    for words in (TENANT, JANE, "Jane Bakker", "Admin", "externalId", "Sign-in with"):
        assert words in page
    assert "Tested" in admin.get(f"{PAGE}/sign-in").text
    assert len(rows(select(SESSIONS))) == 1  # the test signed nobody in
    assert admin.is_in()
    save(admin, secret="another")
    assert "Not tested" in admin.get(f"{PAGE}/sign-in").text


def test_a_test_sign_in_of_a_user_without_an_account_says_so(admin, sign_in, people):
    save(admin)
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    assert "This Microsoft account cannot sign in" in page


def test_a_test_sign_in_of_a_disabled_user_says_so(admin, jane, sign_in, people):
    save(admin)
    people.change(jane, active=False)
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    assert "Provisioning disabled jane@example.org." in page
    assert "This Microsoft account cannot sign in" in page


def test_a_failed_test_sign_in_says_what_to_do_and_does_not_count(
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
    assert f'href="{PAGE}/sign-in"' in page
    assert stored(rows).tested_fingerprint is None


def test_a_connection_whose_secret_is_refused_is_no_longer_tested(
    app, ready, jane, sign_in, microsoft, rows
):
    microsoft.secret = "expired"
    page = text_of(sign_in(ready, "/sign-in/microsoft/test"))
    assert "AADSTS7000215: Invalid secret." in page
    assert "Enter the value of the client secret, not its ID" in page
    page = text_of(ready.get(f"{PAGE}/sign-in"))
    assert "Microsoft refuses the client secret" in page
    assert "Not tested" in page
    assert switch(ready, force="on").status_code == 409
    microsoft.secret = SECRET
    assert sign_in(app.test_client()).status_code == 303
    assert "Microsoft refuses" not in text_of(ready.get("/"))


def test_a_demoted_administrator_cannot_complete_a_test_sign_in(
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
        ("admin_consent=True&tenant=evil&state=admin-consent", 200, "Consent granted"),
        ("error=access_denied&state=admin-consent", 400, "Consent not granted"),
        ("admin_consent=True&tenant=evil&state=other", 400, "has expired"),
        ("admin_consent=True", 400, "has expired"),
    ],
)
def test_the_answer_to_admin_consent_only_shows_a_message(
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


def test_the_link_for_admin_consent_can_be_copied(admin):
    save(admin)
    (link,) = re.findall(
        r'id="consent-url"[^>]* value="([^"]+)"', admin.get(f"{PAGE}/sign-in").text
    )
    url = urlsplit(html.unescape(link))
    assert url.path == f"/{TENANT}/v2.0/adminconsent"
    asked = {name: each for name, (each,) in parse_qs(url.query).items()}
    assert asked["client_id"] == CLIENT
    assert asked["redirect_uri"] == "http://localhost/sign-in/microsoft/callback"
    assert asked["state"] == "admin-consent"


def test_only_administrators_can_test_the_connection(app, people, microsoft):
    people.local("linus")
    browser = signed_in(app, "linus")
    assert browser.get("/sign-in/microsoft/test").status_code == 403


def test_the_mapping_check_says_what_to_change(admin, people):
    people.provisioned("a@example.org", externalId="a")
    people.provisioned("b@example.org", externalId=JANE)
    page = text_of(admin.get(f"{PAGE}/checks"))
    assert "1 of 2 people whom provisioning can see" in page
    assert "mailNickname" in page


def test_refused_sign_ins_are_shown_to_administrators(
    app, admin, jane, people, sign_in
):
    save(admin)
    people.change(jane, externalId=OTHER)
    sign_in(app.test_client())
    page = text_of(admin.get("/settings/sign-in-problems"))
    assert "whose externalId is another object ID" in page


def test_error_descriptions_are_not_shown_to_administrators(
    app, admin, at_microsoft, microsoft, caplog
):
    save(admin)
    microsoft.error = {
        "error": "access_denied",
        "error_description": "AADSTS50105: Phone me now\nINFO ada signed in",
    }
    stranger = app.test_client()
    stranger.get(at_microsoft(stranger))
    page = text_of(admin.get("/settings/sign-in-problems"))
    assert "AADSTS50105" in page
    assert "Phone me" not in page
    (line,) = [each for each in caplog.messages if "Phone me" in each]
    assert "\n" not in line


def test_a_conflict_is_shown_until_it_is_resolved(
    app, admin, jane, people, sign_in, microsoft
):
    save(admin)
    sign_in(app.test_client())
    people.change(jane, externalId=OTHER)
    for error in ({"error": "access_denied"}, None):
        microsoft.error = error
        sign_in(app.test_client())
    page = text_of(admin.get("/settings/conflicts"))
    assert f"the object ID {OTHER} for jane@example.org, but a different" in page
    assert f'href="/settings/users/{jane.id}"' in page
    people.change(jane, externalId=JANE)
    assert sign_in(app.test_client()).status_code == 303
    assert f"the object ID {OTHER}" not in text_of(admin.get("/settings/conflicts"))


@pytest.mark.parametrize(("is_set_up", "status"), [(False, 404), (True, 503)])
def test_failing_to_start_a_sign_in_writes_no_journal_entry(
    app, admin, microsoft, rows, is_set_up, status
):
    if is_set_up:
        save(admin)
        microsoft.down = True
    before = rows(select(JOURNAL))
    assert app.test_client().get("/sign-in/microsoft").status_code == status
    assert rows(select(JOURNAL)) == before
