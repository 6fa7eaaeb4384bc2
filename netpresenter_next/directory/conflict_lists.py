"""The conflicts that pages show."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.totals import count_some

MOST_SHOWN = 20


class NewestConflicts(NamedTuple):
    """The newest conflicts, and how many there are; see ``count_some``."""

    rows: Sequence[NamedConflict]
    number: int


def list_newest(connection: Connection, reasons: Iterable[Reason]) -> NewestConflicts:
    """Return the newest conflicts with these reasons, with the names of the people.

    The index has the conflicts of one reason in the order of their ids, which are made
    from the time.
    """
    wanted = list(reasons)
    has_reason = CONFLICTS.c.reason.in_(wanted)
    found = [each for one in wanted for each in _list_with_reason(connection, one)]
    rows = sorted(found, key=lambda row: row.id, reverse=True)[:MOST_SHOWN]
    number = count_some(connection, select(CONFLICTS.c.id).where(has_reason))
    return NewestConflicts(rows, number)


def _list_with_reason(
    connection: Connection, reason: Reason
) -> Sequence[NamedConflict]:
    newest = (
        select(CONFLICTS.c.id)
        .where(CONFLICTS.c.reason == reason)
        .order_by(CONFLICTS.c.id.desc())
        .limit(MOST_SHOWN)
    )
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    named = query.where(CONFLICTS.c.id.in_(newest))
    return every(NamedConflict, connection.execute(named))


def list_for_person(connection: Connection, user_id: str) -> Sequence[NamedConflict]:
    """Return the conflicts of one person, the newest first."""
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    theirs = query.where(CONFLICTS.c.user_id == user_id)
    newest_first = theirs.order_by(CONFLICTS.c.opened_at.desc())
    return every(NamedConflict, connection.execute(newest_first.limit(MOST_SHOWN)))
