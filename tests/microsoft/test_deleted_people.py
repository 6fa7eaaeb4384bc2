"""Deleted people: a list with blocks to lift, and sign-ins to allow again."""

import pytest
from settings_page import (
    page_of,
    press,
    text_of,
    told,
)
from sqlalchemy import select, update
from tenant import JANE

from netpresenter_next.directory.events import Event
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


def test_who_was_deleted_is_listed_with_whether_they_are_blocked(
    admin, gone, people, rows
):
    karin = people.provisioned("karin@example.org")
    people.delete(karin)
    assert f'href="{DELETED}"' in admin.get("/settings/users").text
    page = text_of(admin.get(DELETED))
    rows_shown = page.split("<tbody>")[1].split("</tr>")
    assert 'jane@example.org <span class="pill bad">Blocked</span>' in rows_shown[0]
    assert JANE in rows_shown[0]
    assert f"{page_of(gone)}/lift-block" in rows_shown[0]
    assert "Blocked" not in rows_shown[1]
    assert f"{page_of(karin)}/allow-again" in rows_shown[1]
    assert "to create karin@example.org again</span>" in rows_shown[1]


def test_nobody_deleted_is_said(admin):
    assert "Nobody was deleted." in admin.get(DELETED).text


def test_a_lifted_block_and_an_allowed_sign_in_let_a_deleted_person_come_back(
    app, admin, gone, sign_in, rows, people
):
    assert "Your account is disabled" in sign_in(app.test_client()).text
    refused = press(admin, gone, "allow-again", page=DELETED)
    assert refused.status_code == 409
    assert "jane@example.org is blocked: lift the block first" in text_of(refused)
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
        assert told(rows, event) == [("ada", "jane@example.org")]
    for path in ("lift-block", "allow-again"):
        assert press(admin, gone, path, page=DELETED).status_code == 404


def test_who_has_no_name_any_more_is_named_by_their_object_id(admin, gone, domain):
    nameless = update(DELETED_PEOPLE).values(user_name=None, user_name_key=None)
    domain(lambda connection: connection.execute(nameless))
    page = text_of(admin.get(DELETED))
    assert f'Lift block<span class="vh"> of {JANE}</span>' in page
    refused = press(admin, gone, "allow-again", page=DELETED)
    assert f"{JANE} is blocked: lift the block first" in text_of(refused)
    press(admin, gone, "lift-block", page=DELETED)
    assert f"{JANE} is no longer blocked." in admin.get(DELETED).text


def test_the_list_of_deleted_people_is_for_administrators(app, people):
    people.local("linus")
    assert signed_in(app, "linus").get(DELETED).status_code == 403
