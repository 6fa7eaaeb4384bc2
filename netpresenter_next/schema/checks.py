"""Checks the attribute tables against the rules when the application starts."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Table

from netpresenter_next.config.options import ConfigError
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.rules import RULES, PlacedAttribute


class UnsupportedAttribute(ConfigError):
    """An attribute table declares something that the service does not enforce."""


def check_tables(resource_types: Iterable[ResourceType]) -> None:
    """Refuse attribute tables that declare what the service does not enforce.

    Raises UnsupportedAttribute with the name of the attribute and what is wrong.
    """
    types = tuple(resource_types)
    for each in types:
        others = {other.name: other.table for other in types if other is not each}
        for name, placed in _walk_attributes(each, others):
            for rule in RULES:
                if rule.is_broken(placed.attribute, placed):
                    raise UnsupportedAttribute(f"{name}: {rule.message}.")
        _refuse_duplicates(each, others)


def _walk_attributes(
    resource_type: ResourceType, others: dict[str, Table]
) -> Iterator[tuple[str, PlacedAttribute]]:
    for target in resource_type.targets:
        whole = target.attribute
        if whole is None:
            continue
        is_core, own = target.extension is None, resource_type.table
        yield target.name, PlacedAttribute(whole, None, is_core, own, tuple(others))
        table = others.get(whole.related or "", own)
        for part in whole.parts:
            placed = PlacedAttribute(part, whole, is_core, table, tuple(others))
            yield f"{target.name}.{part.name}", placed


def _refuse_duplicates(resource_type: ResourceType, others: dict[str, Table]) -> None:
    """Refuse names that are declared twice, and columns used by two attributes."""
    names: set[str] = set()
    columns: set[str] = set()
    for name, placed in _walk_attributes(resource_type, others):
        if name.lower() in names:
            raise UnsupportedAttribute(f"{name}: it is declared twice.")
        names.add(name.lower())
        for column in placed.columns() if placed.table is resource_type.table else ():
            if column in columns:
                raise UnsupportedAttribute(f"{name}: {column} is another's column.")
            columns.add(column)
