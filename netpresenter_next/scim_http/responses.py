"""Responses of the SCIM endpoints: JSON, and never redirects (RFC 7644, 3.1)."""

from typing import Any

from flask import Response
from werkzeug.datastructures import Headers

from netpresenter_next.lib import fast_json
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.reading import Result

MEDIA_TYPE = "application/scim+json"
# The header with the id of the request, by which the provisioning log names it.
REQUEST_ID = "X-Request-Id"


class JsonResponse(Response):
    """A response with a JSON document, whose Location is a URI already."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Return the headers; Werkzeug would parse and quote the Location again."""
        return self.headers


def respond(document: Any, status: int = 200, **headers: str) -> Response:
    """Return a response with a JSON document; ``_`` in header names becomes ``-``."""
    response = JsonResponse(fast_json.dumps(document), status, content_type=MEDIA_TYPE)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def respond_with_resource(result: Result, status: int = 200) -> Response:
    """Return a response with a resource, or 204 if the result has none."""
    if result.resource is None:
        response = respond_without_content()
    else:
        response = respond(result.resource, status)
        response.headers["Location"] = result.location
    response.headers["ETag"] = result.version
    return response


def respond_without_content() -> Response:
    """Return a response 204, without a body."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def respond_with_error(error: ScimError) -> Response:
    """Return an error response (RFC 7644, 3.12)."""
    response = respond(error.to_document(), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.request_id is not None:
        response.headers[REQUEST_ID] = error.request_id
    return response
