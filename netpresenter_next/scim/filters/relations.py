"""Attributes that are stored in the membership table: ``members`` and ``groups``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal, select, true

from netpresenter_next.schema.characteristics import Attribute, Target
from netpresenter_next.scim.filters.sql import Condition, EntryCompiler, Operand
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    USERS,
    is_visible_group,
)


@dataclass(frozen=True)
class Relation:
    """One such attribute: the columns of its owner and of the referenced resource.

    ``is_shown`` is the condition for referenced resources that the attribute has.
    """

    own_id: ColumnElement[str]
    other_id: ColumnElement[str]
    other: Table
    other_type: str
    is_shown: Condition

    def make_entry_compiler(
        self, attribute: Attribute, locations: Mapping[str, str]
    ) -> EntryCompiler:
        """Return the operands of one value, to compile a filter inside brackets.

        ``locations`` maps the names of resource types to URI prefixes.
        """
        columns = self.other.c

        def operand(part: Attribute) -> Operand:
            if part.name == "$ref":
                return Operand(literal(locations[self.other_type]) + columns.id)
            if part.column is None:  # type, which is the same for all values
                return Operand(literal(part.canonical_values[0]))
            key = columns[part.key] if part.key else None
            return Operand(columns[part.column], key)

        return EntryCompiler(attribute, operand)

    def select_ids_where(self, condition: Condition) -> Select[Any]:
        """Select the ids of the resources with a value that matches the condition."""
        other = self.other.c.id == self.other_id
        return (
            select(self.own_id).join(self.other, other).where(condition, self.is_shown)
        )


# By the name of the referenced resource type.
RELATIONS: Mapping[str, Relation] = {
    "User": Relation(
        MEMBERSHIPS.c.group_id, MEMBERSHIPS.c.user_id, USERS, "User", true()
    ),
    "Group": Relation(
        MEMBERSHIPS.c.user_id,
        MEMBERSHIPS.c.group_id,
        GROUPS,
        "Group",
        is_visible_group(),
    ),
}


def relation_of(target: Target) -> Relation | None:
    """Return the relation for an attribute, or None."""
    related = target.attribute.related if target.attribute else None
    return RELATIONS[related] if related else None
