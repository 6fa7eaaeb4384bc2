"""Patterns match what they should and report differences."""

from typing import Any

import pytest
from patterns import MISSING, differences, matches

VALUE = {"id": "1", "on": True, "n": 1, "list": [{"a": 1, "b": 2}, {"a": 3}]}


@pytest.mark.parametrize(
    "pattern",
    [
        VALUE,
        {},
        {"id": "1"},
        {"list": [{"a": 1}, {}]},
        {"other": {"$absent": True}},
        {"id": {"$matches": "^[0-9]$"}},
        {"id": {"$not": "2"}},
        {"list": {"$length": 2}},
        {"list": {"$contains": {"a": 3}}},
        {"list": {"$set": [{"a": 3}, {"a": 1}]}},
        {"list": {"$not": {"$contains": {"a": 2}}}},
    ],
)
def test_a_pattern_matches(pattern: Any) -> None:
    assert matches(pattern, VALUE)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ({"id": "2"}, ".id is '1', not '2'"),
        ({"id": 1}, ".id is '1', not 1"),
        ({"on": 1}, ".on is True, not 1"),
        ({"n": True}, ".n is 1, not True"),
        ({"other": "1"}, ".other is absent, not '1'"),
        ({"id": None}, ".id is '1', not None"),
        ({"list": []}, ".list is [{'a': 1, 'b': 2}, {'a': 3}], not []"),
        ({"list": [{"a": 1}, {"a": 4}]}, ".list[1].a is 3, not 4"),
        ({"list": {"a": 1}}, ".list is [{'a': 1, 'b': 2}, {'a': 3}], not {'a': 1}"),
        ({"id": {"$absent": True}}, ".id is '1', not $absent True"),
        ({"id": {"$matches": "^[a-z]$"}}, ".id is '1', not $matches '^[a-z]$'"),
        ({"n": {"$matches": "1"}}, ".n is 1, not $matches '1'"),
        ({"id": {"$not": "1"}}, ".id is '1', not $not '1'"),
        ({"other": {"$not": "1"}}, ".other is absent, not $not '1'"),
        ({"n": {"$length": 1}}, ".n is 1, not $length 1"),
        ({"id": {"$contains": "1"}}, ".id is '1', not $contains '1'"),
    ],
)
def test_a_difference_is_reported_with_its_place(pattern: Any, complaint: str) -> None:
    assert list(differences(pattern, VALUE)) == [complaint]


@pytest.mark.parametrize(
    "pattern",
    [
        {"$length": 3},
        {"$contains": {"a": 2}},
        {"$set": [{"a": 1}]},
        {"$set": [{"a": 1}, {"a": 1}]},
        {"$set": [{"a": 1}, {"a": 3}, {}]},
    ],
)
def test_a_list_that_differs_does_not_match(pattern: Any) -> None:
    assert not matches(pattern, VALUE["list"])


def test_a_missing_value_matches_only_absent() -> None:
    assert matches({"$absent": True}, MISSING)
    patterns: list[Any] = [{}, [], None, {"$length": 0}, {"$set": []}, {"$matches": ""}]
    for pattern in patterns:
        assert not matches(pattern, MISSING)


def test_ref_is_an_attribute_and_not_an_operator() -> None:
    assert matches({"$ref": "x"}, {"$ref": "x", "value": "1"})
    assert not matches({"$ref": "x"}, {"$ref": "y"})
