"""Variants of SCIM URLs (case, slashes, no version) work without a redirect."""

import http.client
from json import loads
from typing import Any

import pytest
from scim_client import Client, group_body, user_body
from services import Service


def _send_raw(service: Service, method: str, path: str) -> tuple[int, Any, Any]:
    """Send a path unchanged, without normalisation by a library."""
    place = service.origin.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=30)
    headers = {"Authorization": f"Bearer {service.token}"}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, loads(body)


@pytest.mark.parametrize(
    "path",
    [
        "/scim/v2//Users",
        "/scim/v2/Users/",
        "//scim/v2/Users",
        "///scim//v2///Users//",
        "/scim/Users/",
        "/scim/v2/users",
        "/scim/v2/USERS",
        "/scim/users",
        "/scim/v2/groups",
        "/scim/v2/serviceproviderconfig",
        "/scim/v2/resourcetypes",
        "/scim/v2/schemas/",
        "/scim/v2/",
        "/scim",
        "/scim/",
    ],
)
def test_a_variant_of_a_url_is_answered_without_a_redirect(
    path: str, service: Service
) -> None:
    status, headers, document = _send_raw(service, "GET", path)
    assert status == 200
    assert headers["Content-Type"] == "application/scim+json"
    assert document["schemas"]


@pytest.mark.parametrize(
    "path", ["/scim/v2//nothing/", "/scim//Users/x/y/", "/scim/v3"]
)
def test_an_unknown_url_is_not_found(path: str, service: Service) -> None:
    status, _, document = _send_raw(service, "GET", path)
    assert (status, document["status"]) == (404, "404")


def test_the_endpoint_ignores_case_and_the_id_does_not(scim: Client) -> None:
    made = scim.post("/users", user_body())
    assert made.document["meta"]["location"].endswith(f"/Users/{made.id}")
    assert scim.get(f"/USERS/{made.id}").document == made.document
    assert scim.get(f"/Users/{made.id.upper()}").status == 404


def test_paths_in_a_bulk_request_ignore_case(scim: Client) -> None:
    person = {"method": "POST", "path": "/users", "bulkId": "a", "data": user_body()}
    group = group_body("bulkId:a")
    team = {"method": "POST", "path": "/GROUPS", "bulkId": "b", "data": group}
    answer = scim.post("/bulk", {"Operations": [person, team]})
    made = answer.document["Operations"]
    assert [each["status"] for each in made] == ["201", "201"]
    assert scim.get(made[1]["location"]).document["members"]


@pytest.mark.parametrize("path", ["/Users/.search", "/Groups/.search", "/.search"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_search_allows_only_post(method: str, path: str, scim: Client) -> None:
    answer = scim.request(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
