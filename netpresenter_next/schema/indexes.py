"""Adds an indexed column to the table for each ``indexed`` attribute."""

import re
from dataclasses import replace

from sqlalchemy import Column, ColumnElement, String, Table, func, update
from sqlalchemy.dialects import sqlite

from netpresenter_next.schema.characteristics import Attribute, Schema
from netpresenter_next.schema.checks import UnsupportedAttribute
from netpresenter_next.storage.database import FILL


def add_indexes(table: Table, schema: Schema, *, is_core: bool) -> Schema:
    """Add a column for each ``indexed`` attribute, and name it in the attribute.

    It is called ``<name>_key`` and holds the value, case-folded unless the attribute is
    caseExact.  Raises UnsupportedAttribute if the table already has such a column.
    """
    attributes = tuple(
        _add_index(table, each, () if is_core else (schema.id,))
        if each.indexed
        else each
        for each in schema.attributes
    )
    return replace(schema, attributes=attributes)


def _add_index(
    table: Table, attribute: Attribute, holders: tuple[str, ...]
) -> Attribute:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", attribute.name).lower() + "_key"
    if name in table.c:
        raise UnsupportedAttribute(
            f"{attribute.name}: {table.name} has a column {name}."
        )
    is_unique = attribute.uniqueness == "server"
    column = Column(
        name,
        String,
        nullable=True,
        unique=is_unique or None,
        index=not is_unique,
    )
    table.append_column(column)
    column.info[FILL] = _make_fill_statement(
        table, name, attribute, (*holders, attribute.name)
    )
    if attribute.case_exact:
        return replace(attribute, column=name)
    return replace(attribute, key=name)


def _make_fill_statement(
    table: Table, column: str, attribute: Attribute, path: tuple[str, ...]
) -> str:
    """Return the SQL text that fills the column in all rows.

    It becomes part of a migration, so it must not depend on code that may change.
    """
    where = "$" + "".join(f'."{name}"' for name in path)
    value: ColumnElement[str] = func.json_extract(table.c.document, where)
    folded = value if attribute.case_exact else func.scim_fold(value)
    statement = update(table).values({column: folded})
    compiled = statement.compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    return str(compiled)
