"""Random filters that ask a world for what is in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from oracle import Kind, Oracle, entries, moment
from worlds import WORDS

from netpresenter_next.scim.trees import (
    And,
    Comparison,
    Element,
    Literal,
    Not,
    Or,
    Path,
    Present,
    Tree,
)

OPERATORS = {
    "text": ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
    "moment": ("eq", "ne", "gt", "ge", "lt", "le"),
    "number": ("eq", "ne", "gt", "ge", "lt", "le"),
    "boolean": ("eq", "ne"),
    "binary": ("eq", "ne"),
}


@dataclass(frozen=True)
class Leaf:
    """Something that can be compared, and the values that it has in a world."""

    kind: Kind
    part: Kind | None
    values: Sequence[Any]

    @property
    def asked(self) -> Kind:
        """The kind of the values that are compared; None where only ``pr`` goes."""
        return self.part or self.kind.parts.get("value", self.kind)


class Asker:
    """Draws filters about resources of one kind."""

    def __init__(self, oracle: Oracle, resources: Sequence[Mapping[str, Any]]) -> None:
        self.oracle, self.resources = oracle, resources

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Return every attribute and part, each as often as it should be asked for."""
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
            held = [each[part.name] for each in found if part.name in each]
            yield Leaf(kind, part, held)

    @cached_property
    def inner_leaves(self) -> Mapping[str, list[Leaf]]:
        """Return what may stand in the brackets of each attribute that may have them."""
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
        return _trees(self.leaf() | self.element(), 2)

    @st.composite
    @staticmethod
    def _leaf(draw: st.DrawFn, self: "Asker") -> Tree:
        leaf = draw(st.sampled_from(self.leaves))
        urns = [None, leaf.kind.urn or self.oracle.urn]
        urn = draw(st.sampled_from(urns))
        path = Path(
            draw(spelt(leaf.kind.name)),
            draw(spelt(leaf.part.name)) if leaf.part else None,
            draw(spelt(urn)) if urn else None,
        )
        return draw(tests(path, leaf))

    def leaf(self) -> st.SearchStrategy[Tree]:
        """Comparisons and presence."""
        return self._leaf(self)

    @st.composite
    @staticmethod
    def _element(draw: st.DrawFn, self: "Asker") -> Tree:
        name = draw(st.sampled_from(sorted(self.inner_leaves)))
        leaves = self.inner_leaves[name]
        kind = leaves[0].kind
        urn = draw(st.sampled_from([None, kind.urn or self.oracle.urn]))

        def inner(leaf: Leaf) -> st.SearchStrategy[Tree]:
            assert leaf.part is not None
            names = spelt(leaf.part.name)
            return names.flatmap(lambda spelling: tests(Path(spelling), leaf))

        condition = draw(_trees(st.sampled_from(leaves).flatmap(inner), 1))
        return Element(Path(draw(spelt(name)), None, urn), condition)

    def element(self) -> st.SearchStrategy[Tree]:
        """Value paths."""
        return self._element(self)


def spelt(name: str) -> st.SearchStrategy[str]:
    """Return a name in any case."""
    return st.sampled_from([name, name, name.upper(), name.lower(), name.swapcase()])


@st.composite
def tests(draw: st.DrawFn, path: Path, leaf: Leaf) -> Tree:
    """Return a test of one path: presence, null, or a value that might be there."""
    asked = leaf.asked
    kind = draw(st.integers(0, 9))
    if asked.type == "complex" or kind == 0:
        return Present(path)
    if asked.name == "schemas":
        return Comparison(
            path, draw(st.sampled_from(("eq", "ne"))), _any_of(draw, leaf)
        )
    if kind == 1:
        return Comparison(path, draw(st.sampled_from(("eq", "ne"))), None)
    operator = draw(st.sampled_from(OPERATORS[asked.type]))
    return Comparison(path, operator, literal(draw, leaf, operator))


def _any_of(draw: st.DrawFn, leaf: Leaf) -> Any:
    return leaf.values[draw(st.integers(0, len(leaf.values) - 1))]


def literal(draw: st.DrawFn, leaf: Leaf, operator: str) -> Literal:
    """Return a literal that some have, or almost."""
    kind = leaf.asked.type
    if kind == "boolean":
        return draw(st.booleans())
    value = _any_of(draw, leaf) if leaf.values else {"number": 1}.get(kind, "x")
    if kind == "number":
        return draw(
            st.sampled_from([value, value, value + 1, value - 0.5, float(value)])
        )
    if kind == "moment":
        return draw(moments(value))
    text = str(draw(st.sampled_from([value, value, draw(st.sampled_from(WORDS))])))
    if kind == "binary":
        return text
    text = draw(st.sampled_from([text, text, text.upper(), text.lower(), text + "x"]))
    if operator not in ("eq", "ne"):
        start = draw(st.integers(0, 3)) if operator != "sw" else 0
        end = draw(st.integers(1, 6)) if operator != "ew" else len(text)
        text = text[-start:] if operator == "ew" else text[start : start + end]
    return text


def moments(value: str) -> st.SearchStrategy[str]:
    """Return a moment near this one, in some spelling."""
    if value.startswith(("0", "9")):
        return st.just(value)
    near = [moment(value) + timedelta(seconds=each) for each in (0, 0, -1, 0.5)]
    return st.sampled_from(
        [value, *(each.isoformat() for each in near)]
        + [f"{each:%Y-%m-%dT%H:%M:%S}" for each in near]
        + [f"{each:%Y-%m-%dT%H:%M:%S.%f}0Z" for each in near]
        + [f"{each + timedelta(hours=2):%Y-%m-%dT%H:%M:%S.%f}+02:00" for each in near]
    )


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
    """Join terms; those of the same kind are taken in."""
    flat: list[Tree] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else [term])
    return kind(tuple(flat))
