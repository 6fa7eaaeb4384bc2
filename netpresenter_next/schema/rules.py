"""Which characteristics of an attribute can be combined.

/Schemas publishes the attribute tables to every client, so the service must enforce
all that they declare.  The application refuses to start with tables that it does not
enforce.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Column, Table

from netpresenter_next.schema.characteristics import Attribute, EntryIndex
from netpresenter_next.storage.models import GROUPS

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
MUTABILITIES = ("readOnly", "readWrite", "immutable", "writeOnly")
RETURNS = ("always", "default", "request", "never")
_TEXTS = ("string", "reference")
# Types whose values are compared with canonicalValues.
_CHOSEN = (*_TEXTS, "dateTime", "binary")


@dataclass(frozen=True)
class PlacedAttribute:
    """An attribute or sub-attribute, with its place in a resource type."""

    attribute: Attribute
    # The complex attribute, if this is a sub-attribute.
    whole: Attribute | None
    is_core: bool
    # The table of its columns, and the resource types it may be related to.
    table: Table
    other_types: tuple[str, ...]

    @property
    def is_part_of_many(self) -> bool:
        """Is it a sub-attribute of a multi-valued attribute?"""
        return self.whole is not None and self.whole.multi_valued

    @property
    def is_related(self) -> bool:
        """Are its values rows of the membership table?"""
        return (self.whole or self.attribute).related is not None

    @property
    def is_required(self) -> bool:
        """Is it required, or may an installation require it?"""
        return self.attribute.required or self.attribute.requirable

    def columns(self) -> Iterator[str]:
        """Yield the names of all columns that the attribute declares."""
        attribute, index = self.attribute, self.attribute.index
        yield from (each for each in (attribute.column, attribute.key) if each)
        yield from (each.name for each in attribute.computed_columns)
        if index is not None:
            yield from (index.column, index.key, index.more)


class Rule(NamedTuple):
    """A condition that no attribute may meet, and the message about it."""

    is_broken: Callable[[Attribute, PlacedAttribute], object]
    message: str


def _is_unique(placed: PlacedAttribute) -> bool:
    """Is the column unique that holds the values in the form that is compared?"""
    attribute = placed.attribute
    name = attribute.column if attribute.case_exact else attribute.key
    column = placed.table.c.get(name) if name else None
    return column is not None and bool(
        column.unique or _is_whole_key(column) or _is_unique_in_scim(column)
    )


def _is_whole_key(column: Column[object]) -> bool:
    return list(column.table.primary_key.columns) == [column]


def _is_unique_in_scim(column: Column[object]) -> bool:
    """Is the column unique among the groups that SCIM sees, and among local ones?"""
    wanted = [column, GROUPS.c.is_local]
    return any(each.unique and list(each.columns) == wanted for each in GROUPS.indexes)


def _may_be_null(_it: Attribute, placed: PlacedAttribute) -> bool:
    """May an accepted resource lack a value for a column that is NOT NULL?"""
    attribute = placed.attribute
    if attribute.required or attribute.is_read_only or placed.is_part_of_many:
        return False
    has_value = attribute.default is not None and attribute.cleared is not None
    names = [each for each in (attribute.column, attribute.key) if each]
    return not has_value and not all(placed.table.c[each].nullable for each in names)


def _cannot_index(placed: PlacedAttribute) -> bool:
    attribute = placed.attribute
    return (
        placed.whole is not None
        or attribute.multi_valued
        or attribute.type not in _TEXTS
        or attribute.is_read_only
        or attribute.is_write_only
        or (attribute.column if attribute.case_exact else attribute.key) is None
    )


def _cannot_hold_entries(attribute: Attribute, index: EntryIndex | None) -> bool:
    if index is None:
        return False
    has_parts = attribute.find_part("type") and attribute.find_part("value")
    return not (attribute.multi_valued and has_parts)


_STRUCTURE = (
    Rule(
        lambda it, placed: it.type not in TYPES,
        f"type is one of {', '.join(TYPES)}",
    ),
    Rule(
        lambda it, placed: it.is_complex != bool(it.parts),
        "a complex attribute has sub-attributes, and no other has",
    ),
    Rule(
        lambda it, placed: placed.whole is not None and it.is_complex,
        "a sub-attribute is not complex (RFC 7643, 2.3.8)",
    ),
    Rule(
        lambda it, placed: placed.whole is None and it.alias is not None,
        "only sub-attributes have an alias",
    ),
    Rule(
        lambda it, placed: (
            it.default is not None and (placed.whole is not None or not placed.is_core)
        ),
        "only an attribute of the core schema has a default",
    ),
    Rule(
        lambda it, placed: it.cleared is not None and it.multi_valued,
        "only a single-valued attribute has a value for when it is cleared",
    ),
    Rule(
        lambda it, placed: (
            it.related is not None
            and not (
                placed.is_core
                and it.multi_valued
                and it.is_complex
                and it.related in placed.other_types
            )
        ),
        "only a multi-valued complex attribute of the core schema can be related to "
        "the other resource type",
    ),
)
_REQUIRED = (
    Rule(
        lambda it, placed: placed.is_required and placed.whole is not None,
        "a sub-attribute cannot be required",
    ),
    Rule(
        lambda it, placed: placed.is_required and it.is_read_only,
        "a read-only attribute cannot be required of a client",
    ),
    Rule(
        lambda it, placed: placed.is_required and it.is_write_only,
        "an attribute with returned never is not stored, so it cannot be required",
    ),
    Rule(
        lambda it, placed: placed.is_required and placed.is_related,
        "memberships are not part of the document, so they cannot be required",
    ),
    Rule(
        lambda it, placed: it.requirable and not placed.is_core,
        "only an attribute of the core schema is requirable",
    ),
)
_MUTABILITY = (
    Rule(
        lambda it, placed: it.mutability not in MUTABILITIES,
        f"mutability is one of {', '.join(MUTABILITIES)}",
    ),
    Rule(
        lambda it, placed: it.mutability == "writeOnly" and not it.is_write_only,
        "a writeOnly attribute needs returned never",
    ),
    Rule(
        lambda it, placed: (
            it.mutability == "immutable"
            and placed.is_part_of_many
            and not placed.is_related
        ),
        "the values of a multi-valued attribute have no identity, so a sub-attribute "
        "cannot be immutable",
    ),
    Rule(
        lambda it, placed: it.mutability == "immutable" and it.related is not None,
        "memberships change, so they cannot be immutable",
    ),
)
_RETURNED = (
    Rule(
        lambda it, placed: it.returned not in RETURNS,
        f"returned is one of {', '.join(RETURNS)}",
    ),
    Rule(
        lambda it, placed: placed.whole is not None and it.returned != "default",
        "a sub-attribute is returned by default",
    ),
    Rule(
        lambda it, placed: it.is_write_only and it.is_read_only,
        "a read-only attribute cannot have returned never",
    ),
    Rule(
        lambda it, placed: it.is_write_only and placed.is_related,
        "memberships are stored, so they cannot have returned never",
    ),
)
_UNIQUENESS = (
    Rule(
        lambda it, placed: it.uniqueness not in ("none", "server"),
        "uniqueness is none or server: global uniqueness cannot be checked here",
    ),
    Rule(
        lambda it, placed: it.uniqueness == "server" and it.is_write_only,
        "an attribute with returned never is not stored, so it cannot be unique",
    ),
    Rule(
        lambda it, placed: (
            it.uniqueness == "server"
            and (placed.whole is not None or not _is_unique(placed))
        ),
        "uniqueness server needs a unique column",
    ),
)
_VALUES = (
    Rule(
        lambda it, placed: it.case_exact and it.key is not None,
        "a caseExact attribute has no case-folded column",
    ),
    Rule(
        lambda it, placed: it.canonical_only and not it.canonical_values,
        "canonical_only needs canonicalValues",
    ),
    Rule(
        lambda it, placed: it.canonical_only and it.type not in _CHOSEN,
        "canonicalValues need a type whose values are strings",
    ),
)
_COLUMNS = (
    Rule(
        lambda it, placed: any(name not in placed.table.c for name in placed.columns()),
        "the table has no such column",
    ),
    Rule(
        lambda it, placed: it.multi_valued and (it.column or it.key) is not None,
        "a column holds one value, so the attribute must be single-valued",
    ),
    Rule(
        lambda it, placed: (
            placed.is_part_of_many and not placed.is_related and any(placed.columns())
        ),
        "a column holds one value, so not a sub-attribute of a multi-valued attribute",
    ),
    Rule(_may_be_null, "a column that is NOT NULL needs a required attribute"),
    Rule(
        lambda it, placed: it.indexed and _cannot_index(placed),
        "indexed needs a single-valued string attribute of a built-in schema",
    ),
    Rule(
        lambda it, placed: (
            _cannot_hold_entries(it, it.index)
            or (it.index is not None and not placed.is_core)
        ),
        "an index of entries needs a multi-valued attribute of the core schema with "
        "the sub-attributes type and value",
    ),
)
# In this order: a later rule may rely on an earlier one.
RULES = (
    *_STRUCTURE,
    *_REQUIRED,
    *_MUTABILITY,
    *_RETURNED,
    *_UNIQUENESS,
    *_VALUES,
    *_COLUMNS,
)
