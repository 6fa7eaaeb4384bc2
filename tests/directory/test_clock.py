"""A clock step signs nobody out and makes nothing valid for much longer."""

import datetime
import time

import pytest
from itsdangerous import BadSignature, SignatureExpired
from sqlalchemy import select, update

from clocks import DAY, HOUR, MINUTE, SettableClock
from helpers import PASSWORD
from netpresenter_next.directory import (
    counted_events,
    scim_tokens,
    session_lifetime,
    unlocking,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.timestamps import now
from netpresenter_next.scim.cursors import LIFETIME, CursorPosition, Cursors
from netpresenter_next.scim.errors import ExpiredCursor
from netpresenter_next.storage import database, encryption, ids
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, SCIM_TOKENS, SESSIONS, USERS
from netpresenter_next.storage.throttle_models import GUESSES
from netpresenter_next.web import context, rate_limits
from netpresenter_next.web.monotonic_storage import MonotonicStorage
from visitors import hidden, signed_in

BACK = [-10 * MINUTE, -DAY, -400 * DAY]


@pytest.fixture
def clock(monkeypatch):
    return SettableClock(monkeypatch)


# --------------------------------------------------------------- sessions
@pytest.mark.parametrize("seconds", [*BACK, 10 * MINUTE])
def test_a_clock_step_signs_nobody_out(clock, administrator, seconds):
    clock.step(seconds)
    assert administrator.is_in()
    assert administrator.is_in()
    clock.step(-seconds)
    is_idle = seconds < -8 * HOUR  # the clock says that the last request is long ago
    assert administrator.is_in() is not is_idle


def test_a_clock_step_of_a_day_forward_ends_idle_sessions(clock, administrator):
    clock.step(DAY)
    assert not administrator.is_in()


@pytest.mark.parametrize("seconds", BACK)
def test_the_next_request_corrects_session_times_in_the_future(
    clock, administrator, rows, seconds
):
    clock.step(seconds)
    assert administrator.is_in()
    (times,) = rows(
        select(SESSIONS.c.seen_at, SESSIONS.c.created_at, SESSIONS.c.authenticated_at)
    )
    assert max(times) <= now()
    clock.step(7 * DAY + MINUTE)
    assert not administrator.is_in()


def test_times_of_unused_sessions_are_corrected_too(clock, app, administrator, rows):
    clock.step(-DAY)
    with app.app_context(), database.write() as connection:
        assert (
            session_lifetime.correct_future_times(
                connection, SESSIONS.c.digest.is_not(None)
            )
            == 1
        )
        assert (
            session_lifetime.correct_future_times(
                connection, SESSIONS.c.digest.is_not(None)
            )
            == 0
        )
    clock.step(8 * HOUR + MINUTE)
    assert not administrator.is_in()


ENTRA = "/settings/system/microsoft-entra-id"
OPTIONS = {"idle_minutes": "480", "absolute_hours": "168"}


def requires_authentication(browser):
    answer = browser.submit(
        f"{ENTRA}/matching", page=f"{ENTRA}/sign-in-options", **OPTIONS
    )
    return answer.status_code == 403


def test_a_clock_step_back_does_not_extend_recent_authentication(clock, administrator):
    clock.step(-5 * MINUTE)
    assert not requires_authentication(administrator)
    clock.step(9 * MINUTE)
    assert not requires_authentication(administrator)
    clock.step(2 * MINUTE)
    assert requires_authentication(administrator)


def test_an_authentication_far_in_the_future_is_not_recent(clock, administrator):
    form = {**hidden(administrator.get(f"{ENTRA}/sign-in-options").text), **OPTIONS}
    clock.step(-DAY)
    assert administrator.post(f"{ENTRA}/matching", data=form).status_code == 403
    assert administrator.is_in()
    assert requires_authentication(administrator)


# --------------------------------------------------------------- passwords
@pytest.mark.parametrize("seconds", [-DAY, DAY])
def test_a_clock_step_allows_no_more_guesses(clock, client, rows, seconds):
    for _ in range(10):
        assert client.sign_in("ada", "wrong").status_code == 401
    refused = client.sign_in("ada", "wrong")
    assert refused.status_code == 429
    clock.step(seconds)
    refused = client.sign_in("ada", "wrong")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * MINUTE
    assert len(rows(select(GUESSES))) == 10


def test_guesses_that_a_restart_finds_in_the_future_still_count(app, client, rows):
    for _ in range(10):
        client.sign_in("ada", "wrong")
    with app.app_context(), database.write() as connection:
        connection.execute(update(GUESSES).values(at=GUESSES.c.at + DAY))
    refused = client.sign_in("ada", "wrong")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * MINUTE
    assert all(row.at <= timestamps.monotonic_time() for row in rows(select(GUESSES)))


def test_limits_in_memory_ignore_clock_steps(clock, app, client, rows):
    """Otherwise no event is recorded singly until the clock is right again."""
    for _ in range(rate_limits.STORED_EVENTS.amount + 5):
        client.get("/scim/v2/Users", headers={"Authorization": "Bearer wrong"})
    storage = context.of(app).counters.limiter.storage
    steady = timestamps.monotonic_time()
    clock.step(-DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "netpresenter_next.web.monotonic_storage.monotonic_time", lambda: steady + 2
        )
        with app.test_request_context():
            assert rate_limits.count_event() is not None
        assert storage.get_moving_window("x", 1, 1) == (steady + 2, 0)


def test_moving_windows_in_memory_are_bounded(monkeypatch):
    present = [0.0]
    monkeypatch.setattr(
        "netpresenter_next.web.monotonic_storage.monotonic_time", lambda: present[0]
    )
    storage = MonotonicStorage()
    for present[0] in range(5):
        assert storage.acquire_entry("a", 5, 10)
    assert storage.get_moving_window("a", 5, 10) == (0, 5)
    assert not storage.acquire_entry("a", 5, 10)
    present[0] = 11
    assert storage.get_moving_window("a", 5, 10) == (1, 4)
    assert storage.acquire_entry("a", 5, 10)
    assert not storage.acquire_entry("a", 5, 10)
    for present[0] in range(12, 1_000):
        assert storage.acquire_entry(f"{present[0]}", 5, 10)
    assert len(storage._hits) <= 12
    assert storage.reset() > 0
    assert storage.reset() == 0


def test_a_form_from_before_a_clock_step_back_is_accepted(clock, administrator):
    fields = hidden(administrator.get("/account").text)
    clock.step(-DAY)
    assert administrator.post("/sign-out", data=fields).status_code == 303


def test_an_account_owner_can_sign_in_after_a_clock_step_back(clock, app, client):
    client.sign_in("ada", "wrong")
    clock.step(-DAY)
    assert client.sign_in("ada", PASSWORD).status_code == 303
    # The browser stays a known browser.
    unknown = app.test_client()
    for _ in range(10):
        unknown.sign_in("ada", "wrong")
    assert unknown.sign_in("ada", PASSWORD).status_code == 429
    clock.step(-10 * MINUTE)
    client.post("/sign-out")
    assert client.sign_in("ada", PASSWORD).status_code == 303


@pytest.mark.parametrize(("seconds", "holds"), [(-50 * MINUTE, True), (-DAY, False)])
def test_an_account_is_unlocked_for_at_most_twice_its_time(
    clock, app, people, seconds, holds
):
    with app.app_context(), database.write() as connection:
        here = encryption.read_key(context.of(app).config.instance)
        code = unlocking.unlock(connection, here, people.ada, COMMAND_LINE)
    clock.step(seconds)
    with app.app_context(), database.read() as connection:
        assert unlocking.read_account_status(connection, "ada").is_unlocked is holds
        assert bool(unlocking.find_owner_by_code(connection, code)) is holds


# --------------------------------------------------------------- signed texts
@pytest.mark.parametrize(
    ("seconds", "is_valid"), [(-590, True), (-660, False), (660, False)]
)
def test_an_encrypted_text_is_valid_for_at_most_twice_its_time(
    clock, app, seconds, is_valid
):
    here = context.of(app).encryption_key
    encrypted = here.encrypt("secret")
    clock.step(seconds)
    assert here.decrypt(encrypted) == "secret"
    if is_valid:
        assert here.decrypt(encrypted, 600) == "secret"
    else:
        with pytest.raises(encryption.DecryptionFailed):
            here.decrypt(encrypted, 600)


def test_a_signature_from_before_a_clock_step_back_is_valid_and_expires(clock):
    signing = timestamps.make_serializer("key", "salt")
    signed = signing.dumps("text")
    clock.step(-DAY)
    assert signing.loads(signed, 60) == "text"
    clock.step(DAY + 62)
    with pytest.raises(SignatureExpired):
        signing.loads(signed, 60)
    assert signing.loads(signed) == "text"
    with pytest.raises(BadSignature):
        timestamps.make_serializer("another", "salt").loads(signed, 60)


def test_a_cursor_stays_valid_after_a_clock_step_back(clock):
    cursors = Cursors("key")
    cursor = cursors.write(CursorPosition("User", None, "1", 1), "")
    clock.step(-10 * MINUTE)
    assert cursors.read(cursor, "").id == "1"
    clock.step(10 * MINUTE + LIFETIME + 2)
    with pytest.raises(ExpiredCursor):
        cursors.read(cursor, "")


# --------------------------------------------------------------- stored times
@pytest.mark.parametrize("seconds", BACK)
def test_a_resource_is_never_modified_before_it_was_created(
    clock, app, people, rows, seconds
):
    grace = people.provisioned("grace")
    group = people.group("Staff")
    clock.step(seconds)
    people.change(grace, displayName="Grace")
    people.add(group, grace)
    for table, row in ((USERS, grace), (GROUPS, group)):
        query = select(table).where(table.c.id == row.id)
        (changed,) = rows(query)
        assert changed.modified_at >= changed.created_at
        assert changed.version > row.version
    clock.step(-seconds + MINUTE)
    people.change(grace, displayName="Grace H.")
    (changed,) = rows(select(USERS).where(USERS.c.id == grace.id))
    assert changed.modified_at > changed.created_at


def test_ids_stay_in_order_when_the_clock_is_set_back(clock):
    made = [ids.new_id() for _ in range(3)]
    clock.step(-DAY)
    made += [ids.new_id() for _ in range(5_000)]
    clock.step(2 * DAY)
    made += [ids.new_id() for _ in range(3)]
    assert made == sorted(set(made))


def test_a_counted_event_never_ends_before_it_begins(clock, app, rows):
    def refuse():
        with app.app_context(), database.write() as connection:
            counted_events.record(
                connection, COMMAND_LINE, Event.TOKEN_REFUSED, None, about="same"
            )

    refuse()
    counted = rows(
        select(JOURNAL.c.counted_as).where(JOURNAL.c.counted_as.is_not(None))
    )
    with app.app_context(), database.write() as connection:
        later = {"at": now() + datetime.timedelta(minutes=10)}
        connection.execute(update(JOURNAL).values(later))
    refuse()
    ((first, last, times),) = rows(
        select(JOURNAL.c.at, JOURNAL.c.last_at, JOURNAL.c.times).where(
            JOURNAL.c.counted_as == counted[0][0]
        )
    )
    assert (last >= first, times) == (True, 2)


def test_a_last_use_of_a_token_in_the_future_is_replaced(clock, app, rows):
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "", "n" * 16)
        connection.execute(update(SCIM_TOKENS).values(last_used_at=now()))
    clock.step(-DAY)
    (token,) = rows(select(SCIM_TOKENS))
    assert scim_tokens.UseWatch().is_due(token)


def test_the_monotonic_time_ignores_clock_steps(clock):
    before = timestamps.monotonic_time()
    clock.step(-DAY)
    assert 0 <= timestamps.monotonic_time() - before < HOUR
    assert abs(time.time() - before) > HOUR


def test_browsers_with_a_session_from_the_future_can_sign_out(clock, app, people):
    browser = signed_in(app, "ada")
    clock.step(-DAY)
    assert browser.submit("/sign-out", page="/account").status_code == 303
    assert not browser.is_in()
