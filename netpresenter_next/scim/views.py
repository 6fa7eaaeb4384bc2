"""The SCIM endpoints, below /scim/v2 and, under its old name, /scim (RFC 7644)."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from netpresenter_next.config import Config
from netpresenter_next.scim import discovery, schema
from netpresenter_next.scim.errors import Forbidden, NotFound, NotImplementedHere
from netpresenter_next.scim.http import (
    DIRECTORY,
    PREFIX,
    Call,
    blueprint,
    body,
    endpoint,
    list_query,
    no_content,
    precondition,
    respond,
    respond_with,
    versions,
    wanted,
)
from netpresenter_next.scim.patch import read_operations


class ResourceConverter(BaseConverter):
    """Matches Users and Groups in URLs."""

    regex = "Users|Groups"


def init_app(app: Flask, config: Config) -> None:
    """Register the endpoints under both addresses."""
    app.extensions[DIRECTORY] = schema.directory(config.scim_required)
    app.url_map.converters["scim"] = ResourceConverter
    app.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_blueprint(blueprint, url_prefix="/scim", name="scim_alias")
    app.wsgi_app = _DirectPaths(app.wsgi_app)  # type: ignore[method-assign]


class _DirectPaths:
    """Lets ``/scim/v2//Users/`` mean ``/scim/v2/Users`` without a redirect.

    Entra ID's client drops the token when it is redirected.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/scim") and ("//" in path or path.endswith("/")):
            environ["PATH_INFO"] = re.sub(r"/{2,}", "/", path).rstrip("/")
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer


# ----------------------------------------------------------------------- resources
@endpoint("/<scim:kind>", "GET")
def list_resources(call: Call, kind: str) -> Response:
    """List or filter one kind of resource (RFC 7644, 3.4.2)."""
    query = list_query()
    return respond(call.service.page(call.connection, [call.type_of(kind)], query))


@endpoint("/<scim:kind>", "POST")
def create_resource(call: Call, kind: str) -> Response:
    """Make a resource (RFC 7644, 3.3)."""
    resource_type = call.type_of(kind)
    result = call.service.create(
        call.connection, resource_type, body(), call.actor, wanted(resource_type)
    )
    return respond_with(result, 201)


@endpoint("/<scim:kind>/<resource_id>", "GET")
def get_resource(call: Call, kind: str, resource_id: str) -> Response:
    """Return one resource (RFC 7644, 3.4.1), or 304 when the client has it."""
    resource_type = call.type_of(kind)
    result = call.service.get(
        call.connection, resource_type, resource_id, wanted(resource_type)
    )
    if result.version in (versions("If-None-Match") or ()):
        response = Response(status=304)
        response.headers["ETag"] = result.version
        return response
    return respond_with(result)


@endpoint("/<scim:kind>/<resource_id>", "PUT")
def replace_resource(call: Call, kind: str, resource_id: str) -> Response:
    """Replace one resource (RFC 7644, 3.5.1)."""
    resource_type = call.type_of(kind)
    result = call.service.replace(
        call.connection,
        resource_type,
        resource_id,
        body(),
        call.actor,
        wanted(resource_type),
        precondition(),
    )
    return respond_with(result)


@endpoint("/<scim:kind>/<resource_id>", "PATCH")
def patch_resource(call: Call, kind: str, resource_id: str) -> Response:
    """Change one resource (RFC 7644, 3.5.2)."""
    resource_type = call.type_of(kind)
    result = call.service.patch(
        call.connection,
        resource_type,
        resource_id,
        read_operations(body()),
        call.actor,
        wanted(resource_type),
        precondition(),
    )
    return respond_with(result)


@endpoint("/<scim:kind>/<resource_id>", "DELETE")
def delete_resource(call: Call, kind: str, resource_id: str) -> Response:
    """Remove one resource (RFC 7644, 3.6)."""
    call.service.delete(
        call.connection, call.type_of(kind), resource_id, call.actor, precondition()
    )
    return no_content()


# ----------------------------------------------------------------------- discovery
@endpoint("/ServiceProviderConfig", "GET")
def service_provider_config(call: Call) -> Response:
    """Say what the service can do (RFC 7644, 4)."""
    return respond(discovery.service_provider_config(call.service.writer.base))


@endpoint("/ResourceTypes", "GET")
def resource_types(call: Call) -> Response:
    """List the kinds of resources (RFC 7644, 4)."""
    return respond(_described(call, "ResourceTypes"))


@endpoint("/ResourceTypes/<name>", "GET")
def resource_type(call: Call, name: str) -> Response:
    """Describe one kind of resource."""
    return respond(_one_described(call, "ResourceTypes", name))


@endpoint("/Schemas", "GET")
def schemas(call: Call) -> Response:
    """List the schemas (RFC 7644, 4)."""
    return respond(_described(call, "Schemas"))


@endpoint("/Schemas/<urn>", "GET")
def schema_by_urn(call: Call, urn: str) -> Response:
    """Describe one schema."""
    return respond(_one_described(call, "Schemas", urn))


def _described(call: Call, what: str) -> dict[str, Any]:
    if request.args.get("filter"):
        # RFC 7644, 4: a filter here is refused, not ignored.
        raise Forbidden("Discovery documents are not filtered.")
    base = call.service.writer.base
    if what == "Schemas":
        documents = [
            discovery.schema_document(each, base) for each in call.directory.schemas
        ]
    else:
        documents = [
            discovery.resource_type_document(each, base)
            for each in call.directory.resource_types
        ]
    return discovery.list_response(documents)


def _one_described(call: Call, what: str, name: str) -> dict[str, Any]:
    for document in _described(call, what)["Resources"]:
        if document["id"].lower() == name.lower():
            found: dict[str, Any] = document
            return found
    raise NotFound(f"There is nothing like {quote(name[:100])} in {what}.")


@endpoint("/Me", "GET", "POST", "PUT", "PATCH", "DELETE")
def me(_call: Call) -> Response:
    """/Me is left out, as the RFC allows (RFC 7644, 3.11): a token is no person."""
    raise NotImplementedHere("/Me is not supported: a token is not a person.")
