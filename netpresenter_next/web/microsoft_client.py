"""The OpenID Connect client for the present settings: its addresses and its state."""

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, request, session
from sqlalchemy import Connection

from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.directory import sign_in_settings
from netpresenter_next.lib import certificates, timestamps
from netpresenter_next.microsoft.app_registration import (
    ON_EVERY_PAGE,
    ON_SETTINGS,
    AppRegistration,
)
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.storage import database
from netpresenter_next.web import administrator_notices, context, security

if TYPE_CHECKING:
    from netpresenter_next.microsoft.client import Client

CALLBACK_PATH = "/sign-in/microsoft/callback"
SIGNED_OUT_PATH = "/sign-in"
FRONT_CHANNEL_PATH = "/sign-in/microsoft/front-channel-logout"
# The ``state`` of the admin-consent link: it starts no attempt, so none is stored.
CONSENT_STATE = "admin-consent"
CONNECT_SECONDS = 600


def init_app(app: Flask) -> None:
    """Add what templates need, and keep Authlib from logging at level DEBUG.

    It would log the code_verifier of PKCE, which is a secret.
    """
    logging.getLogger("authlib").setLevel(logging.INFO)
    app.add_template_global(warning, "microsoft_warning")
    app.add_template_filter(certificates.sha1_thumbprint, "thumbprint")


def load_registration(connection: Connection) -> AppRegistration:
    """Return the present app registration."""
    return sign_in_settings.read_registration(
        connection, context.current().installation
    )


def load_tenant_id(connection: Connection) -> str:
    """Return the tenant ID of the present app registration; empty if none is set."""
    return sign_in_settings.read_tenant_id(connection, context.current().config)


def warning() -> str | None:
    """Return the warning about the credentials for this page, for administrators."""
    notices = administrator_notices.load()
    credentials_warning = notices.credentials_warning if notices else None
    is_setting = request.path.startswith("/settings")
    days = ON_SETTINGS if is_setting else ON_EVERY_PAGE
    return (
        credentials_warning.text
        if credentials_warning and credentials_warning.days <= days
        else None
    )


def load_client() -> "Client":
    """Return the client for the app registration; raises SignInError if incomplete."""
    with database.read() as connection:
        registration = load_registration(connection)
    if not registration.is_complete:
        raise SignInError("not_set_up", "the connection is not complete")
    return context.current().client_cache.get(registration)


def read_last_problem() -> str:
    """Return why the last attempt to reach Microsoft failed, or ""; asks nobody."""
    with database.read() as connection:
        registration = load_registration(connection)
    return context.current().client_cache.find_last_problem(registration)


def find_problem() -> str:
    """Return why Microsoft cannot be reached, or "" if it can or is not set up."""
    try:
        return load_client().provider.find_problem()
    except SignInError:
        return ""


def redirect_uri() -> str:
    """Return the redirect URI; raises SignInError without a usable public address."""
    base = security.base_url()
    url = urlsplit(base or "")
    if not base or (url.scheme == "http" and url.hostname not in LOOPBACK_NAMES):
        raise SignInError(
            "no_address", "the public address is not known, or is not https"
        )
    return base + CALLBACK_PATH


def signed_out_uri() -> str:
    """Return the post-logout redirect URI; raises SignInError like ``redirect_uri``."""
    return redirect_uri().removesuffix(CALLBACK_PATH) + SIGNED_OUT_PATH


def find_claims_to_connect() -> Claims | None:
    """Return the claims of the account that this browser is about to connect.

    None if there are none, or if they are older than ``CONNECT_SECONDS``.
    """
    stored = session.get("connecting")
    if not stored or not timestamps.is_within(stored["at"], CONNECT_SECONDS):
        return None
    claims = dict(stored["claims"])
    return Claims(**{**claims, "app_roles": tuple(claims["app_roles"])})
