"""After a restore: the notice to restart provisioning, until a full cycle has run.

Microsoft Entra ID sends only changes, so what it sent after the backup was made is
missing here and is not sent again by itself.  Which people and groups were sent again
is kept in memory, and only while there is such a notice.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from netpresenter_next.backups import file_replacement, making
from netpresenter_next.config.options import Config
from netpresenter_next.directory import events
from netpresenter_next.directory.events import COMMAND_LINE, Actor, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import GROUPS, USERS, is_visible_group
from netpresenter_next.storage.rows import first
from netpresenter_next.storage.upkeep_models import RESTORATIONS, Restoration

logger = logging.getLogger(__name__)

ENTRA = "Microsoft Entra ID"
MOST_NAMED = 20
_IS_EXPECTED = USERS.c.active & (USERS.c.source == Source.PROVISIONED)


@dataclass
class Cycle:
    """The people and groups that SCIM clients have not sent again since a restore."""

    restoration: Restoration
    missing: set[str]
    total: int = field(init=False)
    actor: Actor | None = None

    def __post_init__(self) -> None:
        self.total = len(self.missing)

    def note_access(self, actor: Actor, ids: Iterable[str]) -> None:
        """Note that a client looked up or wrote the resources with these ids."""
        self.missing.difference_update(ids)
        # The notice ends after the request, whose entries are written by then.
        self.actor = replace(actor, request=None)

    @property
    def is_complete(self) -> bool:
        """Was everything sent that was expected?  False if nothing was expected."""
        return bool(self.total) and not self.missing

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the restore undid: which people and tokens became active again."""
        facts: Mapping[str, Any] = self.restoration.facts
        return facts


class CycleWatch:
    """Watches for a full provisioning cycle after a restore."""

    def __init__(self, cycle: Cycle | None) -> None:
        self.cycle = cycle

    def make_access_recorder(self, actor: Actor) -> Callable[[Iterable[str]], None]:
        """Return a function to call with the ids that a request looks up or writes."""
        return (
            _ignore_ids
            if self.cycle is None
            else partial(self.cycle.note_access, actor)
        )

    def end_after_full_cycle(self) -> None:
        """End the notice once everything was sent; needs an application context.

        If the database is busy, the notice stays until the next call.
        """
        cycle = self.cycle
        if cycle is None or not cycle.is_complete or cycle.actor is None:
            return
        with suppress(*database.WRITE_FAILURES):
            with database.write(0) as connection:
                _end(connection, cycle, cycle.actor, ENTRA, is_full_cycle=True)
            self.cycle = None

    def dismiss(
        self, connection: Connection, restoration_id: str, actor: Actor
    ) -> bool:
        """End the notice because an administrator dismisses it; False if it is another.

        Call ``forget`` after the transaction is committed.
        """
        cycle = self.cycle
        if cycle is None or cycle.restoration.id != restoration_id:
            return False
        _end(connection, cycle, actor, actor.name, is_full_cycle=False)
        return True

    def forget(self) -> None:
        """Stop watching."""
        self.cycle = None


def _ignore_ids(_ids: Iterable[str]) -> None:
    """Do nothing, because there is no notice."""


def start_watch(config: Config) -> CycleWatch:
    """Record a restore since the last start, and watch for a full cycle if one is due.

    Also removes the files that an interrupted backup or restore left behind.  Needs an
    application context.
    """
    # If the database or folder does not work, pages say so and the next start retries.
    with suppress(database.Unwritable, DBAPIError, OSError):
        making.clear_leftovers(database.database_file(config).parent)
        making.clear_leftovers(making.default_folder(config))
        notice = config.instance / file_replacement.RESTORED
        if notice.exists():
            _record_restore(notice)
        return CycleWatch(_read_open_restoration())
    return CycleWatch(None)


def _record_restore(path: Path) -> None:
    try:
        notice = json.loads(path.read_bytes())
        made_at = datetime.fromisoformat(notice["backup_made_at"])
        restored_at = datetime.fromisoformat(notice["restored_at"])
    except (ValueError, LookupError, TypeError):
        logger.warning("%s cannot be read: restart provisioning in Entra.", path)
        return
    with database.write() as connection:
        recorded = select(RESTORATIONS.c.id).where(RESTORATIONS.c.id == notice["id"])
        if (
            connection.scalar(recorded) is None
        ):  # else the last start failed before unlink
            earlier = update(RESTORATIONS).where(RESTORATIONS.c.ended_at.is_(None))
            ended = {"ended_at": now(), "ended_by": "another restore"}
            connection.execute(earlier.values(ended))
            values = {
                "id": notice["id"],
                "restored_at": restored_at,
                "backup_made_at": made_at,
                "facts": notice["facts"],
            }
            connection.execute(insert(RESTORATIONS), values)
            at, file = _format_minute(made_at), str(notice["facts"]["file"])
            events.record(
                connection, COMMAND_LINE, Event.BACKUP_RESTORED, None, at=at, file=file
            )
    path.unlink()


def _read_open_restoration() -> Cycle | None:
    with database.read() as connection:
        query = select(RESTORATIONS).where(RESTORATIONS.c.ended_at.is_(None))
        row = first(Restoration, connection.execute(query))
        if row is None:
            return None
        people = connection.scalars(select(USERS.c.id).where(_IS_EXPECTED))
        groups = connection.scalars(select(GROUPS.c.id).where(is_visible_group()))
        return Cycle(row, {*people, *groups})


def list_missing_names(connection: Connection, cycle: Cycle) -> Sequence[str]:
    """Return the names of what was not sent yet, if there are only a few.

    People and groups that are no longer there are removed from ``cycle.missing``.
    """
    if not 0 < len(cycle.missing) <= MOST_NAMED:  # every page calls this: keep it cheap
        return []
    ids = list(cycle.missing)
    people = select(USERS.c.id, USERS.c.user_name).where(
        USERS.c.id.in_(ids), _IS_EXPECTED
    )
    groups = select(GROUPS.c.id, GROUPS.c.display_name).where(GROUPS.c.id.in_(ids))
    names = {
        each: name
        for query in (people, groups)
        for each, name in connection.execute(query)
    }
    cycle.missing.difference_update(set(ids) - set(names))
    return sorted(names.values())


def _end(
    connection: Connection, cycle: Cycle, actor: Actor, by: str, *, is_full_cycle: bool
) -> None:
    is_same = RESTORATIONS.c.id == cycle.restoration.id
    query = update(RESTORATIONS).where(is_same, RESTORATIONS.c.ended_at.is_(None))
    if connection.execute(query.values(ended_at=now(), ended_by=by)).rowcount:
        at = _format_minute(cycle.restoration.backup_made_at)
        events.record(
            connection,
            actor,
            Event.RESTORATION_ENDED,
            None,
            at=at,
            is_full_cycle=is_full_cycle,
        )


def _format_minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
