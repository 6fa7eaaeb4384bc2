"""Whoever leaves is out at once: no way of saying so keeps them in."""

from typing import Any

import pytest
from scim_client import CORE_USER, Client, user_body

ACTIVE = f"{CORE_USER}:active"

# ------------------------------------------------- what clears active makes it false
EMPTY = {"null": None, "an empty text": ""}
CLEARED_BY_PATCH: dict[str, dict[str, Any]] = {
    "removed": {"op": "remove", "path": "active"},
    "Removed, as Entra ID spells it": {"op": "Remove", "path": "active"},
    "removed by its full name": {"op": "remove", "path": ACTIVE},
    "null": {"op": "replace", "path": "active", "value": None},
    "an empty text": {"op": "Replace", "path": "active", "value": ""},
    "null without a path": {"op": "replace", "value": {"active": None}},
    "an empty text without a path": {"op": "add", "value": {ACTIVE: ""}},
    "null below the schema": {"op": "replace", "value": {CORE_USER: {"active": None}}},
}


def _assert_is_disabled(scim: Client, person_id: str) -> None:
    """Everything that is ever read says so: the document, and what is found by it."""
    read = scim.get(f"/Users/{person_id}").document
    assert read["active"] is False
    query = f'userName eq "{read["userName"]}" and active eq '
    assert [each["id"] for each in scim.find("/Users", f"{query}false")] == [person_id]
    assert scim.find("/Users", f"{query}true") == []


@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_a_person_posted_with_an_empty_active_is_disabled(
    value: Any, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", {**user_body(), "active": value})
    assert (made.status, made.document["active"]) == (201, False)
    _assert_is_disabled(strict_scim, made.id)


@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_a_person_put_with_an_empty_active_is_disabled(
    value: Any, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body())
    body = {**made.document, "active": value}
    answer = strict_scim.put(f"/Users/{made.id}", body)
    assert (answer.status, answer.document["active"]) == (200, False)
    _assert_is_disabled(strict_scim, made.id)


@pytest.mark.parametrize("operation", CLEARED_BY_PATCH.values(), ids=CLEARED_BY_PATCH)
def test_a_person_whose_active_is_cleared_is_disabled(
    operation: dict[str, Any], strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body())
    answer = strict_scim.patch(f"/Users/{made.id}", operation)
    assert (answer.status, answer.document["active"]) == (200, False)
    _assert_is_disabled(strict_scim, made.id)


def test_a_person_is_neither_let_in_nor_shut_out_by_an_omission(
    strict_scim: Client,
) -> None:
    made = strict_scim.post("/Users", user_body(active=None))
    assert made.document["active"] is True
    body = user_body(active=None)
    assert strict_scim.put(f"/Users/{made.id}", body).document["active"] is True
    off = {"op": "remove", "path": "active"}
    assert strict_scim.patch(f"/Users/{made.id}", off).status == 200
    assert strict_scim.put(f"/Users/{made.id}", body).document["active"] is False
