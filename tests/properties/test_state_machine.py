"""People and groups are created, changed and deleted over SCIM as in a small model."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete
from worlds import ENTERPRISE, application

from helpers import close
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.text import fold
from netpresenter_next.schema.tables import GROUP_SCHEMA, USER_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, USERS

BASE = "http://localhost/scim/v2"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Resource = dict[str, Any]

FIRST = ("first@x", "second@x", "third@x")
USER_NAMES = st.sampled_from(["ada@x", "ADA@x", "bob@x", "straße@x", "eve@x", FIRST[0]])
WORDS = st.sampled_from(["Ada", "ADA", "Bob", 'say "hi"', "İ"])
GROUP_NAMES = st.sampled_from(["Team", "TEAM", "Staff", "straße", "STRASSE", "All"])


@dataclass
class Person:
    """The expected attributes of a person."""

    id: str
    user_name: str
    display_name: str | None = None
    given_name: str | None = None
    title: str | None = None
    active: bool = True
    manager: str | None = None

    @property
    def shown(self) -> str | None:
        """The name that other resources show for this person."""
        return self.display_name or self.given_name


@dataclass
class Team:
    """The expected attributes of a group."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)


def without_none(**values: Any) -> Resource:
    return {name: each for name, each in values.items() if each is not None}


class DirectoryMachine(RuleBasedStateMachine):
    """Creates, changes and deletes people and groups."""

    client: ClassVar[FlaskClient]
    headers: ClassVar[dict[str, str]]
    app: ClassVar[Flask]

    people = Bundle("people")
    teams = Bundle("teams")

    def __init__(self) -> None:
        super().__init__()
        with self.app.app_context(), database.write() as connection:
            for table in (USERS, GROUPS):
                connection.execute(delete(table))
        self.persons: dict[str, Person] = {}
        self.groups: dict[str, Team] = {}
        # The last representation and version that were returned, by id.
        self.seen: dict[str, tuple[Resource, str]] = {}

    # ------------------------------------------------------------------- the client
    def ask(self, method: str, path: str, body: Any = None, **more: str) -> Any:
        """Send a request; returns status, headers and document."""
        answer = self.client.open(
            f"/scim/v2/{path}", method=method, json=body, headers=self.headers | more
        )
        document = answer.get_json(force=True) if answer.data else None
        return answer.status_code, answer.headers, document

    def patch(self, path: str, *operations: Resource) -> int:
        """Send a PATCH; return the status."""
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        status, _, document = self.ask("PATCH", path, body)
        if status == 200:
            assert document == self.ask("GET", path)[2]
        return int(status)

    def is_taken(self, user_name: str, but: str = "") -> bool:
        """Does somebody else have this user name?"""
        others = (each for each in self.persons.values() if each.id != but)
        return any(fold(each.user_name) == fold(user_name) for each in others)

    def is_name_taken(self, name: str, but: str = "") -> bool:
        """Does another group have this name?"""
        others = (each for each in self.groups.values() if each.id != but)
        return any(fold(each.name) == fold(name) for each in others)

    # ----------------------------------------------------------------------- people
    @initialize(target=people, name=WORDS)
    def create_three_people(self, name: str) -> Any:
        """Create three people, each the manager of the next."""
        made: list[str] = []
        for user_name in FIRST:
            made.append(self.create_person(user_name, name, made[-1] if made else None))
        return multiple(*made)

    @rule(
        target=people,
        user_name=USER_NAMES,
        display_name=st.none() | WORDS,
        manager=st.none() | people,
    )
    def create_person(
        self, user_name: str, display_name: str | None, manager: str | None
    ) -> Any:
        """POST /Users."""
        person = Person("", user_name, display_name, manager=manager)
        status, headers, document = self.ask("POST", "Users", self.body_of(person))
        if self.is_taken(user_name):
            assert (status, document["scimType"]) == (409, "uniqueness")
            return multiple()
        assert status == 201
        person.id = document["id"]
        assert headers["Location"] == f"{BASE}/Users/{person.id}"
        self.persons[person.id] = person
        return person.id

    def body_of(self, person: Person) -> Resource:
        """Return the document that a client sends for a person."""
        body = without_none(
            userName=person.user_name,
            displayName=person.display_name,
            title=person.title,
            active=person.active,
        )
        if person.given_name:
            body["name"] = {"givenName": person.given_name}
        if person.manager:
            body[ENTERPRISE] = {"manager": {"value": person.manager}}
        return body

    @rule(user=people, user_name=USER_NAMES, title=WORDS, says_active=st.booleans())
    def replace_person(
        self, user: str, user_name: str, title: str, says_active: bool
    ) -> None:
        """PUT: attributes that are left out are cleared, except ``active``."""
        old = self.persons[user]
        new = Person(user, user_name, title=title, active=old.active)
        body = self.body_of(new)
        if not says_active:
            del body["active"]
        status, _, _ = self.ask("PUT", f"Users/{user}", body)
        assert status == (409 if self.is_taken(user_name, user) else 200)
        if status == 200:
            self.persons[user] = new

    @rule(user=people, name=st.none() | WORDS, given=st.none() | WORDS)
    def name_person(self, user: str, name: str | None, given: str | None) -> None:
        """PATCH of the names that other resources show."""
        status = self.patch(
            f"Users/{user}",
            {"op": "replace", "path": "displayName", "value": name},
            {"op": "Replace", "value": {"name.givenName": given}},
        )
        assert status == 200
        self.persons[user].display_name = name
        self.persons[user].given_name = given

    @rule(user=people, user_name=USER_NAMES, title=WORDS)
    def rename_person(self, user: str, user_name: str, title: str) -> None:
        """PATCH of the user name and another attribute: both or neither change."""
        status = self.patch(
            f"Users/{user}",
            {"op": "add", "path": "title", "value": title},
            {"op": "replace", "path": "userName", "value": user_name},
        )
        assert status == (409 if self.is_taken(user_name, user) else 200)
        if status == 200:
            self.persons[user].user_name = user_name
            self.persons[user].title = title

    @rule(user=people, active=st.booleans(), as_text=st.booleans())
    def switch_person(self, user: str, active: bool, as_text: bool) -> None:
        """Disable and enable, as Entra ID does."""
        value = str(active) if as_text else active
        operation = {"op": "Replace", "path": "active", "value": value}
        assert self.patch(f"Users/{user}", operation) == 200
        self.persons[user].active = active

    @rule(user=people, manager=st.sampled_from([None, "nobody"]) | people)
    def set_manager(self, user: str, manager: str | None) -> None:
        """PATCH of the manager, also to the person themselves and to an unknown id."""
        path = f"{ENTERPRISE}:manager"
        operation: Resource = {"op": "remove", "path": path}
        if manager:
            operation = {"op": "replace", "path": path, "value": {"value": manager}}
        assert self.patch(f"Users/{user}", operation) == 200
        self.persons[user].manager = manager

    @precondition(lambda self: len(self.persons) > len(FIRST) - 1)
    @rule(user=consumes(people))
    def delete_person(self, user: str) -> None:
        """DELETE, which also ends memberships and references to a manager."""
        assert self.ask("DELETE", f"Users/{user}")[0] == 204
        assert self.ask("GET", f"Users/{user}")[0] == 404
        assert self.ask("DELETE", f"Users/{user}")[0] == 404
        del self.persons[user]
        for person in self.persons.values():
            if person.manager == user:
                person.manager = None
        for team in self.groups.values():
            team.members.discard(user)

    # ----------------------------------------------------------------------- groups
    @rule(target=teams, name=GROUP_NAMES, members=st.lists(people, max_size=3))
    def create_team(self, name: str, members: list[str]) -> Any:
        """POST /Groups."""
        body = {"displayName": name, "members": [{"value": each} for each in members]}
        status, _, document = self.ask("POST", "Groups", body)
        if self.is_name_taken(name):
            assert (status, document["scimType"]) == (409, "uniqueness")
            return multiple()
        assert status == 201
        self.groups[document["id"]] = Team(document["id"], name, set(members))
        return document["id"]

    @rule(group=teams, members=st.lists(people, min_size=1, max_size=3))
    def add_members(self, group: str, members: list[str]) -> None:
        """PATCH add."""
        value = [{"value": each} for each in members]
        operation = {"op": "Add", "path": "members", "value": value}
        assert self.patch(f"Groups/{group}", operation) == 200
        self.groups[group].members |= set(members)

    @rule(group=teams, member=people)
    def add_unknown_member(self, group: str, member: str) -> None:
        """PATCH add of a person and an unknown id is refused as a whole."""
        value = [{"value": member}, {"value": "nobody"}]
        operation = {"op": "add", "path": "members", "value": value}
        assert self.patch(f"Groups/{group}", operation) == 400

    @rule(group=teams, member=people, by_filter=st.booleans())
    def remove_member(self, group: str, member: str, by_filter: bool) -> None:
        """PATCH remove, whether or not the person is in the group."""
        operation: Resource = {"op": "Remove", "path": f'members[value eq "{member}"]'}
        if not by_filter:
            operation = {
                "op": "Remove",
                "path": "members",
                "value": [{"value": member}],
            }
        assert self.patch(f"Groups/{group}", operation) == 200
        self.groups[group].members.discard(member)

    @rule(group=teams, name=GROUP_NAMES, members=st.lists(people, max_size=3))
    def replace_team(self, group: str, name: str, members: list[str]) -> None:
        """PUT."""
        body = {"displayName": name, "members": [{"value": each} for each in members]}
        status, _, _ = self.ask("PUT", f"Groups/{group}", body)
        assert status == (409 if self.is_name_taken(name, group) else 200)
        if status == 200:
            self.groups[group] = Team(group, name, set(members))

    @rule(group=teams, name=GROUP_NAMES)
    def rename_team(self, group: str, name: str) -> None:
        """PATCH of the name, which is shown with the members too."""
        operation = {"op": "Replace", "value": {"id": group, "displayName": name}}
        status = self.patch(f"Groups/{group}", operation)
        assert status == (409 if self.is_name_taken(name, group) else 200)
        if status == 200:
            self.groups[group].name = name

    @rule(group=consumes(teams))
    def delete_team(self, group: str) -> None:
        """DELETE."""
        assert self.ask("DELETE", f"Groups/{group}")[0] == 204
        assert self.ask("GET", f"Groups/{group}")[0] == 404
        del self.groups[group]

    # --------------------------------------------------------------------- versions
    @rule(user=people)
    def change_an_old_version(self, user: str) -> None:
        """PUT, PATCH and DELETE with an old version are refused."""
        path = f"Users/{user}"
        for method, body in (("PUT", {}), ("PATCH", {}), ("DELETE", None)):
            if method == "PATCH":
                body = {"Operations": [{"op": "add", "path": "title", "value": "x"}]}
            if method == "PUT":
                body = self.body_of(self.persons[user])
            status, _, _ = self.ask(method, path, body, **{"If-Match": 'W/"0"'})
            assert status == 412

    @rule(user=people, title=WORDS)
    def change_the_version_that_is_known(self, user: str, title: str) -> None:
        """PATCH with the current version succeeds."""
        path, (_, version) = f"Users/{user}", self.seen[user]
        assert self.ask("GET", path, **{"If-None-Match": version})[0] == 304
        body = {"Operations": [{"op": "add", "path": "title", "value": title}]}
        assert self.ask("PATCH", path, body, **{"If-Match": version})[0] == 200
        self.persons[user].title = title

    # ----------------------------------------------------------------- invariants
    def person_shown(self, person: Person) -> Resource:
        """Return the expected representation of a person."""
        shown: Resource = {"schemas": [USER_SCHEMA], "id": person.id}
        shown |= self.body_of(person)
        groups = [
            {
                "value": each.id,
                "$ref": f"{BASE}/Groups/{each.id}",
                "display": each.name,
                "type": "direct",
            }
            for each in sorted(self.groups.values(), key=lambda it: it.id)
            if person.id in each.members
        ]
        if groups:
            shown["groups"] = groups
        if person.manager:
            shown["schemas"].append(ENTERPRISE)
            shown[ENTERPRISE] = {"manager": self.manager_shown(person.manager)}
        return shown

    def manager_shown(self, manager: str) -> Resource:
        """Return the expected manager; an unknown one has only an id."""
        person = self.persons.get(manager)
        reference = f"{BASE}/Users/{manager}" if person else None
        name = person.shown if person else None
        return without_none(value=manager, displayName=name) | (
            {"$ref": reference} if reference else {}
        )

    def team_shown(self, team: Team) -> Resource:
        """Return the expected representation of a group."""
        shown = {"schemas": [GROUP_SCHEMA], "id": team.id, "displayName": team.name}
        members = [
            {"value": each, "$ref": f"{BASE}/Users/{each}", "type": "User"}
            | without_none(display=self.persons[each].shown)
            for each in sorted(team.members)
        ]
        return shown | ({"members": members} if members else {})

    @invariant()
    def lists_match_the_model(self) -> None:
        """All representations, totals and versions match the model."""
        people = [self.person_shown(each) for each in self.persons.values()]
        teams = [self.team_shown(each) for each in self.groups.values()]
        for kind, expected in (("Users", people), ("Groups", teams)):
            expected.sort(key=lambda each: each["id"])
            status, _, page = self.ask("GET", kind)
            assert (status, page["totalResults"]) == (200, len(expected))
            metas = [each.pop("meta") for each in page["Resources"]]
            assert page["Resources"] == expected
            for resource, meta in zip(expected, metas, strict=True):
                self.check_version(kind, resource, meta)
        self.check_one()

    def check_version(self, kind: str, resource: Resource, meta: Resource) -> None:
        """The version changes exactly when the representation changes."""
        assert meta["location"] == f"{BASE}/{kind}/{resource['id']}"
        before = self.seen.get(resource["id"])
        if before is not None:
            assert (before[0] == resource) == (before[1] == meta["version"])
        self.seen[resource["id"]] = (resource, meta["version"])

    def check_one(self) -> None:
        """A single resource equals the one in the list."""
        ids = [*self.persons, *self.groups]
        if not ids:
            return
        one = ids[len(self.seen) % len(ids)]
        kind = "Users" if one in self.persons else "Groups"
        _, headers, resource = self.ask("GET", f"{kind}/{one}")
        assert headers["ETag"] == resource.pop("meta")["version"] == self.seen[one][1]
        assert resource == self.seen[one][0]


@pytest.fixture(scope="module")
def machine(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[type[DirectoryMachine]]:
    """The state machine, on a separate application."""
    app = application(tmp_path_factory.mktemp("machine"))
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "property test", "nonce")
    DirectoryMachine.app, DirectoryMachine.client = app, app.test_client()
    DirectoryMachine.headers = {"Authorization": f"Bearer {token}"}
    yield DirectoryMachine
    close(app)


@pytest.mark.parametrize("runs", [12, pytest.param(60, marks=pytest.mark.long)])
def test_people_and_groups_match_the_model(
    machine: type[DirectoryMachine], runs: int
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs, stateful_step_count=25, derandomize=True, deadline=None
        ),
    )
