"""Tolerated variants: spaces, byte order marks, filters in attributes, displayName."""

from codecs import BOM_UTF8
from json import dumps
from urllib.parse import quote

import pytest
from scim_client import Client, patch_body, user_body
from services import Service


@pytest.mark.parametrize("spaces", [1, 2, 5])
def test_several_spaces_after_bearer_are_accepted(
    spaces: int, service: Service, scim: Client
) -> None:
    header = f"Bearer{' ' * spaces}{service.token}"
    assert scim.get("/Users?count=0", Authorization=header).status == 200


def test_one_byte_order_mark_before_a_body_is_ignored(scim: Client) -> None:
    made = scim.request("POST", "/Users", BOM_UTF8 + dumps(user_body()).encode())
    assert made.status == 201
    change = patch_body({"op": "add", "path": "title", "value": "x"})
    body = BOM_UTF8 + dumps(change).encode()
    answer = scim.request("PATCH", f"/Users/{made.id}", body)
    assert answer.document["title"] == "x"
    twice = BOM_UTF8 + body
    assert scim.request("PATCH", f"/Users/{made.id}", twice).status == 400


# ------------------------------------------------------------ filters in attributes
EMAILS = [
    {"value": "w@example.com", "type": "work"},
    {"value": "h@example.com", "type": "home"},
]


@pytest.mark.parametrize(
    "name",
    [
        'emails[type eq "work"].value',
        'emails[type eq "work"]',
        'EMAILS[type eq "none"].value',
        "emails",
    ],
)
def test_a_filter_in_attributes_returns_the_whole_attribute(
    name: str, scim: Client
) -> None:
    made = scim.post("/Users", user_body(emails=EMAILS))
    shown = scim.get(f"/Users/{made.id}?attributes={quote(name, safe='')}").document
    assert shown == {key: made.document[key] for key in ("schemas", "id", "emails")}


def test_a_filter_in_excluded_attributes_excludes_nothing(scim: Client) -> None:
    made = scim.post("/Users", user_body(emails=EMAILS))
    name = quote('emails[type eq "work"].value', safe="")
    shown = scim.get(f"/Users/{made.id}?excludedAttributes={name}").document
    assert shown == made.document


# --------------------------------------------------------------------------- roles
def test_display_name_of_a_role_is_an_alias_of_display(scim: Client) -> None:
    role = {"value": "editor", "primary": True}
    sent = [{**role, "displayName": "Editor"}]
    made = scim.post("/Users", user_body(roles=sent))
    assert made.document["roles"] == [{**role, "display": "Editor"}]
    for name in ("displayName", "display"):
        path = f'roles[primary eq "True"].{name}'
        change = {"op": "Replace", "path": path, "value": f"Chief {name}"}
        answer = scim.patch(f"/Users/{made.id}", change)
        assert answer.document["roles"] == [{**role, "display": f"Chief {name}"}]
        text = f'roles.{name} eq "chief {name}" and id eq "{made.id}"'
        assert [each["id"] for each in scim.find("/Users", text)] == [made.id]
