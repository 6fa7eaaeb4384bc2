"""Extension schemas that an installation declares in a TOML or JSON file.

The file uses the names of RFC 7643, section 7, so that a schema document from elsewhere
can be used as it is.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netpresenter_next.config.options import ConfigError
from netpresenter_next.schema import rules
from netpresenter_next.schema.characteristics import Attribute, Schema
from netpresenter_next.schema.tables import BUILT_IN_SCHEMAS

# Not readOnly: the service itself never sets an attribute of such a schema.
MUTABILITIES = tuple(each for each in rules.MUTABILITIES if each != "readOnly")
RESOURCES = ("User", "Group")
_BUILT_IN = {each.id.lower() for each in BUILT_IN_SCHEMAS}
_SCHEMA_KEYS = {
    "schemas",
    "id",
    "name",
    "description",
    "resource",
    "attributes",
    "meta",
}
_ATTRIBUTE_KEYS = {
    "name",
    "type",
    "description",
    "multiValued",
    "required",
    "caseExact",
    "mutability",
    "returned",
    "uniqueness",
    "canonicalValues",
    "referenceTypes",
    "subAttributes",
}
_URN = re.compile(r'urn:[^\s"\\\[\]()]+:[A-Za-z][A-Za-z0-9_-]*')
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
Table = Mapping[str, Any]


def load(path: Path) -> dict[str, tuple[Schema, ...]]:
    """Read the extension schemas, by the name of the resource type that they extend.

    Raises ConfigError, which says what is wrong and where.
    """
    try:
        text = path.read_text(encoding="utf-8")
        is_json = path.suffix == ".json"
        content = json.loads(text) if is_json else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    tables = content.get("schemas") if isinstance(content, dict) else None
    if not isinstance(tables, list):
        raise ConfigError(f"{path} needs a list 'schemas'.")
    found: dict[str, tuple[Schema, ...]] = dict.fromkeys(RESOURCES, ())
    for table in tables:
        _check_keys(table, _SCHEMA_KEYS, f"{path}: a schema")
        resource = _read_choice(table, "resource", RESOURCES, "User")
        found[resource] += (_read_schema(table),)
    _refuse_duplicates([each.id for schemas in found.values() for each in schemas])
    return found


def _read_schema(table: Table) -> Schema:
    urn = _read_text(table, "id")
    if not _URN.fullmatch(urn):
        raise ConfigError(f"{urn!r} is no URN for a schema: urn:example:...:User.")
    if urn.lower() in _BUILT_IN:
        raise ConfigError(f"{urn} is declared twice: it is a built-in schema.")
    name = str(table.get("name") or urn.rpartition(":")[2])
    attributes = tuple(
        _read_attribute(each, urn) for each in _read_list(table, "attributes", urn)
    )
    _refuse_duplicates([f"{urn}:{each.name}" for each in attributes])
    return Schema(urn, name, str(table.get("description", name)), attributes)


def _read_attribute(table: Table, where: str) -> Attribute:
    _check_keys(table, _ATTRIBUTE_KEYS, f"{where}: an attribute")
    name = _read_text(table, "name")
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{where}: {name!r} is no name for an attribute.")
    here = f"{where}:{name}"
    kind = _read_choice(table, "type", rules.TYPES, "string", here)
    if table.get("uniqueness", "none") != "none" or _read_flag(table, "required", here):
        raise ConfigError(f"{here}: uniqueness and required are for built-in schemas.")
    mutability = _read_choice(table, "mutability", MUTABILITIES, "readWrite", here)
    usual = "never" if mutability == "writeOnly" else "default"
    returned = _read_choice(table, "returned", rules.RETURNS, usual, here)
    if mutability == "writeOnly" and returned != "never":
        raise ConfigError(f"{here}: what is writeOnly is returned never.")
    canonical_values = _read_texts(table, "canonicalValues", here)
    return Attribute(
        name,
        str(table.get("description", name)),
        type=kind,
        multi_valued=_read_flag(table, "multiValued", here),
        case_exact=_read_flag(table, "caseExact", here),
        mutability=mutability,
        returned=returned,
        canonical_values=canonical_values,
        canonical_only=bool(canonical_values),
        reference_types=_read_texts(table, "referenceTypes", here),
        parts=_read_parts(table, kind, here),
    )


def _read_parts(table: Table, kind: str, where: str) -> tuple[Attribute, ...]:
    if kind != "complex":
        if table.get("subAttributes"):
            raise ConfigError(f"{where}: only a complex attribute has subAttributes.")
        return ()
    parts = tuple(
        _read_attribute(each, where)
        for each in _read_list(table, "subAttributes", where)
    )
    _refuse_duplicates([f"{where}.{part.name}" for part in parts])
    for part in parts:
        plain = part.mutability == "readWrite" and part.returned == "default"
        if part.is_complex or not plain:
            raise ConfigError(
                f"{where}.{part.name}: a sub-attribute is simple, readWrite and "
                "returned by default."
            )
    return parts


def _check_keys(table: Any, known: set[str], what: str) -> None:
    """Refuse unknown keys: a misspelt key would silently have no effect."""
    if not isinstance(table, dict):
        raise ConfigError(f"{what} must be a table with a name, not {table!r}.")
    for key in table:
        if key not in known:
            raise ConfigError(
                f"{what} has no {key!r}; there is {', '.join(sorted(known))}."
            )


def _read_flag(table: Table, key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{where} {key} must be true or false.")
    return value


def _read_texts(table: Table, key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigError(f"{where} {key} must be a list of texts.")
    return tuple(value)


def _read_text(table: Table, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    if not isinstance(value, str):
        raise ConfigError(f"An extension schema or attribute lacks its {key!r}.")
    return value


def _read_list(table: Table, key: str, where: str) -> list[Table]:
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise ConfigError(f"{where} needs a list {key!r} of at least one.")
    return value


def _read_choice(
    table: Table, key: str, choices: tuple[str, ...], default: str, where: str = ""
) -> str:
    value = table.get(key, default)
    if value not in choices:
        raise ConfigError(f"{where} {key} must be one of {', '.join(choices)}.".strip())
    return str(value)


def _refuse_duplicates(names: list[str]) -> None:
    for name in names:
        if [each.lower() for each in names].count(name.lower()) > 1:
            raise ConfigError(f"{name} is declared twice.")
