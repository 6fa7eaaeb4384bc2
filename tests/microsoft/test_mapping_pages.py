"""Role mappings on the page: who becomes administrator is shown before and after."""

import pytest
from settings_page import (
    PAGE,
    actors_and_targets,
    add_mapping,
    expire_authentication,
    page_of,
    text_of,
)
from sqlalchemy import select
from tenant import claims_of

from factories import ENTRA
from helpers import PASSWORD
from netpresenter_next.directory import groups, new_administrators
from netpresenter_next.directory.events import Event
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from netpresenter_next.storage.sign_in_models import ROLE_MAPPINGS
from visitors import hidden, signed_in


@pytest.fixture
def helpdesk(people, jane):
    return people.group("Helpdesk", jane)


@pytest.fixture
def roles_of(rows):
    def read():
        query = select(USERS.c.user_name).where(USERS.c.role == ADMINISTRATOR)
        return {each.user_name for each in rows(query)}

    return read


def test_a_local_group_is_never_mapped_by_its_name(admin, people, jane, rows, roles_of):
    roles = f"{PAGE}/roles"
    people.local_group("Helpdesk", people.local("tim"))
    assert "Helpdesk" not in admin.get(roles).text
    refused = admin.submit(roles, page=roles, group="Helpdesk")
    assert refused.status_code == 400
    assert "There is no group named 'Helpdesk'." in text_of(refused)
    provisioned = people.group("helpdesk", jane)
    asked = admin.submit(roles, page=roles, group="Helpdesk")
    other = "Has the same name as Helpdesk (a local group), but is a different group."
    assert other in text_of(asked)
    assert admin.post(roles, data=hidden(asked.text)).status_code == 303
    assert rows(select(ROLE_MAPPINGS.c.group_id)) == [(provisioned.id,)]
    assert roles_of() == {"ada", "jane@example.org"}


def test_a_mapping_shows_who_becomes_administrator_before_it_is_saved(
    admin, helpdesk, people, jane, rows, roles_of
):
    eva = people.provisioned("eva@example.org")
    people.add(helpdesk, eva)
    asked = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", group="helpDESK")
    page = text_of(asked)
    assert asked.status_code == 200
    assert "2 people become administrators immediately" in page
    assert "<li>eva@example.org</li> <li>jane@example.org</li>" in page
    assert "everybody who has a SCIM token" in page
    assert rows(select(ROLE_MAPPINGS)) == []
    assert roles_of() == {"ada"}
    assert (
        admin.post(f"{PAGE}/roles", data=hidden(asked.text)).location == f"{PAGE}/roles"
    )
    assert roles_of() == {"ada", "eva@example.org", "jane@example.org"}


def test_an_app_role_shows_who_had_it_at_the_last_sign_in(admin, accept_sign_in, jane):
    accept_sign_in(claims_of(app_roles=("Boss",)))
    page = text_of(admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", app_role="Boss"))
    assert "1 person becomes an administrator immediately" in page
    assert "<li>jane@example.org</li>" in page
    page = text_of(admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", app_role="boss"))
    assert "Nobody becomes an administrator immediately" in page


def test_a_mapping_whose_members_changed_meanwhile_is_shown_again(
    admin, helpdesk, people, domain, jane, rows, roles_of
):
    asked = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", group="Helpdesk")
    people.add(helpdesk, people.provisioned("eva@example.org"))
    domain(groups.remove_members, helpdesk, [jane.id], ENTRA)
    again = admin.post(f"{PAGE}/roles", data=hidden(asked.text))
    page = text_of(again)
    assert again.status_code == 409
    assert "Nothing was saved" in page
    assert "<li>eva@example.org</li>" in page
    assert "<li>jane@example.org</li>" not in page
    assert rows(select(ROLE_MAPPINGS)) == []
    assert roles_of() == {"ada"}
    assert admin.post(f"{PAGE}/roles", data=hidden(again.text)).status_code == 303
    assert roles_of() == {"ada", "eva@example.org"}


@pytest.mark.parametrize("confirmed", ["", "x", "0" * 64])
def test_a_forged_confirmation_of_a_mapping_stores_nothing(
    admin, helpdesk, rows, confirmed
):
    fields = {"group": "Helpdesk", "confirmed": confirmed}
    answer = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", **fields)
    assert answer.status_code == 409
    assert rows(select(ROLE_MAPPINGS)) == []


def mark_as_reviewed(browser, *people):
    form = {"csrf_token": hidden(browser.get(f"{PAGE}/roles").text)["csrf_token"]}
    data = {**form, "user_id": [each.id for each in people]}
    return browser.post(f"{PAGE}/roles/seen", data=data)


@pytest.fixture
def unseen(domain):
    return lambda: {each.user_name for each in domain(new_administrators.list_unseen)}


def test_new_administrators_from_a_mapping_are_listed_until_reviewed(
    admin, helpdesk, people, jane, rows, unseen
):
    eva = people.provisioned("eva@example.org")
    people.add(helpdesk, eva)
    add_mapping(admin, group="Helpdesk")
    page = text_of(admin.get(f"{PAGE}/roles"))
    listed = page.split("New administrators from role mappings")[1].split("</form>")[0]
    for person in (jane, eva):
        assert f'<a href="{page_of(person)}">{person.user_name}</a>' in listed
        assert f'name="user_id" value="{person.id}"' in listed
    assert mark_as_reviewed(admin, jane).location == f"{PAGE}/roles"
    assert "Marked as reviewed: 1 new administrator." in text_of(
        admin.get(f"{PAGE}/roles")
    )
    assert unseen() == {"eva@example.org"}
    mark_as_reviewed(admin, eva)
    assert (
        "New administrators from role mappings" not in admin.get(f"{PAGE}/roles").text
    )
    seen = rows(select(JOURNAL).where(JOURNAL.c.event == Event.ADMINISTRATORS_SEEN))
    assert [(each.actor_name, each.facts["names"]) for each in seen] == [
        ("ada", ["jane@example.org"]),
        ("ada", ["eva@example.org"]),
    ]


def test_new_administrators_cannot_mark_anybody_as_reviewed(
    app, admin, helpdesk, people, jane, rows, unseen
):
    eva = people.provisioned("eva@example.org")
    people.add(helpdesk, eva)
    people.give_password(jane)
    add_mapping(admin, group="Helpdesk")
    hers = signed_in(app, "jane@example.org")
    page = hers.get(f"{PAGE}/roles").text
    assert "New administrators from role mappings" in page
    assert "You are on this list yourself" in page
    assert "Mark as reviewed" not in page
    for forged in ((jane,), (eva,), (jane, eva)):
        assert mark_as_reviewed(hers, *forged).status_code == 409
    assert unseen() == {"eva@example.org", "jane@example.org"}
    assert actors_and_targets(rows, Event.ADMINISTRATORS_SEEN) == []
    mark_as_reviewed(admin, jane, eva)
    assert unseen() == set()
    mark_as_reviewed(admin, jane)
    assert "Nobody was taken off the list" in admin.get(f"{PAGE}/roles").text


def test_a_review_of_several_administrators_survives_reauthentication(
    admin, helpdesk, people, jane, domain, unseen
):
    eva = people.provisioned("eva@example.org")
    people.add(helpdesk, eva)
    add_mapping(admin, group="Helpdesk")
    domain(expire_authentication)
    asked = mark_as_reviewed(admin, jane, eva)
    assert asked.status_code == 403
    assert unseen() == {"eva@example.org", "jane@example.org"}
    proof = {**hidden(asked.text), "password_again": PASSWORD}
    assert admin.post(f"{PAGE}/roles/seen", data=proof).status_code == 303
    assert unseen() == set()
