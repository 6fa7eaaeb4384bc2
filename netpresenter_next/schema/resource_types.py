"""Resource types and their schemas (RFC 7643, section 6), and paths in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Table

from netpresenter_next.schema.characteristics import Attribute, Path, Schema, Target


@dataclass(frozen=True, eq=False)
class ResourceType:
    """A resource type: its endpoint, schemas and table (RFC 7643, section 6)."""

    name: str
    endpoint: str
    description: str
    table: Table
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    # The attributes that every resource has in addition: id, meta, schemas.
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
    def targets(self) -> tuple[Target, ...]:
        """All attributes: the common ones, the core schema's, the extensions'."""
        core = (*self.common, *self.schema.attributes)
        return tuple(Target(None, each) for each in core) + tuple(
            Target(extension, each)
            for extension in self.extensions
            for each in extension.attributes
        )

    def _select(self, holds: Callable[[Attribute], bool]) -> tuple[Target, ...]:
        return tuple(
            each for each in self.targets if each.attribute and holds(each.attribute)
        )

    @cached_property
    def returned_on_request(self) -> tuple[Target, ...]:
        """The attributes that are returned only when requested by name."""
        return self._select(lambda each: each.returned == "request")

    @cached_property
    def always_returned(self) -> tuple[Target, ...]:
        """The attributes that are always returned."""
        return self._select(lambda each: each.returned == "always")

    @cached_property
    def never_returned(self) -> frozenset[str]:
        """The names of core attributes that are never returned."""
        return frozenset(
            each.name for each in self.schema.attributes if each.is_write_only
        )

    @cached_property
    def required(self) -> tuple[Target, ...]:
        """The required attributes: a resource without one of them is rejected."""
        return self._select(lambda each: each.required)

    @cached_property
    def indispensable(self) -> tuple[Target, ...]:
        """The required attributes without which the table cannot hold a row."""
        return tuple(
            each
            for each in self.required
            if each.attribute
            and each.attribute.column
            and not self.table.c[each.attribute.column].nullable
        )

    @cached_property
    def immutable(self) -> tuple[Target, ...]:
        """The immutable attributes, and such sub-attributes of single-valued ones."""
        parts = (
            Target(each.extension, each.attribute, part)
            for each in self._select(lambda each: not each.multi_valued)
            if each.attribute
            for part in each.attribute.parts
            if part.mutability == "immutable"
        )
        whole = self._select(lambda each: each.mutability == "immutable")
        return (*whole, *parts)

    def find_unique_by(self, column: str) -> Target | None:
        """Find the attribute whose uniqueness this column ensures."""
        found = self._select(
            lambda each: (
                each.uniqueness == "server" and column in (each.column, each.key)
            )
        )
        return found[0] if found else None

    def find_extension(self, urn: str) -> Schema | None:
        """Find an extension by its URN, spelt exactly as its schema spells it."""
        return self._extensions.get(urn)

    @cached_property
    def _extensions(self) -> Mapping[str, Schema]:
        return {each.id: each for each in self.extensions}

    def keep_declared(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a stored document without values that no extension declares today."""
        declared: dict[str, Any] = {}
        for name, value in document.items():
            if not name.startswith("urn:"):
                declared[name] = value
            elif (schema := self.schema_of(name)) and (
                part := schema.keep_declared(value)
            ):
                declared[schema.id] = part
        return declared

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
        """Find what a path points at; None if no schema declares it.

        A bare extension URN is parsed as a path whose name is the last segment of the
        URN.  The core URN may also qualify the common attributes.
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
        part = attribute.find_part(path.part)
        return None if part is None else Target(extension, attribute, part)

    def _find(self, schema: Schema, path: Path) -> tuple[Schema, Attribute | None]:
        """Look in the schema, then (Entra sends a bare ``manager``) in extensions."""
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


@dataclass(frozen=True)
class ResourceTypes:
    """The resource types of one installation, according to its settings."""

    user: ResourceType
    group: ResourceType

    def by_endpoint(self, name: str) -> ResourceType:
        """Return the resource type of an endpoint, by its name without the slash.

        Raises LookupError for a name that is not the endpoint of a resource type.
        """
        try:
            return self._by_endpoint[name]
        except KeyError:
            raise LookupError(f"No resource type has the endpoint {name!r}.") from None

    @cached_property
    def _by_endpoint(self) -> Mapping[str, ResourceType]:
        return {each.endpoint.removeprefix("/"): each for each in self.all}

    @property
    def all(self) -> tuple[ResourceType, ResourceType]:
        """Both resource types, users first."""
        return (self.user, self.group)

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """The schemas of both resource types."""
        return (*self.user.schemas, *self.group.schemas)
