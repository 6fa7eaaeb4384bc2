"""The state of the SCIM endpoints of one application, in one typed object.

It is separate from ``web.context``, which must not depend on SCIM.
"""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from netpresenter_next.directory.scim_tokens import UseWatch
from netpresenter_next.schema.resource_types import ResourceTypes
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim_http.lookups import TokenLookUps
from netpresenter_next.storage.write_lock import ConcurrencyLimit

MOST_SCANS = 2
_KEY = "netpresenter_scim"


@dataclass(frozen=True)
class ScimContext:
    """The state of the endpoints between requests."""

    resource_types: ResourceTypes
    cursors: Cursors
    # Limits how many queries may read a whole table at the same time.
    scans: ConcurrencyLimit = field(
        default_factory=lambda: ConcurrencyLimit(MOST_SCANS)
    )
    lookups: TokenLookUps = field(default_factory=TokenLookUps)
    uses: UseWatch = field(default_factory=UseWatch)


def put(app: Flask, context: ScimContext) -> None:
    """Store the context in an application."""
    app.extensions[_KEY] = context


def of(app: Flask) -> ScimContext:
    """Return the context of an application."""
    return cast(ScimContext, app.extensions[_KEY])


def current() -> ScimContext:
    """Return the context of the current application."""
    return of(current_app)
