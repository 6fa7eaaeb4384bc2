"""A disabled user loses access at once, however the client spells the request."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from flask import Flask
from scim_client import CORE_USER, Answer, Client, patch_body, user_body
from services import Service, Tokened, served
from sqlalchemy import func, select

from browser import Browser
from factories import People
from helpers import PASSWORD, close
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SESSIONS

ACTIVE = f"{CORE_USER}:active"
WORK = 'emails[type eq "work"].value'
Operation = dict[str, Any]


# ---------------------------------------------------------------------- fixtures
@dataclass
class Leaver:
    """A signed-in user who is about to be disabled, and the SCIM client."""

    app: Flask
    scim: Client
    made: Answer
    browser: Browser

    @property
    def path(self) -> str:
        """The path of the user."""
        return f"/Users/{self.made.id}"

    @property
    def sessions(self) -> int:
        """Count the sessions of the user."""
        theirs = SESSIONS.c.user_id == self.made.id
        with self.app.app_context(), database.read() as connection:
            count = select(func.count()).select_from(SESSIONS).where(theirs)
            return int(connection.scalar(count) or 0)

    def body(self, *lost: str, active: Any) -> dict[str, Any]:
        """Return a whole resource without some attributes."""
        kept = {key: each for key, each in self.made.document.items() if key != "meta"}
        for path in lost:
            del kept[path.partition("[")[0]]
        return {**kept, "active": active}

    def assert_disabled(self) -> None:
        """Check that the user is disabled and has no session."""
        assert self.scim.get(self.path).document["active"] is False
        assert self.sessions == 0
        assert not self.browser.is_in()

    def assert_unchanged(self) -> None:
        """Check that the user is unchanged and still signed in."""
        assert self.scim.get(self.path).document == self.made.document
        assert self.sessions == 1
        assert self.browser.is_in()


SETTINGS: dict[str, dict[str, str]] = {
    "by default": {},
    "where nothing is required": {"NETPRESENTER_SCIM_REQUIRED": ""},
}


@pytest.fixture(scope="module", params=SETTINGS)
def any_service(
    request: pytest.FixtureRequest,
    tokened: Tokened,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """A server of this module for each setting of required attributes."""
    settings = SETTINGS[request.param]
    with served(tokened, tmp_path_factory.mktemp("leavers"), **settings) as service:
        yield service


@pytest.fixture(scope="module")
def app(any_service: Service, password_hash: str) -> Iterator[Flask]:
    """The application on the instance of the server, to read its database."""
    app = any_service.instance.app()
    assert People(app, password_hash).ada  # sign-in needs an administrator
    yield app
    close(app)


@pytest.fixture
def any_scim(any_service: Service) -> Iterator[Client]:
    """A connection to the server."""
    with any_service.client() as client:
        yield client


@pytest.fixture
def leaver(
    any_service: Service, any_scim: Client, app: Flask, password_hash: str
) -> Iterator[Leaver]:
    """A signed-in user with all required attributes."""
    made = any_scim.post("/Users", user_body(displayName="Ada"))
    People(app, password_hash).give_password(made)
    with Browser(any_service.origin) as browser:
        answer = browser.sign_in(made.document["userName"], PASSWORD)
        assert answer.status_code == 303
        leaver = Leaver(app, any_scim, made, browser)
        leaver.assert_unchanged()
        yield leaver


# ---------------------------------------- disabled and cleared in the same request
@dataclass(frozen=True)
class Dialect:
    """How a client spells operations and booleans."""

    replace: str
    remove: str
    false: Any


DIALECTS = {
    "Entra ID": Dialect("Replace", "Remove", "False"),
    "aadOptscim062020": Dialect("replace", "remove", False),
}
LOST = {
    "work e-mail": (WORK,),
    "every e-mail": ("emails",),
    "externalId": ("externalId",),
    "work e-mail and externalId": (WORK, "externalId"),
}
WAYS = ("removed", "an empty text", "null", "without a path", "in one object")
ORDERS = ("active first", "active last")


def _cleared(dialect: Dialect, path: str, way: str) -> Operation:
    """Return the operation that clears an attribute."""
    if way == "removed":
        return {"op": dialect.remove, "path": path}
    if way == "without a path":
        return {"op": dialect.replace, "value": {path: ""}}
    value = None if way == "null" else ""
    return {"op": dialect.replace, "path": path, "value": value}


def disable_and_clear(
    dialect: Dialect, lost: str, way: str, order: str
) -> list[Operation]:
    """Return the operations of a PATCH that disables and clears."""
    active = {"active": dialect.false}
    if way == "in one object":
        cleared = dict.fromkeys(LOST[lost], "")
        both = [active, cleared] if order == ORDERS[0] else [cleared, active]
        return [{"op": dialect.replace, "value": both[0] | both[1]}]
    off = {"op": dialect.replace, "path": "active", "value": dialect.false}
    others = [_cleared(dialect, path, way) for path in LOST[lost]]
    return [off, *others] if order == ORDERS[0] else [*others, off]


@pytest.mark.parametrize("any_service", ["by default"], indirect=True)
@pytest.mark.parametrize(
    ("dialect", "lost", "way", "order"), [*product(DIALECTS, LOST, WAYS, ORDERS)]
)
def test_a_patch_that_also_clears_required_attributes_disables(
    dialect: str, lost: str, way: str, order: str, leaver: Leaver
) -> None:
    operations = disable_and_clear(DIALECTS[dialect], lost, way, order)
    answer = leaver.scim.patch(leaver.path, *operations)
    assert (answer.status, answer.document["active"]) == (200, False)
    for path in LOST[lost]:
        assert path.partition("[")[0] not in answer.document
    leaver.assert_disabled()


FALSE = {"false": False, "a text": "False", "null": None, "an empty text": ""}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("false", FALSE)
def test_a_put_without_required_attributes_disables(
    false: str, lost: str, leaver: Leaver
) -> None:
    body = leaver.body(*LOST[lost], active=FALSE[false])
    answer = leaver.scim.put(leaver.path, body)
    assert (answer.status, answer.document["active"]) == (200, False)
    leaver.assert_disabled()


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize("lost", LOST)
def test_a_bulk_operation_without_required_attributes_disables(
    method: str, lost: str, leaver: Leaver
) -> None:
    steps = disable_and_clear(DIALECTS["Entra ID"], lost, "removed", ORDERS[0])
    whole = leaver.body(*LOST[lost], active=False)
    data = {"PATCH": patch_body(*steps), "PUT": whole}[method]
    change = {"method": method, "path": leaver.path, "data": data}
    other = {"method": "DELETE", "path": "/Users/nobody"}
    answer = leaver.scim.post("/Bulk", {"Operations": [other, change]})
    assert [each["status"] for each in answer.document["Operations"]] == ["404", "200"]
    leaver.assert_disabled()


def test_removing_active_and_required_attributes_disables(leaver: Leaver) -> None:
    gone = [{"op": "remove", "path": path} for path in (WORK, "externalId", "active")]
    answer = leaver.scim.patch(leaver.path, *gone)
    assert (answer.status, answer.document["active"]) == (200, False)
    leaver.assert_disabled()


# ------------------------------------------------------------- after disabling
def _disable(leaver: Leaver) -> None:
    off = {"op": "Replace", "path": "active", "value": "False"}
    assert leaver.scim.patch(leaver.path, off).status == 200


@pytest.mark.parametrize("lost", LOST)
def test_required_attributes_of_a_disabled_user_can_be_removed(
    lost: str, leaver: Leaver
) -> None:
    _disable(leaver)
    steps = [{"op": "Remove", "path": path} for path in LOST[lost]]
    answer = leaver.scim.patch(leaver.path, *steps)
    assert (answer.status, answer.document["active"]) == (200, False)
    renamed = {"op": "Replace", "path": "displayName", "value": "Ada (left)"}
    assert leaver.scim.patch(leaver.path, renamed).status == 200
    whole = leaver.body(*LOST[lost], active=False)
    del whole["active"]  # an attribute that is left out keeps its value
    answer = leaver.scim.put(leaver.path, whole)
    assert (answer.status, answer.document["active"]) == (200, False)
    leaver.assert_disabled()


@pytest.mark.parametrize("false", FALSE)
def test_a_disabled_user_can_be_created_with_only_a_user_name(
    false: str, any_scim: Client
) -> None:
    name = user_body()["userName"]
    body = {"schemas": [CORE_USER], "userName": name, "active": FALSE[false]}
    made = any_scim.post("/Users", body)
    assert (made.status, made.document["active"]) == (201, False)


@pytest.mark.parametrize("active", [True, False])
def test_the_user_name_of_a_disabled_user_cannot_be_removed(
    active: bool, leaver: Leaver
) -> None:
    off = {"op": "replace", "path": "active", "value": active}
    nameless = {"op": "remove", "path": "userName"}
    assert leaver.scim.patch(leaver.path, off, nameless).status == 400
    body = leaver.body("userName", active=active)
    assert leaver.scim.put(leaver.path, body).status == 400
    leaver.assert_unchanged()


MISSING = {WORK: "emails", "externalId": "externalId"}
ENABLING: dict[str, Operation] = {
    "as Entra ID spells it": {"op": "Replace", "path": "active", "value": "True"},
    "without a path": {"op": "replace", "value": {"active": True}},
}


@pytest.mark.parametrize("enabling", ENABLING)
@pytest.mark.parametrize("lost", MISSING)
def test_a_user_is_enabled_only_with_the_required_attributes(
    lost: str, enabling: str, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body())
    path, on = f"/Users/{made.id}", ENABLING[enabling]
    off = {"op": "replace", "path": "active", "value": False}
    out = strict_scim.patch(path, off, {"op": "remove", "path": lost})
    assert out.status == 200
    for refused in (
        strict_scim.patch(path, on),
        strict_scim.put(path, {**out.document, "active": True}),
    ):
        assert (refused.status, refused.document["scimType"]) == (400, "invalidValue")
        assert f"{lost} is required" in refused.document["detail"]
    assert strict_scim.get(path).document == out.document
    again = {"op": "add", "path": lost, "value": f"again.{made.id}@contoso.example"}
    answer = strict_scim.patch(path, on, again)
    assert (answer.status, answer.document["active"]) == (200, True)


@pytest.mark.parametrize("lost", MISSING)
def test_a_user_is_enabled_without_them_if_nothing_is_required(
    lost: str, scim: Client
) -> None:
    made = scim.post("/Users", {**user_body(), "active": False})
    path = f"/Users/{made.id}"
    assert scim.patch(path, {"op": "remove", "path": lost}).status == 200
    answer = scim.patch(path, ENABLING["as Entra ID spells it"])
    assert (answer.status, answer.document["active"]) == (200, True)


# --------------------------------------------- refused requests
WRONG: dict[str, Operation] = {
    "a wrong type": {"op": "replace", "path": "title", "value": 7},
    "a wrong boolean": {"op": "replace", "path": "active", "value": "no"},
    "a read-only attribute": {"op": "replace", "path": "id", "value": "x"},
    "a path that is none": {"op": "replace", "path": "emails[", "value": "x"},
    "an unknown operation": {"op": "move", "path": "title", "value": "x"},
    "an empty user name": {"op": "replace", "path": "userName", "value": ""},
    "a filter on one value": {"op": "remove", "path": 'title[value eq "x"]'},
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("wrong", WRONG)
def test_an_invalid_patch_that_disables_changes_nothing(
    wrong: str, order: str, leaver: Leaver
) -> None:
    off = {"op": "Replace", "path": "active", "value": "False"}
    both = [off, WRONG[wrong]] if order == ORDERS[0] else [WRONG[wrong], off]
    assert leaver.scim.patch(leaver.path, *both).status == 400
    leaver.assert_unchanged()


def test_a_patch_that_disables_and_takes_a_used_name_changes_nothing(
    leaver: Leaver,
) -> None:
    other = leaver.scim.post("/Users", user_body()).document["userName"]
    off = {"op": "Replace", "path": "active", "value": "False"}
    rename = {"op": "Replace", "path": "userName", "value": other}
    assert leaver.scim.patch(leaver.path, off, rename).status == 409
    leaver.assert_unchanged()


# ------------------------------------------------- clearing active
EMPTY = {"null": None, "an empty text": ""}
CLEARED_BY_PATCH: dict[str, dict[str, Any]] = {
    "removed": {"op": "remove", "path": "active"},
    "Removed, as Entra ID spells it": {"op": "Remove", "path": "active"},
    "removed by its full name": {"op": "remove", "path": ACTIVE},
    "null": {"op": "replace", "path": "active", "value": None},
    "an empty text": {"op": "Replace", "path": "active", "value": ""},
    "null without a path": {"op": "replace", "value": {"active": None}},
    "an empty text without a path": {"op": "add", "value": {ACTIVE: ""}},
    "null below the schema": {"op": "replace", "value": {CORE_USER: {"active": None}}},
}


def _assert_is_disabled(scim: Client, person_id: str) -> None:
    """Check that both the document and filters say that a user is disabled."""
    read = scim.get(f"/Users/{person_id}").document
    assert read["active"] is False
    query = f'userName eq "{read["userName"]}" and active eq '
    assert [each["id"] for each in scim.find("/Users", f"{query}false")] == [person_id]
    assert scim.find("/Users", f"{query}true") == []


@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_a_post_with_an_empty_active_creates_a_disabled_user(
    value: Any, strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", {**user_body(), "active": value})
    assert (made.status, made.document["active"]) == (201, False)
    _assert_is_disabled(strict_scim, made.id)


@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_a_put_with_an_empty_active_disables(value: Any, strict_scim: Client) -> None:
    made = strict_scim.post("/Users", user_body())
    body = {**made.document, "active": value}
    answer = strict_scim.put(f"/Users/{made.id}", body)
    assert (answer.status, answer.document["active"]) == (200, False)
    _assert_is_disabled(strict_scim, made.id)


@pytest.mark.parametrize("operation", CLEARED_BY_PATCH.values(), ids=CLEARED_BY_PATCH)
def test_a_patch_that_clears_active_disables(
    operation: dict[str, Any], strict_scim: Client
) -> None:
    made = strict_scim.post("/Users", user_body())
    answer = strict_scim.patch(f"/Users/{made.id}", operation)
    assert (answer.status, answer.document["active"]) == (200, False)
    _assert_is_disabled(strict_scim, made.id)


def test_leaving_active_out_neither_enables_nor_disables(
    strict_scim: Client,
) -> None:
    made = strict_scim.post("/Users", user_body(active=None))
    assert made.document["active"] is True
    body = user_body(active=None)
    assert strict_scim.put(f"/Users/{made.id}", body).document["active"] is True
    off = {"op": "remove", "path": "active"}
    assert strict_scim.patch(f"/Users/{made.id}", off).status == 200
    assert strict_scim.put(f"/Users/{made.id}", body).document["active"] is False
