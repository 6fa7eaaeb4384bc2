"""What the SCIM endpoints of one application keep, in one typed object.

It stands beside ``web.context``, which must not know the protocol.
"""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from netpresenter_next.schema.resource_types import Directory
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim_http.lookups import LookUps
from netpresenter_next.storage.write_lock import ConcurrencyLimit

MOST_SCANS = 2
_KEY = "netpresenter_scim"


@dataclass(frozen=True)
class ScimContext:
    """The parts of the endpoints that outlive a request."""

    directory: Directory
    cursors: Cursors
    # How many requests may scan all users at a time.
    scans: ConcurrencyLimit = field(
        default_factory=lambda: ConcurrencyLimit(MOST_SCANS)
    )
    lookups: LookUps = field(default_factory=LookUps)


def put(app: Flask, context: ScimContext) -> None:
    """Let an application keep what its endpoints need."""
    app.extensions[_KEY] = context


def of(app: Flask) -> ScimContext:
    """Return what the endpoints of an application keep."""
    return cast(ScimContext, app.extensions[_KEY])


def current() -> ScimContext:
    """Return what the endpoints keep that answer the present request."""
    return of(current_app)
