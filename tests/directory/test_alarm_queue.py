"""The queue of messages about alarms: one a kind, day and channel; bounded."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clocks import DAY, HOUR, MINUTE, SettableClock
from helpers import ROOT
from netpresenter_next.directory import alarm_queue, alarm_texts
from netpresenter_next.directory.alarm_kinds import KINDS, Alarm, AlarmKind
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import in_language
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES
from netpresenter_next.storage.choices import Channel
from netpresenter_next.storage.event_models import JOURNAL

BOTH = tuple(Channel)
BASE_URL = "https://news.example.org/netpresenter"


@pytest.fixture
def clock(monkeypatch):
    return SettableClock(monkeypatch)


@pytest.fixture
def queue(app):
    """Calls a function of the queue in a write transaction."""

    def call(function, *arguments):
        with app.app_context(), database.write() as connection:
            return function(connection, *arguments)

    return call


@pytest.fixture
def add(queue):
    def add_one(kind=AlarmKind.BACKUP_FAILED, at=None, channels=BOTH):
        alarm = Alarm(kind, at or now(), "The last nightly backup failed.")
        queue(alarm_queue.add, alarm, channels, BASE_URL)

    return add_one


@pytest.fixture
def messages(rows):
    return lambda: rows(select(ALARM_MESSAGES).order_by(ALARM_MESSAGES.c.id))


@pytest.fixture
def dropped(rows):
    """Returns the facts of the events about messages that were given up."""
    query = select(JOURNAL.c.facts, JOURNAL.c.log, JOURNAL.c.succeeded)
    query = query.where(JOURNAL.c.event == "alarm.dropped").order_by(JOURNAL.c.id)
    return lambda: [tuple(row) for row in rows(query)]


def test_one_message_is_added_for_each_kind_day_and_channel(add, messages):
    for _ in range(3):
        add()
    assert [row.channel for row in messages()] == list(BOTH)
    add(AlarmKind.CONFLICT_OPENED, channels=[Channel.EMAIL])
    add(at=now() - timedelta(days=1))
    assert len(messages()) == 5


def test_a_failed_message_is_tried_again_with_growing_gaps_for_a_day(
    add, queue, messages, dropped, clock
):
    add(channels=[Channel.EMAIL])
    (message_id,) = queue(alarm_queue.list_due, Channel.EMAIL)
    assert queue(alarm_queue.list_due, Channel.WEBHOOK) == []
    for gap in alarm_queue.GAPS:
        assert queue(alarm_queue.list_due, Channel.EMAIL) == [message_id]
        assert queue(alarm_queue.begin_attempt, message_id).id == message_id
        queue(alarm_queue.note_failure, message_id, "No.")
        clock.step(gap * MINUTE - 1)
        assert queue(alarm_queue.list_due, Channel.EMAIL) == []
        clock.step(1)
    assert sum(alarm_queue.GAPS) * MINUTE < DAY
    assert list(alarm_queue.GAPS) == sorted(alarm_queue.GAPS)
    queue(alarm_queue.begin_attempt, message_id)
    queue(alarm_queue.note_failure, message_id, "No.")
    (row,) = messages()
    assert (row.state, row.attempts, row.last_error) == ("dropped", 13, "No.")
    facts = {
        "alarm": "Netpresenter Next: A backup failed or is old",
        "channel": "e-mail",
        "reason": "No.",
    }
    assert dropped() == [(facts, "audit", False)]
    assert queue(alarm_queue.begin_attempt, message_id) is None


def test_a_message_of_a_server_that_was_off_for_a_day_is_dropped(
    add, queue, messages, dropped, clock
):
    add(channels=[Channel.EMAIL])
    clock.step(DAY + 1)
    (message_id,) = queue(alarm_queue.list_due, Channel.EMAIL)
    assert queue(alarm_queue.begin_attempt, message_id) is None
    assert messages()[0].state == "dropped"
    assert dropped()[0][0]["reason"] == "It was not sent within a day."


def test_a_message_is_sent_although_the_clock_was_set_back(add, queue, clock):
    add(channels=[Channel.EMAIL])
    (message_id,) = queue(alarm_queue.list_due, Channel.EMAIL)
    queue(alarm_queue.begin_attempt, message_id)
    clock.step(-10 * HOUR)
    assert queue(alarm_queue.list_due, Channel.EMAIL) == [message_id]


def test_a_limited_number_of_messages_waits(add, queue, messages, dropped, monkeypatch):
    monkeypatch.setattr(alarm_queue, "MOST_WAITING", 3)
    for kind in list(AlarmKind)[:2]:
        add(kind)
    add(AlarmKind.BACKUP_FAILED, channels=[Channel.EMAIL])
    assert [row.state for row in messages()] == ["waiting"] * 3 + ["dropped"] * 2
    assert [facts["reason"] for facts, *_ in dropped()] == [
        "3 messages are already waiting."
    ] * 2
    for message_id in queue(alarm_queue.list_due, Channel.EMAIL):
        queue(alarm_queue.note_sent, message_id, "")
    add(AlarmKind.EMERGENCY_ACCESS, channels=[Channel.EMAIL])
    assert messages()[-1].state == "waiting"


def test_the_latest_attempt_of_a_channel_is_found(add, queue, messages):
    assert queue(alarm_queue.find_latest_attempt, Channel.EMAIL) is None
    add()
    assert queue(alarm_queue.find_latest_attempt, Channel.EMAIL) is None
    (message_id,) = queue(alarm_queue.list_due, Channel.EMAIL)
    queue(alarm_queue.note_failure, message_id, "No.")
    latest = queue(alarm_queue.find_latest_attempt, Channel.EMAIL)
    assert (latest.id, latest.last_error) == (message_id, "No.")
    assert queue(alarm_queue.find_latest_attempt, Channel.WEBHOOK) is None


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("due", "ix_alarm_messages_waiting"),
        ("old", "ix_alarm_messages_created_at"),
    ],
)
def test_queries_of_the_queue_use_its_indexes(app, query, index):
    statements = []
    with app.app_context(), database.write() as connection:
        connection.execute(update(ALARM_MESSAGES).values(attempts=0))
        raw = connection.connection.dbapi_connection
        raw.set_trace_callback(statements.append)
        if query == "due":
            alarm_queue.list_due(connection, Channel.EMAIL)
        else:
            created_at = ALARM_MESSAGES.c.created_at
            old = select(ALARM_MESSAGES.c.id).where(created_at < now())
            connection.execute(old.order_by(created_at)).all()
        raw.set_trace_callback(None)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[-1]}").all()
    assert index in str(plan)


# --------------------------------------------------------------- texts
def test_a_message_says_what_happened_and_links_to_a_page_that_exists(app):
    for kind in AlarmKind:
        at = now()
        alarm = Alarm(kind, at, "It happened to Ada.", ["Ada"])
        mail = alarm_texts.write("1", Channel.EMAIL, alarm, BASE_URL)
        assert mail.subject == f"Netpresenter Next: {KINDS[kind].label}"
        for words in (
            "It happened to Ada.",
            f"When: {at:%Y-%m-%d %H:%M} UTC",
            f"Where: {BASE_URL}{KINDS[kind].page}",
            KINDS[kind].advice,
            f"{BASE_URL}/settings/system/alarms",
        ):
            assert words in mail.body, words
        payload = json.loads(
            alarm_texts.write("1", Channel.WEBHOOK, alarm, BASE_URL).body
        )
        assert payload["type"] == f"alarm.{kind.value}"
        assert payload["timestamp"] == f"{at:%Y-%m-%dT%H:%M:%SZ}"
        assert payload["data"]["people"] == ["Ada"]
        assert payload["data"]["url"] == f"{BASE_URL}{KINDS[kind].page}"
        path = KINDS[kind].page.partition("?")[0]
        assert app.url_map.bind("localhost").match(path)


def test_the_documentation_shows_the_payload_and_all_types():
    text = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.+?)```", text, re.DOTALL)
    shown = json.loads(example)
    alarm = Alarm(AlarmKind.MANY_DISABLED, now(), "It happened.")
    sent = json.loads(alarm_texts.write("1", Channel.WEBHOOK, alarm, BASE_URL).body)
    assert shown["type"] == sent["type"]
    assert list(shown) == list(sent)
    assert list(shown["data"]) == list(sent["data"])
    for kind in AlarmKind:
        assert f"`{kind.value}`" in text
        assert f"| {KINDS[kind].label} |" in text


def test_a_message_without_a_public_address_has_no_link(app):
    alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "It failed.")
    assert "http" not in alarm_texts.write("1", Channel.EMAIL, alarm, "").body
    payload = json.loads(alarm_texts.write("1", Channel.WEBHOOK, alarm, "").body)
    assert payload["data"]["url"] is None
    assert "http" not in alarm_texts.write_test("1", Channel.EMAIL, now(), "").body


@pytest.mark.parametrize(
    ("display_name", "user_name", "shown"),
    [
        ("Jan Jansen", "jan@example.org", "Jan Jansen"),
        (None, "jan@example.org", "jan"),
        ("jan@example.org", "x", "jan"),
        ("Jan\r\nBcc: x", "x", "Jan Bcc: x"),
        ("\u202enaJ", "x", "naJ"),
        ("x" * 500, "x", "x" * 79 + "…"),
        ("", "@example.org", "a person"),
    ],
)
def test_a_person_has_a_name_and_no_address(display_name, user_name, shown):
    assert alarm_texts.shorten_name(display_name, user_name) == shown


def test_names_beyond_the_first_are_counted():
    assert alarm_texts.join_names(["Ada"], 1) == "Ada"
    assert alarm_texts.join_names(list("abcdefg"), 1_007) == (
        "a, b, c, d, e and 1,002 more"
    )


def test_every_kind_has_texts():
    assert set(KINDS) == set(AlarmKind)


def test_the_event_about_a_dropped_message_is_in_english(queue, messages, dropped):
    def add_dutch(connection):
        alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "De laatste back-up is mislukt.")
        with in_language("nl"):
            alarm_queue.add(connection, alarm, [Channel.EMAIL], BASE_URL)

    queue(add_dutch)
    assert "back-up" in messages()[0].subject
    queue(alarm_queue.drop_waiting, "Alarms were switched off.", None)
    ((facts, *_),) = dropped()
    assert facts["alarm"] == "Netpresenter Next: A backup failed or is old"
