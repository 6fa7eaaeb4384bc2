"""Decisions that a local account and a claimant are two people.

The conflict is not opened again.  A work e-mail may then belong to both; a user name
still may not.
"""

from dataclasses import asdict

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
)

from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import KEPT_APART
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import USERS

_CLAIMANT: BindParameter[str] = bindparam("claimant")


def shares_email() -> ColumnElement[bool]:
    """Return the condition for users who may share their e-mail with ``:claimant``."""
    return exists(select(KEPT_APART.c.id)).where(
        KEPT_APART.c.user_id == USERS.c.id,
        KEPT_APART.c.reason == Reason.LOCAL_WORK_EMAIL,
        KEPT_APART.c.claimant == _CLAIMANT,
    )


def is_decided(
    connection: Connection, user_id: str, reason: Reason, claimant: str
) -> bool:
    """Did an administrator decide that these two are not the same person?"""
    this = and_(
        KEPT_APART.c.user_id == user_id,
        KEPT_APART.c.reason == reason,
        KEPT_APART.c.claimant == claimant,
    )
    return connection.execute(select(KEPT_APART.c.id).where(this)).first() is not None


def add(
    connection: Connection,
    user_id: str,
    reason: Reason,
    claimant: Claimant,
    decided_by: str,
) -> None:
    """Store a decision."""
    row = {"id": new_id(), "user_id": user_id, "reason": reason}
    what = {"claimant": claimant.key, "sent": asdict(claimant)}
    decided = {"decided_at": now(), "decided_by": decided_by}
    connection.execute(insert(KEPT_APART), {**row, **what, **decided})


def remove(connection: Connection, decision_id: str) -> None:
    """Delete a decision."""
    connection.execute(delete(KEPT_APART).where(KEPT_APART.c.id == decision_id))
