"""Extension schemas of an installation's own, from a TOML or JSON file.

Written with the names that RFC 7643, section 7 gives to a schema's parts, so that a
schema document from elsewhere can be used as it is.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netpresenter_next.config import ConfigError
from netpresenter_next.scim.characteristics import Attribute, Schema

TYPES = (
    "string",
    "boolean",
    "decimal",
    "integer",
    "dateTime",
    "reference",
    "binary",
    "complex",
)
MUTABILITIES = ("readWrite", "immutable", "writeOnly")
RETURNS = ("always", "default", "request", "never")
RESOURCES = ("User", "Group")
_URN = re.compile(r'urn:[^\s"\\\[\]()]+:[A-Za-z][A-Za-z0-9_-]*')
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
Table = Mapping[str, Any]


def load(path: Path) -> dict[str, tuple[Schema, ...]]:
    """Read the extensions by the name of the resource type they extend.

    Raises ConfigError, which says what is wrong where.
    """
    try:
        text = path.read_text(encoding="utf-8")
        is_json = path.suffix == ".json"
        content = json.loads(text) if is_json else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    tables = content.get("schemas") if isinstance(content, dict) else None
    if not isinstance(tables, list):
        raise ConfigError(f"{path} needs a list 'schemas'.")
    found: dict[str, tuple[Schema, ...]] = dict.fromkeys(RESOURCES, ())
    for table in tables:
        resource = _choice(table, "resource", RESOURCES, "User")
        found[resource] += (_schema(table),)
    _refuse_twice([each.id for schemas in found.values() for each in schemas])
    return found


def _schema(table: Table) -> Schema:
    urn = _text(table, "id")
    if not _URN.fullmatch(urn):
        raise ConfigError(f"{urn!r} is no URN for a schema: urn:example:...:User.")
    name = str(table.get("name") or urn.rpartition(":")[2])
    attributes = tuple(
        _attribute(each, urn) for each in _list(table, "attributes", urn)
    )
    _refuse_twice([f"{urn}:{each.name}" for each in attributes])
    return Schema(urn, name, str(table.get("description", name)), attributes)


def _attribute(table: Table, where: str) -> Attribute:
    name = _text(table, "name")
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{where}: {name!r} is no name for an attribute.")
    here = f"{where}:{name}"
    kind = _choice(table, "type", TYPES, "string", here)
    parts: tuple[Attribute, ...] = ()
    if kind == "complex":
        parts = tuple(
            _attribute(each, here) for each in _list(table, "subAttributes", here)
        )
        for part in parts:
            if (
                part.is_complex
                or part.mutability != "readWrite"
                or part.returned != "default"
            ):
                raise ConfigError(
                    f"{here}.{part.name}: a sub-attribute is simple, readWrite and "
                    "returned by default."
                )
    if table.get("uniqueness", "none") != "none" or table.get("required"):
        raise ConfigError(f"{here}: uniqueness and required are for the core schemas.")
    mutability = _choice(table, "mutability", MUTABILITIES, "readWrite", here)
    returned = "never" if mutability == "writeOnly" else "default"
    return Attribute(
        name,
        str(table.get("description", name)),
        type=kind,
        multi_valued=table.get("multiValued") is True,
        case_exact=table.get("caseExact") is True,
        mutability=mutability,
        returned=_choice(table, "returned", RETURNS, returned, here),
        canonical_values=tuple(map(str, table.get("canonicalValues", ()))),
        canonical_only=bool(table.get("canonicalValues")),
        reference_types=tuple(map(str, table.get("referenceTypes", ()))),
        parts=parts,
    )


def _text(table: Table, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    if not isinstance(value, str):
        raise ConfigError(f"An extension schema or attribute lacks its {key!r}.")
    return value


def _list(table: Table, key: str, where: str) -> list[Table]:
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise ConfigError(f"{where} needs a list {key!r} of at least one.")
    return value


def _choice(
    table: Table, key: str, choices: tuple[str, ...], default: str, where: str = ""
) -> str:
    value = table.get(key, default)
    if value not in choices:
        raise ConfigError(f"{where} {key} must be one of {', '.join(choices)}.".strip())
    return str(value)


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if [each.lower() for each in names].count(name.lower()) > 1:
            raise ConfigError(f"{name} is declared twice.")
