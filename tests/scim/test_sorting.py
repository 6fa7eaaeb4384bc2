"""Lists in the order that the client asks for (RFC 7644, 3.4.2.3)."""

from typing import Any

import pytest
from wire import ENTERPRISE, Scim


def _emails(*values: str, primary: int | None = None) -> list[dict[str, Any]]:
    emails: list[dict[str, Any]] = [{"value": each} for each in values]
    if primary is not None:
        emails[primary]["primary"] = True
    return emails


def test_texts_are_sorted_ignoring_case(scim: Scim) -> None:
    for each in ("linus", "Ada", "GRACE", "tim"):
        scim.user(each)
    up = scim.get("/Users", sortBy="userName")
    assert up.names == ["Ada", "GRACE", "linus", "tim"]
    down = scim.get("/Users", sortBy="userName", sortOrder="descending")
    assert down.names == up.names[::-1]


def test_case_exact_texts_are_sorted_by_code_point(scim: Scim) -> None:
    for name, external_id in (("ada", "b"), ("grace", "B"), ("linus", "a")):
        scim.user(name, externalId=external_id)
    found = scim.get("/Users", sortBy="externalId").names
    assert found == ["grace", "linus", "ada"]


def test_every_sort_order_but_descending_means_ascending(scim: Scim) -> None:
    for each in ("linus", "ada"):
        scim.user(each)
    for order in ("ascending", "ASCENDING", "", "sideways"):
        answer = scim.get("/Users", sortBy="userName", sortOrder=order)
        assert answer.names == ["ada", "linus"]
    answer = scim.get("/Users", sortBy="userName", sortOrder="Descending")
    assert answer.names == ["linus", "ada"]


def test_a_sort_order_without_sort_by_is_ignored(scim: Scim) -> None:
    for each in ("linus", "ada"):
        scim.user(each)
    assert scim.get("/Users", sortOrder="descending").names == ["linus", "ada"]
    assert scim.get("/Users", sortBy="", sortOrder="descending").status == 200


def test_users_without_a_value_come_last_or_first_if_descending(scim: Scim) -> None:
    for name, title in (("ada", None), ("grace", "b"), ("linus", "a"), ("tim", None)):
        scim.user(name, **({"title": title} if title else {}))
    up = scim.get("/Users", sortBy="title")
    assert up.names == ["linus", "grace", "ada", "tim"]
    down = scim.get("/Users", sortBy="title", sortOrder="descending")
    assert down.names == ["ada", "tim", "grace", "linus"]


def test_multi_valued_attributes_sort_by_the_primary_or_first_value(scim: Scim) -> None:
    scim.user("ada", emails=_emails("z@example.com", "a@example.com", primary=1))
    scim.user("grace", emails=_emails("c@example.com", "0@example.com"))
    scim.user("linus", emails=_emails("B@example.com"))
    for by in ("emails", "emails.value", "Emails.Value"):
        assert scim.get("/Users", sortBy=by).names == ["ada", "linus", "grace"]


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("name.familyName", [{"name": {"familyName": each}} for each in "cab"]),
        ("displayName", [{"displayName": each} for each in "CaB"]),
        (f"{ENTERPRISE}:department", [{ENTERPRISE: {"department": x}} for x in "cab"]),
        ("department", [{ENTERPRISE: {"department": each}} for each in "cab"]),
        ("manager.value", [{ENTERPRISE: {"manager": {"value": x}}} for x in "cab"]),
        ("manager", [{ENTERPRISE: {"manager": {"value": each}}} for each in "cab"]),
        ("phoneNumbers.type", [{"phoneNumbers": [{"value": "1", "type": each}]}
                               for each in "cab"]),
        ("addresses.locality", [{"addresses": [{"locality": x}]} for x in "cab"]),
        ("active", [{"active": True}, {"active": False}, {"active": True}]),
    ],
)  # fmt: skip
def test_lists_sort_by_every_kind_of_attribute(
    scim: Scim, by: str, values: list[dict[str, Any]]
) -> None:
    first, second, third = "first", "second", "third"
    for name, more in zip((first, second, third), values, strict=True):
        scim.user(name, **more)
    expected = [second, first, third] if by == "active" else [second, third, first]
    assert scim.get("/Users", sortBy=by).names == expected
    searched = scim.search("/Users", sortBy=by, sortOrder="descending").names
    assert searched[0] == (first if by in ("active",) else expected[-1])


@pytest.mark.parametrize("by", ["id", "meta.created", "meta.lastModified"])
def test_lists_sort_by_id_and_meta(scim: Scim, by: str) -> None:
    for each in ("linus", "ada"):
        scim.user(each)
    assert scim.get("/Users", sortBy=by).names == ["linus", "ada"]
    down = scim.get("/Users", sortBy=by, sortOrder="descending").names
    assert down == ["ada", "linus"]


def test_groups_are_sorted(scim: Scim) -> None:
    for each in ("Writers", "authors", "Readers"):
        scim.group(each)
    found = scim.get("/Groups", sortBy="displayName").names
    assert found == ["authors", "Readers", "Writers"]


def test_the_root_sorts_each_resource_type_separately(scim: Scim) -> None:
    for each in ("linus", "ada"):
        scim.user(each, displayName=each)
    for each in ("Writers", "authors"):
        scim.group(each)
    answer = scim.get("", sortBy="displayName")
    assert answer.names == ["ada", "linus", "authors", "Writers"]
    assert scim.get("", sortBy="userName").names[:2] == ["ada", "linus"]


@pytest.mark.parametrize(
    "by",
    ["shoeSize", "id;drop", "userName desc", "1", "'", "name", "addresses", "a" * 9000],
)
def test_an_invalid_sort_by_is_refused(scim: Scim, by: str) -> None:
    scim.user("ada")
    answer = scim.get("/Users", sortBy=by)
    assert answer.status == 400
    assert answer["scimType"] in ("invalidValue", "invalidPath", "invalidFilter")


def test_sorting_and_filtering_can_be_combined(scim: Scim) -> None:
    for each in ("linus", "ada", "grace", "anna"):
        scim.user(each)
    answer = scim.get("/Users", filter='userName sw "a"', sortBy="userName", count=1)
    assert (answer.names, answer["totalResults"]) == (["ada"], 2)
