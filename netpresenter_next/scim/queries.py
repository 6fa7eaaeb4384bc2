"""The statements of lists, compiled once for each shape of a filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.schema.resource_types import ResourceType, ResourceTypes
from netpresenter_next.scim.errors import InvalidValue
from netpresenter_next.scim.filters.ast import Tree
from netpresenter_next.scim.filters.compiler import FilterCompiler
from netpresenter_next.scim.filters.scans import needs_scan
from netpresenter_next.scim.filters.shapes import parameters_of, split_filter
from netpresenter_next.scim.filters.sql import Condition
from netpresenter_next.scim.handlers.by_type import handler_of
from netpresenter_next.scim.reading import Reader, make_filter_compiler
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim.values import NeedsText
from netpresenter_next.storage.models import ResourceRow
from netpresenter_next.storage.statements import Statement

# More than identity providers use: each has a few filters.
MOST_SHAPES = 256
# The most texts on which the SQL of a shape may depend; other filters are not kept.
MOST_KEPT = 4


@dataclass(frozen=True)
class Order:
    """The order of a list: by an attribute, or by id without one."""

    path: Path | None = None
    descending: bool = False
    # Resources of a type that does not have the attribute count as without a value.
    is_optional: bool = False


@dataclass(frozen=True)
class Query:
    """The resources of one type that meet a condition, in an order.

    The condition has a parameter for each text that the shape of its filter leaves out.
    """

    compiler: FilterCompiler
    condition: Condition
    order: Order

    @property
    def resource_type(self) -> ResourceType:
        """The type of the resources."""
        return self.compiler.resource_type

    @cached_property
    def may_scan(self) -> bool:
        """May the database have to read a whole table to find the resources?"""
        return needs_scan(self.condition)

    @cached_property
    def sort_key(self) -> ColumnElement[Any] | None:
        """The expression to sort by; None for the order of ids.

        Raises InvalidValue and InvalidFilter for attributes that cannot be sorted by.
        """
        path = self.order.path
        if path is None:
            return None
        if self.resource_type.resolve(path) is None:
            if self.order.is_optional:
                return None
            raise InvalidValue(f"sortBy: {path} is not an attribute of the resources.")
        return self.compiler.compile_sort_key(path)

    @cached_property
    def page(self) -> Statement[ResourceRow]:
        """The statement of a page, with the parameters ``limit`` and ``offset``."""
        page = self.select().limit(bindparam("limit")).offset(bindparam("offset"))
        return Statement(ResourceRow, page)

    @cached_property
    def page_after(self) -> Statement[ResourceRow]:
        """The statement of a page in the order of ids, after the id ``after``."""
        is_later = self.resource_type.table.c.id > bindparam("after")
        return Statement(
            ResourceRow, self.select().where(is_later).limit(bindparam("limit"))
        )

    @cached_property
    def count(self) -> Statement[tuple[int, ...]]:
        """The statement that counts the resources."""
        table = self.resource_type.table
        count = select(func.count()).select_from(table).where(self.condition)
        return Statement(tuple, count)

    def select(self) -> Select[Any]:
        """Select the rows in the requested order, and those with equal values by id.

        Without the id, pages could overlap or have gaps.  Resources without a value are
        last, or first if descending (RFC 7644, 3.4.2.3).
        """
        columns = handler_of(self.resource_type).columns
        by_id = self.resource_type.table.c.id
        statement = select(*columns).where(self.condition)
        key = self.sort_key
        if key is None:
            return statement.order_by(by_id)
        descending = self.order.descending
        order = key.desc().nulls_first() if descending else key.asc().nulls_last()
        return statement.add_columns(key.label("sort_key")).order_by(order, by_id)


class BoundQuery(NamedTuple):
    """A query, and the parameters with the texts of one filter."""

    query: Query
    parameters: Mapping[str, str]


def bind_query(
    reader: Reader, resource_type: ResourceType, tree: Tree | None, order: Order
) -> BoundQuery:
    """Return the query for a filter, or for all resources; raises InvalidFilter."""
    key = (reader.resource_types, reader.serializer, resource_type, order)
    kept: set[int] = set()
    while len(kept) <= MOST_KEPT:
        shape, texts = (None, []) if tree is None else split_filter(tree, kept)
        compiled = _compile_shape(*key, shape)
        if isinstance(compiled, Query):
            return BoundQuery(compiled, parameters_of(texts))
        kept.add(compiled)
    return BoundQuery(_compile(*key, tree), {})


@lru_cache(maxsize=MOST_SHAPES)
def _compile_shape(
    resource_types: ResourceTypes,
    serializer: Serializer,
    resource_type: ResourceType,
    order: Order,
    shape: Tree | None,
) -> Query | int:
    """Return the query, or the number of a text that its SQL depends on."""
    try:
        return _compile(resource_types, serializer, resource_type, order, shape)
    except NeedsText as needed:
        return needed.number


def _compile(
    resource_types: ResourceTypes,
    serializer: Serializer,
    resource_type: ResourceType,
    order: Order,
    tree: Tree | None,
) -> Query:
    compiler = make_filter_compiler(resource_types, serializer, resource_type)
    condition = handler_of(resource_type).visible
    if tree is not None:
        condition = and_(compiler.compile(tree), condition)
    return Query(compiler, condition, order)
