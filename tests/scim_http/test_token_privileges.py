"""Limits of a SCIM token: no access to local accounts, roles or old sessions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from scim_client import (
    CORE_USER,
    ENTERPRISE_USER,
    Answer,
    Client,
    group_body,
    patch_body,
    user_body,
)
from services import Service
from sqlalchemy import select

from browser import Browser
from factories import People
from helpers import PASSWORD, close
from netpresenter_next.storage import database
from netpresenter_next.storage.models import MEMBERSHIPS, USERS

ADMIN, LOCAL = "root@contoso.example", "linus@contoso.example"
LOCAL_ADDRESS = "linus.torvalds@contoso.example"
NOBODY = "00000000-0000-4000-8000-000000000000"


# ------------------------------------------------------------------------ the server
class LocalAccounts:
    """A server with two local accounts, an administrator's and another."""

    def __init__(self, service: Service, app: Flask, password_hash: str) -> None:
        self.service, self._app = service, app
        self.people = People(app, password_hash)
        service.instance.output(
            "create-admin", ADMIN, "--password-file", "-", text=PASSWORD
        )
        linus = self.people.local(LOCAL)
        entry = {"type": "work", "value": LOCAL_ADDRESS}
        self.people.change(linus, emails=[entry])
        self.local_ids = {self.row(name)["id"] for name in (ADMIN, LOCAL)}
        self.untouched = self.locals()

    def rows(self) -> list[dict[str, Any]]:
        """Return everybody, with all columns."""
        with self._app.app_context(), database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(select(USERS))]

    def row(self, user_name: str) -> dict[str, Any]:
        """Return one person."""
        return next(each for each in self.rows() if each["user_name"] == user_name)

    def locals(self) -> list[dict[str, Any]]:
        """Return the local accounts without the times of their last use."""
        return [
            {
                name: value
                for name, value in each.items()
                if "sign_in" not in name and name != "password_used_at"
            }
            for each in self.rows()
            if each["id"] in self.local_ids
        ]

    def memberships(self, user_id: str) -> int:
        """Count the groups of a user."""
        query = select(MEMBERSHIPS).where(MEMBERSHIPS.c.user_id == user_id)
        with self._app.app_context(), database.read() as connection:
            return len(connection.execute(query).all())

    def give_password(self, person: Answer) -> str:
        """Give a user a local password; return the user name."""
        self.people.give_password(person)
        return str(person.document["userName"])


@pytest.fixture(scope="module")
def local_accounts(own_service: Service, password_hash: str) -> Iterator[LocalAccounts]:
    """A server with local accounts."""
    app = own_service.instance.app()
    yield LocalAccounts(own_service, app, password_hash)
    close(app)


@pytest.fixture
def scim(local_accounts: LocalAccounts) -> Iterator[Client]:
    """A connection with a valid token."""
    with local_accounts.service.client() as client:
        yield client


@pytest.fixture
def accounts_unchanged(local_accounts: LocalAccounts) -> Iterator[None]:
    """Asserts afterwards that the local accounts are unchanged."""
    yield
    assert local_accounts.locals() == local_accounts.untouched


@pytest.fixture
def open_browser(local_accounts: LocalAccounts) -> Iterator[Callable[[], Browser]]:
    """Opens browsers, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Browser(local_accounts.service.origin))


@pytest.fixture
def administrator(open_browser: Callable[[], Browser]) -> Browser:
    """A browser in which the local administrator is signed in."""
    browser = open_browser()
    assert browser.sign_in(ADMIN, PASSWORD).status_code == 303
    return browser


# ------------------------------------------------------------- ids
@pytest.mark.usefixtures("accounts_unchanged")
def test_an_external_id_is_never_used_as_the_id(
    local_accounts: LocalAccounts, scim: Client, administrator: Browser
) -> None:
    for value in ("1", "0", "-1", *local_accounts.local_ids):
        made = scim.post("/Users", user_body(externalId=value))
        assert made.status == 201
        assert made.id != value
        assert made.document["externalId"] == value
        assert [
            each["id"] for each in scim.find("/Users", f'externalId eq "{value}"')
        ] == [made.id]
    assert administrator.is_administrator()


def test_id_and_meta_cannot_be_set_by_a_client(scim: Client) -> None:
    theirs = {
        "id": "1",
        "meta": {
            "resourceType": "Group",
            "location": "http://evil.example/",
            "created": "1999-01-01T00:00:00Z",
            "version": 'W/"evil"',
        },
    }
    made = scim.post("/Users", user_body(**theirs))
    put = scim.put(f"/Users/{made.id}", user_body(**theirs))
    for answer in (made, put, scim.get(f"/Users/{made.id}")):
        assert answer.id == made.id != "1"
        assert answer.document["meta"]["resourceType"] == "User"
        assert answer.document["meta"]["location"] == f"{scim.url}/Users/{made.id}"
        assert answer.document["meta"]["created"] == made.document["meta"]["created"]
    for path in ("id", "meta", "meta.location", "meta.created", f"{CORE_USER}:id"):
        answer = scim.patch(
            f"/Users/{made.id}",
            {"op": "replace", "path": "title", "value": "Countess"},
            {"op": "replace", "path": path, "value": "1"},
        )
        assert (answer.status, answer.document["scimType"]) == (400, "mutability")
    assert scim.get(f"/Users/{made.id}").document == put.document


# ------------------------------------------------------------------------ roles
PRIVILEGES: dict[str, Any] = {
    "role": "administrator",
    "isAdmin": True,
    "is_admin": True,
    "admin": True,
    "isAdministrator": True,
    "is_administrator": True,
    "is_emergency": True,
    "is_provisioned": False,
    "is_blocked": True,
    "source": "local",
    "password_hash": "x",
    "session_version": 7,
    "locked_until": "2099-01-01T00:00:00Z",
    "roles": [{"value": "administrator", "primary": True}],
    "entitlements": [{"value": "administrator"}],
    "userType": "administrator",
    "groups": [{"value": NOBODY, "display": "Administrators"}],
    f"{CORE_USER}:isAdmin": True,
    "urn:ietf:params:scim:schemas:extension:netpresenter:2.0:User": {"role": "admin"},
    f"{ENTERPRISE_USER}:role": "administrator",
}


# Columns that no attribute of a client may change.
PROTECTED = (
    *("id", "role", "is_emergency", "source", "is_blocked", "active"),
    *("password_hash", "created_at"),
)


@pytest.mark.usefixtures("accounts_unchanged")
def test_no_attribute_can_make_an_administrator(
    local_accounts: LocalAccounts, scim: Client, open_browser: Callable[[], Browser]
) -> None:
    made = scim.post("/Users", user_body())
    user_name = local_accounts.give_password(made)
    before = local_accounts.row(user_name)
    path = f"/Users/{made.id}"
    for name, value in PRIVILEGES.items():
        for answer in (
            scim.post("/Users", user_body(**{name: value})),
            scim.put(path, {**made.document, name: value}),
            scim.patch(path, {"op": "add", "path": name, "value": value}),
            scim.patch(path, {"op": "replace", "path": name, "value": value}),
            scim.patch(path, {"op": "replace", "value": {name: value}}),
        ):
            assert answer.status in (200, 201, 400), name
            assert "groups" not in answer.document
    after = local_accounts.row(user_name)
    for name in PROTECTED:
        assert after[name] == before[name], name
    assert local_accounts.memberships(made.id) == 0
    provisioned = [
        each for each in local_accounts.rows() if each["source"] == "provisioned"
    ]
    assert {each["role"] for each in provisioned} == {"user"}
    browser = open_browser()
    assert browser.sign_in(user_name, PASSWORD).status_code == 303
    assert not browser.is_administrator()


def test_a_group_named_administrators_gives_no_role(
    local_accounts: LocalAccounts, scim: Client, open_browser: Callable[[], Browser]
) -> None:
    made = scim.post("/Users", user_body())
    names = ("Administrators", "administrators", "ADMINISTRATORS")
    groups = [scim.post("/Groups", group_body(made.id, displayName=n)) for n in names]
    assert [group.status for group in groups] == [201, 409, 409]
    browser = open_browser()
    browser.sign_in(local_accounts.give_password(made), PASSWORD)
    assert browser.is_in()
    assert not browser.is_administrator()
    scim.delete(f"/Groups/{groups[0].id}")


def test_a_password_sent_by_scim_cannot_be_used_to_sign_in(
    scim: Client, open_browser: Callable[[], Browser]
) -> None:
    secret = "Known-Pass-123! of the client"
    made = scim.post("/Users", user_body(password=secret))
    answers = [
        made,
        scim.put(f"/Users/{made.id}", {**made.document, "password": secret}),
        scim.patch(
            f"/Users/{made.id}", {"op": "replace", "path": "password", "value": secret}
        ),
        scim.patch(
            f"/Users/{made.id}", {"op": "replace", "value": {"password": secret}}
        ),
        scim.get(f"/Users/{made.id}"),
        scim.get(f"/Users/{made.id}?attributes=password"),
    ]
    assert [answer.status for answer in answers] == [201, 200, 200, 200, 200, 200]
    assert not any(secret.encode() in answer.body for answer in answers)
    attributes = scim.get(f"/Schemas/{CORE_USER}").document["attributes"]
    assert "password" not in {attribute["name"] for attribute in attributes}
    browser = open_browser()
    assert browser.sign_in(made.document["userName"], secret).status_code == 401
    assert not browser.is_in()


# --------------------------------------------------------- local accounts
@pytest.mark.usefixtures("accounts_unchanged")
def test_the_user_name_of_a_local_account_cannot_be_taken(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    for name in (
        ADMIN,
        ADMIN.upper(),
        LOCAL,
        LOCAL.title(),
        "\uff4cinus@contoso.example",
    ):
        body = user_body(userName=name)
        for answer in (
            scim.post("/Users", body),
            scim.put(f"/Users/{made.id}", body),
            scim.patch(
                f"/Users/{made.id}",
                {"op": "replace", "path": "userName", "value": name},
            ),
        ):
            _assert_clash(local_accounts, answer)
    assert scim.get(f"/Users/{made.id}").document == made.document


@pytest.mark.usefixtures("accounts_unchanged")
def test_the_work_email_of_a_local_account_cannot_be_taken(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    path = 'emails[type eq "work"].value'
    for address in (LOCAL_ADDRESS, LOCAL_ADDRESS.upper()):
        body = user_body(emails=[{"type": "work", "value": address}])
        for answer in (
            scim.post("/Users", body),
            scim.put(f"/Users/{made.id}", body),
            scim.patch(
                f"/Users/{made.id}", {"op": "replace", "path": path, "value": address}
            ),
        ):
            _assert_clash(local_accounts, answer)
    assert scim.get(f"/Users/{made.id}").document == made.document


def _assert_clash(local_accounts: LocalAccounts, answer: Answer) -> None:
    """Check that a refusal explains the clash and reveals nothing about the account."""
    assert (answer.status, answer.document["scimType"]) == (409, "uniqueness")
    assert "local account" in answer.document["detail"]
    for secret in (*local_accounts.local_ids, "administrator", "role"):
        assert secret not in answer.document["detail"]


@pytest.mark.usefixtures("accounts_unchanged")
def test_local_accounts_are_neither_listed_nor_counted(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    made = {scim.post("/Users", user_body()).id for _ in range(3)}
    listed: list[str] = []
    total = int(scim.get("/Users?count=0").document["totalResults"])
    for start in range(1, total + 2, 2):
        page = scim.get(f"/Users?startIndex={start}&count=2").document
        assert page["totalResults"] == total
        listed += [each["id"] for each in page["Resources"]]
    assert len(listed) == total
    assert made <= set(listed)
    assert not set(listed) & local_accounts.local_ids
    provisioned = [
        each for each in local_accounts.rows() if each["source"] == "provisioned"
    ]
    assert total == len(provisioned)


@pytest.mark.parametrize(
    "filter_",
    [
        f'userName eq "{ADMIN}"',
        f'userName eq "{LOCAL}"',
        f'not (userName ne "{LOCAL}")',
        'userName sw "root@"',
        'userName co "linus@"',
        f'emails[type eq "work"].value eq "{LOCAL_ADDRESS}"',
        f'emails.value eq "{LOCAL_ADDRESS}"',
        f'emails eq "{LOCAL_ADDRESS}"',
        f'emails[value eq "{LOCAL_ADDRESS}"]',
        f'userName eq "x" or userName eq "{ADMIN}"',
        f'userName eq "{ADMIN}" and active eq true',
        f'(userName eq "{ADMIN}") or (userName eq "{LOCAL}")',
    ],
)
def test_no_filter_finds_a_local_account(filter_: str, scim: Client) -> None:
    assert scim.find("/Users", filter_) == []


def test_no_filter_by_id_finds_a_local_account(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    for local_id in local_accounts.local_ids:
        for filter_ in (
            f'id eq "{local_id}"',
            f'id sw "{local_id[:-1]}"',
            f'not (id ne "{local_id}")',
            f'id eq "{local_id}" or active eq "maybe"',
            f'id eq "{local_id}" or not (userName pr)',
        ):
            answer = scim.get(f"/Users?filter={filter_}")
            assert answer.status in (200, 400)
            assert answer.document.get("Resources", []) == []


@pytest.mark.usefixtures("accounts_unchanged")
def test_a_local_account_is_not_found_by_id(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    unknown = scim.get(f"/Users/{NOBODY}")
    for local_id in local_accounts.local_ids:
        path = f"/Users/{local_id}"
        for answer in (
            scim.get(path),
            scim.put(path, user_body()),
            scim.patch(path, {"op": "replace", "path": "active", "value": False}),
            scim.delete(path),
        ):
            assert answer.status == 404
            detail = answer.document["detail"].replace(local_id, NOBODY)
            assert detail == unknown.document["detail"]


@pytest.mark.usefixtures("accounts_unchanged")
def test_a_local_account_cannot_be_a_member(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    group = scim.post("/Groups", group_body(made.id))
    path = f"/Groups/{group.id}"
    for local_id in local_accounts.local_ids:
        value = [{"value": local_id}]
        for answer in (
            scim.post("/Groups", group_body(local_id)),
            scim.put(path, {**group.document, "members": value}),
            scim.patch(path, {"op": "add", "path": "members", "value": value}),
            scim.patch(path, {"op": "replace", "path": "members", "value": value}),
            scim.patch(path, {"op": "add", "value": {"members": value}}),
        ):
            assert (answer.status, answer.document["scimType"]) == (400, "invalidValue")
            assert local_id in answer.document["detail"]
        for operation in (
            {"op": "remove", "path": "members", "value": value},
            {"op": "remove", "path": f'members[value eq "{local_id}"]'},
        ):
            assert scim.patch(path, operation).status == 200
        assert scim.find("/Groups", f'members eq "{local_id}"') == []
    assert scim.get(path).document["members"] == group.document["members"]
    assert [
        local_accounts.memberships(local_id) for local_id in local_accounts.local_ids
    ] == [0, 0]


@pytest.mark.usefixtures("accounts_unchanged")
def test_a_local_account_as_manager_reveals_no_name(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    made = scim.post("/Users", user_body())
    for local_id in local_accounts.local_ids:
        path = f"{ENTERPRISE_USER}:manager"
        operation = {"op": "add", "path": path, "value": local_id}
        answer = scim.patch(f"/Users/{made.id}", operation)
        assert answer.status == 200
        assert answer.document[ENTERPRISE_USER]["manager"] == {"value": local_id}


@pytest.mark.usefixtures("accounts_unchanged")
def test_deleting_every_user_leaves_the_local_administrator(
    scim: Client, administrator: Browser, open_browser: Callable[[], Browser]
) -> None:
    while people := scim.get("/Users?count=1000").document["Resources"]:
        for person in people:
            path = f"/Users/{person['id']}"
            off = {"op": "replace", "path": "active", "value": "False"}
            assert scim.patch(path, off).document["active"] is False
            assert scim.delete(path).status == 204
    assert administrator.is_administrator()
    assert open_browser().sign_in(ADMIN, PASSWORD).status_code == 303


# -------------------------------------------------------------- sessions
def _patched(operation: dict[str, Any]) -> Callable[[Client, Answer], Answer]:
    return lambda scim, made: scim.patch(f"/Users/{made.id}", operation)


DISABLING = {
    "with a path": _patched({"op": "replace", "path": "active", "value": False}),
    "as Entra ID does": _patched({"op": "Replace", "path": "active", "value": "False"}),
    "by an add": _patched({"op": "Add", "path": "active", "value": "false"}),
    "without a path": _patched({"op": "replace", "value": {"active": False}}),
    "by its full name": _patched(
        {"op": "replace", "path": f"{CORE_USER}:active", "value": False}
    ),
    "by PUT": lambda scim, made: scim.put(
        f"/Users/{made.id}", {**made.document, "active": False}
    ),
}


@pytest.fixture(scope="module")
def grace(local_accounts: LocalAccounts) -> Answer:
    """A provisioned user with a local password."""
    with local_accounts.service.client() as scim:
        made = scim.post("/Users", user_body())
    local_accounts.give_password(made)
    return made


@pytest.mark.parametrize("shape", DISABLING)
def test_disabling_ends_sessions_and_enabling_does_not_revive_them(
    shape: str, grace: Answer, scim: Client, open_browser: Callable[[], Browser]
) -> None:
    user_name = grace.document["userName"]
    devices = [open_browser(), open_browser()]
    for device in devices:
        assert device.sign_in(user_name, PASSWORD).status_code == 303
        assert device.is_in()

    answer = DISABLING[shape](scim, grace)
    assert (answer.status, answer.document["active"]) == (200, False)
    assert [device.is_in() for device in devices] == [False, False]
    newcomer = open_browser()
    assert newcomer.sign_in(user_name, PASSWORD).status_code == 401
    assert not newcomer.is_in()

    back = {"op": "Replace", "path": "active", "value": "True"}
    assert scim.patch(f"/Users/{grace.id}", back).document["active"] is True
    assert [device.is_in() for device in devices] == [False, False]
    assert newcomer.sign_in(user_name, PASSWORD).status_code == 303
    assert newcomer.is_in()


def test_deleting_ends_sessions_and_a_namesake_does_not_revive_them(
    local_accounts: LocalAccounts, scim: Client, open_browser: Callable[[], Browser]
) -> None:
    body = user_body()
    made = scim.post("/Users", body)
    device = open_browser()
    device.sign_in(local_accounts.give_password(made), PASSWORD)
    assert device.is_in()
    assert scim.delete(f"/Users/{made.id}").status == 204
    assert not device.is_in()
    assert scim.post("/Users", body).status == 201
    assert not device.is_in()
    assert open_browser().sign_in(body["userName"], PASSWORD).status_code == 401


# ----------------------------------------------------------- tokens
def test_a_token_opens_no_page_and_a_session_no_scim_endpoint(
    local_accounts: LocalAccounts,
    scim: Client,
    administrator: Browser,
    open_browser: Callable[[], Browser],
) -> None:
    token = {"Authorization": f"Bearer {local_accounts.service.token}"}
    for page in ("/", "/account", "/settings", "/settings/users"):
        shown = open_browser().http.get(page, headers=token)
        assert shown.status_code == 303
        assert shown.headers["location"].startswith("/sign-in")
    cookies = "; ".join(
        f"{each.name}={each.value}" for each in administrator.http.cookies.jar
    )
    for more in ({}, {"Authorization": "Bearer npn_scim_bad"}):
        headers = {"Authorization": None, "Cookie": cookies, **more}
        assert scim.request("GET", "/Users", headers=headers).status == 401
        answer = scim.request("POST", "/Users", user_body(), headers)
        assert answer.status == 401
    assert scim.request("GET", "/Users", headers={"Cookie": cookies}).status == 200
    assert administrator.is_administrator()


@pytest.mark.parametrize(
    "value",
    [
        *(None, "Bearer", "Bearer ", "Basic {token}", "Token {token}", "{token}"),
        *("Bearer é", "Bearer {token} {token}", "Bearer {token}, Bearer {token}"),
        *(
            "Bearer {token}x",
            "Bearer x{token}",
            "Bearer {TOKEN}",
            "Bearer " + "x" * 30_000,
        ),
    ],
)
def test_a_malformed_authorization_header_is_refused(
    value: str | None, local_accounts: LocalAccounts, scim: Client
) -> None:
    token = local_accounts.service.token
    if value is not None:
        value = value.replace("{token}", token).replace("{TOKEN}", token.swapcase())
    answer = scim.request("GET", "/Users?count=0", headers={"Authorization": value})
    assert answer.status == 401


def test_the_bearer_scheme_ignores_case(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {local_accounts.service.token}"}
        assert scim.request("GET", "/Users?count=0", headers=headers).status == 200


@pytest.mark.parametrize("name", ["access_token", "token", "bearer_token"])
def test_a_token_in_the_url_is_ignored(
    name: str, local_accounts: LocalAccounts, scim: Client
) -> None:
    path = f"/Users?{name}={local_accounts.service.token}"
    assert scim.request("GET", path, headers={"Authorization": None}).status == 401


def test_the_token_is_in_no_file_of_the_instance(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    token = local_accounts.service.token.encode()
    assert scim.get("/Users?count=0").status == 200
    files = [
        path
        for path in local_accounts.service.instance.folder.rglob("*")
        if path.is_file()
    ]
    assert any(path.suffix == ".db" for path in files)
    secret = token.removeprefix(b"npn_scim_")[:-6]
    assert not [path for path in files if secret in path.read_bytes()]


def test_every_wrong_token_has_the_same_answer(
    local_accounts: LocalAccounts, scim: Client
) -> None:
    token = local_accounts.service.token
    changed = token[:-7] + ("0" if token[-7] != "0" else "1") + token[-6:]
    answers = [
        scim.request("GET", "/Users", headers={"Authorization": f"Bearer {guess}"})
        for guess in ("x", changed, "npn_scim_" + "0" * 49)
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1


def test_a_token_in_the_body_is_ignored(scim: Client) -> None:
    body = {**patch_body(), "access_token": scim.token}
    answer = scim.request("POST", "/Users", body, {"Authorization": None})
    assert answer.status == 401
