"""Switching Force sign in with Microsoft, and what must hold before it may be on."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import access, errors, events, force, sessions
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.sign_in_settings import TARGET, registration, store
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS

NEEDS = (
    "Force sign in with Microsoft needs a tested sign-in with Microsoft and an "
    "administrator with emergency access, so that nobody is locked out."
)


class CannotForce(errors.AccountError):
    """Forcing would lock people out; the message says what is missing."""


class Condition(NamedTuple):
    """One thing that must be so before Force may be switched on."""

    holds: bool
    text: str
    advice: str

    def __str__(self) -> str:
        """Say what is so, or what to do for it."""
        return f"{self.text}." if self.holds else f"{self.text}: {self.advice}"


def conditions(connection: Connection, installation: Installation) -> list[Condition]:
    """Say what must hold before sign-in with Microsoft can be forced, and what does."""
    known = registration(connection, installation)
    proven = select(USERS.c.id).where(access.PROVEN_EMERGENCY)
    return [
        Condition(
            known.is_complete and not known.is_spent,
            "Sign-in with Microsoft set up, with a valid client secret or certificate",
            "enter the app registration above.",
        ),
        Condition(
            known.is_tested,
            "A successful test sign-in with the current configuration",
            "press Test sign-in.",
        ),
        Condition(
            connection.execute(proven.limit(1)).first() is not None,
            "An administrator with emergency access who has signed in with their "
            "current password",
            "one of them has to sign in with it once. Grant emergency access on the "
            "page of a local administrator.",
        ),
    ]


def force_on(connection: Connection, installation: Installation, actor: Actor) -> int:
    """Take local sign-in away from people with a Microsoft Entra account.

    Their local sessions end; returns how many.  Raises CannotForce.
    """
    needed = conditions(connection, installation)
    missing = [str(each) for each in needed if not each.holds]
    if missing:
        raise CannotForce(" ".join([NEEDS, *missing]))
    losing = force.effect(connection).losing
    store(connection, {"is_forced": True})
    ended = sessions.end_local(connection, force.CONCERNED)
    events.record(
        connection,
        actor,
        Event.FORCE_ON,
        TARGET,
        losing=losing,
        sessions_ended=ended,
    )
    return ended


def force_off(connection: Connection, actor: Actor) -> None:
    """Give local sign-in back: passwords were kept, only not asked for."""
    if not force.is_on(connection):
        return
    store(connection, {"is_forced": False})
    events.record(connection, actor, Event.FORCE_OFF, TARGET)
