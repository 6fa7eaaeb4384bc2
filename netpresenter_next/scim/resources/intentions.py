"""What a refused SCIM request wanted: whom it was about, and to disable a person.

It reads ``active`` in more forms than the service accepts, because an administrator
must learn of the attempt even if the request is invalid.  Nothing here raises an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netpresenter_next.schema.tables import USER_SCHEMA
from netpresenter_next.scim.filters.ast import PatchPath
from netpresenter_next.scim.resources.patch import Operation

_WHOLE = {"", USER_SCHEMA.lower()}
_ACTIVE = {"active", f"{USER_SCHEMA.lower()}:active"}
_FALSE = {"", "false", "0"}


def read_name(request: object, attribute: str) -> str | None:
    """Return the text of a naming attribute in the body of a POST or PUT, if any."""
    fields = _lower_keys(request) if isinstance(request, Mapping) else {}
    value = fields.get(attribute.lower())
    return value if isinstance(value, str) else None


def wants_disabled(request: object) -> bool:
    """Does a request ask to disable the person?

    ``request`` is the JSON body of a PUT or PATCH, or a list of operations, as JSON or
    as ``Operation``.  The last value of ``active`` counts.
    """
    values = list(_find_active_values(request))
    return bool(values) and _is_false(values[-1])


def _find_active_values(request: object) -> Iterator[Any]:
    """Yield every value for ``active`` in a request; None for a removal."""
    operations: object = request
    if isinstance(request, Mapping):
        yield from _find_active("", request)
        operations = _lower_keys(request).get("operations")
    if isinstance(operations, Sequence) and not isinstance(operations, str | bytes):
        for each in operations:
            op, path, value = _split_operation(each)
            removes = isinstance(op, str) and op.lower() == "remove"
            yield from _find_active(path, None if removes else value)


def _split_operation(operation: object) -> tuple[object, str, object]:
    """Return op, path (without its filter) and value of an operation."""
    if isinstance(operation, Operation):
        read = operation.path
        name = str(read.path) if isinstance(read, PatchPath) else ""
        return operation.op, name, operation.value
    fields = _lower_keys(operation) if isinstance(operation, Mapping) else {}
    path = fields.get("path")
    text = path if isinstance(path, str) else ""
    return fields.get("op"), text.partition("[")[0], fields.get("value")


def _find_active(path: str, value: object) -> Iterator[Any]:
    """Yield the values for ``active`` in a value, in order; nesting may be deep."""
    pending = [(path, value)]
    while pending:
        path, value = pending.pop()
        name = path.strip().lower()
        if name in _ACTIVE:
            yield value
        elif name in _WHOLE and isinstance(value, Mapping):
            pending += reversed(_lower_keys(value).items())


def _lower_keys(fields: Mapping[Any, Any]) -> dict[str, Any]:
    return {key.lower(): each for key, each in fields.items() if isinstance(key, str)}


def _is_false(value: object) -> bool:
    """Is it false in any form?  Old clients send ``[{"value": "False"}]``."""
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = _lower_keys(value).get("value", True)
    if isinstance(value, str):
        return value.strip().lower() in _FALSE
    return value is None or (isinstance(value, int | float) and value == 0)
