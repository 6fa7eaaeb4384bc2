"""Attributes and schemas with their characteristics (RFC 7643, section 7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Any

Document = Mapping[str, Any]

# The Python types of JSON values, by attribute type; all other types are strings.
_SHAPES: Mapping[str, type | UnionType] = {
    "boolean": bool,
    "integer": int,
    "decimal": int | float,
    "complex": dict,
}


@dataclass(frozen=True)
class EntryIndex:
    """Derived columns for the values with one ``type`` of a multi-valued attribute.

    ``column`` holds the first such value, ``key`` the same case-folded, and ``more``
    whether there are others, which are only in the document.  If the attribute is
    required, it needs a value with this ``type``.
    """

    type: str
    column: str
    key: str
    more: str


@dataclass(frozen=True)
class ComputedColumn:
    """A derived column that holds more than a value or a case-folded value.

    ``compute`` takes the document and the columns that were derived before.
    """

    name: str
    compute: Callable[[Document, Document], Any]


@dataclass(frozen=True)
class Attribute:
    """One attribute with its characteristics (RFC 7643, section 7).

    The first group of fields is published in /Schemas; the rest says how the attribute
    is stored and handled here.  ``rules`` says which values can be combined.
    """

    name: str
    description: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: tuple[str, ...] = ()
    # Are values outside canonical_values rejected?  Otherwise they are suggestions.
    canonical_only: bool = False
    reference_types: tuple[str, ...] = ()
    parts: tuple["Attribute", ...] = ()

    # Another name that clients may use; responses contain ``name``.
    alias: str | None = None
    # An installation may require it with NETPRESENTER_SCIM_REQUIRED.
    requirable: bool = False
    # What an administrator has to do if it is required and missing.
    mapping_hint: str = "map a value to it"
    # Adds a derived column with an index, named after the attribute.
    indexed: bool = False
    # The derived columns that hold the value, and the value case-folded.
    column: str | None = None
    key: str | None = None
    index: EntryIndex | None = None
    computed_columns: tuple[ComputedColumn, ...] = ()
    # Its values are rows of the membership table and refer to resources of this type.
    related: str | None = None
    # The value if no client ever sent one.
    default: Any = None
    # The value after a client clears it: by null, "" or a "remove" operation.
    cleared: Any = None
    # Computed here although the RFC lets clients write it; what they send is ignored.
    computed: bool = False

    @cached_property
    def _parts_by_name(self) -> Mapping[str, "Attribute"]:
        names = {part.alias.lower(): part for part in self.parts if part.alias}
        return names | {part.name.lower(): part for part in self.parts}

    def find_part(self, name: str) -> "Attribute | None":
        """Find a sub-attribute; names ignore case (RFC 7643, 2.1)."""
        return self._parts_by_name.get(name.lower())

    def fits(self, value: Any) -> bool:
        """Does a stored value have the type that the attribute has today?"""
        if not self.multi_valued:
            return isinstance(value, _SHAPES.get(self.type, str))
        return isinstance(value, list) and all(
            isinstance(each, _SHAPES.get(self.type, str)) for each in value
        )

    @property
    def is_complex(self) -> bool:
        """Does it have sub-attributes?"""
        return self.type == "complex"

    @property
    def is_read_only(self) -> bool:
        """Does the service set it, ignoring what clients send?"""
        return self.computed or self.mutability == "readOnly"

    @property
    def is_write_only(self) -> bool:
        """Is it accepted but not stored, because no response may contain it?"""
        return self.returned == "never"


@dataclass(frozen=True)
class Schema:
    """A schema: URN, name, and its attributes."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by lower-case name."""
        return {each.name.lower(): each for each in self.attributes}

    @cached_property
    def _never_returned(self) -> frozenset[str]:
        return frozenset(
            name for name, each in self.by_name.items() if each.returned == "never"
        )

    def without_secrets(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values without those of attributes that are never returned."""
        hidden = self._never_returned
        if not hidden:
            return part
        return {name: part[name] for name in part if name.lower() not in hidden}

    def keep_declared(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Return the stored values that still fit the schema as it is today."""
        return {
            name: value
            for name, value in part.items()
            if (attribute := self.by_name.get(name.lower())) and attribute.fits(value)
        }


@dataclass(frozen=True)
class Path:
    """An attribute by name: ``[urn:]name[.part]``, spelt as the client spelt it."""

    name: str
    part: str | None = None
    urn: str | None = None

    def __str__(self) -> str:
        qualified = f"{self.urn}:{self.name}" if self.urn else self.name
        return f"{qualified}.{self.part}" if self.part else qualified


@dataclass(frozen=True)
class Target:
    """What a path points at: an attribute or sub-attribute, or a whole schema.

    ``extension`` is None for the core schema, ``attribute`` for a whole schema.
    """

    extension: Schema | None
    attribute: Attribute | None
    part: Attribute | None = None

    @property
    def name(self) -> str:
        """The path in its canonical spelling."""
        names = [each.name for each in (self.attribute, self.part) if each]
        tail = ".".join(names)
        if self.extension is None:
            return tail
        return f"{self.extension.id}:{tail}" if tail else self.extension.id

    def is_core(self, name: str) -> bool:
        """Is it this attribute of the core schema, not one of an extension?"""
        is_named = self.attribute is not None and self.attribute.name == name
        return self.extension is None and is_named

    def value_in(self, document: Document) -> Any:
        """Return the stored value, or None where there is none."""
        names = [self.extension.id] if self.extension else []
        names += [each.name for each in (self.attribute, self.part) if each]
        value: Any = document
        for name in names:
            value = value.get(name)
            if value is None:
                return None
        return value

    @property
    def missing_text(self) -> str:
        """Say that it is required and missing, and which mapping to change."""
        index = self.attribute.index if self.attribute else None
        name = f'{self.name}[type eq "{index.type}"].value' if index else self.name
        hint = self.attribute.mapping_hint if self.attribute else ""
        return (
            f"{name} is required: {hint} in the attribute mapping of the "
            "provisioning application."
        )
