"""The app registration: tenant, client ID and credentials at Microsoft.

``directory/sign_in_settings.py`` reads it from the settings and the environment.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_date

CLOUDS = {
    "https://login.microsoftonline.com": marked("Public"),
    "https://login.microsoftonline.us": marked("US Government"),
    "https://login.partner.microsoftonline.cn": marked("China (21Vianet)"),
}
DEFAULT_AUTHORITY = next(iter(CLOUDS))
# The scope of every authorization request.
SCOPE = "openid profile email"
# The tenant of all consumer (personal) accounts, which is never accepted.
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
# Days before the credentials expire when the warning appears: on the page of Microsoft
# Entra ID, on all pages of Settings, and on every page.
ON_ITS_PAGE, ON_SETTINGS, ON_EVERY_PAGE = 30, 14, 3


class CredentialsWarning(NamedTuple):
    """A warning about the credentials; ``days`` is 0 if they do not work."""

    text: str
    days: int

    @property
    def is_urgent(self) -> bool:
        """Is the warning shown on every page?"""
        return self.days <= ON_EVERY_PAGE


class _Texts(NamedTuple):
    """What is wrong with a kind of credentials, and what to do about it."""

    unreadable: str
    refused: str
    expired: str
    today: str
    tomorrow: str
    later: str


_SECRET = _Texts(
    marked(
        "The client secret cannot be decrypted with the key in the instance folder: "
        "enter a new one."
    ),
    marked("Microsoft refuses the client secret: enter a new one."),
    marked("The client secret expired on %(day)s: enter a new one."),
    marked("The client secret expires today, on %(day)s: enter a new one before then."),
    marked(
        "The client secret expires tomorrow, on %(day)s: enter a new one before then."
    ),
    marked(
        "The client secret expires in %(number)s days, on %(day)s: enter a new one "
        "before then."
    ),
)
_CERTIFICATE = _Texts(
    marked(
        "The certificate cannot be decrypted with the key in the instance folder: "
        "create a new one."
    ),
    marked("Microsoft refuses the certificate: create a new one."),
    marked("The certificate expired on %(day)s: create a new one."),
    marked("The certificate expires today, on %(day)s: create a new one before then."),
    marked(
        "The certificate expires tomorrow, on %(day)s: create a new one before then."
    ),
    marked(
        "The certificate expires in %(number)s days, on %(day)s: create a new one "
        "before then."
    ),
)


@dataclass(frozen=True)
class AppRegistration:
    """The app registration.

    The fingerprint changes with every value, so that a test sign-in counts only for
    the configuration that it tested.
    """

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
        """Are all values set that sign-in needs?"""
        return bool(self.tenant_id and self.client_id and self.secret)

    @property
    def has_outside_credentials(self) -> bool:
        """Do the credentials come from the environment?  It overrides the settings."""
        return bool(self.from_environment & {"secret", "certificate"})

    @property
    def issuer(self) -> str:
        """Return the only issuer whose tokens are accepted."""
        return f"{self.authority}/{self.tenant_id}/v2.0"

    @property
    def days_left(self) -> int | None:
        """Return the number of days until the credentials expire, if known."""
        return (self.expires_on - now().date()).days if self.expires_on else None

    @property
    def has_unusable_credentials(self) -> bool:
        """Is it certain that the credentials do not work?"""
        has_expired = self.days_left is not None and self.days_left < 0
        return self.is_unreadable or self.is_refused or has_expired

    @property
    def warning(self) -> CredentialsWarning | None:
        """Return the warning if the credentials do not work or expire soon."""
        texts = _CERTIFICATE if self.certificate else _SECRET
        if self.is_unreadable:
            return CredentialsWarning(_(texts.unreadable), 0)
        if self.is_refused:
            return CredentialsWarning(_(texts.refused), 0)
        days = self.days_left
        if self.expires_on is None or days is None or days > ON_ITS_PAGE:
            return None
        day = write_date(self.expires_on)
        if days < 0:
            return CredentialsWarning(_(texts.expired, day=day), 0)
        text = {0: texts.today, 1: texts.tomorrow}.get(days, texts.later)
        return CredentialsWarning(_(text, day=day, number=days), days)
