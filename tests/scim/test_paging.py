"""Pages by index (RFC 7644, 3.4.2.4) and by cursor (RFC 9865)."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from wire import MESSAGES, Answer, Scim

from netpresenter_next.scim.cursors import LIFETIME

FIVE = ["ada", "grace", "linus", "margaret", "tim"]


@pytest.fixture
def five(scim: Scim) -> Scim:
    """A client of a service that has five users."""
    for each in FIVE:
        scim.user(each)
    return scim


def pages(scim: Scim, path: str = "/Users", **query: Any) -> Iterator[Answer]:
    """Follow the cursors from the first page to the last."""
    cursor = ""
    for _ in range(100):
        answer = scim.get(path, cursor=cursor, **query)
        assert answer.status == 200, answer.document
        assert "startIndex" not in answer.document
        yield answer
        if "nextCursor" not in answer.document:
            return
        cursor = answer["nextCursor"]
    raise AssertionError("there is no end to the pages")


def names(answers: Iterator[Answer]) -> list[str]:
    """Return the names on all pages."""
    return list(itertools.chain.from_iterable(each.names for each in answers))


# ------------------------------------------------------------------------ by index
@pytest.mark.parametrize("count", [1, 2, 3, 5, 6])
def test_pages_by_index_contain_every_user_once(five: Scim, count: int) -> None:
    shown: list[str] = []
    for start in range(1, 6, count):
        answer = five.get("/Users", startIndex=start, count=count)
        assert answer["schemas"] == [MESSAGES + "ListResponse"]
        assert answer["totalResults"] == 5
        assert answer["startIndex"] == start
        assert answer["itemsPerPage"] == len(answer["Resources"])
        shown += answer.names
    assert shown == FIVE


def test_every_page_by_index_has_the_total(five: Scim) -> None:
    for start, count in itertools.product(range(8), range(7)):
        answer = five.get("/Users", startIndex=start, count=count)
        assert answer["totalResults"] == 5, (start, count)
        assert answer.names == FIVE[max(start, 1) - 1 :][:count]


def test_an_empty_list_is_a_valid_answer(scim: Scim) -> None:
    for path in ("/Users", "/Groups", ""):
        answer = scim.get(path)
        assert answer.document == {
            "schemas": [MESSAGES + "ListResponse"],
            "totalResults": 0,
            "itemsPerPage": 0,
            "startIndex": 1,
            "Resources": [],
        }


def test_a_user_added_between_pages_comes_last(five: Scim) -> None:
    first = five.get("/Users", count=2)
    five.user("aaron")
    second = five.get("/Users", startIndex=3, count=2)
    third = five.get("/Users", startIndex=5, count=2)
    assert first.names + second.names + third.names == [*FIVE, "aaron"]
    assert (first["totalResults"], third["totalResults"]) == (5, 6)


def test_changing_a_user_does_not_change_the_order_of_pages(five: Scim) -> None:
    ada = five.get("/Users", count=1)["Resources"][0]["id"]
    five.put(f"/Users/{ada}", {"userName": "zoe"})
    assert five.get("/Users").names == ["zoe", *FIVE[1:]]


def test_filtered_lists_are_paged(five: Scim) -> None:
    condition = 'userName co "a"'
    first = five.get("/Users", filter=condition, count=2)
    second = five.get("/Users", filter=condition, count=2, startIndex=3)
    assert (first["totalResults"], second["totalResults"]) == (3, 3)
    assert first.names + second.names == ["ada", "grace", "margaret"]


def test_pages_at_the_root_contain_users_and_then_groups(five: Scim) -> None:
    for each in ("Readers", "Writers"):
        five.group(each)
    everything = [*FIVE, "Readers", "Writers"]
    for start, count in itertools.product(range(1, 9), range(9)):
        answer = five.get("", startIndex=start, count=count)
        assert answer["totalResults"] == 7, (start, count)
        assert answer.names == everything[start - 1 :][:count], (start, count)


# ----------------------------------------------------------------------- by cursor
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_pages_by_cursor_contain_every_user_once(five: Scim, count: int) -> None:
    answers = list(pages(five, count=count))
    assert names(iter(answers)) == FIVE
    assert len(answers) == -(-5 // count)
    for each in answers:
        assert each["totalResults"] == 5
        assert each["itemsPerPage"] == len(each["Resources"])
    for each in answers[:-1]:
        assert each["itemsPerPage"] == count


def test_the_last_page_has_no_next_cursor(five: Scim) -> None:
    assert "nextCursor" not in five.get("/Users", cursor="", count=5).document
    assert "nextCursor" not in five.get("/Groups", cursor="").document
    assert "nextCursor" in five.get("/Users", cursor="", count=4).document


def test_a_page_by_index_has_no_cursor(five: Scim) -> None:
    assert "nextCursor" not in five.get("/Users", count=2).document


def test_paging_by_cursor_continues_despite_deletions(five: Scim) -> None:
    first = five.get("/Users", cursor="", count=2)
    for each in first["Resources"]:
        five.delete(f"/Users/{each['id']}")
    five.user("zoe")
    second = five.get("/Users", cursor=first["nextCursor"], count=9)
    assert second.names == ["linus", "margaret", "tim", "zoe"]


def test_a_cursor_can_be_used_again(five: Scim) -> None:
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    once, again = (five.get("/Users", cursor=cursor, count=2) for _ in range(2))
    assert once.names == again.names


def test_the_count_may_differ_between_pages(five: Scim) -> None:
    cursor = five.get("/Users", cursor="", count=1)["nextCursor"]
    assert five.get("/Users", cursor=cursor, count=3).names == FIVE[1:4]


def test_the_requested_attributes_may_differ_between_pages(five: Scim) -> None:
    cursor = five.get("/Users", cursor="", count=1)["nextCursor"]
    answer = five.get("/Users", cursor=cursor, attributes="userName")
    assert set(answer["Resources"][0]) == {"schemas", "id", "userName"}


def test_a_count_of_zero_by_cursor_returns_only_the_total(five: Scim) -> None:
    answer = five.get("/Users", cursor="", count=0)
    assert answer["totalResults"] == 5
    assert answer["Resources"] == []


def test_a_count_of_zero_with_a_cursor_returns_only_the_total(five: Scim) -> None:
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    answer = five.get("/Users", cursor=cursor, count=0)
    assert answer["totalResults"] == 5
    assert "nextCursor" not in answer.document
    assert five.get("/Users", cursor=cursor).names == FIVE[2:]


@pytest.mark.parametrize(
    "other",
    [
        {"filter": 'userName sw "a"'},
        {"sortBy": "userName"},
        {"sortOrder": "descending"},
        {"sortBy": "userName", "sortOrder": "descending"},
    ],
    ids=str,
)
def test_a_cursor_belongs_to_its_filter_and_sorting(
    five: Scim, other: dict[str, str]
) -> None:
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    answer = five.get("/Users", cursor=cursor, **other)
    assert answer.refusal == (400, "invalidCursor")


def test_a_cursor_belongs_to_its_endpoint(five: Scim) -> None:
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    for path in ("/Groups", ""):
        assert five.get(path, cursor=cursor).refusal == (400, "invalidCursor")
    for each in ("Readers", "Writers"):
        five.group(each)
    cursor = five.get("/Groups", cursor="", count=1)["nextCursor"]
    assert five.get("/Users", cursor=cursor).refusal == (400, "invalidCursor")


@pytest.mark.parametrize("place", [0, 5, 20, -20, -1])
def test_a_tampered_cursor_is_refused(five: Scim, place: int) -> None:
    cursor = list(five.get("/Users", cursor="", count=2)["nextCursor"])
    cursor[place] = "A" if cursor[place] != "A" else "B"
    # The last characters of base64 may stand for the same bytes.
    if place == -1:
        cursor.append("A")
    answer = five.get("/Users", cursor="".join(cursor))
    assert answer.refusal == (400, "invalidCursor")


@pytest.mark.parametrize("cursor", ["x", "1", "ä", ".", "a.b.c", "x" * 5_000, " "])
def test_an_invalid_cursor_is_refused(five: Scim, cursor: str) -> None:
    assert five.get("/Users", cursor=cursor).refusal == (400, "invalidCursor")
    searched = five.search("/Users", cursor=cursor)
    assert searched.refusal == (400, "invalidCursor")


def test_a_cursor_expires(five: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    announced = five.get("/ServiceProviderConfig")["pagination"]["cursorTimeout"]
    assert announced == LIFETIME
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    start = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: start + LIFETIME - 2)
    assert five.get("/Users", cursor=cursor).names == FIVE[2:]
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: start + LIFETIME + 2)
    assert five.get("/Users", cursor=cursor).refusal == (400, "expiredCursor")


def test_cursor_and_start_index_exclude_each_other(five: Scim) -> None:
    answer = five.get("/Users", cursor="", startIndex=1)
    assert answer.refusal == (400, "invalidValue")
    assert five.search("/Users", cursor="", startIndex=1).status == 400


def test_a_cursor_of_another_installation_is_refused(
    five: Scim, make_scim: Any
) -> None:
    cursor = five.get("/Users", cursor="", count=2)["nextCursor"]
    other = make_scim(SECRET_KEY="another key of another installation")
    assert other.get("/Users", cursor=cursor).refusal == (400, "invalidCursor")


def test_cursors_page_the_root_over_users_and_groups(five: Scim) -> None:
    for each in ("Readers", "Writers"):
        five.group(each)
    for count in range(1, 9):
        answers = list(pages(five, "", count=count))
        assert names(iter(answers)) == [*FIVE, "Readers", "Writers"]
        assert {each["totalResults"] for each in answers} == {7}
        assert all(each["Resources"] for each in answers)


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize(
    "by", ["title", "externalId", "emails", "name.familyName", "meta.created"]
)
def test_sorted_pages_with_absent_values_contain_every_user_once(
    scim: Scim, by: str, order: str
) -> None:
    for number in range(7):
        more: dict[str, Any] = {}
        if number % 3:
            text = "AbCdEfG"[-number]
            more = {"title": text * (number % 2 + 1), "name": {"familyName": text}}
            more["emails"] = [{"value": f"{text}@example.com", "type": "work"}]
            more["externalId"] = text
        scim.user(f"person{number}", **more)
    query = {"sortBy": by, "sortOrder": order}
    whole = scim.get("/Users", **query).names
    assert sorted(whole) == [f"person{number}" for number in range(7)]
    for count in range(1, 8):
        assert names(pages(scim, count=count, **query)) == whole


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_sorted_pages_of_equal_values_contain_every_user_once(
    scim: Scim, order: str
) -> None:
    for number in range(6):
        scim.user(f"person{number}", title="Engineer" if number % 2 else "engineer")
    query = {"sortBy": "title", "sortOrder": order}
    for count in range(1, 7):
        found = names(pages(scim, count=count, **query))
        assert found == [f"person{number}" for number in range(6)]


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_pages_sorted_by_active_show_everybody_once(scim: Scim, order: str) -> None:
    for number in range(5):
        scim.user(f"person{number}", active=number % 2 == 0)
    query = {"sortBy": "active", "sortOrder": order}
    whole = scim.get("/Users", **query).names
    assert sorted(whole) == [f"person{number}" for number in range(5)]
    for count in range(1, 6):
        assert names(pages(scim, count=count, **query)) == whole


def test_a_search_can_page_by_cursor(five: Scim) -> None:
    shown, cursor = [], ""
    while cursor is not None:
        answer = five.search("", cursor=cursor, count=2)
        shown += answer.names
        cursor = answer.document.get("nextCursor")
    assert shown == FIVE


def test_the_service_provider_config_describes_pagination(scim: Scim) -> None:
    pagination = scim.get("/ServiceProviderConfig")["pagination"]
    assert pagination == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 1_000,
        "cursorTimeout": LIFETIME,
    }
