"""Test messages of alarms: what came of the last one, and which channels fail."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.delivery import problem_texts
from netpresenter_next.directory import alarm_queue, alarm_settings, events
from netpresenter_next.directory.events import AUDIT, Actor, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.choices import Channel, MessageState
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.rows import every

# A message that was given up is reported for so long, unless a later one was sent.
REPORTED_FOR = timedelta(days=7)
# The most tests among which that of each channel is looked for.
MOST_TESTS = 20

_IN_PART = marked("The last message by %(channel)s was sent only in part: %(reason)s")
_NOT_SENT = marked("The last message by %(channel)s could not be sent: %(reason)s")


class Failing(NamedTuple):
    """A channel by which alarms may not arrive, and why, as a sentence."""

    channel: Channel
    what: str


def note_start(connection: Connection, actor: Actor, channel: Channel) -> None:
    """Record that an administrator sends a test message."""
    target = alarm_queue.TARGET
    events.record(connection, actor, Event.ALARM_TESTED, target, channel=str(channel))


def note_failure(
    connection: Connection, actor: Actor, channel: Channel, reason: str
) -> None:
    """Record why the test message could not be sent: a problem, as it is stored."""
    events.record(
        connection,
        actor,
        Event.ALARM_TEST_FAILED,
        alarm_queue.TARGET,
        succeeded=False,
        channel=str(channel),
        reason=problem_texts.read_in_english(reason),
        problem=reason,
    )


def list_failing(connection: Connection) -> Sequence[Failing]:
    """Return the channels that are set up and whose last message did not arrive.

    That is the last test, or the last alarm if no test succeeded since.
    """
    channels = alarm_settings.list_channels(alarm_settings.read(connection))
    if not channels:
        return []
    tests = _list_latest_tests(connection)
    found = (_find_fault(connection, each, tests) for each in channels)
    return [each for each in found if each is not None]


def _list_latest_tests(connection: Connection) -> Sequence[JournalEntry]:
    tests: list[JournalEntry] = []
    for event in (Event.ALARM_TESTED, Event.ALARM_TEST_FAILED):
        columns = JOURNAL.c
        query = select(JOURNAL).where(columns.event == event, columns.log == AUDIT)
        newest = query.order_by(columns.at.desc(), columns.id.desc()).limit(MOST_TESTS)
        tests += every(JournalEntry, connection.execute(newest))
    return sorted(tests, key=lambda row: row.id, reverse=True)


def _find_fault(
    connection: Connection, channel: Channel, tests: Sequence[JournalEntry]
) -> Failing | None:
    ours = (row for row in tests if (row.facts or {}).get("channel") == channel)
    test = next(ours, None)
    message = alarm_queue.find_latest_attempt(connection, channel)
    if message is not None and now() - message.created_at >= REPORTED_FOR:
        message = None
    is_sent = message is not None and message.state is MessageState.SENT
    sent_at = message.ended_at if message is not None and is_sent else None
    if test is not None and test.event == Event.ALARM_TEST_FAILED:
        if sent_at is None or sent_at < test.at:
            facts = test.facts or {}
            # Rows of older versions have the sentence only.
            reason = problem_texts.read(facts.get("problem", facts.get("reason", "")))
            what = _(
                "The last test message by %(channel)s failed: %(reason)s",
                channel=channel,
                reason=reason,
            )
            return Failing(channel, what)
    elif test is not None and message is not None and test.at > message.created_at:
        return None
    if message is None or not message.last_error:
        return None
    text = _IN_PART if is_sent else _NOT_SENT
    reason = problem_texts.read(message.last_error)
    return Failing(channel, _(text, channel=channel, reason=reason))
