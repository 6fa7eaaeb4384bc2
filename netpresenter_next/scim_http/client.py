"""Who sent a SCIM request, and what kind of request it is."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from flask import request
from sqlalchemy import Connection

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import SCIM, Actor
from netpresenter_next.directory.scim_requests import ScimRequest
from netpresenter_next.directory.scim_traffic import Kind
from netpresenter_next.lib.timestamps import now
from netpresenter_next.scim.errors import Forbidden
from netpresenter_next.scim_http import bearer
from netpresenter_next.storage.ids import new_id

# The tests of a connection look up a random GUID that nobody has as a name.
_PROBE = re.compile(
    r'\s*(?:userName|displayName|emails\[type eq "work"\]\.value)\s+eq\s+'
    r'"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"\s*',
    re.IGNORECASE,
)


class IntegrationDisabled(Forbidden):
    """An administrator has switched off the integration of Microsoft Entra ID."""

    def __init__(self) -> None:
        super().__init__("Entra ID integration is turned off in Netpresenter Next.")


@dataclass
class Client:
    """Who sent a request; token and actor are known once it is authenticated."""

    digest: bytes
    requested_at: datetime = field(default_factory=now)
    token: scim_tokens.Token | None = None
    actor: Actor = field(default_factory=lambda: Actor(SCIM, "", request.remote_addr))
    arrived: ScimRequest = field(default_factory=ScimRequest)

    def authenticate(self, connection: Connection) -> scim_tokens.Token:
        """Look the token up; raises InvalidToken and IntegrationDisabled."""
        token = bearer.authenticate(connection, self.digest)
        if self.token is None:
            name = token.label or token.hint
            self.token = token
            self.actor = Actor(
                SCIM,
                name,
                request.remote_addr,
                new_id(),
                token.id,
                self.arrived,
                self.requested_at,
            )
        if not token.is_enabled:
            raise IntegrationDisabled
        return token


def find_kind_of_read() -> Kind:
    """Return whether this request only looks something up, or tests the connection."""
    is_probe = _PROBE.fullmatch(request.args.get("filter", ""))
    return Kind.PROBE if is_probe else Kind.READ
