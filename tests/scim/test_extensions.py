"""Custom schemas (NETPRESENTER_SCIM_EXTENSIONS) work in every kind of request."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wire import ENTERPRISE, USER, Scim, group, operation, user

from netpresenter_next import create_app
from netpresenter_next.config.options import ConfigError, load
from netpresenter_next.schema import extensions
from netpresenter_next.storage.models import USERS

Making = Callable[..., Scim]
SHOES = "urn:example:params:scim:schemas:extension:2.0:Shoes"
TEAM = "urn:example:params:scim:schemas:extension:2.0:Team"

TOML = f"""
[[schemas]]
id = "{SHOES}"
name = "Shoes"
description = "What people have on their feet."

[[schemas.attributes]]
name = "size"
type = "integer"
description = "The size."

[[schemas.attributes]]
name = "width"
type = "decimal"

[[schemas.attributes]]
name = "brand"
caseExact = true

[[schemas.attributes]]
name = "colour"
canonicalValues = ["red", "blue"]

[[schemas.attributes]]
name = "serial"
mutability = "immutable"

[[schemas.attributes]]
name = "secret"
mutability = "writeOnly"

[[schemas.attributes]]
name = "hidden"
returned = "never"

[[schemas.attributes]]
name = "bulky"
returned = "request"

[[schemas.attributes]]
name = "bought"
type = "dateTime"

[[schemas.attributes]]
name = "waterproof"
type = "boolean"

[[schemas.attributes]]
name = "tags"
multiValued = true

[[schemas.attributes]]
name = "photo"
type = "binary"

[[schemas.attributes]]
name = "maker"
type = "complex"
subAttributes = [{{ name = "name" }}, {{ name = "year", type = "integer" }}]

[[schemas.attributes]]
name = "repairs"
type = "complex"
multiValued = true
subAttributes = [
    {{ name = "value" }},
    {{ name = "type", canonicalValues = ["sole", "lace"] }},
    {{ name = "primary", type = "boolean" }},
]

[[schemas]]
id = "{TEAM}"
resource = "Group"

[[schemas.attributes]]
name = "colour"
"""


def _json() -> str:
    return json.dumps(tomllib.loads(TOML))


@pytest.fixture(params=["toml", "json"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same extensions, in TOML and in JSON."""
    file = tmp_path / f"extensions.{request.param}"
    file.write_text(TOML if request.param == "toml" else _json(), encoding="utf-8")
    return file


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """The extensions in TOML."""
    file = tmp_path / "extensions.toml"
    file.write_text(TOML, encoding="utf-8")
    return file


@pytest.fixture
def shop(make_scim: Making, toml: Path) -> Scim:
    """A client of a service with these extensions."""
    return make_scim(SCIM_EXTENSIONS=str(toml))


def shoes(**attributes: Any) -> dict[str, Any]:
    """Describe the extension of a user."""
    return {SHOES: attributes}


# ------------------------------------------------------------------------ discovery
def test_toml_and_json_files_define_the_same_schema(
    make_scim: Making, file: Path
) -> None:
    scim = make_scim(SCIM_EXTENSIONS=str(file))
    schema = scim.get(f"/Schemas/{SHOES}")
    assert schema["name"] == "Shoes"
    assert schema["description"] == "What people have on their feet."
    attributes = {each["name"]: each for each in schema["attributes"]}
    assert attributes["size"] == {
        "name": "size",
        "type": "integer",
        "multiValued": False,
        "description": "The size.",
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    assert attributes["brand"]["caseExact"] is True
    assert attributes["colour"]["canonicalValues"] == ["red", "blue"]
    assert attributes["serial"]["mutability"] == "immutable"
    assert attributes["secret"]["returned"] == "never"
    assert attributes["bulky"]["returned"] == "request"
    assert attributes["tags"]["multiValued"] is True
    parts = [each["name"] for each in attributes["maker"]["subAttributes"]]
    assert parts == ["name", "year"]


def test_resource_types_list_their_extensions(shop: Scim) -> None:
    extensions_of = {
        name: [
            each["schema"]
            for each in shop.get(f"/ResourceTypes/{name}")["schemaExtensions"]
        ]
        for name in ("User", "Group")
    }
    assert SHOES in extensions_of["User"]
    assert extensions_of["Group"] == [TEAM]
    ids = [each["id"] for each in shop.get("/Schemas")["Resources"]]
    assert {SHOES, TEAM} < set(ids)
    assert len(ids) == len(set(ids))


# ---------------------------------------------------------------------------- store
def test_values_are_stored_and_returned_as_sent(shop: Scim) -> None:
    worn = {
        "size": 42,
        "width": 9.5,
        "brand": "Läst",
        "colour": "Red",
        "serial": "S-1",
        "bought": "2026-11-22T09:12:00+01:00",
        "waterproof": False,
        "tags": ["old", "comfortable"],
        "photo": "aGVsbG8=",
        "maker": {"name": "Ada", "year": 1843},
        "repairs": [{"value": "2026", "type": "sole", "primary": True}],
    }
    ada = shop.user("ada", **{SHOES: worn})
    assert ada[SHOES] == worn
    assert ada["schemas"] == [USER, SHOES]
    assert shop.get(f"/Users/{ada.id}").document == ada.document


def test_names_ignore_case_and_schemas_need_not_be_listed(shop: Scim) -> None:
    ada = shop.user("ada", **{SHOES.upper(): {"SIZE": "42", "WaterProof": "True"}})
    assert ada[SHOES] == {"size": 42, "waterproof": True}


def test_groups_are_extended_too(shop: Scim) -> None:
    readers = shop.group("Readers", **{TEAM: {"colour": "green"}})
    assert readers[TEAM] == {"colour": "green"}
    found = shop.get("/Groups", filter=f'{TEAM}:colour eq "GREEN"')
    assert found.names == ["Readers"]
    assert shop.get("/Users", filter=f'{TEAM}:colour eq "x"').status == 400
    path = f"/Groups/{readers.id}"
    shop.patch(path, operation("replace", f"{TEAM}:colour", "blue"))
    assert shop.get(path)[TEAM] == {"colour": "blue"}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"size": "large"}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": True}, "size"),
        ({"width": "wide"}, "width"),
        ({"brand": 1}, "brand"),
        ({"colour": "green"}, "red or blue"),
        ({"bought": "yesterday"}, "bought"),
        ({"bought": "2026-02-30T00:00:00Z"}, "bought"),
        ({"waterproof": "perhaps"}, "waterproof"),
        ({"photo": "no base64!"}, "photo"),
        ({"maker": "Ada"}, "maker"),
        ({"maker": {"year": "x"}}, "year"),
        ({"tags": [1]}, "tags"),
        ({"tags": [["x"]]}, "tags"),
        ({"repairs": [{"value": "x", "type": "heel"}]}, "sole or lace"),
        ({"repairs": [{"primary": True, "value": x} for x in "ab"]}, "repairs"),
        ("shoes", "object"),
        ([], "object"),
    ],
    ids=str,
)
def test_wrong_values_are_refused_by_name(shop: Scim, wrong: Any, named: str) -> None:
    answer = shop.post("/Users", user("ada", **{SHOES: wrong}))
    assert answer.status == 400
    assert named in answer.detail
    assert shop.counts() == (0, 0, 0)


# --------------------------------------------------------------- filters and sorting
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"{SHOES}:size eq 42", ["ada"]),
        (f"{SHOES}:size gt 40.5", ["ada", "grace"]),
        ("size le 42", ["ada"]),
        (f"{SHOES}:size pr", ["ada", "grace"]),
        (f"not ({SHOES}:size pr)", ["linus"]),
        (f"{SHOES}:size ne 42", ["grace", "linus"]),
        (f"{SHOES}:width lt 9.75", ["ada"]),
        (f'{SHOES}:brand eq "Läst"', ["ada"]),
        (f'{SHOES}:brand eq "läst"', []),
        (f'{SHOES}:colour eq "RED"', ["ada"]),
        (f'{SHOES}:bought gt "2026-01-01T00:00:00Z"', ["ada"]),
        (f"{SHOES}:waterproof eq true", ["grace"]),
        (f'{SHOES}:tags eq "OLD"', ["ada"]),
        (f'{SHOES}:tags co "l"', ["ada", "grace"]),
        (f'{SHOES}:maker.name eq "ada"', ["ada"]),
        (f"{SHOES}:maker.year ge 1843", ["ada"]),
        (f"{SHOES}:maker[year eq 1843]", ["ada"]),
        (f'{SHOES}:repairs[type eq "sole" and value sw "2"]', ["ada"]),
        (f'{SHOES}:repairs[type eq "lace"]', []),
        (f'schemas eq "{SHOES}"', ["ada", "grace"]),
        (f'{SHOES}:bulky eq "x"', ["grace"]),
    ],
)
def test_filters_can_use_extension_attributes(
    shop: Scim, condition: str, found: list[str]
) -> None:
    shop.user(
        "ada",
        **shoes(
            size=42,
            width=9.5,
            brand="Läst",
            colour="red",
            bought="2026-11-22T09:12:00+01:00",
            waterproof=False,
            tags=["old", "soft"],
            maker={"name": "Ada", "year": 1843},
            repairs=[{"value": "2026", "type": "sole"}],
        ),
    )
    shop.user("grace", **shoes(size=44, waterproof=True, tags=["late"], bulky="x"))
    shop.user("linus")
    answer = shop.get("/Users", filter=condition)
    assert answer.status == 200, answer.document
    assert answer.names == found


@pytest.mark.parametrize(
    "condition",
    [
        f'{SHOES}:secret eq "x"',
        f"{SHOES}:hidden pr",
        f'{SHOES}:laces eq "x"',
        f'{SHOES}:size eq "42"',
        f"{SHOES}:size co 4",
        f"{SHOES}:maker eq 1",
        f"{SHOES} pr or {SHOES} eq 1",
    ],
)
def test_unsupported_filters_on_extension_attributes_are_refused(
    shop: Scim, condition: str
) -> None:
    assert shop.get("/Users", filter=condition).refusal == (400, "invalidFilter")


@pytest.mark.parametrize(
    ("by", "found"),
    [
        (f"{SHOES}:size", ["grace", "ada", "linus"]),
        ("brand", ["ada", "grace", "linus"]),
        (f"{SHOES}:tags", ["grace", "ada", "linus"]),
        (f"{SHOES}:maker.year", ["ada", "grace", "linus"]),
    ],
)
def test_lists_sort_by_extension_attributes(
    shop: Scim, by: str, found: list[str]
) -> None:
    shop.user("ada", **shoes(size=42, brand="A", tags=["b"], maker={"year": 1}))
    shop.user("grace", **shoes(size=7, brand="a", tags=["a", "c"], maker={"year": 2}))
    shop.user("linus")
    assert shop.get("/Users", sortBy=by).names == found
    first = shop.get("/Users", sortBy=by, cursor="", count=1)
    rest = shop.get("/Users", sortBy=by, cursor=first["nextCursor"])
    assert first.names + rest.names == found


def test_lists_do_not_sort_by_attributes_that_are_never_returned(shop: Scim) -> None:
    for name in ("secret", "hidden"):
        assert shop.get("/Users", sortBy=f"{SHOES}:{name}").status == 400


# ---------------------------------------------------------------------------- PATCH
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (operation("replace", f"{SHOES}:size", 43), {"size": 43}),
        (operation("add", f"{SHOES}:Size", "43"), {"size": 43}),
        (operation("remove", f"{SHOES}:size"), {"size": None}),
        (
            operation("replace", f"{SHOES}:maker.year", 1),
            {"maker": {"name": "Ada", "year": 1}},
        ),
        (
            operation("add", f"{SHOES}:maker", {"year": 1}),
            {"maker": {"name": "Ada", "year": 1}},
        ),
        (operation("add", f"{SHOES}:tags", ["new"]), {"tags": ["old", "new"]}),
        (operation("add", f"{SHOES}:tags", "new"), {"tags": ["old", "new"]}),
        (operation("remove", f"{SHOES}:tags", ["old"]), {"tags": None}),
        (operation("remove", f'{SHOES}:tags[value eq "old"]'), {"tags": None}),
        (operation("add", None, {f"{SHOES}:size": 43}), {"size": 43}),
        (operation("add", None, {SHOES: {"size": 43}}), {"size": 43}),
        (
            operation("replace", SHOES, {"size": 43, "colour": "blue"}),
            {"size": 43, "colour": "blue"},
        ),
        (
            operation("replace", f'{SHOES}:repairs[type eq "sole"].value', "2027"),
            {"repairs": [{"type": "sole", "value": "2027"}]},
        ),
    ],
    ids=str,
)
def test_a_patch_changes_extension_attributes(
    shop: Scim, change: dict[str, Any], expected: dict[str, Any]
) -> None:
    worn = {
        "size": 42,
        "tags": ["old"],
        "maker": {"name": "Ada", "year": 1843},
        "repairs": [{"type": "sole", "value": "2026"}],
    }
    ada = shop.user("ada", **{SHOES: worn})
    answer = shop.patch(f"/Users/{ada.id}", change)
    assert answer.status == 200, answer.document
    kept = {name: each for name, each in {**worn, **expected}.items() if each}
    assert answer[SHOES] == kept
    assert shop.get(f"/Users/{ada.id}").document == answer.document


def test_removing_the_whole_extension_removes_its_urn(shop: Scim) -> None:
    ada = shop.user("ada", **shoes(size=42))
    answer = shop.patch(f"/Users/{ada.id}", operation("remove", SHOES))
    assert SHOES not in answer.document
    assert answer["schemas"] == [USER]


def test_a_value_that_is_not_canonical_is_refused(shop: Scim) -> None:
    ada = shop.user("ada", **shoes(colour="red"))
    change = operation("replace", f"{SHOES}:colour", "green")
    answer = shop.patch(f"/Users/{ada.id}", change)
    assert answer.refusal == (400, "invalidValue")
    assert shop.get(f"/Users/{ada.id}").document == ada.document


# ------------------------------------------------------------------------ mutability
def test_an_immutable_value_is_set_once(shop: Scim) -> None:
    ada = shop.user("ada")
    path = f"/Users/{ada.id}"
    first = shop.patch(path, operation("add", f"{SHOES}:serial", "S-1"))
    assert first[SHOES] == {"serial": "S-1"}
    same = shop.patch(path, operation("replace", f"{SHOES}:serial", "S-1"))
    assert same.status == 200
    again = shop.put(path, user("ada", **shoes(serial="S-1", size=1)))
    assert again.status == 200


@pytest.mark.parametrize(
    "change",
    [
        operation("replace", f"{SHOES}:serial", "S-2"),
        operation("remove", f"{SHOES}:serial"),
        operation("remove", SHOES),
        operation("add", None, {f"{SHOES}:serial": "S-2"}),
        operation("replace", SHOES, {"serial": "S-2"}),
    ],
    ids=str,
)
def test_a_patch_cannot_change_an_immutable_value(
    shop: Scim, change: dict[str, Any]
) -> None:
    ada = shop.user("ada", **shoes(serial="S-1"))
    answer = shop.patch(f"/Users/{ada.id}", change)
    assert answer.refusal == (400, "mutability")
    assert "serial" in answer.detail
    assert shop.get(f"/Users/{ada.id}").document == ada.document


def test_a_put_cannot_change_an_immutable_value(shop: Scim) -> None:
    ada = shop.user("ada", **shoes(serial="S-1"))
    path = f"/Users/{ada.id}"
    answer = shop.put(path, user("ada", **shoes(serial="S-2")))
    assert answer.refusal == (400, "mutability")
    assert shop.get(path).document == ada.document


@pytest.mark.parametrize("name", ["secret", "hidden"])
def test_an_attribute_never_returned_is_neither_stored_nor_shown(
    shop: Scim, name: str
) -> None:
    made = shop.user("ada", **shoes(**{name: "hush-hush", "size": 42}))
    path = f"/Users/{made.id}"
    change = operation("replace", f"{SHOES}:{name}", "hush-hush")
    answers = [
        made,
        shop.get(path),
        shop.get(path, attributes=f"{SHOES}:{name},{SHOES}"),
        shop.get("/Users"),
        shop.get("/Users", attributes=name),
        shop.patch(path, change),
        shop.put(path, user("ada", **shoes(**{name: "hush-hush"}))),
        shop.search("", attributes=[f"{SHOES}:{name}"]),
    ]
    for answer in answers:
        assert answer.status in (200, 201)
        assert "hush-hush" not in json.dumps(answer.document)
    (row,) = shop.rows(USERS.select())
    assert "hush-hush" not in json.dumps(row.document)


@pytest.mark.parametrize("name", ["secret", "hidden"])
def test_an_attribute_never_returned_is_not_in_the_journal(
    shop: Scim, name: str
) -> None:
    ada = shop.user("ada", **shoes(**{name: "hush-hush"}))
    change = operation("replace", f"{SHOES}:{name}", "hush-hush-hush")
    shop.patch(f"/Users/{ada.id}", change)
    for entry in shop.journal():
        assert "hush-hush" not in json.dumps([entry.facts, entry.changes])


def test_an_extension_without_visible_attributes_is_left_out(shop: Scim) -> None:
    ada = shop.user("ada", **shoes(secret="hush-hush"))
    assert SHOES not in ada.document


def test_an_attribute_returned_on_request_is_shown_when_requested(shop: Scim) -> None:
    ada = shop.user("ada", **shoes(bulky="x" * 50, size=42))
    assert ada[SHOES] == {"size": 42}
    path = f"/Users/{ada.id}"
    shown = shop.get(path, attributes=f"{SHOES}:bulky")
    assert shown[SHOES] == {"bulky": "x" * 50}
    change = operation("replace", f"{SHOES}:size", 43)
    patched = shop.patch(path, change, query={"attributes": f"userName,{SHOES}:bulky"})
    assert patched[SHOES] == {"bulky": "x" * 50}


# -------------------------------------------------------------------- invalid files
def _attribute(**characteristics: Any) -> dict[str, Any]:
    attributes = [{"name": "size", **characteristics}]
    return {"schemas": [{"id": SHOES, "attributes": attributes}]}


_PLAIN = {"id": SHOES, "attributes": [{"name": "size"}]}
MISTAKES: list[tuple[Any, str]] = [
    ("{", "cannot be read"),
    ([], "schemas"),
    ({}, "schemas"),
    ({"schemas": {}}, "schemas"),
    ({"schemas": ["x"]}, "must be a table"),
    ({"schemas": [None]}, "must be a table"),
    ({"schemas": [{}]}, "id"),
    ({"schemas": [{**_PLAIN, "id": 1}]}, "id"),
    ({"schemas": [{**_PLAIN, "id": "Shoes"}]}, "URN"),
    ({"schemas": [{**_PLAIN, "id": "urn:example:My Shoes"}]}, "URN"),
    ({"schemas": [{**_PLAIN, "id": "urn:example:2.0"}]}, "URN"),
    ({"schemas": [{**_PLAIN, "id": 'urn:example:"x":Shoes'}]}, "URN"),
    ({"schemas": [{**_PLAIN, "resource": "Shoe"}]}, "resource"),
    ({"schemas": [{**_PLAIN, "attributes": []}]}, "attributes"),
    ({"schemas": [{**_PLAIN, "attributes": {}}]}, "attributes"),
    ({"schemas": [{**_PLAIN, "attributes": ["size"]}]}, "name"),
    ({"schemas": [{"id": SHOES}]}, "attributes"),
    ({"schemas": [_PLAIN, _PLAIN]}, "twice"),
    ({"schemas": [_PLAIN, {**_PLAIN, "id": SHOES.lower()}]}, "twice"),
    ({"schemas": [{**_PLAIN, "attributes": [{"name": "a"}, {"name": "A"}]}]}, "twice"),
    (_attribute(name="shoe size"), "shoe size"),
    (_attribute(name="1st"), "1st"),
    (_attribute(name=1), "name"),
    (_attribute(name="a.b"), "a.b"),
    (_attribute(type="text"), "type must be one of"),
    (_attribute(type=["string"]), "type must be one of"),
    (_attribute(mutability="readonly"), "mutability must be one of"),
    (_attribute(mutability="readOnly"), "mutability must be one of"),
    (_attribute(returned="sometimes"), "returned must be one of"),
    (_attribute(uniqueness="server"), "uniqueness"),
    (_attribute(required=True), "required"),
    (_attribute(type="complex"), "subAttributes"),
    (_attribute(type="complex", subAttributes=[]), "subAttributes"),
    (_attribute(type="complex", subAttributes=[{"name": "a b"}]), "a b"),
    (
        _attribute(
            type="complex",
            subAttributes=[
                {"name": "x", "type": "complex", "subAttributes": [{"name": "y"}]}
            ],
        ),
        "simple",
    ),
    (
        _attribute(
            type="complex", subAttributes=[{"name": "x", "mutability": "writeOnly"}]
        ),
        "sub-attribute",
    ),
    (
        _attribute(type="complex", subAttributes=[{"name": "a"}, {"name": "A"}]),
        "twice",
    ),
    (_attribute(canonicalValues="red"), "canonicalValues"),
    (_attribute(canonicalValues=5), "canonicalValues"),
    (
        _attribute(type="integer", canonicalValues=["5"]),
        "canonicalValues need a type whose values are strings",
    ),
    (_attribute(multiValued="yes"), "multiValued"),
    (_attribute(caseExact="no"), "caseExact"),
    (_attribute(mutability="writeOnly", returned="default"), "returned"),
    (_attribute(subAttributes=[{"name": "x"}]), "subAttributes"),
    (_attribute(requird=True), "requird"),
    ({"schemas": [{**_PLAIN, "id": USER}]}, "twice"),
    (
        {"schemas": [{**_PLAIN, "id": ENTERPRISE}]},
        "twice",
    ),
]


def _without_urn(content: Any) -> str:
    return str(content).replace(SHOES, "...")


@pytest.mark.parametrize(("content", "word"), MISTAKES, ids=_without_urn)
def test_a_mistake_in_the_file_is_reported(
    tmp_path: Path, content: Any, word: str
) -> None:
    file = tmp_path / "extensions.json"
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text, encoding="utf-8")
    folder = tmp_path / "instance"
    with pytest.raises(ConfigError) as caught:
        create_app(load({"NETPRESENTER_SCIM_EXTENSIONS": str(file)}, instance=folder))
    assert word in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["missing.toml", "folder", "latin.toml", "wrong.toml"])
def test_a_file_that_cannot_be_read_is_reported(
    make_scim: Making, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'[[schemas]]\nid = "\xff"')
    (tmp_path / "wrong.toml").write_text("[[schemas", encoding="utf-8")
    with pytest.raises(ConfigError, match=name):
        make_scim(SCIM_EXTENSIONS=str(tmp_path / name))


def test_the_loaded_schemas_are_grouped_by_resource_type(toml: Path) -> None:
    found = extensions.load(toml)
    assert [each.id for each in found["User"]] == [SHOES]
    assert [each.id for each in found["Group"]] == [TEAM]


# ------------------------------------------------------------------- changed files
def test_removing_an_extension_leaves_its_users_usable(
    make_scim: Making, toml: Path
) -> None:
    with_it = make_scim(SCIM_EXTENSIONS=str(toml))
    ada = with_it.user("ada", title="Countess", **shoes(size=42, serial="S-1"))
    path = f"/Users/{ada.id}"
    without = make_scim()
    seen = without.get(path)
    assert seen.status == 200
    assert seen["schemas"] == [USER]
    assert SHOES not in seen.document
    assert without.get("/Users").names == ["ada"]
    assert without.get("/Users", filter=f"{SHOES}:size pr").status == 400
    changed = without.patch(path, operation("replace", "title", "Lady"))
    assert (changed.status, changed["title"]) == (200, "Lady")
    ignored = without.patch(path, operation("replace", f"{SHOES}:size", 1))
    assert ignored.status == 200
    assert ("User", f"{SHOES}:size") in without.unstored()
    assert without.put(path, user("ada", **shoes(size=1))).status == 200
    assert with_it.get(path).status == 200
    assert without.delete(path).status == 204


def test_removing_an_extension_attribute_leaves_its_users_usable(
    make_scim: Making, tmp_path: Path
) -> None:
    file = tmp_path / "extensions.json"
    names = [{"name": "size"}, {"name": "serial", "mutability": "immutable"}]
    file.write_text(json.dumps({"schemas": [{"id": SHOES, "attributes": names}]}))
    before = make_scim(SCIM_EXTENSIONS=str(file))
    ada = before.user("ada", **shoes(size="42", serial="S-1"))
    file.write_text(json.dumps({"schemas": [{"id": SHOES, "attributes": names[1:]}]}))
    after = make_scim(SCIM_EXTENSIONS=str(file))
    path = f"/Users/{ada.id}"
    assert after.get(path)[SHOES] == {"serial": "S-1"}
    assert after.patch(path, operation("add", "title", "x")).status == 200
    assert after.patch(path, operation("add", f"{SHOES}:size", "1")).status == 200
    answer = after.put(path, user("ada", **shoes(serial="S-1")))
    assert answer[SHOES] == {"serial": "S-1"}


def test_changing_the_type_of_an_attribute_causes_no_server_error(
    make_scim: Making, tmp_path: Path
) -> None:
    """Values that were stored under another type cause no 5xx."""
    file = tmp_path / "extensions.json"

    def served(**characteristics: Any) -> Scim:
        attribute = {"name": "size", **characteristics}
        schema = {"id": SHOES, "attributes": [attribute]}
        file.write_text(json.dumps({"schemas": [schema]}))
        return make_scim(SCIM_EXTENSIONS=str(file))

    ada = served().user("ada", **shoes(size="42"))
    path = f"/Users/{ada.id}"
    parts = [{"name": "value"}, {"name": "type"}]
    shapes: list[dict[str, Any]] = [
        {"type": "integer"},
        {"type": "boolean"},
        {"type": "dateTime"},
        {"multiValued": True},
        {"type": "complex", "subAttributes": parts},
        {"type": "complex", "multiValued": True, "subAttributes": parts},
    ]
    for shape in shapes:
        scim = served(**shape)
        for query in ({}, {"attributes": f"{SHOES}:size.type"}):
            assert scim.get(path, **query).status == 200
        query = {"excludedAttributes": f"{SHOES}:size.type"}
        assert scim.get(path, **query).status == 200
        for condition in (f"{SHOES}:size pr", f"{SHOES}:size eq 42"):
            assert scim.get("/Users", filter=condition).status in (200, 400)
        assert scim.get("/Users", sortBy=f"{SHOES}:size").status in (200, 400)
        change = operation("replace", "title", str(shape))
        assert scim.patch(path, change).status in (200, 400)
        change = operation("add", f"{SHOES}:size", "1")
        assert scim.patch(path, change).status in (200, 400)
        assert scim.put(path, user("ada")).status == 200
        served().put(path, user("ada", **shoes(size="42")))


def test_a_group_ignores_extensions_of_users(shop: Scim) -> None:
    readers = shop.post("/Groups", group("Readers", **shoes(size=1)))
    assert readers.status == 201
    assert SHOES not in readers.document


NAMES = ("groups", "members", "meta", "schemas", "id", "password", "emails", "manager")


@pytest.mark.parametrize("multi_valued", [False, True])
def test_extension_attributes_may_have_names_of_core_attributes(
    make_scim: Making, tmp_path: Path, multi_valued: bool
) -> None:
    file = tmp_path / "extensions.json"
    attributes = [{"name": each, "multiValued": multi_valued} for each in NAMES]
    schemas = [
        {"id": urn, "resource": resource, "attributes": attributes}
        for urn, resource in ((SHOES, "User"), (TEAM, "Group"))
    ]
    file.write_text(json.dumps({"schemas": schemas}))
    scim = make_scim(SCIM_EXTENSIONS=str(file))
    values = {each: [f"x{each}"] if multi_valued else f"x{each}" for each in NAMES}
    for urn, path, made in (
        (SHOES, "/Users", scim.user("ada", **{SHOES: values})),
        (TEAM, "/Groups", scim.group("Readers", **{TEAM: values})),
    ):
        assert made[urn] == values
        here = f"{path}/{made.id}"
        for name in NAMES:
            found = scim.get(path, filter=f'{urn}:{name} eq "x{name}"')
            assert found.document.get("totalResults") == 1, (name, found.document)
            sorted_by = scim.get(path, sortBy=f"{urn}:{name}")
            assert sorted_by.status == 200, (name, sorted_by.document)
            shown = scim.get(here, attributes=f"{urn}:{name}")
            assert shown[urn] == {name: values[name]}
            hidden = scim.get(here, excludedAttributes=f"{urn}:{name}")
            assert name not in hidden[urn]
            change = operation("replace", f"{urn}:{name}", "y")
            changed = scim.patch(here, change)
            assert changed.status == 200, changed.document
            assert changed[urn][name] == (["y"] if multi_valued else "y")
