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
from netpresenter_next.directory.events import SCIM, Actor
from netpresenter_next.directory.scim_requests import ScimRequest
from netpresenter_next.scim.errors import ScimError, TooMany, Unauthorized
from netpresenter_next.scim.paths import PREFIX
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim.service import Service
from netpresenter_next.scim_http import bearer, context, refusals
from netpresenter_next.scim_http.refusals import READ_METHODS
from netpresenter_next.scim_http.responses import REQUEST_ID, respond_with_error
from netpresenter_next.storage import database
from netpresenter_next.storage.ids import new_id
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
                refusals.record_rejected_token()
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
    arrived = ScimRequest()
    digest = bearer.check_token()
    is_search = request.method == "POST" and request.path.endswith("/.search")
    is_reading = request.method in READ_METHODS or is_search
    if transactions == "one" and not is_reading:
        return _handle_write(handler, digest, parts, arrived)
    with database.read() as connection:
        token = bearer.authenticate(connection, digest)
        actor = _actor_of(token, arrived)
        if is_reading:
            response = _handle_read(handler, _make_service(connection, actor), parts)
    if scim_tokens.is_use_due(token):
        _note_use(token)
    if is_reading:
        return response
    with refusals.record(actor):
        response = handler(partial(_open_service, digest, actor), **parts)
    response.headers[REQUEST_ID] = actor.request_id
    return response


def _handle_read(
    handler: Callable[..., Response], service: Service, parts: Mapping[str, str]
) -> Response:
    try:
        with database.deadline(service.connection, LONGEST_READ):
            return handler(service, **parts)
    except database.QueryTimeout:
        raise TooMany(
            "The query takes too long: filter by userName, externalId or the work "
            "e-mail, or ask for fewer results."
        ) from None


def _handle_write(
    handler: Callable[..., Response],
    digest: bytes,
    parts: Mapping[str, str],
    arrived: ScimRequest,
) -> Response:
    """Check the token in the write transaction: it may be revoked during the wait."""
    token, actor = None, None
    try:
        with database.write() as connection:
            token = bearer.authenticate(connection, digest)
            actor = _actor_of(token, arrived)
            if scim_tokens.is_use_due(token):
                scim_tokens.note_use(connection, token.id, request.remote_addr or "")
            response = handler(_make_service(connection, actor), **parts)
            events.end_request(connection, actor, response.status_code)
            response.headers[REQUEST_ID] = actor.request_id
            return response
    except ScimError as error:
        if token is not None and actor is not None:
            if scim_tokens.is_use_due(token):
                _note_use(token)
            refusals.record_one(actor, error)
        raise


@contextlib.contextmanager
def _open_service(digest: bytes, actor: Actor) -> Iterator[Service]:
    own = replace(actor, request=ScimRequest())  # of one operation
    with database.write() as connection:
        bearer.authenticate(connection, digest)  # it may have been revoked
        yield _make_service(connection, own)


def _actor_of(token: scim_tokens.Token, arrived: ScimRequest) -> Actor:
    name = token.label or token.hint
    return Actor(SCIM, name, request.remote_addr, new_id(), token.id, arrived)


def _note_use(token: scim_tokens.Token) -> None:
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
    )


def root_url() -> str:
    """Return the root URI of the service, or its path if the address is not known."""
    root = (security.base_url() or request.script_root) + PREFIX
    return root if root.isascii() else iri_to_uri(root)
