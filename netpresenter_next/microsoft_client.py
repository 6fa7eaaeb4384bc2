"""The client of the present configuration, and the addresses it has at Microsoft."""

import logging
import time
from urllib.parse import urlsplit

from flask import Flask, current_app, session

from netpresenter_next import database, entra, protection
from netpresenter_next.config import LOOPBACK_NAMES
from netpresenter_next.oidc import Client, Fault
from netpresenter_next.provider import Provider
from netpresenter_next.recognition import Claims

CALLBACK = "/sign-in/microsoft/callback"
FRONT_CHANNEL = "/sign-in/microsoft/front-channel-logout"
CONNECT_SECONDS = 600
_CLIENT = "netpresenter_microsoft"


def init_app(app: Flask) -> None:
    """Keep Authlib quiet: at DEBUG it writes the secret of the exchange."""
    logging.getLogger("authlib").setLevel(logging.INFO)
    app.extensions[_CLIENT] = None


def client() -> Client:
    """Return the client of the present configuration; raises Fault."""
    with database.read() as connection:
        known = entra.registration(connection)
    if not known.is_complete:
        raise Fault("not_set_up", "the connection is not complete")
    kept: Client | None = current_app.extensions[_CLIENT]
    if kept is None or kept.registration.fingerprint != known.fingerprint:
        kept = Client(known, Provider(known))
        current_app.extensions[_CLIENT] = kept
    return kept


def redirect_uri() -> str:
    """Return where Microsoft sends people back to; raises Fault."""
    base = protection.base_url()
    url = urlsplit(base or "")
    if not base or (url.scheme == "http" and url.hostname not in LOOPBACK_NAMES):
        raise Fault("no_address", "the public address is not known, or is not https")
    return base + CALLBACK


def connecting() -> Claims | None:
    """Return the Microsoft account that this browser is about to connect."""
    kept = session.get("connecting")
    if not kept or time.time() - kept["at"] > CONNECT_SECONDS:
        return None
    claims = dict(kept["claims"])
    return Claims(**{**claims, "app_roles": tuple(claims["app_roles"])})
