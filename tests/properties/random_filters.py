"""Random filters about the resources of a world."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from typing import Any

from hypothesis import strategies as st
from oracle import Kind, Oracle, entries, moment
from worlds import WORDS

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

OPERATORS = {
    "text": ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
    "moment": ("eq", "ne", "gt", "ge", "lt", "le"),
    "number": ("eq", "ne", "gt", "ge", "lt", "le"),
    "boolean": ("eq", "ne"),
    "binary": ("eq", "ne"),
}


@dataclass(frozen=True)
class Leaf:
    """An attribute or sub-attribute, and its values in a world."""

    kind: Kind
    part: Kind | None
    values: Sequence[Any]

    @property
    def compared(self) -> Kind:
        """The kind of the compared values; complex if only ``pr`` is possible."""
        return self.part or self.kind.parts.get("value", self.kind)


class FilterMaker:
    """Draws filters about resources of one type."""

    def __init__(self, oracle: Oracle, resources: Sequence[Mapping[str, Any]]) -> None:
        self.oracle, self.resources = oracle, resources

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Return every attribute and sub-attribute."""
        return [leaf for kind in self.oracle.kinds for leaf in self._leaves_of(kind)]

    def _leaves_of(self, kind: Kind) -> Iterator[Leaf]:
        found = [each for it in self.resources for each in entries(kind, it)]
        value = kind.parts.get("value")
        values = (
            [each[value.name] for each in found if value.name in each]
            if value
            else found
        )
        yield Leaf(kind, None, values)
        for part in kind.parts.values():
            yield Leaf(kind, part, _held(part, found))

    @cached_property
    def inner_leaves(self) -> Mapping[str, list[Leaf]]:
        """Return what a value filter may compare, by the name of the attribute."""
        found: dict[str, list[Leaf]] = {}
        for leaf in self.leaves:
            if leaf.part is not None:
                found.setdefault(leaf.kind.name, []).append(leaf)
            elif leaf.kind.many and not leaf.kind.parts and leaf.kind.name != "schemas":
                value = Kind("value", leaf.kind.type, leaf.kind.exact)
                found[leaf.kind.name] = [Leaf(leaf.kind, value, leaf.values)]
        return found

    @cached_property
    def trees(self) -> st.SearchStrategy[Tree]:
        """Filters."""
        return _trees(self.leaf() | self.element() | _description(self), 2)

    @cached_property
    def entries_with_parts(self) -> list[tuple[Kind, Mapping[str, Any]]]:
        """Return every complex value of multi-valued attributes, with its attribute."""
        return [
            (kind, each)
            for kind in self.oracle.kinds
            for it in self.resources
            for each in entries(kind, it)
            if kind.many and kind.parts and each
        ]

    def leaf(self) -> st.SearchStrategy[Tree]:
        """Comparisons and presence."""
        return _leaf(self)

    def element(self) -> st.SearchStrategy[Tree]:
        """Value paths."""
        return st.sampled_from(sorted(self.inner_leaves)).flatmap(self._element)

    @cache  # noqa: B019
    def _element(self, name: str) -> st.SearchStrategy[Tree]:
        leaves = self.inner_leaves[name]
        paths = _paths(self.oracle, leaves[0].kind)
        return st.builds(Element, paths, _trees(_inner_leaf(tuple(leaves)), 1))


def _held(part: Kind, found: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [each[part.name] for each in found if part.name in each]


@st.composite
def _leaf(draw: st.DrawFn, maker: FilterMaker) -> Tree:
    leaf = one_of(draw, maker.leaves)
    path = draw(_paths(maker.oracle, leaf.kind, leaf.part))
    return make_condition(draw, path, leaf)


@st.composite
def _description(draw: st.DrawFn, maker: FilterMaker) -> Tree:
    """Describe an existing value by all or most of its sub-attributes."""
    kind, entry = one_of(draw, maker.entries_with_parts)
    terms = []
    for name, value in entry.items():
        if one_of(draw, (True, True, True, False)) or not terms:
            text = isinstance(value, str) and not kind.part(name).exact
            value = spelt(draw, value) if text else value
            terms.append(Comparison(Path(name), "eq", value))
    terms = terms if one_of(draw, (True, False)) else terms[::-1]
    return Element(Path(kind.name), joined(And, terms) if len(terms) > 1 else terms[0])


@st.composite
def _inner_leaf(draw: st.DrawFn, leaves: Sequence[Leaf]) -> Tree:
    leaf = one_of(draw, leaves)
    assert leaf.part is not None
    return make_condition(draw, Path(spelt(draw, leaf.part.name)), leaf)


@st.composite
def _paths(
    draw: st.DrawFn, oracle: Oracle, kind: Kind, part: Kind | None = None
) -> Path:
    urn = one_of(draw, (None, kind.urn or oracle.urn))
    return Path(
        spelt(draw, kind.name),
        spelt(draw, part.name) if part else None,
        spelt(draw, urn) if urn else None,
    )


def spelt(draw: st.DrawFn, name: str) -> str:
    """Return a name in any case."""
    spellings = (name, name, name.upper(), name.lower(), name.swapcase())
    return one_of(draw, spellings)


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


def one_of(draw: st.DrawFn, options: Sequence[Any]) -> Any:
    """Draw one option, which is faster than a new strategy for every choice."""
    return options[draw(_below(len(options)))]


def make_condition(draw: st.DrawFn, path: Path, leaf: Leaf) -> Tree:
    """Return a condition on one path: presence, null, or a possible value."""
    compared = leaf.compared
    kind = draw(_below(10))
    if compared.type == "complex" or kind == 0:
        return Present(path)
    same = one_of(draw, ("eq", "ne"))
    if compared.name == "schemas":
        return Comparison(path, same, one_of(draw, leaf.values))
    if kind == 1:
        return Comparison(path, same, None)
    operator = one_of(draw, OPERATORS[compared.type])
    return Comparison(path, operator, literal(draw, leaf, operator))


def literal(draw: st.DrawFn, leaf: Leaf, operator: str) -> Literal:
    """Return a literal that some resources have, or one close to it."""
    kind = leaf.compared.type
    if kind == "boolean":
        return draw(st.booleans())
    value: Any = 1 if kind == "number" else "x"
    if leaf.values:
        value = one_of(draw, leaf.values)
    if kind == "number":
        return one_of(draw, (value, value, value + 1, value - 0.5, float(value)))
    if kind == "moment":
        return one_of(draw, moments(value))
    text = str(one_of(draw, (value, value, one_of(draw, WORDS))))
    if kind == "binary":
        return text
    text = one_of(draw, (text, text, text.upper(), text.lower(), text + "x"))
    if operator in ("eq", "ne"):
        return text
    start, length = one_of(draw, (0, 0, 1, 2)), one_of(draw, (1, 2, 3, 6))
    if operator == "ew":
        return text[-length:]
    return text[0 if operator == "sw" else start :][:length]


def moments(value: str) -> Sequence[str]:
    """Return times near this one, in several spellings."""
    if value.startswith(("0", "9")):
        return (value,)
    near = [moment(value) + timedelta(seconds=each) for each in (0, 0, -1, 0.5)]
    later = [each + timedelta(hours=2) for each in near]
    return [
        value,
        *(each.isoformat() for each in near),
        *(f"{each:%Y-%m-%dT%H:%M:%S}" for each in near),
        *(f"{each:%Y-%m-%dT%H:%M:%S.%f}0Z" for each in near),
        *(f"{each:%Y-%m-%dT%H:%M:%S.%f}+02:00" for each in later),
    ]


def _trees(leaves: st.SearchStrategy[Tree], depth: int) -> st.SearchStrategy[Tree]:
    found = leaves
    for _ in range(depth):
        several = st.lists(found, min_size=2, max_size=3)
        found = st.one_of(
            leaves,
            found.map(Not),
            several.map(lambda terms: joined(And, terms)),
            several.map(lambda terms: joined(Or, terms)),
        )
    return found


def joined(kind: type[And] | type[Or], terms: Sequence[Tree]) -> Tree:
    """Join terms, and flatten nested ones of the same kind."""
    flat: list[Tree] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else [term])
    return kind(tuple(flat))
