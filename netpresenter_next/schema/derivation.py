"""Derives, from a resource document, the columns for searching and joining.

What the attribute tables declare about columns is collected once, in a form that is
fast to apply, because columns are derived at every write.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from netpresenter_next.lib import names
from netpresenter_next.lib.names import skeleton
from netpresenter_next.lib.text import as_guid, fold, make_sort_key
from netpresenter_next.schema.characteristics import (
    Attribute,
    Document,
    EntryIndex,
    Schema,
)

# The nested names that lead to a value in a document.
Names = tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    """How the columns of one table are derived."""

    # Attribute names with the column for the value, and for the value case-folded.
    values: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]
    # Both columns for values inside an extension or a complex attribute.
    inner_values: tuple[tuple[Names, str | None, str | None], ...]
    entries: tuple[tuple[str, EntryIndex], ...]
    # Columns that are computed from the document and those columns.
    computed: tuple[tuple[str, Callable[[Document, Document], Any]], ...]

    def derive(self, document: Document) -> dict[str, Any]:
        """Return the derived columns, and the column ``document`` itself."""
        columns: dict[str, Any] = {"document": document}
        for name, column in self.values:
            columns[column] = document.get(name)
        for name, column in self.keys:
            value = document.get(name)
            columns[column] = None if value is None else fold(value)
        for path, holder, key in self.inner_values:
            _set_columns(columns, _read_value(document, path), holder, key)
        for name, index in self.entries:
            found = values_of_type(document.get(name, ()), index.type)
            _set_columns(columns, found[0] if found else None, index.column, index.key)
            columns[index.more] = len(found) > 1
        for column, compute in self.computed:
            columns[column] = compute(document, columns)
        return columns


def derivation_of(core: Schema, extensions: Sequence[Schema] = ()) -> Derivation:
    """Collect what schemas declare about the columns of their table."""
    attributes: list[tuple[Names, Attribute]] = [
        ((*holder, each.name), each)
        for schema, holder in [(core, ()), *((each, (each.id,)) for each in extensions)]
        for each in schema.attributes
    ]
    singles = [(path, each) for path, each in attributes if not each.multi_valued]
    parts = [
        ((*path, part.name), part) for path, each in singles for part in each.parts
    ]
    held = [
        (path, each.column, each.key)
        for path, each in (*singles, *parts)
        if (each.column or each.key) and not each.is_read_only
    ]
    return Derivation(
        values=tuple(
            (path[0], column) for path, column, _ in held if column and len(path) == 1
        ),
        keys=tuple((path[0], key) for path, _, key in held if key and len(path) == 1),
        inner_values=tuple(each for each in held if len(each[0]) > 1),
        entries=tuple((path[0], each.index) for path, each in attributes if each.index),
        computed=tuple(
            (column.name, column.compute)
            for _, each in attributes
            for column in each.computed_columns
        ),
    )


def _set_columns(
    columns: dict[str, Any], value: Any, column: str | None, key: str | None
) -> None:
    if column:
        columns[column] = value
    if key:
        columns[key] = None if value is None else fold(value)


def _read_value(document: Document, path: Names) -> Any:
    value: Any = document
    for name in path:
        value = value.get(name)
        if value is None:
            return None
    return value


def values_of_type(entries: Iterable[Document], kind: str) -> list[str]:
    """Return the values with a type (in lower case), in the order they were sent."""
    return [
        each["value"]
        for each in entries
        if fold(each.get("type", "")) == kind and each.get("value", "").strip()
    ]


# ------------------------------------------------------------- computed columns
def compute_display_name(
    document: Document, _columns: Document | None = None
) -> str | None:
    """Compute the name to show for a person, or None if the document has none.

    The document keeps what the client sent; this is the form that is safe to show.
    """
    sent = document.get("displayName")
    if sent and (shown := names.clean_display_name(sent)):
        return shown
    name = document.get("name")
    if not name:
        return None
    parts = (name.get("givenName"), name.get("familyName"))
    others = (name.get("formatted"), " ".join(part for part in parts if part))
    return next(
        filter(None, (names.clean_display_name(each) for each in others if each)), None
    )


def compute_shown_name_key(_document: Document, columns: Document) -> str:
    """Compute the sort key of a person or a group from the shown name."""
    return make_sort_key(columns["display_name"] or columns["user_name"])


def compute_user_name_skeleton(_document: Document, columns: Document) -> str:
    """Compute a key that is equal for all user names that look the same."""
    return skeleton(columns["user_name"])


def compute_is_guest(document: Document, columns: Document) -> bool:
    """Is this a guest, by userType or by the user name that Entra gives to guests?"""
    is_external = "#ext#" in columns["user_name_key"]
    return is_external or fold(document.get("userType", "")) == "guest"


def compute_group_name_skeleton(_document: Document, columns: Document) -> str:
    """Compute a key that is equal for all group names that look the same."""
    return skeleton(columns["display_name"])


def compute_object_id(_document: Document, columns: Document) -> str | None:
    """Compute the object ID: the externalId, if it is a GUID."""
    return as_guid(columns["external_id"])
