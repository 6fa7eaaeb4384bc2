"""The state of provisioning in one word, from what SCIM clients sent and when.

The first row that applies decides:

=========================================================  ==============
the integration is switched off                            OFF
no token was ever used, and no former one was refused      WAITING
no token is active, or a former one was refused last       REJECTED
all writes of the last cycle with writes were refused      FAILING
the last contact was less than 2 hours ago                 CONNECTED
it was less than 26 hours ago                              QUIET
otherwise                                                  NO_CONTACT
=========================================================  ==============

A former token is one that was revoked or that has expired.  Only those count, because
anybody can send a token that never existed, and only while no other token with the same
label was used since: afterwards, whoever still sends the former one is another
application, and that of the successor works.  Microsoft Entra ID runs a cycle about
every 40 minutes, but sends no request if nothing has changed, so silence alone is never
an error.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Exists, exists, func, select

from netpresenter_next.directory import (
    provisioning_settings,
    scim_tokens,
    scim_traffic,
)
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.scim_models import ScimCycle

CONNECTED_FOR, QUIET_FOR = timedelta(hours=2), timedelta(hours=26)
# Microsoft Entra ID disables a job after so long in quarantine.
QUARANTINE = timedelta(days=28)
MOST_CYCLES = 200


class State(StrEnum):
    """The state of provisioning."""

    OFF = marked("Off")
    WAITING = marked("Waiting for first contact")
    REJECTED = marked("Token rejected")
    FAILING = marked("Failing")
    CONNECTED = marked("Connected")
    QUIET = marked("Quiet")
    NO_CONTACT = marked("No contact")


class Facts(NamedTuple):
    """What the state is derived from."""

    is_enabled: bool
    has_active_token: bool
    last_contact: datetime | None
    # When a former token was refused, the first and the last time.
    rejected_since: datetime | None
    rejected_at: datetime | None
    # Since when every cycle with writes had only refused ones.
    failing_since: datetime | None


class Status(NamedTuple):
    """The state of provisioning, and the facts behind it."""

    state: State
    facts: Facts

    @property
    def refused_since(self) -> datetime | None:
        """Return since when Microsoft Entra ID has been refused, if it is now."""
        return {
            State.REJECTED: self.facts.rejected_since,
            State.FAILING: self.facts.failing_since,
        }.get(self.state)


def read_status(connection: Connection) -> Status:
    """Return the present state."""
    facts = _read_facts(connection)
    return Status(find_state(facts, now()), facts)


def find_state(facts: Facts, present: datetime) -> State:
    """Return the state by the table above."""
    last = facts.last_contact
    if not facts.is_enabled:
        return State.OFF
    if last is None and facts.rejected_at is None:
        return State.WAITING
    if (
        last is None
        or not facts.has_active_token
        or (facts.rejected_at is not None and facts.rejected_at > last)
    ):
        return State.REJECTED
    if facts.failing_since is not None:
        return State.FAILING
    if present - last < CONNECTED_FOR:
        return State.CONNECTED
    return State.QUIET if present - last < QUIET_FOR else State.NO_CONTACT


def _read_facts(connection: Connection) -> Facts:
    columns = SCIM_TOKENS.c
    last_contact = connection.scalar(select(func.max(columns.last_used_at)))
    without_successor = ~_has_successor()
    rejected_at = connection.scalar(
        select(func.max(columns.refused_at)).where(without_successor)
    )
    since = select(func.min(columns.first_refused_at)).where(without_successor)
    if last_contact is not None:
        since = since.where(columns.refused_at > last_contact)
    cycles = scim_traffic.list_latest_cycles(connection, MOST_CYCLES)
    return Facts(
        provisioning_settings.read(connection).is_enabled,
        bool(scim_tokens.list_live(connection)),
        last_contact,
        connection.scalar(since),
        rejected_at,
        find_failing_since(cycles),
    )


def _has_successor() -> Exists:
    """Return the condition that another token of the same label was used since."""
    columns, other = SCIM_TOKENS.c, SCIM_TOKENS.alias("successor")
    ended_at = func.coalesce(columns.revoked_at, columns.expires_at)
    return exists().where(
        other.c.id != columns.id,
        other.c.label == columns.label,
        other.c.last_used_at > ended_at,
    )


def find_failing_since(cycles: Sequence[ScimCycle]) -> datetime | None:
    """Return when the first of the latest cycles began in which all was refused.

    None if the last cycle with writes had an accepted one.  ``cycles`` begin with the
    newest; those that only read are skipped.
    """
    since = None
    for cycle in cycles:
        if cycle.writes:
            break
        if cycle.refused:
            since = cycle.started_at
    return since
