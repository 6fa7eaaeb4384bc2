"""A reference for filters: reads resources as GET returns them, without SQL.

It follows RFC 7644, 3.4.2.2: of several values one match is enough, whatever the
operator.  It also follows the documentation: text is folded unless the attribute is
case-exact, an absent value matches ``ne``, and null means absent.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from worlds import ENTERPRISE, EXTENSION_URN, GROUP_EXTENSION_URN

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.scim.filters.ast import (
    And,
    Comparison,
    Element,
    Not,
    Or,
    Present,
    Tree,
)
from netpresenter_next.scim.values import Literal

CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@dataclass(frozen=True)
class Kind:
    """The characteristics of one attribute (RFC 7643) that matter to filters."""

    name: str
    type: str = "text"
    exact: bool = False
    many: bool = False
    urn: str | None = None
    parts: Mapping[str, "Kind"] = field(default_factory=dict)

    def part(self, name: str) -> "Kind":
        """Find a sub-attribute; ``value`` of a simple attribute is itself."""
        if not self.parts and name.lower() == "value":
            return self
        return next(
            each for each in self.parts.values() if each.name.lower() == name.lower()
        )


def _with_parts(name: str, *parts: Kind, many: bool = True, **more: Any) -> Kind:
    return Kind(name, "complex", many=many, parts={p.name: p for p in parts}, **more)


def _plural(name: str, value: Kind | None = None) -> Kind:
    value = value or Kind("value")
    primary = Kind("primary", "boolean")
    return _with_parts(name, value, Kind("display"), Kind("type"), primary)


def _exact(name: str, **more: Any) -> Kind:
    return Kind(name, exact=True, **more)


_META = _with_parts(
    "meta",
    _exact("resourceType"),
    Kind("created", "moment"),
    Kind("lastModified", "moment"),
    _exact("location"),
    many=False,
)
_COMMON = (_exact("id"), _exact("externalId"), _META, Kind("schemas", many=True))
_NAMES = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix")
_PLAIN = "userName displayName nickName profileUrl title userType preferredLanguage"
_ADDRESS = "formatted streetAddress locality region postalCode country type"
_AT_WORK = "employeeNumber costCenter organization division department"
_MANAGER = (_exact("value"), _exact("$ref"), Kind("displayName"))
PEOPLE = (
    *_COMMON,
    *(Kind(name) for name in f"{_PLAIN} locale timezone".split()),
    Kind("active", "boolean"),
    _with_parts("name", *(Kind(name) for name in _NAMES), many=False),
    _plural("emails"),
    _plural("phoneNumbers"),
    _plural("roles"),
    _plural("x509Certificates", Kind("value", "binary", exact=True)),
    _with_parts(
        "addresses",
        *(Kind(name) for name in _ADDRESS.split()),
        Kind("primary", "boolean"),
    ),
    _with_parts(
        "groups", _exact("value"), _exact("$ref"), Kind("display"), Kind("type")
    ),
    *(Kind(name, urn=ENTERPRISE) for name in _AT_WORK.split()),
    _with_parts("manager", *_MANAGER, many=False, urn=ENTERPRISE),
)
GROUPS = (
    *_COMMON,
    Kind("displayName"),
    _with_parts(
        "members", _exact("value"), _exact("$ref"), Kind("display"), Kind("type")
    ),
)
USER_EXTENSION = (
    Kind("floor", "number", urn=EXTENSION_URN),
    Kind("fte", "number", urn=EXTENSION_URN),
    Kind("remote", "boolean", urn=EXTENSION_URN),
    Kind("hired", "moment", urn=EXTENSION_URN),
    Kind("tags", many=True, urn=EXTENSION_URN),
    _exact("badge", urn=EXTENSION_URN),
    Kind("visits", "moment", many=True, urn=EXTENSION_URN),
    _with_parts(
        "seat", Kind("room"), Kind("number", "number"), many=False, urn=EXTENSION_URN
    ),
)
GROUP_EXTENSION = (
    Kind("size", "number", urn=GROUP_EXTENSION_URN),
    Kind("labels", many=True, urn=GROUP_EXTENSION_URN),
)


@dataclass(frozen=True)
class Oracle:
    """Applies filters to resources of one type; ``urn`` is their core schema."""

    urn: str
    kinds: tuple[Kind, ...]

    def fits(self, tree: Tree, resource: Mapping[str, Any]) -> bool:
        """Does the resource match the filter?"""
        match tree:
            case And(terms):
                return all(self.fits(each, resource) for each in terms)
            case Or(terms):
                return any(self.fits(each, resource) for each in terms)
            case Not(term):
                return not self.fits(term, resource)
            case Element(path, condition):
                kind = self.kind(path)
                found = entries(kind, resource)
                # A single-valued attribute is compared even if it is absent.
                found = found if kind.many else [*found, {}][:1]
                return any(entry_fits(condition, kind, each) for each in found)
            case Present(path):
                return bool(self._values(path, resource))
            case Comparison(path, operator, None):
                return bool(self._values(path, resource)) == (operator == "ne")
            case Comparison(path):
                return self._compares(tree, path, resource)

    def _compares(
        self, tree: Comparison, path: Path, resource: Mapping[str, Any]
    ) -> bool:
        """Does any value match?  A value without the sub-attribute counts as absent."""
        kind = self.kind(path)
        found = entries(kind, resource)
        part = kind.part(path.part) if path.part else kind.parts.get("value", kind)
        if part is not kind:
            found = [each.get(part.name) for each in found]
        if not kind.many and not found:
            found = [None]
        return any(_compare(part, tree.operator, each, tree.literal) for each in found)

    def kind(self, path: Path) -> Kind:
        """Find an attribute; the URN of an extension may be left out."""
        return next(
            each
            for each in self.kinds
            if each.name.lower() == path.name.lower()
            and (not path.urn or path.urn.lower() == (each.urn or self.urn).lower())
        )

    def _values(self, path: Path, resource: Mapping[str, Any]) -> list[Any]:
        kind = self.kind(path)
        found = entries(kind, resource)
        return _held(kind.part(path.part), found) if path.part else found


def entries(kind: Kind, resource: Mapping[str, Any]) -> list[Any]:
    """Return all values of an attribute, also of a single-valued one."""
    place = resource.get(kind.urn, {}) if kind.urn else resource
    value = place.get(kind.name)
    if value is None:
        return []
    return list(value) if kind.many else [value]


def _held(part: Kind, found: Iterable[Any]) -> list[Any]:
    """Return the values of a sub-attribute, where it is present."""
    return [each[part.name] for each in found if part.name in each]


def entry_fits(tree: Tree, kind: Kind, entry: Any) -> bool:
    """Does one value of an attribute match the value filter?"""
    match tree:
        case And(terms):
            return all(entry_fits(each, kind, entry) for each in terms)
        case Or(terms):
            return any(entry_fits(each, kind, entry) for each in terms)
        case Not(term):
            return not entry_fits(term, kind, entry)
        case Present(path):
            return _value(kind, path, entry) is not None
        case Comparison(path, operator, None):
            return (_value(kind, path, entry) is None) == (operator == "eq")
        case Comparison(path, operator, literal):
            part = kind.part(path.name)
            return _compare(part, operator, _value(kind, path, entry), literal)
    raise AssertionError(tree)


def _value(kind: Kind, path: Path, entry: Any) -> Any:
    """Return the value of a sub-attribute; None if it is absent."""
    part = kind.part(path.name)
    return entry if part is kind else entry.get(part.name)


def _compare(kind: Kind, operator: str, value: Any, literal: Literal) -> bool:
    """Compare one value, which may be absent."""
    if value is None:
        return operator == "ne"
    left, right = comparable(kind, value), comparable(kind, literal)
    return bool(
        {
            "eq": lambda: left == right,
            "ne": lambda: left != right,
            "co": lambda: right in left,
            "sw": lambda: left.startswith(right),
            "ew": lambda: left.endswith(right),
            "gt": lambda: left > right,
            "ge": lambda: left >= right,
            "lt": lambda: left < right,
            "le": lambda: left <= right,
        }[operator]()
    )


def comparable(kind: Kind, value: Any) -> Any:
    """Return a value in the form in which it is compared and sorted."""
    if kind.type == "moment":
        return moment(value)
    if kind.type == "text" and not kind.exact:
        return fold(value)
    return value


def fold(text: str) -> str:
    """Return a text without case, and with compatible characters made equal."""
    alike = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", alike.casefold())


def moment(text: str) -> datetime:
    """Read an xsd:dateTime, to the microsecond; without a zone it is UTC."""
    date, dot, rest = text.replace("Z", "+00:00").partition(".")
    zone = rest.lstrip("0123456789")
    digits = rest.removesuffix(zone)
    when = datetime.fromisoformat(f"{date}.{digits[:6]}{zone}" if dot else date)
    return when if when.tzinfo else when.replace(tzinfo=UTC)
