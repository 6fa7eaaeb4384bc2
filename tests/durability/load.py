"""Clients that write over SCIM, and note the responses in the ledger."""

import http.client
import json
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from ledger import ACKNOWLEDGED, REFUSED, Ledger, Person

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SECONDS = 30
# The statuses that are allowed under load: success, conflict, try again later.
ALLOWED = {200, 201, 204, 409, 503}
NO_ANSWER = (OSError, http.client.HTTPException)

Answer = tuple[int, Any]


class Scim(AbstractContextManager["Scim"]):
    """One connection to the SCIM endpoint."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, SECONDS)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/scim+json",
        }

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request; return the status and the document of the response."""
        data = None if body is None else json.dumps(body)
        self._connection.request(method, f"/scim/v2{path}", data, self._headers)
        with self._connection.getresponse() as response:
            text = response.read()
            return response.status, json.loads(text) if text else None

    def patch(self, path: str, op: str, name: str, value: Any) -> Answer:
        """Change one attribute."""
        operation = {"op": op, "path": name, "value": value}
        body = {"schemas": [PATCH], "Operations": [operation]}
        return self.ask("PATCH", path, body)

    def find(self, name: str) -> list[dict[str, Any]]:
        """Return the people with a user name."""
        filter_ = quote(f'userName eq "{name}"')
        status, document = self.ask("GET", f"/Users?filter={filter_}")
        assert status == 200, document
        found: list[dict[str, Any]] = document["Resources"]
        return found

    def everybody(self) -> dict[str, dict[str, Any]]:
        """Return all people by user name, read page by page."""
        found: dict[str, dict[str, Any]] = {}
        total = 1
        while len(found) < total:
            path = f"/Users?startIndex={len(found) + 1}&count=200"
            status, document = self.ask("GET", f"{path}&attributes=userName,title")
            assert status == 200, document
            total = document["totalResults"]
            found |= {each["userName"]: each for each in document["Resources"]}
            if not document["Resources"]:
                break
        assert len(found) == total
        return found

    def members(self, group_id: str) -> set[str]:
        """Return the ids of the members of a group."""
        status, document = self.ask("GET", f"/Groups/{group_id}")
        assert status == 200, document
        return {each["value"] for each in document.get("members", [])}

    def __exit__(self, *_: object) -> None:
        self._connection.close()


class Client:
    """Sends one write after the other until one gets no response."""

    def __init__(
        self,
        scim: Scim,
        ledger: Ledger,
        groups: list[str],
        name: str,
        answered: Callable[[int], None],
    ) -> None:
        self._scim, self._ledger, self._groups = scim, ledger, groups
        self._name, self._random = name, random.Random(name)
        self._answered = answered
        self._made = 0
        self._own: list[Person] = []
        self.fault: BaseException | None = None

    def run(self) -> None:
        """Write until the server is killed."""
        try:
            with self._scim:
                while True:
                    self.write()
        except NO_ANSWER:
            self._ledger.count_unanswered()
        except BaseException as fault:  # the test raises it again
            self.fault = fault

    def write(self) -> None:
        """Send a create (half of all writes), change, membership or delete."""
        people = [each for each in self._own if each.is_writable]
        operation = self._random.choices(
            [self._create, self._change, self._join, self._delete], [5, 2, 2, 1]
        )[0]
        if operation == self._create or not people:
            self._create()
        else:
            operation(self._random.choice(people))

    def _count_answer(self, answer: Answer) -> str:
        """Count a response; return whether the write was acknowledged or refused."""
        status = answer[0]
        assert status in ALLOWED, answer
        self._answered(self._ledger.count(status))
        return ACKNOWLEDGED if status < 300 else REFUSED

    def _create(self, _person: Person | None = None) -> None:
        self._made += 1
        person = self._ledger.add(new_person(f"{self._name}-{self._made}"))
        self._own.append(person)
        answer = self._scim.ask("POST", "/Users", person.body)
        person.created = self._note_id(person, answer)
        self._count_answer(answer)

    def _note_id(self, person: Person, answer: Answer) -> str:
        status, document = answer
        if status != 201:
            return REFUSED
        person.id = document["id"]
        return ACKNOWLEDGED

    def _change(self, person: Person) -> None:
        value = max(person.titles, default=0) + 1
        person.titles[value] = "sent"
        path = f"/Users/{person.id}"
        answer = self._scim.patch(path, "replace", "title", str(value))
        person.titles[value] = REFUSED if answer[0] >= 300 else ACKNOWLEDGED
        self._count_answer(answer)

    def _join(self, person: Person) -> None:
        group = self._random.choice(self._groups)
        person.groups[group] = "sent"
        member = [{"value": person.id}]
        answer = self._scim.patch(f"/Groups/{group}", "add", "members", member)
        person.groups[group] = REFUSED if answer[0] >= 300 else ACKNOWLEDGED
        self._count_answer(answer)

    def _delete(self, person: Person) -> None:
        person.deleted = "sent"
        answer = self._scim.ask("DELETE", f"/Users/{person.id}")
        person.deleted = None if answer[0] >= 300 else ACKNOWLEDGED
        self._count_answer(answer)


def new_person(name: str) -> dict[str, Any]:
    """Return a person as Entra ID sends one."""
    address = f"{name}@example.org"
    return {
        "schemas": [USER],
        "externalId": f"external-{name}",
        "userName": address,
        "active": True,
        "displayName": f"Person {name}",
        "emails": [{"primary": True, "type": "work", "value": address}],
        "name": {"givenName": "Person", "familyName": name},
    }
