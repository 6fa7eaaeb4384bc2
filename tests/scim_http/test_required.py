"""Required attributes: userName always, externalId and a work e-mail by default.

A disabled user needs only userName: see test_disabling.
"""

from collections.abc import Callable
from typing import Any

import pytest
from scim_client import (
    CORE_GROUP,
    CORE_USER,
    Answer,
    Client,
    group_body,
    user_body,
)

# The missing attribute -> words of the error: the attribute, and what to map to it.
WORDS = {
    "userName": ("userName", "userPrincipalName"),
    "externalId": ("externalId", "objectId"),
    "emails": ('emails[type eq "work"].value', "mail"),
}
WORK = 'emails[type eq "work"].value'
PRIVATE = [{"type": "home", "value": "ada@home.example"}]
NAMELESS_ENTRY = [{"type": "work", "display": "Work"}]

# Changes of the body -> the attribute that is missing then.
LACKING: list[tuple[dict[str, Any], str]] = [
    ({"userName": None}, "userName"),
    ({"userName": ""}, "userName"),
    ({"userName": "   "}, "userName"),
    ({"externalId": None}, "externalId"),
    ({"externalId": ""}, "externalId"),
    ({"emails": None}, "emails"),
    ({"emails": []}, "emails"),
    ({"emails": PRIVATE}, "emails"),
    ({"emails": NAMELESS_ENTRY}, "emails"),
    ({"emails": [{"type": "work", "value": ""}]}, "emails"),
    ({"emails": [{"value": "untyped@contoso.example"}]}, "emails"),
]
# Operations -> the attribute that is missing after all of them.
CLEARING: list[tuple[list[dict[str, Any]], str]] = [
    ([{"op": "remove", "path": "userName"}], "userName"),
    ([{"op": "replace", "path": "userName", "value": ""}], "userName"),
    ([{"op": "remove", "path": "externalId"}], "externalId"),
    ([{"op": "Remove", "path": "externalId"}], "externalId"),
    ([{"op": "replace", "path": "externalId", "value": ""}], "externalId"),
    ([{"op": "replace", "path": "externalId", "value": None}], "externalId"),
    ([{"op": "replace", "value": {"externalId": None}}], "externalId"),
    ([{"op": "remove", "path": "emails"}], "emails"),
    ([{"op": "replace", "path": "emails", "value": []}], "emails"),
    ([{"op": "replace", "path": "emails", "value": PRIVATE}], "emails"),
    ([{"op": "remove", "path": 'emails[type eq "work"]'}], "emails"),
    ([{"op": "remove", "path": WORK}], "emails"),
    ([{"op": "replace", "path": WORK, "value": ""}], "emails"),
    ([{"op": "replace", "path": WORK, "value": None}], "emails"),
    ([{"op": "replace", "value": {WORK: ""}}], "emails"),
    (
        [{"op": "replace", "path": 'emails[type eq "work"].type', "value": "home"}],
        "emails",
    ),
    (
        [
            {"op": "replace", "path": "displayName", "value": "Changed all the same"},
            {"op": "remove", "path": "externalId"},
        ],
        "externalId",
    ),
]


def _assert_refused(answer: Answer, missing: str) -> None:
    assert answer.status == 400, answer
    assert answer.document["scimType"] == "invalidValue"
    for word in WORDS[missing]:
        assert word in answer.document["detail"]


def _people(client: Client) -> int:
    return int(client.get("/Users?count=0").document["totalResults"])


# ------------------------------------------------------------------------ refusals
@pytest.mark.parametrize(("changes", "missing"), LACKING)
def test_a_user_without_a_required_attribute_is_not_created(
    changes: dict[str, Any], missing: str, strict_scim: Client
) -> None:
    before = _people(strict_scim)
    _assert_refused(strict_scim.post("/Users", user_body(**changes)), missing)
    assert _people(strict_scim) == before


@pytest.mark.parametrize(("changes", "missing"), LACKING)
def test_a_put_without_a_required_attribute_is_refused(
    changes: dict[str, Any], missing: str, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body())
    body = {**user_body(**changes), "displayName": "Changed all the same"}
    _assert_refused(strict_scim.put(f"/Users/{made.id}", body), missing)
    assert strict_scim.get(f"/Users/{made.id}").document == made.document


@pytest.mark.parametrize(("operations", "missing"), CLEARING)
def test_a_required_attribute_cannot_be_cleared(
    operations: list[dict[str, Any]], missing: str, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body(displayName="Ada"))
    answer = strict_scim.patch(f"/Users/{made.id}", *operations)
    _assert_refused(answer, missing)
    assert strict_scim.get(f"/Users/{made.id}").document == made.document


def test_each_refusal_names_one_missing_attribute(
    strict_scim: Client,
) -> None:
    whole = user_body()
    body = {"schemas": [CORE_USER]}
    lacking = set(WORDS)
    while lacking:
        answer = strict_scim.post("/Users", body)
        (named,) = (name for name in lacking if name in answer.document["detail"])
        _assert_refused(answer, named)
        body[named] = whole[named]
        lacking.remove(named)
    assert strict_scim.post("/Users", body).status == 201


# --------------------------------------------------------------- accepted requests
def test_only_the_state_after_all_operations_is_validated(strict_scim: Client) -> None:
    made = strict_scim.post("/Users", user_body())
    answer = strict_scim.patch(
        f"/Users/{made.id}",
        {"op": "remove", "path": "externalId"},
        {"op": "remove", "path": "emails"},
        {"op": "add", "path": "externalId", "value": f"new-{made.id}"},
        {"op": "add", "path": WORK, "value": f"new.{made.id}@contoso.example"},
    )
    assert answer.status == 200
    assert answer.document["externalId"] == f"new-{made.id}"
    assert answer.document["emails"][0]["type"] == "work"


def test_the_type_of_the_work_email_ignores_case(
    strict_scim: Client,
) -> None:
    tag = user_body()["externalId"]
    emails = [{"type": "Work", "value": f"{tag}@contoso.example"}]
    assert strict_scim.post("/Users", user_body(emails=emails)).status == 201


def test_a_group_needs_no_external_id(strict_scim: Client) -> None:
    body = group_body()
    del body["externalId"]
    assert strict_scim.post("/Groups", body).status == 201


@pytest.mark.parametrize(
    ("changes", "missing"), [each for each in LACKING if each[1] != "userName"]
)
def test_only_the_user_name_is_required_if_nothing_else_is_set(
    changes: dict[str, Any], missing: str, scim: Client
) -> None:
    body = user_body(**changes)
    made = scim.post("/Users", body)
    assert made.status == 201, missing
    assert scim.put(f"/Users/{made.id}", body).status == 200
    _assert_refused(scim.put(f"/Users/{made.id}", {**body, "userName": ""}), "userName")


@pytest.mark.parametrize(
    ("operations", "missing"), [each for each in CLEARING if each[1] != "userName"]
)
def test_optional_attributes_can_be_cleared_if_nothing_is_required(
    operations: list[dict[str, Any]], missing: str, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    answer = scim.patch(f"/Users/{made.id}", *operations)
    assert answer.status == 200
    if missing == "externalId":
        assert "externalId" not in answer.document
    else:
        emails = answer.document.get("emails", [])
        assert not any(each["type"] == "work" and "value" in each for each in emails)


# ------------------------------------------------------------------------ /Schemas
def _required(client: Client, schema: str) -> set[str]:
    """Return the names, ``a.b`` for parts, that a schema says are required."""
    document = client.get(f"/Schemas/{schema}").document
    names = set()
    for attribute in document["attributes"]:
        parts = attribute.get("subAttributes", [])
        names |= {attribute["name"]} if attribute["required"] else set()
        names |= {
            f"{attribute['name']}.{part['name']}" for part in parts if part["required"]
        }
    return names


def test_the_schema_lists_the_attributes_required_by_default(
    strict_scim: Client,
) -> None:
    required = _required(strict_scim, CORE_USER)
    assert required - {"emails.value"} == {"userName", "externalId", "emails"}
    assert _required(strict_scim, CORE_GROUP) == {"displayName"}


def test_the_schema_says_that_only_the_user_name_is_required(scim: Client) -> None:
    assert _required(scim, CORE_USER) == {"userName"}
    assert _required(scim, CORE_GROUP) == {"displayName"}


@pytest.mark.parametrize(
    ("endpoint", "make", "schema", "name"),
    [
        ("/Users", user_body, CORE_USER, "userName"),
        ("/Users", user_body, CORE_USER, "externalId"),
        ("/Users", user_body, CORE_USER, "displayName"),
        ("/Groups", group_body, CORE_GROUP, "displayName"),
        ("/Groups", group_body, CORE_GROUP, "externalId"),
    ],
)
def test_the_schema_lists_which_attributes_are_unique(
    endpoint: str,
    make: Callable[..., dict[str, Any]],
    schema: str,
    name: str,
    scim: Client,
) -> None:
    value = make()["externalId"]
    assert scim.post(endpoint, make(**{name: value})).status == 201
    again = scim.post(endpoint, make(**{name: value})).status
    attributes = scim.get(f"/Schemas/{schema}").document["attributes"]
    (attribute,) = (each for each in attributes if each["name"] == name)
    assert attribute["uniqueness"] == ("server" if again == 409 else "none")
