"""Many clients at the same time: no change is lost and nothing is created twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from scim_client import Answer, Client, group_body, user_body
from services import Service

from factories import People
from helpers import close

CLIENTS = 20

Job = Callable[[Client], Any]


class PatientClient(Client):
    """A client that sends a request again when the database was busy (503)."""

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send one request until it is answered with anything but 503."""
        for _ in range(20):
            answer = super().request(method, path, body, headers)
            if answer.status != 503:
                break
            assert "retry-after" in answer.headers
        return answer


class Crowd:
    """Clients that start their jobs at the same time."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def all_at_once(self, jobs: Sequence[Job]) -> list[Any]:
        """Do the jobs, each on its own connection; return their results."""
        start = Barrier(len(jobs), timeout=30)

        def do(job: Job) -> Any:
            with PatientClient(self._service.url, self._service.token) as client:
                client.get("/Users?count=0")  # connects before the start
                start.wait()
                return job(client)

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(do, jobs))


@pytest.fixture
def crowd(service: Service) -> Crowd:
    """Clients of ``service``."""
    return Crowd(service)


def _post(endpoint: str, body: dict[str, Any]) -> Job:
    return lambda client: client.post(endpoint, body)


def _patch(path: str, *operations: dict[str, Any]) -> Job:
    return lambda client: client.patch(path, *operations)


def _add(*member_ids: str) -> dict[str, Any]:
    value = [{"value": member_id} for member_id in member_ids]
    return {"op": "Add", "path": "members", "value": value}


def _people(scim: Client, number: int) -> list[str]:
    return [scim.post("/Users", user_body()).id for _ in range(number)]


def _members(scim: Client, group: Answer) -> set[str]:
    document = scim.get(f"/Groups/{group.id}").document
    ids = [member["value"] for member in document.get("members", [])]
    assert len(ids) == len(set(ids))
    return set(ids)


# -------------------------------------------------------------------------- people
def test_users_created_at_the_same_time_are_all_stored(
    crowd: Crowd, scim: Client
) -> None:
    bodies = [user_body() for _ in range(CLIENTS)]
    answers = crowd.all_at_once([_post("/Users", body) for body in bodies])
    assert [answer.status for answer in answers] == [201] * CLIENTS
    assert len({answer.id for answer in answers}) == CLIENTS
    for body, answer in zip(bodies, answers, strict=True):
        assert answer.document["userName"] == body["userName"]
        assert scim.get(f"/Users/{answer.id}").document == answer.document


def test_one_user_name_in_any_case_is_created_once(crowd: Crowd, scim: Client) -> None:
    name = user_body()["userName"]
    spellings = [
        "".join(
            letter.upper() if index % (number + 2) == 0 else letter
            for index, letter in enumerate(name)
        )
        for number in range(CLIENTS)
    ]
    answers = crowd.all_at_once(
        [_post("/Users", user_body(userName=spelling)) for spelling in spellings]
    )
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] + [409] * (CLIENTS - 1)
    refused = [answer.document for answer in answers if answer.status == 409]
    assert {document["scimType"] for document in refused} == {"uniqueness"}
    assert len(scim.find("/Users", f'userName eq "{name}"')) == 1


def test_one_external_id_may_be_used_by_many_users(crowd: Crowd, scim: Client) -> None:
    """RFC 7643 requires no uniqueness, and a filter returns all matches."""
    external_id = user_body()["externalId"]
    jobs = [_post("/Users", user_body(externalId=external_id)) for _ in range(CLIENTS)]
    statuses = {answer.status for answer in crowd.all_at_once(jobs)}
    assert statuses == {201}
    assert len(scim.find("/Users", f'externalId eq "{external_id}"')) == CLIENTS


def test_one_group_name_is_created_once(crowd: Crowd, scim: Client) -> None:
    name = group_body()["displayName"]
    jobs = [_post("/Groups", group_body(displayName=name)) for _ in range(CLIENTS)]
    statuses = sorted(answer.status for answer in crowd.all_at_once(jobs))
    assert statuses == [201] + [409] * (CLIENTS - 1)
    assert len(scim.find("/Groups", f'displayName eq "{name}"')) == 1


def test_concurrent_changes_of_different_attributes_are_all_kept(
    crowd: Crowd, scim: Client
) -> None:
    names = ("displayName", "nickName", "title", "userType", "locale", "timezone")
    paths = (*names, "name.givenName", "name.familyName", "name.middleName")
    ada = scim.post("/Users", user_body())
    changes = [
        _patch(f"/Users/{ada.id}", {"op": "Add", "path": path, "value": f"new {path}"})
        for path in paths
    ]
    answers = crowd.all_at_once(changes)
    assert [answer.status for answer in answers] == [200] * len(paths)
    after = scim.get(f"/Users/{ada.id}").document
    assert [after[name] for name in names] == [f"new {name}" for name in names]
    parts = ("givenName", "familyName", "middleName")
    assert [after["name"][part] for part in parts] == [f"new name.{p}" for p in parts]
    versions = {answer.document["meta"]["version"] for answer in answers}
    assert len(versions) == len(paths), "two clients were told the same version"


def test_changes_of_another_process_are_kept(
    crowd: Crowd, scim: Client, service: Service
) -> None:
    """Such as the command line: here this process writes to the same instance."""
    ada = scim.post("/Users", user_body())
    app = service.instance.app()
    people = People(app, "")

    def count_here(_client: Client) -> list[Answer]:
        for number in range(20):
            people.change(ada, nickName=f"{number}")
        return []

    def count_there(name: str) -> Job:
        def job(client: Client) -> list[Answer]:
            steps = ({"op": "add", "path": name, "value": f"{n}"} for n in range(20))
            return [client.patch(f"/Users/{ada.id}", step) for step in steps]

        return job

    jobs = [count_here, count_there("title"), count_there("userType")]
    answers = [answer for some in crowd.all_at_once(jobs) for answer in some]
    close(app)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.headers["etag"] for answer in answers}) == len(answers) == 40
    after = scim.get(f"/Users/{ada.id}").document
    assert [after[name] for name in ("nickName", "title", "userType")] == ["19"] * 3


def test_only_one_change_with_the_same_if_match_succeeds(
    crowd: Crowd, scim: Client
) -> None:
    ada = scim.post("/Users", user_body())
    condition = {"If-Match": ada.headers["etag"]}
    path = f"/Users/{ada.id}"
    bodies = [user_body(displayName=f"Version {number}") for number in range(CLIENTS)]

    def replace(body: dict[str, Any]) -> Job:
        return lambda client: client.request("PUT", path, body, condition)

    answers = crowd.all_at_once([replace(body) for body in bodies])
    assert sorted(answer.status for answer in answers) == [200] + [412] * (CLIENTS - 1)
    (won,) = (answer.document for answer in answers if answer.status == 200)
    assert scim.get(path).document == won


def test_a_person_is_deleted_once(crowd: Crowd, scim: Client) -> None:
    ada = scim.post("/Users", user_body())
    jobs: list[Job] = [lambda client: client.delete(f"/Users/{ada.id}")] * CLIENTS
    statuses = sorted(answer.status for answer in crowd.all_at_once(jobs))
    assert statuses == [204] + [404] * (CLIENTS - 1)


# -------------------------------------------------------------------------- groups
def test_ten_concurrent_changes_of_members_lose_nobody(
    crowd: Crowd, scim: Client
) -> None:
    stay, leave, join = (_people(scim, 10) for _ in range(3))
    group = scim.post("/Groups", group_body(*stay, *leave))
    jobs = [
        _patch(
            f"/Groups/{group.id}",
            _add(newcomer),
            {"op": "Remove", "path": "members", "value": [{"value": leaver}]},
        )
        for newcomer, leaver in zip(join, leave, strict=True)
    ]
    answers = crowd.all_at_once(jobs)
    assert {answer.status for answer in answers} <= {200, 204}
    assert _members(scim, group) == {*stay, *join}


def test_eight_clients_can_add_25_members_each(crowd: Crowd, scim: Client) -> None:
    shares = [_people(scim, 25) for _ in range(8)]
    group = scim.post("/Groups", group_body())

    def add_one_by_one(share: list[str]) -> Job:
        def job(client: Client) -> list[int]:
            path = f"/Groups/{group.id}"
            return [client.patch(path, _add(one)).status for one in share]

        return job

    statuses = crowd.all_at_once([add_one_by_one(share) for share in shares])
    assert {status for some in statuses for status in some} <= {200, 204}
    assert _members(scim, group) == {one for share in shares for one in share}


def test_one_member_whom_all_clients_add_is_added_once(
    crowd: Crowd, scim: Client
) -> None:
    (ada,) = _people(scim, 1)
    group = scim.post("/Groups", group_body())
    jobs = [_patch(f"/Groups/{group.id}", _add(ada))] * CLIENTS
    assert {answer.status for answer in crowd.all_at_once(jobs)} == {200}
    assert _members(scim, group) == {ada}


def test_a_user_deleted_while_being_added_is_in_no_group(
    crowd: Crowd, scim: Client
) -> None:
    people = _people(scim, 5)
    group = scim.post("/Groups", group_body())

    def jobs() -> Iterator[Job]:
        for one in people:
            yield lambda client, one=one: client.delete(f"/Users/{one}")
            yield _patch(f"/Groups/{group.id}", _add(one))

    answers = crowd.all_at_once(list(jobs()))
    assert {answer.status for answer in answers} <= {200, 204, 400}
    assert _members(scim, group) == set()
