"""What SCIM says of attributes, schemas and resource types (RFC 7643, 6 and 7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Any

from sqlalchemy import Table

# What a value of a type is in JSON; a text where nothing else is said.
_SHAPES: Mapping[str, type | UnionType] = {
    "boolean": bool,
    "integer": int,
    "decimal": int | float,
    "complex": dict,
}


@dataclass(frozen=True)
class EntryIndex:
    """Columns by which entries of one type are found.

    ``key`` holds the folded value of the first such entry, ``more`` whether there
    are others, which then must be looked for in the document.
    """

    type: str
    key: str
    more: str


@dataclass(frozen=True)
class Attribute:
    """One attribute with its characteristics (RFC 7643, section 7)."""

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
    # A value outside of canonical_values is refused; otherwise they only suggest.
    canonical_only: bool = False
    reference_types: tuple[str, ...] = ()
    parts: tuple["Attribute", ...] = ()
    # Another name that clients use for it; it is answered by its own.
    alias: str | None = None
    # Derived column that holds the value, and the one that holds it folded.
    column: str | None = None
    key: str | None = None
    index: EntryIndex | None = None
    # What the resource has when nobody ever said.
    default: Any = None
    # What it becomes when a client clears it: by null, "" or a removal.
    cleared: Any = None
    # Computed here although the RFC lets clients write it; what they send is dropped.
    computed: bool = False

    @cached_property
    def _parts_by_name(self) -> Mapping[str, "Attribute"]:
        names = {part.alias.lower(): part for part in self.parts if part.alias}
        return names | {part.name.lower(): part for part in self.parts}

    def part(self, name: str) -> "Attribute | None":
        """Find a sub-attribute; names ignore case (RFC 7643, 2.1)."""
        return self._parts_by_name.get(name.lower())

    def fits(self, value: Any) -> bool:
        """Has a stored value the shape that the attribute has today?"""
        if not self.multi_valued:
            return isinstance(value, _SHAPES.get(self.type, str))
        return isinstance(value, list) and all(
            isinstance(each, _SHAPES.get(self.type, str)) for each in value
        )

    @property
    def is_complex(self) -> bool:
        """Has it sub-attributes?"""
        return self.type == "complex"

    @property
    def is_read_only(self) -> bool:
        """Is it ours: ignored in what clients send?"""
        return self.computed or self.mutability == "readOnly"

    @property
    def is_unheard(self) -> bool:
        """Is it taken and dropped: nobody here would ever read what it holds?"""
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

    def shows(self, name: str) -> bool:
        """May this attribute ever be in an answer?"""
        return self.by_name[name.lower()].returned != "never"

    def known(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what the schema knows of a stored part: it may have changed since."""
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
    """What a path points at: an attribute or part, in the core or an extension.

    Without an attribute it is a whole extension.
    """

    extension: Schema | None
    attribute: Attribute | None
    part: Attribute | None = None

    @property
    def leaf(self) -> Attribute | None:
        """The attribute or, where the path names one, its part."""
        return self.part or self.attribute

    @property
    def name(self) -> str:
        """The path in its canonical spelling."""
        names = [each.name for each in (self.attribute, self.part) if each]
        tail = ".".join(names)
        if self.extension is None:
            return tail
        return f"{self.extension.id}:{tail}" if tail else self.extension.id


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource: its endpoint, schemas and table (RFC 7643, section 6)."""

    name: str
    endpoint: str
    description: str
    table: Table
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    # What every resource has beside its schemas: id, meta, schemas.
    common: tuple[Attribute, ...] = ()

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """The core schema, then the extensions."""
        return (self.schema, *self.extensions)

    @cached_property
    def _by_urn(self) -> Mapping[str, Schema]:
        return {each.id.lower(): each for each in self.schemas}

    @cached_property
    def _common(self) -> Mapping[str, Attribute]:
        return {each.name.lower(): each for each in self.common}

    @cached_property
    def on_request(self) -> tuple[Target, ...]:
        """The attributes of extensions that are returned when asked for by name."""
        return tuple(self._returned("request"))

    @cached_property
    def always(self) -> tuple[Target, ...]:
        """The attributes of extensions that are returned whatever is asked for."""
        return tuple(self._returned("always"))

    def _returned(self, how: str) -> Iterator[Target]:
        for extension in self.extensions:
            for attribute in extension.attributes:
                if attribute.returned == how:
                    yield Target(extension, attribute)

    def extension(self, urn: str) -> Schema | None:
        """Find an extension by its URN as it is spelt in the table."""
        return self._extensions.get(urn)

    @cached_property
    def _extensions(self) -> Mapping[str, Schema]:
        return {each.id: each for each in self.extensions}

    def known(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what the extensions of today know of a stored document."""
        known: dict[str, Any] = {}
        for name, value in document.items():
            if not name.startswith("urn:"):
                known[name] = value
            elif (schema := self.schema_of(name)) and (part := schema.known(value)):
                known[schema.id] = part
        return known

    def is_common(self, name: str) -> bool:
        """Is it an attribute that every resource has (id, meta, schemas)?"""
        return name.lower() in self._common

    def is_core(self, urn: str) -> bool:
        """Is it the URN of the core schema?"""
        return urn.lower() == self.schema.id.lower()

    def schema_of(self, urn: str) -> Schema | None:
        """Find a schema of this resource type; URNs ignore case."""
        return self._by_urn.get(urn.lower())

    def resolve(self, path: Path) -> Target | None:
        """Find what a path points at, or None when the schemas do not know it.

        A bare extension URN reads as a path whose last segment is the name; the core
        URN may also qualify the common attributes.
        """
        whole = self.schema_of(f"{path.urn}:{path.name}") if path.urn else None
        if whole is not None and path.part is None:
            return Target(None if whole is self.schema else whole, None)
        schema = self.schema_of(path.urn) if path.urn else self.schema
        if schema is None:
            return None
        schema, attribute = self._find(schema, path)
        if attribute is None:
            return None
        extension = None if schema is self.schema else schema
        if path.part is None:
            return Target(extension, attribute)
        part = attribute.part(path.part)
        return None if part is None else Target(extension, attribute, part)

    def _find(self, schema: Schema, path: Path) -> tuple[Schema, Attribute | None]:
        """Look in the schema, then (Entra asks for a bare manager) in extensions."""
        name = path.name.lower()
        attribute = schema.by_name.get(name)
        if attribute is None and schema is self.schema:
            attribute = self._common.get(name)
        if attribute is not None or path.urn:
            return schema, attribute
        for extension in self.extensions:
            if name in extension.by_name:
                return extension, extension.by_name[name]
        return schema, None

    def required(self) -> Iterator[Attribute]:
        """The attributes without which a resource is refused."""
        return (each for each in self.schema.attributes if each.required)
