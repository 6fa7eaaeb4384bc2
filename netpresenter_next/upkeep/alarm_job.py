"""The job that looks at new entries of the event log, and queues messages."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.config.options import Config
from netpresenter_next.directory import alarm_queue, alarm_settings
from netpresenter_next.directory.alarm_kinds import Alarm
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import in_language
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import AlarmSettings
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.ids import first_id_at
from netpresenter_next.storage.rows import every
from netpresenter_next.upkeep.alarm_detectors import DETECTORS, EVENTS, Situation
from netpresenter_next.upkeep.mass_disabling import WINDOW

Pause = Callable[[float], None]

# Entries that are examined in one transaction, and seconds between two of them.
BATCH, PAUSE = 500, 0.05


class Examination(NamedTuple):
    """What was found in one batch of entries."""

    alarms: Sequence[Alarm]
    # Up to which entry the event log was examined.
    position: str
    has_moved: bool
    is_last: bool


class AlarmJob:
    """Looks at what is new since the last run; the position is in the database."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def run(self, pause: Pause) -> None:
        """Queue messages about what is new; nothing while alarms are off.

        ``pause`` waits for some seconds, and raises Stopped when the server stops.
        Raises Busy and Unwritable.  Needs an application context.
        """
        while (found := self._examine()) is not None:
            if found.alarms or found.has_moved:
                self._store(found)
            if found.is_last:
                return
            pause(PAUSE)

    def _examine(self) -> Examination | None:
        with database.read() as connection:
            row = alarm_settings.read(connection)
            if not row.is_on:
                return None
            old = row.examined_id
            newest = connection.scalar(select(func.max(JOURNAL.c.id))) or ""
            entries = _list_entries(connection, old, newest)
            is_last = len(entries) < BATCH or entries[-1].id <= old
            position = max(old, newest if is_last else entries[-1].id)
            situation = Situation(connection, self._config, now(), entries)
            channels = alarm_settings.list_channels(row)
            with in_language(row.language):
                alarms = [
                    alarm
                    for alarm in _detect(situation, row)
                    if alarm_queue.find_missing(connection, alarm, channels)
                ]
        return Examination(alarms, position, position != old, is_last)

    def _store(self, found: Examination) -> None:
        with database.write() as connection:
            row = alarm_settings.read(connection)
            if not row.is_on:  # switched off in the meantime
                return
            channels = alarm_settings.list_channels(row)
            with in_language(row.language):
                for alarm in found.alarms:
                    alarm_queue.add(connection, alarm, channels, self._config.base_url)
            alarm_settings.note_examined(connection, found.position)


def _list_entries(
    connection: Connection, position: str, newest: str
) -> Sequence[JournalEntry]:
    """Return the entries after this position, up to ``BATCH``.

    If the position is in the future, the clock was set back, and a process that started
    since makes ids that sort before it.  So the last entries by the clock are examined
    again and again until it reaches the position.
    """
    present = now()
    is_new = (JOURNAL.c.id > position) & (JOURNAL.c.id <= newest)
    if position > (end := first_id_at(present)):
        start = first_id_at(present - WINDOW)
        is_new |= (JOURNAL.c.id > start) & (JOURNAL.c.id <= end)
    is_looked_at = JOURNAL.c.event.in_([each.value for each in EVENTS])
    query = select(JOURNAL).where(is_new, is_looked_at)
    ordered = query.order_by(JOURNAL.c.id).limit(BATCH)
    return every(JournalEntry, connection.execute(ordered))


def _detect(situation: Situation, row: AlarmSettings) -> Iterator[Alarm]:
    for kind, detect in DETECTORS.items():
        if alarm_settings.is_chosen(row, kind):
            yield from detect(situation)
