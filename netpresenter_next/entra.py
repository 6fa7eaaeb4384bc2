"""The connection with Microsoft Entra ID: what is set here, and who may switch what.

Settings from the environment win over those of the page.  A fingerprint tells one
configuration from another, so that a test sign-in counts for exactly what it tested.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Row, and_, select, update

from netpresenter_next import accounts, force, journal, refusals, sessions
from netpresenter_next.config import Config
from netpresenter_next.journal import Actor, Target
from netpresenter_next.models import MICROSOFT, USERS, now
from netpresenter_next.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.vault import Sealed, Vault

CLOUDS = {
    "https://login.microsoftonline.com": "Public",
    "https://login.microsoftonline.us": "US Government",
    "https://login.partner.microsoftonline.cn": "China (21Vianet)",
}
DEFAULT_AUTHORITY = next(iter(CLOUDS))
# The directory of all consumer accounts: single tenant never means that one.
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
TARGET = Target("Settings", None, "Microsoft Entra ID")
WARN_DAYS = (30, 14, 3)

Settings = Row[Any]


class Stale(refusals.AccountError):
    """Somebody else changed the same settings in the meantime."""


class CannotForce(refusals.AccountError):
    """Forcing would lock people out; the message says what is missing."""


@dataclass(frozen=True)
class Registration:
    """What Microsoft knows this installation as."""

    authority: str
    tenant_id: str
    client_id: str
    secret: str = field(repr=False)
    certificate: str
    fingerprint: str
    expires_on: date | None = None
    from_environment: frozenset[str] = frozenset()
    is_sealed: bool = False

    @property
    def is_complete(self) -> bool:
        """Is there all that signing in needs?"""
        return bool(self.tenant_id and self.client_id and self.secret)

    @property
    def issuer(self) -> str:
        """Return the only issuer whose tokens are believed."""
        return f"{self.authority}/{self.tenant_id}/v2.0"

    @property
    def days_left(self) -> int | None:
        """Return for how many days the secret is still good, if that is known."""
        return (self.expires_on - now().date()).days if self.expires_on else None


def settings(connection: Connection) -> Settings:
    """Return the one row of the settings of sign-in."""
    return connection.execute(select(SIGN_IN_SETTINGS)).one()


def registration(connection: Connection) -> Registration:
    """Return the registration as it holds now, the environment first."""
    config: Config = current_app.extensions["netpresenter_config"]
    vault: Vault = current_app.extensions["netpresenter_vault"]
    row = settings(connection)
    outside = {
        "authority": config.entra_authority,
        "tenant_id": config.entra_tenant_id,
        "client_id": config.entra_client_id,
        "secret": config.entra_client_secret,
    }
    secret, is_sealed = outside["secret"], False
    if not secret and row.secret:
        try:
            secret = vault.unseal(row.secret)
        except Sealed:
            is_sealed = True
    authority = outside["authority"] or row.authority or DEFAULT_AUTHORITY
    tenant_id = outside["tenant_id"] or row.tenant_id or ""
    client_id = outside["client_id"] or row.client_id or ""
    certificate = "" if outside["secret"] else row.certificate or ""
    parts = (authority, tenant_id, client_id, secret, certificate)
    return Registration(
        *parts,
        fingerprint=vault.fingerprint(*parts),
        expires_on=None if outside["secret"] else row.secret_expires_on,
        from_environment=frozenset(name for name, value in outside.items() if value),
        is_sealed=is_sealed,
    )


def is_available(connection: Connection) -> bool:
    """Can people be offered to sign in with Microsoft?"""
    return registration(connection).is_complete


def is_tested(connection: Connection) -> bool:
    """Has somebody really signed in with exactly this configuration?"""
    tested = settings(connection).tested_fingerprint
    return bool(tested == registration(connection).fingerprint)


def save(
    connection: Connection, actor: Actor, version: int, changes: Mapping[str, Any]
) -> None:
    """Change the connection; raises Stale when it is no longer that version.

    ``secret`` is plain text here; None keeps the one there is.
    """
    row = settings(connection)
    if version != row.version:
        raise Stale("Somebody changed these settings meanwhile: look at them again.")
    vault: Vault = current_app.extensions["netpresenter_vault"]
    values = {name: value for name, value in changes.items() if name != "secret"}
    told = journal.differences(
        {name: _plain(getattr(row, name)) for name in values},
        {name: _plain(value) for name, value in values.items()},
    )
    if changes.get("secret"):
        values["secret"] = vault.seal(changes["secret"])
        told.append({"attribute": "secret", "new": "changed"})
    if not told:
        return
    _set(connection, {**values, "version": row.version + 1})
    detail = "Changed the connection for sign-in."
    if values.get("tenant_id", row.tenant_id) != row.tenant_id:
        ended = sessions.end_by_method(connection, MICROSOFT)
        detail += f" {ended} sessions of the other directory ended."
    journal.record(connection, actor, "Changed settings", TARGET, detail, told)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def set_options(
    connection: Connection, actor: Actor, values: Mapping[str, bool | int]
) -> None:
    """Change how people are matched, and how long sessions last."""
    row = settings(connection)
    told = journal.differences({name: getattr(row, name) for name in values}, values)
    if told:
        _set(connection, values)
        detail = "Changed the sign in options."
        journal.record(connection, actor, "Changed settings", TARGET, detail, told)


def note_test(connection: Connection, actor: Actor, fingerprint: str) -> None:
    """Write down that a test sign-in with this configuration succeeded."""
    values = {"tested_fingerprint": fingerprint, "tested_at": now()}
    _set(connection, {**values, "tested_by": actor.name})
    detail = "A test sign-in with Microsoft succeeded."
    journal.record(connection, actor, "Tested sign-in", TARGET, detail)


# --------------------------------------------------------------- Force
def obstacles(connection: Connection) -> list[str]:
    """Say what is missing before sign-in with Microsoft can be forced."""
    missing = []
    if not registration(connection).is_complete:
        missing.append("Set up sign-in with Microsoft first.")
    elif not is_tested(connection):
        missing.append("Run a test sign-in with exactly the present configuration.")
    ready = select(USERS.c.id).where(
        accounts.CAN_ADMINISTER,
        USERS.c.is_emergency,
        and_(
            USERS.c.password_used_at.is_not(None),
            USERS.c.password_used_at >= USERS.c.password_changed_at,
        ),
    )
    if connection.execute(ready.limit(1)).first() is None:
        missing.append(
            "An administrator with emergency access must have signed in with their "
            "present password."
        )
    return missing


def force_on(connection: Connection, actor: Actor) -> int:
    """Take local sign-in away from people with a Microsoft Entra account.

    Their local sessions end; returns how many.  Raises CannotForce.
    """
    if missing := obstacles(connection):
        raise CannotForce(" ".join(missing))
    losing = force.effect(connection).losing
    _set(connection, {"is_forced": True})
    ended = sessions.end_local(connection, force.CONCERNED)
    detail = (
        f"Force sign in with Microsoft is on: {losing} people have no local sign-in "
        f"now, {ended} sessions ended."
    )
    journal.record(connection, actor, "Switched Force on", TARGET, detail)
    return ended


def force_off(connection: Connection, actor: Actor) -> None:
    """Give local sign-in back: passwords were kept, only not asked for."""
    if not force.is_on(connection):
        return
    _set(connection, {"is_forced": False})
    detail = "Force sign in with Microsoft is off."
    journal.record(connection, actor, "Switched Force off", TARGET, detail)


# --------------------------------------------------------------- warnings
def warning(known: Registration) -> str | None:
    """Say that the secret cannot be read, has expired or soon will."""
    if known.is_sealed:
        return (
            "The client secret cannot be decrypted with the key in the instance "
            "folder: enter it again."
        )
    left = known.days_left
    if left is None or left > max(WARN_DAYS):
        return None
    day = now().date() + timedelta(days=left)
    when = f"{day.day} {day:%B %Y}"
    if left < 0:
        return f"The client secret or certificate expired on {when}: make a new one."
    return f"The client secret or certificate expires on {when}, in {left} days."


def _set(connection: Connection, values: Mapping[str, Any]) -> None:
    connection.execute(update(SIGN_IN_SETTINGS).values(**values))
