"""A reference for PATCH: RFC 7644, 3.5.2, and the deviations of Entra ID.

It works on plain JSON, one operation after the other, and shares with the product only
the parsing of paths.  In addition to the RFC, it accepts: ``op`` in any case; instead
of a path an object whose keys are paths; strings for booleans; "" and null to clear;
one value for a list of one, and the reverse; a string for an object with that
``value``; and a remove with a list of values, even an empty one.  A filter by type or
primary alone that matches nothing adds the value it describes, unless another value is
primary already.  A cleared ``active`` is false.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from oracle import Kind, Oracle, entry_fits

from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.filters.ast import And, Comparison, Tree
from netpresenter_next.scim.filters.parser import parse_path

READ_ONLY = {"id", "meta", "groups", "schemas"}
READ_ONLY_PARTS = {("manager", "displayName"), ("manager", "$ref")}
NOTHING = (None, "")
NO_VALUE = object()  # stands for the value of an operation without one


class Refused(Exception):
    """The request is invalid; the argument is the scimType."""


@dataclass
class State:
    """The attributes of one resource that clients may write."""

    document: dict[str, Any]
    members: set[str] = field(default_factory=set)
    # Whether members were added or removed, even if that was undone afterwards.
    moved: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Step:
    """One change of one attribute."""

    op: str
    kind: Kind
    part: Kind | None
    condition: Tree | None
    value: Any


@dataclass(frozen=True)
class Reference:
    """Applies operations to resources of one type; ``known`` ids may become members."""

    oracle: Oracle
    required: str
    known: frozenset[str] = frozenset()

    def patch(self, before: State, operations: Sequence[Mapping[str, Any]]) -> State:
        """Return the state after all operations; raises Refused."""
        state = deepcopy(before)
        for each in operations:
            _check_form(each)
        for each in operations:
            for step in self._steps(each):
                self._apply(state, step)
        state.document = self._tidy(state.document)
        if any(each.name == "active" for each in self.oracle.kinds):
            state.document.setdefault("active", False)
        if not str(state.document.get(self.required, "")).strip():
            raise Refused("invalidValue")
        return state

    # --------------------------------------------------------- reading operations
    def _steps(self, operation: Mapping[str, Any]) -> Iterator[Step]:
        op, value = operation["op"].lower(), operation.get("value", NO_VALUE)
        path = operation.get("path")
        if not path:
            yield from self._steps_of_object(op, value)
        elif path.lower() in self._urns:
            if op == "remove":
                raise Refused("unforeseen")
            yield from self._steps_of_object(op, {path: value})
        else:
            yield from self._steps_at(op, path, value, named=True)

    @property
    def _urns(self) -> set[str]:
        extensions = {each.urn.lower() for each in self.oracle.kinds if each.urn}
        return {self.oracle.urn.lower(), *extensions}

    def _steps_of_object(self, op: str, value: Mapping[str, Any]) -> Iterator[Step]:
        for key, each in value.items():
            if key.lower() in self._urns and isinstance(each, dict):
                for name, inner in each.items():
                    yield from self._steps_at(op, f"{key}:{name}", inner, named=False)
            else:
                yield from self._steps_at(op, key, each, named=False)

    def _steps_at(
        self, op: str, text: str, value: Any, *, named: bool
    ) -> Iterator[Step]:
        """Parse a path; ignore unknown ones, and read-only ones in an object."""
        try:
            path = parse_path(text)
        except ScimError:
            return
        try:
            kind = self.oracle.kind(path.path)
            names = [each for each in (path.path.part, path.part) if each]
            part = kind.part(names[0]) if names else None
        except StopIteration:
            return
        part_name = part.name if part else ""
        if kind.name in READ_ONLY or (kind.name, part_name) in READ_ONLY_PARTS:
            if named:
                raise Refused("mutability")
            return
        if path.condition is not None and not kind.many:
            raise Refused("invalidPath")
        yield Step(op, kind, part, path.condition, value)

    # ----------------------------------------------------------------- applying steps
    def _apply(self, state: State, step: Step) -> None:
        if step.kind.name == "members":
            before = set(state.members)
            self._apply_to_members(state, step)
            state.moved |= state.members != before
            if not state.members <= self.known | before:
                raise Refused("invalidValue")
            return
        place = state.document
        if step.kind.urn:
            place = place.setdefault(step.kind.urn, {})
        if step.kind.many:
            name = step.kind.name
            place[name] = _change_entries(step, place.get(name, []))
        elif step.part:
            holder = place.setdefault(step.kind.name, {})
            _change_one(holder, step.part, step.op, step.value)
        else:
            _change_one(place, step.kind, step.op, step.value)

    def _apply_to_members(self, state: State, step: Step) -> None:
        if step.condition is not None:
            assert isinstance(step.condition, Comparison)
            state.members.discard(str(step.condition.literal))
            return
        if step.value is NO_VALUE:
            state.members = set()
            return
        values = step.value if isinstance(step.value, list) else [step.value]
        ids = {
            each["value"] if isinstance(each, dict) else each
            for each in values
            if each not in NOTHING
        }
        if step.op == "add":
            state.members |= ids
        elif step.op == "replace":
            state.members = ids
        else:
            state.members -= ids

    # -------------------------------------------------------------------- the result
    def _tidy(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out empty values."""
        tidy: dict[str, Any] = {}
        for name, value in document.items():
            kept = self._tidy(value) if name.lower() in self._urns else value
            if isinstance(kept, list):
                kept = [
                    each
                    for each in kept
                    if not isinstance(each, dict) or set(each) - {"type", "primary"}
                ]
            if kept not in ({}, []):
                tidy[name] = kept
        return tidy


def _check_form(operation: Mapping[str, Any]) -> None:
    """Refuse operations that are invalid for every resource."""
    path = operation.get("path")
    if path:
        try:
            parse_path(path)
        except ScimError as error:
            raise Refused("invalidPath") from error
    elif operation["op"].lower() == "remove":
        raise Refused("noTarget")
    elif not isinstance(operation.get("value"), dict):
        raise Refused("invalidValue")


def clean(kind: Kind, value: Any) -> Any:
    """Return one value as it is stored; None if it is empty."""
    if value in NOTHING:
        return None
    if kind.type == "boolean":
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.lower(), value)
        return _checked(value, isinstance(value, bool))
    if kind.type == "number":
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        return _checked(value, isinstance(value, int) and value is not True)
    if kind.type == "complex":
        if isinstance(value, str) and "value" in kind.parts:
            value = {"value": value}
        return _clean_parts(kind, _checked(value, isinstance(value, dict)))
    if kind.type == "binary":
        base64.b64decode(_checked(value, isinstance(value, str)))
    return _checked(value, isinstance(value, str))


def unwrap(value: Any) -> Any:
    """Return the only value of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _checked(value: Any, is_right: bool) -> Any:
    if not is_right:
        raise Refused("invalidValue")
    return value


def _clean_parts(kind: Kind, value: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, each in value.items():
        part = next(
            (p for p in kind.parts.values() if p.name.lower() == name.lower()), None
        )
        if part is None or (kind.name, part.name) in READ_ONLY_PARTS:
            continue
        cleaned = clean(part, each)
        if cleaned is not None:
            found[part.name] = cleaned
    return found


def _clean_many(kind: Kind, value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    one = Kind(kind.name, kind.type, kind.exact, parts=kind.parts, urn=kind.urn)
    cleaned = [clean(one, each) for each in values]
    return [each for each in cleaned if each is not None and each != {}]


def _change_one(place: dict[str, Any], kind: Kind, op: str, value: Any) -> None:
    value = unwrap(value)
    cleaned = None if op == "remove" else clean(kind, value)
    if cleaned is None:
        place.pop(kind.name, None)
    elif kind.type != "complex":
        place[kind.name] = cleaned
    else:
        holder = place.setdefault(kind.name, {})
        holder.update(cleaned)
        for name, each in value.items() if isinstance(value, dict) else ():
            if each in NOTHING:
                for part in kind.parts.values():
                    if part.name.lower() == name.lower():
                        holder.pop(part.name, None)


# -------------------------------------------------------- multi-valued attributes
def _change_entries(step: Step, before: list[Any]) -> list[Any]:
    """Change the values; the last one that was set as primary stays primary."""
    old = deepcopy(before)
    after = _entries_after(step, old)
    primary = [it for it in after if isinstance(it, dict) and it.get("primary")]
    fresh = [each for each in primary if not any(each is it for it in old)]
    if fresh and len(primary) > 1:
        for each in primary:
            if each is not fresh[-1]:
                each["primary"] = False
    return after


def _entries_after(step: Step, entries: list[Any]) -> list[Any]:
    if step.condition is not None:
        return _apply_filtered(step, step.condition, entries)
    if step.part is not None:
        entries = [dict(each) for each in entries or [{}]]
        for each in entries:
            _change_one(each, step.part, step.op, step.value)
        return [each for each in entries if each]
    if step.op == "add":
        return entries + [
            each for each in _clean_many(step.kind, step.value) if each not in entries
        ]
    if step.op == "replace":
        return _clean_many(step.kind, step.value)
    if step.value is NO_VALUE:
        return []
    unwanted = _clean_many(step.kind, step.value)
    return [each for each in entries if not any(_matches(u, each) for u in unwanted)]


def _matches(wanted: Any, entry: Any) -> bool:
    """Does the entry have everything that is wanted?"""
    if not isinstance(wanted, dict):
        return bool(wanted == entry)
    return wanted.items() <= entry.items()


def _apply_filtered(step: Step, condition: Tree, entries: list[Any]) -> list[Any]:
    found = [each for each in entries if entry_fits(condition, step.kind, each)]
    rest = [each for each in entries if not entry_fits(condition, step.kind, each)]
    clears = step.op == "replace" and step.value in NOTHING
    if step.part is None and (step.op == "remove" or clears):
        return rest
    if not found:
        return entries + _make_entry(step, condition, entries)
    result = []
    for each in entries:
        if entry_fits(condition, step.kind, each):
            each = _change_entry(step, condition, each)
        result.append(each)
    return result


def _change_entry(step: Step, condition: Tree, entry: Any) -> Any:
    if step.part is not None:
        changed = dict(entry)
        _change_one(changed, step.part, step.op, step.value)
        return changed
    values = _clean_many(step.kind, step.value)
    if not values:
        return entry
    if not isinstance(entry, dict):
        return values[0]
    kept = entry if step.op == "add" else described_entry(condition, step.kind) or {}
    return {**kept, **values[0]}


def _make_entry(step: Step, condition: Tree, entries: list[Any]) -> list[Any]:
    if step.op == "remove" or step.value in NOTHING:
        return []
    start = described_entry(condition, step.kind)
    if start is None or not set(start) <= {"type", "primary"}:
        raise Refused("noTarget")
    if start.get("primary") and any(each.get("primary") for each in entries):
        raise Refused("noTarget")
    if step.part is not None:
        made = {**start, step.part.name: clean(step.part, unwrap(step.value))}
    else:
        made = {**start, **_clean_many(step.kind, step.value)[0]}
    if not entry_fits(condition, step.kind, made):
        raise Refused("noTarget")
    return [made]


def described_entry(tree: Tree, kind: Kind) -> dict[str, Any] | None:
    """Return the entry that ``part eq literal and ...`` describes."""
    entry = {}
    for each in tree.terms if isinstance(tree, And) else (tree,):
        if not isinstance(each, Comparison) or each.operator != "eq":
            return None
        if each.literal not in NOTHING:  # empty values are never stored
            entry[kind.part(each.path.name).name] = each.literal
    return entry
