"""Bulk requests (RFC 7644, 3.7): many changes in one request, each independent.

Every POST gets its id before any operation runs, so each ``bulkId:`` reference can be
replaced by an id, circular references included.  An operation runs after those that it
refers to.  A failed operation is rolled back alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from netpresenter_next.scim.errors import (
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    ScimError,
    TooLarge,
    Unauthorized,
)
from netpresenter_next.scim.paths import normalize_endpoint
from netpresenter_next.storage.ids import new_id

RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
MOST_OPERATIONS = 1_000
LARGEST_PAYLOAD = 1024 * 1024
METHODS = ("POST", "PUT", "PATCH", "DELETE")
# A whole string, the last segment of a path or URI, or a literal in a path's filter.
_REFERENCE = re.compile(r'(?:(?<=/)|(?<=")|\A)bulkId:([^/\s"]+)(?=\Z|")')
_PATH = re.compile(r"/(Users|Groups)(?:/([^/?]+))?", re.IGNORECASE)


@dataclass(frozen=True)
class BulkOperation:
    """One operation of a bulk request, as it was sent."""

    method: str
    endpoint: str
    resource_id: str | None
    data: Mapping[str, Any]
    version: str | None
    bulk_id: str | None

    @property
    def path(self) -> str:
        """Return the path of the resource or endpoint."""
        return f"/{self.endpoint}/{self.resource_id or ''}".rstrip("/")


@dataclass(frozen=True)
class Outcome:
    """The result of one operation."""

    status: int
    location: str | None = None
    version: str | None = None
    error: ScimError | None = None


Perform = Callable[[BulkOperation, str], Outcome]
NoteFailure = Callable[[BulkOperation, ScimError], None]


def read_bulk_request(body: Mapping[str, Any]) -> tuple[list[BulkOperation], int]:
    """Read a bulk request; return its operations and ``failOnErrors`` (0: no limit).

    Raises InvalidSyntax, InvalidValue, InvalidPath, TooLarge.
    """
    fields = {key.lower(): value for key, value in body.items()}
    operations = fields.get("operations")
    if not isinstance(operations, list):
        raise InvalidSyntax("A bulk request needs a list Operations.")
    if len(operations) > MOST_OPERATIONS:
        raise TooLarge(f"A bulk request has at most {MOST_OPERATIONS} operations.")
    limit = fields.get("failonerrors", 0)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
        raise InvalidValue("failOnErrors must be a whole number.")
    read_ones = [_read_operation(each) for each in operations]
    bulk_ids = [each.bulk_id for each in read_ones if each.bulk_id]
    if len(bulk_ids) != len(set(bulk_ids)):
        raise InvalidValue("A bulkId occurs twice.")
    return read_ones, limit


def _read_operation(entry: Any) -> BulkOperation:
    if not isinstance(entry, dict):
        raise InvalidSyntax("Each of the Operations must be an object.")
    fields = {key.lower(): value for key, value in entry.items()}
    method = str(fields.get("method", "")).upper()
    path, data = fields.get("path"), fields.get("data", {})
    bulk_id, version = fields.get("bulkid"), fields.get("version")
    match = _PATH.fullmatch(path) if isinstance(path, str) else None
    if method not in METHODS:
        raise InvalidSyntax(f"method must be one of {', '.join(METHODS)}.")
    if match is None or (match[2] is None) != (method == "POST"):
        raise InvalidPath(f"The path of a {method} must name a resource or endpoint.")
    if method == "POST" and not (isinstance(bulk_id, str) and bulk_id):
        raise InvalidSyntax("A POST needs a bulkId.")
    if not isinstance(data, dict) or not isinstance(version, str | None):
        raise InvalidSyntax("data must be an object, and version a string.")
    bulk_id = bulk_id if isinstance(bulk_id, str) else None
    endpoint = normalize_endpoint(match[1])
    return BulkOperation(method, endpoint, match[2], data, version, bulk_id)


def run(
    operations: Sequence[BulkOperation],
    fail_on_errors: int,
    perform: Perform,
    note_failure: NoteFailure,
    base: str,
) -> list[dict[str, Any]]:
    """Perform the operations and return the Operations of the response.

    Operations that others refer to are performed first.  ``perform`` gets an operation
    with all references replaced, and the id for the new resource of a POST.  On a
    failure it rolls back and raises a ScimError, which is passed to ``note_failure``.
    After an Unauthorized, no more operations are performed, and all of them get that
    error.  ``base`` is the root URI of the service.
    """
    ids = {each.bulk_id: new_id() for each in operations if each.method == "POST"}
    failed: set[str] = set()
    described: dict[int, dict[str, Any]] = {}
    end: Outcome | None = None
    resolve = partial(_resolve_bulk_id, ids, failed)
    for number in _order_by_reference(operations):
        operation, outcome = operations[number], end
        if outcome is None:
            operation, outcome = _perform(operation, ids, resolve, perform)
        described[number] = _describe(operation, outcome, base)
        if outcome.error is not None:
            if isinstance(outcome.error, Unauthorized):
                end = outcome
            else:
                note_failure(operation, outcome.error)
            failed.add(operation.bulk_id or "")
            errors = sum("response" in each for each in described.values())
            if fail_on_errors and errors >= fail_on_errors:
                break
    return [described[number] for number in sorted(described)]


def _perform(
    operation: BulkOperation,
    ids: Mapping[str | None, str],
    resolve: Callable[[str], str],
    perform: Perform,
) -> tuple[BulkOperation, Outcome]:
    """Perform one operation; return it with the id that its path refers to."""
    try:
        # The path first: the resource is then known even if the data are invalid.
        resource_id = _replace(operation.resource_id, resolve)
        operation = replace(operation, resource_id=resource_id)
        whole = replace(operation, data=_replace(operation.data, resolve))
        return operation, perform(whole, ids.get(operation.bulk_id, ""))
    except ScimError as error:
        return operation, Outcome(error.status, error=error)


def _resolve_bulk_id(
    ids: Mapping[str | None, str], failed: set[str], bulk_id: str
) -> str:
    """Return the id for a bulkId; raises InvalidValue if it is unknown or failed."""
    if bulk_id in failed or bulk_id not in ids:
        raise InvalidValue(f"bulkId:{bulk_id} was not created.")
    return ids[bulk_id]


def _order_by_reference(operations: Sequence[BulkOperation]) -> list[int]:
    """Return the order of execution: an operation comes after those it refers to.

    Otherwise the order of the request is kept.  A circular reference is cut where it
    is entered; the references work nevertheless, because all ids are known.
    """
    makers = {
        operation.bulk_id: number
        for number, operation in enumerate(operations)
        if operation.method == "POST"
    }
    needs = [
        [makers[each] for each in sorted(_find_references(operation)) if each in makers]
        for operation in operations
    ]
    order: list[int] = []
    entered: set[int] = set()
    for start in range(len(operations)):
        waiting = [start]  # a stack: recursion would be too deep for long chains
        while waiting:
            number = waiting[-1]
            missing = [each for each in needs[number] if each not in entered]
            if number not in entered and missing:
                entered.add(number)
                waiting += reversed(missing)
                continue
            entered.add(number)
            waiting.pop()
            if number not in order:
                order.append(number)
    return order


def _find_references(operation: BulkOperation) -> set[str]:
    found: set[str] = set()
    _replace([operation.resource_id, operation.data], found.add)
    return found


def _replace(value: Any, resolve: Callable[[str], Any]) -> Any:
    """Replace every ``bulkId:x`` in the strings of a value by ``resolve("x")``."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: str(resolve(match[1])), value)
    if isinstance(value, list):
        return [_replace(each, resolve) for each in value]
    if isinstance(value, dict):
        return {key: _replace(each, resolve) for key, each in value.items()}
    return value


def _describe(operation: BulkOperation, outcome: Outcome, base: str) -> dict[str, Any]:
    description: dict[str, Any] = {
        "method": operation.method,
        "status": str(outcome.status),
    }
    if operation.bulk_id:
        description["bulkId"] = operation.bulk_id
    if outcome.location or operation.method != "POST":
        description["location"] = outcome.location or base + operation.path
    if outcome.version:
        description["version"] = outcome.version
    if outcome.error:
        description["response"] = outcome.error.to_document()
    return description
