"""Removing secrets from what the logs show, by the definition of each attribute.

Secrets are not recorded in the first place.  This second check also covers entries of
older versions, and attributes that became secret later.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from re import split
from typing import Any

from netpresenter_next.schema.characteristics import Attribute, Schema

HIDDEN = "(hidden)"
# Attributes of settings and of clients that no table declares.
_ALWAYS = frozenset({"password", "secret", "token"})


def find_secret_names(schemas: Iterable[Schema]) -> frozenset[str]:
    """Return the names, in lower case, of the attributes whose values are secret."""
    attributes = (each for schema in schemas for each in schema.attributes)
    found = (
        each.name.lower()
        for attribute in attributes
        for each in (attribute, *attribute.parts)
        if _is_secret(each)
    )
    return _ALWAYS.union(found)


def _is_secret(attribute: Attribute) -> bool:
    return attribute.is_write_only or attribute.mutability == "writeOnly"


def redact(
    changes: Sequence[Mapping[str, Any]], secret_names: Collection[str]
) -> list[dict[str, Any]]:
    """Return recorded changes without the values of secret attributes."""
    return [
        {
            key: value if key == "attribute" else _redact_value(value, secret_names)
            for key, value in change.items()
        }
        if not _names_secret(str(change.get("attribute", "")), secret_names)
        else {"attribute": change["attribute"], "new": HIDDEN}
        for change in changes
    ]


def _names_secret(path: str, secret_names: Collection[str]) -> bool:
    """Is an attribute in the path secret?  Its parts follow dots, its URN colons."""
    return any(part.lower() in secret_names for part in split(r"[.:\[]", path))


def _redact_value(value: Any, secret_names: Collection[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: HIDDEN
            if _names_secret(str(name), secret_names)
            else _redact_value(each, secret_names)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_redact_value(each, secret_names) for each in value]
    return value
