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
def test_a_next_url_on_another_site_is_replaced_by_the_home_page(target):
    assert redirects.safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/", "/settings?tab=a&b=%2F", "/a//b", "/a#b"])
def test_a_next_url_on_this_site_is_kept(target):
    assert redirects.safe_next(target) == target


def test_a_hostile_next_url_is_not_followed_after_a_sign_in(client):
    path = "/sign-in?next=//evil.example"
    answer = client.submit(path, user_name="ada", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_view_without_an_access_mark_stops_the_start(app):
    app.view_functions["home.home"] = lambda: "anybody?"
    with pytest.raises(RuntimeError, match=r"home\.home does not say who may use it"):
        access_control.refuse_unmarked_views(app)


def test_a_view_without_an_access_mark_is_refused_to_everybody(app, administrator):
    app.view_functions["home.home"] = lambda: "anybody?"
    assert administrator.get("/").status_code == 403


def marked(app, who):
    """Return the paths and methods of the views with this mark."""
    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].who_may == who:
            path = re.sub("<.*?>", "00000000-0000-7000-8000-000000000000", rule.rule)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path


def test_an_anonymous_user_is_redirected_to_sign_in_from_private_pages(app, client):
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


def test_a_user_gets_403_on_every_settings_page(app, linus):
    form = hidden(linus.get("/").text)
    guarded = list(marked(app, access_control.ADMINISTRATOR))
    assert len(guarded) > 8
    for method, path in guarded:
        answer = linus.open(path, method=method, data=form if method != "GET" else None)
        assert answer.status_code == 403, path
        assert "Only administrators" in answer.text


def test_every_settings_page_is_marked_for_administrators(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/settings"):
            view = app.view_functions[rule.endpoint]
            assert view.who_may == access_control.ADMINISTRATOR, rule.rule


def test_the_redirect_after_a_sign_in_keeps_the_query_string(client):
    asked = client.get("/settings/users?q=%C3%A9&page=2")
    assert asked.location == "/sign-in?next=/settings/users?q%3D%25C3%25A9%26page%3D2"
    answer = client.submit(asked.location, user_name="ada", password=PASSWORD)
    assert answer.location == "/settings/users?q=%C3%A9&page=2"


def test_an_idle_session_ends(app, administrator):
    age(
        app, seen_at=now() - datetime.timedelta(hours=8) - datetime.timedelta(seconds=1)
    )
    assert not administrator.is_in()


def test_a_session_in_use_ends_after_a_week(app, administrator):
    age(
        app,
        created_at=now() - datetime.timedelta(days=7) - datetime.timedelta(seconds=1),
    )
    assert not administrator.is_in()


def age(app, **values):
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(**values))


def test_the_last_use_of_a_session_is_stored_once_a_minute(app, administrator, rows):
    before = now() - datetime.timedelta(minutes=2)
    age(app, seen_at=before)
    administrator.get("/")
    ((first,),) = rows(select(SESSIONS.c.seen_at))
    assert first > before
    administrator.get("/")
    assert rows(select(SESSIONS.c.seen_at)) == [(first,)]


def test_a_busy_database_does_not_end_a_session(app, administrator, monkeypatch):
    age(app, seen_at=now() - datetime.timedelta(minutes=2))

    def busy(*_arguments):
        raise database.Busy

    monkeypatch.setattr(session_lifetime, "note_use", busy)
    assert administrator.is_in()


def test_disabling_ends_sessions_and_enabling_does_not_revive_them(app, people):
    grace = people.local("grace")
    browser = signed_in(app, "grace")
    people.change(grace, active=False)
    assert not browser.is_in()
    people.change(grace, active=True)
    assert not browser.is_in()


def test_blocking_ends_sessions_and_unblocking_does_not_revive_them(app, people):
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
