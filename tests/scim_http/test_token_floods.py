"""A flood of unknown tokens does not stop valid tokens from the same address."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scim_client import Client
from services import Service, Tokened, served

from netpresenter_next.directory import scim_tokens

NOTHING = {"NETPRESENTER_SCIM_REQUIRED": ""}


@pytest.fixture
def service(tokened: Tokened, tmp_path: Path) -> Iterator[Service]:
    """A server for one test."""
    with served(tokened, tmp_path, **NOTHING) as service:
        yield service


@contextmanager
def flood(
    service: Service,
    secret: Callable[[], str] = scim_tokens.make_secret,
    status: int = 429,
) -> Iterator[Counter[int]]:
    """Send unknown tokens as fast as two clients can; count the answers."""
    statuses: Counter[int] = Counter()
    is_over = threading.Event()

    def send() -> None:
        with Client(service.url, "") as client:
            while not is_over.is_set():
                client.token = secret()
                statuses[client.get("/Users?count=0").status] += 1

    senders = [threading.Thread(target=send) for _ in range(2)]
    for each in senders:
        each.start()
    try:
        while statuses[status] < 20:
            time.sleep(0.01)
        yield statuses
    finally:
        is_over.set()
        for each in senders:
            each.join()


def test_a_known_token_is_accepted_during_a_flood(service: Service) -> None:
    with service.client() as client:
        assert client.get("/Users?count=0").status == 200
        with flood(service) as statuses:
            answers = {client.get("/Users?count=0").status for _ in range(100)}
    assert answers == {200}
    assert set(statuses) == {401, 429}


def test_a_token_is_accepted_after_a_restart_during_a_flood(
    tokened: Tokened, tmp_path: Path
) -> None:
    with (
        served(tokened, tmp_path, **NOTHING) as service,
        flood(service),
        service.client() as client,
    ):
        answers = [client.get("/Users?count=0").status for _ in range(20)]
    assert set(answers) == {200}


def test_a_token_created_during_a_flood_is_accepted_within_a_second(
    service: Service,
) -> None:
    with flood(service):
        secret = service.instance.output("token", "create").strip()
        with Client(service.url, secret) as client:
            first = client.get("/Users?count=0")
            if first.status == 429:
                time.sleep(float(first.headers["retry-after"]))
            else:
                assert first.status == 200
            answers = {client.get("/Users?count=0").status for _ in range(20)}
    assert answers == {200}


def test_a_revoked_token_is_refused_at_once_and_recorded_in_few_writes(
    service: Service,
) -> None:
    with service.client() as client:
        assert client.get("/Users?count=0").status == 200
        (row,) = service.instance.output("token", "list").splitlines()[-1:]
        service.instance.output("token", "revoke", row.split()[0])
        assert client.get("/Users?count=0").status == 401
    with flood(service, lambda: service.token, 401) as statuses:
        time.sleep(1)
    assert set(statuses) == {401}
    log = service.instance.output("log", "--provisioning", "--json")
    refused = [json.loads(line) for line in log.splitlines()]
    rows = [each for each in refused if each["event"] == "token.former_refused"]
    assert len(rows) <= 2  # the token, and those beyond the limit
