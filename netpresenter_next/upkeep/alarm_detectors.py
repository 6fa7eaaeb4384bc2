"""Detecting what somebody should be told: one detector for each kind of alarm.

A detector looks at new entries of the event log, or at a state such as the last backup.
It may find the same again: one message a kind and day is sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.config.options import Config
from netpresenter_next.directory import (
    alarm_queue,
    alarm_texts,
    provisioning_status,
    sign_in_settings,
    token_states,
)
from netpresenter_next.directory.alarm_kinds import Alarm, AlarmKind
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, ngettext, write_date
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.models import USERS
from netpresenter_next.upkeep import mass_disabling
from netpresenter_next.upkeep.settings import BACKUP, read_runs, read_settings

# Days before an expiry; on each of them there is one reminder.
REMINDERS = (30, 14, 3, 0)
OLDEST_BACKUP = timedelta(days=2)
# The reasons for which a token was refused that was valid here before.  Anybody can
# send tokens that never were: they raise no alarm.
FORMER_TOKENS = {
    "revoked": marked("A SCIM client sent a token that was revoked."),
    "expired": marked("A SCIM client sent a token that has expired."),
}


class Situation(NamedTuple):
    """What detectors look at."""

    connection: Connection
    config: Config
    present: datetime
    entries: Sequence[JournalEntry]  # new ones of the event log, oldest first

    def list_entries(self, *kinds: Event) -> list[JournalEntry]:
        """Return the new entries of these events."""
        return [each for each in self.entries if each.event in kinds]


Detector = Callable[[Situation], Iterator[Alarm]]


# --------------------------------------------------------------- the event log
def _detect_rejected_tokens(situation: Situation) -> Iterator[Alarm]:
    for entry in situation.list_entries(Event.FORMER_TOKEN_REFUSED):
        reason = (entry.facts or {}).get("reason")
        if what := FORMER_TOKENS.get(str(reason)):
            yield Alarm(AlarmKind.REJECTED_TOKENS, entry.at, _(what))


def _detect_conflicts(situation: Situation) -> Iterator[Alarm]:
    entries = [
        each
        for each in situation.list_entries(Event.CONFLICT_OPENED)
        if not _is_refused_disable(each)
    ]
    kind, what = (
        AlarmKind.CONFLICT_OPENED,
        marked("An administrator has to decide about %(names)s."),
    )
    yield from _tell_by_day(situation, kind, entries, what)


def _detect_refused_disables(situation: Situation) -> Iterator[Alarm]:
    entries = [
        each
        for each in situation.list_entries(Event.CONFLICT_OPENED)
        if _is_refused_disable(each)
    ]
    kind, what = (
        AlarmKind.DISABLE_REFUSED,
        marked("Provisioning could not disable %(names)s."),
    )
    yield from _tell_by_day(situation, kind, entries, what)


def _is_refused_disable(entry: JournalEntry) -> bool:
    return (entry.facts or {}).get("reason") == Reason.DISABLE_REFUSED


def _detect_emergency_access(situation: Situation) -> Iterator[Alarm]:
    entries = situation.list_entries(Event.SIGNED_IN_FOR_EMERGENCY)
    kind, what = (
        AlarmKind.EMERGENCY_ACCESS,
        marked("A sign-in with emergency access, by %(names)s."),
    )
    yield from _tell_by_day(situation, kind, entries, what)


def _tell_by_day(
    situation: Situation, kind: AlarmKind, entries: Sequence[JournalEntry], what: str
) -> Iterator[Alarm]:
    """Yield one alarm a day, with the names of the first people of that day."""
    by_day: dict[date, list[JournalEntry]] = {}
    for entry in entries:
        by_day.setdefault(entry.at.date(), []).append(entry)
    for theirs in by_day.values():
        ids = list(dict.fromkeys(str(each.target_id) for each in theirs))
        people = list_names(situation.connection, ids)
        said = _(what, names=alarm_texts.join_names(people, len(ids)))
        yield Alarm(kind, theirs[0].at, said, people)


def list_names(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Return the names of the first of these people, in this order.

    A person who was deleted since has no name any more.
    """
    first = ids[: alarm_texts.MOST_NAMES]
    columns = USERS.c.id, USERS.c.display_name, USERS.c.user_name
    rows = connection.execute(select(*columns).where(USERS.c.id.in_(first))).all()
    found = {
        row.id: alarm_texts.shorten_name(row.display_name, row.user_name)
        for row in rows
    }
    return [found.get(each, _("a person who was deleted since")) for each in first]


def _detect_many_disabled(situation: Situation) -> Iterator[Alarm]:
    entries = situation.list_entries(Event.PERSON_DISABLED, Event.PERSON_DELETED)
    if not entries:
        return
    connection = situation.connection
    burst = mass_disabling.find_burst(connection, entries[0].at, entries[-1].id)
    if burst is None:
        return
    people = list_names(connection, burst.people)
    who = alarm_texts.join_names(people, len(burst.people))
    minutes = mass_disabling.WINDOW // timedelta(minutes=1)
    names = [each.name for each in burst.by]
    by = alarm_texts.name_actors(burst.by[0].kind, names)
    what = ngettext(
        "%(num)s person was disabled or deleted within %(minutes)s minutes by %(by)s: "
        "%(names)s.",
        "%(num)s people were disabled or deleted within %(minutes)s minutes by %(by)s: "
        "%(names)s.",
        len(burst.people),
        minutes=minutes,
        by=by,
        names=who,
    )
    yield Alarm(AlarmKind.MANY_DISABLED, burst.at, what, people)


# --------------------------------------------------------------- states
def _detect_failing_provisioning(situation: Situation) -> Iterator[Alarm]:
    status = provisioning_status.read_status(situation.connection)
    if status.state is State.FAILING:
        what = _("All changes of the last provisioning cycle were refused.")
        yield Alarm(AlarmKind.PROVISIONING_FAILS, situation.present, what)


def _detect_expiring_tokens(situation: Situation) -> Iterator[Alarm]:
    connection, today = situation.connection, situation.present.date()
    kind = AlarmKind.EXPIRING_TOKENS
    latest = alarm_queue.find_latest_day(connection, kind)
    expiring = [
        (each.token, each.expires_at.date())
        for each in token_states.list_expiring(connection)
    ]
    if any(is_reminder_due(day, today, latest) for _, day in expiring):
        tokens = [
            _(
                "The SCIM token %(name)s %(expires)s.",
                name=token.label or token.hint,
                expires=describe_expiry(day, today),
            )
            for token, day in expiring
        ]
        yield Alarm(kind, situation.present, " ".join(tokens))


def _detect_expiring_credentials(situation: Situation) -> Iterator[Alarm]:
    connection, today = situation.connection, situation.present.date()
    expiry = sign_in_settings.read_expiry(connection, situation.config)
    kind = AlarmKind.EXPIRING_CREDENTIALS
    if expiry is None:
        return
    latest = alarm_queue.find_latest_day(connection, kind)
    if is_reminder_due(expiry.expires_on, today, latest):
        when = describe_expiry(expiry.expires_on, today)
        what = _(
            "The %(what)s for sign-in with Microsoft %(expires)s.",
            what=_(expiry.what),
            expires=when,
        )
        yield Alarm(kind, situation.present, what)


def is_reminder_due(expires_on: date, today: date, latest: date | None) -> bool:
    """Is it a day of ``REMINDERS``, or one after it, without a reminder since then?

    ``latest`` is the day of the latest reminder.
    """
    passed = [
        day for days in REMINDERS if (day := expires_on - timedelta(days=days)) <= today
    ]
    return bool(passed) and (latest is None or latest < max(passed))


def describe_expiry(expires_on: date, today: date) -> str:
    """Write when something expires or expired: "expires in 3 days, on ..."."""
    days, day = (expires_on - today).days, write_date(expires_on)
    if days < 0:
        return _("expired on %(day)s", day=day)
    if days == 0:
        return _("expires today, on %(day)s", day=day)
    if days == 1:
        return _("expires tomorrow, on %(day)s", day=day)
    return _("expires in %(days)s days, on %(day)s", days=days, day=day)


def _detect_failed_backup(situation: Situation) -> Iterator[Alarm]:
    last = read_runs(situation.connection).get(BACKUP)
    if last is None or not read_settings(situation.connection).backups_kept:
        return
    if not last.succeeded:
        what = _("The last nightly backup failed.")
    elif situation.present - last.ended_at > OLDEST_BACKUP:
        at = f"{last.ended_at:%Y-%m-%d %H:%M}"
        what = _("The last backup is of %(time)s UTC.", time=at)
    else:
        return
    yield Alarm(AlarmKind.BACKUP_FAILED, situation.present, what)


# --------------------------------------------------------------- the table
DETECTORS: Mapping[AlarmKind, Detector] = {
    AlarmKind.PROVISIONING_FAILS: _detect_failing_provisioning,
    AlarmKind.EXPIRING_TOKENS: _detect_expiring_tokens,
    AlarmKind.REJECTED_TOKENS: _detect_rejected_tokens,
    AlarmKind.EXPIRING_CREDENTIALS: _detect_expiring_credentials,
    AlarmKind.CONFLICT_OPENED: _detect_conflicts,
    AlarmKind.DISABLE_REFUSED: _detect_refused_disables,
    AlarmKind.MANY_DISABLED: _detect_many_disabled,
    AlarmKind.EMERGENCY_ACCESS: _detect_emergency_access,
    AlarmKind.BACKUP_FAILED: _detect_failed_backup,
}
# The events that the detectors look at.
EVENTS = (
    Event.FORMER_TOKEN_REFUSED,
    Event.CONFLICT_OPENED,
    Event.SIGNED_IN_FOR_EMERGENCY,
    Event.PERSON_DISABLED,
    Event.PERSON_DELETED,
)
