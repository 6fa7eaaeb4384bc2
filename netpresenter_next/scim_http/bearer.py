"""Authentication by bearer token, in the Authorization header only (RFC 6750, 2.1)."""

from flask import request
from sqlalchemy import Connection

from netpresenter_next.directory import former_tokens, scim_tokens
from netpresenter_next.scim.errors import TooManyRequests, Unauthorized
from netpresenter_next.scim_http import context
from netpresenter_next.scim_http.lookups import TooManyLookUps
from netpresenter_next.storage import database
from netpresenter_next.web import context as web_context
from netpresenter_next.web.networks import network_of


class InvalidToken(Unauthorized):
    """The request has no valid token."""

    def __init__(self) -> None:
        super().__init__(
            "The token is missing or not known here: paste one from Settings > System "
            "> Microsoft Entra ID into the provisioning application."
        )


class FormerToken(InvalidToken):
    """The token was revoked or has expired: whoever sends it was given it once."""


class OwnCheck(InvalidToken):
    """This server checks whether its public address leads here."""


def read_token() -> str:
    """Return the token from the header; empty if there is none."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.lstrip(" ") if scheme.lower() == "bearer" else ""


def check_token() -> bytes:
    """Return the digest of the request's token, if the token may be valid.

    The database decides, in ``authenticate``.

    Raises InvalidToken if it cannot be valid, and TooManyRequests if unknown tokens are
    tried too often.
    """
    secret = read_token()
    if not scim_tokens.is_well_formed(secret):
        if web_context.current().nonce_watch.note(secret):
            raise OwnCheck
        raise InvalidToken
    network = network_of(request.remote_addr or "")
    lookups = context.current().lookups
    try:
        digest = scim_tokens.digest(secret)
        may_be_valid = lookups.look_up(digest, network, _read_digests)
    except TooManyLookUps:
        raise TooManyRequests(
            "Too many requests with unknown tokens. If this token is valid, send the "
            "request again in a second."
        ) from None
    if not may_be_valid:
        raise FormerToken if lookups.is_former(digest) else InvalidToken
    return digest


def authenticate(connection: Connection, digest: bytes) -> scim_tokens.Token:
    """Return the token with this digest from the database; raises InvalidToken."""
    token = scim_tokens.find(connection, digest)
    if token is None:
        context.current().lookups.forget(digest)
        raise FormerToken
    return token


def _read_digests() -> former_tokens.Digests:
    with database.read() as connection:
        return former_tokens.read_digests(connection)
