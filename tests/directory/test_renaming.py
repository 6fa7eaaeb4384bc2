"""Local accounts can be renamed on their page and on the command line."""

import html
import re

import pytest
from sqlalchemy import select

from helpers import Instance
from netpresenter_next.directory import access, claimable, errors, people, scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from visitors import signed_in

JANE = "jane@example.org"
DOCUMENT = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": JANE,
    "externalId": "0f5c8a52-6c0a-4b0f-9d6e-3f1f5f0d7a11",
    "active": True,
    "emails": [{"type": "work", "value": JANE}],
}


def page_of(person):
    return f"/settings/users/{person.id}"


def by_page(browser, person, user_name):
    fields = {"user_name": user_name}
    return browser.submit(f"{page_of(person)}/rename", page=page_of(person), **fields)


@pytest.fixture
def scim(app, people):
    """A SCIM client."""
    with app.app_context(), database.write() as connection:
        secret = scim_tokens.issue(connection, COMMAND_LINE, "test", "n" * 20)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


@pytest.fixture
def stored(rows):
    """Returns the current row of a person."""
    return lambda person: rows(select(USERS).where(USERS.c.id == person.id))[0]


@pytest.fixture
def rename(app):
    """Renames a person in a separate transaction."""

    def run(person, user_name):
        with app.app_context(), database.write() as connection:
            fresh = people.find_by_id(connection, person.id)
            return access.rename(connection, fresh, user_name, COMMAND_LINE)

    return run


@pytest.fixture
def claimable_jane(app, people):
    """A local account that provisioning may claim by its user name."""
    person = people.local(JANE)
    with app.app_context(), database.write() as connection:
        claimable.make_claimable(connection, person, COMMAND_LINE)
    return person


# ------------------------------------------------------------------ renaming
@pytest.mark.parametrize("way", ["page", "command line"])
def test_renaming_a_local_administrator_frees_the_name_for_provisioning(
    app, people, scim, tmp_path, stored, way
):
    first = people.local(JANE, role=ADMINISTRATOR, emergency=True)
    browser = signed_in(app, JANE)
    refused = scim.post("/scim/v2/Users", json=DOCUMENT)
    assert refused.status_code == 409
    assert refused.json["scimType"] == "uniqueness"
    assert "local account" in refused.json["detail"]
    if way == "page":
        answer = by_page(browser, first, "emergency-admin")
        assert answer.status_code == 303
        said = f"{JANE} is now named emergency-admin."
        assert said in browser.get(answer.location).text
    else:
        Instance(tmp_path / "instance").output(
            "user", "rename", JANE.upper(), "emergency-admin"
        )
    assert browser.is_in()
    assert scim.post("/scim/v2/Users", json=DOCUMENT).status_code == 201
    assert stored(first).is_emergency
    assert signed_in(app, "emergency-admin").get("/settings").status_code == 200
    assert app.test_client().sign_in(JANE).status_code == 401


def test_the_journal_records_the_old_name_the_new_name_and_the_actor(
    administrator, people, rows
):
    by_page(administrator, people.local("linus"), "linus.t")
    query = select(JOURNAL).where(JOURNAL.c.target_name == "linus.t")
    (entry,) = rows(query)
    assert (entry.actor_name, entry.event) == ("ada", Event.PERSON_CHANGED)
    changes = [{"attribute": "userName", "old": "linus", "new": "linus.t"}]
    assert entry.changes == changes


def test_a_new_name_may_differ_only_in_letter_case(administrator, people, stored):
    linus = people.local("linus")
    assert by_page(administrator, linus, "Linus").status_code == 303
    assert stored(linus).user_name == "Linus"
    assert stored(linus).source == "local"


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("user_name", "status", "reason"),
    [
        ("", 400, "Choose a user name."),
        ("li\u200bnus", 400, "invisible character U+200B"),
        ("x" * 321, 400, "longer than 320 characters"),
        ("ADA", 409, "'ADA'"),
        ("tom@example.org", 409, "'tom@example.org'"),
    ],
)
def test_a_refused_name_stays_in_the_form_with_the_reason(
    administrator, people, stored, user_name, status, reason
):
    people.provisioned("tom@example.org")
    linus = people.local("linus")
    answer = by_page(administrator, linus, user_name)
    assert answer.status_code == status
    page = html.unescape(answer.text)
    assert "<title>Error: linus" in page
    (field,) = re.findall(r'<input[^>]* name="user_name"[^>]*>', page)
    assert f'value="{user_name}"' in field
    assert 'aria-invalid="true"' in field
    (fault,) = re.findall(r'id="user_name-fault">(.*?)</p>', page)
    assert reason in fault
    assert stored(linus).user_name == "linus"


def test_a_provisioned_person_cannot_be_renamed_here(
    administrator, people, stored, rename, tmp_path
):
    tom = people.provisioned("tom@example.org")
    assert "Rename" not in administrator.get(page_of(tom)).text
    answer = by_page(administrator, tom, "tim")
    reason = "Microsoft Entra ID manages tom@example.org: rename them there."
    assert answer.status_code == 409
    assert reason in answer.text
    with pytest.raises(errors.AccountError, match=reason):
        rename(tom, "tim")
    command = Instance(tmp_path / "instance")
    assert reason in command.expect_error(1, "user", "rename", "tom@example.org", "tim")
    assert stored(tom).user_name == "tom@example.org"


# ------------------------------------------------------------------ claimable accounts
def test_renaming_a_claimable_account_makes_it_local(
    administrator, claimable_jane, stored, scim
):
    page = administrator.get(page_of(claimable_jane)).text
    assert "After a rename this is a local account only" in page
    assert by_page(administrator, claimable_jane, "jane").status_code == 303
    person = stored(claimable_jane)
    assert person.source == "local"
    assert scim.get(f"/scim/v2/Users/{claimable_jane.id}").status_code == 404
    assert scim.post("/scim/v2/Users", json=DOCUMENT).status_code == 201


@pytest.mark.parametrize("user_name", [JANE, JANE.title()])
def test_a_claimable_account_stays_claimable_under_the_same_name(
    claimable_jane, stored, rename, user_name
):
    renamed = rename(claimable_jane, user_name)
    assert renamed == stored(claimable_jane)
    assert renamed.user_name == user_name
    assert renamed.source == "claimable"


def test_an_account_stays_claimable_if_the_new_name_is_refused(
    administrator, claimable_jane, stored
):
    assert by_page(administrator, claimable_jane, "ada").status_code == 409
    assert stored(claimable_jane).source == "claimable"


def test_an_account_that_provisioning_claimed_cannot_be_renamed_here(
    claimable_jane, people, rename
):
    people.change(claimable_jane, displayName="Jane")
    with pytest.raises(errors.AccountError, match="rename them there"):
        rename(claimable_jane, "jane")
