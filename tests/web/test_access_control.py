"""Who is signed in, and who may use which view."""

import datetime
import re

import pytest
from sqlalchemy import select, text, update

from helpers import PASSWORD
from netpresenter_next.directory import session_lifetime
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.web import access_control, browser_sessions, redirects
from visitors import hidden, signed_in

HOSTILE = [
    None,
    "",
    "http://evil.example",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    " //evil.example",
    "/%09/evil.example\n",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:/\\evil.example",
    "/\r\nX-Header: y",
    "/\0",
    "/é",
    "/" + "x" * 600,
]


@pytest.mark.parametrize("target", HOSTILE)
def test_a_sign_in_never_leads_to_another_site(target):
    assert redirects.safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/", "/settings?tab=a&b=%2F", "/a//b", "/a#b"])
def test_a_sign_in_leads_on_to_a_page_of_this_site(target):
    assert redirects.safe_next(target) == target


def test_the_hostile_next_is_not_followed_after_a_sign_in(client):
    path = "/sign-in?next=//evil.example"
    answer = client.submit(path, user_name="ada", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_view_without_a_mark_keeps_the_application_from_starting(app):
    app.view_functions["home.home"] = lambda: "anybody?"
    with pytest.raises(RuntimeError, match=r"home\.home does not say who may use it"):
        access_control.refuse_unmarked_views(app)


def test_a_view_without_a_mark_is_refused_to_administrators_too(app, administrator):
    app.view_functions["home.home"] = lambda: "anybody?"
    assert administrator.get("/").status_code == 403


def marked(app, who):
    """Return the paths and methods of the views with this mark."""
    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].who_may == who:
            path = re.sub("<.*?>", "00000000-0000-7000-8000-000000000000", rule.rule)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path


def test_a_stranger_is_led_to_sign_in_from_every_page_that_is_not_public(app, client):
    form = hidden(client.get("/sign-in").text)
    guarded = [
        *marked(app, access_control.SIGNED_IN),
        *marked(app, access_control.ADMINISTRATOR),
    ]
    assert len(guarded) > 10
    for method, path in guarded:
        answer = client.open(
            path, method=method, data=form if method != "GET" else None
        )
        assert answer.status_code == 303, path
        assert answer.location.startswith("/sign-in"), path


def test_who_is_no_administrator_gets_403_on_every_settings_page(app, linus):
    form = hidden(linus.get("/").text)
    guarded = list(marked(app, access_control.ADMINISTRATOR))
    assert len(guarded) > 8
    for method, path in guarded:
        answer = linus.open(path, method=method, data=form if method != "GET" else None)
        assert answer.status_code == 403, path
        assert "Only administrators" in answer.text


def test_every_settings_page_is_for_administrators(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/settings"):
            view = app.view_functions[rule.endpoint]
            assert view.who_may == access_control.ADMINISTRATOR, rule.rule


def test_the_way_back_after_a_sign_in_keeps_the_search(client):
    asked = client.get("/settings/users?q=%C3%A9&page=2")
    assert asked.location == "/sign-in?next=/settings/users?q%3D%25C3%25A9%26page%3D2"
    answer = client.submit(asked.location, user_name="ada", password=PASSWORD)
    assert answer.location == "/settings/users?q=%C3%A9&page=2"


def test_an_idle_session_ends(app, administrator):
    age(
        app, seen_at=now() - datetime.timedelta(hours=8) - datetime.timedelta(seconds=1)
    )
    assert not administrator.is_in()


def test_a_busy_session_ends_after_a_week(app, administrator):
    age(
        app,
        created_at=now() - datetime.timedelta(days=7) - datetime.timedelta(seconds=1),
    )
    assert not administrator.is_in()


def age(app, **values):
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(**values))


def test_when_a_session_was_seen_is_written_once_a_minute(app, administrator, rows):
    before = now() - datetime.timedelta(minutes=2)
    age(app, seen_at=before)
    administrator.get("/")
    ((first,),) = rows(select(SESSIONS.c.seen_at))
    assert first > before
    administrator.get("/")
    assert rows(select(SESSIONS.c.seen_at)) == [(first,)]


def test_a_busy_database_does_not_keep_a_person_out(app, administrator, monkeypatch):
    age(app, seen_at=now() - datetime.timedelta(minutes=2))

    def busy(*_arguments):
        raise database.Busy

    monkeypatch.setattr(session_lifetime, "note_use", busy)
    assert administrator.is_in()


def test_a_disabled_person_is_out_at_the_next_click_and_stays_out(app, people):
    grace = people.local("grace")
    browser = signed_in(app, "grace")
    people.change(grace, active=False)
    assert not browser.is_in()
    people.change(grace, active=True)
    assert not browser.is_in()


def test_a_blocked_person_is_out_at_the_next_click_and_stays_out(app, people):
    grace = people.local("grace")
    browser = signed_in(app, "grace")
    people.block(grace)
    assert not browser.is_in()
    people.block(grace, blocked=False)
    assert not browser.is_in()


def test_a_person_disabled_during_the_sign_in_gets_no_session(app, people, rows):
    grace = people.local("grace")
    people.change(grace, active=False)
    with app.test_request_context(), pytest.raises(browser_sessions.SignInDenied):
        browser_sessions.sign_in_locally(grace)
    assert rows(select(SESSIONS)) == []


def test_a_password_changed_during_the_sign_in_gives_no_session(app, people, rows):
    grace = people.local("grace")
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE users SET password_hash = 'another'"))
    with app.test_request_context(), pytest.raises(browser_sessions.SignInDenied):
        browser_sessions.sign_in_locally(grace)
    assert rows(select(SESSIONS)) == []


def test_no_session_cookie_is_read_or_set_below_scim(app, administrator):
    for path in ("/scim/v2/Users", "/scim", "/scim/v2/nothing"):
        answer = administrator.get(path)
        assert answer.status_code in (401, 404)
        assert "Set-Cookie" not in answer.headers
