"""Random filter trees, in the form in which the parser returns them."""

from hypothesis import strategies as st

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.scim.filters.ast import (
    COMPARISONS,
    And,
    Comparison,
    Element,
    Not,
    Or,
    PatchPath,
    Present,
    Tree,
)
from netpresenter_next.scim.filters.parser import MOST_CONDITIONS_OF_PATH

URNS = (
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:x",
)
# All characters except NUL and lone surrogates, which a JSON text must not contain.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

NAMES = st.one_of(
    st.sampled_from(["userName", "emails", "and", "or", "pr", "eq", "true", "$ref"]),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True),
).filter(lambda name: name.lower() != "not")
PATHS = st.builds(Path, NAMES, st.none() | NAMES, st.none() | st.sampled_from(URNS))
LITERALS = st.one_of(
    TEXTS,
    st.booleans(),
    st.none(),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
LEAVES: st.SearchStrategy[Tree] = st.one_of(
    st.builds(Comparison, PATHS, st.sampled_from(COMPARISONS), LITERALS),
    st.builds(Present, PATHS),
)


def _joined(kind: type[And] | type[Or], terms: list[Tree]) -> Tree:
    flat: list[Tree] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else [term])
    return kind(tuple(flat))


def conditions(tree: Tree) -> int:
    """Count the conditions of a tree, each value filter as one more."""
    match tree:
        case And(terms) | Or(terms):
            return sum(conditions(each) for each in terms)
        case Not(term):
            return conditions(term)
        case Element(_, condition):
            return 1 + conditions(condition)
    return 1


def _larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(Element, PATHS, inner),
        several.map(lambda terms: _joined(And, terms)),
        several.map(lambda terms: _joined(Or, terms)),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=8)
# The value filter of a path may contain fewer conditions.
SMALL_TREES = st.recursive(LEAVES, _larger, max_leaves=3).filter(
    lambda tree: conditions(tree) <= MOST_CONDITIONS_OF_PATH
)


def _patch_path(path: Path, condition: Tree | None, part: str | None) -> PatchPath:
    # Without a value filter, the sub-attribute belongs to the path.
    return PatchPath(path, condition, part if condition is not None else None)


PATCH_PATHS = st.builds(_patch_path, PATHS, st.none() | SMALL_TREES, st.none() | NAMES)
