"""The notices on the pages of administrators: they are read once for each page."""

from typing import cast

from flask import request

from netpresenter_next.directory import administrator_notices
from netpresenter_next.directory.administrator_notices import Notices
from netpresenter_next.storage import database
from netpresenter_next.web import context, signed_in

_KEY = "netpresenter.notices"


def load() -> Notices | None:
    """Return what to say on this page; None if nobody who administers is signed in."""
    if not signed_in.is_administrator():
        return None
    if _KEY not in request.environ:
        with database.read() as connection:
            request.environ[_KEY] = administrator_notices.read(
                connection, context.current().installation
            )
    return cast(Notices, request.environ[_KEY])
