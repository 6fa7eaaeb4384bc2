"""What another process decides about access applies to the very next request.

The rows are changed without any of this application's code, so nothing could tell the
server to forget what it knows: whatever it remembers must not decide.
"""

import re

import pytest
import requests

from helpers import PASSWORD, close, copy_of
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.people import create
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.database import SQLITE

NAME = "grace"


@pytest.fixture
def site(migrated, tmp_path, real_password_hash):
    """A running server with an administrator who is signed in, and a token."""
    instance = copy_of(migrated, tmp_path / "instance")
    app = instance.app()
    with app.app_context(), database.write() as connection:
        for name in (NAME, "another"):
            create(
                connection,
                {"userName": name, "active": True},
                COMMAND_LINE,
                source=Source.LOCAL,
                role=Role.ADMINISTRATOR,
                password_hash=real_password_hash,
            )
        secret = scim_tokens.issue(connection, COMMAND_LINE, "", "form")
    close(app)
    with instance.served() as server, requests.Session() as browser:
        yield instance, server.url, browser, secret


def change(instance, statement, *values):
    """Change the database as another program would."""
    connection = SQLITE.connect(instance.folder / "netpresenter.db", timeout=10)
    try:
        assert connection.execute(statement, values).rowcount == 1
        connection.commit()
    finally:
        connection.close()


def sign_in(url, browser):
    page = browser.get(f"{url}/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"user_name": NAME, "password": PASSWORD, "csrf_token": token[1]}
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    browser.post(f"{url}/sign-in", form, headers=same_origin)
    assert opens(url, browser) == 200


def opens(url, browser):
    answer = browser.get(f"{url}/settings/users", allow_redirects=False)
    return answer.status_code


def test_a_demoted_administrator_may_not_open_the_next_page(site):
    instance, url, browser, _ = site
    sign_in(url, browser)
    change(instance, "UPDATE users SET role = 'user' WHERE user_name = ?", NAME)
    assert opens(url, browser) == 403


@pytest.mark.parametrize("column", ["active = 0", "is_blocked = 1"])
def test_a_disabled_or_blocked_person_is_signed_out(site, column):
    instance, url, browser, _ = site
    sign_in(url, browser)
    change(instance, f"UPDATE users SET {column} WHERE user_name = ?", NAME)
    assert opens(url, browser) == 303


def test_an_ended_session_is_over(site):
    instance, url, browser, _ = site
    sign_in(url, browser)
    change(instance, "DELETE FROM sessions")
    assert opens(url, browser) == 303


def test_a_revoked_token_is_refused(site):
    instance, url, browser, secret = site
    headers = {"Authorization": f"Bearer {secret}"}
    for _ in range(3):
        assert browser.get(f"{url}/scim/v2/Users", headers=headers).status_code == 200
    change(instance, "UPDATE scim_tokens SET revoked_at = '2026-01-01 00:00:00'")
    assert browser.get(f"{url}/scim/v2/Users", headers=headers).status_code == 401
    body = {"userName": "late"}
    answer = browser.post(f"{url}/scim/v2/Users", json=body, headers=headers)
    assert answer.status_code == 401
    change(instance, "UPDATE scim_tokens SET revoked_at = NULL")
    assert browser.get(f"{url}/scim/v2/Users", headers=headers).status_code == 200
