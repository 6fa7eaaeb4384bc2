"""What the holder of a SCIM token, or a directory user, does to be somebody else."""

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
def app(make_app, microsoft):
    # People of the tests have what Microsoft Entra ID sends and no more.
    return make_app(entra_authority=microsoft.authority)


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
    """Signs in with Microsoft as whoever has an object ID; returns the browser."""

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


# ------------------------------------------------------------- A1
def test_a_new_external_id_does_not_make_somebody_an_administrator(
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


def test_a_new_external_id_moves_no_administrator_who_is_linked(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    promote(admin, jane)
    owner = enter(JANE)
    scim.give(jane, EVE)
    assert owner.get("/settings").status_code == 200
    assert not enter(EVE, "eve@example.org").is_in()
    assert enter(JANE).get("/settings").status_code == 200
    assert EVE in admin.get(PAGE).text
    act(admin, jane, "forget-microsoft")
    assert not enter(EVE, "eve@example.org").is_in()
    confirm(admin, jane)
    assert enter(EVE, "eve@example.org").get("/settings").status_code == 200
    assert not enter(JANE).is_in()


def test_a_word_that_was_given_once_is_taken_back_with_the_link(
    admin, scim, jane, enter
):
    """A stolen Microsoft account was forgotten; SCIM names it once more."""
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


def test_nobody_becomes_administrator_while_it_is_open_who_they_are(
    admin, scim, jane, enter
):
    assert enter(JANE).is_in()
    scim.give(jane, EVE)
    page = f"/settings/users/{jane}"
    answer = admin.submit(f"{page}/role", page=page, role="administrator")
    assert answer.status_code == 409
    assert "not that of the linked Microsoft account" in answer.text


def test_an_object_id_that_signs_in_as_another_is_not_confirmed(
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


# ------------------------------------------------------------- A4, A12
@pytest.mark.parametrize("spelling", [JANE, JANE.upper(), f"{{{JANE}}}", f" {JANE} "])
def test_the_object_id_of_a_local_administrator_is_not_to_be_had(
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
def test_the_same_object_id_in_any_spelling_locks_nobody_out(
    admin, scim, jane, enter, spelling
):
    owner = enter(JANE)
    assert owner.is_in()
    answer = scim.create("eve@example.org", spelling)
    assert (answer.status_code, answer.json["externalId"]) == (201, spelling)
    assert owner.is_in()
    again = enter(JANE)
    assert "jane@example.org" in again.get("/account").text
    assert "has the same object ID" in admin.get(PAGE).text


# ------------------------------------------------------------- B1
def test_an_object_id_of_two_people_lets_nobody_in_until_one_has_it_alone(
    admin, scim, jane, enter, rows
):
    other = scim.create("eve@example.org", JANE)
    assert other.status_code == 201
    listed = scim.client.get(f'/scim/v2/Users?filter=externalId eq "{JANE}"')
    assert listed.json["totalResults"] == 2
    assert enter(JANE).answer.status_code == 403
    assert rows(select(IDENTITIES)) == []
    assert "Mismatch" in text_of(admin.get(PAGE))
    scim.give(other.json["id"], "eve")
    assert "jane@example.org" in enter(JANE).get("/account").text
    assert "Mismatch" not in text_of(admin.get(PAGE))


# ------------------------------------------------------------- A5
def test_a_role_by_app_role_is_not_kept_by_signing_in_with_the_password(
    app, admin, scim, jane, microsoft, sign_in, people, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=PAGE, app_role="Admin")
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


def test_who_is_administrator_by_a_mapping_does_not_make_that_permanent(
    app, admin, scim, jane, microsoft, sign_in, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=PAGE, app_role="Admin")
    admin.post(f"{PAGE}/roles", data=hidden(asked.text))
    microsoft.sends_auth_time = True
    microsoft.claims = {"roles": ["Admin"]}
    browser = app.test_client()
    sign_in(browser)
    page = f"/settings/users/{jane}"
    browser.submit(f"{page}/role", page=page, role="administrator")
    browser.submit(f"{PAGE}/roles/seen", page=PAGE, user_id=jane)
    assert "New administrators from role mappings" in admin.get(PAGE).text
    microsoft.claims = {"roles": []}
    again = app.test_client()
    sign_in(again)
    assert again.get("/settings").status_code == 403
    assert not browser.is_in()
    assert "New administrators from role mappings" in admin.get(PAGE).text
    (person,) = rows(select(USERS).where(USERS.c.id == jane))
    assert (person.role, person.role_source) == ("user", "assigned")


def test_a_confirmation_that_lacks_the_app_role_takes_the_role_back(
    app, admin, scim, jane, microsoft, sign_in, rows
):
    asked = admin.submit(f"{PAGE}/roles", page=PAGE, app_role="Admin")
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


# ------------------------------------------------------------- A6
@pytest.mark.parametrize("new", ["jane", None])
def test_an_external_id_that_leaves_the_link_behind_is_said(
    admin, scim, jane, enter, new
):
    assert enter(JANE).is_in()
    if new is None:
        # Whoever is active needs one: the attribute goes with another value.
        scim.give(jane, "-")
    else:
        scim.give(jane, new)
    assert enter(JANE).is_in()
    page = text_of(admin.get(PAGE))
    assert "1 person has an externalId that does not match" in page
    person = text_of(admin.get(f"/settings/users/{jane}"))
    assert "is no longer the object ID" in person
    assert f"Changed the externalId of jane@example.org from {JANE}" in person


# ------------------------------------------------------------- A11
def test_a_block_is_not_shed_by_deleting_and_creating(admin, scim, jane, enter, rows):
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
def test_whom_scim_deleted_no_sign_in_makes_again(
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


def test_a_shared_object_id_is_part_of_a_block(admin, scim, jane, enter):
    """Else the block would not hold once the other one has the object ID alone."""
    other = scim.create("eve@example.org", JANE).json["id"]
    act(admin, jane, "block", blocked="on")
    scim.delete(jane)
    assert not enter(JANE).is_in()
    assert other


def test_a_block_does_not_move_to_somebody_else_to_be_lifted_there(
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


def test_a_forgotten_microsoft_account_is_part_of_a_block(
    admin, scim, jane, enter, options
):
    options(create_people=True)
    assert enter(JANE).is_in()
    scim.give(jane, "jane")
    act(admin, jane, "forget-microsoft")
    act(admin, jane, "block", blocked="on")
    assert not enter(JANE, "another@example.org").is_in()


def test_provisioning_adds_nothing_to_a_block(admin, people, scim, jane, rows):
    act(admin, jane, "block", blocked="on")
    before = rows(select(BLOCKS))
    for number in range(5):
        scim.give(jane, f"{number}0000000-1111-2222-3333-444444444444")
    assert rows(select(BLOCKS)) == before


def test_a_block_of_somebody_else_keeps_nobody_out(admin, scim, jane, enter):
    """The object ID of another is given to whoever is blocked, to block that one."""
    victim = scim.create("victim@example.org", EVE).json["id"]
    act(admin, jane, "block", blocked="on")
    scim.give(jane, EVE)
    scim.give(jane, JANE)
    assert "victim@example.org" in enter(EVE).get("/account").text
    assert victim


# ------------------------------------------------------------- A3
def test_a_disable_that_is_refused_is_said_until_it_is_done_or_put_away(
    admin, scim, jane
):
    disable = {"op": "Replace", "path": "active", "value": "False"}
    wrong = {"op": "Replace", "path": "userName", "value": "ada"}
    assert scim.patch(f"Users/{jane}", disable, wrong).status_code == 409
    page = admin.get(PAGE).text
    assert "tried to disable jane@example.org" in page
    dismiss, *_ = re.findall(rf'action="({PAGE}/conflicts/[^"]+/dismiss)"', page)
    assert admin.submit(dismiss, page=PAGE).status_code == 303
    assert "tried to disable" not in admin.get(PAGE).text
    assert scim.patch(f"Users/{jane}", disable, wrong).status_code == 409
    assert "tried to disable jane@example.org" in admin.get(PAGE).text
    assert scim.patch(f"Users/{jane}", disable).status_code == 200
    assert "tried to disable" not in admin.get(PAGE).text
