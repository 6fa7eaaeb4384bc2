"""HTTP for the SCIM endpoints: authentication, transaction, log entries.

The bearer token counts, cookies are ignored.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial, wraps
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.urls import iri_to_uri

from netpresenter_next.directory import events, scim_tokens
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.scim_requests import ScimRequest
from netpresenter_next.directory.scim_traffic import Kind
from netpresenter_next.scim.errors import (
    NotImplementedHere,
    ScimError,
    TooMany,
    Unauthorized,
)
from netpresenter_next.scim.paths import PREFIX
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim.service import Service
from netpresenter_next.scim_http import bearer, context, refusals
from netpresenter_next.scim_http.client import Client, find_kind_of_read
from netpresenter_next.scim_http.refusals import READ_METHODS
from netpresenter_next.scim_http.responses import REQUEST_ID, respond_with_error
from netpresenter_next.storage import database
from netpresenter_next.web import access_control, security
from netpresenter_next.web import context as web_context

LONGEST_READ = 5.0  # seconds

blueprint = Blueprint("scim", __name__)


# ------------------------------------------------------------------- every endpoint
def endpoint(rule: str, *methods: str, transactions: str = "one") -> Callable[..., Any]:
    """Route a handler, with authentication, a transaction and SCIM error responses.

    The handler gets the Service of the request and the variable parts of the URL.  GET
    and searches run in a read transaction, everything else in a write transaction,
    which is rolled back on any error.  With ``transactions="many"``, the handler gets a
    function instead, which opens a write transaction and returns its Service.
    """

    def route(handler: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(handler)
        def view(**parts: str) -> Response:
            try:
                response = _handle(handler, parts, transactions)
                web_context.current().cycle_watch.end_after_full_cycle()
                return response
            except Unauthorized as error:
                if not isinstance(error, bearer.OwnCheck):
                    is_former = isinstance(error, bearer.FormerToken)
                    refusals.record_rejected_token(is_former=is_former)
                return respond_with_error(error)
            except ScimError as error:
                return respond_with_error(error)

        blueprint.add_url_rule(
            rule,
            handler.__name__,
            access_control.scim_token(view),
            methods=methods,
            provide_automatic_options=False,
        )
        return handler

    return route


def _handle(
    handler: Callable[..., Response], parts: Mapping[str, str], transactions: str
) -> Response:
    client = Client(bearer.check_token())
    is_search = request.method == "POST" and request.path.endswith("/.search")
    is_reading = request.method in READ_METHODS or is_search
    with _count_and_record(client, is_reading=is_reading):
        if is_reading:
            return _handle_read(handler, client, parts)
        if transactions == "one":
            return _handle_write(handler, client, parts)
        with database.read() as connection:
            token = client.authenticate(connection)
        _note_due_use(token)
        response = handler(partial(_open_service, client), **parts)
        response.headers[REQUEST_ID] = client.actor.request_id
        return response


def _handle_read(
    handler: Callable[..., Response], client: Client, parts: Mapping[str, str]
) -> Response:
    with database.read() as connection:
        token = client.authenticate(connection)
        service = _make_service(connection, client.actor)
        try:
            with database.deadline(connection, LONGEST_READ):
                response = handler(service, **parts)
        except database.QueryTimeout:
            raise TooMany(
                "The query takes too long: filter by userName, externalId or the work "
                "e-mail, or ask for fewer results."
            ) from None
    _note_due_use(token)
    return response


def _handle_write(
    handler: Callable[..., Response], client: Client, parts: Mapping[str, str]
) -> Response:
    """Check the token in the write transaction: it may be revoked during the wait."""
    with database.write() as connection:
        token = client.authenticate(connection)
        if context.current().uses.is_due(token):
            scim_tokens.note_use(connection, token.id, request.remote_addr or "")
        response = handler(_make_service(connection, client.actor), **parts)
        events.end_request(connection, client.actor, response.status_code)
        response.headers[REQUEST_ID] = client.actor.request_id
        return response


@contextlib.contextmanager
def _open_service(client: Client) -> Iterator[Service]:
    with database.write() as connection:
        client.authenticate(connection)  # the token may have been revoked
        # The entries of one operation are written with its own status.
        yield _make_service(connection, replace(client.actor, request=ScimRequest()))


@contextlib.contextmanager
def _count_and_record(client: Client, *, is_reading: bool) -> Iterator[None]:
    """Count the request, and record it if it is refused."""
    traffic = web_context.current().activity.traffic
    try:
        yield
    except Unauthorized:  # see refusals.record_rejected_token
        raise
    except ScimError as error:
        if client.token is not None:
            traffic.count(client.token.id, client.actor, Kind.REFUSED)
            _note_due_use(client.token)
            if not isinstance(error, NotImplementedHere):
                refusals.record_one(client.actor, error)
        raise
    if client.token is not None:
        kind = find_kind_of_read() if is_reading else Kind.WRITE
        traffic.count(client.token.id, client.actor, kind)


def _note_due_use(token: scim_tokens.Token) -> None:
    if not context.current().uses.is_due(token):
        return
    # If the database is busy, the next request records it.
    with contextlib.suppress(*database.WRITE_FAILURES), database.write(0) as connection:
        scim_tokens.note_use(connection, token.id, request.remote_addr or "")


def _make_service(connection: Connection, actor: Actor) -> Service:
    resource_types = context.current().resource_types
    note_access = web_context.current().cycle_watch.make_access_recorder(actor)
    return Service(
        resource_types,
        Serializer(root_url()),
        connection,
        actor,
        note_access=note_access,
        note_arrival=web_context.current().activity.arrivals.note,
    )


def root_url() -> str:
    """Return the root URI of the service, or its path if the address is not known."""
    root = (security.base_url() or request.script_root) + PREFIX
    return root if root.isascii() else iri_to_uri(root)
