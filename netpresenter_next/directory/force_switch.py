"""Switching Force sign in with Microsoft on and off, and the conditions for it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    emergency_access,
    errors,
    events,
    force,
    link_voiding,
    sessions,
)
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.sign_in_settings import (
    TARGET,
    read_registration,
    store,
)
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS


class Need(StrEnum):
    """What is needed before Force may be switched on."""

    CONNECTION = "connection"
    TEST = "test"
    EMERGENCY_ACCESS = "emergency_access"


class Condition(NamedTuple):
    """One of the conditions, and whether it is met."""

    need: Need
    is_met: bool


class CannotForce(errors.AccountError):
    """Force would lock people out; ``conditions`` says what is missing."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        missing = [each.need for each in conditions if not each.is_met]
        super().__init__(f"Force needs: {', '.join(missing)}.")
        self.conditions = conditions


def check_conditions(
    connection: Connection, installation: Installation
) -> list[Condition]:
    """Return the conditions for Force, and whether each of them is met."""
    app = read_registration(connection, installation)
    proven = select(USERS.c.id).where(emergency_access.IS_PROVEN)
    has_proven_access = connection.execute(proven.limit(1)).first() is not None
    return [
        Condition(
            Need.CONNECTION, app.is_complete and not app.has_unusable_credentials
        ),
        Condition(Need.TEST, app.is_tested),
        Condition(Need.EMERGENCY_ACCESS, has_proven_access),
    ]


def switch_on(connection: Connection, installation: Installation, actor: Actor) -> int:
    """Take local sign-in away from people with a Microsoft Entra account.

    Ends their local sessions and returns how many.  Raises CannotForce.
    """
    checked = check_conditions(connection, installation)
    if not all(each.is_met for each in checked):
        raise CannotForce(checked)
    losing = force.count_losing(connection)
    store(connection, {"is_forced": True})
    ended = sessions.end_local(connection, force.IS_CONCERNED)
    link_voiding.void_each(connection, force.IS_CONCERNED)
    events.record(
        connection,
        actor,
        Event.FORCE_ON,
        TARGET,
        losing=losing,
        sessions_ended=ended,
    )
    return ended


def switch_off(connection: Connection, actor: Actor) -> None:
    """Allow local sign-in again; the passwords were kept."""
    if not force.is_on(connection):
        return
    store(connection, {"is_forced": False})
    events.record(connection, actor, Event.FORCE_OFF, TARGET)
