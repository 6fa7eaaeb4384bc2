"""What Microsoft knows this installation as, from the environment and the page.

Settings from the environment win over those of the page.  A fingerprint tells one
configuration from another, so that a test sign-in counts for exactly what it tested.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection, Row, select

from netpresenter_next.config.options import Config
from netpresenter_next.lib.certificates import Pair
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.encryption import Unreadable, Vault
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS

CLOUDS = {
    "https://login.microsoftonline.com": "Public",
    "https://login.microsoftonline.us": "US Government",
    "https://login.partner.microsoftonline.cn": "China (21Vianet)",
}
DEFAULT_AUTHORITY = next(iter(CLOUDS))
# The directory of all consumer accounts: single tenant never means that one.
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
# Days before the secret expires: said on its page, on all settings, on every page.
ON_ITS_PAGE, ON_SETTINGS, ON_EVERY_PAGE = 30, 14, 3

Settings = Row[Any]


class Warned(NamedTuple):
    """Something about the credentials that an administrator has to know."""

    text: str
    days: int

    @property
    def is_urgent(self) -> bool:
        """Is it said on every page?"""
        return self.days <= ON_EVERY_PAGE


@dataclass(frozen=True)
class Registration:
    """What Microsoft knows this installation as."""

    authority: str
    tenant_id: str
    client_id: str
    secret: str = field(repr=False)
    certificate: str
    fingerprint: str
    expires_on: date | None
    from_environment: frozenset[str]
    is_unreadable: bool
    is_refused: bool
    is_tested: bool

    @property
    def is_complete(self) -> bool:
        """Is there all that signing in needs?"""
        return bool(self.tenant_id and self.client_id and self.secret)

    @property
    def has_outside_credentials(self) -> bool:
        """Do they come from the environment, which wins over the page?"""
        return bool(self.from_environment & {"secret", "certificate"})

    @property
    def issuer(self) -> str:
        """Return the only issuer whose tokens are believed."""
        return f"{self.authority}/{self.tenant_id}/v2.0"

    @property
    def days_left(self) -> int | None:
        """Return for how many days the credentials are good, where that is known."""
        return (self.expires_on - now().date()).days if self.expires_on else None

    @property
    def is_spent(self) -> bool:
        """Do the credentials surely not work?"""
        has_expired = self.days_left is not None and self.days_left < 0
        return self.is_unreadable or self.is_refused or has_expired

    @property
    def warning(self) -> Warned | None:
        """Say that the credentials do not work, or will soon not do so."""
        what = "certificate" if self.certificate else "client secret"
        renew = "create a new one" if self.certificate else "enter a new one"
        if self.is_unreadable:
            fault = "cannot be decrypted with the key in the instance folder"
            return Warned(f"The {what} {fault}: {renew}.", 0)
        if self.is_refused:
            return Warned(f"Microsoft refuses the {what}: {renew}.", 0)
        days = self.days_left
        if self.expires_on is None or days is None or days > ON_ITS_PAGE:
            return None
        when = f"{self.expires_on.day} {self.expires_on:%B %Y}"
        if days < 0:
            return Warned(f"The {what} expired on {when}: {renew}.", 0)
        left = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        return Warned(
            f"The {what} expires {left}, on {when}: {renew} before then.", days
        )


class Credentials(NamedTuple):
    """What proves to Microsoft that it is us: a secret, or a certificate's key."""

    secret: str
    certificate: str = ""
    expires_on: date | None = None
    is_unreadable: bool = False


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
        "certificate": config.entra_certificate,
    }
    names = {name for name, value in outside.items() if value}
    given = _given(config) or _stored(row, vault)
    parts = (
        config.entra_authority or row.authority or DEFAULT_AUTHORITY,
        config.entra_tenant_id or row.tenant_id or "",
        config.entra_client_id or row.client_id or "",
        given.secret,
        given.certificate,
    )
    # The redirect URI belongs to the registration, so the public address does too.
    fingerprint = vault.fingerprint(*parts, config.base_url)
    return Registration(
        *parts,
        fingerprint=fingerprint,
        expires_on=given.expires_on,
        from_environment=frozenset(names),
        is_unreadable=given.is_unreadable,
        is_refused=row.refused_fingerprint == fingerprint,
        is_tested=row.tested_fingerprint == fingerprint,
    )


def _given(config: Config) -> Credentials | None:
    """Return the credentials of the environment."""
    pair: Pair | None = config.entra_certificate
    if pair is not None:
        return Credentials(pair.key, pair.certificate, pair.expires_on)
    if config.entra_client_secret:
        expires_on = config.entra_client_secret_expires_on
        return Credentials(config.entra_client_secret, expires_on=expires_on)
    return None


def _stored(row: Settings, vault: Vault) -> Credentials:
    """Return the credentials of the page."""
    more = row.certificate or "", row.secret_expires_on
    if not row.secret:
        return Credentials("", *more)
    try:
        return Credentials(vault.unseal(row.secret), *more)
    except Unreadable:
        return Credentials("", *more, is_unreadable=True)
