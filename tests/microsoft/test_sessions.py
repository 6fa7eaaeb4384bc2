"""Reauthentication, sessions, and signing out here and at Microsoft."""

import html
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update
from tenant import JANE

from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import event_sentences
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS
from visitors import hidden, signed_in

FRONT_CHANNEL = "/sign-in/microsoft/front-channel-logout"


# ------------------------------------------------------------------ reauthentication
@pytest.fixture
def late(browser, sign_in, domain, microsoft):
    """A browser that signed in with Microsoft, with auth_time, eleven minutes ago."""
    microsoft.sends_auth_time = True
    sign_in(browser)
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    return browser


def test_a_microsoft_user_reauthenticates_at_microsoft(late, sign_in, microsoft):
    asked = late.get("/account/confirm?next=/people")
    assert asked.status_code == 403
    there = "/sign-in/microsoft/confirm?next=/account/confirm?next%3D/people"
    assert f'href="{there}"' in asked.text
    assert "password_again" not in asked.text
    back = sign_in(late, there).location
    assert late.get(back).location == "/people"
    (asked,) = (each for each in microsoft.asked("authorize") if "prompt=login" in each)
    assert "login_hint=opaque-hint" in asked


def test_reauthentication_in_another_tab_counts_for_a_waiting_form(late, sign_in):
    asked = late.submit("/account/microsoft/disconnect", page="/account")
    assert asked.status_code == 403
    there = "/sign-in/microsoft/confirm?next=/account/confirm"
    assert f'href="{there}" target="_blank"' in asked.text
    back = sign_in(late, there).location
    assert "Close this tab" in late.get(back).text
    answer = late.post("/account/microsoft/disconnect", data=hidden(asked.text))
    assert (
        answer.status_code == 409
    )  # refused: no password, but no reauthentication either


def test_a_reauthentication_of_another_person_is_refused(browser, sign_in, microsoft):
    sign_in(browser)
    microsoft.claims = {"oid": JANE.replace("a", "b")}
    assert sign_in(browser, "/sign-in/microsoft/confirm").status_code == 403


def test_a_reauthentication_with_an_old_auth_time_is_refused(
    browser, sign_in, microsoft
):
    sign_in(browser)
    microsoft.claims = {"auth_time": 1}
    assert sign_in(browser, "/sign-in/microsoft/confirm").status_code == 403


def test_a_sign_in_with_an_old_auth_time_is_not_recent(browser, sign_in, microsoft):
    microsoft.claims = {"auth_time": int(time.time()) - 18_000}
    assert sign_in(browser).status_code == 303
    answer = browser.submit("/account/microsoft", page="/account")
    assert answer.status_code == 403
    assert "Confirm your identity" in answer.text


# ------------------------------------------------------------------ sessions
def test_expired_sessions_are_not_listed(app, people, domain):
    people.local("linus")
    old, here = (signed_in(app, "linus") for _ in range(2))
    long_ago = now() - timedelta(days=8)
    first = SESSIONS.c.created_at == (
        select(func.min(SESSIONS.c.created_at)).scalar_subquery()
    )
    change = update(SESSIONS).where(first)
    domain(lambda each: each.execute(change.values(created_at=long_ago)))
    assert not old.is_in()
    page = here.get("/account").text
    assert page.count("a local password</td>") == 1


def test_sessions_are_listed_and_ended(app, people):
    people.local("linus")
    here, there, third = (signed_in(app, "linus") for _ in range(3))
    page = html.unescape(here.get("/account").text)
    assert "This browser" in page
    assert "127.0.0.1" in page
    one, _two = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    here.submit("/account/sessions/end", page="/account", session=one)
    assert [each.is_in() for each in (here, there, third)].count(True) == 2
    here.submit("/account/sessions/end", page="/account", session="others")
    assert [each.is_in() for each in (here, there, third)] == [True, False, False]


@pytest.mark.parametrize("chosen", ["", "x", "00" * 32])
def test_a_session_of_somebody_else_is_not_ended(app, people, rows, chosen):
    people.local("linus")
    linus, ada = signed_in(app, "linus"), signed_in(app, "ada")
    (digest,) = rows(
        select(SESSIONS.c.digest).where(SESSIONS.c.user_id == people.ada.id)
    )[0]
    for each in (chosen, digest.hex()):
        linus.submit("/account/sessions/end", page="/account", session=each)
    assert ada.is_in()


# ------------------------------------------------------------------ signing out
def test_signing_out_here_offers_to_sign_out_of_microsoft(browser, sign_in):
    sign_in(browser)
    browser.submit("/sign-out", page="/account")
    assert not browser.is_in()
    assert "Sign out of Microsoft too" in browser.get("/sign-in").text
    url = urlsplit(browser.get("/sign-in/microsoft/sign-out").location)
    assert url.path.endswith("/oauth2/v2.0/logout")
    assert parse_qs(url.query) == {
        "post_logout_redirect_uri": ["http://localhost/sign-in"],
        "logout_hint": ["opaque-hint"],
    }
    assert browser.get("/sign-in/microsoft/sign-out").location == "/sign-in"


def test_signing_out_at_microsoft_ends_that_session_alone(
    app, browser, sign_in, microsoft, rows
):
    sign_in(browser)
    microsoft.claims = {"sid": "session-at-microsoft-2"}
    other, local = app.test_client(), signed_in(app, "ada")
    sign_in(other)
    stranger = app.test_client()  # a frame of another site, without cookies
    answer = stranger.get(f"{FRONT_CHANNEL}?sid=session-at-microsoft-1")
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [each.is_in() for each in (browser, other, local)] == [False, True, True]
    (entry,) = rows(select(JOURNAL).where(JOURNAL.c.actor_kind == "Microsoft"))
    assert (entry.log, entry.target_name) == ("audit", "jane@example.org")
    assert event_sentences.describe(entry) == (
        "jane@example.org signed out at Microsoft: 1 session ended here "
        "(front-channel logout)."
    )


@pytest.mark.parametrize(
    "query",
    ["", "?sid=", "?sid=x", "?sid=session-at-microsoft-9", "?sid=" + "%01" * 9,
     "?sid=session-at-microsoft-1&iss=https://evil.example", "?sid=" + "x" * 5000],
)  # fmt: skip
def test_a_bogus_front_channel_request_has_no_effect(app, browser, sign_in, query):
    sign_in(browser)
    answer = app.test_client().get(FRONT_CHANNEL + query)
    assert answer.status_code == 200
    assert browser.is_in()


# ------------------------------------------------------------------ a clock that steps
@pytest.mark.parametrize(("seconds", "status"), [(-600, 303), (-3_700, 400)])
def test_a_sign_in_attempt_survives_a_clock_set_back_by_ten_minutes(
    browser, at_microsoft, monkeypatch, seconds, status
):
    back = at_microsoft(browser)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    assert browser.get(back).status_code == status
