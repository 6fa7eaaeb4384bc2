"""The account page: connecting, sessions; signing out at either side; provisioning."""

import html
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update
from tenant import JANE, OTHER

from helpers import PASSWORD
from netpresenter_next import entra, roles, tokens
from netpresenter_next.journal import COMMAND_LINE
from netpresenter_next.models import MEMBERSHIPS, SESSIONS, USERS, now
from netpresenter_next.sign_in_models import IDENTITIES
from visitors import hidden, signed_in

FRONT_CHANNEL = "/sign-in/microsoft/front-channel-logout"
CONNECT = "/account/microsoft/connect"


@pytest.fixture
def grace(app, people, configured):
    people.local("grace")
    return signed_in(app, "grace")


def to_confirmation(client, at_microsoft):
    page = client.submit("/account/microsoft", page="/account")
    assert "Continue to Microsoft" in page.text
    return client.get(at_microsoft(client, "/account/microsoft/start"))


# ------------------------------------------------------------------ connecting
def test_a_local_person_connects_and_signs_in_with_either(
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


def test_connecting_by_get_alone_does_nothing(grace, rows):
    assert grace.get("/account/microsoft/start").status_code == 403
    assert grace.get("/account/microsoft").status_code == 405
    assert grace.get(CONNECT).location == "/account"
    assert rows(select(IDENTITIES)) == []


@pytest.mark.parametrize("path", ["/account/microsoft", CONNECT])
def test_connecting_without_the_token_of_the_form_is_refused(grace, rows, path):
    assert grace.post(path).status_code == 403
    assert rows(select(IDENTITIES)) == []


def test_connecting_wants_a_recent_proof(grace, domain):
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    answer = grace.submit("/account/microsoft", page="/account")
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text
    proof = {**hidden(answer.text), "password_again": PASSWORD}
    assert "Continue to Microsoft" in grace.post("/account/microsoft", data=proof).text


def test_an_attackers_microsoft_session_connects_nothing_by_itself(
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
        session.update(kept)  # as if the browser had kept it
    assert linus.get(back).status_code == 403
    assert linus.get(CONNECT).location == "/account"
    assert rows(select(IDENTITIES)) == []


def test_an_account_of_somebody_else_is_not_connected(grace, jane, at_microsoft, rows):
    to_confirmation(grace, at_microsoft)
    answer = grace.submit(CONNECT)
    assert answer.status_code == 409
    assert "belongs to another person" in answer.text
    assert rows(select(IDENTITIES)) == []


def test_emergency_access_cannot_be_connected(app, configured, at_microsoft, rows):
    ada = signed_in(app, "ada")
    assert "Connect Microsoft" not in ada.get("/account").text
    to_confirmation(ada, at_microsoft)
    assert ada.submit(CONNECT).status_code == 409
    assert rows(select(IDENTITIES)) == []


def test_connecting_to_another_directory_than_the_present_one_is_refused(
    grace, at_microsoft, options, rows
):
    to_confirmation(grace, at_microsoft)
    form = hidden(grace.get(CONNECT).text)
    options(tenant_id=OTHER)
    answer = grace.post(CONNECT, data=form)
    assert answer.status_code == 409
    assert "directory has changed" in answer.text
    assert rows(select(IDENTITIES)) == []


def test_whom_connecting_makes_an_administrator_stays_signed_in(
    grace, at_microsoft, microsoft, domain
):
    domain(roles.add, COMMAND_LINE, app_role="Admin")
    microsoft.claims = {"roles": ["Admin"]}
    to_confirmation(grace, at_microsoft)
    assert grace.submit(CONNECT).status_code == 303
    assert grace.get("/settings").status_code == 200


def test_who_connects_while_force_is_on_stays_signed_in(grace, at_microsoft, domain):
    domain(entra.force_on, COMMAND_LINE)
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


def test_disconnecting_takes_back_what_was_handed_over(
    app, people, configured, at_microsoft, domain, rows
):
    """Also the groups, and what a mapping makes of them."""
    local = people.local("jane@example.org")
    jane = signed_in(app, "jane@example.org")
    to_confirmation(jane, at_microsoft)
    jane.submit(CONNECT)
    group = people.group("Helpdesk", local)
    domain(roles.add, COMMAND_LINE, group=group.display_name)
    jane = signed_in(app, "jane@example.org")
    jane.submit("/account/microsoft/disconnect", page="/account")
    (person,) = rows(select(USERS).where(USERS.c.id == local.id))
    assert (person.is_provisioned, person.is_handed_over) == (False, False)
    assert person.role == "user"
    assert rows(select(MEMBERSHIPS)) == []


def test_nobody_disconnects_while_force_is_on(app, grace, at_microsoft, domain, rows):
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    domain(entra.force_on, COMMAND_LINE)
    answer = grace.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 409
    assert len(rows(select(IDENTITIES))) == 1


def test_many_app_roles_fit_the_cookie(grace, at_microsoft, microsoft, domain, rows):
    domain(roles.add, COMMAND_LINE, app_role="Role 7")
    microsoft.claims = {"roles": [f"Role {number}" for number in range(150)]}
    to_confirmation(grace, at_microsoft)
    assert len(grace.cookie.value) < 1536
    grace.submit(CONNECT)
    assert rows(select(IDENTITIES.c.app_roles)) == [(["Role 7"],)]


def test_who_has_no_password_cannot_disconnect(browser, sign_in, rows):
    sign_in(browser)
    answer = browser.submit("/account/microsoft/disconnect", page="/account")
    assert answer.status_code == 409
    assert len(rows(select(IDENTITIES))) == 1


# ------------------------------------------------------------------ is it still you
@pytest.fixture
def late(browser, sign_in, domain):
    """Signed in with Microsoft, eleven minutes ago."""
    sign_in(browser)
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    return browser


def test_a_person_of_microsoft_proves_it_there(late, sign_in, microsoft):
    asked = late.get("/account/confirm?next=/people")
    assert asked.status_code == 403
    there = "/sign-in/microsoft/confirm?next=/account/confirm?next%3D/people"
    assert f'href="{there}"' in asked.text
    assert "password_again" not in asked.text
    back = sign_in(late, there).location
    assert late.get(back).location == "/people"
    (asked,) = (each for each in microsoft.asked("authorize") if "prompt=login" in each)
    assert "login_hint=opaque-hint" in asked


def test_a_form_waits_while_microsoft_confirms_in_another_tab(late, sign_in):
    asked = late.submit("/account/microsoft/disconnect", page="/account")
    assert asked.status_code == 403
    there = "/sign-in/microsoft/confirm?next=/account/confirm"
    assert f'href="{there}" target="_blank"' in asked.text
    back = sign_in(late, there).location
    assert "Close this tab" in late.get(back).text
    answer = late.post("/account/microsoft/disconnect", data=hidden(asked.text))
    assert answer.status_code == 409  # no password: but asked for no proof again


def test_a_proof_of_another_person_is_none(browser, sign_in, microsoft):
    sign_in(browser)
    microsoft.claims = {"oid": JANE.replace("a", "b")}
    assert sign_in(browser, "/sign-in/microsoft/confirm").status_code == 403


def test_a_proof_for_which_microsoft_did_not_ask_is_none(browser, sign_in, microsoft):
    sign_in(browser)
    microsoft.claims = {"auth_time": 1}
    assert sign_in(browser, "/sign-in/microsoft/confirm").status_code == 403


def test_a_sign_in_that_microsoft_did_not_ask_for_is_no_recent_proof(
    browser, sign_in, microsoft
):
    microsoft.claims = {"auth_time": int(time.time()) - 18_000}
    assert sign_in(browser).status_code == 303
    answer = browser.submit("/account/microsoft", page="/account")
    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text


# ------------------------------------------------------------------ sessions
def test_sessions_that_are_over_are_not_listed(app, people, domain):
    people.local("linus")
    old, here = (signed_in(app, "linus") for _ in range(2))
    long_ago = now() - timedelta(days=8)
    first = SESSIONS.c.created_at == (
        select(func.min(SESSIONS.c.created_at)).scalar_subquery()
    )
    change = update(SESSIONS).where(first)
    domain(lambda each: each.execute(change.values(created_at=long_ago)))
    assert not old.is_in()
    page = here.get("/account").text
    assert page.count("a local password</td>") == 1


def test_sessions_are_listed_and_ended(app, people):
    people.local("linus")
    here, there, third = (signed_in(app, "linus") for _ in range(3))
    page = html.unescape(here.get("/account").text)
    assert "This browser" in page
    assert "127.0.0.1" in page
    one, _two = re.findall(r'name="session" value="([0-9a-f]{64})"', page)
    here.submit("/account/sessions/end", page="/account", session=one)
    assert [each.is_in() for each in (here, there, third)].count(True) == 2
    here.submit("/account/sessions/end", page="/account", session="others")
    assert [each.is_in() for each in (here, there, third)] == [True, False, False]


@pytest.mark.parametrize("chosen", ["", "x", "00" * 32])
def test_a_session_of_somebody_else_is_not_ended(app, people, rows, chosen):
    people.local("linus")
    linus, ada = signed_in(app, "linus"), signed_in(app, "ada")
    (digest,) = rows(
        select(SESSIONS.c.digest).where(SESSIONS.c.user_id == people.ada.id)
    )[0]
    for each in (chosen, digest.hex()):
        linus.submit("/account/sessions/end", page="/account", session=each)
    assert ada.is_in()


# ------------------------------------------------------------------ signing out
def test_signing_out_here_offers_to_sign_out_there(browser, sign_in):
    sign_in(browser)
    browser.submit("/sign-out", page="/account")
    assert not browser.is_in()
    assert "Sign out of Microsoft too" in browser.get("/sign-in").text
    url = urlsplit(browser.get("/sign-in/microsoft/sign-out").location)
    assert url.path.endswith("/oauth2/v2.0/logout")
    assert parse_qs(url.query) == {
        "post_logout_redirect_uri": ["http://localhost/sign-in"],
        "logout_hint": ["opaque-hint"],
    }
    assert browser.get("/sign-in/microsoft/sign-out").location == "/sign-in"


def test_signing_out_at_microsoft_ends_that_session_alone(
    app, browser, sign_in, microsoft, people
):
    sign_in(browser)
    microsoft.claims = {"sid": "session-at-microsoft-2"}
    other, local = app.test_client(), signed_in(app, "ada")
    sign_in(other)
    stranger = app.test_client()  # a frame of another site, without cookies
    answer = stranger.get(f"{FRONT_CHANNEL}?sid=session-at-microsoft-1")
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [each.is_in() for each in (browser, other, local)] == [False, True, True]


@pytest.mark.parametrize(
    "query",
    ["", "?sid=", "?sid=x", "?sid=session-at-microsoft-9", "?sid=" + "%00" * 9,
     "?sid=session-at-microsoft-1&iss=https://evil.example", "?sid=" + "x" * 5000],
)  # fmt: skip
def test_a_bogus_front_channel_request_has_no_effect(app, browser, sign_in, query):
    sign_in(browser)
    answer = app.test_client().get(FRONT_CHANNEL + query)
    assert answer.status_code == 200
    assert browser.is_in()


# ------------------------------------------------------------------ with provisioning
@pytest.fixture
def scim(app, domain):
    secret = domain(tokens.issue, COMMAND_LINE, "test", "n" * 20)
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


def test_provisioned_signed_in_disabled_restored_renamed(
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


def test_a_group_that_is_mapped_makes_an_administrator_over_scim(
    app, scim, configured, jane, people, domain, sign_in
):
    group = people.group("Helpdesk")
    domain(roles.add, COMMAND_LINE, group=group.display_name)
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


def test_scim_disables_who_was_created_at_the_first_sign_in(
    app, scim, configured, options, sign_in, rows
):
    options(create_people=True)
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    (user_id,) = rows(select(USERS.c.id).where(USERS.c.object_id == JANE))[0]
    patch(scim, f"/scim/v2/Users/{user_id}", active="False")
    assert not browser.is_in()


def test_provisioning_takes_over_who_connected_with_the_same_user_name(
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


def test_who_has_another_user_name_there_is_not_handed_over(
    scim, grace, people, at_microsoft, rows
):
    """Else provisioning would find, by that name, an account that is not theirs."""
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    filtered = '/scim/v2/Users?filter=userName eq "grace"'
    assert scim.get(filtered).json["totalResults"] == 0


def test_another_object_id_for_who_was_handed_over_is_refused(
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


def test_provisioning_has_the_last_word_about_a_connected_account(
    app, scim, grace, at_microsoft, sign_in, rows
):
    to_confirmation(grace, at_microsoft)
    grace.submit(CONNECT)
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jane@example.org",
        "externalId": JANE.upper(),
        "emails": [{"type": "work", "value": "jane@example.org"}],
    }
    assert scim.post("/scim/v2/Users", json=document).status_code == 201
    assert not grace.is_in()
    answer = sign_in(app.test_client())
    assert answer.status_code == 403
    assert "needs an administrator" in answer.text
    page = signed_in(app, "ada").get("/settings/system/microsoft-entra-id").text
    assert "which provisioning gives to jane@example.org" in page
