"""Numbers in the query are plain ASCII integers, clamped as in RFC 7644."""

import pytest
from wire import Scim

NO_NUMBERS = ["٣", "1_0", " 1", "1 ", "1.5", "", "1e3", "0x10", "+", "-", "--1"]
NO_NUMBERS += ["one", "１", "²", "1,2", "NaN", "true", "null"]
TOO_LONG = [str(2**31), str(2**63), str(10**30), "9" * 5_000, "-" + "9" * 30]


@pytest.mark.parametrize("name", ["startIndex", "count"])
@pytest.mark.parametrize("text", NO_NUMBERS + TOO_LONG, ids=ascii)
def test_a_malformed_integer_is_refused(scim: Scim, name: str, text: str) -> None:
    answer = scim.get("/Users", **{name: text})
    assert answer.refusal == (400, "invalidValue")
    assert name in answer.detail
    assert answer.cpu < 0.1


@pytest.mark.parametrize(
    ("text", "start"), [("-1", 1), ("0", 1), ("1", 1), ("-999999999", 1), ("+2", 2)]
)
def test_a_start_index_below_one_means_one(scim: Scim, text: str, start: int) -> None:
    for name in ("ada", "grace"):
        scim.user(name)
    answer = scim.get("/Users", startIndex=text)
    assert answer["startIndex"] == start
    assert answer.names == ["ada", "grace"][start - 1 :]
    assert answer["totalResults"] == 2


@pytest.mark.parametrize("text", ["-1", "0", "-999999999"])
def test_a_count_below_one_returns_only_the_total(scim: Scim, text: str) -> None:
    scim.user("ada")
    answer = scim.get("/Users", count=text)
    assert answer["Resources"] == []
    assert (answer["itemsPerPage"], answer["totalResults"]) == (0, 1)


def test_a_start_index_beyond_the_end_returns_nothing(scim: Scim) -> None:
    scim.user("ada")
    answer = scim.get("/Users", startIndex="999999999")
    assert answer["Resources"] == []
    assert (answer["startIndex"], answer["totalResults"]) == (999999999, 1)


def test_a_page_has_100_resources_by_default_and_1000_at_most(scim: Scim) -> None:
    scim.crowd(1_001)
    assert scim.get("/Users")["itemsPerPage"] == 100
    assert scim.get("/Users", count="1000")["itemsPerPage"] == 1_000
    largest = scim.get("/Users", count="999999999")
    assert (largest["itemsPerPage"], largest["totalResults"]) == (1_000, 1_001)
    searched = scim.search("/Users", count=999_999_999)
    assert searched["itemsPerPage"] == 1_000


@pytest.mark.parametrize("value", ["1", 1.5, True, [1], {"a": 1}, "٣"])
@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_the_numbers_of_a_search_must_be_integers(
    scim: Scim, name: str, value: object
) -> None:
    answer = scim.search("/Users", **{name: value})
    assert answer.refusal == (400, "invalidValue")
    assert name in answer.detail


@pytest.mark.parametrize("value", [-1, 0, 2**31, 10**17])
def test_the_numbers_of_a_search_are_clamped(scim: Scim, value: int) -> None:
    scim.user("ada")
    assert scim.search("/Users", startIndex=value)["startIndex"] == max(value, 1)
    shown = scim.search("/Users", count=value)["itemsPerPage"]
    assert shown == (1 if value > 0 else 0)
