"""A refused user sees a reference by which administrators find the cause."""

import re
from datetime import timedelta

import pytest
from connecting import CONNECT, to_confirmation
from settings_page import text_of
from tenant import JANE, OTHER, claims_of

from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import microsoft_failures

PROBLEMS = "/settings/sign-in-problems"
EVA = "eeee0000-1111-2222-3333-444444444444"
REFERENCE = re.compile(r"\b[A-Z2-7]{4}-[A-Z2-7]{4}\b")
CAUSE = "has the user name of the local account eva@example.org"


@pytest.fixture
def refuse(app, configured, people, microsoft, sign_in):
    """Refuses a sign-in; returns the page that the person sees."""
    people.local("eva@example.org")

    def refuse(object_id=EVA, user_name="eva@example.org"):
        microsoft.claims = {"oid": object_id, "preferred_username": user_name}
        answer = sign_in(app.test_client())
        assert answer.status_code == 403
        return text_of(answer)

    return refuse


def reference_in(page):
    (reference,) = set(REFERENCE.findall(page))
    return reference


def look_up(admin, reference):
    answer = admin.get(PROBLEMS, query_string={"q": reference})
    assert answer.status_code == 200
    return text_of(answer)


def test_a_reference_shows_the_cause_after_many_other_refusals(refuse, admin):
    shown = refuse()
    assert "There is no account here for you yet" in shown
    assert "local account eva@example.org" not in shown
    reference = reference_in(shown)
    for number in range(10):
        refuse(f"{number:08}-1111-2222-3333-444444444444", f"x{number}@example.org")
    page = look_up(admin, reference)
    assert page.count(f"eva@example.org ({EVA}) {CAUSE}") == 1
    assert "eva@example.org can sign in with the local password." in page
    assert "press Rename on the page of the local account" in page
    assert "x9@example.org" not in page


@pytest.mark.parametrize(
    "rewrite",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f" {code.replace('-', ' – ')} ",
        lambda code: code.translate(str.maketrans("OIB", "018")),
    ],
    ids=["lower case", "no hyphen", "spaces", "similar digits"],
)
def test_a_reference_is_found_in_any_spelling(refuse, admin, rewrite):
    assert CAUSE in look_up(admin, rewrite(reference_in(refuse())))


def test_a_reference_does_not_reveal_the_cause_to_the_user(refuse, admin, people, jane):
    """Otherwise a directory user could find out which user names exist here."""
    people.change(jane, active=False)
    disabled = reference_in(refuse(JANE, "jane@example.org"))
    people.block(jane)
    blocked = reference_in(refuse(JANE, "jane@example.org"))
    assert disabled == blocked
    found = look_up(admin, disabled)
    assert "Provisioning disabled jane@example.org" in found
    assert "jane@example.org is blocked" in found


def test_an_existing_user_name_changes_neither_reference_nor_page(
    refuse, people, options
):
    options(match_user_names=True)
    people.provisioned("tim@example.org", externalId=JANE)
    names = ("nobody@example.org", "ada", "tim@example.org")
    pages = [refuse(OTHER, name) for name in names]
    assert len({reference_in(page) for page in pages}) == 1
    assert all("There is no account here for you yet" in page for page in pages)


def test_a_refusal_after_midnight_has_a_new_reference_that_works(
    refuse, admin, monkeypatch
):
    first = reference_in(refuse())
    tomorrow = now() + timedelta(days=1)
    monkeypatch.setattr(microsoft_failures, "now", lambda: tomorrow)
    second = reference_in(refuse())
    assert first != second
    assert CAUSE in look_up(admin, second)


def test_an_error_before_the_user_is_known_has_a_reference(
    browser, admin, sign_in, microsoft
):
    microsoft.error = {"error": "access_denied", "error_description": "AADSTS50105: x"}
    page = look_up(admin, reference_in(text_of(sign_in(browser))))
    assert "failed before Microsoft said whose it was" in page
    assert "not assigned to the application" in page
    assert "access_denied AADSTS50105" in page


def test_a_refused_connection_shows_a_reference(
    grace, jane, accept_sign_in, at_microsoft, sign_in, admin
):
    accept_sign_in(claims_of())
    to_confirmation(grace, at_microsoft)
    answer = grace.submit(CONNECT)
    assert answer.status_code == 409
    page = look_up(admin, reference_in(text_of(answer)))
    assert "Somebody tried to connect the Microsoft account jane@example.org" in page


def test_an_unknown_reference_is_reported(admin):
    assert "No refused sign-in has this reference." in look_up(admin, "abcd-efgh")
    for text in ("x" * 5000, "'; DROP--", "<u>x</u>"):
        page = admin.get(PROBLEMS, query_string={"q": text})
        assert "Nobody here has" in text_of(page)
        assert "<u>" not in page.text
