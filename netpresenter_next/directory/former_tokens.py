"""SCIM tokens that were revoked or have expired, and that are still sent.

Only whoever was given such a token can send it, so it says something about the
provisioning application, unlike a token that never existed.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from netpresenter_next.directory.events import Target
from netpresenter_next.directory.scim_tokens import (
    TokenProblem,
    TokenProblemCode,
    diagnose,
    digest,
    has_expired,
)
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import SCIM_TOKENS, ScimToken
from netpresenter_next.storage.rows import every, first

# The most digests that are read at once.
MOST_READ = 1_000


class Digests(NamedTuple):
    """The digests of the tokens that are accepted, and of those that were."""

    live: frozenset[bytes] = frozenset()
    former: frozenset[bytes] = frozenset()


def read_digests(connection: Connection) -> Digests:
    """Return the digests of the live tokens, and of the latest former ones."""
    query = select(SCIM_TOKENS).order_by(SCIM_TOKENS.c.id.desc()).limit(MOST_READ)
    rows = every(ScimToken, connection.execute(query))
    live = [each for each in rows if each.revoked_at is None and not has_expired(each)]
    former = {each.digest for each in rows} - {each.digest for each in live}
    return Digests(frozenset(each.digest for each in live), frozenset(former))


def note_refusal(connection: Connection, secret: str) -> TokenProblem:
    """Return why a secret was refused, and note the time if it was once a live token.

    So a revoked or expired token that is still sent is known from any other: only
    whoever was given it can send it.
    """
    problem = diagnose(secret)
    if problem.code is not TokenProblemCode.NOT_LIVE:
        return problem
    query = select(SCIM_TOKENS).where(SCIM_TOKENS.c.digest == digest(secret))
    row = first(ScimToken, connection.execute(query))
    if row is None or (row.revoked_at is None and not has_expired(row)):
        return problem
    refused = {"first_refused_at": _find_start(connection, row), "refused_at": now()}
    this = SCIM_TOKENS.c.id == row.id
    connection.execute(update(SCIM_TOKENS).where(this).values(refused))
    code = TokenProblemCode.REVOKED if row.revoked_at else TokenProblemCode.EXPIRED
    target = Target("Token", row.id, row.hint)
    return TokenProblem(code, target=target, ended_at=row.revoked_at or row.expires_at)


def _find_start(connection: Connection, row: ScimToken) -> datetime:
    """Return since when the token is refused without an accepted request in between."""
    last_contact = connection.scalar(select(func.max(SCIM_TOKENS.c.last_used_at)))
    if row.first_refused_at is None or row.refused_at is None:
        return now()
    if last_contact is not None and last_contact > row.refused_at:
        return now()
    return row.first_refused_at
