"""Sign in with Microsoft by people whom SCIM provisions."""

import pytest
from connecting import CONNECT, to_confirmation
from sqlalchemy import select, update
from tenant import JANE, OTHER

from netpresenter_next.directory import role_mappings, scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage.models import USERS
from visitors import signed_in


@pytest.fixture
def scim(app, domain):
    secret = domain(scim_tokens.issue, COMMAND_LINE, "test", "n" * 20)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def patch(scim, path, **values):
    operations = [
        {"op": "Replace", "path": name, "value": value}
        for name, value in values.items()
    ]
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }
    answer = scim.patch(path, json=body)
    assert answer.status_code == 200, answer.text


def test_provisioning_disables_restores_and_renames_a_microsoft_user(
    app, scim, configured, sign_in, at_microsoft
):
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jane@example.org",
        "externalId": JANE,
        "active": True,
        "emails": [{"type": "work", "value": "jane@example.org"}],
    }
    made = scim.post("/scim/v2/Users", json=document)
    assert made.status_code == 201, made.text
    path = f"/scim/v2/Users/{made.json['id']}"
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    old = browser.cookie.value
    patch(scim, path, active="False")
    assert not browser.is_in()
    assert "disabled" in sign_in(browser).text
    patch(scim, path, active="True")
    thief = app.test_client()
    thief.set_cookie("npn_session", old)
    assert not thief.is_in()
    assert sign_in(browser).status_code == 303
    patch(scim, path, userName="janet@example.org")
    assert browser.is_in()
    again = app.test_client()
    assert sign_in(again).status_code == 303
    assert "janet@example.org" in again.get("/account").text


def test_adding_a_member_to_a_mapped_group_over_scim_promotes_them(
    app, scim, configured, jane, people, domain, sign_in
):
    group = people.group("Helpdesk")
    domain(role_mappings.add, COMMAND_LINE, group=group.display_name)
    patch(scim, f"/scim/v2/Groups/{group.id}", members=[{"value": jane.id}])
    browser = app.test_client()
    sign_in(browser)
    assert browser.get("/settings").status_code == 200


def test_scim_never_reaches_an_emergency_account(scim, people):
    path = f"/scim/v2/Users/{people.ada.id}"
    operations = [{"op": "Replace", "path": "active", "value": False}]
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }
    for answer in (scim.get(path), scim.delete(path), scim.patch(path, json=body)):
        assert answer.status_code == 404
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ADA",
        "externalId": JANE,
        "emails": [{"type": "work", "value": "ada@example.org"}],
    }
    assert scim.post("/scim/v2/Users", json=document).status_code == 409


def test_scim_disables_a_user_created_at_the_first_sign_in(
    app, scim, configured, options, sign_in, rows
):
    options(create_people=True)
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    (user_id,) = rows(select(USERS.c.id).where(USERS.c.object_id == JANE))[0]
    patch(scim, f"/scim/v2/Users/{user_id}", active="False")
    assert not browser.is_in()


def test_provisioning_claims_a_user_connected_with_the_same_user_name(
    app, scim, people, configured, at_microsoft, sign_in, rows
):
    local = people.local("jane@example.org")
    jane = signed_in(app, "jane@example.org")
    filtered = '/scim/v2/Users?filter=userName eq "jane@example.org"'
    assert scim.get(filtered).json["totalResults"] == 0
    to_confirmation(jane, at_microsoft)
    assert "can manage this account" in jane.get(CONNECT).text
    jane.submit(CONNECT)
    (found,) = scim.get(filtered).json["Resources"]
    assert found["id"] == local.id
    patch(scim, f"/scim/v2/Users/{local.id}", **{
        "externalId": JANE,
        'emails[type eq "work"].value': "jane@example.org",
    })  # fmt: skip
    assert jane.is_in()
    assert signed_in(app, "jane@example.org")  # the password is kept
    assert sign_in(app.test_client()).status_code == 303
    answer = jane.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 409


def test_a_user_connected_under_another_user_name_is_not_claimable(
    scim, grace, people, at_microsoft, rows
):
    """Otherwise provisioning would find another person's account by that name."""
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    filtered = '/scim/v2/Users?filter=userName eq "grace"'
    assert scim.get(filtered).json["totalResults"] == 0


def test_another_object_id_for_a_claimable_user_is_refused(
    app, scim, people, configured, at_microsoft, rows
):
    local = people.local("jane@example.org")
    jane = signed_in(app, "jane@example.org")
    to_confirmation(jane, at_microsoft)
    jane.submit(CONNECT)
    operations = [
        {"op": "Replace", "path": "externalId", "value": OTHER},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "j@example.org"},
    ]
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    }
    answer = scim.patch(f"/scim/v2/Users/{local.id}", json=body)
    assert answer.status_code == 409
    assert "another Microsoft account" in answer.json["detail"]
    operations[0]["value"] = JANE
    assert scim.patch(f"/scim/v2/Users/{local.id}", json=body).status_code == 200


def test_an_administrator_who_connects_stays_invisible_to_scim(
    app, scim, people, configured, at_microsoft, domain
):
    boss = people.local("boss")
    promote = update(USERS).where(USERS.c.id == boss.id).values(role="administrator")
    domain(lambda each: each.execute(promote))
    browser = signed_in(app, "boss")
    to_confirmation(browser, at_microsoft)
    assert browser.submit(CONNECT).status_code == 303
    assert scim.get(f"/scim/v2/Users/{boss.id}").status_code == 404


def test_scim_cannot_change_a_user_connected_under_another_user_name(
    app, scim, grace, at_microsoft, sign_in, rows
):
    """Nothing changes for them, however their object ID is spelled."""
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jane@example.org",
        "emails": [{"type": "work", "value": "jane@example.org"}],
    }
    for object_id in (JANE, JANE.upper(), f" {{{JANE}}} "):
        answer = scim.post("/scim/v2/Users", json={**document, "externalId": object_id})
        assert (answer.status_code, answer.json["scimType"]) == (409, "uniqueness")
        assert "local account" in answer.json["detail"]
    assert grace.is_in()
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    assert "grace" in browser.get("/account").text
    page = signed_in(app, "ada").get("/settings/conflicts").text
    assert "the local account grace is connected with that Microsoft account" in page
