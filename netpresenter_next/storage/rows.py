"""Rows with the types of their columns.

SQLAlchemy Core does not tell a type checker which columns a row has, so a misspelt one
would pass.  Here the rows of a result are declared to be of a class with the columns: a
mapped class, or a small class of annotations beside the statement.  Only the checker
sees that; the row stays SQLAlchemy's, and no object is built for it.

A row with more columns than its table has a subclass with ``__abstract__ = True``, of
which SQLAlchemy makes no table.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Result

R = TypeVar("R")


def one(of: type[R], found: Result[Any]) -> R:
    """Return the only row; raises NoResultFound and MultipleResultsFound."""
    return cast("R", found.one())


def first(of: type[R], found: Result[Any]) -> R | None:
    """Return the first row, if there is one."""
    return cast("R | None", found.first())


def every(of: type[R], found: Result[Any]) -> Sequence[R]:
    """Return all rows."""
    return cast("Sequence[R]", found.all())
