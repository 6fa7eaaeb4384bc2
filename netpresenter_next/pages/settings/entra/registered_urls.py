"""The URLs to register in the app registration at Microsoft, and the consent link."""

from typing import NamedTuple
from urllib.parse import urlencode

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft.app_registration import SCOPE, AppRegistration
from netpresenter_next.web.microsoft_client import (
    CALLBACK_PATH,
    CONSENT_STATE,
    FRONT_CHANNEL_PATH,
    SIGNED_OUT_PATH,
)


class RegisteredUrl(NamedTuple):
    """A URL to copy into the app registration, and where it belongs there."""

    id: str
    label: str
    value: str
    help: str


def list_urls(origin: str | None) -> list[RegisteredUrl]:
    """Return the URLs to register; none while the public address is not known."""
    if origin is None:
        return []
    return [
        RegisteredUrl(
            "redirect-uri",
            _("Redirect URI"),
            origin + CALLBACK_PATH,
            _("Under Authentication > Web > Redirect URIs"),
        ),
        RegisteredUrl(
            "signed-out-uri",
            _("Post-logout redirect URI"),
            origin + SIGNED_OUT_PATH,
            _(
                "Under Authentication > Web > Redirect URIs too: where Microsoft sends "
                "people after sign-out"
            ),
        ),
        RegisteredUrl(
            "front-channel-url",
            _("Front-channel logout URL"),
            origin + FRONT_CHANNEL_PATH,
            _("Under Authentication > Front-channel logout URL"),
        ),
        RegisteredUrl(
            "home-page-url",
            _("Home page URL"),
            f"{origin}/sign-in/microsoft",
            _("Under Branding & properties: the tile in My Apps"),
        ),
    ]


def make_consent_url(registration: AppRegistration, origin: str | None) -> str:
    """Return the admin-consent link; empty while something is missing for it."""
    if not (registration.tenant_id and registration.client_id and origin):
        return ""
    query = {
        "client_id": registration.client_id,
        "scope": SCOPE,
        "redirect_uri": origin + CALLBACK_PATH,
        "state": CONSENT_STATE,
    }
    tenant_url = f"{registration.authority}/{registration.tenant_id}"
    return f"{tenant_url}/v2.0/adminconsent?{urlencode(query)}"
