"""The attributes of an answer: attributes, excludedAttributes (RFC 7644, 3.9)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wire import ENTERPRISE, GROUP, USER, Answer, Scim, group, operation, user

Making = Callable[..., Scim]
ALWAYS = {"schemas", "id"}
EMAILS = [
    {"value": "ada@example.com", "type": "work", "primary": True},
    {"value": "ada@home.example", "type": "home"},
]
ADA = {
    "displayName": "Ada Lovelace",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": EMAILS,
    "title": "Countess",
    ENTERPRISE: {"department": "Engines", "employeeNumber": "1"},
}
HOW = ["get", "list", "search", "post", "put", "patch"]


def shown(scim: Scim, how: str, query: dict[str, str]) -> dict[str, Any]:
    """Return ada as the answer of this kind of request shows her."""
    if how == "post":
        return _ok(scim.post("/Users", user("ada", **ADA), query=query))
    path = f"/Users/{scim.user('ada', **ADA).id}"
    if how == "get":
        return _ok(scim.get(path, **query))
    if how == "put":
        return _ok(scim.put(path, user("ada", **ADA), query=query))
    if how == "patch":
        change = operation("replace", "title", "Lady")
        return _ok(scim.patch(path, change, query=query))
    if how == "list":
        listed = scim.get("/Users", **query)
    else:
        listed = scim.search("", **{key: x.split(",") for key, x in query.items()})
    (resource,) = listed["Resources"]
    return dict(resource)


def _ok(answer: Answer) -> dict[str, Any]:
    assert answer.status in (200, 201), answer.document
    return dict(answer.document)


@pytest.mark.parametrize("how", HOW)
def test_every_answer_contains_only_the_requested_attributes(
    scim: Scim, how: str
) -> None:
    ada = shown(scim, how, {"attributes": "userName,displayName"})
    assert set(ada) == ALWAYS | {"userName", "displayName"}


@pytest.mark.parametrize("how", HOW)
def test_every_answer_leaves_out_excluded_attributes(scim: Scim, how: str) -> None:
    ada = shown(scim, how, {"excludedAttributes": "displayName,emails,name"})
    assert set(ada) == ALWAYS | {"userName", "title", "active", "meta", ENTERPRISE}


@pytest.mark.parametrize("how", HOW)
def test_attributes_and_excluded_attributes_together_are_refused(
    scim: Scim, how: str
) -> None:
    query = {"attributes": "userName", "excludedAttributes": "title"}
    before = scim.user("grace")
    if how == "post":
        answer = scim.post("/Users", user("ada"), query=query)
    elif how == "put":
        answer = scim.put(f"/Users/{before.id}", user("grace", title="x"), query=query)
    elif how == "patch":
        change = operation("replace", "title", "x")
        answer = scim.patch(f"/Users/{before.id}", change, query=query)
    elif how == "search":
        answer = scim.search("/Users", **{key: [x] for key, x in query.items()})
    else:
        answer = scim.get("/Users" if how == "list" else f"/Users/{before.id}", **query)
    assert answer.refusal == (400, "invalidValue")
    assert scim.get("/Users")["Resources"] == [before.document]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("title", {"title": "Countess"}),
        ("TITLE", {"title": "Countess"}),
        (" title , userName ", {"title": "Countess", "userName": "ada"}),
        ("title,,title", {"title": "Countess"}),
        ("name", {"name": ADA["name"]}),
        ("name.givenName", {"name": {"givenName": "Ada"}}),
        ("name.givenName,name.familyName", {"name": ADA["name"]}),
        ("name.middleName", {}),
        ("name,name.givenName", {"name": ADA["name"]}),
        ("name.givenName,name", {"name": ADA["name"]}),
        ("emails", {"emails": EMAILS}),
        ("emails.value", {"emails": [{"value": x["value"]} for x in EMAILS]}),
        ("emails.primary", {"emails": [{"primary": True}, {}]}),
        ("emails.value,emails", {"emails": EMAILS}),
        ("emails,emails.value", {"emails": EMAILS}),
        ("nickName", {}),
        (f"{USER}:title", {"title": "Countess"}),
        (f"{USER}:name.givenName", {"name": {"givenName": "Ada"}}),
        (f"{USER.upper()}:TITLE", {"title": "Countess"}),
        (ENTERPRISE, {ENTERPRISE: ADA[ENTERPRISE]}),
        (f"{ENTERPRISE}:department", {ENTERPRISE: {"department": "Engines"}}),
        ("department", {ENTERPRISE: {"department": "Engines"}}),
        (f"{ENTERPRISE}:costCenter", {}),
        (f"{ENTERPRISE}:manager", {}),
        ("shoeSize", {}),
        ("shoeSize,title", {"title": "Countess"}),
        ("urn:example:Shoe:size,title", {"title": "Countess"}),
        ('"; drop,title', {"title": "Countess"}),
        ("emails[type eq],title", {"title": "Countess"}),
        ("id", {}),
        ("schemas", {}),
        ("password", {}),
        ("groups", {}),
        ("active,title", {"active": True, "title": "Countess"}),
    ],
)
def test_attributes_selects_attributes_and_sub_attributes(
    scim: Scim, asked: str, expected: dict[str, Any]
) -> None:
    ada = scim.user("ada", **ADA)
    answer = scim.get(f"/Users/{ada.id}", attributes=asked)
    assert answer.status == 200
    resource = dict(answer.document)
    assert resource.pop("id") == ada.id
    assert USER in resource.pop("schemas")
    for name, value in resource.items():
        if value in ({}, []):
            raise AssertionError(f"{name} is empty (RFC 7643, 2.5)")
    assert resource == expected


@pytest.mark.parametrize(
    ("excluded", "missing"),
    [
        ("title", {"title"}),
        ("TITLE,meta", {"title", "meta"}),
        ("id,schemas,title", {"title"}),
        ("name", {"name"}),
        ("emails,emails.value", {"emails"}),
        (f"{USER}:title", {"title"}),
        (ENTERPRISE, {ENTERPRISE}),
        ("shoeSize", set()),
        ("shoeSize,title", {"title"}),
        ("userName", {"userName"}),
        ("members", set()),
        (f"{ENTERPRISE}:department,employeeNumber", {ENTERPRISE}),
        ("name.givenName,name.familyName", {"name"}),
        ("emails.value,emails.type,emails.primary", {"emails"}),
    ],
)
def test_excluded_attributes_removes_attributes(
    scim: Scim, excluded: str, missing: set[str]
) -> None:
    ada = scim.user("ada", **ADA)
    answer = scim.get(f"/Users/{ada.id}", excludedAttributes=excluded)
    empty = {
        name
        for name, value in answer.document.items()
        if value in ({}, []) or (isinstance(value, list) and not all(value))
    }
    assert empty == set()
    assert set(ada.document) - set(answer.document) == missing


def test_excluded_attributes_removes_sub_attributes_alone(scim: Scim) -> None:
    ada = scim.user("ada", **ADA)
    excluded = f"name.givenName,emails.type,{ENTERPRISE}:department,meta.version"
    answer = scim.get(f"/Users/{ada.id}", excludedAttributes=excluded)
    assert answer["name"] == {"familyName": "Lovelace"}
    assert [set(each) for each in answer["emails"]] == [{"value", "primary"}, {"value"}]
    assert answer[ENTERPRISE] == {"employeeNumber": "1"}
    assert "version" not in answer["meta"]
    assert answer.version == ada.version


def test_excluded_attributes_are_kept_in_the_database(scim: Scim) -> None:
    ada = scim.user("ada", **ADA)
    path = f"/Users/{ada.id}"
    scim.get(path, excludedAttributes="emails.value,name,title")
    scim.get("/Users", excludedAttributes=f"emails.type,{ENTERPRISE}:department")
    change = operation("replace", "nickName", "Countess")
    for excluded in (f"{ENTERPRISE}:department", "emails.value,name.givenName"):
        scim.patch(path, change, query={"excludedAttributes": excluded})
    whole = scim.get(path)
    assert {name: whole[name] for name in ADA} == ADA


def test_the_etag_does_not_depend_on_the_requested_attributes(scim: Scim) -> None:
    manager = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **{ENTERPRISE: {"manager": {"value": manager.id}}})
    scim.group("Readers", ada.id)
    path = f"/Users/{ada.id}"
    versions = {
        scim.get(path, **query).version
        for query in (
            {},
            {"attributes": "userName"},
            {"attributes": "groups"},
            {"attributes": "shoeSize"},
            {"excludedAttributes": "groups"},
            {"excludedAttributes": f"groups,{ENTERPRISE},meta"},
        )
    }
    for query in ({"attributes": "meta"}, {"attributes": "meta.version"}):
        listed = scim.get("/Users", filter='userName eq "ada"', **query)
        versions.add(listed["Resources"][0]["meta"]["version"])
    listed = scim.get("/Users", filter='userName eq "ada"', excludedAttributes="groups")
    versions.add(listed["Resources"][0]["meta"]["version"])
    assert len(versions) == 1


def test_computed_attributes_are_returned_when_requested(scim: Scim) -> None:
    manager = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **{ENTERPRISE: {"manager": {"value": manager.id}}})
    readers = scim.group("Readers", ada.id)
    path = f"/Users/{ada.id}"
    answer = scim.get(path, attributes="groups.display")
    assert answer["groups"] == [{"display": "Readers"}]
    answer = scim.get(path, attributes=f"{ENTERPRISE}:manager.displayName")
    assert answer[ENTERPRISE] == {"manager": {"displayName": "Grace"}}
    answer = scim.get(path, attributes="manager")
    assert answer[ENTERPRISE]["manager"]["displayName"] == "Grace"
    answer = scim.get(f"/Groups/{readers.id}", attributes="members.value")
    assert answer["members"] == [{"value": ada.id}]
    answer = scim.get(f"/Groups/{readers.id}", excludedAttributes="members.$ref")
    assert set(answer["members"][0]) == {"value", "type"}


def test_schemas_lists_the_schemas_of_the_resource(scim: Scim) -> None:
    ada = scim.user("ada", **ADA)
    assert ada["schemas"] == [USER, ENTERPRISE]
    assert scim.user("grace")["schemas"] == [USER]
    assert scim.group("Readers")["schemas"] == [GROUP]


@pytest.mark.parametrize("how", ["get", "list", "post", "put", "patch"])
def test_members_can_be_excluded_from_every_answer_about_a_group(
    scim: Scim, how: str
) -> None:
    ada = scim.user("ada")
    query = {"excludedAttributes": "members"}
    if how == "post":
        answer = scim.post("/Groups", group("Readers", ada.id), query=query)
    else:
        path = f"/Groups/{scim.group('Readers', ada.id).id}"
        change = operation("add", "members", [{"value": ada.id}])
        answer = {
            "get": lambda: scim.get(path, **query),
            "list": lambda: scim.get("/Groups", **query),
            "put": lambda: scim.put(path, group("Readers", ada.id), query=query),
            "patch": lambda: scim.patch(path, change, query=query),
        }[how]()
    document = answer["Resources"][0] if how == "list" else answer.document
    assert set(document) == ALWAYS | {"displayName", "meta"}


def test_a_patch_returns_the_requested_attributes(scim: Scim) -> None:
    ada = scim.user("ada", **ADA)
    change = operation("replace", "title", "Lady")
    query = {"attributes": "title"}
    answer = scim.patch(f"/Users/{ada.id}", change, query=query)
    assert answer.status == 200
    assert answer["title"] == "Lady"


# ------------------------------------------------------------- returned
@pytest.fixture
def extended(make_scim: Making, tmp_path: Path) -> Scim:
    """A client of a service with an attribute for each value of returned."""
    ways = ("always", "default", "request", "never")
    attributes = [{"name": each, "returned": each} for each in ways]
    file = tmp_path / "extensions.json"
    file.write_text(
        json.dumps({"schemas": [{"id": "urn:example:User", "attributes": attributes}]})
    )
    scim = make_scim(SCIM_EXTENSIONS=str(file))
    scim.user("ada", **{"urn:example:User": {each: each for each in ways}})
    return scim


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "always default"),
        ({"attributes": "userName"}, "always"),
        ({"attributes": "urn:example:User:default"}, "always default"),
        ({"attributes": "urn:example:User:request"}, "always request"),
        ({"attributes": "request"}, "always request"),
        ({"attributes": "urn:example:User:never"}, "always"),
        ({"excludedAttributes": "urn:example:User:default"}, "always"),
        ({"excludedAttributes": "urn:example:User:always"}, "always default"),
        ({"excludedAttributes": "title"}, "always default"),
        ({"excludedAttributes": "urn:example:User"}, "always"),
    ],
    ids=str,
)
def test_the_returned_characteristic_is_respected(
    extended: Scim, query: dict[str, str], expected: str
) -> None:
    (listed,) = extended.get("/Users", **query)["Resources"]
    got = extended.get(f"/Users/{listed['id']}", **query).document
    assert set(listed.get("urn:example:User", {})) == set(expected.split())
    assert set(got.get("urn:example:User", {})) == set(expected.split())
