"""The connection with Microsoft Entra ID: what is set, tested and forced."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection, select, update

from netpresenter_next.directory import access, errors, events, force, sessions
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib import certificates
from netpresenter_next.lib.certificates import Pair
from netpresenter_next.lib.timestamps import now
from netpresenter_next.microsoft.app_registration import registration, settings
from netpresenter_next.storage.encryption import Unreadable, Vault
from netpresenter_next.storage.models import MICROSOFT, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS

TARGET = Target("Settings", None, "Microsoft Entra ID")
# Which settings an event is about.
CONNECTION, OPTIONS = "connection", "options"
NEEDS = (
    "Force sign in with Microsoft needs a tested sign-in with Microsoft and an "
    "administrator with emergency access, so that nobody is locked out."
)


class Stale(errors.AccountError):
    """Somebody else changed the same settings in the meantime."""


class NoCertificate(errors.AccountError):
    """There is no new certificate that could be used; the message says why."""


class CannotForce(errors.AccountError):
    """Forcing would lock people out; the message says what is missing."""


def save(
    connection: Connection, actor: Actor, version: int, changes: Mapping[str, Any]
) -> None:
    """Change the connection; raises Stale when it is no longer that version.

    ``secret`` is plain text here; None keeps the one there is.
    """
    row = settings(connection)
    if version != row.version:
        raise Stale(
            "Somebody else changed these settings in the meantime: check them and "
            "try again."
        )
    values = {name: value for name, value in changes.items() if name != "secret"}
    told = events.differences(
        {name: _plain(getattr(row, name)) for name in values},
        {name: _plain(value) for name, value in values.items()},
    )
    if changes.get("secret"):
        values["secret"] = _vault().seal(changes["secret"])
        told.append({"attribute": "secret", "new": "changed"})
    if not told:
        return
    _set(connection, {**values, "version": row.version + 1})
    ended = None
    if values.get("tenant_id", row.tenant_id) != row.tenant_id:
        ended = sessions.end_by_method(connection, MICROSOFT)
    events.record(
        connection,
        actor,
        Event.SETTINGS_CHANGED,
        TARGET,
        told,
        part=CONNECTION,
        sessions_ended=ended,
    )


def _vault() -> Vault:
    vault: Vault = current_app.extensions["netpresenter_vault"]
    return vault


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def set_options(
    connection: Connection, actor: Actor, values: Mapping[str, bool | int]
) -> None:
    """Change how people are matched, and how long sessions last."""
    row = settings(connection)
    told = events.differences({name: getattr(row, name) for name in values}, values)
    if told:
        _set(connection, values)
        event = Event.SETTINGS_CHANGED
        events.record(connection, actor, event, TARGET, told, part=OPTIONS)


def note_test(connection: Connection, actor: Actor, fingerprint: str) -> None:
    """Write down that a test sign-in with this configuration succeeded."""
    values = {"tested_fingerprint": fingerprint, "tested_at": now()}
    _set(connection, {**values, "tested_by": actor.name, "refused_fingerprint": None})
    events.record(connection, actor, Event.SIGN_IN_TESTED, TARGET)


def note_refusal(connection: Connection, fingerprint: str) -> None:
    """Write down that Microsoft does not accept these credentials."""
    _set(connection, {"refused_fingerprint": fingerprint, "tested_fingerprint": None})


def note_acceptance(connection: Connection) -> None:
    """Write down that Microsoft accepts the credentials (again)."""
    if settings(connection).refused_fingerprint:
        _set(connection, {"refused_fingerprint": None})


# --------------------------------------------------------------- a certificate to come
def offer_certificate(connection: Connection, actor: Actor, pair: Pair) -> None:
    """Keep a new certificate until Microsoft knows it; sign-in goes on as before."""
    values = {"next_certificate": pair.certificate, "next_key": _vault().seal(pair.key)}
    _set(connection, values)
    expires_on = pair.expires_on.isoformat()
    event = Event.CERTIFICATE_MADE
    events.record(connection, actor, event, TARGET, expires_on=expires_on)


def use_certificate(connection: Connection, actor: Actor) -> None:
    """Sign in with the new certificate from now on; raises NoCertificate."""
    row = settings(connection)
    if registration(connection).has_outside_credentials:
        raise NoCertificate(
            "Environment variables set the credentials and override this page."
        )
    if row.next_key is None:
        raise NoCertificate("There is no new certificate: create one first.")
    try:
        key = _vault().unseal(row.next_key)
    except Unreadable as error:
        message = "The new certificate can no longer be decrypted: create another one."
        raise NoCertificate(message) from error
    _set(connection, {"next_certificate": None, "next_key": None})
    changes = credentials_of(certificates.read(key + row.next_certificate))
    save(connection, actor, row.version, changes)


def credentials_of(pair: Pair) -> dict[str, Any]:
    """Return the settings that make a certificate the one in use."""
    return {
        "certificate": pair.certificate,
        "secret": pair.key,
        "secret_expires_on": pair.expires_on,
    }


# --------------------------------------------------------------- Force
class Condition(NamedTuple):
    """One thing that must be so before Force may be switched on."""

    holds: bool
    text: str
    advice: str

    def __str__(self) -> str:
        """Say what is so, or what to do for it."""
        return f"{self.text}." if self.holds else f"{self.text}: {self.advice}"


def conditions(connection: Connection) -> list[Condition]:
    """Say what must hold before sign-in with Microsoft can be forced, and what does."""
    known = registration(connection)
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


def force_on(connection: Connection, actor: Actor) -> int:
    """Take local sign-in away from people with a Microsoft Entra account.

    Their local sessions end; returns how many.  Raises CannotForce.
    """
    missing = [str(each) for each in conditions(connection) if not each.holds]
    if missing:
        raise CannotForce(" ".join([NEEDS, *missing]))
    losing = force.effect(connection).losing
    _set(connection, {"is_forced": True})
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
    _set(connection, {"is_forced": False})
    events.record(connection, actor, Event.FORCE_OFF, TARGET)


def _set(connection: Connection, values: Mapping[str, Any]) -> None:
    connection.execute(update(SIGN_IN_SETTINGS).values(**values))
