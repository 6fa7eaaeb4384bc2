"""To which cycle of a SCIM client an entry of the provisioning log belongs.

A cycle begins when its first request has been answered, and ends with the answer to the
last one.  An entry is written before its answer, or up to some seconds later with the
numbers of the cycle.  Both are much shorter than the gap between two cycles of a token,
so the first cycle that ends after an entry, or shortly before, is the right one.

A request whose token was refused belongs to no cycle: nobody has shown to be the client
of that token, and no cycle counts it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, String, func, literal, select, type_coerce

from netpresenter_next.directory.events import SCIM, Event
from netpresenter_next.directory.scim_traffic import CYCLE_GAP
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.scim_models import SCIM_CYCLES, ScimCycle

# The numbers of a cycle are stored every 15 seconds, its probes are recorded then.
LONGEST_DELAY = timedelta(minutes=1)


def find_cycles(
    connection: Connection, rows: Sequence[JournalEntry]
) -> Mapping[str, ScimCycle]:
    """Return the cycles of these entries, by the id of the entry.

    Each is looked up by token and time, all in one statement.
    """
    cycle_ids = _find_ids(connection, [each for each in rows if _has_cycle(each)])
    query = select(SCIM_CYCLES).where(SCIM_CYCLES.c.id.in_({*cycle_ids.values()}))
    cycles = {each.id: each for each in every(ScimCycle, connection.execute(query))}
    found = ((row, cycles.get(cycle_ids.get(row.id, ""))) for row in rows)
    return {
        row.id: cycle
        for row, cycle in found
        if cycle is not None and cycle.started_at - row.at < CYCLE_GAP
    }


def _has_cycle(row: JournalEntry) -> bool:
    is_refused = row.event == Event.FORMER_TOKEN_REFUSED
    return row.actor_kind == SCIM and row.actor_id is not None and not is_refused


def _find_ids(
    connection: Connection, rows: Sequence[JournalEntry]
) -> Mapping[str, str]:
    """Return the id of the first cycle of the token that ends after each entry."""
    asked = [
        (row.id, row.actor_id, f"{row.at - LONGEST_DELAY:%Y-%m-%d %H:%M:%S.%f}")
        for row in rows
    ]
    entry = func.json_each(literal(json.dumps(asked))).table_valued("value")
    columns = SCIM_CYCLES.c
    entry_id, token_id, at = (
        func.json_extract(entry.c.value, f"$[{place}]") for place in range(3)
    )
    ended_at = type_coerce(columns.ended_at, String)
    first = (
        select(columns.id)
        .where(columns.token_id == token_id, ended_at >= at)
        .order_by(columns.ended_at)
        .limit(1)
        .scalar_subquery()
    )
    found = connection.execute(select(entry_id, first))
    return {row[0]: row[1] for row in found if row[1] is not None}
