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
class ReadCost:
    """How much the database has to read for a condition."""

    is_narrow: bool  # an index finds the few rows that can match
    scans_table: bool  # a subquery reads a whole table


def needs_scan(condition: ClauseElement) -> bool:
    """May the database have to read a whole table for this condition?"""
    cost = _estimate(condition)
    return cost.scans_table or not cost.is_narrow


def _estimate(condition: Any) -> ReadCost:
    match condition:
        case Grouping():
            return _estimate(condition.element)
        case BooleanClauseList():
            each = [_estimate(part) for part in condition.clauses]
            narrow = any if condition.operator is operators.and_ else all
            return ReadCost(
                narrow(part.is_narrow for part in each),
                any(part.scans_table for part in each),
            )
        case BinaryExpression(operator=operators.eq):
            return ReadCost(_is_indexed(condition.left, partly=False), False)
        case BinaryExpression(operator=operators.in_op | operators.not_in_op):
            # The subquery is executed completely, whatever the other conditions are.
            is_in = condition.operator is operators.in_op
            is_narrow = is_in and _is_indexed(condition.left, partly=False)
            return ReadCost(is_narrow, _scans_table(condition.right.element))
        case AsBoolean(operator=operators.is_true):
            return ReadCost(_is_indexed(condition.element, partly=True), False)
        case False_():
            return ReadCost(True, False)
    return ReadCost(False, False)


def _scans_table(selected: Any) -> bool:
    """Does this subquery read a whole table?"""
    if isinstance(selected, CompoundSelect):
        return any(map(_scans_table, selected.selects))
    return selected.whereclause is None or needs_scan(selected.whereclause)


def _is_indexed(element: Any, *, partly: bool) -> bool:
    """Is this a column with an index?  ``partly``: with a partial index."""
    if not isinstance(element, Column):
        return False
    (column,) = element.base_columns
    table = getattr(column, "table", None)
    return isinstance(table, Table) and column.name in _find_indexed_columns(
        table, partly=partly
    )


@cache
def _find_indexed_columns(table: Table, *, partly: bool) -> frozenset[str]:
    """Return the first column of each index; ``partly``: of each partial index."""
    names = {
        next(iter(index.columns)).name
        for index in table.indexes
        if _is_partial(index) == partly
    }
    if not partly:
        names.add(next(iter(table.primary_key.columns)).name)
        names |= {column.name for column in table.columns if column.unique}
    return frozenset(names)


def _is_partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None
