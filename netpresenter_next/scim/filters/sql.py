"""Comparisons in SQL, and their combination with and, or and not.

SQL's NULL must not make a negated condition fail: ``not`` is pushed down to the
comparisons, where a missing value counts as different.  For a single value, ``ne`` is
the opposite of ``eq``; of several values, it is enough that one differs.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, or_

from netpresenter_next.schema.characteristics import Attribute
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters.ast import (
    And,
    Comparison,
    Element,
    Not,
    Or,
    Present,
    Tree,
)
from netpresenter_next.scim.filters.in_memory import part_of
from netpresenter_next.scim.values import Literal, Placeholder, convert_literal
from netpresenter_next.storage.timestamp_type import Timestamp

Condition = ColumnElement[bool]
Leaf = Comparison | Present | Element


@dataclass(frozen=True)
class Operand:
    """The value of an attribute in SQL; ``folded`` is a column with its folded form."""

    value: ColumnElement[Any]
    folded: ColumnElement[Any] | None = None


def compile_tree(
    tree: Tree, leaf: Callable[[Leaf, bool], Condition], *, negated: bool = False
) -> Condition:
    """Compile a tree; ``leaf`` compiles a comparison or, if negated, its opposite."""
    match tree:
        case And(terms) | Or(terms):
            join = and_ if isinstance(tree, And) != negated else or_
            return join(*(compile_tree(each, leaf, negated=negated) for each in terms))
        case Not(term):
            return compile_tree(term, leaf, negated=not negated)
        case _:
            return leaf(tree, negated)


def find_equalities(
    inner: Tree, attribute: Attribute
) -> Mapping[str, Literal | Placeholder]:
    """Return what a filter for one value requires, by the name of the sub-attribute."""
    terms = inner.terms if isinstance(inner, And) else (inner,)
    return {
        part_of(attribute, each.path).name: each.literal
        for each in terms
        if isinstance(each, Comparison) and each.operator == "eq"
    }


def negate_if(condition: Condition, *, negated: bool) -> Condition:
    """Negate the condition if ``negated``; the condition must never be NULL."""
    return ~condition if negated else condition


@dataclass(frozen=True)
class EntryCompiler:
    """Compiles filters inside brackets, for one value of an attribute."""

    attribute: Attribute
    operand: Callable[[Attribute], Operand]

    def compile(self, inner: Tree, *, negated: bool = False) -> Condition:
        """Compile a filter for this value; raises InvalidFilter."""
        return compile_tree(inner, self._compile_leaf, negated=negated)

    def _compile_leaf(self, leaf: Leaf, negated: bool) -> Condition:
        if isinstance(leaf, Element):
            raise InvalidFilter(f"{leaf} is nested where nesting is not allowed.")
        part = part_of(self.attribute, leaf.path)
        return compile_comparison(leaf, part, self.operand(part), negated=negated)


def compile_comparison(
    leaf: Comparison | Present, part: Attribute, operand: Operand, *, negated: bool
) -> Condition:
    """Compile a comparison with one value; raises InvalidFilter.

    If negated, a missing value matches.
    """
    if isinstance(leaf, Present):
        return negate_if(operand.value.is_not(None), negated=negated)
    leaf, negated = rewrite_ne(leaf, negated=negated)
    if leaf.literal is None:
        refuse_null_order(leaf)
        return negate_if(operand.value.is_(None), negated=negated)
    wanted = convert_literal(part, leaf.operator, leaf.literal)
    left = to_compared_form(operand, part)
    condition: Condition = _COMPARISONS[leaf.operator](left, wanted)
    return or_(left.is_(None), ~condition) if negated else condition


def rewrite_ne(leaf: Comparison, *, negated: bool) -> tuple[Comparison, bool]:
    """Return ``ne`` as a negated ``eq``; other operators unchanged."""
    if leaf.operator != "ne":
        return leaf, negated
    return Comparison(leaf.path, "eq", leaf.literal), not negated


def refuse_null_order(comparison: Comparison) -> None:
    """Raise InvalidFilter if null is compared with an operator other than ``eq``."""
    if comparison.operator != "eq":
        raise InvalidFilter("null can only be compared with eq and ne.")


def to_compared_form(operand: Operand, part: Attribute) -> ColumnElement[Any]:
    """Return the form of a value that is compared and sorted."""
    if part.type == "dateTime" and part.column is None:
        return func.scim_timestamp(operand.value, type_=Timestamp)
    if part.case_exact or part.type not in ("string", "reference"):
        return operand.value
    if operand.folded is not None:
        return operand.folded
    return func.scim_fold(operand.value, type_=String)


def to_json_path(*names: str) -> str:
    """Return a JSON path for SQL; names must come from the attribute tables."""
    return "$" + "".join(f'."{name}"' for name in names)


def extract(document: ColumnElement[Any], *names: str) -> ColumnElement[Any]:
    """Return the expression for a value in a JSON document."""
    return func.json_extract(document, to_json_path(*names), type_=String)


def _contains(left: ColumnElement[Any], text: str) -> Condition:
    return func.instr(left, text) > 0


def _starts(left: ColumnElement[Any], text: str) -> Condition:
    """Compile ``sw`` as a range, for which an index can be used."""
    if not text:
        return left.is_not(None)
    after = _find_text_after(text)
    return left >= text if after is None else and_(left >= text, left < after)


def _find_text_after(prefix: str) -> str | None:
    """Return the smallest string greater than all with this prefix, or None."""
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1]) + 1
        if code <= 0x10FFFF:
            code = 0xE000 if code == 0xD800 else code  # skip the surrogates
            return prefix[: end - 1] + chr(code)
    return None


def _ends(left: ColumnElement[Any], text: str) -> Condition:
    start = func.length(left) - len(text) + 1
    return and_(start > 0, func.substr(left, start) == text)


_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "co": _contains,
    "sw": _starts,
    "ew": _ends,
}
