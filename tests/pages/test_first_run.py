"""Set-up: the first administrator is created once, with the code that is printed."""

import html
import re
import threading

import pytest
from sqlalchemy import select

from helpers import PASSWORD
from netpresenter_next.directory.events import Event
from netpresenter_next.pages import first_run
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import USERS
from visitors import hidden

CHOICE = {"user_name": "ada", "password": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def code(app):
    return first_run.renew_setup_code(app)


@pytest.fixture
def stranger(app):
    """A browser on an instance without anybody."""
    return app.test_client()


def set_up(client, code, **changes):
    return client.submit("/setup", page=f"/setup?code={code}", **{**CHOICE, **changes})


@pytest.mark.parametrize("path", ["/", "/sign-in"])
def test_a_new_instance_redirects_to_set_up(stranger, path):
    answer = stranger.get(path)
    assert (answer.status_code, answer.location) == (303, "/setup")


def test_set_up_creates_an_administrator_and_signs_them_in(stranger, code, rows):
    answer = set_up(stranger, code)
    assert answer.status_code == 303
    assert answer.location == "/settings/system/microsoft-entra-id"
    assert stranger.get(answer.location).status_code == 200
    found = rows(select(USERS.c.user_name, USERS.c.role, USERS.c.is_emergency))
    assert found == [("ada", "administrator", True)]
    assert (Event.PERSON_CREATED, "ada") in rows(
        select(JOURNAL.c.event, JOURNAL.c.target_name)
    )


def test_set_up_asks_for_a_name_that_nobody_has_in_entra_id(stranger, code):
    page = stranger.get(f"/setup?code={code}").text
    (described,) = re.findall(r'aria-describedby="(user_name-[^"]+)"', page)
    (hint,) = re.findall(rf'id="{described}">(.*?)</p>', page)
    for words in (
        "nobody has in Microsoft Entra ID",
        "emergency-admin",
        "not your own",
    ):
        assert words in html.unescape(hint)
    where = html.unescape(stranger.get("/setup").text)
    assert "a name that nobody has in Microsoft Entra ID" in where


def test_set_up_is_not_found_after_it_was_done(app, stranger, code):
    form = hidden(stranger.get(f"/setup?code={code}").text)
    set_up(stranger, code)
    for client in (stranger, app.test_client()):
        assert client.get("/setup").status_code == 404
        assert client.get(f"/setup?code={code}").status_code == 404
    other = app.test_client()
    token = hidden(other.get("/sign-in").text)
    again = other.post("/setup", data={**form, **token, **CHOICE, "user_name": "eve"})
    assert again.status_code == 404
    assert stranger.get("/").status_code == 200


def test_without_the_code_set_up_says_where_the_link_is(stranger, code):
    answer = stranger.get("/setup")
    assert answer.status_code == 200
    assert "The server printed a set-up link" in answer.text
    assert re.search(r"<code>.+/netpresenter-next create-admin NAME<", answer.text)
    assert "<form" not in answer.text


def test_a_wrong_code_is_refused(app, stranger, code, rows):
    assert stranger.get("/setup?code=wrong").status_code == 403
    form = hidden(stranger.get(f"/setup?code={code}").text)
    surrogate = "\ud800".encode("utf-8", "surrogatepass")
    for wrong, status in (("wrong", 403), ("", 403), ("é", 403), (surrogate, 400)):
        answer = stranger.post("/setup", data={**form, **CHOICE, "code": wrong})
        assert answer.status_code == status
    assert rows(select(USERS)) == []


def test_every_code_is_refused_while_none_was_printed(stranger):
    assert stranger.get("/setup?code=").status_code == 200
    assert stranger.get("/setup?code=x").status_code == 403


def test_only_the_newest_code_is_valid(app, stranger, code):
    newer = first_run.renew_setup_code(app)
    assert stranger.get(f"/setup?code={code}").status_code == 403
    assert stranger.get(f"/setup?code={newer}").status_code == 200


def test_the_application_keeps_only_a_digest_of_the_code(app, code):
    assert code not in str(app.extensions)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"user_name": ""}, "Choose a user name."),
        ({"user_name": "a\u200bda"}, "invisible character U+200B"),
        ({"user_name": "x" * 321}, "longer than 320 characters"),
        ({"password": "", "repeated": ""}, "Choose a password."),
        ({"repeated": PASSWORD + "x"}, "The passwords do not match."),
        ({"password": "x7 kiwi top14", "repeated": "x7 kiwi top14"}, "15 characters"),
        ({"password": " " * 15, "repeated": " " * 15}, "easy to guess"),
        ({"password": "netpresenter2026", "repeated": "netpresenter2026"}, "guess"),
        ({"password": "password1234567", "repeated": "password1234567"}, "guess"),
        (
            {
                "user_name": "ada.lovelace.1815",
                "password": "ada.lovelace.1815",
                "repeated": "ada.lovelace.1815",
            },
            "guess",
        ),
        ({"password": "x" * 1025, "repeated": "x" * 1025}, "at most 1024 bytes"),
    ],
)
def test_an_invalid_user_name_or_password_is_refused_with_the_reason(
    stranger, code, rows, changes, reason
):
    answer = set_up(stranger, code, **changes)
    assert answer.status_code == 400
    assert reason in answer.text
    assert rows(select(USERS)) == []
    assert set_up(stranger, code).status_code == 303


def test_a_long_passphrase_is_accepted(stranger, code):
    phrase = "the quick onyx goblin jumps over a lazy dwarf and then some more " * 3
    answer = set_up(stranger, code, password=phrase, repeated=phrase)
    assert answer.status_code == 303


def test_one_of_two_simultaneous_set_ups_succeeds(app, code, rows):
    start, statuses = threading.Barrier(2), []

    def race(name):
        client = app.test_client()
        form = hidden(client.get(f"/setup?code={code}").text)
        start.wait()
        data = {**form, **CHOICE, "user_name": name}
        statuses.append(client.post("/setup", data=data).status_code)

    threads = [threading.Thread(target=race, args=[name]) for name in ("ada", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404]
    assert len(rows(select(USERS))) == 1


def test_there_is_no_default_account(stranger, code):
    set_up(stranger, code)
    for name in ("admin", "administrator", "root"):
        assert stranger.application.test_client().sign_in(name, name).status_code == 401


def test_set_up_requires_a_csrf_token(app, code, rows):
    answer = app.test_client().post("/setup", data={**CHOICE, "code": code})
    assert answer.status_code == 403
    assert rows(select(USERS)) == []
