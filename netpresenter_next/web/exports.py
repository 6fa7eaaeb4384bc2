"""Files with data about people: who may have them, and how they are sent.

Whoever uses the browser of an administrator could take the data of everybody along, so
each such file requires a recent authentication: ``send`` refuses a view that does not.
"""

from collections.abc import Iterator

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from netpresenter_next.web import access_control, streaming
from netpresenter_next.web.access_control import View

_EXPORT = "is_export"


def export(view: View) -> View:
    """Mark a view that sends data about many people, or all about one, as a file.

    Only administrators may use it, with a recent authentication.
    """
    setattr(view, _EXPORT, True)
    return access_control.require_recent_authentication(
        access_control.administrator(view)
    )


def send(lines: Iterator[str], content_type: str, name: str) -> Response:
    """Return the response with a file, whose lines are made while they are sent.

    Raises RuntimeError in a view that is not marked as an export.
    """
    if not _is_marked(request.endpoint):
        raise RuntimeError(f"The view {request.endpoint} is not marked as an export.")
    response = Response(streaming.in_application(lines), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def is_export(address: str) -> bool:
    """Does a GET of this address on this site send a file with data about people?"""
    path = address.partition("?")[0].removeprefix(request.script_root)
    try:
        found = current_app.url_map.bind_to_environ(request).match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return _is_marked(found[0])


def _is_marked(endpoint: str | None) -> bool:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, _EXPORT, False)
