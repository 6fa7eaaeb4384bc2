"""A sign-in with emergency access is an event, with a notice until it is closed."""

import pytest
from sqlalchemy import select

from netpresenter_next.directory import access, emergency_access, errors
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.people import find_by_id
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS
from visitors import signed_in

NOTICE = "signed in with emergency access"
CLOSE = "/settings/emergency-sign-ins/close"


@pytest.fixture
def grace(app, people):
    """A browser of an administrator without emergency access."""
    people.local("grace", role=ADMINISTRATOR)
    return signed_in(app, "grace")


def recorded_names(rows, event):
    columns = select(JOURNAL.c.actor_name, JOURNAL.c.target_name)
    return [tuple(each) for each in rows(columns.where(JOURNAL.c.event == event.value))]


def test_only_the_first_administrator_gets_emergency_access(app, password_hash):
    made = []
    for name in ("ada", "grace"):
        with app.app_context(), database.write() as connection:
            made.append(
                access.create_administrator(
                    connection, name, password_hash, COMMAND_LINE
                )
            )
    assert [(each.role, each.is_emergency) for each in made] == [
        (ADMINISTRATOR, True),
        (ADMINISTRATOR, False),
    ]


def test_the_last_emergency_access_cannot_be_removed(app, people, grace):
    with app.app_context(), database.write() as connection:
        ada = find_by_id(connection, people.ada.id)
        with pytest.raises(errors.AccountError, match="emergency access"):
            emergency_access.set_granted(connection, ada, COMMAND_LINE, granted=False)


def test_administrators_see_an_emergency_sign_in_until_one_closes_it(
    app, people, grace, rows
):
    assert NOTICE not in grace.get("/").text
    signed_in(app, "ada")
    assert recorded_names(rows, Event.SIGNED_IN_FOR_EMERGENCY) == [("ada", "ada")]
    for path in ("/", "/account", "/settings", "/settings/users"):
        page = grace.get(path).text
        assert f"<strong>ada {NOTICE}</strong>" in page, path
        assert "127.0.0.1" in page
    answer = grace.submit(
        CLOSE, page="/settings/users", id=notice_ids(rows), next="/account"
    )
    assert (answer.status_code, answer.location) == (303, "/account")
    assert NOTICE not in grace.get("/").text
    assert recorded_names(rows, Event.EMERGENCY_SEEN) == [("grace", "ada")]


def test_closing_the_notice_on_a_page_without_an_address_leads_home(grace, app, rows):
    """Such a page answers a form, for example with a new token."""
    signed_in(app, "ada")
    shown_once = "/settings/system/microsoft-entra-id/token"
    answer = grace.submit(
        CLOSE, page="/settings/users", id=notice_ids(rows), next=shown_once
    )
    assert (answer.status_code, answer.location) == (303, "/")
    assert notice_ids(rows) == []


def notice_ids(rows):
    return [each.id for each in rows(select(EMERGENCY_SIGN_INS))]


def test_nobody_can_close_the_notice_about_their_own_account(app, people, grace, rows):
    ada = signed_in(app, "ada")
    assert NOTICE not in ada.get("/").text
    again = signed_in(app, "ada")
    page = again.get("/settings").text
    assert NOTICE in page  # about the first sign-in
    assert "Only another administrator can close this notice." in page
    for each in (ada, again):
        each.submit(CLOSE, page="/settings", id=notice_ids(rows))
    assert len(notice_ids(rows)) == 2
    assert "Close" in grace.get("/").text


def test_the_only_administrator_can_close_the_notice(app, people, rows):
    ada, again = signed_in(app, "ada"), signed_in(app, "ada")
    assert NOTICE in again.get("/").text
    again.submit(CLOSE, page="/settings", id=notice_ids(rows))
    assert NOTICE not in again.get("/").text
    assert NOTICE not in ada.get("/").text


def test_users_neither_see_nor_close_the_notice(app, people, linus, rows):
    signed_in(app, "ada")
    assert NOTICE not in linus.get("/account").text
    answer = linus.submit(CLOSE, page="/account", id=notice_ids(rows))
    assert answer.status_code == 403
    assert len(notice_ids(rows)) == 1


def test_three_emergency_sign_ins_are_shown_at_a_time(app, people, grace, rows):
    for _ in range(5):
        signed_in(app, "ada")
    for left in (5, 2):
        page = grace.get("/").text
        assert page.count(NOTICE) == min(left, 3)
        assert ("There are more" in page) == (left > 3)
        line = page.partition('<div class="note bad row">')[2].partition("</summary>")[
            0
        ]
        assert line.count(NOTICE) == 1
        assert f" +{min(left, 4) - 1}<span" in line
        ids = [each for each in notice_ids(rows) if each in page]
        grace.submit(CLOSE, page="/account", id=ids)
    assert notice_ids(rows) == []
    assert len(recorded_names(rows, Event.EMERGENCY_SEEN)) == 5


def test_a_sign_in_without_emergency_access_shows_no_notice(app, people, grace, rows):
    assert recorded_names(rows, Event.SIGNED_IN) == [("grace", "grace")]
    assert notice_ids(rows) == []
