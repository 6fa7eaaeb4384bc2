"""Attempts of a SCIM client or a directory user to become somebody else."""

import re

import pytest
from connecting import CONNECT, to_confirmation
from settings_page import PAGE, save, text_of
from sqlalchemy import select
from tenant import JANE

from netpresenter_next.storage.identity_models import BLOCKS
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import hidden, signed_in

EVE = "eeee0000-1111-2222-3333-444444444444"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Provisioning:
    """The holder of a SCIM token."""

    def __init__(self, client):
        self.client = client

    def create(self, user_name, external_id):
        email = {"type": "work", "value": user_name}
        return self.client.post(
            "/scim/v2/Users",
            json={
                "schemas": [USER],
                "userName": user_name,
                "externalId": external_id,
                "active": True,
                "emails": [email],
            },
        )

    def patch(self, path, *operations):
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.client.patch(f"/scim/v2/{path}", json=body)

    def give(self, person, external_id):
        operation = {"op": "Replace", "path": "externalId", "value": external_id}
        answer = self.patch(f"Users/{person}", operation)
        assert answer.status_code == 200, answer.text

    def delete(self, person):
        assert self.client.delete(f"/scim/v2/Users/{person}").status_code == 204


@pytest.fixture
def admin(app, people):
    browser = signed_in(app, "ada")
    save(browser)
    return browser


@pytest.fixture
def scim(app, admin):
    page = admin.submit(f"{PAGE}/token", page=PAGE, label="test").text
    client = app.test_client()
    secret = re.search(r"npn_scim_\w+", page)[0]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return Provisioning(client)


@pytest.fixture
def jane(scim):
    """The id of jane, whom provisioning created."""
    return scim.create("jane@example.org", JANE).json["id"]


@pytest.fixture
def enter(app, microsoft, sign_in):
    """Signs in with the Microsoft account of an object ID; returns the browser."""

    def enter(object_id, user_name="somebody@example.org"):
        microsoft.claims = {"oid": object_id, "preferred_username": user_name}
        browser = app.test_client()
        browser.answer = sign_in(browser)
        return browser

    return enter


def act(admin, person, name, **fields):
    """Press a button on the page of a person."""
    page = f"/settings/users/{person}"
    answer = admin.submit(f"{page}/{name}", page=page, **fields)
    assert answer.status_code == 303, answer.text
    return answer


def promote(admin, person):
    act(admin, person, "role", role="administrator")


def confirm(admin, person):
    """Confirm the object ID that the page of a person shows."""
    page = admin.get(f"/settings/users/{person}")
    assert "Confirm this object ID" in page.text
    return act(admin, person, "confirm-object-id", **hidden(page.text))


# ------------------------------------------------------------- administrators
def test_a_new_external_id_of_an_administrator_needs_confirmation(
    admin, scim, jane, enter
):
    promote(admin, jane)
    scim.give(jane, EVE)
    eve = enter(EVE, "eve@example.org")
    assert eve.answer.status_code == 403
    assert not eve.is_in()
    scim.give(jane, JANE)
    assert enter(JANE).answer.status_code == 403
    confirm(admin, jane)
    assert enter(JANE).get("/settings").status_code == 200
    assert not enter(EVE, "eve@example.org").is_in()


def test_a_new_external_id_does_not_relink_a_linked_administrator(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    promote(admin, jane)
    owner = enter(JANE)
    scim.give(jane, EVE)
    assert owner.get("/settings").status_code == 200
    assert not enter(EVE, "eve@example.org").is_in()
    assert enter(JANE).get("/settings").status_code == 200
    assert EVE in admin.get("/settings/conflicts").text
    act(admin, jane, "forget-microsoft")
    assert not enter(EVE, "eve@example.org").is_in()
    confirm(admin, jane)
    assert enter(EVE, "eve@example.org").get("/settings").status_code == 200
    assert not enter(JANE).is_in()


def test_forgetting_the_link_or_the_role_revokes_the_confirmation(
    admin, scim, jane, enter
):
    """SCIM cannot link a stolen Microsoft account again after it was forgotten."""
    assert enter(JANE).is_in()
    promote(admin, jane)
    assert enter(JANE).get("/settings").status_code == 200
    act(admin, jane, "forget-microsoft")
    scim.give(jane, EVE)
    scim.give(jane, JANE)
    assert not enter(JANE).is_in()
    confirm(admin, jane)
    act(admin, jane, "role", role="user")
    promote(admin, jane)
    assert not enter(JANE).is_in()


def test_nobody_is_promoted_while_their_object_id_is_in_conflict(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    scim.give(jane, EVE)
    page = f"/settings/users/{jane}"
    answer = admin.submit(f"{page}/role", page=page, role="administrator")
    assert answer.status_code == 409
    assert "not that of the linked Microsoft account" in answer.text


def test_an_object_id_linked_with_another_person_is_not_confirmed(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    promote(admin, jane)
    assert enter(JANE).is_in()
    assert scim.create("eve@example.org", EVE).status_code == 201
    assert enter(EVE).is_in()
    scim.give(jane, EVE)
    page = f"/settings/users/{jane}"
    shown = hidden(admin.get(page).text)
    answer = admin.post(f"{page}/confirm-object-id", data={**shown, "object_id": EVE})
    assert answer.status_code == 409
    assert "is linked with eve@example.org" in answer.text
    assert enter(JANE).get("/settings").status_code == 200


# ------------------------------------------------------------- shared object IDs
@pytest.mark.parametrize("spelling", [JANE, JANE.upper(), f"{{{JANE}}}", f" {JANE} "])
def test_scim_cannot_take_the_object_id_of_a_local_administrator(
    app, admin, people, scim, enter, at_microsoft, microsoft, rows, spelling
):
    people.local("boss", role="administrator")
    boss = signed_in(app, "boss")
    microsoft.claims = {"oid": JANE, "preferred_username": "boss@example.org"}
    to_confirmation(boss, at_microsoft)
    boss.submit(CONNECT)
    before = rows(select(USERS).where(USERS.c.user_name == "boss"))
    answer = scim.create("eve@example.org", spelling)
    assert (answer.status_code, answer.json["scimType"]) == (409, "uniqueness")
    other = scim.create("tim@example.org", EVE).json["id"]
    operation = {"op": "Replace", "path": "externalId", "value": spelling}
    assert scim.patch(f"Users/{other}", operation).status_code == 409
    assert boss.get("/settings").status_code == 200
    assert rows(select(USERS).where(USERS.c.user_name == "boss")) == before
    assert enter(JANE, "boss@example.org").get("/settings").status_code == 200


@pytest.mark.parametrize("spelling", [JANE, JANE.upper(), f"{{{JANE}}}", f" {JANE} "])
def test_a_second_user_with_the_same_object_id_locks_nobody_out(
    admin, scim, jane, enter, spelling
):
    owner = enter(JANE)
    assert owner.is_in()
    answer = scim.create("eve@example.org", spelling)
    assert (answer.status_code, answer.json["externalId"]) == (201, spelling)
    assert owner.is_in()
    again = enter(JANE)
    assert "jane@example.org" in again.get("/account").text
    assert "has the same object ID" in admin.get("/settings/conflicts").text


def test_an_object_id_shared_by_two_users_signs_nobody_in(
    admin, scim, jane, enter, rows
):
    other = scim.create("eve@example.org", JANE)
    assert other.status_code == 201
    listed = scim.client.get(f'/scim/v2/Users?filter=externalId eq "{JANE}"')
    assert listed.json["totalResults"] == 2
    assert enter(JANE).answer.status_code == 403
    assert rows(select(IDENTITIES)) == []
    assert "has the same object ID" in text_of(admin.get("/settings/conflicts"))
    scim.give(other.json["id"], "eve")
    assert "jane@example.org" in enter(JANE).get("/account").text
    assert "has the same object ID" not in text_of(admin.get("/settings/conflicts"))


# ------------------------------------------------------------- roles
def test_a_local_sign_in_removes_a_role_that_an_app_role_gave(
    app, admin, scim, jane, microsoft, sign_in, people, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", app_role="Admin")
    admin.post(f"{PAGE}/roles", data=hidden(asked.text))
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    people.give_password(person)
    microsoft.claims = {"roles": ["Admin"]}
    browser = app.test_client()
    sign_in(browser)
    assert browser.get("/settings").status_code == 200
    locally = signed_in(app, "jane@example.org")
    assert locally.get("/settings").status_code == 403
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    assert (person.role, person.role_source) == ("user", "assigned")
    promote(admin, jane)
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    assert (person.role, person.role_source) == ("administrator", "assigned")


def test_an_administrator_cannot_make_their_own_mapped_role_permanent(
    app, admin, scim, jane, microsoft, sign_in, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", app_role="Admin")
    admin.post(f"{PAGE}/roles", data=hidden(asked.text))
    microsoft.sends_auth_time = True
    microsoft.claims = {"roles": ["Admin"]}
    browser = app.test_client()
    sign_in(browser)
    page = f"/settings/users/{jane}"
    browser.submit(f"{page}/role", page=page, role="administrator")
    browser.submit(f"{PAGE}/roles/seen", page=f"{PAGE}/roles", user_id=jane)
    assert "New administrators from role mappings" in admin.get(f"{PAGE}/roles").text
    microsoft.claims = {"roles": []}
    again = app.test_client()
    sign_in(again)
    assert again.get("/settings").status_code == 403
    assert not browser.is_in()
    assert "New administrators from role mappings" in admin.get(f"{PAGE}/roles").text
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    assert (person.role, person.role_source) == ("user", "assigned")


def test_reauthentication_without_the_app_role_removes_the_role(
    app, admin, scim, jane, microsoft, sign_in, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", app_role="Admin")
    admin.post(f"{PAGE}/roles", data=hidden(asked.text))
    microsoft.sends_auth_time = True
    microsoft.claims = {"roles": ["Admin"]}
    browser = app.test_client()
    sign_in(browser)
    microsoft.claims = {"roles": []}
    sign_in(browser, "/sign-in/microsoft/confirm")
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    assert person.role == "user"
    assert browser.get("/settings").status_code != 200


# ------------------------------------------------------------- links
@pytest.mark.parametrize("new", ["jane", None])
def test_an_external_id_that_no_longer_matches_the_link_is_shown(
    admin, scim, jane, enter, new
):
    assert enter(JANE).is_in()
    if new is None:
        # The attribute is required, so it can only be replaced.
        scim.give(jane, "-")
    else:
        scim.give(jane, new)
    assert enter(JANE).is_in()
    page = text_of(admin.get("/settings/conflicts"))
    assert "is no longer the object ID" in page
    person = text_of(admin.get(f"/settings/users/{jane}"))
    assert "is no longer the object ID" in person
    assert f"Changed the externalId of jane@example.org from {JANE}" in person


# ------------------------------------------------------------- blocks
def test_a_block_survives_deleting_and_creating_the_user_again(
    admin, scim, jane, enter, rows
):
    assert enter(JANE).is_in()
    act(admin, jane, "block", blocked="on")
    scim.delete(jane)
    again = scim.create("jane@example.org", JANE)
    assert again.status_code == 201
    assert not enter(JANE).is_in()
    scim.delete(again.json["id"])
    other = scim.create("innocent@example.org", "innocent").json["id"]
    scim.give(other, JANE)
    assert not enter(JANE, "innocent@example.org").is_in()
    scim.delete(other)
    page = admin.get("/settings/users/deleted").text
    assert "Blocked" in page


@pytest.mark.parametrize("is_blocked", [True, False])
def test_a_sign_in_does_not_create_a_deleted_user_again(
    admin, scim, jane, enter, options, is_blocked
):
    options(create_people=True)
    if is_blocked:
        act(admin, jane, "block", blocked="on")
    scim.delete(jane)
    assert not enter(JANE, "jane@example.org").is_in()
    page = "/settings/users/deleted"
    if is_blocked:
        admin.submit(f"/settings/users/{jane}/lift-block", page=page)
        assert not enter(JANE, "jane@example.org").is_in()
    admin.submit(f"/settings/users/{jane}/allow-again", page=page)
    assert enter(JANE, "jane@example.org").is_in()


def test_a_block_covers_an_object_id_that_another_user_shares(admin, scim, jane, enter):
    """Otherwise the block would end once the other user alone has the object ID."""
    assert scim.create("eve@example.org", JANE).status_code == 201
    act(admin, jane, "block", blocked="on")
    scim.delete(jane)
    assert not enter(JANE).is_in()


def test_a_block_cannot_be_moved_to_another_user_and_lifted_there(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    innocent = scim.create("innocent@example.org", EVE).json["id"]
    act(admin, jane, "block", blocked="on")
    scim.delete(jane)
    scim.give(innocent, JANE)
    scim.give(innocent, EVE)
    act(admin, innocent, "block", blocked="off")
    assert scim.create("jane@example.org", JANE).status_code == 201
    assert not enter(JANE).is_in()
    assert "innocent@example.org" in enter(EVE).get("/account").text


def test_a_block_covers_a_forgotten_microsoft_account(
    admin, scim, jane, enter, options
):
    options(create_people=True)
    assert enter(JANE).is_in()
    scim.give(jane, "jane")
    act(admin, jane, "forget-microsoft")
    act(admin, jane, "block", blocked="on")
    assert not enter(JANE, "another@example.org").is_in()


def test_provisioning_cannot_add_object_ids_to_a_block(admin, people, scim, jane, rows):
    act(admin, jane, "block", blocked="on")
    before = rows(select(BLOCKS))
    for number in range(5):
        scim.give(jane, f"{number}0000000-1111-2222-3333-444444444444")
    assert rows(select(BLOCKS)) == before


def test_a_block_cannot_be_extended_to_another_user(admin, scim, jane, enter):
    """Provisioning gives the object ID of another user to a blocked user."""
    assert scim.create("victim@example.org", EVE).status_code == 201
    act(admin, jane, "block", blocked="on")
    scim.give(jane, EVE)
    scim.give(jane, JANE)
    assert "victim@example.org" in enter(EVE).get("/account").text


# ------------------------------------------------------------- refused disables
def test_a_refused_disable_is_shown_until_it_succeeds_or_is_dismissed(
    admin, scim, jane
):
    disable = {"op": "Replace", "path": "active", "value": "False"}
    wrong = {"op": "Replace", "path": "userName", "value": "ada"}
    assert scim.patch(f"Users/{jane}", disable, wrong).status_code == 409
    page = admin.get("/settings/conflicts?kind=disable").text
    assert "tried to disable jane@example.org" in page
    (conflict,) = re.findall(r'"(/settings/conflicts/[0-9a-f-]{36})"', page)
    assert admin.submit(f"{conflict}/dismiss", page=conflict).status_code == 303
    assert "tried to disable" not in admin.get("/settings/conflicts").text
    assert scim.patch(f"Users/{jane}", disable, wrong).status_code == 409
    assert "tried to disable jane@example.org" in admin.get("/settings/conflicts").text
    assert scim.patch(f"Users/{jane}", disable).status_code == 200
    assert "tried to disable" not in admin.get("/settings/conflicts").text
