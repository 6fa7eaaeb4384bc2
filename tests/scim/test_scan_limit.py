"""Queries that scan all users run few at a time, and other requests do not wait."""

import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from wire import ENTERPRISE, Scim

from helpers import Instance, copy_of
from netpresenter_next.scim_http import context
from netpresenter_next.scim_http.context import MOST_SCANS

CROWD = 5_000
SCANNING = {"filter": 'displayName co "x" or nickName ew "y"', "count": 1000}
# Queries of Entra ID (Microsoft's tutorial and its recorded requests).
ENTRA_QUERIES = [
    *({"path": "Users", "filter": f'{name} eq "crowd00007@example.com"'}
      for name in ("userName", "externalId", 'emails[type eq "work"].value')),
    *({"path": "Groups", "filter": f'{name} eq "x"', "excludedAttributes": "members"}
      for name in ("displayName", "externalId", "id")),
    {"path": "Groups", "filter": 'id eq "x" and members eq "y"', "attributes": "id"},
    {"path": "Users", "filter": 'id eq "x" and manager eq "y"', "attributes": "id"},
    {"path": "Users", "filter": f'id eq "x" and {ENTERPRISE}:manager eq "y"'},
    {"path": "Users", "filter": 'userName eq "x" and active eq true'},
    {"path": "Users", "startIndex": 1, "count": 100},
    {"path": "Groups", "cursor": "", "count": 10},
]  # fmt: skip


def test_a_scan_beyond_the_limit_is_asked_to_try_again(scim: Scim) -> None:
    places = context.of(scim.app).scans
    with places.slot():
        assert scim.get("/Users", **SCANNING).status == 200
        with places.slot():
            for ask in (scim.get, scim.search):
                answer = ask("/Users", **SCANNING)
                assert answer.status == 429
                assert answer.headers["Retry-After"] == "1"
                assert "userName" in answer.detail
            assert scim.get("/Users", sortBy="nickName").status == 429
            assert scim.get("", **SCANNING).status == 429
            assert scim.get("/Users", filter="nonsense").status == 400
    assert MOST_SCANS == 2
    assert scim.get("/Users", **SCANNING).status == 200


@pytest.mark.parametrize("question", ENTRA_QUERIES, ids=str)
def test_queries_of_entra_id_are_not_limited_as_scans(scim: Scim, question) -> None:
    places = context.of(scim.app).scans
    path, query = question["path"], {k: v for k, v in question.items() if k != "path"}
    with places.slot(), places.slot():
        assert scim.get(f"/{path}", **query).status == 200
        if "startIndex" not in query:
            assert scim.search(f"/{path}", filter=query.get("filter")).status == 200


@pytest.fixture
def crowded(prepared: tuple[Instance, str], tmp_path: Path):
    """A server with many users, and an Authorization header."""
    instance, token = prepared
    instance = copy_of(instance, tmp_path / "instance")
    Scim(instance.app(), token).crowd(CROWD)
    with instance.served() as server:
        yield server.url, {"Authorization": f"Bearer {token}"}


def test_look_ups_are_answered_while_clients_scan(crowded) -> None:
    url, headers = crowded
    statuses: Counter[int] = Counter()
    is_over = threading.Event()

    def scan() -> None:
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            while not is_over.is_set():
                answer = client.get("/scim/v2/Users", params=SCANNING)
                statuses[answer.status_code] += 1
                if answer.status_code == 429:
                    assert answer.headers["Retry-After"] == "1"

    clients = [threading.Thread(target=scan) for _ in range(12)]
    for each in clients:
        each.start()
    try:
        slowest = 0.0
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            for number in range(60):
                query = {"filter": f'userName eq "crowd{number:05}@example.com"'}
                start = time.monotonic()
                answer = client.get("/scim/v2/Users", params=query)
                slowest = max(slowest, time.monotonic() - start)
                assert answer.json()["totalResults"] == 1
    finally:
        is_over.set()
        for each in clients:
            each.join()
    assert slowest < 5
    assert set(statuses) == {200, 429}
    assert statuses[429] > statuses[200]
