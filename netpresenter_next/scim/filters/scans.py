"""Detects conditions for which the database may have to read a whole table.

An equality of an indexed column, and a partial index, find few rows.  Everything else,
ranges included, may match every row and counts as a scan.  The check uses the SQL that
``compiler`` produced and the indexes of the tables, so there is no list of fast filters
to maintain.
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
    """How much the database has to read for a condition."""

    is_narrow: bool  # an index finds the few rows that can match
    walks: bool  # a subquery reads a whole table


def needs_scan(condition: ClauseElement) -> bool:
    """May the database have to read a whole table for this condition?"""
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
            # The subquery is executed completely, whatever the other conditions are.
            is_in = condition.operator is operators.in_op
            is_narrow = is_in and _is_indexed(condition.left, partly=False)
            return Reach(is_narrow, _walks(condition.right.element))
        case AsBoolean(operator=operators.is_true):
            return Reach(_is_indexed(condition.element, partly=True), False)
        case False_():
            return Reach(True, False)
    return Reach(False, False)


def _walks(selected: Any) -> bool:
    """Does this subquery read a whole table?"""
    if isinstance(selected, CompoundSelect):
        return any(map(_walks, selected.selects))
    return selected.whereclause is None or needs_scan(selected.whereclause)


def _is_indexed(element: Any, *, partly: bool) -> bool:
    """Is this a column with an index?  ``partly``: with a partial index."""
    if not isinstance(element, Column):
        return False
    (column,) = element.base_columns
    table = getattr(column, "table", None)
    return isinstance(table, Table) and column.name in _found_by(table, partly=partly)


@cache
def _found_by(table: Table, *, partly: bool) -> frozenset[str]:
    """Return the first column of each index; ``partly``: of each partial index."""
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
