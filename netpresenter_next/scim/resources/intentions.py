"""What a SCIM request was meant to do, also where it is refused.

Reads more than the service takes: who is to be shut out must be heard however badly
the rest is said.  Nothing here raises, whatever the request holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netpresenter_next.schema.tables import USER_SCHEMA
from netpresenter_next.scim.filters.ast import PatchPath
from netpresenter_next.scim.resources.patch import Operation

_WHOLE = {"", USER_SCHEMA.lower()}
_ACTIVE = {"active", f"{USER_SCHEMA.lower()}:active"}
_FALSE = {"", "false", "0"}


def wants_disabled(request: object) -> bool:
    """Does a request ask to disable the person?

    ``request`` is a body of a PUT or PATCH as it was sent, or a list of operations,
    read or as they were sent.  What is said last of ``active`` counts.
    """
    said = list(_said_in(request))
    return bool(said) and _is_false(said[-1])


def _said_in(request: object) -> Iterator[Any]:
    """Yield every value that a request gives ``active``, None for a removal."""
    operations: object = request
    if isinstance(request, Mapping):
        yield from _said_of_active("", request)
        operations = _lower(request).get("operations")
    if isinstance(operations, Sequence) and not isinstance(operations, str | bytes):
        for each in operations:
            op, path, value = _parts(each)
            removes = isinstance(op, str) and op.lower() == "remove"
            yield from _said_of_active(path, None if removes else value)


def _parts(operation: object) -> tuple[object, str, object]:
    """Return op, path and value of an operation, without the filter of the path."""
    if isinstance(operation, Operation):
        read = operation.path
        name = str(read.path) if isinstance(read, PatchPath) else ""
        return operation.op, name, operation.value
    fields = _lower(operation) if isinstance(operation, Mapping) else {}
    path = fields.get("path")
    text = path if isinstance(path, str) else ""
    return fields.get("op"), text.partition("[")[0], fields.get("value")


def _said_of_active(path: str, value: object) -> Iterator[Any]:
    """Walk an object, in order, without a limit to how deep it is."""
    pending = [(path, value)]
    while pending:
        path, value = pending.pop()
        name = path.strip().lower()
        if name in _ACTIVE:
            yield value
        elif name in _WHOLE and isinstance(value, Mapping):
            pending += reversed(_lower(value).items())


def _lower(fields: Mapping[Any, Any]) -> dict[str, Any]:
    return {key.lower(): each for key, each in fields.items() if isinstance(key, str)}


def _is_false(value: object) -> bool:
    """Is it false in any spelling?  Old clients wrap it: ``[{"value": "False"}]``."""
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = _lower(value).get("value", True)
    if isinstance(value, str):
        return value.strip().lower() in _FALSE
    return value is None or (isinstance(value, int | float) and value == 0)
