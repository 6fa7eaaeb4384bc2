"""PATCH equals a slow reading of the RFC, and leaves everything else alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from operations import EMPTY, WRONG, Operation, Operations, in_other_words
from oracle import GROUPS as GROUP_KINDS
from oracle import OWN_OF_PEOPLE, PEOPLE, Oracle
from patch_reference import Reference, Refused, State
from sqlalchemy import Connection, select
from worlds import ENTERPRISE, EVERYTHING, EXTENSIONS, OWN, World, application

from helpers import close
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import (
    GROUP_SCHEMA,
    USER_SCHEMA,
    derive_columns,
)
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.resources.patch import read_operations
from netpresenter_next.scim.service import Service
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, UNSTORED, USERS

often = settings(max_examples=200, derandomize=True, deadline=None)
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NAMES = ("bob", "carol", "dave", "erin")


@dataclass
class Bench:
    """A world with a few people and two groups that every example starts from."""

    world: World
    people: Mapping[str, str]
    teams: Sequence[str]

    @contextmanager
    def trial(self) -> Iterator[Service]:
        """Open the service in a transaction of which nothing remains."""
        with self.world.app.app_context(), database.write() as connection:
            savepoint = connection.begin_nested()
            yield self.world.service_on(connection)
            savepoint.rollback()

    @property
    def operations(self) -> Operations:
        """Draws operations on people."""
        return Operations([*self.people.values(), "nobody"])

    @property
    def of_people(self) -> Reference:
        """Patches people, slowly."""
        return Reference(Oracle(USER_SCHEMA, PEOPLE + OWN_OF_PEOPLE), "userName")

    @property
    def of_groups(self) -> Reference:
        """Patches groups, slowly."""
        known = frozenset(self.people.values())
        return Reference(Oracle(GROUP_SCHEMA, GROUP_KINDS), "displayName", known)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The place of all trials."""
    folder = tmp_path_factory.mktemp("bench")
    path = folder / "extensions.toml"
    path.write_text(EXTENSIONS, encoding="utf-8")
    world = World(application(folder, scim_extensions=path), extended=True)
    with world.service(writing=True) as service:
        people = {
            name: created(service, world.user_type, {"userName": f"{name}@x"})
            for name in NAMES
        }
        members = [{"value": each} for each in people.values()][:2]
        teams = [
            created(
                service, world.group_type, {"displayName": name, "members": members}
            )
            for name in ("Team", "Other")
        ]
    yield Bench(world, people, teams)
    close(world.app)


def created(service: Service, kind: ResourceType, body: Mapping[str, Any]) -> str:
    resource = service.create(kind, body, EVERYTHING).resource
    assert resource is not None
    return str(resource["id"])


def shown(service: Service, kind: ResourceType, resource_id: str) -> dict[str, Any]:
    resource = service.get(kind, resource_id, EVERYTHING).resource
    assert resource is not None
    return resource


def state_of(resource: Mapping[str, Any]) -> State:
    """Return what clients may write of a resource."""
    ours = ("schemas", "id", "meta", "groups", "members")
    document = {name: each for name, each in resource.items() if name not in ours}
    at_work = document.get(ENTERPRISE, {})
    if "manager" in at_work:
        manager = {"value": at_work["manager"]["value"]}
        document[ENTERPRISE] = {**at_work, "manager": manager}
    return State(document, {each["value"] for each in resource.get("members", ())})


def everything(connection: Connection, but: str = "") -> dict[str, Any]:
    """Return all rows of all tables, but those of one resource."""
    rows = {}
    for table in (USERS, GROUPS, MEMBERSHIPS, JOURNAL, UNSTORED):
        for row in connection.execute(select(table)):
            if but not in (row[0], getattr(row, "target_id", None)) or not but:
                rows[f"{table.name} {row[:2]}"] = tuple(row)
    return rows


def row_of(service: Service, kind: ResourceType, resource_id: str) -> Any:
    query = select(kind.table).where(kind.table.c.id == resource_id)
    return service.connection.execute(query).one()


def check_columns(row: Any, kind: ResourceType) -> None:
    derived = derive_columns(kind.table, row.document)
    assert {name: getattr(row, name) for name in derived} == derived


def patch_and_check(
    service: Service,
    kind: ResourceType,
    resource_id: str,
    operations: Sequence[Operation],
    reference: Reference,
) -> None:
    """Patch, and compare with the reference; a refusal must leave everything."""
    before = shown(service, kind, resource_id)
    row, rows = row_of(service, kind, resource_id), everything(service.connection)
    others = everything(service.connection, but=resource_id)
    expected = expected_of(reference, state_of(before), operations)
    if isinstance(expected, Refused):
        with pytest.raises(ScimError) as caught, service.connection.begin_nested():
            patch(service, kind, resource_id, operations)
        assert caught.value.scim_type == expected.args[0]
        assert everything(service.connection) == rows
        return
    answer = patch(service, kind, resource_id, operations)
    after = shown(service, kind, resource_id)
    assert answer in (after, None)
    assert state_of(after) == expected
    changed = expected.moved or state_of(after) != state_of(before)
    now = row_of(service, kind, resource_id)
    check_columns(now, kind)
    assert (now.version > row.version) == changed
    assert (after["meta"]["version"] != before["meta"]["version"]) == changed
    assert (now.modified_at > row.modified_at) == changed
    if not changed:
        after_all = everything(service.connection)
        unstored = {key: it for key, it in after_all.items() if "unstored" in key}
        assert after_all == rows | unstored
    check_others(service, kind, resource_id, others)


def expected_of(
    reference: Reference, before: State, operations: Sequence[Operation]
) -> State | Refused:
    try:
        return reference.patch(before, operations)
    except Refused as refusal:
        return refusal


def check_others(
    service: Service, kind: ResourceType, resource_id: str, others: Mapping[str, Any]
) -> None:
    """Nothing else was touched, but what a group shows of a person who is in it."""
    now = everything(service.connection, but=resource_id)
    touched = {key for key in others | now if others.get(key) != now.get(key)}
    touched = {key for key in touched if not key.startswith("unstored")}
    if kind.name == "User":
        groups = shown(service, kind, resource_id).get("groups", ())
        assert touched <= {f"groups {each['value']}" for each in groups}
    else:
        assert not touched


def patch(
    service: Service, kind: ResourceType, resource_id: str, said: Sequence[Operation]
) -> Any:
    operations = read_operations({"Operations": list(said)})
    return service.patch(kind, resource_id, operations, EVERYTHING).resource


# --------------------------------------------------------------------------- people
@settings(often, max_examples=400)
@given(data=st.data())
def test_patching_a_person_equals_the_reference(
    data: st.DataObject, bench: Bench
) -> None:
    right = bench.operations.any()
    requests = st.lists(st.lists(right, min_size=1, max_size=4), min_size=1, max_size=3)
    with bench.trial() as service:
        kind = bench.world.user_type
        person = created(service, kind, {"userName": "ada@x"})
        for number, operations in enumerate(data.draw(requests, "requests")):
            said = list(operations)
            if number and data.draw(st.booleans(), "one wrong?"):
                place = data.draw(st.integers(0, len(said)))
                said.insert(place, data.draw(st.sampled_from(WRONG)))
            patch_and_check(service, kind, person, said, bench.of_people)


def ada(service: Service, bench: Bench, said: Sequence[Operation]) -> str:
    """Make a person to whom these operations were done."""
    person = created(service, bench.world.user_type, {"userName": "ada@x"})
    patch(service, bench.world.user_type, person, [*said, RENAME])
    return person


RENAME = {"op": "replace", "path": "userName", "value": "ada@x"}


def right(bench: Bench, *, most: int = 5) -> st.SearchStrategy[list[Operation]]:
    """Return operations that the reference can do, in whatever state."""

    def fits(said: list[Operation]) -> bool:
        try:
            bench.of_people.patch(State({"userName": "ada@x"}), said)
        except Refused:
            return False
        return True

    return st.lists(bench.operations.any(), min_size=1, max_size=most).filter(fits)


@often
@given(data=st.data())
def test_entra_and_the_rfc_say_the_same_in_their_own_words(
    data: st.DataObject, bench: Bench
) -> None:
    kind = bench.world.user_type
    before = data.draw(right(bench), "before")
    canonical = data.draw(right(bench), "canonical")
    said = [data.draw(in_other_words(each), "said") for each in canonical]
    with bench.trial() as service:
        person = ada(service, bench, before)
        first = service.connection.begin_nested()
        outcome = outcome_of(service, kind, person, canonical)
        first.rollback()
        assert outcome_of(service, kind, person, said) == outcome


def outcome_of(
    service: Service, kind: ResourceType, person: str, said: Sequence[Operation]
) -> Any:
    try:
        with service.connection.begin_nested():
            return state_of(patch(service, kind, person, said))
    except ScimError as error:
        return error.scim_type


@often
@given(data=st.data())
def test_replacing_twice_is_replacing_once(data: st.DataObject, bench: Bench) -> None:
    kind = bench.world.user_type
    operation = data.draw(
        right(bench, most=1).filter(lambda said: said[0]["op"] == "replace"), "replace"
    )
    with bench.trial() as service:
        person = ada(service, bench, data.draw(right(bench), "before"))
        if isinstance(outcome_of(service, kind, person, operation), str):
            return
        once = shown(service, kind, person)
        rows = everything(service.connection)
        assume_same_filter(operation[0])
        patch(service, kind, person, operation)
        assert shown(service, kind, person) == once
        assert everything(service.connection).keys() == rows.keys()


def assume_same_filter(operation: Operation) -> None:
    """A value that no longer fits its own filter is another request."""
    assume("[" not in operation["path"])


FRESH = {
    "emails": [{"value": "new@x", "type": "other"}, {"value": "new@y"}],
    "phoneNumbers": [{"value": "+1", "type": "fax"}],
    f"{OWN}:tags": ["new", "newer"],
    "nickName": "New",
    f"{ENTERPRISE}:division": "New",
    "name.middleName": "New",
    f"{ENTERPRISE}:manager": {"value": "new"},
}


@often
@given(data=st.data())
def test_removing_what_was_added_is_doing_nothing(
    data: st.DataObject, bench: Bench
) -> None:
    kind = bench.world.user_type
    path = data.draw(st.sampled_from(sorted(FRESH)), "path")
    value = FRESH[path]
    said = data.draw(right(bench), "before")
    cleared = {"op": "remove", "path": path}
    is_many = isinstance(value, list)
    with bench.trial() as service:
        person = ada(service, bench, said if is_many else [*said, cleared])
        before = state_of(shown(service, kind, person))
        added = patch(
            service, kind, person, [{"op": "add", "path": path, "value": value}]
        )
        assert state_of(added) != before
        again = patch(
            service, kind, person, [{"op": "add", "path": path, "value": value}]
        )
        assert again == added
        removal = {**cleared, "value": value} if is_many else cleared
        assert state_of(patch(service, kind, person, [removal])) == before


@pytest.mark.parametrize("name", ["id", "meta", "groups", "schemas"])
@pytest.mark.parametrize("op", ["add", "replace", "remove"])
def test_what_is_read_only_never_changes(bench: Bench, name: str, op: str) -> None:
    kind = bench.world.user_type
    with bench.trial() as service:
        person = bench.people["bob"]
        before = shown(service, kind, person)
        assert before["groups"]
        value: Any = before["id"] if name == "id" else [{"value": bench.teams[0]}]
        assert outcome_of(
            service, kind, person, [{"op": op, "path": name, "value": value}]
        ) == ("mutability")
        if op != "remove":
            patch(service, kind, person, [{"op": op, "value": {name: value}}])
        assert shown(service, kind, person) == before


def test_a_name_that_another_person_has_is_refused(bench: Bench) -> None:
    kind = bench.world.user_type
    with bench.trial() as service:
        before = everything(service.connection)
        said = [
            {"op": "add", "path": "title", "value": "x"},
            {"op": "replace", "path": "userName", "value": "CAROL@x"},
        ]
        outcome = outcome_of(service, kind, bench.people["bob"], said)
        assert outcome == "uniqueness"
        assert everything(service.connection) == before


# --------------------------------------------------------------------------- groups
@st.composite
def team_operations(draw: st.DrawFn, bench: Bench) -> Operation:
    """Return an operation on a group, in one of the ways that clients say it."""
    ids = st.sampled_from([*bench.people.values()])
    several = draw(st.lists(ids, min_size=1, max_size=3))
    members = [{"value": each} for each in several]
    name = draw(st.sampled_from(["Team", "TEAM", "straße", "T"]))
    upper = draw(st.booleans())
    op = draw(
        st.sampled_from(
            [
                *[{"op": "add", "path": "members", "value": members}] * 3,
                {"op": "add", "path": "members", "value": members[0]},
                {"op": "add", "value": {"members": members}},
                {"op": "replace", "path": "members", "value": members},
                {"op": "replace", "value": {"displayName": name, "members": members}},
                *[{"op": "remove", "path": "members", "value": members}] * 3,
                {"op": "remove", "path": "members"},
                {"op": "remove", "path": "members", "value": []},
                {"op": "remove", "path": "members", "value": draw(EMPTY)},
                {"op": "replace", "path": "members", "value": draw(EMPTY)},
                {"op": "add", "path": "members", "value": several},
                {"op": "remove", "path": f'members[value eq "{several[0]}"]'},
                {"op": "remove", "path": 'members[value eq "nobody"]'},
                {"op": "remove", "path": "members", "value": [{"value": "nobody"}]},
                {"op": "replace", "path": "displayName", "value": name},
                {"op": "replace", "value": {"id": bench.teams[0], "displayName": name}},
                {"op": "add", "path": "externalId", "value": name},
                {"op": "remove", "path": "externalId"},
            ]
        )
    )
    return {**op, "op": op["op"].upper() if upper else op["op"]}


WRONG_FOR_TEAMS: Sequence[Operation] = (
    {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    {"op": "replace", "path": "displayName", "value": ""},
    {"op": "remove", "path": "displayName"},
    {"op": "replace", "path": "id", "value": "x"},
    {"op": "remove"},
    {"op": "add", "path": "members[", "value": "x"},
)


@settings(often, max_examples=400)
@given(data=st.data())
def test_patching_a_group_equals_the_reference(
    data: st.DataObject, bench: Bench
) -> None:
    kind, team = bench.world.group_type, bench.teams[0]
    some = st.lists(team_operations(bench), min_size=1, max_size=4)
    with bench.trial() as service:
        for number in range(data.draw(st.integers(1, 3), "requests")):
            said = data.draw(some, "operations")
            if number and data.draw(st.booleans(), "one wrong?"):
                said.insert(
                    data.draw(st.integers(0, len(said))),
                    data.draw(st.sampled_from(WRONG_FOR_TEAMS)),
                )
            patch_and_check(service, kind, team, said, bench.of_groups)


def test_a_wrong_last_operation_undoes_all_of_the_request(bench: Bench) -> None:
    app = bench.world.app
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "property test", "nonce")
    with app.app_context(), database.read() as connection:
        before = everything(connection)
    said = [
        {"op": "replace", "path": "displayName", "value": "Renamed"},
        {"op": "add", "path": "members", "value": [{"value": bench.people["erin"]}]},
        {"op": "remove", "path": f'members[value eq "{bench.people["bob"]}"]'},
        {"op": "add", "value": {"unheardOf": 1}},
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    ]
    answer = app.test_client().patch(
        f"/scim/v2/Groups/{bench.teams[0]}",
        json={"schemas": [PATCH_OP], "Operations": said},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 400
    assert "nobody" in answer.get_json(force=True)["detail"]
    with app.app_context(), database.read() as connection:
        after = everything(connection)
    new = [key for key in after if key not in before]
    assert before.items() <= after.items()
    assert len(new) == 1
    assert new[0].startswith("journal")
    assert "scim.refused" in after[new[0]]
