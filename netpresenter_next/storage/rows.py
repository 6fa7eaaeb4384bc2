"""Rows with the types of their columns.

SQLAlchemy Core does not tell a type checker which columns a row has, so a misspelt one
would pass.  Here a statement is run, and its rows are declared to be of a class with
the columns: a mapped class, or a small class of annotations beside the statement.  Only
the checker sees that; the row stays SQLAlchemy's, and no object is built for it.

A row with more columns than its table has a subclass with ``__abstract__ = True``, of
which SQLAlchemy makes no table.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable

R = TypeVar("R")
Parameters = Mapping[str, Any] | None


def one(
    of: type[R], connection: Connection, query: Executable, given: Parameters = None
) -> R:
    """Return the only row; raises NoResultFound and MultipleResultsFound."""
    return cast("R", connection.execute(query, given).one())


def first(
    of: type[R], connection: Connection, query: Executable, given: Parameters = None
) -> R | None:
    """Return the first row, if there is one."""
    return cast("R | None", connection.execute(query, given).first())


def every(
    of: type[R], connection: Connection, query: Executable, given: Parameters = None
) -> Sequence[R]:
    """Return all rows."""
    return cast("Sequence[R]", connection.execute(query, given).all())
