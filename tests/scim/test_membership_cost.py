"""The cost of changing members does not depend on the size of the group."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wire import MEDIA_TYPE, PREFIX, Cost, Scim, cost_of, group, operation

from helpers import Instance, close, copy_of
from netpresenter_next import create_app
from netpresenter_next.config.options import load

SMALL, LARGE, MANY = 100, 50_000, 30_000
BODY_LIMIT = 4 * 2**20


Sizes = dict[int, tuple[str, list[str]]]


@pytest.fixture(scope="module")
def crowded(
    prepared: tuple[Instance, str], fast_folder: Path
) -> Iterator[tuple[Instance, Scim, list[str]]]:
    """An instance with very many people, a client of it, and their ids."""
    instance, token = prepared
    instance = copy_of(instance, fast_folder / "crowded")
    app = create_app(load({}, instance=instance.folder, scim_required=frozenset()))
    scim = Scim(app, token)
    yield instance, scim, scim.crowd(LARGE)
    close(app)


@pytest.fixture(scope="module")
def large(crowded: tuple[Instance, Scim, list[str]]) -> Scim:
    """A client of that instance."""
    return crowded[1]


@pytest.fixture(scope="module")
def sizes(crowded: tuple[Instance, Scim, list[str]]) -> Sizes:
    """A small and a large group, by number of members: path, and ids of members."""
    _, scim, people = crowded
    found = {}
    for size in (SMALL, LARGE):
        made = scim.group(f"Group of {size}")
        scim.fill(made.id, people[:size])
        found[size] = (f"/Groups/{made.id}", people[:size])
    return found


def _patched(scim: Scim, path: str, *operations: Any, **query: str) -> Cost:
    """Return what a PATCH costs."""
    with cost_of(scim.app) as cost:
        answer = scim.patch(path, *operations, query=query)
    assert answer.status in (200, 204), answer.document
    assert (answer.status == 200) == bool(query)
    return cost


def _newcomer(scim: Scim, name: str) -> dict[str, str]:
    return {"value": scim.user(name).id}


@pytest.mark.parametrize("query", [{}, {"excludedAttributes": "members"}], ids=str)
@pytest.mark.parametrize("op", ["add", "remove by value", "remove by filter", "again"])
def test_one_member_costs_the_same_in_a_small_and_a_large_group(
    large: Scim,
    sizes: Sizes,
    op: str,
    query: dict[str, str],
) -> None:
    ada = _newcomer(large, f"{op} {len(query)}")
    add = operation("add", "members", [ada])
    change = {
        "add": add,
        "again": add,
        "remove by value": operation("remove", "members", [ada]),
        "remove by filter": operation("remove", f'members[value eq "{ada["value"]}"]'),
    }[op]
    costs = []
    for path, _ in sizes.values():
        if op != "add":
            _patched(large, path, add)
        costs.append(_patched(large, path, change, **query))
    small, great = costs
    assert small.statements == great.statements
    assert small.parameters == great.parameters
    assert small.rows == great.rows < 50
    assert (
        abs(small.steps - great.steps) < 10
    )  # depends on the position in an index page
    assert len(small.statements) <= 11


def test_a_rename_costs_the_same_in_a_small_and_a_large_group(
    large: Scim, sizes: Sizes
) -> None:
    small, great = (
        _patched(large, path, operation("replace", "displayName", f"New {size}"))
        for size, (path, _) in sizes.items()
    )
    assert small.statements == great.statements
    assert small.rows == great.rows
    assert abs(small.steps - great.steps) < 10


def test_a_member_costs_the_same_by_bulk(large: Scim, sizes: Sizes) -> None:
    ada = _newcomer(large, "by bulk")
    costs = []
    for path, _ in sizes.values():
        data = {"Operations": [operation("add", "members", [ada])]}
        with cost_of(large.app) as cost:
            answer = large.bulk({"method": "PATCH", "path": path, "data": data})
        assert answer["Operations"][0]["status"] == "200"
        costs.append(cost)
    assert costs[0].statements == costs[1].statements
    assert costs[0].rows == costs[1].rows
    assert abs(costs[0].steps - costs[1].steps) < 10


@pytest.mark.parametrize(
    "query",
    [
        {"excludedAttributes": "members"},
        {"excludedAttributes": "members,meta"},
        {"attributes": "displayName"},
        {"attributes": "id"},
        {"excludedAttributes": "urn:ietf:params:scim:schemas:core:2.0:Group:members"},
    ],
    ids=str,
)
@pytest.mark.parametrize("how", ["get", "list", "filter", "search", "root", "cursor"])
def test_requests_that_exclude_members_do_not_read_memberships(
    large: Scim,
    sizes: Sizes,
    query: dict[str, str],
    how: str,
) -> None:
    path = sizes[LARGE][0]
    with cost_of(large.app) as cost:
        if how == "get":
            answer = large.get(path, **query)
        elif how == "list":
            answer = large.get("/Groups", **query)
        elif how == "filter":
            answer = large.get("/Groups", filter="displayName pr", **query)
        elif how == "cursor":
            answer = large.get("/Groups", cursor="", **query)
        elif how == "search":
            body = {key: each.split(",") for key, each in query.items()}
            answer = large.search("/Groups", **body)
        else:
            answer = large.get("", filter='meta.resourceType eq "Group"', **query)
    assert answer.status == 200
    assert "members" not in json.dumps(answer.document).replace("Readers", "")
    assert cost.touching("memberships") == []
    assert cost.rows < 10
    # Only filters at the root scan every user, once.
    assert how == "root" or cost.steps < 500


def test_requesting_member_values_reads_memberships_once(
    large: Scim, sizes: Sizes
) -> None:
    with cost_of(large.app) as cost:
        answer = large.get(sizes[SMALL][0], attributes="members.value")
    assert set(answer["members"][0]) == {"value"}
    assert len(cost.touching("memberships")) == 1


def test_a_large_group_is_returned_with_all_members(large: Scim, sizes: Sizes) -> None:
    path, people = sizes[LARGE]
    answer = large.get(path, attributes="members.value")
    assert {each["value"] for each in answer["members"]} >= set(people)


# -------------------------------------------------------------------- many members
class Live:
    """A server with a group and very many people."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)
        self._token = token

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def announce(self, method: str, path: str, size: int) -> tuple[int, Any]:
        """Announce a body, and read what is answered before it is sent."""
        self._connection.putrequest(method, PREFIX + path)
        self._connection.putheader("Authorization", f"Bearer {self._token}")
        self._connection.putheader("Content-Type", MEDIA_TYPE)
        self._connection.putheader("Content-Length", str(size))
        self._connection.endheaders()
        answer = self._connection.getresponse()
        document = json.loads(answer.read())
        self._connection.close()
        return answer.status, document

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any, int]:
        """Send a request; returns status, document, and size of what was sent."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": MEDIA_TYPE}
        self._connection.request(method, PREFIX + path, data, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        document = json.loads(text) if text else None
        return answer.status, document, len(data or b"")


@pytest.fixture(scope="module")
def live(
    crowded: tuple[Instance, Scim, list[str]],
) -> Iterator[tuple[Live, str, list[str]]]:
    """A running server on that instance, the path of a group, and ids of people."""
    instance, scim, people = crowded
    path = f"/Groups/{scim.group('Everybody').id}"
    with instance.served(NETPRESENTER_SCIM_REQUIRED="") as server:
        client = Live(server.host, server.port, scim.token)
        yield client, path, people
        client.close()


def _count(live: Live, path: str) -> int:
    _, document, _ = live.send("GET", f"{path}?attributes=members.value")
    return len(document.get("members", []))


def test_one_patch_can_add_a_thousand_members(
    live: tuple[Live, str, list[str]],
) -> None:
    client, path, people = live
    members = [{"value": each} for each in people[:1_000]]
    body = {"Operations": [operation("add", "members", members)]}
    assert client.send("PATCH", path, body)[0] == 204
    assert _count(client, path) == 1_000
    assert client.send("PATCH", path, body)[0] == 204
    assert _count(client, path) == 1_000
    each_alone = [
        operation("add", "members", [{"value": each}]) for each in people[500:1_500]
    ]
    assert client.send("PATCH", path, {"Operations": each_alone})[0] == 204
    assert _count(client, path) == 1_500


def test_thirty_thousand_members_can_replace_the_members(
    live: tuple[Live, str, list[str]],
) -> None:
    client, path, people = live
    members = [{"value": each, "type": "User"} for each in people[-MANY:]]
    body = {"Operations": [operation("replace", "members", members)]}
    status, _, size = client.send("PATCH", path, body)
    assert status == 204
    assert 1_500_000 < size < BODY_LIMIT
    assert _count(client, path) == MANY

    whole = group("Everybody", *people[:MANY])
    excluded = f"{path}?excludedAttributes=members"
    status, document, size = client.send("PUT", excluded, whole)
    assert (status, document["displayName"]) == (200, "Everybody")
    assert size < BODY_LIMIT
    assert _count(client, path) == MANY

    nobody = {"Operations": [operation("remove", "members")]}
    assert client.send("PATCH", path, nobody)[0] in (200, 204)
    assert _count(client, path) == 0


def test_a_body_over_the_limit_is_refused_before_it_is_sent(
    live: tuple[Live, str, list[str]],
) -> None:
    client, path, people = live
    before = _count(client, path)
    members = [{"value": each, "display": "x" * 100} for each in people[:MANY]]
    body = json.dumps({"Operations": [operation("replace", "members", members)]})
    assert len(body) > BODY_LIMIT
    status, document = client.announce("PATCH", path, len(body))
    assert status == 413
    assert "4 MiB" in document["detail"]
    assert _count(client, path) == before
