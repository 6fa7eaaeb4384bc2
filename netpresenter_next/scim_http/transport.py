"""HTTP for the SCIM endpoints: authentication, transaction, recorded refusals.

The bearer token counts, cookies are ignored.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection
from werkzeug.urls import iri_to_uri

from netpresenter_next.directory import (
    conflicts,
    counted_events,
    former_tokens,
    scim_tokens,
)
from netpresenter_next.directory.events import SCIM, Actor, Event, Target
from netpresenter_next.directory.scim_traffic import Kind
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib import strict_json
from netpresenter_next.scim.errors import (
    NotImplementedHere,
    ScimError,
    TooMany,
    Unauthorized,
)
from netpresenter_next.scim.handlers.by_type import HANDLERS
from netpresenter_next.scim.paths import PREFIX
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim.service import Service
from netpresenter_next.scim_http import bearer, context
from netpresenter_next.scim_http.client import Client, find_kind_of_read
from netpresenter_next.scim_http.responses import respond_with_error
from netpresenter_next.storage import database
from netpresenter_next.storage.write_lock import BUSY_SECONDS
from netpresenter_next.web import access_control, rate_limits, security
from netpresenter_next.web import context as web_context
from netpresenter_next.web.networks import network_of

_READ_METHODS = {"GET", "HEAD"}
LONGEST_READ = 5.0  # seconds
# The longest wait, in seconds, for the write lock to record a refused request.
SHORT_TIMEOUT = 0.1
_RESOURCE = re.compile(r"/(Users|Groups)/([^/]+)$")

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
                    _journal_rejection(is_former=is_former)
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
    is_reading = request.method in _READ_METHODS or is_search
    with _count_and_record(client, is_reading=is_reading):
        if is_reading:
            return _handle_read(handler, client, parts)
        if transactions == "one":
            return _handle_write(handler, client, parts)
        with database.read() as connection:
            token = client.authenticate(connection)
        if scim_tokens.is_use_due(token):
            _note_use(token)
        return handler(partial(_open_service, client), **parts)


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
    if scim_tokens.is_use_due(token):
        _note_use(token)
    return response


def _handle_write(
    handler: Callable[..., Response], client: Client, parts: Mapping[str, str]
) -> Response:
    """Check the token in the write transaction: it may be revoked during the wait."""
    with database.write() as connection:
        token = client.authenticate(connection)
        if scim_tokens.is_use_due(token):
            scim_tokens.note_use(connection, token.id, request.remote_addr or "")
        return handler(_make_service(connection, client.actor), **parts)


@contextlib.contextmanager
def _open_service(client: Client) -> Iterator[Service]:
    with database.write() as connection:
        client.authenticate(connection)  # the token may have been revoked
        yield _make_service(connection, client.actor)


@contextlib.contextmanager
def _count_and_record(client: Client, *, is_reading: bool) -> Iterator[None]:
    """Count the request, and record it if it is refused."""
    traffic = web_context.current().activity.traffic
    try:
        yield
    except Unauthorized:  # recorded by _journal_rejection
        raise
    except ScimError as error:
        if client.token is not None:
            traffic.count(client.token.id, client.actor, Kind.REFUSED)
            if scim_tokens.is_use_due(client.token):
                _note_use(client.token)
            if not isinstance(error, NotImplementedHere):
                _journal_refusal(client.actor, error)
        raise
    if client.token is not None:
        kind = find_kind_of_read() if is_reading else Kind.WRITE
        traffic.count(client.token.id, client.actor, kind)


def _journal_rejection(*, is_former: bool) -> None:
    """Record why a token was refused, in a bounded number of rows.

    Strangers cannot keep the refusal of a former token from being recorded.
    """
    address, secret = request.remote_addr or "", bearer.read_token()
    unrecorded = 0 if is_former else rate_limits.count_event()
    if unrecorded is None:
        return
    try:
        with database.write(SHORT_TIMEOUT) as connection:
            problem = former_tokens.note_refusal(connection, secret)
            ended_at, target = problem.ended_at, problem.target
            about = (network_of(address), problem.code, problem.length, target)
            counted_events.record(
                connection,
                Actor(SCIM, "", address),
                Event.FORMER_TOKEN_REFUSED if target else Event.TOKEN_REFUSED,
                target,
                about=repr(about),
                unrecorded=unrecorded,
                reason=problem.code,
                length=problem.length,
                ended=None if ended_at is None else f"{ended_at:%-d %b %Y, %H:%M} UTC",
            )
    except database.WRITE_FAILURES:
        rate_limits.add_unrecorded_events(unrecorded + 1)


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
        note_arrival=web_context.current().activity.arrivals.note,
    )


def root_url() -> str:
    """Return the root URI of the service, or its path if the address is not known."""
    root = (security.base_url() or request.script_root) + PREFIX
    return root if root.isascii() else iri_to_uri(root)


def _journal_refusal(actor: Actor, error: ScimError) -> None:
    """Record a refused request, in a short transaction of its own."""
    # A change waits for the write lock anyway; a read should not be delayed by it.
    timeout = SHORT_TIMEOUT if request.method in _READ_METHODS else BUSY_SECONDS
    with (
        contextlib.suppress(*database.WRITE_FAILURES),
        database.write(timeout) as connection,
    ):
        body = _read_body_of_change()
        note_refusal(connection, actor, request.method, request.path, error, body)


def _read_body_of_change() -> object:
    """Return the body of a refused PUT or PATCH, or None if it is not valid JSON."""
    if request.method not in ("PUT", "PATCH"):
        return None
    try:
        return strict_json.loads(request.get_data())
    except strict_json.InvalidJson:
        return None


def note_refusal(
    connection: Connection,
    actor: Actor,
    method: str,
    path: str,
    error: ScimError,
    body: object,
) -> None:
    """Record a refused request, and the conflict that results from it, if any.

    That is a conflict with an account that is invisible to SCIM, or with a person whom
    ``body`` should have disabled.
    """
    target = None
    match = _RESOURCE.search(path)
    if match:
        kind, resource_id = match[1].removesuffix("s"), match[2][:100]
        target = Target(kind, resource_id, resource_id)
        HANDLERS[kind].note_refused_change(
            connection, resource_id, body, error.detail, actor
        )
    if isinstance(error.__cause__, ValueTaken) and error.__cause__.conflict is not None:
        conflicts.open_(connection, error.__cause__.conflict, actor)
    _record(connection, actor, target, method, path, error)


def _record(
    connection: Connection,
    actor: Actor,
    target: Target | None,
    method: str,
    path: str,
    error: ScimError,
) -> None:
    counted_events.record(
        connection,
        actor,
        Event.SCIM_REFUSED,
        target,
        about=f"{method} {path} {error.status} {error.detail}",
        method=method,
        path=path[:200],
        status=error.status,
        reason=error.detail,
    )
