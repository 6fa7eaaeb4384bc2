"""A stored SCIM resource as lines to show: attribute paths and values."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def flatten(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and value of each attribute, with paths as in Entra's mappings."""
    for name, value in document.items():
        if name == "schemas":
            continue
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{path}:" if ":" in name else f"{path}.")
        elif isinstance(value, list):
            yield from _flatten_list(path, value)
        else:
            yield path, as_text(value)


def _flatten_list(path: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    for value in values:
        if not isinstance(value, Mapping):
            yield path, as_text(value)
            continue
        parts = {name: part for name, part in value.items() if name != "type"}
        kind = f'[type eq "{value["type"]}"]' if "type" in value else ""
        if parts.get("primary") is False:
            del parts["primary"]
        yield from flatten(parts, f"{path}{kind}.")


def as_text(value: Any) -> str:
    """Return a simple value as text, true and false as in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def list_names(paths: Iterable[str]) -> str:
    """List attribute paths without the URNs of their schemas, for a sentence."""
    return ", ".join(map(_shorten, paths))


def _shorten(path: str) -> str:
    name, bracket, rest = path.partition("[")
    return name.rpartition(":")[2] + bracket + rest
