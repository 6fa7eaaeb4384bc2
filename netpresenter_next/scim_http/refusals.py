"""The log entries of refused SCIM requests: their cause, and whom they were about."""

import contextlib
import re
from dataclasses import replace
from datetime import datetime

from flask import request
from sqlalchemy import Connection

from netpresenter_next.directory import (
    conflicts,
    counted_events,
    errors,
    events,
    former_resources,
    former_tokens,
)
from netpresenter_next.directory.events import SCIM, Actor, Event, Target
from netpresenter_next.directory.former_resources import Former
from netpresenter_next.directory.scim_requests import ScimRequest
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib import strict_json
from netpresenter_next.lib.timestamps import format_day, write_timestamp
from netpresenter_next.scim.errors import RequiredMissing, ScimError, Unauthorized
from netpresenter_next.scim.handlers.by_type import HANDLERS
from netpresenter_next.scim.resources.intentions import read_name
from netpresenter_next.scim_http import bearer, context
from netpresenter_next.scim_http.client import IntegrationDisabled
from netpresenter_next.storage import database
from netpresenter_next.storage.write_lock import BUSY_SECONDS
from netpresenter_next.web import rate_limits
from netpresenter_next.web.networks import network_of

READ_METHODS = {"GET", "HEAD"}
# The longest wait, in seconds, for the write lock to record a refused request.
SHORT_TIMEOUT = 0.1
_RESOURCE = re.compile(r"/(Users|Groups)(?:/([^/]+))?$")
# Causes that the entry names more exactly than by the ``scimType`` or the status.
LOCAL_ACCOUNT, REQUIRED = "local_account", "required"
LAST_ADMINISTRATOR, SWITCHED_OFF = "last_administrator", "switched_off"


def record_rejected_token(*, is_former: bool) -> None:
    """Record why a token was refused, in a bounded number of rows.

    Strangers cannot keep the refusal of a former token from being recorded.
    """
    address, secret = request.remote_addr or "", bearer.read_token()
    limit = rate_limits.FORMER_TOKENS if is_former else rate_limits.STRANGERS
    unrecorded = rate_limits.count_event(limit)
    if unrecorded is None:
        return
    try:
        with database.write(SHORT_TIMEOUT) as connection:
            problem = former_tokens.note_refusal(connection, secret)
            ended_at, target = problem.ended_at, problem.target
            about = (network_of(address), problem.code, problem.length, target)
            counted_events.record(
                connection,
                Actor(SCIM, "", address, id=target.id if target else None),
                Event.FORMER_TOKEN_REFUSED if target else Event.TOKEN_REFUSED,
                target,
                about=repr(about),
                unrecorded=unrecorded,
                status=Unauthorized.status,
                reason=problem.code,
                length=problem.length,
                ended=_write_minute(ended_at),
            )
    except database.WRITE_FAILURES:
        rate_limits.add_unrecorded_events(unrecorded + 1, limit)
        return
    if target is not None:
        context.current().uses.note_refusal()


def _write_minute(at: datetime | None) -> str | None:
    return f"{format_day(at)}, {at:%H:%M} UTC" if at is not None else None


def record_one(actor: Actor, error: ScimError) -> None:
    """Record a refused request, in a short transaction of its own."""
    error.request_id = actor.request_id
    # A change waits for the write lock anyway; a read should not be delayed by it.
    timeout = SHORT_TIMEOUT if request.method in READ_METHODS else BUSY_SECONDS
    with (
        contextlib.suppress(*database.WRITE_FAILURES),
        database.write(timeout) as connection,
    ):
        body = _read_body_of_change()
        note(connection, actor, request.method, request.path, error, body)


def _read_body_of_change() -> object:
    """Return the body of a refused change, or None if it is not valid JSON."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return None
    try:
        return strict_json.loads(request.get_data())
    except strict_json.InvalidJson:
        return None


def note(
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
    # The entries until the refusal were rolled back.
    arrived = actor.request or ScimRequest()
    actor = replace(actor, request=ScimRequest(arrived.started))
    match = _RESOURCE.search(path)
    target, former = None, None
    if match:
        kind, resource_id = match[1].removesuffix("s"), match[2] and match[2][:100]
        target, former = _find_target(connection, kind, resource_id, body)
        if resource_id:
            HANDLERS[kind].note_refused_change(
                connection, resource_id, body, error.detail, actor
            )
    if isinstance(error.__cause__, ValueTaken) and error.__cause__.conflict is not None:
        conflicts.open_(connection, error.__cause__.conflict, actor)
    events.end_request(connection, actor, error.status)
    deleted_at = former.deleted_at if former else None
    _write(connection, actor, target, deleted_at, method, path, error)


def _find_target(
    connection: Connection, kind: str, resource_id: str | None, body: object
) -> tuple[Target | None, Former | None]:
    """Return whom a refused request was about; for a creation, by the name sent.

    Of somebody who was deleted, also returns what is known of that.
    """
    handler = HANDLERS[kind]
    if resource_id is None:
        name = read_name(body, handler.naming)
        return (Target(kind, None, name) if name else None), None
    if name := handler.find_name(connection, resource_id):
        return Target(kind, resource_id, name), None
    former = former_resources.find(connection, kind, resource_id)
    name = former.name if former else None
    return Target(kind, resource_id, name or resource_id), former


def _write(
    connection: Connection,
    actor: Actor,
    target: Target | None,
    deleted_at: datetime | None,
    method: str,
    path: str,
    error: ScimError,
) -> None:
    name = target.name if target else ""
    counted_events.record(
        connection,
        actor,
        Event.SCIM_REFUSED,
        target,
        about=f"{method} {path} {name} {error.status} {error.detail}",
        status=error.status,
        method=method,
        path=path[:200],
        reason=error.detail,
        cause=_name_cause(error),
        deleted_at=write_timestamp(deleted_at),
    )


def _name_cause(error: ScimError) -> str:
    """Return by which the page finds what to do about a refusal."""
    cause = error.__cause__
    if isinstance(cause, ValueTaken) and cause.conflict is not None:
        return LOCAL_ACCOUNT
    if isinstance(cause, errors.LastAdministrator):
        return LAST_ADMINISTRATOR
    if isinstance(error, RequiredMissing):
        return REQUIRED
    if isinstance(error, IntegrationDisabled):
        return SWITCHED_OFF
    return error.scim_type or str(error.status)
