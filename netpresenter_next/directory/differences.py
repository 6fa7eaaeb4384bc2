"""What differs between two documents, as the event log stores it."""

from collections.abc import Iterator, Mapping
from typing import Any


def find_differences(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = ""
) -> list[dict[str, Any]]:
    """Return ``{attribute, old, new}`` for every attribute in which documents differ.

    Complex attributes are compared by sub-attribute, lists as a whole; ``old`` or
    ``new`` is left out if there is no such value.  Documents hold no secrets, so
    neither does the result.
    """
    return list(_compare(old, new, prefix))


def _compare(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str
) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        path = f"{prefix}{name}"
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(before, after, path + _separator_after(name))
            continue
        row = {"attribute": path}
        if before is not None:
            row["old"] = before
        if after is not None:
            row["new"] = after
        yield row


def _separator_after(name: str) -> str:
    return ":" if ":" in name else "."
