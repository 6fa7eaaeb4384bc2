"""The list of deleted people, where blocks are lifted and sign-ins allowed again."""

import pytest
from settings_page import actors_and_targets, page_of, press, text_of
from sqlalchemy import select, update
from tenant import JANE, OTHER, claims_of

from netpresenter_next.directory import deletions
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage.identity_models import BLOCKS, DELETED_PEOPLE
from visitors import signed_in

DELETED = "/settings/users/deleted"


@pytest.fixture
def gone(people, jane, options, configured):
    """Jane was blocked and deleted, and first sign-ins create people."""
    options(create_people=True)
    people.block(jane)
    people.delete(jane)
    return jane


def test_deleted_people_are_listed_with_their_blocks(admin, gone, people, rows):
    karin = people.provisioned("karin@example.org")
    people.delete(karin)
    assert f'href="{DELETED}"' in admin.get("/settings/users").text
    page = text_of(admin.get(DELETED))
    rows_shown = page.split("<tbody>")[1].split("</tr>")
    blocked = 'jane<wbr>@example.org <span class="pill bad">Blocked</span>'
    assert blocked in rows_shown[0]
    assert JANE in rows_shown[0]
    assert f"{page_of(gone)}/lift-block" in rows_shown[0]
    assert "Blocked" not in rows_shown[1]
    assert f"{page_of(karin)}/allow-again" in rows_shown[1]
    assert "to create karin@example.org again</span>" in rows_shown[1]


def test_an_empty_list_says_that_nobody_was_deleted(admin):
    assert "Nobody was deleted." in admin.get(DELETED).text


def test_a_deleted_person_returns_once_unblocked_and_allowed_to_sign_in(
    app, admin, gone, sign_in, rows, people
):
    assert "Your account is disabled" in sign_in(app.test_client()).text
    refused = press(admin, gone, "allow-again", page=DELETED)
    assert refused.status_code == 409
    assert "jane@example.org is blocked: lift the block first" in text_of(refused)
    assert "lift-block" in refused.text  # the list is kept
    assert press(admin, gone, "lift-block", page=DELETED).location == DELETED
    assert "jane@example.org is no longer blocked." in admin.get(DELETED).text
    assert rows(select(BLOCKS)) == []
    assert "There is no account here" in sign_in(app.test_client()).text
    assert press(admin, gone, "allow-again", page=DELETED).location == DELETED
    assert (
        "jane@example.org can be created again by a sign-in." in admin.get(DELETED).text
    )
    assert rows(select(DELETED_PEOPLE)) == []
    back = app.test_client()
    assert sign_in(back).status_code == 303
    assert back.is_in()
    for event in (Event.PERSON_UNBLOCKED, Event.PERSON_ALLOWED_AGAIN):
        assert actors_and_targets(rows, event) == [("ada", "jane@example.org")]
    for path in ("lift-block", "allow-again"):
        assert press(admin, gone, path, page=DELETED).status_code == 404


def test_lifting_a_block_concerns_one_deleted_person_only(people, gone, domain, rows):
    karin = people.provisioned("karin@example.org", externalId=OTHER)
    people.block(karin)
    people.delete(karin)
    domain(deletions.lift_block, karin.id, COMMAND_LINE)
    assert rows(select(BLOCKS.c.user_id)) == [(gone.id,)]
    domain(deletions.allow_again, karin.id, COMMAND_LINE)
    assert rows(select(DELETED_PEOPLE.c.user_id)) == [(gone.id,)]


def test_a_deletion_refuses_the_sign_in_of_nobody_else(people, accept_sign_in, options):
    options(create_people=True)
    people.delete(people.provisioned("karin@example.org", externalId=OTHER))
    assert accept_sign_in(claims_of()).user_name == "jane@example.org"


def test_a_deleted_person_without_a_name_is_shown_by_object_id(admin, gone, domain):
    nameless = update(DELETED_PEOPLE).values(user_name=None, user_name_key=None)
    domain(lambda connection: connection.execute(nameless))
    page = text_of(admin.get(DELETED))
    assert f'Lift block<span class="vh"> of {JANE}</span>' in page
    refused = press(admin, gone, "allow-again", page=DELETED)
    assert f"{JANE} is blocked: lift the block first" in text_of(refused)
    press(admin, gone, "lift-block", page=DELETED)
    assert f"{JANE} is no longer blocked." in admin.get(DELETED).text


def test_only_administrators_see_the_list_of_deleted_people(app, people):
    people.local("linus")
    assert signed_in(app, "linus").get(DELETED).status_code == 403
