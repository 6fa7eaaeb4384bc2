"""Independent SCIM test suites and clients against a running server."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Client as HTTPClient
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    Error,
    PatchOp,
    PatchOperation,
    Resource,
    SearchRequest,
)
from scim2_tester import CheckResult, Status, check_server
from scim_client import user_body
from scim_sanity.probe.runner import run_probe_api
from services import Service

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

# Findings of scim2-tester that are accepted, and why.
ACCEPTED_BY_TESTER = {
    "ERROR User check_remove_attribute: PATCH modify() did not remove attribute "
    "'active'": (
        "It removes active and expects an answer without it.  Here removing active "
        "disables the user, and the answer must say so: RFC 7643, 4.1.1 lets the "
        "service define the meaning of active."
    ),
}
# Findings of scim-sanity that are accepted, and why.
ACCEPTED_BY_SANITY = {
    "PATCH /Groups/{id} add member": (
        "It adds an unknown member and expects 200.  Microsoft Entra ID expects 400, "
        "as scim-sanity's own profile of it says, and takes a success for a member "
        "added: the membership would be lost silently."
    ),
}
# Resource types of an Internet-Draft that is not part of SCIM 2.0.
NOT_OFFERED = {
    "Agent CRUD Lifecycle",
    "AgenticApplication CRUD Lifecycle",
    "Agent Rapid Lifecycle",
}


@pytest.fixture(scope="module")
def other_client(own_service: Service) -> Iterator[SyncSCIMClient]:
    """scim2-client, which validates requests and answers."""
    headers = {"Authorization": f"Bearer {own_service.token}"}
    with HTTPClient(base_url=own_service.url, headers=headers) as connection:
        yield SyncSCIMClient(connection)


# --------------------------------------------------------------------- scim2-tester
@pytest.fixture(scope="module")
def check_results(own_service: Service) -> list[CheckResult]:
    """Every check of scim2-tester on every resource type."""
    headers = {"Authorization": f"Bearer {own_service.token}"}
    with HTTPClient(base_url=own_service.url, headers=headers) as connection:
        return list(check_server(SyncSCIMClient(connection)))


def test_scim2_tester_finds_only_accepted_faults_and_skips_nothing(
    check_results: list[CheckResult],
) -> None:
    faults = [
        f"{each.status.name} {each.resource_type} {each.title}: {each.reason}"
        for each in check_results
        if each.status not in PASSED
    ]
    assert faults == list(ACCEPTED_BY_TESTER), "\n".join(faults)


def test_scim2_tester_checks_every_resource_type(
    check_results: list[CheckResult],
) -> None:
    checked = {(each.resource_type, each.title) for each in check_results}
    for resource_type in ("User", "Group"):
        for title in (
            "object_creation",
            "object_query",
            "object_query_without_id",
            "object_query_with_attributes",
            "object_list_with_attributes",
            "search_with_attributes",
            "object_replacement",
            "object_deletion",
            "check_add_attribute",
            "check_remove_attribute",
            "check_replace_attribute",
        ):
            assert (resource_type, title) in checked
    assert len(check_results) > 120


# --------------------------------------------------------------------- scim-sanity
@pytest.fixture(scope="module")
def probe_results(own_service: Service) -> list[dict[str, Any]]:
    """Every result of scim-sanity in its strict mode."""
    report = run_probe_api(own_service.url, token=own_service.token)
    return list(report["results"])


def test_scim_sanity_finds_only_accepted_faults(
    probe_results: list[dict[str, Any]],
) -> None:
    faults = [each for each in probe_results if each["status"] not in ("pass", "skip")]
    assert {each["name"] for each in faults} == set(ACCEPTED_BY_SANITY), faults
    (refused,) = faults
    assert refused["message"] == "Expected 200, got 400"


def test_scim_sanity_skips_only_what_is_not_scim_2(
    probe_results: list[dict[str, Any]],
) -> None:
    skipped = {each["name"] for each in probe_results if each["status"] == "skip"}
    assert skipped == NOT_OFFERED
    passed = {each["name"] for each in probe_results if each["status"] == "pass"}
    for method in ("POST", "GET", "PUT", "PATCH", "DELETE"):
        for endpoint in ("/Users", "/Groups"):
            rest = "" if method == "POST" else "/{id}"
            assert f"{method} {endpoint}{rest}" in passed


# --------------------------------------------------------------------- scim2-client
@pytest.fixture(scope="module")
def models(
    other_client: SyncSCIMClient,
) -> tuple[type[Resource[Any]], type[Resource[Any]]]:
    """User and Group as the server describes them."""
    other_client.discover()
    user, group = (
        other_client.get_resource_model("User"),
        other_client.get_resource_model("Group"),
    )
    assert user is not None
    assert group is not None
    return user, group


def _change(model: Any, op: str, path: str, value: Any = None) -> Any:
    operation = PatchOperation[model](op=op, path=path, value=value)
    return PatchOp[model](operations=[operation])


def _find(other_client: SyncSCIMClient, model: Any, filter_: str) -> list[Any]:
    page = other_client.query(model, query_parameters=SearchRequest(filter=filter_))
    return list(page.resources or [])


def test_scim2_client_can_create_change_and_delete_a_user(
    other_client: Any, models: tuple[Any, Any]
) -> None:
    user, _ = models
    body = user_body(meta=None, roles=None)
    ada = other_client.create(user.model_validate(body))
    assert ada.user_name == body["userName"]
    assert ada.meta.location.endswith(f"/Users/{ada.id}")

    (found,) = _find(other_client, user, f'userName eq "{body["userName"].upper()}"')
    assert found == other_client.query(user, ada.id) == ada

    ada = other_client.modify(
        user, ada.id, _change(user, "add", "nickName", "Countess")
    )
    assert ada.nick_name == "Countess"
    ada = other_client.modify(
        user, ada.id, _change(user, "replace", "name.familyName", "B.")
    )
    assert ada.name.family_name == "B."
    ada = other_client.modify(user, ada.id, _change(user, "remove", "nickName"))
    assert ada.nick_name is None

    ada.display_name, ada.name = "Augusta Ada", None
    ada = other_client.replace(ada)
    assert (ada.display_name, ada.name) == ("Augusta Ada", None)

    ada = other_client.modify(user, ada.id, _change(user, "replace", "active", False))
    assert ada.active is False
    assert other_client.query(user, ada.id).active is False

    other_client.delete(user, ada.id)
    gone = other_client.query(user, ada.id, raise_scim_errors=False)
    assert isinstance(gone, Error)
    assert gone.status == 404
    assert _find(other_client, user, f'userName eq "{body["userName"]}"') == []


def test_scim2_client_can_create_change_and_delete_a_group(
    other_client: Any, models: tuple[Any, Any]
) -> None:
    user, group = models
    ada, grace = (
        other_client.create(user.model_validate(user_body(meta=None, roles=None)))
        for _ in range(2)
    )
    pair = other_client.create(group(display_name=f"Pioneers {ada.id}"))
    assert not pair.members

    for person in (ada, grace):
        add = _change(group, "add", "members", [{"value": person.id}])
        pair = other_client.modify(group, pair.id, add)
    assert {member.value for member in pair.members} == {ada.id, grace.id}
    assert [each.value for each in other_client.query(user, ada.id).groups] == [pair.id]

    (found,) = _find(other_client, group, f'displayName eq "pioneers {ada.id}"')
    assert found.id == pair.id
    assert _find(other_client, group, f'members.value eq "{grace.id}"')[0].id == pair.id

    leave = _change(group, "remove", f'members[value eq "{ada.id}"]')
    pair = other_client.modify(group, pair.id, leave)
    assert [member.value for member in pair.members] == [grace.id]

    rename = _change(group, "replace", "displayName", f"Admirals {ada.id}")
    assert (
        other_client.modify(group, pair.id, rename).display_name == f"Admirals {ada.id}"
    )

    pair = other_client.query(group, pair.id)
    pair.members = [{"value": ada.id}]
    pair = other_client.replace(pair)
    assert [member.value for member in pair.members] == [ada.id]

    other_client.delete(user, ada.id)
    assert not other_client.query(group, pair.id).members
    other_client.delete(group, pair.id)
    gone = other_client.query(group, pair.id, raise_scim_errors=False)
    assert isinstance(gone, Error)
    assert gone.status == 404
    other_client.delete(user, grace.id)
