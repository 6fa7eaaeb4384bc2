"""Authentication at Microsoft is recent only if ``auth_time`` says so.

``prompt=login`` is in a URL that whoever has the browser can change.
"""

import time
from datetime import timedelta

import pytest
import requests
from connecting import CONNECT, to_confirmation
from settings_page import PAGE, save, text_of
from sqlalchemy import select, update

from helpers import PASSWORD
from netpresenter_next.directory import access
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.session_lifetime import UNKNOWN_TIME
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import ADMINISTRATOR, SESSIONS, USERS
from visitors import hidden

CONFIRM = "/sign-in/microsoft/confirm?next=/account/confirm"
STEPS = "Token configuration > Add optional claim > ID > auth_time"


@pytest.fixture
def authentication_time(rows):
    """Reads the time of authentication of the only session."""

    def read():
        ((timestamp,),) = rows(select(SESSIONS.c.authenticated_at))
        return timestamp

    return read


@pytest.fixture
def set_authentication_time(domain):
    def change(timestamp):
        values = {"authenticated_at": timestamp}
        domain(lambda connection: connection.execute(update(SESSIONS).values(**values)))

    return change


@pytest.fixture
def signed_in_with_microsoft(browser, sign_in):
    assert sign_in(browser).status_code == 303
    return browser


def is_recent(client):
    """Tell whether a page that requires recent authentication opens."""
    answer = client.get("/account/confirm")
    assert "Identity confirmed" in answer.text or "Confirm your identity" in answer.text
    return answer.status_code == 200


# ------------------------------------------------------------------ signing in
def test_a_sign_in_without_auth_time_is_not_recent(
    signed_in_with_microsoft, authentication_time
):
    assert signed_in_with_microsoft.is_in()
    assert authentication_time() == UNKNOWN_TIME
    assert not is_recent(signed_in_with_microsoft)


@pytest.mark.parametrize("seconds", [0, 590, 610])
def test_the_time_of_a_sign_in_is_its_auth_time(
    browser, sign_in, microsoft, authentication_time, seconds
):
    microsoft.sends_auth_time = True
    microsoft.asked_at = int(time.time()) - seconds
    assert sign_in(browser).status_code == 303
    assert authentication_time().timestamp() == microsoft.asked_at
    assert is_recent(browser) == (seconds < 600)


def test_an_auth_time_in_the_future_is_not_stored(
    browser, sign_in, microsoft, authentication_time
):
    microsoft.claims = {"auth_time": int(time.time()) + 55}
    assert sign_in(browser).status_code == 303
    assert authentication_time() <= now()


def test_a_local_sign_in_is_recent(grace):
    assert is_recent(grace)


# ------------------------------------------------------------------ reauthenticating
def test_the_time_of_a_reauthentication_is_its_auth_time(
    signed_in_with_microsoft, sign_in, microsoft, authentication_time
):
    microsoft.sends_auth_time = True
    microsoft.asked_at = None
    assert sign_in(signed_in_with_microsoft, CONFIRM).status_code == 303
    assert authentication_time().timestamp() == microsoft.asked_at
    assert is_recent(signed_in_with_microsoft)
    asked = microsoft.asked("authorize")[-1]
    assert "prompt=login&max_age=300&" in asked


def reauthenticate_by_altered_url(client, alter):
    """Reauthenticate by an authorization URL that was changed."""
    there = client.get(CONFIRM).location
    assert alter(there) != there
    back = requests.get(alter(there), allow_redirects=False, timeout=10)
    return client.get(back.headers["Location"].replace("http://localhost", ""))


ALTERED = {
    "prompt none": lambda there: there.replace("prompt=login", "prompt=none"),
    "no prompt": lambda there: there.replace("prompt=login&", ""),
    "neither prompt nor max_age": lambda there: there.replace(
        "prompt=login&max_age=300&", ""
    ),
}


@pytest.mark.parametrize("name", ALTERED)
@pytest.mark.parametrize("sends_auth_time", [False, True])
@pytest.mark.parametrize("seconds", [65, 250])
def test_removing_the_prompt_from_the_url_does_not_reauthenticate(
    browser, sign_in, microsoft, authentication_time, name, sends_auth_time, seconds
):
    """Not even when Microsoft authenticated the user shortly before."""
    microsoft.sends_auth_time = sends_auth_time
    microsoft.asked_at = asked_at = int(time.time()) - seconds
    assert sign_in(browser).status_code == 303
    before = authentication_time()
    assert reauthenticate_by_altered_url(browser, ALTERED[name]).status_code == 403
    assert microsoft.asked_at == asked_at
    assert authentication_time() == before


@pytest.mark.parametrize(("earlier", "status"), [(55, 303), (65, 403)])
def test_a_reauthentication_allows_clocks_to_differ_by_a_minute(
    signed_in_with_microsoft, at_microsoft, microsoft, earlier, status
):
    back = at_microsoft(signed_in_with_microsoft, CONFIRM)
    microsoft.claims = {"auth_time": int(time.time()) - earlier}
    assert signed_in_with_microsoft.get(back).status_code == status


@pytest.mark.parametrize(("ago", "status"), [(290, 303), (310, 403)])
def test_a_reauthentication_older_than_five_minutes_is_refused(
    signed_in_with_microsoft, at_microsoft, microsoft, ago, status
):
    back = at_microsoft(signed_in_with_microsoft, CONFIRM)
    with signed_in_with_microsoft.session_transaction() as session:
        (key,) = (each for each in session if each.startswith("_state"))
        data = {**session[key]["data"], "begun_at": int(time.time()) - 400}
        session[key] = {**session[key], "data": data}
    microsoft.claims = {"auth_time": int(time.time()) - ago}
    answer = signed_in_with_microsoft.get(back)
    assert answer.status_code == status
    assert is_recent(signed_in_with_microsoft) == (status == 303)


def test_a_reauthentication_without_auth_time_names_the_claim_to_add(
    signed_in_with_microsoft, sign_in, authentication_time
):
    answer = sign_in(signed_in_with_microsoft, CONFIRM)
    assert answer.status_code == 403
    page = text_of(answer)
    assert "Microsoft did not say when you last signed in" in page
    assert STEPS in page
    assert "Confirm with your password" not in page  # there is no password
    assert authentication_time() == UNKNOWN_TIME
    assert not is_recent(signed_in_with_microsoft)


def test_a_reauthentication_without_auth_time_offers_the_password(
    people, jane, signed_in_with_microsoft, sign_in
):
    people.give_password(jane)
    jane_here = signed_in_with_microsoft
    sign_in(jane_here)
    page = text_of(sign_in(jane_here, "/sign-in/microsoft/confirm?next=/account"))
    assert "Confirm with your password" in page
    there = "/account/confirm?next=/account"
    assert f'href="{there}"' in page
    proof = {**hidden(jane_here.get(there).text), "password_again": PASSWORD}
    answer = jane_here.post(there, data=proof)
    assert answer.location == "/account"
    assert is_recent(jane_here)


# ------------------------------------------------------------------ administrators
@pytest.fixture
def microsoft_administrator(signed_in_with_microsoft, domain, jane):
    """An administrator without a password, signed in without auth_time."""
    made = update(USERS).where(USERS.c.id == jane.id).values(role="administrator")
    domain(lambda connection: connection.execute(made))
    return signed_in_with_microsoft


def test_a_microsoft_administrator_can_create_a_token_with_auth_time(
    microsoft_administrator, sign_in, microsoft
):
    client = microsoft_administrator
    answer = client.submit(f"{PAGE}/token", page=PAGE, label="new")
    assert answer.status_code == 403
    page = text_of(answer)
    assert "auth_time" in page
    assert "Confirm with Microsoft" in page
    assert sign_in(client, CONFIRM).status_code == 403
    microsoft.sends_auth_time = True
    assert sign_in(client, CONFIRM).status_code == 303
    answer = client.submit(f"{PAGE}/token", page=PAGE, label="new")
    assert answer.status_code == 200


def test_the_reauthentication_page_names_auth_time_only_if_missing(
    browser, sign_in, microsoft, set_authentication_time
):
    microsoft.sends_auth_time = True
    sign_in(browser)
    set_authentication_time(now() - timedelta(minutes=11))
    page = text_of(browser.get("/account/confirm"))
    assert "Confirm with Microsoft" in page
    assert "auth_time" not in page


@pytest.mark.parametrize("sends_auth_time", [False, True])
def test_a_test_sign_in_says_whether_auth_time_was_sent(
    admin, jane, sign_in, microsoft, sends_auth_time
):
    save(admin)
    assert "Without auth_time, administrators who" in plain(text_of(admin.get(PAGE)))
    microsoft.sends_auth_time = sends_auth_time
    page = plain(text_of(sign_in(admin, "/sign-in/microsoft/test")))
    assert ("Add the optional claim auth_time under" in page) != sends_auth_time


def plain(page):
    return page.replace("<code>", "").replace("</code>", "")


# ------------------------------------------------------------------ connecting
@pytest.mark.parametrize("sends_auth_time", [False, True])
def test_connecting_keeps_the_time_of_the_local_authentication(
    grace,
    at_microsoft,
    microsoft,
    authentication_time,
    set_authentication_time,
    sends_auth_time,
):
    """Even if Microsoft says when it authenticated the connected account."""
    microsoft.sends_auth_time = sends_auth_time
    set_authentication_time(now() - timedelta(minutes=9))
    before = authentication_time()
    to_confirmation(grace, at_microsoft)
    assert grace.submit(CONNECT).status_code == 303
    assert authentication_time() == before
    assert is_recent(grace)


def test_a_password_sent_with_a_form_makes_the_renewed_session_recent(
    grace, at_microsoft, set_authentication_time
):
    to_confirmation(grace, at_microsoft)
    form = hidden(grace.get(CONNECT).text)
    set_authentication_time(now() - timedelta(minutes=11))
    asked = grace.post(CONNECT, data=form)
    assert asked.status_code == 403
    proof = {**hidden(asked.text), "password_again": PASSWORD}
    assert grace.post(CONNECT, data=proof).status_code == 303
    assert is_recent(grace)


# ------------------------------------------------------------------ files
def test_whoever_confirms_an_export_at_microsoft_comes_back_to_the_file(
    browser, sign_in, microsoft, jane, people, domain, set_authentication_time
):
    """Microsoft's own page would stay open if it led to a file."""
    microsoft.sends_auth_time = True
    sign_in(browser)
    linked = people.find(jane.user_name)
    domain(access.set_role, linked, ADMINISTRATOR, COMMAND_LINE)
    sign_in(browser)
    set_authentication_time(now() - timedelta(minutes=11))
    file = "/settings/users/export.csv?source=entra"
    asked = browser.get(file)
    assert asked.status_code == 403
    assert "Confirm with Microsoft in a new tab" in asked.text
    action = "/account/confirm?next=/settings/users/export.csv?source%3Dentra"
    assert f'action="{action}"' in asked.text
    assert browser.post(action, data=hidden(asked.text)).status_code == 403
    confirmed = sign_in(browser, CONFIRM)
    assert confirmed.location == "/account/confirm"
    offered = browser.post(action, data=hidden(asked.text))
    assert f'href="{file}">Download the file' in offered.text
    assert browser.get(file).mimetype == "text/csv"
