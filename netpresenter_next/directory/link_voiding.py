"""Voiding one-time links, by what happens to the person who has one."""

from sqlalchemy import ColumnElement, Connection, select, update

from netpresenter_next.directory import force
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.link_models import PASSWORD_LINKS
from netpresenter_next.storage.models import USERS

IS_OPEN = (
    PASSWORD_LINKS.c.used_at.is_(None),
    PASSWORD_LINKS.c.voided_at.is_(None),
)


def void(connection: Connection, user_id: str) -> None:
    """Void the link of a person, if they have one that was not used."""
    _void(connection, PASSWORD_LINKS.c.user_id == user_id)


def void_each(connection: Connection, whose: ColumnElement[bool]) -> None:
    """Void the links of all people who meet a condition on the users table."""
    theirs = select(USERS.c.id).where(USERS.c.id == PASSWORD_LINKS.c.user_id, whose)
    _void(connection, theirs.exists())


def void_if_forced(connection: Connection, user_id: str) -> None:
    """Void the link of a person who may no longer use a local password."""
    if force.forbids_local_sign_in(connection, user_id):
        void(connection, user_id)


def _void(connection: Connection, condition: ColumnElement[bool]) -> None:
    voided = update(PASSWORD_LINKS).where(condition, *IS_OPEN)
    connection.execute(voided.values(voided_at=now()))
