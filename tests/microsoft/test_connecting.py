"""Connecting and disconnecting a Microsoft account on the account page."""

import re
from datetime import timedelta

import pytest
from connecting import CONNECT, to_confirmation
from sqlalchemy import select, update
from tenant import OTHER

from factories import ENTRA
from helpers import PASSWORD
from netpresenter_next.directory import force_switch, groups, role_mappings
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import hidden, signed_in


def test_a_local_user_who_connects_can_sign_in_either_way(
    app, grace, at_microsoft, sign_in, rows
):
    answer = to_confirmation(grace, at_microsoft)
    assert (answer.status_code, answer.location) == (303, CONNECT)
    assert "jane@example.org" in grace.get(CONNECT).text
    assert rows(select(IDENTITIES)) == []
    assert grace.submit(CONNECT).status_code == 303
    assert "Your account is connected" in grace.get("/account").text
    other = app.test_client()
    assert sign_in(other).status_code == 303
    assert "grace" in other.get("/").text
    assert signed_in(app, "grace")


def test_a_get_request_connects_nothing(grace, rows):
    assert grace.get("/account/microsoft/start").status_code == 403
    assert grace.get("/account/microsoft").status_code == 405
    assert grace.get(CONNECT).location == "/account"
    assert rows(select(IDENTITIES)) == []


@pytest.mark.parametrize("path", ["/account/microsoft", CONNECT])
def test_connecting_without_a_csrf_token_is_refused(grace, rows, path):
    assert grace.post(path).status_code == 403
    assert rows(select(IDENTITIES)) == []


def test_connecting_requires_recent_authentication(grace, domain):
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    answer = grace.submit("/account/microsoft", page="/account")
    assert answer.status_code == 403
    assert "Confirm your identity" in answer.text
    proof = {**hidden(answer.text), "password_again": PASSWORD}
    assert "Continue to Microsoft" in grace.post("/account/microsoft", data=proof).text


def test_returning_from_microsoft_connects_nothing_without_confirmation(
    grace, at_microsoft, rows
):
    to_confirmation(grace, at_microsoft)
    grace.get("/")
    assert rows(select(IDENTITIES)) == []


def test_a_callback_after_somebody_else_signed_in_connects_nothing(
    app, grace, people, at_microsoft, rows
):
    people.local("linus")
    grace.submit("/account/microsoft", page="/account")
    back = at_microsoft(grace, "/account/microsoft/start")
    with grace.session_transaction() as session:
        kept = {key: each for key, each in session.items() if key.startswith("_state")}
    linus = signed_in(app, "linus")
    with linus.session_transaction() as session:
        session.update(kept)  # as if the browser had kept the attempt
    assert linus.get(back).status_code == 403
    assert linus.get(CONNECT).location == "/account"
    assert "Press Connect Microsoft again" in linus.get("/account").text
    assert rows(select(IDENTITIES)) == []


def test_a_microsoft_account_of_another_user_is_not_connected(
    grace, jane, at_microsoft, rows
):
    to_confirmation(grace, at_microsoft)
    answer = grace.submit(CONNECT)
    assert answer.status_code == 409
    assert "belongs to another person" in answer.text
    assert "Change my password" in answer.text  # it is the account page
    assert rows(select(IDENTITIES)) == []


def test_an_account_with_emergency_access_cannot_be_connected(
    app, configured, at_microsoft, rows
):
    ada = signed_in(app, "ada")
    assert "Connect Microsoft" not in ada.get("/account").text
    to_confirmation(ada, at_microsoft)
    answer = ada.submit(CONNECT)
    assert answer.status_code == 409
    assert re.search('role="alert"[^>]*>[^<]*emergency access', answer.text)
    assert rows(select(IDENTITIES)) == []


def test_connecting_is_refused_when_the_directory_was_changed_meanwhile(
    grace, at_microsoft, options, rows
):
    to_confirmation(grace, at_microsoft)
    form = hidden(grace.get(CONNECT).text)
    options(tenant_id=OTHER)
    answer = grace.post(CONNECT, data=form)
    assert answer.status_code == 409
    assert "directory was changed" in answer.text
    assert rows(select(IDENTITIES)) == []


def test_a_user_who_becomes_administrator_by_connecting_stays_signed_in(
    grace, at_microsoft, microsoft, domain
):
    domain(role_mappings.add, COMMAND_LINE, app_role="Admin")
    microsoft.claims = {"roles": ["Admin"]}
    to_confirmation(grace, at_microsoft)
    assert grace.submit(CONNECT).status_code == 303
    assert grace.get("/settings").status_code == 200


def test_a_user_who_connects_while_force_is_on_stays_signed_in(
    grace, at_microsoft, domain, installation
):
    domain(force_switch.switch_on, installation, COMMAND_LINE)
    to_confirmation(grace, at_microsoft)
    assert grace.submit(CONNECT).status_code == 303
    assert grace.is_in()
    assert grace.application.test_client().sign_in("grace").status_code == 401


def test_disconnecting_keeps_the_password(app, grace, at_microsoft, rows):
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    answer = grace.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 303
    assert grace.is_in()
    assert rows(select(IDENTITIES)) == []
    assert signed_in(app, "grace")


def test_disconnecting_makes_a_claimable_account_local_again(
    app, people, configured, at_microsoft, domain, rows
):
    local = people.local("jane@example.org")
    jane = signed_in(app, "jane@example.org")
    to_confirmation(jane, at_microsoft)
    jane.submit(CONNECT)
    jane.submit("/account/microsoft/disconnect", page="/account")
    (person,) = rows(select(USERS).where(USERS.c.id == local.id))
    assert person.source == "local"


def test_provisioning_claims_a_connected_user_who_is_added_to_a_group(
    app, people, configured, at_microsoft, domain, rows
):
    """Otherwise a mapped group could promote a user whom SCIM no longer sees."""
    local = people.local("jane@example.org")
    jane = signed_in(app, "jane@example.org")
    to_confirmation(jane, at_microsoft)
    jane.submit(CONNECT)
    group = people.group("Helpdesk")
    domain(role_mappings.add, COMMAND_LINE, group=group.display_name)
    domain(groups.add_members, group, [local.id], ENTRA)
    (person,) = rows(select(USERS).where(USERS.c.id == local.id))
    assert person.source == "provisioned"
    assert (person.role, person.role_source) == ("administrator", "mapped")
    domain(groups.delete_group, group, ENTRA)
    (person,) = rows(select(USERS).where(USERS.c.id == local.id))
    assert (person.role, person.role_source) == ("user", "assigned")


def test_nobody_disconnects_while_force_is_on(
    app, grace, at_microsoft, domain, rows, installation
):
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    domain(force_switch.switch_on, installation, COMMAND_LINE)
    answer = grace.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 409
    assert "without Microsoft, you could no longer sign in" in answer.text
    assert "Where I am signed in" in answer.text  # it is the account page
    assert len(rows(select(IDENTITIES))) == 1


def test_the_cookie_stays_small_with_many_app_roles(
    grace, at_microsoft, microsoft, domain, rows
):
    domain(role_mappings.add, COMMAND_LINE, app_role="Role 7")
    microsoft.claims = {"roles": [f"Role {number}" for number in range(150)]}
    to_confirmation(grace, at_microsoft)
    assert len(grace.cookie.value) < 1536
    grace.submit(CONNECT)
    assert rows(select(IDENTITIES.c.app_roles)) == [(["Role 7"],)]


def test_a_user_without_a_password_cannot_disconnect(browser, sign_in, microsoft, rows):
    microsoft.sends_auth_time = True
    sign_in(browser)
    answer = browser.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 409
    assert len(rows(select(IDENTITIES))) == 1
