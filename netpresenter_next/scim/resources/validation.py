"""Validation of resources from a client, and of documents before they are stored.

Structure and types are checked when a request is read; required and immutable
attributes after all changes (RFC 7643, sections 2 and 7; RFC 7644, 3.3 and 3.5).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from netpresenter_next.schema.characteristics import Attribute, Schema, Target
from netpresenter_next.schema.derivation import values_of_type
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import (
    InvalidSyntax,
    InvalidValue,
    Mutability,
    RequiredMissing,
)
from netpresenter_next.scim.values import LABELS, assign

# Write-only attributes outside the schemas: passwords from clients are not stored.
WRITE_ONLY = {"password"}
_NOTHING: tuple[Any, ...] = (None, [], {})


def clean_resource(
    resource_type: ResourceType, body: Mapping[str, Any], ignored: list[str]
) -> dict[str, Any]:
    """Return the document for the body of a POST or PUT.

    Read-only attributes are ignored (RFC 7643, 7), and so are unknown ones, whose names
    are added to ``ignored``.  Raises InvalidValue and InvalidSyntax.
    """
    _check_schemas(resource_type, body.get("schemas"))
    document: dict[str, Any] = {}
    for key, value in _flatten(resource_type, body).items():
        schema = resource_type.schema_of(key)
        if schema is not None:
            part = _clean_schema(schema, value, ignored)
            if part:
                document[schema.id] = part
            continue
        attribute = resource_type.schema.by_name.get(key.lower())
        if attribute is None:
            note_unknown(resource_type, key, ignored)
            continue
        assign(document, attribute, value, ignored)
    return document


def _flatten(resource_type: ResourceType, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Move attributes from below the URN of the core schema to the top level."""
    inner = [body[key] for key in body if resource_type.is_core(key)]
    if not inner:
        return body
    if not all(isinstance(each, dict) for each in inner):
        raise InvalidSyntax(f"{resource_type.schema.id} must be an object.")
    flat = {key: body[key] for key in body if not resource_type.is_core(key)}
    names = {key.lower() for key in flat}
    for key, value in (item for each in inner for item in each.items()):
        if key.lower() in names:
            raise InvalidSyntax(f"{key[:50]!r} occurs twice.")
        flat[key] = value
    return flat


def _check_schemas(resource_type: ResourceType, schemas: Any) -> None:
    """Raise InvalidSyntax if ``schemas`` is sent without the core schema."""
    if schemas is None:
        return
    if not isinstance(schemas, list) or not all(
        isinstance(each, str) for each in schemas
    ):
        raise InvalidSyntax("schemas must be a list of URNs.")
    if not any(each.lower() == resource_type.schema.id.lower() for each in schemas):
        raise InvalidSyntax(f"schemas must contain {resource_type.schema.id}.")


def _clean_schema(schema: Schema, value: Any, ignored: list[str]) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidSyntax(f"{schema.id} must be an object.")
    cleaned: dict[str, Any] = {}
    for key, each in value.items():
        attribute = schema.by_name.get(key.lower())
        if attribute is None:
            ignored.append(f"{schema.id}:{key}")
        else:
            assign(cleaned, attribute, each, ignored)
    return cleaned


def note_unknown(resource_type: ResourceType, name: str, ignored: list[str]) -> None:
    """Add the name of an unknown attribute, but not ``password`` or common ones."""
    if name.lower() not in WRITE_ONLY and not resource_type.is_common(name):
        ignored.append(name)


def validate_document(
    resource_type: ResourceType, document: dict[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the document without empty values, and validate it after all changes.

    Raises InvalidValue for a missing required attribute and for two primary values,
    and Mutability if an immutable attribute had another value ``before``.
    """
    tidy = _tidy_schema(resource_type.schema, document)
    for extension in resource_type.extensions:
        part = _tidy_schema(extension, document.get(extension.id, {}))
        if part:
            tidy[extension.id] = part
    _check_required(resource_type, tidy)
    _check_immutable(resource_type, tidy, before)
    return tidy


def add_defaults(
    resource_type: ResourceType, document: dict[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Fill in attributes that have a default and were left out.

    They keep their value ``before`` or, in a new resource, get the default.  So leaving
    out ``active`` does not enable or disable anybody.
    """
    for attribute in resource_type.schema.attributes:
        value = before.get(attribute.name) if before else attribute.default
        if attribute.default is not None and value is not None:
            document.setdefault(attribute.name, value)
    return document


def _check_immutable(
    resource_type: ResourceType, document: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Raise Mutability if an immutable attribute changes (RFC 7643, 7)."""
    for target in resource_type.immutable:
        old = target.value_in(before)
        if old is not None and target.value_in(document) != old:
            raise Mutability(f"{target.name} is immutable and already has a value.")


def _tidy_schema(schema: Schema, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that the schema has (it can have changed), unless empty."""
    tidy = {}
    for name, value in document.items():
        attribute = schema.by_name.get(name.lower())
        kept = None if attribute is None else _tidy(attribute, value)
        if kept is not None:
            tidy[name] = kept
    return tidy


def _tidy(attribute: Attribute, value: Any) -> Any:
    if attribute.multi_valued:
        entries = [each for each in value if _has_content(attribute, each)]
        _check_primaries(attribute, entries)
        return entries or None
    return value if value != {} else None


def _has_content(attribute: Attribute, entry: Any) -> bool:
    return not attribute.is_complex or bool(set(entry) - LABELS)


def _check_primaries(attribute: Attribute, entries: Iterable[Any]) -> None:
    if attribute.find_part("primary") is None:
        return
    if sum(entry.get("primary") is True for entry in entries) > 1:
        raise InvalidValue(f"{attribute.name} has more than one primary value.")


def _check_required(resource_type: ResourceType, document: Mapping[str, Any]) -> None:
    """Raise InvalidValue if a required attribute is missing.

    A disabled person needs only ``userName``, so that no missing attribute can prevent
    somebody from being disabled.
    """
    is_disabled = document.get("active") is False
    needed = resource_type.indispensable if is_disabled else resource_type.required
    for target in needed:
        if not _has_value(document, target):
            raise RequiredMissing(target.missing_text)


def _has_value(document: Mapping[str, Any], target: Target) -> bool:
    value = target.value_in(document)
    if value is not None and target.attribute and target.attribute.index:
        value = values_of_type(value, target.attribute.index.type)
    return bool(value.strip()) if isinstance(value, str) else value not in _NOTHING
