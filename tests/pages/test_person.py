"""The page of a person, where administrators set role, emergency access and block."""

import html
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import attribute_words
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, USERS
from visitors import signed_in


def page_of(person):
    return f"/settings/users/{person.id}"


def press(browser, person, path, **fields):
    return browser.submit(f"{page_of(person)}/{path}", page=page_of(person), **fields)


@pytest.fixture
def linus_of(people):
    return people.local("linus")


@pytest.fixture
def state(rows, linus_of):
    def read(name):
        return rows(select(USERS.c[name]).where(USERS.c.id == linus_of.id))[0][0]

    return read


def test_changing_a_role_ends_sessions(app, administrator, linus_of, state, rows):
    browser = signed_in(app, "linus")
    answer = press(administrator, linus_of, "role", role="administrator")
    assert answer.location == page_of(linus_of)
    assert "linus is now an administrator" in administrator.get(answer.location).text
    assert state("role") == "administrator"
    assert not browser.is_in()
    assert press(administrator, linus_of, "role", role="user").status_code == 303
    assert state("role") == "user"
    changed = [
        each for each in rows(select(JOURNAL)) if each.event == Event.ROLE_CHANGED
    ]
    assert [each.actor_name for each in changed] == ["ada", "ada"]


def test_nobody_becomes_an_administrator_without_a_look_at_who_it_is(
    administrator, linus_of, people, state
):
    address = f"{page_of(linus_of)}/role"
    page = administrator.get(page_of(linus_of)).text
    assert f'href="{address}"' in page
    assert 'value="administrator"' not in page
    look = html.unescape(administrator.get(address).text)
    assert "Make linus an administrator?" in look
    assert "may do everything under Settings" in look
    assert state("role") == "user"
    administrator.submit(address, page=address, role="administrator")
    assert state("role") == "administrator"
    assert administrator.get(address).location == page_of(linus_of)


def test_the_state_stands_above_the_rest_with_what_changes_it(administrator, linus_of):
    press(administrator, linus_of, "active", active="off")
    page = administrator.get(page_of(linus_of)).text
    state = page.partition('id="state"')[2].partition("</section>")[0]
    assert "linus was disabled on" in state
    assert ">Enable</button>" in state
    assert page.index('id="state"') < page.index('id="sign-in"')


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nickName", "Nick name"),
        ("preferredLanguage", "Language"),
        ("name.middleName", "Name: middle name"),
        (f"{ENTERPRISE_SCHEMA}:employeeNumber", "Employee number"),
        (f"{ENTERPRISE_SCHEMA}:manager.displayName", "Manager"),
        ('addresses[type eq "work"].locality', "Work address: town"),
        ('phoneNumbers[type eq "fax"].value', "Fax phone"),
        ("urn:example:params:Own:2.0:User:badgeColour", "Badge colour"),
        ("roles.value", "Role"),
    ],
)
def test_an_attribute_is_named_in_words(path, words):
    assert attribute_words.describe(path) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ('addresses[type eq "work"].locality', "Adres (werk): plaats"),
        ('phoneNumbers[type eq "own"].value', "Telefoon (own)"),
        (f"{ENTERPRISE_SCHEMA}:employeeNumber", "Personeelsnummer"),
        ("urn:example:params:Own:2.0:User:badgeColour", "Badge colour"),
    ],
)
def test_words_for_an_attribute_that_is_known_are_dutch(app, path, words):
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert attribute_words.describe(path) == words


def test_the_page_has_words_first_and_names_of_scim_on_demand(administrator, people):
    jane = people.provisioned(
        "jane@example.org",
        title="Clerk",
        nickName="J",
        addresses=[{"type": "work", "locality": "Utrecht", "primary": True}],
    )
    page = administrator.get(page_of(jane)).text
    details, _, scim = page.partition("For specialists")
    assert "<dt>Work address: town</dt><dd>Utrecht</dd>" in details
    assert details.count("<dd>Clerk</dd>") == 1
    assert "locality" not in details
    assert "addresses[type eq &#34;work&#34;].locality" in scim
    assert "Not in any group. Groups and their members come from" in details


def test_the_page_of_a_local_person_says_what_applies_to_them(administrator, people):
    tim, safe = people.local("tim"), people.local("safe", emergency=True)
    page = administrator.get(page_of(tim)).text
    link = '<a href="/settings/groups?source=local">local group</a>'
    assert f"On the page of a {link}, press Add people." in page
    assert "come from Microsoft Entra ID" not in page
    assert "Check sign-in" in page
    assert "Hide from colleagues" in page
    assert "Hide from colleagues" not in administrator.get(page_of(safe)).text


def test_the_last_administrator_cannot_be_demoted_or_blocked(
    administrator, people, rows
):
    for path, fields in (
        ("role", {"role": "user"}),
        ("block", {"blocked": "on"}),
        ("emergency-access", {"emergency": "off"}),
    ):
        answer = press(administrator, people.ada, path, **fields)
        assert answer.status_code == 409
        page = html.unescape(answer.text)
        assert "ada is the last" in page
        assert "Nothing was changed." in page
        assert 'action="/settings/users/' in page
    assert administrator.is_in()


def test_a_user_must_be_administrator_to_get_emergency_access(
    administrator, linus_of, state
):
    page = administrator.get(page_of(linus_of)).text
    assert "Grant emergency access" not in page
    assert "make this person an administrator first" in page
    answer = press(administrator, linus_of, "emergency-access", emergency="on")
    assert answer.status_code == 409
    assert "make them an administrator first" in answer.text
    assert not state("is_emergency")


def test_demoting_an_administrator_withdraws_emergency_access(
    administrator, linus_of, state
):
    press(administrator, linus_of, "role", role="administrator")
    press(administrator, linus_of, "emergency-access", emergency="on")
    press(administrator, linus_of, "role", role="user")
    assert not state("is_emergency")
    press(administrator, linus_of, "role", role="administrator")
    assert not state("is_emergency")


def test_emergency_access_can_be_granted_and_withdrawn(administrator, linus_of, state):
    press(administrator, linus_of, "role", role="administrator")
    press(administrator, linus_of, "emergency-access", emergency="on")
    assert state("is_emergency")
    assert "Withdraw emergency access" in administrator.get(page_of(linus_of)).text
    press(administrator, linus_of, "emergency-access", emergency="off")
    assert not state("is_emergency")


def test_a_provisioned_person_cannot_get_emergency_access(administrator, people):
    jane = people.provisioned("jane@example.org")
    page = administrator.get(page_of(jane)).text
    assert "Grant emergency access" not in page
    answer = press(administrator, jane, "emergency-access", emergency="on")
    assert answer.status_code == 409


def test_a_block_ends_sessions_and_prevents_sign_in(app, administrator, linus_of):
    browser = signed_in(app, "linus")
    press(administrator, linus_of, "block", blocked="on")
    assert not browser.is_in()
    assert app.test_client().sign_in("linus").status_code == 401
    press(administrator, linus_of, "block", blocked="off")
    assert signed_in(app, "linus").is_in()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("role", {}),
        ("role", {"role": "owner"}),
        ("block", {}),
        ("block", {"blocked": "maybe"}),
        ("emergency-access", {}),
    ],
)
def test_a_form_without_a_valid_choice_changes_nothing(
    administrator, linus_of, rows, path, fields
):
    before = rows(select(USERS))
    assert press(administrator, linus_of, path, **fields).status_code == 400
    assert rows(select(USERS)) == before


PATHS = (
    "role",
    "block",
    "emergency-access",
    "forget-microsoft",
    "rename",
    "confirm-object-id",
    "allow-again",
    "lift-block",
    "erase",
    "export",
    "edit",
    "active",
    "end-sessions",
    "password",
    "password-link",
    "delete",
)
FORM = {"role": "administrator", "blocked": "on", "emergency": "on", "user_name": "x"}
FORM |= {"active": "off"}


@pytest.mark.parametrize("path", PATHS)
def test_every_action_requires_a_recently_authenticated_administrator(
    app, people, rows, path
):
    linus = people.local("linus")
    browser = signed_in(app, "linus")
    target = f"{page_of(linus)}/{path}"
    answer = browser.submit(target, page="/account", **FORM)
    assert answer.status_code == 403
    ada, long_ago = signed_in(app, "ada"), now() - timedelta(minutes=11)
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
    before = rows(select(USERS))
    answer = ada.submit(target, page=page_of(linus), **FORM)
    assert answer.status_code == 403
    assert "Confirm your identity" in answer.text
    assert rows(select(USERS)) == before


@pytest.mark.parametrize("path", PATHS)
def test_an_action_on_an_unknown_person_is_not_found(administrator, people, path):
    target = f"/settings/users/nobody/{path}"
    answer = administrator.submit(target, page=page_of(people.ada), **FORM)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("column", "limit"),
    [("seen_at", timedelta(minutes=480)), ("created_at", timedelta(hours=168))],
)
def test_expired_sessions_are_not_counted(app, administrator, linus_of, column, limit):
    for _ in range(2):
        signed_in(app, "linus")
    assert "<dt>Sessions</dt><dd>2</dd>" in administrator.get(page_of(linus_of)).text
    with app.app_context(), database.write() as connection:
        theirs = update(SESSIONS).where(SESSIONS.c.user_id == linus_of.id)
        connection.execute(theirs.values({column: now() - limit}))
    assert "<dt>Sessions</dt><dd>none</dd>" in administrator.get(page_of(linus_of)).text


def test_who_cannot_enter_is_shown_with_when_by_whom_and_what_to_do(
    administrator, people
):
    jane = people.provisioned("jane@example.org")
    page = administrator.get(page_of(jane)).text
    assert "not connected yet; their first sign-in with Microsoft does that" in page
    people.change(jane, active=False)
    press(administrator, jane, "block", blocked="on")
    page = html.unescape(administrator.get(page_of(jane)).text)
    assert "jane@example.org was blocked on" in page
    assert "by ada." in page
    assert "Lift the block" in page
    assert "on the person's page" not in page  # which is this page
    assert "Microsoft Entra ID disabled jane@example.org on" in page
    assert "with the token npn_scim_test. Enable the account" in page
