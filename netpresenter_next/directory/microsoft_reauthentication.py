"""Reauthentication with Microsoft: which sign-in counts as a recent authentication."""

import time

from sqlalchemy import Connection

from netpresenter_next.directory import (
    account_linking,
    identity_matching,
    people,
    session_lifetime,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.microsoft.claims import LEEWAY, Claims
from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.storage.models import Session

# How many seconds ago Microsoft may have authenticated the person.
LOGIN_SECONDS = 300


def accept(
    connection: Connection, row: Session, claims: Claims, begun_at: int, actor: Actor
) -> None:
    """Record in a session that its person has authenticated with Microsoft again.

    It has to be their linked Microsoft account, and the ``auth_time`` has to be recent
    and not before ``begun_at`` (seconds since 1970).  Raises SignInError.
    """
    person = people.find_by_id(connection, row.user_id)
    mine = identity_matching.find_identity(connection, person.id)
    theirs = (claims.tenant_id, claims.object_id)
    if mine is None or (mine.tenant_id, mine.object_id) != theirs:
        raise SignInError(
            "other_person", f"{claims.account_name} is not {person.user_name}"
        )
    at = claims.authenticated_at
    if at is None:
        raise SignInError("undated", "the id_token has no auth_time")
    if at.timestamp() < max(time.time() - LOGIN_SECONDS, begun_at - LEEWAY):
        raise SignInError(
            "not_asked", "Microsoft did not ask for the password or key again"
        )
    session_lifetime.note_authentication(connection, row, at)
    account_linking.note_reauthentication(connection, person, claims, actor)
