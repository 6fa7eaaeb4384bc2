"""Sign in and out with a local password."""

import re
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text, update

from helpers import PASSWORD
from netpresenter_next.directory import passwords
from netpresenter_next.directory.events import Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from visitors import hidden, signed_in

WEAK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def test_the_page_says_what_to_do_without_the_password(client):
    page = client.get("/sign-in").text
    assert "Forgot your password? Ask your administrator for a one-time link." in page
    page = client.get("/sign-in", headers={"Accept-Language": "nl"}).text
    assert "Wachtwoord vergeten? Vraag uw beheerder om een eenmalige link." in page


def test_a_correct_password_signs_in(client, rows):
    answer = client.sign_in("ada")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Signed in" in client.get("/").text
    ((at, method),) = rows(select(USERS.c.last_sign_in_at, USERS.c.last_sign_in_method))
    assert at
    assert method == "local"
    assert (Event.SIGNED_IN_FOR_EMERGENCY, "ada") in rows(
        select(JOURNAL.c.event, JOURNAL.c.actor_name)
    )


def test_the_user_name_ignores_case(client):
    assert client.sign_in("ADA").status_code == 303


def test_a_signed_in_user_is_redirected_from_the_sign_in_page(administrator):
    assert administrator.get("/sign-in?next=/account").location == "/account"


def test_every_failed_sign_in_has_the_same_answer(app, client, people):
    people.change(people.local("iris"), active=False)
    people.provisioned("otto")
    attempts = [
        ("ada", "wrong password"),
        ("eva", "wrong password"),
        ("iris", "wrong password"),
        ("iris", PASSWORD),
        ("otto", "wrong password"),
        ("x" * 5000, "wrong password"),
        ("ada", "x" * 1025),
        ("\x01", "\x01"),
    ]
    answers = set()
    for user_name, password in attempts:
        answer = client.sign_in(user_name, password)
        body = answer.text.replace(f'value="{user_name}"', 'value="NAME"')
        body = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", body)
        names = tuple(name for name, _ in answer.headers)
        answers.add((answer.status_code, body, names))
    assert len(answers) == 1
    ((status, body, _),) = answers
    assert status == 401
    assert "Incorrect user name or password." in body


def test_the_record_says_why_a_right_password_was_refused(app, client, people, rows):
    people.block(people.local("bo"))
    people.change(people.local("iris"), active=False)
    people.give_password(people.provisioned("otto"))
    with app.app_context(), database.write() as connection:
        connection.execute(update(SIGN_IN_SETTINGS).values(is_forced=True))
    for user_name in ("bo", "iris", "iris", "otto"):
        assert client.sign_in(user_name).status_code == 401
        assert client.sign_in(user_name, "wrong password").status_code == 401
    failed = (Event.SIGN_IN_FAILED, Event.SIGN_IN_REFUSED)
    entries = rows(select(JOURNAL).where(JOURNAL.c.event.in_(failed)))
    assert sorted(describe(each).partition(" until")[0] for each in entries) == [
        "Right password for bo, but refused: the account is blocked.",
        "Right password for iris, but refused: the account is disabled. 2 times",
        "Right password for otto, but refused: Force sign in with Microsoft is on.",
        "Wrong password for bo.",
        "Wrong password for iris. 2 times",
        "Wrong password for otto.",
    ]


def test_the_right_password_of_somebody_disabled_counts_as_a_guess(client, people):
    """Without an end to the attempts, a visitor could tell that it is right."""
    people.change(people.local("iris"), active=False)
    statuses = [client.sign_in("iris").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_every_failed_sign_in_costs_one_hash(client, people, monkeypatch):
    people.provisioned("otto")
    checked = []
    matches = passwords.matches

    def count(stored, password):
        checked.append(stored)
        return matches(stored, password)

    monkeypatch.setattr(passwords, "matches", count)
    for user_name in ("ada", "eva", "otto"):
        client.sign_in(user_name, "wrong password")
    assert len(checked) == 3


@pytest.mark.parametrize("size", [1_000_000, 50_000_000])
def test_a_huge_password_is_refused_before_it_is_hashed(client, monkeypatch, size):
    monkeypatch.setattr(passwords, "matches", pytest.fail)
    answer = client.post("/sign-in", data={"user_name": "ada", "password": "x" * size})
    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_every_character_of_a_long_password_counts(app, client, people):
    long = "violet anchor " * 73
    password = long[:1023] + "a"
    with app.app_context(), database.write() as connection:
        connection.execute(
            update(USERS).values(password_hash=passwords.hash_password(password))
        )
    assert client.sign_in("ada", password[:-1] + "b").status_code == 401
    assert client.sign_in("ada", password).status_code == 303


def test_the_eleventh_guess_at_an_account_is_not_hashed(client, monkeypatch):
    for _ in range(10):
        assert client.sign_in("ada", "wrong password").status_code == 401
    monkeypatch.setattr(passwords, "matches", pytest.fail)
    answer = client.sign_in("Ada")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1
    assert "too many wrong passwords. Try again in 15 minutes." in answer.text
    assert 'value="Ada"' in answer.text  # what was typed is kept


def test_guesses_at_an_unknown_user_name_are_limited_as_well(client):
    statuses = [client.sign_in("eva", "wrong").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_one_address_has_thirty_failed_sign_ins(client, people):
    for number in range(30):
        assert client.sign_in(f"name{number}", "wrong").status_code == 401
    assert client.sign_in("ada").status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    client.environ_base.update(elsewhere)
    assert client.sign_in("ada").status_code == 303


def test_a_successful_sign_in_resets_the_failures_of_the_account(client):
    for _ in range(3):
        for _ in range(9):
            client.sign_in("ada", "wrong")
            client.environ_base["REMOTE_ADDR"] = (
                f"192.0.2.{time.perf_counter_ns() % 250}"
            )
        assert client.sign_in("ada").status_code == 303
        client = client.application.test_client()


def test_correct_passwords_are_never_limited(app, people):
    for _ in range(35):
        assert signed_in(app, "ada")


def test_a_busy_hasher_asks_to_try_again(client, monkeypatch):
    def busy(*_arguments):
        raise passwords.TooBusy

    monkeypatch.setattr(passwords, "matches", busy)
    answer = client.sign_in("ada")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")


def test_signing_out_ends_the_session_of_a_copied_cookie(app, administrator, rows):
    cookie = administrator.cookie
    answer = administrator.submit("/sign-out", page="/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert rows(select(SESSIONS)) == []
    thief = app.test_client()
    thief.set_cookie(cookie.key, cookie.value)
    assert not thief.is_in()
    assert "You are signed out." in administrator.get("/sign-in").text


def test_signing_out_requires_a_post(administrator):
    assert administrator.get("/sign-out").status_code == 405
    assert administrator.is_in()


def test_session_fixation_a_planted_cookie_is_not_signed_in(app, client, people):
    client.get("/sign-in")
    planted = client.cookie.value
    assert client.sign_in("ada").status_code == 303
    assert client.cookie.value != planted
    attacker = app.test_client()
    attacker.set_cookie("npn_session", planted)
    assert not attacker.is_in()


# The second of two tabs has the form of a session that the first tab replaced.
SECOND_TABS = [
    # form, is somebody signed in, where the request comes from, status, location
    ("/sign-in?next=/account", True, "same-origin", 303, "/account"),
    ("/sign-in?next=//evil.example", True, "same-origin", 303, "/"),
    ("/sign-in", True, "same-origin", 303, "/"),
    ("/sign-in", True, "cross-site", 403, None),
    ("/sign-in", True, "same-site", 403, None),
    ("/sign-in", False, "same-origin", 403, None),
    ("/sign-in", False, "cross-site", 403, None),
    ("/setup", True, "same-origin", 303, "/"),
    ("/setup", True, "cross-site", 403, None),
    ("/setup", False, "same-origin", 403, None),
    ("/sign-out", False, "same-origin", 303, "/sign-in"),
    ("/sign-out", False, "cross-site", 403, None),
    ("/sign-out", True, "same-origin", 403, None),
    ("/account", True, "same-origin", 403, None),
    ("/account", False, "same-origin", 403, None),
]


@pytest.mark.parametrize(("path", "is_in", "site", "status", "location"), SECOND_TABS)
def test_an_outdated_form_of_a_second_tab_is_redirected_or_refused(
    app, client, people, rows, path, is_in, site, status, location
):
    people.local("grace")
    stale = hidden(client.get("/sign-in").text)
    assert client.sign_in("ada").status_code == 303
    if not is_in:
        client.submit("/sign-out", page="/")
    before = [rows(select(table)) for table in (SESSIONS, JOURNAL, USERS)]
    form = {**stale, "user_name": "grace", "password": PASSWORD}
    answer = client.post(path, data=form, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code, answer.location) == (status, location)
    assert [rows(select(table)) for table in (SESSIONS, JOURNAL, USERS)] == before
    assert client.is_in() == is_in


def test_a_second_tab_does_not_check_the_password(client, people):
    """A signed-in user is redirected; the password is not checked or counted."""
    token = hidden(client.get("/sign-in").text)
    assert client.sign_in("ada").status_code == 303
    fresh = hidden(client.get("/").text)
    for form in (token, fresh):
        for _ in range(12):
            wrong = {**form, "user_name": "ada", "password": "wrong"}
            assert client.post("/sign-in", data=wrong).location == "/"
    client.submit("/sign-out", page="/")
    assert client.sign_in("ada").status_code == 303


def test_an_outdated_hash_is_renewed_at_sign_in(app, client, people, rows):
    with app.app_context(), database.write() as connection:
        connection.execute(update(USERS).values(password_hash=WEAK_HASH))
    assert client.sign_in("ada").status_code == 303
    ((stored,),) = rows(select(USERS.c.password_hash))
    assert not passwords.needs_rehash(stored)
    assert client.is_in()


def test_a_sign_in_succeeds_when_its_hash_cannot_be_renewed(
    app, client, people, monkeypatch
):
    with app.app_context(), database.write() as connection:
        connection.execute(update(USERS).values(password_hash=WEAK_HASH))

    def busy(*_arguments):
        raise passwords.TooBusy

    monkeypatch.setattr(passwords, "hash_password", busy)
    assert client.sign_in("ada").status_code == 303


def test_empty_fields_are_reported(client):
    page = client.sign_in("", "").text
    assert "Enter your user name." in page
    assert "Enter your password." in page
    assert "<title>Error: Sign in" in page


def test_the_cookie_holds_no_user_id(administrator, rows):
    ((user_id,),) = rows(text("SELECT id FROM users"))
    with administrator.session_transaction() as session:
        assert user_id not in str(dict(session))
        assert set(session) <= {"_user_id", "_fresh", "_id", "csrf_token"}
    assert len(administrator.cookie.value) < 1024


def test_a_cookie_signed_with_another_key_is_ignored(make_app, administrator):
    elsewhere = make_app(secret_key="another key of another server, 0931").test_client()
    elsewhere.set_cookie("npn_session", administrator.cookie.value)
    assert not elsewhere.is_in()


def test_a_cookie_with_an_unknown_session_is_ignored(client):
    for secret in ("nobody", "", "\ud800"):
        with client.session_transaction() as session:
            session["_user_id"] = secret
        assert client.get("/account").status_code == 303
