"""The SCIM endpoints below /scim/v2, and below its alias /scim (RFC 7644)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from netpresenter_next.config.options import Config
from netpresenter_next.schema import extensions
from netpresenter_next.schema.building import build_resource_types
from netpresenter_next.schema.resource_types import ResourceType, ResourceTypes
from netpresenter_next.scim import bulk, discovery, paths
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim.discovery import Document
from netpresenter_next.scim.errors import (
    Forbidden,
    NotFound,
    NotImplementedHere,
    ScimError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from netpresenter_next.scim.listing import Listing, ListQuery
from netpresenter_next.scim.resources.patch import read_operations
from netpresenter_next.scim.service import Service
from netpresenter_next.scim_http import bulk_operations, context, refusals
from netpresenter_next.scim_http.context import ScimContext
from netpresenter_next.scim_http.request import (
    is_not_modified,
    read_body,
    read_list_query,
    read_precondition,
    read_projection,
    read_search_query,
)
from netpresenter_next.scim_http.responses import (
    respond,
    respond_with_resource,
    respond_without_content,
)
from netpresenter_next.scim_http.transport import (
    blueprint,
    endpoint,
    root_url,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.write_lock import LimitReached


class ResourceConverter(BaseConverter):
    """Matches the endpoint of a resource type."""

    regex = "Users|Groups"


class IdConverter(BaseConverter):
    """Matches the id of a resource, but not .search."""

    regex = r"(?!\.search\Z)[^/]+"
    part_isolating = True


def read_resource_types(config: Config) -> ResourceTypes:
    """Return the attribute tables for these settings; raises ConfigError."""
    own = extensions.load(config.scim_extensions) if config.scim_extensions else {}
    return build_resource_types(config.scim_required, own)


def init_app(app: Flask, resource_types: ResourceTypes) -> None:
    """Register the endpoints below both prefixes."""
    context.put(app, ScimContext(resource_types, Cursors(str(app.secret_key))))
    app.url_map.converters["scim"] = ResourceConverter
    app.url_map.converters["scim_id"] = IdConverter
    app.register_blueprint(blueprint, url_prefix=paths.PREFIX)
    app.register_blueprint(blueprint, url_prefix="/scim", name="scim_alias")
    app.wsgi_app = paths.NormalizedPaths(app.wsgi_app)  # type: ignore[method-assign]


# ----------------------------------------------------------------------- resources
@endpoint("/<scim:kind>", "GET")
def list_resources(service: Service, kind: str) -> Response:
    """List or filter the resources of one type (RFC 7644, 3.4.2)."""
    resource_type = service.resource_types.by_endpoint(kind)
    return _list(service, [resource_type], read_list_query())


@endpoint("", "GET")
def list_everything(service: Service) -> Response:
    """List or filter people and groups together (RFC 7644, 3.4.2.1)."""
    return _list(service, service.resource_types.all, read_list_query())


@endpoint("/<scim:kind>/.search", "POST")
def search_resources(service: Service, kind: str) -> Response:
    """Search the resources of one type by POST (RFC 7644, 3.4.3)."""
    resource_type = service.resource_types.by_endpoint(kind)
    return _list(service, [resource_type], read_search_query())


@endpoint("/.search", "POST")
def search_everything(service: Service) -> Response:
    """Search people and groups together by POST (RFC 7644, 3.4.3)."""
    return _list(service, service.resource_types.all, read_search_query())


def _list(
    service: Service, resource_types: Sequence[ResourceType], query: ListQuery
) -> Response:
    scim_context = context.current()
    listing = Listing(service, resource_types, query)
    if not listing.may_scan:
        return respond(listing.read_page(scim_context.cursors))
    try:
        with scim_context.scans.slot():
            return respond(listing.read_page(scim_context.cursors))
    except LimitReached:
        raise TooManyRequests(
            "Too many queries that read all users at the same time: send the request "
            "again in a second, or filter by userName, externalId or the work e-mail."
        ) from None


@endpoint("/<scim:kind>", "POST")
def create_resource(service: Service, kind: str) -> Response:
    """Create a resource (RFC 7644, 3.3)."""
    resource_type = service.resource_types.by_endpoint(kind)
    result = service.create(resource_type, read_body(), read_projection(resource_type))
    return respond_with_resource(result, 201)


@endpoint("/<scim:kind>/<scim_id:resource_id>", "GET")
def get_resource(service: Service, kind: str, resource_id: str) -> Response:
    """Return one resource (RFC 7644, 3.4.1), or 304 if the client has that version."""
    resource_type = service.resource_types.by_endpoint(kind)
    result = service.get(resource_type, resource_id, read_projection(resource_type))
    if is_not_modified(result.version):
        response = Response(status=304)
        response.headers["ETag"] = result.version
        return response
    return respond_with_resource(result)


@endpoint("/<scim:kind>/<scim_id:resource_id>", "PUT")
def replace_resource(service: Service, kind: str, resource_id: str) -> Response:
    """Replace one resource (RFC 7644, 3.5.1)."""
    resource_type = service.resource_types.by_endpoint(kind)
    result = service.replace(
        resource_type,
        resource_id,
        read_body(),
        read_projection(resource_type),
        read_precondition(),
    )
    return respond_with_resource(result)


@endpoint("/<scim:kind>/<scim_id:resource_id>", "PATCH")
def patch_resource(service: Service, kind: str, resource_id: str) -> Response:
    """Modify one resource (RFC 7644, 3.5.2)."""
    resource_type = service.resource_types.by_endpoint(kind)
    operations = read_operations(read_body())
    result = service.patch(
        resource_type,
        resource_id,
        operations,
        read_projection(resource_type),
        read_precondition(),
    )
    return respond_with_resource(result)


@endpoint("/<scim:kind>/<scim_id:resource_id>", "DELETE")
def delete_resource(service: Service, kind: str, resource_id: str) -> Response:
    """Delete one resource (RFC 7644, 3.6)."""
    resource_type = service.resource_types.by_endpoint(kind)
    service.delete(resource_type, resource_id, read_precondition())
    return respond_without_content()


# ---------------------------------------------------------------------------- bulk
@endpoint("/Bulk", "POST", transactions="many")
def bulk_changes(begin: Callable[[], AbstractContextManager[Service]]) -> Response:
    """Perform bulk operations, each in its own transaction (RFC 7644, 3.7)."""
    if (request.content_length or 0) > bulk.LARGEST_PAYLOAD:
        raise TooLarge(f"A bulk request is at most {bulk.LARGEST_PAYLOAD} bytes.")
    operations, fail_on_errors = bulk.read_bulk_request(read_body())

    def perform(operation: bulk.BulkOperation, new_id: str) -> bulk.Outcome:
        try:
            with begin() as service:
                return bulk_operations.perform(service, operation, new_id)
        except database.Busy:
            raise Unavailable("The database is busy: send this again.") from None
        except database.Unwritable as error:
            raise Unavailable(f"{error} Nothing was changed.") from error

    def note_failure(operation: bulk.BulkOperation, error: ScimError) -> None:
        method = f"Bulk {operation.method}"
        with suppress(*database.WRITE_FAILURES), begin() as service:
            refusals.note(
                service.connection,
                service.actor,
                method,
                operation.path,
                error,
                operation.data,
            )

    outcomes = bulk.run(operations, fail_on_errors, perform, note_failure, root_url())
    return respond({"schemas": [bulk.RESPONSE], "Operations": outcomes})


# ----------------------------------------------------------------------- discovery
@endpoint("/ServiceProviderConfig", "GET")
def service_provider_config(service: Service) -> Response:
    """Return the features of the service (RFC 7644, 4)."""
    return respond(discovery.describe_service_provider(service.serializer.base))


@endpoint("/ResourceTypes", "GET")
def resource_types(service: Service) -> Response:
    """List the resource types (RFC 7644, 4)."""
    return respond(discovery.make_list_response(_list_resource_types(service)))


@endpoint("/ResourceTypes/<name>", "GET")
def resource_type(service: Service, name: str) -> Response:
    """Return one resource type (RFC 7644, 4)."""
    return respond(_find_document(_list_resource_types(service), name))


@endpoint("/Schemas", "GET")
def schemas(service: Service) -> Response:
    """List the schemas (RFC 7644, 4)."""
    return respond(discovery.make_list_response(_list_schemas(service)))


@endpoint("/Schemas/<urn>", "GET")
def schema_by_urn(service: Service, urn: str) -> Response:
    """Return one schema (RFC 7644, 4)."""
    return respond(_find_document(_list_schemas(service), urn))


def _list_resource_types(service: Service) -> list[Document]:
    _refuse_filter()
    base, types = service.serializer.base, service.resource_types.all
    return [discovery.describe_resource_type(each, base) for each in types]


def _list_schemas(service: Service) -> list[Document]:
    _refuse_filter()
    base, declared = service.serializer.base, service.resource_types.schemas
    return [discovery.describe_schema(each, base) for each in declared]


def _refuse_filter() -> None:
    """Raise Forbidden if there is a filter, which must not be ignored (RFC 7644, 4)."""
    if request.args.get("filter"):
        raise Forbidden("Discovery documents are not filtered.")


def _find_document(documents: list[Document], name: str) -> Document:
    for document in documents:
        if document["id"].lower() == name.lower():
            return document
    raise NotFound(f"There is no endpoint {name[:100]!r}.")


@endpoint("/Me", "GET", "POST", "PUT", "PATCH", "DELETE")
def me(_service: Service) -> Response:
    """Raise NotImplementedHere, as RFC 7644, 3.11 allows: a token is not a person."""
    raise NotImplementedHere("/Me is not supported: a token does not belong to a user.")
