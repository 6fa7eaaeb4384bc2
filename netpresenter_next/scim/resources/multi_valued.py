"""PATCH of multi-valued attributes (RFC 7644, 3.5.2).

For Entra ID, it differs from the RFC in two ways: a filter by ``type`` or ``primary``
that matches no value creates the value that it describes, and a remove operation may
list the values to remove.
"""

import json
from dataclasses import dataclass
from typing import Any

from netpresenter_next.schema.characteristics import Attribute
from netpresenter_next.scim.errors import NoTarget
from netpresenter_next.scim.filters.ast import Tree
from netpresenter_next.scim.filters.in_memory import entry_of_filter, matches
from netpresenter_next.scim.values import (
    ABSENT,
    LABELS,
    check_count,
    clean,
    clean_entry,
)

Entries = list[Any]


@dataclass(frozen=True)
class EntriesChange:
    """One operation on ``attribute[condition].part``."""

    attribute: Attribute
    part: Attribute | None
    condition: Tree | None
    op: str
    value: Any
    # The names of unknown attributes in the value are added here.
    ignored: list[str]

    def apply(self, before: Entries) -> Entries:
        """Return the values after the operation.

        Raises InvalidValue, InvalidFilter, NoTarget.
        """
        entries = list(before)  # entries are replaced, never changed in place
        if self.condition is not None:
            entries = self._change_matching(entries, self.condition)
        elif self.part is not None:
            entries = self._change_part_of_all(entries, self.part)
        elif self.op == "remove":
            entries = self._remove(entries)
        else:
            fresh = clean(self.attribute, self.value, self.ignored) or []
            kept = entries if self.op == "add" else []
            present = {_comparison_key(each) for each in kept}
            entries = kept + [
                each for each in fresh if _comparison_key(each) not in present
            ]
        check_count(self.attribute, entries)
        return _with_one_primary(entries, before)

    def _change_matching(self, entries: Entries, condition: Tree) -> Entries:
        matches(condition, self.attribute, {})  # raises even if there are no entries
        chosen = [matches(condition, self.attribute, entry) for entry in entries]
        pairs = list(zip(entries, chosen, strict=True))
        clears = self.op == "replace" and self.value in (None, "")
        if self.part is None and (self.op == "remove" or clears):
            return [entry for entry, is_chosen in pairs if not is_chosen]
        if not any(chosen):
            return entries + self._create_from(condition, entries)
        return [
            self._change_entry(entry, condition) if is_chosen else entry
            for entry, is_chosen in pairs
        ]

    def _change_entry(self, entry: Any, condition: Tree) -> Any:
        if self.part is not None:
            return self._set_part(entry, self.part)
        value = clean_entry(self.attribute, self.value, self.ignored)
        if not isinstance(value, dict):
            return entry if value is None else value
        described = entry_of_filter(condition, self.attribute) or {}
        return {**(entry if self.op == "add" else described), **value}

    def _create_from(self, condition: Tree, entries: Entries) -> Entries:
        """Create the value that a filter describes if no value matches it.

        RFC 7644, 3.5.2.3 requires noTarget.  Entra ID expects a new value if the filter
        has only ``type`` and ``primary``.  NoTarget is raised otherwise, and where the
        new value would take ``primary`` from another one.
        """
        value = None
        if self.op != "remove":
            wanted = self.part or self.attribute
            value = clean_entry(wanted, self.value, self.ignored)
        if value is None:
            return []
        described = entry_of_filter(condition, self.attribute)
        is_kind = described is not None and set(described) <= LABELS
        if described is None or not is_kind or not self.attribute.is_complex:
            raise self._make_no_target(condition)
        made = {**described, **({self.part.name: value} if self.part else value)}
        takes_primary = _is_primary(described) and any(map(_is_primary, entries))
        if takes_primary or not matches(condition, self.attribute, made):
            raise self._make_no_target(condition)
        return [made]

    def _make_no_target(self, condition: Tree) -> NoTarget:
        return NoTarget(f"No value of {self.attribute.name} fits [{condition}].")

    def _change_part_of_all(self, entries: Entries, part: Attribute) -> Entries:
        """Change a path such as ``emails.value`` in all values, or in a new one."""
        changed = [self._set_part(entry, part) for entry in entries or [{}]]
        return [entry for entry in changed if entry]

    def _set_part(self, entry: Any, part: Attribute) -> dict[str, Any]:
        value = None
        if self.op != "remove":
            value = clean(part, self.value, self.ignored)
        others = {name: each for name, each in entry.items() if name != part.name}
        return others if value is None else {**others, part.name: value}

    def _remove(self, entries: Entries) -> Entries:
        """Remove all values or, if the operation has a value, those that it lists.

        null, "" and an empty list remove nothing.
        """
        if self.value is ABSENT:
            return []
        unwanted = clean(self.attribute, self.value, self.ignored) or []
        return [
            entry
            for entry in entries
            if not any(_covers(each, entry) for each in unwanted)
        ]


def _covers(wanted: Any, entry: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == entry)
    return all(entry.get(name) == value for name, value in wanted.items())


def _comparison_key(entry: Any) -> str:
    """Return a string that is the same for equal values."""
    return json.dumps(entry, sort_keys=True)


def _with_one_primary(entries: Entries, before: Entries) -> Entries:
    """Let a new primary value be the only one (RFC 7644, 3.5.2)."""
    old = {id(entry) for entry in before}
    fresh = [entry for entry in entries if _is_primary(entry) and id(entry) not in old]
    if not fresh:
        return entries
    return [
        {**entry, "primary": False}
        if _is_primary(entry) and entry is not fresh[-1]
        else entry
        for entry in entries
    ]


def _is_primary(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("primary") is True
