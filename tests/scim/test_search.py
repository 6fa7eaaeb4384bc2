"""Searches by POST (RFC 7644, 3.4.3) answer as a GET does and change nothing."""

from typing import Any

import pytest
from wire import MESSAGES, Scim, group, operation, user


@pytest.fixture
def three(scim: Scim) -> Scim:
    """A client of a service that has two users and a group of one of them."""
    ada = scim.user("ada", title="Countess", emails=[{"value": "ada@example.com"}])
    scim.user("grace")
    scim.group("Readers", ada.id)
    return scim


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/Users", ["ada", "grace"]),
        ("/Groups", ["Readers"]),
        ("", ["ada", "grace", "Readers"]),
    ],
)
def test_a_search_answers_like_a_list(three: Scim, path: str, names: list[str]) -> None:
    answer = three.search(path)
    assert answer.status == 200
    assert answer["schemas"] == [MESSAGES + "ListResponse"]
    assert answer.names == names
    assert answer.document == three.get(path).document


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": 'userName eq "ADA"'},
        {"filter": 'emails.value co "@example"', "count": 1},
        {"sortBy": "userName", "sortOrder": "descending"},
        {"startIndex": 2, "count": 1},
        {"attributes": "userName,emails.value"},
        {"excludedAttributes": "emails,meta"},
        {"filter": 'nickName eq "nobody"'},
    ],
    ids=str,
)
def test_a_search_accepts_every_parameter_of_a_list(
    three: Scim, asked: dict[str, Any]
) -> None:
    names = ("attributes", "excludedAttributes")
    body = {
        key: each.split(",") if key in names else each for key, each in asked.items()
    }
    for path in ("/Users", ""):
        listed, searched = three.get(path, **asked), three.search(path, **body)
        assert (searched.status, searched.document) == (200, listed.document)


def test_the_root_filters_by_attributes_of_one_resource_type(three: Scim) -> None:
    assert three.search("", filter='userName eq "ada"').names == ["ada"]
    assert three.search("", filter="members pr").names == ["Readers"]
    found = three.search("", filter='displayName sw "R" or title pr')
    assert "ada" in found.names


def test_a_filter_by_an_unknown_attribute_is_refused(three: Scim) -> None:
    for path in ("", "/Users", "/Groups"):
        answer = three.search(path, filter="shoeSize pr")
        assert answer.refusal == (400, "invalidFilter")


def test_a_filter_can_select_the_resource_type(three: Scim) -> None:
    answer = three.search("", filter='meta.resourceType eq "Group"')
    assert answer.names == ["Readers"]


def test_names_in_the_body_ignore_case(three: Scim) -> None:
    body = {"FILTER": 'userName eq "ada"', "Count": 1, "ATTRIBUTES": ["userName"]}
    answer = three.post("/Users/.search", body)
    assert answer.names == ["ada"]
    assert "title" not in answer["Resources"][0]


def test_null_parameters_are_ignored(three: Scim) -> None:
    nothing = dict.fromkeys(
        ("filter", "sortBy", "sortOrder", "startIndex", "count", "cursor"), None
    )
    nothing |= dict.fromkeys(("attributes", "excludedAttributes"), None)
    assert three.search("/Users", **nothing).names == ["ada", "grace"]


@pytest.mark.parametrize(
    "body",
    [
        {"filter": 1},
        {"filter": ["userName pr"]},
        {"filter": True},
        {"sortBy": {}},
        {"sortBy": False},
        {"sortOrder": 1},
        {"startIndex": "1"},
        {"count": True},
        {"count": 1.0},
        {"cursor": 1},
        {"attributes": "userName"},
        {"attributes": [1]},
        {"attributes": {"userName": True}},
        {"excludedAttributes": "userName"},
        {"excludedAttributes": [None]},
        {"attributes": ["userName"], "excludedAttributes": ["title"]},
        {"attributes": [["userName"]]},
    ],
    ids=str,
)
def test_a_search_of_the_wrong_types_is_refused(
    three: Scim, body: dict[str, Any]
) -> None:
    for path in ("/Users", "/Groups", ""):
        assert three.search(path, **body).refusal == (400, "invalidValue")


@pytest.mark.parametrize("text", ["", "userName", "userName eq", "(", 'a eq "b', "🙂"])
def test_a_wrong_filter_is_refused_with_the_reason(three: Scim, text: str) -> None:
    answer = three.search("/Users", filter=text)
    assert answer.refusal == (400, "invalidFilter")
    assert "position" in answer.detail


def test_a_search_leaves_no_journal_entry_unless_it_is_refused(three: Scim) -> None:
    before = len(three.journal())
    three.search("/Users", filter="userName pr")
    assert three.journal()[before:] == []
    three.search("/Users", filter="nonsense nonsense")
    assert [each.status for each in three.journal()[before:]] == [400]


def test_a_search_finds_a_resource_created_just_before(scim: Scim) -> None:
    scim.post("/Users", user("ada"))
    assert scim.search("/Users", filter='userName eq "ada"')["totalResults"] == 1
    scim.post("/Groups", group("Readers"))
    found = scim.search("/Groups", filter='displayName eq "readers"')
    assert found["totalResults"] == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_allowed_for_a_search(scim: Scim, method: str) -> None:
    for path in ("/Users/.search", "/Groups/.search", "/.search"):
        body = {"userName": "x", "displayName": "x"}
        body |= {"Operations": [operation("add", "displayName", "x")]}
        answer = scim.request(method, path, body)
        assert answer.status == 405
        assert scim.counts() == (0, 0, 0)


def test_a_search_ignores_the_query_string(three: Scim) -> None:
    answer = three.post("/Users/.search", {"count": 2}, query={"count": "1"})
    assert answer.names == ["ada", "grace"]
