"""Shapes of filters: what stays the same when only the compared texts change.

Identity providers send the same few filters with other values all the time.  A shape
is a filter with placeholders for the texts that ``eq`` compares with.  Its SQL is built
once, and executed with the texts as parameters.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from netpresenter_next.lib.text import fold
from netpresenter_next.scim.filters.ast import (
    And,
    Comparison,
    Element,
    Not,
    Or,
    Tree,
)
from netpresenter_next.scim.values import Placeholder


def split_filter(tree: Tree, kept: Collection[int] = ()) -> tuple[Tree, list[str]]:
    """Return the shape of a filter, and the texts that its placeholders stand for.

    The texts are numbered in the order of the filter; those in ``kept`` stay in the
    shape, because its SQL depends on them.
    """
    texts: list[str] = []

    def visit(tree: Tree) -> Tree:
        match tree:
            case And(terms) | Or(terms):
                return replace(tree, terms=tuple(map(visit, terms)))
            case Not(term):
                return Not(visit(term))
            case Element(path, condition):
                return Element(path, visit(condition))
            case Comparison(path, "eq", str(text)):
                texts.append(text)
                number = len(texts) - 1
                if number not in kept:
                    return Comparison(path, "eq", Placeholder(number))
        return tree

    return visit(tree), texts


def parameters_of(texts: list[str]) -> Mapping[str, str]:
    """Return the values of the parameters to which placeholders are compiled."""
    values = {}
    for number, text in enumerate(texts):
        placeholder = Placeholder(number)
        values[placeholder.parameter(is_folded=False)] = text
        values[placeholder.parameter(is_folded=True)] = fold(text)
    return values
