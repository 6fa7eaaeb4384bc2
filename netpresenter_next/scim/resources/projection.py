"""``attributes`` and ``excludedAttributes`` (RFC 7644, 3.9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from netpresenter_next.schema.characteristics import Attribute, Target
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import InvalidValue, ScimError
from netpresenter_next.scim.filters.parser import parse_path

Resource = dict[str, Any]
MOST_NAMES = 300


@dataclass(frozen=True)
class Projection:
    """The attributes of a resource that the client wants (RFC 7644, 3.9).

    Either ``only`` is set, from ``attributes``, or ``without``, from
    ``excludedAttributes``.
    """

    only: tuple[Target, ...] | None = None
    without: tuple[Target, ...] = ()

    def wants(self, name: str) -> bool:
        """Does the response include this core attribute, or a part of it?"""
        if self.only is not None:
            return any(target.is_core(name) for target in self.only)
        return not any(
            target.is_core(name) and target.part is None for target in self.without
        )

    def wants_computed(self) -> bool:
        """Does the response include attributes for which other rows are read?"""
        if self.only is None:
            return True
        return any(target.extension for target in self.only) or any(
            self.wants(name) for name in ("groups", "meta")
        )

    def apply(self, resource: Resource) -> Resource:
        """Return the resource with the wanted attributes only; may change it."""
        if self.only is not None:
            chosen: Resource = {}
            for target in self.only:
                _copy(resource, chosen, target)
            return chosen
        for target in self.without:
            remove_attribute(resource, target)
        return resource


def make_projection(
    resource_types: Sequence[ResourceType], only: Sequence[str], without: Sequence[str]
) -> Projection:
    """Read ``attributes`` and ``excludedAttributes``; unknown names are ignored.

    Attributes that are always returned are added, and those returned on request only
    are left out by default (RFC 7643, 7).  Raises InvalidValue for both parameters at
    once, and for too many names.
    """
    if len(only) > MOST_NAMES or len(without) > MOST_NAMES:
        raise InvalidValue(f"More than {MOST_NAMES} attribute names.")
    if only and without:
        raise InvalidValue("Use attributes or excludedAttributes, not both.")
    if only:
        always = [target for each in resource_types for target in each.always_returned]
        return Projection(
            only=(*always, *_resolve_names(resource_types, only, is_asked_for=True))
        )
    unasked = _make_default(tuple(resource_types))
    if not without:
        return unasked
    left_out = _resolve_names(resource_types, without, is_asked_for=False)
    return Projection(without=(*left_out, *unasked.without))


@lru_cache(maxsize=64)
def _make_default(resource_types: Sequence[ResourceType]) -> Projection:
    """Return what a response includes if the client names no attributes."""
    unasked = (target for each in resource_types for target in each.returned_on_request)
    return Projection(without=tuple(unasked))


def _resolve_names(
    resource_types: Sequence[ResourceType], names: Iterable[str], *, is_asked_for: bool
) -> Iterable[Target]:
    """Yield the attributes with these names; a filter in a name is ignored."""
    for name in dict.fromkeys(names):
        try:
            read = parse_path(name.strip())
        except ScimError:
            continue
        if read.condition is not None and not is_asked_for:
            continue  # excluding some values only is not supported
        for resource_type in resource_types:
            target = resource_type.resolve(read.path)
            if target is not None:
                yield target


def _copy(resource: Resource, chosen: Resource, target: Target) -> None:
    if target.extension is not None:
        urn = target.extension.id
        part = chosen.get(urn, {})
        _copy_from(resource.get(urn, {}), part, target)
        if part:
            chosen[urn] = part
    else:
        _copy_from(resource, chosen, target)


def _copy_from(resource: Resource, chosen: Resource, target: Target) -> None:
    if target.attribute is None:
        chosen.update(resource)
        return
    name = target.attribute.name
    if name not in resource:
        return
    if target.part is None:
        chosen[name] = resource[name]
    else:
        _copy_part(resource[name], chosen, target.attribute, target.part)


def _copy_part(
    value: Any, chosen: Resource, attribute: Attribute, part: Attribute
) -> None:
    if not attribute.multi_valued:
        if part.name in value:
            chosen.setdefault(attribute.name, {})[part.name] = value[part.name]
        return
    entries = chosen.setdefault(attribute.name, [{} for _ in value])
    for entry, source in zip(entries, value, strict=True):
        if part.name in source:
            entry[part.name] = source[part.name]


def remove_attribute(resource: Resource, target: Target) -> None:
    """Remove an attribute from a resource.

    The resource and the values in it are changed in place, so they must not be shared
    with a stored document.  Attributes that become empty are removed as well: they are
    unassigned (RFC 7643, 2.5).
    """
    if target.extension is None:
        _remove_from(resource, target)
        return
    urn = target.extension.id
    part = resource.get(urn, {})
    attributes = (
        (target.attribute,) if target.attribute else target.extension.attributes
    )
    for attribute in attributes:
        _remove_from(part, Target(target.extension, attribute, target.part))
    if not part:
        resource.pop(urn, None)


def _remove_from(resource: Resource, target: Target) -> None:
    attribute, part = target.attribute, target.part
    if attribute is None or attribute.returned == "always":
        return
    value = resource.get(attribute.name)
    if part is not None and value is not None:
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            entry.pop(part.name, None)
        kept = [entry for entry in entries if entry]
        value = kept if isinstance(value, list) else value
    if part is None or not value:
        resource.pop(attribute.name, None)
    else:
        resource[attribute.name] = value
