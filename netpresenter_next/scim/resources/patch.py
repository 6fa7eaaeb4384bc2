"""PATCH: reads the operations and applies them to a document (RFC 7644, 3.5.2).

The functions return a new document, so a failed operation has no effect.  What Entra ID
sends beyond the RFC is handled in these places: operation names in any case
(``_read_operation``), paths as keys of a value (``_apply_object``), filters that match
nothing and removal by value (``multi_valued``), members (``members``), short forms and
booleans as strings (``values``).
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from netpresenter_next.schema.characteristics import Attribute, Schema, Target
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import (
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
    ScimError,
)
from netpresenter_next.scim.filters.ast import PatchPath, Tree
from netpresenter_next.scim.filters.parser import parse_path
from netpresenter_next.scim.resources.members import MemberStep, read_member_step
from netpresenter_next.scim.resources.multi_valued import EntriesChange
from netpresenter_next.scim.resources.validation import (
    WRITE_ONLY,
    note_unknown,
    validate_document,
)
from netpresenter_next.scim.values import ABSENT, clean, expand_short_form

MOST_OPERATIONS = 1_000


@dataclass(frozen=True)
class Operation:
    """One operation of a PATCH, with a parsed path; ``value`` may be ABSENT."""

    op: str
    path: PatchPath | None
    value: Any


@dataclass
class Draft:
    """A document that is being changed, with the member steps to apply later.

    ``ignored`` has the names of the unknown attributes.
    """

    resource_type: ResourceType
    document: dict[str, Any]
    member_steps: list[MemberStep] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


# --------------------------------------------------------------------- reading
def read_operations(body: Mapping[str, Any]) -> list[Operation]:
    """Read a PatchOp message (RFC 7644, 3.5.2).

    Raises InvalidSyntax, InvalidPath, InvalidValue, NoTarget.
    """
    operations = next((body[key] for key in body if key.lower() == "operations"), None)
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntax(
            "A PATCH needs a list Operations with at least one operation."
        )
    if len(operations) > MOST_OPERATIONS:
        raise InvalidSyntax(f"More than {MOST_OPERATIONS} operations in one PATCH.")
    return [_read_operation(each) for each in operations]


def _read_operation(body: Any) -> Operation:
    if not isinstance(body, dict):
        raise InvalidSyntax("Each of the Operations must be an object.")
    fields = {key.lower(): value for key, value in body.items()}
    op, path, value = fields.get("op"), fields.get("path"), fields.get("value", ABSENT)
    if not isinstance(op, str) or op.lower() not in ("add", "remove", "replace"):
        raise InvalidSyntax("op must be add, remove or replace.")
    if path is not None and not isinstance(path, str):
        raise InvalidPath("path must be a string.")
    if op.lower() != "remove" and value is ABSENT:
        raise InvalidValue(f"The operation {op.lower()} needs a value.")
    if path:
        return Operation(op.lower(), parse_path(path), value)
    if op.lower() == "remove":
        raise NoTarget("A remove operation needs a path.")
    if not isinstance(value, dict):
        raise InvalidValue("An operation without a path needs an object as value.")
    return Operation(op.lower(), None, value)


# -------------------------------------------------------------------- applying
def apply(
    resource_type: ResourceType,
    document: Mapping[str, Any],
    operations: Sequence[Operation],
) -> Draft:
    """Apply operations in order to a copy of the document.

    Raises a ScimError with the number of the operation.  Required attributes are
    checked after the last operation.
    """
    before = resource_type.keep_declared(document)
    draft = Draft(resource_type, deepcopy(before))
    for number, operation in enumerate(operations, 1):
        try:
            _apply(draft, operation)
        except ScimError as error:
            if len(operations) > 1:
                error.detail = f"Operation {number}: {error.detail}"
            raise
    draft.document = validate_document(resource_type, draft.document, before)
    return draft


def _apply(draft: Draft, operation: Operation) -> None:
    path = operation.path
    if path is None:
        _apply_object(draft, operation.op, operation.value)
        return
    target = draft.resource_type.resolve(path.path)
    if target is None:
        if path.path.name.lower() not in WRITE_ONLY:
            draft.ignored.append(str(path))
    elif target.attribute is not None and target.attribute.is_write_only:
        return
    elif target.attribute is None:
        _apply_schema(draft, operation.op, target, operation.value)
    else:
        part = _find_part(target, target.attribute, path)
        if part is None and path.part is not None:
            draft.ignored.append(str(path))
            return
        if target.attribute.is_read_only or (part is not None and part.is_read_only):
            raise Mutability(f"{target.name} is read-only.")
        _apply_attribute(draft, operation, target, target.attribute, part)


def _find_part(
    target: Target, attribute: Attribute, path: PatchPath
) -> Attribute | None:
    """Return the sub-attribute of a path; None if there is none, or it is unknown."""
    if path.part is None:
        return target.part
    if target.part is not None:
        raise InvalidPath(f"{path} names two sub-attributes.")
    return attribute.find_part(path.part)


def _apply_object(draft: Draft, op: str, value: Mapping[str, Any]) -> None:
    """Apply ``{"displayName": ..., "name.givenName": ..., "urn:...:title": ...}``.

    Each key is parsed as a path.  Read-only and unknown attributes are ignored, because
    clients send ids and whole resources here.
    """
    for key, each in value.items():
        schema = draft.resource_type.schema_of(key)
        if schema is draft.resource_type.schema and isinstance(each, dict):
            _apply_object(draft, op, each)
            continue
        try:
            path = parse_path(key)
            if draft.resource_type.resolve(path.path) is None:
                note_unknown(draft.resource_type, key, draft.ignored)
            else:
                _apply(draft, Operation(op, path, each))
        except InvalidPath:
            draft.ignored.append(key)
        except Mutability:
            continue


def _apply_schema(draft: Draft, op: str, target: Target, value: Any) -> None:
    """Apply an operation on a whole extension, or on the core schema by its URN."""
    if op == "remove":
        if target.extension is None:
            raise NoTarget("A remove operation needs an attribute.")
        draft.document.pop(target.extension.id, None)
        return
    if not isinstance(value, dict):
        raise InvalidValue(f"{target.name or 'The schema'} needs an object as value.")
    prefix = f"{target.extension.id}:" if target.extension else ""
    _apply_object(draft, op, {f"{prefix}{key}": each for key, each in value.items()})


def _apply_attribute(
    draft: Draft,
    operation: Operation,
    target: Target,
    attribute: Attribute,
    part: Attribute | None,
) -> None:
    condition = operation.path.condition if operation.path else None
    value = expand_short_form(
        part or attribute, operation.value, is_entry=condition is not None
    )
    operation = replace(operation, value=value)
    if attribute.related is not None:
        if part is not None:
            raise Mutability(
                "A member cannot be changed: remove it and add another one."
            )
        step = read_member_step(operation.op, condition, operation.value)
        draft.member_steps.append(step)
        return
    container = _find_container(draft.document, target.extension)
    if attribute.multi_valued:
        _change_entries(draft, container, attribute, part, condition, operation)
    elif condition is not None:
        raise InvalidPath(f"{attribute.name} has a single value: leave out the filter.")
    elif part is not None:
        holder = container.setdefault(attribute.name, {})
        _change_one(draft, holder, part, operation)
    else:
        _change_one(draft, container, attribute, operation)


def _find_container(
    document: dict[str, Any], extension: Schema | None
) -> dict[str, Any]:
    """Return the object with the attribute: the document, or an extension in it."""
    if extension is None:
        return document
    container: dict[str, Any] = document.setdefault(extension.id, {})
    return container


def _change_entries(
    draft: Draft,
    container: dict[str, Any],
    attribute: Attribute,
    part: Attribute | None,
    condition: Tree | None,
    operation: Operation,
) -> None:
    change = EntriesChange(
        attribute, part, condition, operation.op, operation.value, draft.ignored
    )
    try:
        container[attribute.name] = change.apply(container.get(attribute.name, []))
    except InvalidFilter as error:
        raise InvalidPath(error.detail) from error


def _change_one(
    draft: Draft, container: dict[str, Any], attribute: Attribute, operation: Operation
) -> None:
    """Set or clear a single-valued attribute or sub-attribute."""
    value = attribute.cleared
    if operation.op != "remove":
        value = clean(attribute, operation.value, draft.ignored)
        if value is None and isinstance(operation.value, dict):
            value = {}  # nothing to set; emptied sub-attributes are removed below
    if value is None:
        container.pop(attribute.name, None)
    elif attribute.is_complex:
        # Sub-attributes that are left out stay (RFC 7644, 3.5.2.3); empty ones go.
        merged = {**container.get(attribute.name, {}), **value}
        emptied = _find_emptied(attribute, operation.value)
        container[attribute.name] = {
            name: each for name, each in merged.items() if name not in emptied
        }
    else:
        container[attribute.name] = value


def _find_emptied(attribute: Attribute, value: Any) -> set[str]:
    """Return the names of the sub-attributes that a value sets to null or ""."""
    if not isinstance(value, dict):
        return set()
    parts = (
        attribute.find_part(key) for key, each in value.items() if each in (None, "")
    )
    return {part.name for part in parts if part is not None}
