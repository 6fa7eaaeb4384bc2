"""Independent judges: other people's SCIM test suites and client, on a live server."""

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

FINE = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

# What scim2-tester finds wrong, and why it stays so.
KEPT = {
    "ERROR User check_remove_attribute: PATCH modify() did not remove attribute "
    "'active'": (
        "It removes active and wants an answer without it.  Here whoever loses active "
        "is disabled, and an answer that does not say so would leave the client to "
        "guess: RFC 7643, 4.1.1 lets the service define what active means."
    ),
}
# What scim-sanity finds wrong, and why it stays so.
CONTRADICTIONS = {
    "PATCH /Groups/{id} add member": (
        "It adds a member that does not exist and wants 200.  Microsoft Entra ID "
        "answers 400 to that, as scim-sanity's own profile of it says, and takes a "
        "success for a member added: the membership would be lost without a word."
    ),
}
# Resource types of an Internet draft, which is no part of SCIM 2.0.
NOT_OFFERED = {
    "Agent CRUD Lifecycle",
    "AgenticApplication CRUD Lifecycle",
    "Agent Rapid Lifecycle",
}


@pytest.fixture(scope="module")
def judge(own_service: Service) -> Iterator[SyncSCIMClient]:
    """scim2-client, which validates what it sends and what it gets."""
    headers = {"Authorization": f"Bearer {own_service.token}"}
    with HTTPClient(base_url=own_service.url, headers=headers) as connection:
        yield SyncSCIMClient(connection)


# --------------------------------------------------------------------- scim2-tester
@pytest.fixture(scope="module")
def verdicts(own_service: Service) -> list[CheckResult]:
    """Every check of scim2-tester on every resource type."""
    headers = {"Authorization": f"Bearer {own_service.token}"}
    with HTTPClient(base_url=own_service.url, headers=headers) as connection:
        return list(check_server(SyncSCIMClient(connection)))


def test_scim2_tester_finds_only_what_stays_and_skips_nothing(
    verdicts: list[CheckResult],
) -> None:
    faults = [
        f"{each.status.name} {each.resource_type} {each.title}: {each.reason}"
        for each in verdicts
        if each.status not in FINE
    ]
    assert faults == list(KEPT), "\n".join(faults)


def test_scim2_tester_has_checked_every_resource_type(
    verdicts: list[CheckResult],
) -> None:
    checked = {(each.resource_type, each.title) for each in verdicts}
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
    assert len(verdicts) > 120


# --------------------------------------------------------------------- scim-sanity
@pytest.fixture(scope="module")
def probe(own_service: Service) -> list[dict[str, Any]]:
    """Every result of scim-sanity in its strict mode."""
    report = run_probe_api(own_service.url, token=own_service.token)
    return list(report["results"])


def test_scim_sanity_finds_no_fault_but_those_named_here(
    probe: list[dict[str, Any]],
) -> None:
    faults = [each for each in probe if each["status"] not in ("pass", "skip")]
    assert {each["name"] for each in faults} == set(CONTRADICTIONS), faults
    (refused,) = faults
    assert refused["message"] == "Expected 200, got 400"


def test_scim_sanity_skips_only_what_is_not_scim_2(
    probe: list[dict[str, Any]],
) -> None:
    skipped = {each["name"] for each in probe if each["status"] == "skip"}
    assert skipped == NOT_OFFERED
    passed = {each["name"] for each in probe if each["status"] == "pass"}
    for method in ("POST", "GET", "PUT", "PATCH", "DELETE"):
        for endpoint in ("/Users", "/Groups"):
            rest = "" if method == "POST" else "/{id}"
            assert f"{method} {endpoint}{rest}" in passed


# --------------------------------------------------------------------- scim2-client
@pytest.fixture(scope="module")
def models(judge: SyncSCIMClient) -> tuple[type[Resource[Any]], type[Resource[Any]]]:
    """User and Group as the server itself describes them."""
    judge.discover()
    user, group = judge.get_resource_model("User"), judge.get_resource_model("Group")
    assert user is not None
    assert group is not None
    return user, group


def _change(model: Any, op: str, path: str, value: Any = None) -> Any:
    operation = PatchOperation[model](op=op, path=path, value=value)
    return PatchOp[model](operations=[operation])


def _find(judge: SyncSCIMClient, model: Any, filter_: str) -> list[Any]:
    page = judge.query(model, query_parameters=SearchRequest(filter=filter_))
    return list(page.resources or [])


def test_scim2_client_leads_a_person_through_a_whole_life(
    judge: Any, models: tuple[Any, Any]
) -> None:
    user, _ = models
    body = user_body(meta=None, roles=None)
    ada = judge.create(user.model_validate(body))
    assert ada.user_name == body["userName"]
    assert ada.meta.location.endswith(f"/Users/{ada.id}")

    (found,) = _find(judge, user, f'userName eq "{body["userName"].upper()}"')
    assert found == judge.query(user, ada.id) == ada

    ada = judge.modify(user, ada.id, _change(user, "add", "nickName", "Countess"))
    assert ada.nick_name == "Countess"
    ada = judge.modify(user, ada.id, _change(user, "replace", "name.familyName", "B."))
    assert ada.name.family_name == "B."
    ada = judge.modify(user, ada.id, _change(user, "remove", "nickName"))
    assert ada.nick_name is None

    ada.display_name, ada.name = "Augusta Ada", None
    ada = judge.replace(ada)
    assert (ada.display_name, ada.name) == ("Augusta Ada", None)

    ada = judge.modify(user, ada.id, _change(user, "replace", "active", False))
    assert ada.active is False
    assert judge.query(user, ada.id).active is False

    judge.delete(user, ada.id)
    gone = judge.query(user, ada.id, raise_scim_errors=False)
    assert isinstance(gone, Error)
    assert gone.status == 404
    assert _find(judge, user, f'userName eq "{body["userName"]}"') == []


def test_scim2_client_leads_a_group_through_a_whole_life(
    judge: Any, models: tuple[Any, Any]
) -> None:
    user, group = models
    ada, grace = (
        judge.create(user.model_validate(user_body(meta=None, roles=None)))
        for _ in range(2)
    )
    pair = judge.create(group(display_name=f"Pioneers {ada.id}"))
    assert not pair.members

    for person in (ada, grace):
        add = _change(group, "add", "members", [{"value": person.id}])
        pair = judge.modify(group, pair.id, add)
    assert {member.value for member in pair.members} == {ada.id, grace.id}
    assert [each.value for each in judge.query(user, ada.id).groups] == [pair.id]

    (found,) = _find(judge, group, f'displayName eq "pioneers {ada.id}"')
    assert found.id == pair.id
    assert _find(judge, group, f'members.value eq "{grace.id}"')[0].id == pair.id

    leave = _change(group, "remove", f'members[value eq "{ada.id}"]')
    pair = judge.modify(group, pair.id, leave)
    assert [member.value for member in pair.members] == [grace.id]

    rename = _change(group, "replace", "displayName", f"Admirals {ada.id}")
    assert judge.modify(group, pair.id, rename).display_name == f"Admirals {ada.id}"

    pair = judge.query(group, pair.id)
    pair.members = [{"value": ada.id}]
    pair = judge.replace(pair)
    assert [member.value for member in pair.members] == [ada.id]

    judge.delete(user, ada.id)
    assert not judge.query(group, pair.id).members
    judge.delete(group, pair.id)
    gone = judge.query(group, pair.id, raise_scim_errors=False)
    assert isinstance(gone, Error)
    assert gone.status == 404
    judge.delete(user, grace.id)
