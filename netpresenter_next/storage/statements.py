"""Fixed statements, compiled once and executed by the driver itself.

SQLAlchemy takes several times longer for each execution than SQLite: it looks up the
compiled form, and makes a context and a result object.  For the statements of every
SCIM request this was the largest part of the whole cost, so they are kept here in their
compiled form, with the type processors of their columns.  What is executed is still the
SQL of the Core statement; there is no second copy of it.

Errors are those of SQLAlchemy, and the events ``before_cursor_execute`` and
``handle_error`` of the engine happen.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    JSON,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Update,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.types import TypeEngine

R = TypeVar("R")
Processor = Callable[[Any], Any]
Arguments = tuple[Any, ...]
_FETCH_ALL, _FETCH_ONE = methodcaller("fetchall"), methodcaller("fetchone")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one dialect and one set of parameters."""

    sql: str
    # For each placeholder: its parameter, or None with its constant value.
    places: Sequence[tuple[str | None, Any, Processor | None]]
    make_row: Callable[[Iterable[Any]], Any]
    # The columns whose stored values have another type than those of the rows.
    converted: Sequence[tuple[int, Processor]]

    def bind(self, values: Mapping[str, Any]) -> Arguments:
        """Return the values of all placeholders; raises KeyError for a missing one."""
        return tuple(
            [
                constant
                if name is None
                else values[name]
                if convert is None
                else convert(values[name])
                for name, constant, convert in self.places
            ]
        )

    def read(self, stored: Sequence[Any]) -> Any:
        """Return the row of the values that the driver read."""
        if not self.converted:
            return self.make_row(stored)
        values = list(stored)
        for index, convert in self.converted:
            values[index] = convert(values[index])
        return self.make_row(values)


class Statement(Generic[R]):
    """A fixed statement, with the type of its rows (see ``rows``).

    Give the values of its parameters by name; those of an INSERT are its columns.
    """

    def __init__(
        self, row_type: type[R], statement: Select[Any] | Insert | Update | Delete
    ) -> None:
        self._statement = statement
        self._compiled: WeakKeyDictionary[Dialect, dict[tuple[str, ...], Compiled]] = (
            WeakKeyDictionary()
        )

    def every(self, connection: Connection, /, **values: Any) -> list[R]:
        """Return all rows."""
        compiled = self._prepare(connection, values)
        arguments = compiled.bind(values)
        _, rows = execute(connection, compiled.sql, arguments, _FETCH_ALL)
        return [cast("R", compiled.read(each)) for each in rows]

    def first(self, connection: Connection, /, **values: Any) -> R | None:
        """Return the first row, if there is one."""
        compiled = self._prepare(connection, values)
        arguments = compiled.bind(values)
        cursor, found = execute(connection, compiled.sql, arguments, _FETCH_ONE)
        cursor.close()
        return None if found is None else cast("R", compiled.read(found))

    def one(self, connection: Connection, /, **values: Any) -> R:
        """Return the only row; raises NoResultFound and MultipleResultsFound."""
        rows = self.every(connection, **values)
        if not rows:
            raise NoResultFound("No row was found when one was required")
        if len(rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one was required")
        return rows[0]

    def scalar(self, connection: Connection, /, **values: Any) -> Any:
        """Return the first value of the first row; None if there is no row."""
        found: Any = self.first(connection, **values)
        return None if found is None else found[0]

    def scalars(self, connection: Connection, /, **values: Any) -> list[Any]:
        """Return the first value of each row."""
        rows: list[Any] = self.every(connection, **values)
        return [row[0] for row in rows]

    def run(self, connection: Connection, /, **values: Any) -> int:
        """Execute a statement that returns no rows; returns how many it changed."""
        compiled = self._prepare(connection, values)
        cursor, _ = execute(connection, compiled.sql, compiled.bind(values))
        return int(cursor.rowcount)

    def run_each(
        self, connection: Connection, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Execute a statement that returns no rows for each row of values.

        All rows need the same parameters.
        """
        compiled = self._prepare(connection, rows[0])
        execute(connection, compiled.sql, [compiled.bind(values) for values in rows])

    def _prepare(self, connection: Connection, values: Mapping[str, Any]) -> Compiled:
        if not connection.in_transaction():
            connection.begin()
        return self._compile_for(connection.dialect, tuple(values))

    def _compile_for(self, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
        try:
            return self._compiled[dialect][names]
        except KeyError:
            compiled = _compile(self._statement, dialect, names)
            self._compiled.setdefault(dialect, {})[names] = compiled
            return compiled


def list_of(parameter: str) -> Select[str]:
    """Return the texts in a parameter that is a list, as a subquery for IN.

    The statement is the same for any number of texts.
    """
    texts = func.json_each(bindparam(parameter, type_=JSON)).table_valued("value")
    return select(texts.c.value)


def execute(
    connection: Connection,
    sql: str,
    arguments: Arguments | list[Arguments] = (),
    fetch: Callable[[Any], Any] | None = None,
) -> tuple[Any, Any]:
    """Let the driver execute SQL; returns its cursor and what ``fetch`` got from it.

    With a list of arguments, it is executed for each of them.  No transaction is begun.
    Raises DBAPIError, also for an error while rows are fetched: SQLite finds them then.
    """
    cursor: Any = connection.connection.cursor()
    is_many = isinstance(arguments, list)
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, arguments, None, is_many)
    run = cursor.executemany if is_many else cursor.execute
    try:
        run(sql, arguments)
        return cursor, None if fetch is None else fetch(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        # The only way to the errors and events of SQLAlchemy.
        connection._handle_dbapi_exception(error, sql, arguments, cursor, None)


def _compile(
    statement: Select[Any] | Insert | Update | Delete,
    dialect: Dialect,
    names: tuple[str, ...],
) -> Compiled:
    is_insert = isinstance(statement, Insert)
    compiled = statement.compile(
        dialect=dialect,
        column_keys=list(names) if is_insert else None,
        compile_kwargs={"render_postcompile": True},
    )
    sql_compiler = cast(Any, compiled)
    places = []
    for name in sql_compiler.positiontup or ():
        bind = sql_compiler.binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if name in names:
            places.append((name, None, convert))
        elif bind.required:
            raise KeyError(name)
        else:
            value = bind.effective_value
            places.append((None, convert(value) if convert else value, None))
    columns = _describe_columns(statement)
    converters = (
        (index, column_type.dialect_impl(dialect).result_processor(dialect, None))
        for index, (_, column_type) in enumerate(columns)
    )
    row_class = namedtuple("Row", [name for name, _ in columns], rename=True)  # type: ignore[misc]
    return Compiled(
        str(compiled),
        places,
        row_class._make,
        [(index, convert) for index, convert in converters if convert],
    )


def _describe_columns(
    statement: Select[Any] | Insert | Update | Delete,
) -> list[tuple[str, TypeEngine[Any]]]:
    """Return the names and types of the columns of the rows."""
    described = (
        statement.column_descriptions
        if isinstance(statement, Select)
        else statement.returning_column_descriptions
    )
    return [(each["name"], each["type"]) for each in described]
