"""The characteristics of an attribute are enforced, or refused at the start.

Every combination of characteristics (RFC 7643, section 7) is tested: either the rules
refuse it, or the service behaves as /Schemas says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path as File
from typing import Any

import pytest
from sqlalchemy import JSON, Column, DateTime, MetaData, String, Table

from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.schema import tables
from netpresenter_next.schema.building import build_resource_types
from netpresenter_next.schema.characteristics import (
    Attribute,
    ComputedColumn,
    EntryIndex,
    Schema,
)
from netpresenter_next.schema.checks import UnsupportedAttribute, check_tables
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.rules import MUTABILITIES, RETURNS, RULES
from netpresenter_next.scim.errors import InvalidFilter, InvalidValue, Mutability
from netpresenter_next.scim.filters.compiler import FilterCompiler
from netpresenter_next.scim.filters.parser import parse_filter
from netpresenter_next.scim.resources.patch import apply, read_operations
from netpresenter_next.scim.resources.projection import make_projection
from netpresenter_next.scim.resources.validation import (
    clean_resource,
    validate_document,
)

SHOES = "urn:example:Shoes"
PLACES = ("core", "extension", "part", "part of many")
TABLE = Table(
    "things",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("document", JSON),
    Column("created_at", DateTime),
    Column("modified_at", DateTime),
    Column("plain", String),
    Column("only_one", String, unique=True),
    Column("never_null", String, nullable=False),
)
COLUMNS: tuple[dict[str, str], ...] = (
    {},
    {"column": "plain"},
    {"column": "only_one"},
    {"column": "never_null"},
    {"key": "only_one"},
)
VALUES: dict[str, tuple[Any, Any]] = {
    "string": ("red", "green"),
    "boolean": (False, True),
}


@dataclass(frozen=True)
class Case:
    """An attribute at a place in the schemas, and requests that use it."""

    place: str
    attribute: Attribute

    @property
    def whole(self) -> Attribute:
        if not self.place.startswith("part"):
            return self.attribute
        is_many = self.place == "part of many"
        return Attribute(
            "whole", "", type="complex", parts=(self.attribute,), multi_valued=is_many
        )

    @property
    def resource_type(self) -> ResourceType:
        name = Attribute("userName", "", required=True)
        is_core = self.place != "extension"
        core = Schema(
            tables.USER_SCHEMA, "", "", (name, self.whole) if is_core else (name,)
        )
        own = () if is_core else (Schema(SHOES, "", "", (self.whole,)),)
        return ResourceType("User", "/Users", "", TABLE, core, own, tables.COMMON)

    @property
    def path(self) -> str:
        if self.place == "extension":
            return f"{SHOES}:size"
        return "size" if self.place == "core" else "whole.size"

    def body(self, value: Any) -> dict[str, Any]:
        held = [value] if self.attribute.multi_valued else value
        inner: Any = {"size": held}
        if self.place == "extension":
            inner = {SHOES: inner}
        elif self.place.startswith("part"):
            inner = {"whole": [inner] if self.place == "part of many" else inner}
        return {"userName": "ada", **inner}

    def stored(
        self, value: Any, before: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what would be stored of a whole resource."""
        document = clean_resource(self.resource_type, self.body(value), [])
        return validate_document(self.resource_type, document, before or {})

    def patched(self, value: Any, document: dict[str, Any]) -> dict[str, Any]:
        held = [value] if self.attribute.multi_valued else value
        change = {"op": "replace", "path": self.path, "value": held}
        operations = read_operations({"Operations": [change]})
        return apply(self.resource_type, document, operations).document

    def shown(
        self, document: dict[str, Any], only: str = "", without: str = ""
    ) -> bool:
        """Is the attribute in the response to such a request?"""
        names = ([only] if only else [], [without] if without else [])
        wanted = make_projection([self.resource_type], *names)
        resource = {"schemas": [], "id": "1", **self.copy(document)}
        answer = wanted.apply(resource)
        assert {"schemas", "id"} <= set(answer)
        return self.has(answer)

    def has(self, document: dict[str, Any]) -> bool:
        if self.place == "extension":
            document = document.get(SHOES, {})
        return self.whole.name in document

    def copy(self, document: dict[str, Any]) -> dict[str, Any]:
        return {
            name: dict(value) if isinstance(value, dict) else value
            for name, value in document.items()
        }


def cases(place: str, mutability: str, returned: str) -> Iterator[Case]:
    """Make every attribute with this mutability and this value of returned."""
    truths = (False, True)
    for kind, unique, required, many, exact, choice, columns in product(
        VALUES,
        ("none", "server"),
        truths,
        truths,
        truths,
        ("none", "suggested", "only"),
        COLUMNS,
    ):
        yield Case(
            place,
            Attribute(
                "size",
                "",
                type=kind,
                multi_valued=many,
                required=required,
                case_exact=exact,
                mutability=mutability,
                returned=returned,
                uniqueness=unique,
                canonical_values=() if choice == "none" else ("red", "green"),
                canonical_only=choice == "only",
                **columns,
            ),
        )


@pytest.mark.parametrize("returned", RETURNS)
@pytest.mark.parametrize("mutability", MUTABILITIES)
@pytest.mark.parametrize("place", PLACES)
def test_an_attribute_that_the_rules_accept_is_enforced(
    place: str, mutability: str, returned: str
) -> None:
    accepted = [
        each for each in cases(place, mutability, returned) if is_accepted(each)
    ]
    assert bool(accepted) == is_supported(place, mutability, returned)
    for case in accepted:
        assert_writing_is_enforced(case)
        assert_canonical_values_are_enforced(case)
        assert_returned_is_enforced(case)
        assert_comparison_is_enforced(case)


def is_supported(place: str, mutability: str, returned: str) -> bool:
    """Does the service enforce this combination for some attribute at the place?"""
    if place == "part":
        return returned == "default" and mutability != "writeOnly"
    if place == "part of many":
        return returned == "default" and mutability in ("readOnly", "readWrite")
    if returned == "never":
        return mutability != "readOnly"
    return mutability != "writeOnly"


def is_accepted(case: Case) -> bool:
    try:
        check_tables([case.resource_type])
    except UnsupportedAttribute:
        return False
    return True


def test_the_rules_accept_what_the_service_supports() -> None:
    """Core attributes may have all values of mutability and returned."""
    plain = Attribute("size", "")
    for mutability, returned in product(MUTABILITIES, RETURNS):
        row = replace(plain, mutability=mutability, returned=returned)
        is_never = returned == "never"
        is_right = mutability not in ("writeOnly", "readOnly") or (
            is_never == (mutability == "writeOnly")
        )
        assert is_accepted(Case("core", row)) == is_right
    for row in (
        replace(plain, required=True, column="never_null"),
        replace(plain, uniqueness="server", key="only_one"),
        replace(plain, uniqueness="server", case_exact=True, column="only_one"),
        replace(plain, canonical_values=("red",), canonical_only=True),
    ):
        assert is_accepted(Case("core", row))


def assert_writing_is_enforced(case: Case) -> None:
    """Check required and mutability."""
    it, (first, second) = case.attribute, VALUES[case.attribute.type]
    if it.required:
        with pytest.raises(InvalidValue, match=f"{case.path} is required: map a value"):
            validate_document(case.resource_type, {"userName": "ada"}, {})
    is_kept = it.mutability != "readOnly" and it.returned != "never"
    document = case.stored(first)
    assert case.has(document) == is_kept
    assert case.stored(first, document) == document
    if it.mutability == "readOnly":
        with pytest.raises(Mutability):
            case.patched(first, document)
    elif it.mutability == "immutable" and is_kept:
        for change in (case.patched, case.stored):
            with pytest.raises(Mutability, match=f"{case.path} is immutable"):
                change(second, document)
    elif is_kept:
        assert case.patched(second, document) == case.stored(second)
    else:
        assert case.patched(second, document) == document


def assert_canonical_values_are_enforced(case: Case) -> None:
    """Check canonicalValues, and caseExact for them."""
    it = case.attribute
    if it.type != "string" or it.is_read_only or it.is_write_only:
        return
    assert case.has(case.stored("red"))
    is_free = not it.canonical_only
    for value, is_taken in (("blue", is_free), ("RED", is_free or not it.case_exact)):
        if is_taken:
            assert case.has(case.stored(value))
        else:
            with pytest.raises(InvalidValue, match="red or green"):
                case.stored(value)


def assert_returned_is_enforced(case: Case) -> None:
    """Check returned; values that are never returned are not stored either."""
    it = case.attribute
    if it.is_read_only:  # the service puts it there
        document = case.body(VALUES[it.type][0])
    else:
        document = case.stored(VALUES[it.type][0])
    is_there = case.has(document)
    assert is_there == (it.returned != "never")
    assert case.shown(document) == (is_there and it.returned != "request")
    assert case.shown(document, only="userName") == (it.returned == "always")
    assert case.shown(document, only=case.path) == is_there
    whole = case.path.removesuffix(".size")
    assert case.shown(document, without=whole) == (it.returned == "always")


def assert_comparison_is_enforced(case: Case) -> None:
    """Check caseExact in filters, and uniqueness by a column with the same folding."""
    it = case.attribute
    literal = '"RED"' if it.type == "string" else "true"
    tree = parse_filter(f"{case.path} eq {literal}")
    query = FilterCompiler(case.resource_type, {"User": "/Users/"})
    if it.returned == "never":
        with pytest.raises(InvalidFilter):
            query.compile(tree)
        return
    compiled = query.compile(tree).compile()
    if it.type == "string":
        assert ("RED" if it.case_exact else "red") in compiled.params.values()
        is_folded = "scim_fold" in str(compiled) or (it.key or "?") in str(compiled)
        assert is_folded != it.case_exact
    if it.uniqueness != "none":
        column = it.column if it.case_exact else it.key
        assert column is not None
        assert TABLE.c[column].unique
        assert not it.multi_valued
        assert case.resource_type.find_unique_by(column)


# ------------------------------------------------- options of a row beyond the RFC
PARTS = (Attribute("value", ""), Attribute("type", ""))
MISTAKES: list[tuple[Attribute, str]] = [
    (Attribute("size", "", type="text"), "type is one of"),
    (Attribute("size", "", mutability="readonly"), "mutability is one of"),
    (Attribute("size", "", returned="sometimes"), "returned is one of"),
    (Attribute("size", "", canonical_only=True), "canonical_only needs"),
    (Attribute("size", "", uniqueness="global"), "uniqueness is none or server"),
    (Attribute("size", "", type="complex"), "has sub-attributes"),
    (Attribute("size", "", parts=PARTS), "has sub-attributes"),
    (
        Attribute(
            "size",
            "",
            type="complex",
            parts=(Attribute("inner", "", type="complex", parts=PARTS),),
        ),
        "not complex",
    ),
    (Attribute("size", "", type="complex", parts=PARTS * 2), "declared twice"),
    (Attribute("USERNAME", ""), "declared twice"),
    (Attribute("size", "", alias="length"), "alias"),
    (
        Attribute(
            "size", "", type="complex", parts=(Attribute("inner", "", default="x"),)
        ),
        "has a default",
    ),
    (Attribute("size", "", multi_valued=True, cleared="x"), "cleared"),
    (Attribute("size", "", related="Group"), "related"),
    (
        Attribute(
            "size", "", type="complex", parts=PARTS, multi_valued=True, related="User"
        ),
        "related",
    ),
    (
        Attribute(
            "size",
            "",
            type="complex",
            parts=PARTS,
            multi_valued=True,
            related="Group",
            requirable=True,
        ),
        "they cannot be required",
    ),
    (
        Attribute(
            "size",
            "",
            type="complex",
            parts=PARTS,
            multi_valued=True,
            related="Group",
            mutability="immutable",
        ),
        "they cannot be immutable",
    ),
    (
        Attribute(
            "size",
            "",
            type="complex",
            parts=PARTS,
            multi_valued=True,
            related="Group",
            returned="never",
        ),
        "they cannot have returned never",
    ),
    (Attribute("size", "", column="no_such"), "no such column"),
    (Attribute("size", "", column="external_id"), "another's column"),
    (
        Attribute("size", "", computed_columns=(ComputedColumn("nothing", max),)),
        "no such column",
    ),
    (Attribute("size", "", type="integer", indexed=True), "indexed"),
    (Attribute("size", "", multi_valued=True, indexed=True), "indexed"),
    (Attribute("size", "", indexed=True), "indexed"),
    (
        Attribute("size", "", index=EntryIndex("work", *["manager_id"] * 3)),
        "index of entries",
    ),
    (Attribute("size", "", uniqueness="server", indexed=True), "unique column"),
]


@pytest.mark.parametrize(("row", "words"), MISTAKES)
def test_the_application_does_not_start_with_an_unsupported_attribute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: File, row: Attribute, words: str
) -> None:
    core = replace(tables.CORE_USER, attributes=(*tables.CORE_USER.attributes, row))
    monkeypatch.setattr(tables, "CORE_USER", core)
    with pytest.raises(UnsupportedAttribute, match=words) as caught:
        create_app(load({}, instance=tmp_path / "instance"))
    assert row.name in str(caught.value)
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Attribute("size", "", default="x"), "default"),
        (Attribute("size", "", requirable=True), "requirable"),
        (Attribute("size", "", multi_valued=True, related="Group"), "related"),
        (
            Attribute(
                "size",
                "",
                type="complex",
                parts=PARTS,
                multi_valued=True,
                index=EntryIndex("work", *["manager_id"] * 3),
            ),
            "index of entries",
        ),
    ],
)
def test_some_options_are_refused_in_extensions(row: Attribute, words: str) -> None:
    with pytest.raises(UnsupportedAttribute, match=words):
        build_resource_types((), {"User": (Schema(SHOES, "", "", (row,)),)})


def test_the_tables_of_the_product_follow_the_rules() -> None:
    assert len(build_resource_types(()).all) == 2


def test_every_rule_refuses_something() -> None:
    """Every rule refuses a mistake above, or some combination of characteristics."""
    tested = {words for _, words in MISTAKES} | {"default", "requirable"}
    unused = {
        each.message for each in RULES if not any(w in each.message for w in tested)
    }
    for place, mutability, returned in product(PLACES, MUTABILITIES, RETURNS):
        for case in cases(place, mutability, returned):
            if not unused:
                return
            try:
                check_tables([case.resource_type])
            except UnsupportedAttribute as error:
                unused.discard(str(error).partition(": ")[2].rstrip("."))
    assert not unused
