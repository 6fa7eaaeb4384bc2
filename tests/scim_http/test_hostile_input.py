"""Hostile input is refused or treated as plain text."""

from typing import Any
from uuid import uuid4

import pytest
from scim_client import Answer, Client, group_body, patch_body, user_body


# ------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("Kevin", ("kevin", "KEVIN", "\u212aevin", "\uff4bevin")),
        ("straße", ("STRASSE", "strasse", "STRAßE")),
        ("jos\u00e9", ("jose\u0301", "JOS\u00c9", "JOSE\u0301")),
    ],
)
def test_user_names_that_are_equal_after_case_folding_are_the_same(
    first: str, others: tuple[str, ...], scim: Client
) -> None:
    rest = user_body()["userName"]
    made = scim.post("/Users", user_body(userName=f"{first}.{rest}"))
    assert made.status == 201
    assert made.document["userName"] == f"{first}.{rest}"
    for other in others:
        again = scim.post("/Users", user_body(userName=f"{other}.{rest}"))
        assert (again.status, again.document["scimType"]) == (409, "uniqueness")
        (found,) = scim.find("/Users", f'userName eq "{other}.{rest}"')
        assert found == made.document


@pytest.mark.parametrize(
    "user_name",
    [
        *("ad\u200ba@t", "ada\u202e@t", " ada@t", "ada@t ", "ad\u00a0a@t", "ad\ta@t"),
        *("ad\na@t", "\ufeffada@t", "ad\u2028a@t", "", " ", "a" * 321),
    ],
)
def test_a_user_name_with_invisible_characters_is_refused(
    user_name: str, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    for answer in (
        scim.post("/Users", user_body(userName=user_name)),
        scim.patch(
            f"/Users/{made.id}",
            {"op": "replace", "path": "userName", "value": user_name},
        ),
    ):
        assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
        assert "userName" in answer.document["detail"]


# --------------------------------------------------------------------------- paging
@pytest.mark.parametrize(
    ("query", "start", "rows"),
    [
        ("startIndex=-1&count=2", 1, 2),
        ("startIndex=0&count=2", 1, 2),
        ("startIndex=2&count=2", 2, 2),
        ("startIndex=%2B2&count=2", 2, 2),
        ("startIndex=999999999&count=2", 999999999, 0),
        ("count=0", 1, 0),
        ("count=-1", 1, 0),
    ],
)
def test_start_index_and_count_are_clamped(
    query: str, start: int, rows: int, scim: Client
) -> None:
    for _ in range(3):
        scim.post("/Users", user_body())
    page = scim.get(f"/Users?{query}").document
    assert page["startIndex"] == start
    assert page["itemsPerPage"] == len(page["Resources"]) == rows
    assert page["totalResults"] >= 3


@pytest.mark.parametrize("name", ["startIndex", "count"])
@pytest.mark.parametrize(
    "value",
    [str(2**31), str(2**63), "1" + "0" * 30, "٣", "1_0", "%201", "1.5", "1e2", ""],
)
def test_a_malformed_number_is_refused(name: str, value: str, scim: Client) -> None:
    answer = scim.get(f"/Users?{name}={value}")
    assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
    assert name in answer.document["detail"]


# ------------------------------------------------------------------------------ ids
@pytest.mark.parametrize(
    "id_",
    [
        *(
            "..%2f..",
            "..%2f..%2fsettings",
            "%2e%2e",
            "%00",
            "1'%20OR%201=1",
            "a" * 10_000,
        ),
        *("%f0%9f%8e%89", "%ff%fe", "{id}%00", "{id}'--", "%20{id}", "{id}%0a", "*"),
    ],
)
def test_a_hostile_id_is_not_found(id_: str, scim: Client) -> None:
    made = scim.post("/Users", user_body())
    for endpoint in ("/Users", "/Groups"):
        path = f"{endpoint}/{id_.replace('{id}', made.id)}"
        assert scim.get(path).status == 404
        assert scim.delete(path).status == 404
        assert scim.patch(path, {"op": "remove", "path": "title"}).status == 404
    assert scim.get(f"/Users/{made.id}").status == 200


def test_extra_slashes_around_an_id_are_ignored(scim: Client) -> None:
    made = scim.post("/Users", user_body())
    for path in (f"/Users/{made.id}/", f"//Users/{made.id}", f"/Users//{made.id}"):
        assert scim.get(path).document == made.document


def test_an_id_in_upper_case_is_not_found(scim: Client) -> None:
    made = scim.post("/Users", user_body())
    assert scim.get(f"/Users/{made.id.upper()}").status == 404


# -------------------------------------------------------------------------- filters
ODD = ["x' OR 1=1 --", "50%", "50%_", "a_b", "a%b", "back\\slash", 'O"Neil', "[a]", "*"]


@pytest.fixture(scope="module")
def odd_names(service: Any) -> dict[str, str]:
    """Ids of users with hostile titles, by title; other users exist as well."""
    with service.client() as scim:
        for title in ("x", "50 percent", "axb", "a", "", "slash", "O'Neil"):
            scim.post("/Users", user_body(title=title or None))
        return {title: scim.post("/Users", user_body(title=title)).id for title in ODD}


@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew"])
@pytest.mark.parametrize("title", ODD)
def test_special_characters_in_a_filter_value_are_plain_text(
    title: str, operator: str, odd_names: dict[str, str], scim: Client
) -> None:
    def fits(other: str) -> bool:
        folded, wanted = other.lower(), title.lower()
        return {
            "eq": folded == wanted,
            "co": wanted in folded,
            "sw": folded.startswith(wanted),
            "ew": folded.endswith(wanted),
        }[operator]

    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    found = scim.find("/Users", f'title {operator} "{escaped}"')
    wanted = {id_ for other, id_ in odd_names.items() if fits(other)}
    assert {person["id"] for person in found} == wanted


@pytest.mark.parametrize(
    "sort_by",
    ["id;drop", "id desc", "nobody", "(select 1)", "userName,id", "'", "name."],
)
def test_sort_by_accepts_only_attribute_names(sort_by: str, scim: Client) -> None:
    answer = scim.get(f"/Users?sortBy={sort_by}")
    assert answer.status == 400
    assert answer.document["scimType"] in ("invalidPath", "invalidValue")


# ---------------------------------------------------------------------------- PATCH
@pytest.mark.parametrize("op", ["REPLACE", "Add", "rEpLaCe"])
def test_operation_names_ignore_case(op: str, scim: Client) -> None:
    made = scim.post("/Users", user_body())
    answer = scim.patch(
        f"/Users/{made.id}", {"op": op, "path": "title", "value": "Countess"}
    )
    assert (answer.status, answer.document["title"]) == (200, "Countess")


def _title(scim: Client, made: Answer) -> str | None:
    title: str | None = scim.get(f"/Users/{made.id}").document.get("title")
    return title


@pytest.mark.parametrize(
    "bad",
    [
        {"op": "test", "path": "title", "value": "x"},
        {"op": "move", "from": "title", "path": "nickName"},
        {"op": 1, "path": "title", "value": "x"},
        {"path": "title", "value": "x"},
        {"op": "replace", "path": "__class__", "value": "x"},
        {"op": "replace", "path": "name.__init__", "value": "x"},
        {"op": "replace", "path": "groups", "value": []},
        {"op": "replace", "path": "id", "value": "x"},
        {"op": "replace", "path": "active", "value": "perhaps"},
        {"op": "replace", "path": "name", "value": "x"},
        {"op": "replace", "path": "title", "value": {"a": 1}},
        {"op": "replace", "path": "title", "value": ["a", "b"]},
        {"op": "replace", "path": "title", "value": 7},
        {"op": "replace", "path": "emails[type eq", "value": "x"},
        {"op": "replace", "path": "emails[nothing eq 1].value", "value": "x"},
        {"op": "replace", "path": ".title", "value": "x"},
        {"op": "replace", "path": "title.", "value": "x"},
        {"op": "replace", "path": 7, "value": "x"},
        {"op": "add", "path": "title"},
        {"op": "add", "value": "x"},
        {"op": "remove"},
        {"op": "replace", "path": "userName", "value": ""},
        "replace",
        None,
    ],
    ids=str,
)
def test_one_invalid_operation_rolls_back_all_operations(
    bad: Any, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    good = {"op": "replace", "path": "title", "value": "Countess"}
    for operations in ([good, bad], [bad, good], [good, bad, good]):
        answer = scim.request("PATCH", f"/Users/{made.id}", patch_body(*operations))
        assert answer.status == 400
        assert answer.document["scimType"]
    assert _title(scim, made) is None
    assert scim.get(f"/Users/{made.id}").document == made.document


def test_an_unknown_member_rolls_back_the_whole_change(scim: Client) -> None:
    ada = scim.post("/Users", user_body())
    group = scim.post("/Groups", group_body())
    answer = scim.patch(
        f"/Groups/{group.id}",
        {"op": "replace", "path": "displayName", "value": f"New {group.id}"},
        {"op": "add", "path": "members", "value": [{"value": ada.id}]},
        {"op": "add", "path": "members", "value": [{"value": str(uuid4())}]},
    )
    assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
    assert scim.get(f"/Groups/{group.id}").document == group.document


def test_more_than_a_thousand_operations_are_refused(scim: Client) -> None:
    made = scim.post("/Users", user_body())
    operations = [{"op": "replace", "path": "title", "value": "x"}] * 1001
    answer = scim.patch(f"/Users/{made.id}", *operations)
    assert (answer.status, answer.document["scimType"]) == (400, "invalidSyntax")
    assert "More than 1000 operations" in answer.document["detail"]
    assert _title(scim, made) is None
    assert scim.patch(f"/Users/{made.id}", *operations[:1000]).status == 200


def test_more_than_a_hundred_thousand_members_are_refused(scim: Client) -> None:
    group = scim.post("/Groups", group_body())
    value = [None] * 100_001
    answer = scim.patch(
        f"/Groups/{group.id}", {"op": "add", "path": "members", "value": value}
    )
    assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
    assert "More than 100000 members" in answer.document["detail"]
    assert "members" not in scim.get(f"/Groups/{group.id}").document


# -------------------------------------------------------------------------- methods
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("TRACE", "/Users"), ("TRACE", "/Users/1"), ("CONNECT", "/Users")),
        *(("PUT", "/Users"), ("DELETE", "/Users"), ("PATCH", "/Groups")),
        *(("POST", "/Users/1"), ("POST", "/Groups/1"), ("PROPFIND", "/Users")),
        *(("PATCH", "/ServiceProviderConfig"), ("POST", "/Schemas")),
        *(("DELETE", "/ResourceTypes/User"), ("PUT", "/Schemas/x")),
    ],
)
def test_an_unsupported_method_is_refused_and_changes_nothing(
    method: str, path: str, scim: Client
) -> None:
    before = scim.get("/Users?count=0").document
    assert scim.request(method, path).status == 405
    assert scim.get("/Users?count=0").document == before


@pytest.mark.parametrize(
    "header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]
)
def test_a_header_does_not_change_the_method(header: str, scim: Client) -> None:
    made = scim.post("/Users", user_body())
    path = f"/Users/{made.id}"
    assert scim.request("GET", path, headers={header: "DELETE"}).status == 200
    assert scim.request("POST", "/Users", user_body(), {header: "DELETE"}).status == 201
    assert scim.get(f"{path}?_method=DELETE").status == 200
    assert scim.get(path).document == made.document
