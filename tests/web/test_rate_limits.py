"""Rate limits of wrong passwords: whom they slow down, and what is recorded."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpers import PASSWORD
from netpresenter_next.directory import counted_events, passwords, people, unlocking
from netpresenter_next.directory.counted_events import MOST_COUNTED
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.throttle_models import GUESSES
from netpresenter_next.web import authenticate, context, networks, rate_limits
from visitors import hidden, signed_in

PROXY = "127.0.0.1"
quarter = counted_events.quarter_of


@pytest.fixture
def proxied(make_app):
    """The application behind a trusted proxy."""
    return make_app(trusted_proxy=PROXY)


@pytest.fixture(autouse=True)
def one_quarter(monkeypatch):
    """Keeps a test within one quarter of an hour."""
    monkeypatch.setattr(
        counted_events, "quarter_of", lambda _moment: "2026-11-26T09:15"
    )


def browser(app, address="192.0.2.1"):
    """A new browser at an address."""
    client = app.test_client()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = address
    return client


def guess(app, number, user_name="ada", networks=6):
    """Try a number of wrong passwords from new browsers in several networks."""
    return [
        browser(app, f"198.51.100.{each % networks}")
        .sign_in(user_name, "wrong password")
        .status_code
        for each in range(number)
    ]


@pytest.fixture
def attacked(proxied, people):
    """An application in which unknown browsers have used up the guesses at ada."""
    statuses = guess(proxied, 66)
    assert statuses == [401] * 60 + [429] * 6
    return proxied


def test_guesses_of_unknown_browsers_do_not_lock_out_a_known_browser(proxied, people):
    known = browser(proxied)
    assert known.sign_in("ada").status_code == 303
    known.submit("/sign-out", page="/account")
    guess(proxied, 66)
    assert browser(proxied, "203.0.113.9").sign_in("ada").status_code == 429
    assert known.sign_in("ada").status_code == 303


def test_a_new_password_makes_all_browsers_unknown(proxied, people, password_hash):
    marked = [browser(proxied, f"203.0.113.{each}") for each in range(4)]
    for each in marked:
        assert each.sign_in("ada").status_code == 303
    time.sleep(0.01)
    people.give_password(people.ada)
    for each in marked:
        each.delete_cookie("npn_session")
        statuses = [each.sign_in("ada", "wrong").status_code for _ in range(11)]
        assert statuses == [401] * 10 + [429]
    owner = browser(proxied, "192.0.2.77")
    owner.get(f"/sign-in?code={unlock(proxied, 'ada')}")
    assert owner.sign_in("ada").status_code == 303


def test_a_shared_browser_is_known_for_each_account_used_in_it(proxied, people):
    people.local("tim")
    shared = browser(proxied)
    for user_name in ("ada", "tim"):
        assert shared.sign_in(user_name).status_code == 303
        shared.submit("/sign-out", page="/account")
    guess(proxied, 66)
    assert shared.sign_in("ada").status_code == 303


def test_unlocking_lets_the_owner_sign_in_and_guesses_stay_limited(attacked, people):
    owner = browser(attacked, "198.51.100.1")  # the network of the attackers
    assert owner.sign_in("ada").status_code == 429
    code = unlock(attacked, "ada")
    assert owner.sign_in("ada").status_code == 303
    guess(attacked, 70)
    another = browser(attacked, "198.51.100.1")
    assert another.sign_in("ada").status_code == 429
    assert another.get(f"/sign-in?code={code}").location == "/sign-in"
    assert another.sign_in("ada", "wrong password").status_code == 401
    assert another.sign_in("ada").status_code == 303


def unlock(app, user_name):
    key = context.of(app).encryption_key
    with app.app_context(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        return unlocking.unlock(connection, key, person, COMMAND_LINE)


def test_one_network_cannot_use_up_the_attempts_that_unlocking_gives(attacked, people):
    unlock(attacked, "ada")
    assert guess(attacked, 30, networks=1) == [401] * 10 + [429] * 20
    assert browser(attacked, "203.0.113.9").sign_in("ada").status_code == 303


def test_an_unlocked_account_is_hashed_although_all_slots_are_taken(attacked, people):
    unlock(attacked, "ada")
    with passwords.hashing_slot(is_known=False), passwords.hashing_slot(is_known=False):
        assert browser(attacked, "203.0.113.9").sign_in("ada").status_code == 303


def test_a_wrong_unlock_code_makes_no_browser_known(attacked, people):
    code = unlock(attacked, "ada")
    guess(attacked, 70)
    for wrong in ("x", code[:-1], code.swapcase(), "%C3%A9", "%ED%A0%80"):
        visitor = browser(attacked, "203.0.113.9")
        assert visitor.get(f"/sign-in?code={wrong}").status_code in (303, 400)
        assert visitor.sign_in("ada").status_code == 429


def test_guesses_are_remembered_after_a_restart(make_app, people):
    guess(make_app(trusted_proxy=PROXY), 60)
    anew = make_app(trusted_proxy=PROXY)
    assert browser(anew, "203.0.113.9").sign_in("ada").status_code == 429


def test_a_correct_password_resets_the_guesses_at_its_account_only(proxied, people):
    people.local("tim")
    home = "198.51.100.1"
    for number in range(9):
        browser(proxied, home).sign_in("ada", "wrong")
        browser(proxied, home).sign_in(f"nobody{number}", "wrong")
    assert browser(proxied, home).sign_in("ada").status_code == 303
    for _ in range(10):
        assert browser(proxied, home).sign_in("ada", "wrong").status_code == 401
    # 9 at ada, 9 at nobody, 10 at ada again: two are left to this network.
    statuses = [browser(proxied, home).sign_in("tim", "no").status_code for _ in "123"]
    assert statuses == [401, 401, 429]


def test_simultaneous_guesses_are_counted_one_by_one(app, people, monkeypatch):
    evaluated, matches = [], passwords.matches

    def count(stored, password):
        evaluated.append(password)
        return matches(stored, password)

    monkeypatch.setattr(passwords, "matches", count)
    start = threading.Barrier(6)

    def attack():
        start.wait()
        for _ in range(6):
            with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
                try:
                    assert authenticate.authenticate("ada", "wrong") is None
                except (rate_limits.TooManyRequests, passwords.TooBusy, database.Busy):
                    continue

    threads = [threading.Thread(target=attack) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        while len(evaluated) < 10:
            authenticate.authenticate("ada", "wrong")
        with pytest.raises(rate_limits.TooManyRequests):
            authenticate.authenticate("ada", "wrong")
    assert len(evaluated) == 10


def test_a_known_browser_can_sign_in_while_all_hashing_slots_are_taken(app, people):
    known = signed_in(app, "ada")
    known.submit("/sign-out", page="/account")
    with passwords.hashing_slot(is_known=False), passwords.hashing_slot(is_known=False):
        assert app.test_client().sign_in("ada").status_code == 429
        assert known.sign_in("ada").status_code == 303


def test_the_page_says_how_long_to_wait(client):
    for _ in range(10):
        client.sign_in("ada", "wrong password")
    answer = client.sign_in("ada")
    assert answer.status_code == 429
    assert "Try again in 15 minutes." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60


# --------------------------------------------------------------- what is recorded
def failures(rows):
    columns = (JOURNAL.c.target_name, JOURNAL.c.times, JOURNAL.c.facts)
    failed = JOURNAL.c.event == Event.SIGN_IN_FAILED.value
    return [tuple(each) for each in rows(select(*columns).where(failed))]


def test_wrong_passwords_are_counted_in_one_row_per_account(proxied, people, rows):
    people.local("tim")
    guess(proxied, 12)
    guess(proxied, 3, "tim")
    assert sorted(failures(rows)) == [("ada", 12, None), ("tim", 3, None)]


def test_an_unknown_user_name_is_not_stored(app, client, rows, caplog):
    for _ in range(3):
        client.sign_in("My-Secret-Passphrase", "ada")
    assert failures(rows) == [(None, 3, None)]
    for path in Path(app.instance_path).glob("netpresenter.db*"):
        assert b"my-secret" not in path.read_bytes().lower()
    assert "my-secret" not in caplog.text.lower()


def test_the_number_of_accounts_with_their_own_row_is_limited(proxied, people, rows):
    for number in range(MOST_COUNTED + 5):
        people.local(f"person{number}")
    for number in range(MOST_COUNTED + 5):
        for _ in range(2):
            visitor = browser(proxied, f"198.51.100.{number}")
            assert visitor.sign_in(f"person{number}", "wrong").status_code == 401
    found = failures(rows)
    assert len(found) == MOST_COUNTED + 1
    assert (None, 10, {"is_rest": True}) in found
    assert sum(times for _, times, _ in found) == 2 * (MOST_COUNTED + 5)


def test_refused_tokens_are_recorded_in_a_limited_number_of_rows(
    make_app, people, rows
):
    app = make_app(trusted_proxy=PROXY)
    client, number = app.test_client(), 600
    for each in range(number):
        address = f"2001:db8:{each:x}::1"
        headers = {"Authorization": "Bearer nonsense", "X-Forwarded-For": address}
        assert client.get("/scim/v2/Users", headers=headers).status_code == 401
    refused = JOURNAL.c.event == Event.TOKEN_REFUSED.value
    ((noted, times),) = rows(
        select(func.count(), func.sum(JOURNAL.c.times)).where(refused)
    )
    assert 1 <= noted <= MOST_COUNTED + 1
    assert times <= number


def test_a_time_is_rounded_down_to_the_quarter_of_an_hour():
    moment = datetime(2026, 11, 26, 9, 44, 59, tzinfo=UTC)
    assert quarter(moment) == "2026-11-26T09:30"


def test_the_page_of_a_person_shows_recent_wrong_passwords(people, administrator):
    tim = people.local("tim")
    for _ in range(3):
        administrator.application.test_client().sign_in("tim", "wrong")
    page = administrator.get(f"/settings/users/{tim.id}").text
    assert "<dt>Wrong passwords</dt><dd>3 since" in page


# --------------------------------------------------------------- networks
@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5050", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:443", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::9", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ('"[2001:db8::1]:443"', "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("", networks.UNKNOWN),
        ("unknown", networks.UNKNOWN),
        ("_hidden", networks.UNKNOWN),
        ("not an ip<script>", networks.UNKNOWN),
        ("x" * 8000, networks.UNKNOWN),
    ],
)
def test_a_network_is_recognised_in_every_spelling(written, network):
    assert networks.network_of(written) == network


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("192.0.2.9", "192.0.2.9"),
        ("1.1.1.1, 192.0.2.9", "192.0.2.9"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("192.0.2.9, \x1b[31m<script>", PROXY),
        ("x" * 8000, PROXY),
    ],
)
def test_the_forwarded_address_is_used_unless_it_is_malformed(
    proxied, people, rows, header, address
):
    client = browser(proxied, header)
    client.sign_in("nobody", "wrong")
    assert rows(select(GUESSES.c.network)) == [(networks.network_of(address),)]
    failed = JOURNAL.c.event == Event.SIGN_IN_FAILED.value
    assert rows(select(JOURNAL.c.address).where(failed)) == [(address,)]


@pytest.mark.parametrize(
    ("settings", "header", "peer", "is_said"),
    [
        ({}, None, PROXY, False),
        ({}, "192.0.2.9", PROXY, True),
        ({}, "192.0.2.9", "198.51.100.7", False),  # anybody can send this header
        ({"base_url": "https://news.example.org"}, None, "10.0.0.1", True),
        (
            {"base_url": "https://news.example.org", "trusted_proxy": PROXY},
            "192.0.2.9",
            PROXY,
            False,
        ),
    ],
)
def test_an_undeclared_proxy_gives_a_notice(
    make_app, people, settings, header, peer, is_said
):
    app = make_app(**settings)
    url = settings.get("base_url", "http://localhost")
    admin = app.test_client()
    assert admin.get("/healthz", base_url=url).status_code == 200
    visitor = app.test_client()
    if header:
        visitor.environ_base["HTTP_X_FORWARDED_FOR"] = header
    visitor.environ_base["REMOTE_ADDR"] = peer
    visitor.get("/healthz", base_url=url)
    page = admin.get("/sign-in", base_url=url)
    fields = {"user_name": "ada", "password": PASSWORD, **hidden(page.text)}
    assert admin.post("/sign-in", data=fields, base_url=url).status_code == 303
    page = admin.get("/settings", base_url=url)
    assert ("NETPRESENTER_TRUSTED_PROXY" in page.text) == is_said
