"""Patterns for answers: JSON in which some objects are operators.

An object matches one that has at least its attributes, a list matches one of the
same length, item by item, any other value only itself; and

- ``{"$absent": true}`` matches an attribute that is not there,
- ``{"$matches": "^W/"}`` text in which the regular expression is found,
- ``{"$not": pattern}`` what does not match,
- ``{"$length": 3}`` a list of that length,
- ``{"$contains": pattern}`` a list with an item that matches,
- ``{"$set": [pattern, ...]}`` a list of these items in any order.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

MISSING = object()


def differences(pattern: Any, value: Any, at: str = "") -> Iterator[str]:
    """Yield a message for each difference between a value and a pattern."""
    operator = _operator(pattern)
    if operator:
        name, wanted = operator
        if not OPERATORS[name](wanted, value):
            yield f"{at or 'it'} is {_shown(value)}, not {name} {_shown(wanted)}"
    elif isinstance(pattern, dict) and isinstance(value, dict):
        for name, wanted in pattern.items():
            yield from differences(wanted, value.get(name, MISSING), f"{at}.{name}")
    elif (
        isinstance(pattern, list)
        and isinstance(value, list)
        and len(pattern) == len(value)
    ):
        for index, wanted in enumerate(pattern):
            yield from differences(wanted, value[index], f"{at}[{index}]")
    elif type(pattern) is not type(value) or pattern != value:
        yield f"{at or 'it'} is {_shown(value)}, not {_shown(pattern)}"


def matches(pattern: Any, value: Any) -> bool:
    """Tell whether a value matches a pattern."""
    return not any(differences(pattern, value))


def _operator(pattern: Any) -> tuple[str, Any] | None:
    if isinstance(pattern, dict) and len(pattern) == 1:
        ((name, wanted),) = pattern.items()
        if name in OPERATORS:
            return name, wanted
    return None


def _shown(value: Any) -> str:
    return "absent" if value is MISSING else repr(value)[:300]


def _is_same_set(wanted: list[Any], value: Any) -> bool:
    rest = list(value) if isinstance(value, list) else None
    if rest is None or len(rest) != len(wanted):
        return False
    for pattern in wanted:
        found = next((item for item in rest if matches(pattern, item)), MISSING)
        if found is MISSING:
            return False
        rest.remove(found)
    return True


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$absent": lambda wanted, value: wanted is True and value is MISSING,
    "$matches": lambda wanted, value: (
        isinstance(value, str) and bool(re.search(wanted, value))
    ),
    "$not": lambda wanted, value: value is not MISSING and not matches(wanted, value),
    "$length": lambda wanted, value: isinstance(value, list) and len(value) == wanted,
    "$contains": lambda wanted, value: (
        isinstance(value, list) and any(matches(wanted, item) for item in value)
    ),
    "$set": _is_same_set,
}
