"""Typed rows of SQLAlchemy Core.

SQLAlchemy Core does not tell a type checker which columns a row has, so a misspelt
column would pass.  These functions declare the type of the rows of a result: a mapped
class, or a small class of annotations beside the statement.  Only the type checker
uses it; at run time the rows are those of SQLAlchemy, and no objects are built.

For a row with more columns than its table, use a subclass with ``__abstract__ = True``,
for which SQLAlchemy makes no table.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Result

R = TypeVar("R")


def one(row_type: type[R], result: Result[Any]) -> R:
    """Return the only row; raises NoResultFound and MultipleResultsFound."""
    return cast("R", result.one())


def first(row_type: type[R], result: Result[Any]) -> R | None:
    """Return the first row, if there is one."""
    return cast("R | None", result.first())


def every(row_type: type[R], result: Result[Any]) -> Sequence[R]:
    """Return all rows."""
    return cast("Sequence[R]", result.all())
