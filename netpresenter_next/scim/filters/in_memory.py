"""Evaluates the filter in the path of a PATCH for one value in memory.

The results are the same as those of ``compiler`` in SQL.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from netpresenter_next.lib.text import fold, parse_datetime
from netpresenter_next.schema.characteristics import Attribute, Path
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters.ast import (
    And,
    Comparison,
    Element,
    Not,
    Or,
    Present,
    Tree,
)
from netpresenter_next.scim.values import clean_entry, convert_literal

_TEXTS = {"string", "reference", "binary", "dateTime"}
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def matches(tree: Tree, attribute: Attribute, entry: Any) -> bool:
    """Does a value match the filter?

    Raises InvalidFilter for unknown sub-attributes and comparisons that do not apply.
    """
    match tree:
        # Lists, not generators: each term is checked, even after the result is known.
        case And(terms):
            results = [matches(each, attribute, entry) for each in terms]
            return all(results)
        case Or(terms):
            results = [matches(each, attribute, entry) for each in terms]
            return any(results)
        case Not(term):
            return not matches(term, attribute, entry)
        case Present(path):
            return _read_value(path, attribute, entry)[1] is not None
        case Comparison(path, _, None):
            return _is_null(tree, *_read_value(path, attribute, entry))
        case Comparison(path, "ne", literal):
            return not matches(Comparison(path, "eq", literal), attribute, entry)
        case Comparison(path):
            return _compare(tree, *_read_value(path, attribute, entry))
        case Element():
            raise InvalidFilter(f"{tree} is nested where nesting is not allowed.")


def _is_null(tree: Comparison, _part: Attribute, value: Any) -> bool:
    if tree.operator not in ("eq", "ne"):
        raise InvalidFilter("null can only be compared with eq and ne.")
    return (value is None) == (tree.operator == "eq")


def _read_value(path: Path, attribute: Attribute, entry: Any) -> tuple[Attribute, Any]:
    part = part_of(attribute, path)
    value = entry.get(part.name) if isinstance(entry, dict) else entry
    return part, value


def part_of(attribute: Attribute, path: Path) -> Attribute:
    """Return the sub-attribute that a path inside brackets names.

    Inside the brackets of a simple attribute, ``value`` names the attribute itself.
    Raises InvalidFilter.
    """
    part = attribute.find_part(path.name)
    if part is None and not attribute.is_complex and path.name.lower() == "value":
        part = attribute
    if part is None or path.part or path.urn:
        raise InvalidFilter(f"{attribute.name} has no sub-attribute {path}.")
    return part


def _compare(tree: Comparison, part: Attribute, value: Any) -> bool:
    literal = convert_literal(part, tree.operator, tree.literal)
    if value is None or isinstance(value, str) != (part.type in _TEXTS):
        return False
    if part.type == "dateTime":
        value = parse_datetime(value)
    elif isinstance(value, str) and not part.case_exact:
        value = fold(value)
    return _OPERATORS[tree.operator](value, literal)


def entry_of_filter(tree: Tree, attribute: Attribute) -> dict[str, Any] | None:
    """Return the value that ``part eq literal and ...`` describes, or None.

    ``emails[type eq "work"]`` describes ``{"type": "work"}``, which Entra ID expects
    to be created if there is none.  Raises InvalidValue if it cannot be stored.
    """
    conditions = tree.terms if isinstance(tree, And) else (tree,)
    entry: dict[str, Any] = {}
    for each in conditions:
        if not isinstance(each, Comparison) or each.operator != "eq":
            return None
        if each.literal is None:
            return None
        part = part_of(attribute, each.path)
        value = clean_entry(part, each.literal, [])
        if value is not None:
            entry[part.name] = value
    return entry
