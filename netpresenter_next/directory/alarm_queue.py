"""The queue of messages about alarms, in the database.

There is one message for each kind, day and channel.  A message that cannot be sent is
tried again with growing gaps, for at most a day, and then dropped.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import (
    Connection,
    Update,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from netpresenter_next.delivery.messages import Message
from netpresenter_next.delivery.problem_texts import (
    Problem,
    read_in_english,
    write,
)
from netpresenter_next.directory import alarm_texts, events
from netpresenter_next.directory.alarm_kinds import KINDS, Alarm, AlarmKind
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES, AlarmMessage
from netpresenter_next.storage.choices import Channel, MessageState
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.rows import every, first

TARGET = Target("Settings", None, "Alarms")
SERVER = Actor("server", "server")
# Minutes after each failed attempt; after the last, 20 hours have passed.
GAPS = (1, 2, 5, 10, 20, 40, 60, 120, 240, 240, 240, 240)
LONGEST_GAP = timedelta(minutes=max(GAPS))
# When a server that was off starts, older messages are dropped.
LONGEST_WAIT = timedelta(days=1)
MOST_WAITING, MOST_AT_ONCE, MOST_SHOWN = 100, 20, 20
# Longer than the reminders before an expiry, which look for earlier ones.
KEPT_FOR = timedelta(days=90)
LONGEST_ERROR = 1_000

_COLUMNS = ALARM_MESSAGES.c
# Written out, because SQLite does not use the partial index for a parameter.
_IS_WAITING = _COLUMNS.state == literal_column("'waiting'")


# --------------------------------------------------------------- adding
def add(
    connection: Connection, alarm: Alarm, channels: Sequence[Channel], base_url: str
) -> None:
    """Add a message for each channel, unless there is one of this kind and day."""
    for channel in find_missing(connection, alarm, channels):
        message = alarm_texts.write(new_id(), channel, alarm, base_url)
        is_full = count_waiting(connection) >= MOST_WAITING
        values = {
            "kind": alarm.kind.value,
            "day": alarm.at.date(),
            "channel": channel,
            "state": MessageState.WAITING,
            "created_at": now(),
            "next_attempt_at": now(),
        }
        connection.execute(insert(ALARM_MESSAGES), {**values, **message._asdict()})
        if is_full:
            reason = write(Problem.TOO_MANY, number=MOST_WAITING)
            drop(connection, message.id, reason)


def find_missing(
    connection: Connection, alarm: Alarm, channels: Sequence[Channel]
) -> Sequence[Channel]:
    """Return the channels without a message of this kind and day."""
    same = _COLUMNS.kind == alarm.kind.value, _COLUMNS.day == alarm.at.date()
    present = set(connection.scalars(select(_COLUMNS.channel).where(*same)))
    return [channel for channel in channels if channel not in present]


def count_waiting(connection: Connection) -> int:
    """Count the messages that are waiting."""
    waiting = select(func.count()).select_from(ALARM_MESSAGES).where(_IS_WAITING)
    return connection.scalar(waiting) or 0


# --------------------------------------------------------------- sending
def list_due(connection: Connection, channel: Channel) -> Sequence[str]:
    """Return the ids of messages to send now, the longest due first.

    An attempt that is further ahead than any gap was planned before the clock was set
    back.
    """
    present = now()
    is_due = or_(
        _COLUMNS.next_attempt_at <= present,
        _COLUMNS.next_attempt_at > present + LONGEST_GAP,
    )
    query = select(_COLUMNS.id).where(_IS_WAITING, _COLUMNS.channel == channel, is_due)
    ordered = query.order_by(_COLUMNS.next_attempt_at).limit(MOST_AT_ONCE)
    return connection.scalars(ordered).all()


def begin_attempt(connection: Connection, message_id: str) -> Message | None:
    """Count an attempt, and return the message to send; None if it is not sent.

    The next attempt is planned already, in case the process ends during this one.
    """
    this = select(ALARM_MESSAGES).where(_COLUMNS.id == message_id, _IS_WAITING)
    row = first(AlarmMessage, connection.execute(this))
    if row is None:
        return None
    present = now()
    if present - row.created_at > LONGEST_WAIT:
        drop(connection, row.id, row.last_error or write(Problem.TOO_OLD))
        return None
    gap = timedelta(minutes=GAPS[min(row.attempts, len(GAPS) - 1)])
    values = {"attempts": row.attempts + 1, "next_attempt_at": present + gap}
    connection.execute(_update(row.id).values(values))
    return Message(row.id, row.subject, row.body)


def note_sent(connection: Connection, message_id: str, note: str) -> None:
    """Record that a message was sent; ``note`` says which recipients were refused.

    It is stored as it is, like the ``error`` of ``note_failure``, and like what it is
    read with: ``problem_texts``.
    """
    values = {"ended_at": now(), "last_error": note[:LONGEST_ERROR]}
    connection.execute(_update(message_id).values(state=MessageState.SENT, **values))


def note_failure(connection: Connection, message_id: str, error: str) -> None:
    """Record why an attempt failed; after the last attempt, drop the message."""
    this = _update(message_id).where(_IS_WAITING)
    failed = this.values(last_error=error[:LONGEST_ERROR]).returning(_COLUMNS.attempts)
    attempts = connection.scalar(failed)
    if attempts is not None and attempts > len(GAPS):
        drop(connection, message_id, error)


def drop(connection: Connection, message_id: str, reason: str) -> None:
    """Give a message up, and record an event that says why."""
    values = {"ended_at": now(), "last_error": reason[:LONGEST_ERROR]}
    dropped = _update(message_id).values(state=MessageState.DROPPED, **values)
    row = connection.execute(
        dropped.returning(_COLUMNS.kind, _COLUMNS.subject, _COLUMNS.channel)
    ).one()
    events.record(
        connection,
        SERVER,
        Event.ALARM_DROPPED,
        TARGET,
        succeeded=False,
        alarm=_name_in_english(row.kind, row.subject),
        channel=str(row.channel),
        reason=read_in_english(reason),
    )


def _name_in_english(kind: str, subject: str) -> str:
    """Return the subject for a log; a kind of a later version has no label here."""
    labels = {each.value: details.label for each, details in KINDS.items()}
    return f"{alarm_texts.PRODUCT}: {labels[kind]}" if kind in labels else subject


def drop_waiting(connection: Connection, reason: str, channel: Channel | None) -> None:
    """Drop all waiting messages, or those of one channel."""
    query = select(_COLUMNS.id).where(_IS_WAITING)
    if channel is not None:
        query = query.where(_COLUMNS.channel == channel)
    for message_id in connection.scalars(query.limit(MOST_WAITING)).all():
        drop(connection, message_id, reason)


# --------------------------------------------------------------- looking
def list_latest(connection: Connection) -> Sequence[AlarmMessage]:
    """Return the last messages, the newest first."""
    query = select(ALARM_MESSAGES).order_by(_COLUMNS.id.desc()).limit(MOST_SHOWN)
    return every(AlarmMessage, connection.execute(query))


def find_latest_attempt(
    connection: Connection, channel: Channel
) -> AlarmMessage | None:
    """Return the latest message of a channel of which an attempt has ended."""
    has_ended = or_(_COLUMNS.last_error != "", _COLUMNS.ended_at.is_not(None))
    query = select(ALARM_MESSAGES).where(_COLUMNS.channel == channel, has_ended)
    latest = query.order_by(_COLUMNS.id.desc()).limit(1)
    return first(AlarmMessage, connection.execute(latest))


def find_latest_day(connection: Connection, kind: AlarmKind) -> date | None:
    """Return the day of the latest message of a kind, if there is one."""
    latest = select(func.max(_COLUMNS.day)).where(_COLUMNS.kind == kind.value)
    day: date | None = connection.scalar(latest)
    return day


def _update(message_id: str) -> Update:
    return update(ALARM_MESSAGES).where(_COLUMNS.id == message_id)
