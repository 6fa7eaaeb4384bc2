"""Deceptive user and group names are refused; other names are kept as sent."""

from typing import Any

import pytest
from scim_client import Client, group_body, user_body

INVISIBLE = [
    *("\u200b", "\u200d", "\u034f", "\ufe0f", "\u115f", "\u3164", "\uffa0", "\u2800"),
    *("\u202e", "\u2066", "\u00a0", "\u3000", "\t", "\n"),
    *("\ue000", "\uffff", "\ufffd", "\U000e0041"),
]
GROUP_NAMES = [
    "Team \u2764\ufe0f",
    "\U0001f469\u200d\U0001f4bb",
    "\u0645\u06cc\u200c\u062e\u0648",
]


def names_like(name: str) -> list[str]:
    """Return variants of a name that look the same."""
    return [f"{name[:2]}{each}{name[2:]}" for each in INVISIBLE] + [
        f" {name}",
        f"{name} ",
    ]


def assert_refused(answer: Any, attribute: str) -> None:
    assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
    assert f"The {attribute} " in answer.document["detail"]


def test_a_user_name_that_looks_like_another_is_refused(scim: Client) -> None:
    jane = scim.post("/Users", user_body(userName="jane@names.example"))
    for name in names_like("jane@names.example"):
        assert_refused(scim.post("/Users", user_body(userName=name)), "userName")
        change = {"op": "replace", "path": "userName", "value": name}
        assert_refused(scim.patch(f"/Users/{jane.id}", change), "userName")
    found = scim.get(f"/Users/{jane.id}").document
    assert found["userName"] == "jane@names.example"


def test_a_group_that_looks_like_another_is_refused(scim: Client) -> None:
    group = scim.post("/Groups", group_body(displayName="Finance of names"))
    for name in names_like("Finance of names"):
        assert_refused(
            scim.post("/Groups", group_body(displayName=name)), "displayName"
        )
        change = {"op": "replace", "path": "displayName", "value": name}
        assert_refused(scim.patch(f"/Groups/{group.id}", change), "displayName")
    found = scim.get(f"/Groups/{group.id}").document
    assert found["displayName"] == "Finance of names"


@pytest.mark.parametrize("name", GROUP_NAMES)
def test_a_group_name_may_have_emoji_and_joined_letters(
    scim: Client, name: str
) -> None:
    group = scim.post("/Groups", group_body(displayName=name))
    assert group.status == 201, group.document
    assert group.document["displayName"] == name


def test_a_display_name_is_kept_as_sent_and_cleaned_in_member_display(
    scim: Client,
) -> None:
    sent = "\u200fAda\u00ad \ue000\u202eLovelace\u2069 \u2764\ufe0f"
    ada = scim.post("/Users", user_body(displayName=sent, title=sent))
    assert ada.status == 201, ada.document
    assert (ada.document["displayName"], ada.document["title"]) == (sent, sent)
    group = scim.post("/Groups", group_body(ada.id, displayName="Display of names"))
    (member,) = group.document["members"]
    assert member["display"] == "Ada \ufffdLovelace \u2764\ufe0f"


def test_a_blank_display_name_falls_back_to_the_formatted_name(scim: Client) -> None:
    body = user_body(displayName="\u200b\u3164", name={"formatted": "Grace Hopper"})
    grace = scim.post("/Users", body)
    group = scim.post("/Groups", group_body(grace.id, displayName="Blank of names"))
    assert group.document["members"][0]["display"] == "Grace Hopper"
