"""The settings of sign-in with Microsoft, and the app registration they describe.

Environment variables override the settings from the page.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from netpresenter_next.config.options import Config
from netpresenter_next.directory import events
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.certificates import Pair
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import marked
from netpresenter_next.microsoft.app_registration import (
    DEFAULT_AUTHORITY,
    AppRegistration,
)
from netpresenter_next.storage.encryption import DecryptionFailed, EncryptionKey
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS, SignInSettings

TARGET = Target("Settings", None, "Microsoft Entra ID")
# Which settings an event is about.
CONNECTION, OPTIONS = "connection", "options"


class Credentials(NamedTuple):
    """The client credentials: a client secret, or the private key of a certificate."""

    secret: str
    certificate: str = ""
    expires_on: date | None = None
    is_unreadable: bool = False


class CredentialsExpiry(NamedTuple):
    """The kind of the client credentials, in words, and the last day they work."""

    what: str
    expires_on: date


# --------------------------------------------------------------- reading
def read_settings(connection: Connection) -> SignInSettings:
    """Return the only row of the sign-in settings."""
    return one(SignInSettings, connection.execute(select(SIGN_IN_SETTINGS)))


def read_tenant_id(connection: Connection, config: Config) -> str:
    """Return the tenant ID of the app registration; empty if none is set.

    Unlike ``read_registration`` it decrypts nothing: it is cheap within a transaction.
    """
    return _choose_tenant_id(read_settings(connection), config)


def _choose_tenant_id(row: SignInSettings, config: Config) -> str:
    return config.entra_tenant_id or row.tenant_id or ""


def read_expiry(connection: Connection, config: Config) -> CredentialsExpiry | None:
    """Return when the client credentials expire, if there are any and it is known.

    Like ``read_tenant_id`` it decrypts nothing.
    """
    row, outside = read_settings(connection), _read_outside_credentials(config)
    certificate = outside.certificate if outside else row.certificate
    expires_on = outside.expires_on if outside else row.secret_expires_on
    if expires_on is None or not (outside or row.secret):
        return None
    what = marked("certificate") if certificate else marked("client secret")
    return CredentialsExpiry(what, expires_on)


def read_registration(
    connection: Connection, installation: Installation
) -> AppRegistration:
    """Return the app registration in use; environment variables come first."""
    return make_registration(read_settings(connection), installation)


def make_registration(
    row: SignInSettings, installation: Installation
) -> AppRegistration:
    """Return the app registration of stored settings and environment variables."""
    config, encryption_key = installation.config, installation.encryption_key
    outside = {
        "authority": config.entra_authority,
        "tenant_id": config.entra_tenant_id,
        "client_id": config.entra_client_id,
        "secret": config.entra_client_secret,
        "certificate": config.entra_certificate,
    }
    names = {name for name, value in outside.items() if value}
    given = _read_outside_credentials(config) or _decrypt_credentials(
        row, encryption_key
    )
    parts = (
        config.entra_authority or row.authority or DEFAULT_AUTHORITY,
        _choose_tenant_id(row, config),
        config.entra_client_id or row.client_id or "",
        given.secret,
        given.certificate,
    )
    # The redirect URI belongs to the registration, so the public address does too.
    fingerprint = encryption_key.fingerprint(*parts, config.base_url)
    return AppRegistration(
        *parts,
        fingerprint=fingerprint,
        expires_on=given.expires_on,
        from_environment=frozenset(names),
        is_unreadable=given.is_unreadable,
        is_refused=row.refused_fingerprint == fingerprint,
        is_tested=row.tested_fingerprint == fingerprint,
    )


def _read_outside_credentials(config: Config) -> Credentials | None:
    """Return the credentials from the environment, if there are any."""
    pair: Pair | None = config.entra_certificate
    if pair is not None:
        return Credentials(pair.key, pair.certificate, pair.expires_on)
    if config.entra_client_secret:
        expires_on = config.entra_client_secret_expires_on
        return Credentials(config.entra_client_secret, expires_on=expires_on)
    return None


def _decrypt_credentials(
    row: SignInSettings, encryption_key: EncryptionKey
) -> Credentials:
    """Return the credentials from the page, decrypted if possible."""
    more = row.certificate or "", row.secret_expires_on
    if not row.secret:
        return Credentials("", *more)
    try:
        return Credentials(encryption_key.decrypt(row.secret), *more)
    except DecryptionFailed:
        return Credentials("", *more, is_unreadable=True)


# --------------------------------------------------------------- changing
def set_options(
    connection: Connection, actor: Actor, values: Mapping[str, bool | int]
) -> None:
    """Change how people are matched, and how long sessions last."""
    row = read_settings(connection)
    changes = find_differences({name: getattr(row, name) for name in values}, values)
    if changes:
        store(connection, values)
        event = Event.SETTINGS_CHANGED
        events.record(connection, actor, event, TARGET, changes, part=OPTIONS)


def note_test(connection: Connection, actor: Actor, fingerprint: str) -> None:
    """Record that a test sign-in with this configuration succeeded."""
    values = {"tested_fingerprint": fingerprint, "tested_at": now()}
    store(connection, {**values, "tested_by": actor.name, "refused_fingerprint": None})
    events.record(connection, actor, Event.SIGN_IN_TESTED, TARGET)


def note_refused_credentials(connection: Connection, fingerprint: str) -> None:
    """Record that Microsoft does not accept these credentials."""
    store(connection, {"refused_fingerprint": fingerprint, "tested_fingerprint": None})


def note_accepted_credentials(connection: Connection) -> None:
    """Record that Microsoft accepts the credentials (again)."""
    if read_settings(connection).refused_fingerprint:
        store(connection, {"refused_fingerprint": None})


def store(connection: Connection, values: Mapping[str, Any]) -> None:
    """Store values in the only row; the caller records the event."""
    connection.execute(update(SIGN_IN_SETTINGS).values(**values))
