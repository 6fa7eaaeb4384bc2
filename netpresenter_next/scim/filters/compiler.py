"""Compiles a filter to a condition in SQL, with the help of the attribute tables.

An attribute with a derived column is compared in that column, by index; ``members`` and
``groups`` in the membership table; everything else in the stored document, with the
JSON functions of SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    TableValuedAlias,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from netpresenter_next.lib.text import fold
from netpresenter_next.schema.characteristics import Attribute, Path, Schema, Target
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters.ast import Comparison, Element, Present, Tree
from netpresenter_next.scim.filters.relations import RELATIONS, relation_of
from netpresenter_next.scim.filters.sql import (
    Condition,
    EntryCompiler,
    Leaf,
    Operand,
    compile_comparison,
    compile_tree,
    extract,
    find_equalities,
    negate_if,
    refuse_null_order,
    rewrite_ne,
    to_compared_form,
    to_json_path,
)
from netpresenter_next.scim.values import (
    convert_literal,
    find_compared_attribute,
    read_literal,
)
from netpresenter_next.storage.models import USERS, is_visible


@dataclass(frozen=True)
class FilterCompiler:
    """Compiles filters for one resource type.

    ``locations`` maps the names of resource types to the URI prefixes of resources.
    """

    resource_type: ResourceType
    locations: Mapping[str, str]

    def compile(self, tree: Tree) -> Condition:
        """Compile a filter; raises InvalidFilter if it does not suit the attributes."""
        return compile_tree(tree, self._compile_leaf)

    def compile_member_filter(self, inner: Tree) -> Condition:
        """Compile the filter inside ``members[...]`` to a condition on people.

        Raises InvalidFilter.
        """
        members = self.resource_type.schema.by_name["members"]
        return (
            RELATIONS["User"]
            .make_entry_compiler(members, self.locations)
            .compile(inner)
        )

    def compile_sort_key(self, path: Path) -> ColumnElement[Any]:
        """Return the expression to sort by (RFC 7644, 3.4.2.3); NULL without a value.

        Of a multi-valued attribute, the primary value is used, else the first one.
        Raises InvalidFilter for attributes that cannot be sorted by.
        """
        target, attribute = self._resolve(path)
        if relation_of(target) or target.is_core("schemas"):
            raise InvalidFilter(f"Sorting by {attribute.name} is not supported.")
        part = find_compared_attribute(target)
        if not attribute.multi_valued:
            return to_compared_form(self._make_operand(target, attribute, part), part)
        entries = self._expand_entries(target, attribute)
        if part is attribute:
            chosen = select(to_compared_form(Operand(entries.c.value), part)).order_by(
                entries.c.key
            )
        else:
            value = Operand(extract(entries.c.value, part.name))
            primary = func.coalesce(extract(entries.c.value, "primary"), 0)
            chosen = select(to_compared_form(value, part)).order_by(
                primary.desc(), entries.c.key
            )
        return chosen.limit(1).scalar_subquery()

    @property
    def _columns(self) -> Any:
        return self.resource_type.table.c

    def _resolve(self, path: Path) -> tuple[Target, Attribute]:
        target = self.resource_type.resolve(path)
        if target is None or target.attribute is None:
            raise InvalidFilter(
                f"{path} is not an attribute of {self.resource_type.name}."
            )
        if target.attribute.returned == "never":
            raise InvalidFilter(f"{target.name} cannot be used in a filter.")
        return target, target.attribute

    def _compile_leaf(self, leaf: Leaf, negated: bool) -> Condition:
        target, attribute = self._resolve(leaf.path)
        if isinstance(leaf, Element):
            return self._compile_element(leaf, target, attribute, negated)
        if target.is_core("schemas"):
            return self._compile_schemas(leaf, negated)
        if attribute.multi_valued:
            return self._compile_any_entry(leaf, target, attribute, negated)
        if isinstance(leaf, Present) and target.is_core("meta") and not target.part:
            return false() if negated else true()
        if isinstance(leaf, Present) and target.part is None and attribute.is_complex:
            whole = extract(self._columns.document, *_document_keys(target))
            return negate_if(whole.is_not(None), negated=negated)
        part = find_compared_attribute(target)
        operand = self._make_operand(target, attribute, part)
        return compile_comparison(leaf, part, operand, negated=negated)

    # ------------------------------------------------------------- single values
    def _make_operand(
        self, target: Target, attribute: Attribute, part: Attribute
    ) -> Operand:
        """Return the expression for a single-valued attribute or its sub-attribute."""
        key = self._columns[part.key] if part.key else None
        if part.column is not None:
            return Operand(self._columns[part.column], key)
        if target.is_core("meta"):
            return self._meta_operand(part)
        if attribute.name == "manager" and part.is_read_only:
            return self._manager_operand(part)
        names = _document_keys(Target(target.extension, attribute))
        if part is not attribute:
            names.append(part.name)
        return Operand(extract(self._columns.document, *names), key)

    def _meta_operand(self, part: Attribute) -> Operand:
        if part.name == "resourceType":
            return Operand(literal(self.resource_type.name))
        if part.name == "location":
            prefix = self.locations[self.resource_type.name]
            return Operand(literal(prefix) + self._columns.id)
        raise InvalidFilter("Filters on meta.version are not supported: use If-Match.")

    def _manager_operand(self, part: Attribute) -> Operand:
        """Return the expression for a computed sub-attribute of a visible manager."""
        manager = USERS.alias()
        value: ColumnElement[Any] = manager.c.display_name
        if part.name == "$ref":
            value = literal(self.locations["User"]) + manager.c.id
        found = select(value).where(
            manager.c.id == USERS.c.manager_id, is_visible(manager)
        )
        return Operand(found.correlate(USERS).scalar_subquery())

    def _compile_schemas(self, leaf: Comparison | Present, negated: bool) -> Condition:
        """Compile ``schemas``: the core schema, and the extensions in the document."""
        if isinstance(leaf, Present):
            return negate_if(true(), negated=negated)
        literal = read_literal(leaf.literal)
        if leaf.operator not in ("eq", "ne") or not isinstance(literal, str):
            raise InvalidFilter("schemas can only be compared with eq and ne.")
        named = self.resource_type.schema_of(literal)
        matching = (
            self._has_schema(schema)
            for schema in self.resource_type.schemas
            if (schema is named) == (leaf.operator == "eq")
        )
        return negate_if(or_(false(), *matching), negated=negated)

    def _has_schema(self, schema: Schema) -> Condition:
        """Return the condition that the resource has this schema."""
        if schema is self.resource_type.schema:
            return true()
        return extract(self._columns.document, schema.id).is_not(None)

    # ------------------------------------------------------------ several values
    def _compile_any_entry(
        self,
        leaf: Comparison | Present,
        target: Target,
        attribute: Attribute,
        negated: bool,
    ) -> Condition:
        """Compile a comparison that any value may match (RFC 7644, 3.4.2.2).

        ``a.b ne "x"`` is the same as ``a[b ne "x"]``.  ``a eq null`` means that there
        is no value.
        """
        if isinstance(leaf, Comparison) and leaf.literal is None:
            leaf, negated = rewrite_ne(leaf, negated=negated)
            refuse_null_order(leaf)
            return self._compile_any_entry(
                Present(leaf.path), target, attribute, not negated
            )
        if isinstance(leaf, Present) and target.part is None:
            return negate_if(
                self._compile_exists(target, attribute, None), negated=negated
            )
        part = find_compared_attribute(target)
        path = Path(part.name if attribute.is_complex else "value")
        inner: Tree = Present(path)
        if isinstance(leaf, Comparison):
            inner = Comparison(path, leaf.operator, leaf.literal)
        return negate_if(
            self._compile_exists(target, attribute, inner), negated=negated
        )

    def _compile_element(
        self, leaf: Element, target: Target, attribute: Attribute, negated: bool
    ) -> Condition:
        if target.part is not None or not (
            attribute.is_complex or attribute.multi_valued
        ):
            raise InvalidFilter(f"{target.name} has no sub-attributes.")
        if not attribute.multi_valued:
            entry = EntryCompiler(
                attribute, lambda part: self._make_operand(target, attribute, part)
            )
            return entry.compile(leaf.condition, negated=negated)
        matches = self._compile_exists(target, attribute, leaf.condition)
        candidates = (
            None if negated else self._compile_index_search(attribute, leaf.condition)
        )
        return (
            negate_if(matches, negated=negated)
            if candidates is None
            else and_(candidates, matches)
        )

    def _compile_exists(
        self, target: Target, attribute: Attribute, inner: Tree | None
    ) -> Condition:
        """Return the condition that a value matches ``inner``, or that there is one."""
        relation = relation_of(target)
        if relation is not None:
            entry = relation.make_entry_compiler(attribute, self.locations)
            matches = entry.compile(inner) if inner else true()
            return self._columns.id.in_(relation.select_ids_where(matches))  # type: ignore[no-any-return]
        entries = self._expand_entries(target, attribute)

        def operand(part: Attribute) -> Operand:
            value = entries.c.value
            return Operand(value if part is attribute else extract(value, part.name))

        matches = EntryCompiler(attribute, operand).compile(inner) if inner else true()
        return exists(select(literal(1)).select_from(entries).where(matches))

    def _expand_entries(self, target: Target, attribute: Attribute) -> TableValuedAlias:
        """Return the values of a multi-valued attribute in the document, as rows."""
        path = to_json_path(*_document_keys(Target(target.extension, attribute)))
        entries = func.json_each(self._columns.document, path)
        return entries.table_valued("key", "value").alias()

    def _compile_index_search(
        self, attribute: Attribute, inner: Tree
    ) -> Condition | None:
        """Return a condition that finds the candidates by index, or None.

        It exists for ``path[type eq "..." and value eq "..."]`` with an index of that
        type.
        """
        index = attribute.index
        if index is None:
            return None
        compared = find_equalities(inner, attribute)
        value = attribute.find_part("value")
        if value is None or compared.get("value") is None:
            return None
        if fold(str(read_literal(compared.get("type")))) != index.type:
            return None
        wanted = convert_literal(value, "eq", compared["value"])
        ids, key, more = (self._columns[name] for name in ("id", index.key, index.more))
        # Two index searches.  For an OR, SQLite would scan the table in order of ids.
        by_key = select(ids).where(key == wanted)
        return ids.in_(by_key.union_all(select(ids).where(more)))  # type: ignore[no-any-return]


def _document_keys(target: Target) -> list[str]:
    """Return the keys that lead to an attribute in the document."""
    names = [target.extension.id] if target.extension else []
    return names + [each.name for each in (target.attribute, target.part) if each]
