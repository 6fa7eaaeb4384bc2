"""PATCH matches the reference, and changes nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from operations import EMPTY, INVALID_OPERATIONS, Operation, Operations, as_entra_sends
from oracle import GROUPS as GROUP_KINDS
from oracle import PEOPLE, USER_EXTENSION, Oracle
from patch_reference import Reference, Refused, State
from sqlalchemy import Connection, select
from worlds import ENTERPRISE, EVERYTHING, EXTENSION_URN, EXTENSIONS, World, application

from helpers import close
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import GROUP_SCHEMA, USER_SCHEMA, derive_columns
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.resources.patch import read_operations
from netpresenter_next.scim.service import Service
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from netpresenter_next.storage.scim_models import UNSTORED
from repetition import times

pytestmark = pytest.mark.repeated
often = settings(max_examples=times(200), derandomize=True, deadline=None)
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NAMES = ("bob", "carol", "dave", "erin")


@dataclass
class SharedWorld:
    """A world with a few people and two groups, from which every example starts."""

    world: World
    people: Mapping[str, str]
    teams: Sequence[str]

    @contextmanager
    def rolled_back_service(self) -> Iterator[Service]:
        """Open the service in a transaction that is rolled back."""
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
        """The reference for people."""
        return Reference(Oracle(USER_SCHEMA, PEOPLE + USER_EXTENSION), "userName")

    @property
    def of_groups(self) -> Reference:
        """The reference for groups."""
        known = frozenset(self.people.values())
        return Reference(Oracle(GROUP_SCHEMA, GROUP_KINDS), "displayName", known)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedWorld]:
    """The world that all examples share."""
    folder = tmp_path_factory.mktemp("shared")
    path = folder / "extensions.toml"
    path.write_text(EXTENSIONS, encoding="utf-8")
    world = World(application(folder, scim_extensions=path), extended=True)
    with world.service(writing=True) as service:
        people = {
            name: create_resource(service, world.user_type, {"userName": f"{name}@x"})
            for name in NAMES
        }
        members = [{"value": each} for each in people.values()][:2]
        teams = [
            create_resource(
                service, world.group_type, {"displayName": name, "members": members}
            )
            for name in ("Team", "Other")
        ]
    yield SharedWorld(world, people, teams)
    close(world.app)


def create_resource(
    service: Service, kind: ResourceType, body: Mapping[str, Any]
) -> str:
    resource = service.create(kind, body, EVERYTHING).resource
    assert resource is not None
    return str(resource["id"])


def shown(service: Service, kind: ResourceType, resource_id: str) -> dict[str, Any]:
    resource = service.get(kind, resource_id, EVERYTHING).resource
    assert resource is not None
    return resource


def state_of(resource: Mapping[str, Any]) -> State:
    """Return the attributes of a resource that clients may write."""
    ours = ("schemas", "id", "meta", "groups", "members")
    document = {name: each for name, each in resource.items() if name not in ours}
    at_work = document.get(ENTERPRISE, {})
    if "manager" in at_work:
        manager = {"value": at_work["manager"]["value"]}
        document[ENTERPRISE] = {**at_work, "manager": manager}
    return State(document, {each["value"] for each in resource.get("members", ())})


def everything(connection: Connection, but: str = "") -> dict[str, Any]:
    """Return all rows of all tables, except those of one resource."""
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
    """Patch, and compare with the reference; a refusal must change nothing."""
    before = shown(service, kind, resource_id)
    row, rows = row_of(service, kind, resource_id), everything(service.connection)
    others = everything(service.connection, but=resource_id)
    expected = predict(reference, state_of(before), operations)
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


def predict(
    reference: Reference, before: State, operations: Sequence[Operation]
) -> State | Refused:
    try:
        return reference.patch(before, operations)
    except Refused as refusal:
        return refusal


def check_others(
    service: Service, kind: ResourceType, resource_id: str, others: Mapping[str, Any]
) -> None:
    """No other row changed, except the groups of a changed person."""
    now = everything(service.connection, but=resource_id)
    touched = {key for key in others | now if others.get(key) != now.get(key)}
    touched = {key for key in touched if not key.startswith("unstored")}
    if kind.name == "User":
        groups = shown(service, kind, resource_id).get("groups", ())
        assert touched <= {f"groups {each['value']}" for each in groups}
    else:
        assert not touched


def patch(
    service: Service, kind: ResourceType, resource_id: str, sent: Sequence[Operation]
) -> Any:
    operations = read_operations({"Operations": list(sent)})
    return service.patch(kind, resource_id, operations, EVERYTHING).resource


# --------------------------------------------------------------------------- people
@settings(often, max_examples=times(400))
@given(data=st.data())
def test_patching_a_person_matches_the_reference(
    data: st.DataObject, shared: SharedWorld
) -> None:
    operation = shared.operations.any()
    requests = st.lists(
        st.lists(operation, min_size=1, max_size=4), min_size=1, max_size=3
    )
    with shared.rolled_back_service() as service:
        kind = shared.world.user_type
        person = create_resource(service, kind, {"userName": "ada@x"})
        for number, operations in enumerate(data.draw(requests, "requests")):
            sent = list(operations)
            if number and data.draw(st.booleans(), "one invalid?"):
                place = data.draw(st.integers(0, len(sent)))
                sent.insert(place, data.draw(st.sampled_from(INVALID_OPERATIONS)))
            patch_and_check(service, kind, person, sent, shared.of_people)


def make_ada(service: Service, shared: SharedWorld, sent: Sequence[Operation]) -> str:
    """Create a person, and apply these operations."""
    person = create_resource(service, shared.world.user_type, {"userName": "ada@x"})
    patch(service, shared.world.user_type, person, [*sent, RENAME])
    return person


RENAME = {"op": "replace", "path": "userName", "value": "ada@x"}


def valid_operations(
    shared: SharedWorld, *, most: int = 5
) -> st.SearchStrategy[list[Operation]]:
    """Return operations that the reference accepts for a new person."""

    def fits(sent: list[Operation]) -> bool:
        try:
            shared.of_people.patch(State({"userName": "ada@x"}), sent)
        except Refused:
            return False
        return True

    return st.lists(shared.operations.any(), min_size=1, max_size=most).filter(fits)


@often
@given(data=st.data())
def test_operations_as_entra_sends_them_equal_those_of_the_rfc(
    data: st.DataObject, shared: SharedWorld
) -> None:
    kind = shared.world.user_type
    before = data.draw(valid_operations(shared), "before")
    canonical = data.draw(valid_operations(shared), "canonical")
    sent = [data.draw(as_entra_sends(each), "sent") for each in canonical]
    with shared.rolled_back_service() as service:
        person = make_ada(service, shared, before)
        first = service.connection.begin_nested()
        outcome = patch_or_error(service, kind, person, canonical)
        first.rollback()
        assert patch_or_error(service, kind, person, sent) == outcome


def patch_or_error(
    service: Service, kind: ResourceType, person: str, sent: Sequence[Operation]
) -> Any:
    try:
        with service.connection.begin_nested():
            return state_of(patch(service, kind, person, sent))
    except ScimError as error:
        return error.scim_type


@often
@given(data=st.data())
def test_replacing_twice_has_the_effect_of_replacing_once(
    data: st.DataObject, shared: SharedWorld
) -> None:
    kind = shared.world.user_type
    operation = data.draw(
        valid_operations(shared, most=1).filter(
            lambda sent: sent[0]["op"] == "replace"
        ),
        "replace",
    )
    with shared.rolled_back_service() as service:
        person = make_ada(
            service, shared, data.draw(valid_operations(shared), "before")
        )
        if isinstance(patch_or_error(service, kind, person, operation), str):
            return
        once = shown(service, kind, person)
        rows = everything(service.connection)
        assume_same_filter(operation[0])
        patch(service, kind, person, operation)
        assert shown(service, kind, person) == once
        assert everything(service.connection).keys() == rows.keys()


def assume_same_filter(operation: Operation) -> None:
    """Skip paths with a filter, which the replaced value may no longer match."""
    assume("[" not in operation["path"])


FRESH = {
    "emails": [{"value": "new@x", "type": "other"}, {"value": "new@y"}],
    "phoneNumbers": [{"value": "+1", "type": "fax"}],
    f"{EXTENSION_URN}:tags": ["new", "newer"],
    "nickName": "New",
    f"{ENTERPRISE}:division": "New",
    "name.middleName": "New",
    f"{ENTERPRISE}:manager": {"value": "new"},
}


@often
@given(data=st.data())
def test_removing_an_added_value_restores_the_state_before(
    data: st.DataObject, shared: SharedWorld
) -> None:
    kind = shared.world.user_type
    path = data.draw(st.sampled_from(sorted(FRESH)), "path")
    value = FRESH[path]
    sent = data.draw(valid_operations(shared), "before")
    cleared = {"op": "remove", "path": path}
    is_many = isinstance(value, list)
    with shared.rolled_back_service() as service:
        person = make_ada(service, shared, sent if is_many else [*sent, cleared])
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
def test_read_only_attributes_never_change(
    shared: SharedWorld, name: str, op: str
) -> None:
    kind = shared.world.user_type
    with shared.rolled_back_service() as service:
        person = shared.people["bob"]
        before = shown(service, kind, person)
        assert before["groups"]
        value: Any = before["id"] if name == "id" else [{"value": shared.teams[0]}]
        assert patch_or_error(
            service, kind, person, [{"op": op, "path": name, "value": value}]
        ) == ("mutability")
        if op != "remove":
            patch(service, kind, person, [{"op": op, "value": {name: value}}])
        assert shown(service, kind, person) == before


def test_a_user_name_that_is_taken_is_refused(shared: SharedWorld) -> None:
    kind = shared.world.user_type
    with shared.rolled_back_service() as service:
        before = everything(service.connection)
        sent = [
            {"op": "add", "path": "title", "value": "x"},
            {"op": "replace", "path": "userName", "value": "CAROL@x"},
        ]
        outcome = patch_or_error(service, kind, shared.people["bob"], sent)
        assert outcome == "uniqueness"
        assert everything(service.connection) == before


# --------------------------------------------------------------------------- groups
@st.composite
def team_operations(draw: st.DrawFn, shared: SharedWorld) -> Operation:
    """Return an operation on a group, in one of the forms that clients send."""
    ids = st.sampled_from([*shared.people.values()])
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
                {
                    "op": "replace",
                    "value": {"id": shared.teams[0], "displayName": name},
                },
                {"op": "add", "path": "externalId", "value": name},
                {"op": "remove", "path": "externalId"},
            ]
        )
    )
    return {**op, "op": op["op"].upper() if upper else op["op"]}


INVALID_GROUP_OPERATIONS: Sequence[Operation] = (
    {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    {"op": "replace", "path": "displayName", "value": ""},
    {"op": "remove", "path": "displayName"},
    {"op": "replace", "path": "id", "value": "x"},
    {"op": "remove"},
    {"op": "add", "path": "members[", "value": "x"},
)


@settings(often, max_examples=times(400))
@given(data=st.data())
def test_patching_a_group_matches_the_reference(
    data: st.DataObject, shared: SharedWorld
) -> None:
    kind, team = shared.world.group_type, shared.teams[0]
    some = st.lists(team_operations(shared), min_size=1, max_size=4)
    with shared.rolled_back_service() as service:
        for number in range(data.draw(st.integers(1, 3), "requests")):
            sent = data.draw(some, "operations")
            if number and data.draw(st.booleans(), "one invalid?"):
                sent.insert(
                    data.draw(st.integers(0, len(sent))),
                    data.draw(st.sampled_from(INVALID_GROUP_OPERATIONS)),
                )
            patch_and_check(service, kind, team, sent, shared.of_groups)


def test_an_invalid_last_operation_undoes_the_whole_request(
    shared: SharedWorld,
) -> None:
    app = shared.world.app
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "property test", "nonce")
    with app.app_context(), database.read() as connection:
        before = everything(connection)
    sent = [
        {"op": "replace", "path": "displayName", "value": "Renamed"},
        {"op": "add", "path": "members", "value": [{"value": shared.people["erin"]}]},
        {"op": "remove", "path": f'members[value eq "{shared.people["bob"]}"]'},
        {"op": "add", "value": {"unknownAttribute": 1}},
        {"op": "add", "path": "members", "value": [{"value": "nobody"}]},
    ]
    answer = app.test_client().patch(
        f"/scim/v2/Groups/{shared.teams[0]}",
        json={"schemas": [PATCH_OP], "Operations": sent},
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
