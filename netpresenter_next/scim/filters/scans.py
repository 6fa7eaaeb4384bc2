"""Which conditions make the database read everybody, told from their SQL.

An index finds whoever has a value; anything else may be true of all, a range too, so
it is counted as a scan.  Nobody writes a list of good filters: what is asked here is
what ``query`` compiled, and which columns the tables have an index for.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ClauseElement, Column, CompoundSelect, Index, Table
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    AsBoolean,
    BinaryExpression,
    BooleanClauseList,
    False_,
    Grouping,
)


@dataclass(frozen=True)
class Reach:
    """How much a condition makes the database read."""

    is_narrow: bool  # an index finds the few rows for which it can be true
    walks: bool  # inside, another table is read from end to end


def needs_scan(condition: ClauseElement) -> bool:
    """May it take reading everybody to find what fits?"""
    reach = _reach(condition)
    return reach.walks or not reach.is_narrow


def _reach(condition: Any) -> Reach:
    match condition:
        case Grouping():
            return _reach(condition.element)
        case BooleanClauseList():
            each = [_reach(part) for part in condition.clauses]
            narrow = any if condition.operator is operators.and_ else all
            return Reach(
                narrow(part.is_narrow for part in each),
                any(part.walks for part in each),
            )
        case BinaryExpression(operator=operators.eq):
            return Reach(_is_indexed(condition.left, partly=False), False)
        case BinaryExpression(operator=operators.in_op | operators.not_in_op):
            # What is in the brackets is read whole, however few are asked for.
            is_in = condition.operator is operators.in_op
            is_narrow = is_in and _is_indexed(condition.left, partly=False)
            return Reach(is_narrow, _walks(condition.right.element))
        case AsBoolean(operator=operators.is_true):
            return Reach(_is_indexed(condition.element, partly=True), False)
        case False_():
            return Reach(True, False)
    return Reach(False, False)


def _walks(selected: Any) -> bool:
    """Is a table read from end to end by this?"""
    if isinstance(selected, CompoundSelect):
        return any(map(_walks, selected.selects))
    return selected.whereclause is None or needs_scan(selected.whereclause)


def _is_indexed(element: Any, *, partly: bool) -> bool:
    """Are rows found by this column?  ``partly``: those where it is true."""
    if not isinstance(element, Column):
        return False
    (column,) = element.base_columns
    table = getattr(column, "table", None)
    return isinstance(table, Table) and column.name in _found_by(table, partly=partly)


@cache
def _found_by(table: Table, *, partly: bool) -> frozenset[str]:
    """Return the first column of each index; ``partly``: of those with a condition."""
    found = {
        next(iter(index.columns)).name
        for index in table.indexes
        if _is_partial(index) == partly
    }
    if not partly:
        found.add(next(iter(table.primary_key.columns)).name)
        found |= {column.name for column in table.columns if column.unique}
    return frozenset(found)


def _is_partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None
