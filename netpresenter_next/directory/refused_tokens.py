"""Requests whose token was refused lately: former ones, and how many strange ones.

A token that never existed says nothing about the provisioning application, because
anybody can send one; so these requests never decide about the state of provisioning.
But a token that an administrator mistyped is among them, so that they are shown.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.directory.events import AUDIT, PROVISIONING, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.models import SCIM_TOKENS, ScimToken
from netpresenter_next.storage.rows import every, first

DAY = timedelta(days=1)
MOST_FORMER = 3


class Former(NamedTuple):
    """A token that was revoked or has expired and is still sent, and who revoked it."""

    token: ScimToken
    revoked_by: str | None


class RefusedTokens(NamedTuple):
    """The requests that were refused because of their token."""

    former: Sequence[Former]
    # How many had no token, or one that never was valid here, and the last of them.
    unknown: int
    latest: JournalEntry | None


def read(connection: Connection, last_contact: datetime | None) -> RefusedTokens:
    """Return what was refused in the last 24 hours.

    Of former tokens also what was refused since the last contact with another token.
    Reads the rows of a day, of which ``counted_events`` writes a limited number.
    """
    columns = JOURNAL.c
    is_unknown = (
        columns.event == Event.TOKEN_REFUSED.value,
        columns.log == PROVISIONING,
        columns.at >= now() - DAY,
    )
    number = connection.scalar(select(func.sum(columns.times)).where(*is_unknown))
    newest = select(JOURNAL).where(*is_unknown, columns.facts["reason"].is_not(None))
    by_time = newest.order_by(columns.at.desc(), columns.id.desc()).limit(1)
    return RefusedTokens(
        _list_former(connection, last_contact),
        number or 0,
        first(JournalEntry, connection.execute(by_time)) if number else None,
    )


def _list_former(
    connection: Connection, last_contact: datetime | None
) -> Sequence[Former]:
    columns = SCIM_TOKENS.c
    query = select(SCIM_TOKENS).where(columns.refused_at.is_not(None))
    if last_contact is not None:
        query = query.where(columns.refused_at >= min(last_contact, now() - DAY))
    latest = query.order_by(columns.refused_at.desc()).limit(MOST_FORMER)
    tokens = every(ScimToken, connection.execute(latest))
    return [Former(each, _find_revoker(connection, each.id)) for each in tokens]


def _find_revoker(connection: Connection, token_id: str) -> str | None:
    columns = JOURNAL.c
    query = select(columns.actor_name).where(
        columns.target_id == token_id,
        columns.event == Event.TOKEN_REVOKED.value,
        columns.log == AUDIT,
    )
    name: str | None = connection.scalar(query.limit(1))
    return name
