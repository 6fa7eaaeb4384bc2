"""Filters and PATCH operations of RFC 7644, sent to a running server.

The requests and results are in ``filter_vectors`` and ``patch_vectors``.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import filter_vectors
import patch_vectors
import pytest
from filter_vectors import GROUPS, OF_GROUPS, PEOPLE, group_of
from patch_vectors import ABSENT, MEMBERS, PERSON, MembersRow
from scim_client import CORE_USER, ENTERPRISE_USER, Answer, Client, user_body
from services import Service


# ------------------------------------------------------------------------- filters
@pytest.fixture(scope="module")
def filled_server(own_service: Service) -> Iterator[Client]:
    """A client of a server that has only the users and groups of the table."""
    with own_service.client() as client:
        ids = {}
        for name, body in PEOPLE.items():
            made = client.post("/Users", {"schemas": [CORE_USER], **body})
            assert made.status == 201, made
            ids[name] = made.id
        for name, members in GROUPS.items():
            body = group_of(name, [ids[each] for each in members])
            assert client.post("/Groups", body).status == 201
        yield client


def _check(answer: Answer, row: filter_vectors.Row, attribute: str) -> None:
    if isinstance(row.expected, str):
        assert (answer.status, answer.document["scimType"]) == (400, row.expected)
        return
    assert answer.status == 200, answer
    found = {each[attribute] for each in answer.document["Resources"]}
    names = {PEOPLE[each]["userName"] if each in PEOPLE else each for each in row[1]}
    assert found == names
    assert answer.document["totalResults"] == len(names)


@pytest.mark.parametrize("row", filter_vectors.ROWS, ids=lambda row: row.text)
def test_a_filter_returns_the_matching_users(
    row: filter_vectors.Row, filled_server: Client
) -> None:
    answer = filled_server.get(f"/Users?filter={quote(row.text, safe='')}")
    _check(answer, row, "userName")


@pytest.mark.parametrize("row", OF_GROUPS, ids=lambda row: row.text)
def test_a_filter_returns_the_matching_groups(
    row: filter_vectors.Row, filled_server: Client
) -> None:
    answer = filled_server.get(f"/Groups?filter={quote(row.text, safe='')}")
    _check(answer, row, "displayName")


# --------------------------------------------------------------------------- PATCH
def _rows(rows: Sequence[Any]) -> Any:
    """Parametrize by rows; an id is the number and the beginning of a row."""
    names = [f"{number} {json.dumps(row[-2])[:150]}" for number, row in enumerate(rows)]
    return pytest.mark.parametrize("row", rows, ids=names)


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    """Replace ``{name}`` in the table by ids and names."""
    text = json.dumps(value)
    for name, each in names.items():
        text = text.replace(f"{{{name}}}", each)
    return json.loads(text)


def _without_computed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the server computes."""
    kept = {name: each for name, each in document.items() if name != "meta"}
    at_work = kept.get(ENTERPRISE_USER, {})
    if "manager" in at_work:
        manager = {"value": at_work["manager"]["value"]}
        kept[ENTERPRISE_USER] = {**at_work, "manager": manager}
    return kept


@_rows(patch_vectors.ROWS)
def test_a_patch_has_the_result_of_the_rfc(
    row: patch_vectors.Row, scim: Client
) -> None:
    name = user_body()["userName"]
    made = scim.post("/Users", {**PERSON, "userName": name})
    before = _without_computed(made.document)
    answer = scim.patch(f"/Users/{made.id}", *_filled(row.operations, {"name": name}))
    after = scim.get(f"/Users/{made.id}").document
    if isinstance(row.expected, str):
        assert (answer.status, answer.document["scimType"]) == (400, row.expected)
        assert after == made.document
        return
    assert (answer.status, answer.document) == (200, after)
    expected = {**before, **row.expected}
    expected = {key: each for key, each in expected.items() if each is not ABSENT}
    expected["schemas"] = [
        each for each in PERSON["schemas"] if each in (CORE_USER, *expected)
    ]
    assert _without_computed(after) == expected


@_rows(MEMBERS)
def test_a_patch_of_members_has_the_result_of_the_rfc(
    row: MembersRow, scim: Client
) -> None:
    ids = {name: scim.post("/Users", user_body()).id for name in "abc"}
    group = group_of(user_body()["userName"], [ids["a"], ids["b"]])
    path = f"/Groups/{scim.post('/Groups', group).id}"
    answer = scim.patch(path, _filled(row.operation, ids))
    if isinstance(row.expected, str):
        assert (answer.status, answer.document["scimType"]) == (400, row.expected)
    else:
        assert answer.status == 200, answer
    left = {"a", "b"} if isinstance(row.expected, str) else row.expected
    members = scim.get(path).document.get("members", [])
    assert {each["value"] for each in members} == {ids[each] for each in left}


# ---------------------------------------------- short forms
@pytest.mark.parametrize(
    "wrong",
    [
        {"emails": "not-a-list"},
        {"emails": ["x@example.com"]},
        {"phoneNumbers": "5"},
        {"roles": [["admin"]]},
        {"name": [{"givenName": "Ada"}]},
        {ENTERPRISE_USER: {"manager": "m"}},
        {ENTERPRISE_USER: {"manager": [{"value": "m"}]}},
    ],
    ids=json.dumps,
)
def test_short_forms_are_accepted_only_in_a_patch(
    wrong: dict[str, Any], scim: Client
) -> None:
    refused = scim.post("/Users", user_body(**wrong))
    assert (refused.status, refused.document["scimType"]) == (400, "invalidValue")
    made = scim.post("/Users", user_body())
    refused = scim.put(f"/Users/{made.id}", {**made.document, **wrong})
    assert (refused.status, refused.document["scimType"]) == (400, "invalidValue")
    assert scim.get(f"/Users/{made.id}").document == made.document


@pytest.mark.parametrize("members", ["{a}", ["{a}"], [["{a}"]], 5], ids=json.dumps)
def test_members_of_a_whole_group_must_be_objects(members: Any, scim: Client) -> None:
    person = scim.post("/Users", user_body()).id
    group = group_of(user_body()["userName"], [])
    wrong = {**group, "members": _filled(members, {"a": person})}
    refused = scim.post("/Groups", wrong)
    assert (refused.status, refused.document["scimType"]) == (400, "invalidValue")
    made = scim.post("/Groups", group)
    assert scim.put(f"/Groups/{made.id}", wrong).status == 400
