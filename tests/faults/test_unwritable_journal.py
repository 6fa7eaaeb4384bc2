"""A change that the event log cannot record is refused with 503."""

import pytest
from sqlalchemy import select, text

from netpresenter_next.directory import local_groups, scim_tokens, short_parts
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, SESSIONS, USERS
from visitors import hidden

# Two errors with which SQLite refuses a row, by a part of the message.
FAULTS = {
    "worn out": "CREATE TRIGGER worn BEFORE INSERT ON journal "
    "BEGIN SELECT RAISE(ABORT, 'worn out'); END",
    "no such table": "ALTER TABLE journal RENAME TO elsewhere",
}
PRIVATE = ("grace.hopper@example.org", "Hopper")


@pytest.fixture(params=FAULTS)
def reason(request, app, administrator):
    """The error that the journal has from now on; it is repaired afterwards."""
    with app.app_context(), database.write() as connection:
        connection.execute(text(FAULTS[request.param]))
    yield request.param
    if request.param == "no such table":
        with app.app_context(), database.write() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO journal"))


@pytest.fixture
def token(app, people):
    with app.app_context(), database.write() as connection:
        return scim_tokens.issue(connection, COMMAND_LINE, "tests", "nonce")


def state(rows):
    return [rows(select(table)) for table in (USERS, GROUPS, SESSIONS)]


def check_log(caplog, reason):
    (record,) = caplog.records
    assert reason in record.message
    assert "event log" in record.message
    assert not any(word in caplog.text for word in PRIVATE)


def test_a_page_changes_nothing_that_cannot_be_logged(
    linus, administrator, reason, rows, caplog
):
    ((linus_id,),) = rows(select(USERS.c.id).where(USERS.c.user_name == "linus"))
    form = hidden(administrator.get("/").text)
    before = state(rows)
    path = f"/settings/users/{linus_id}/block"
    answer = administrator.post(path, data={**form, "blocked": "on"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "cannot write its event log, so nothing was changed" in answer.text
    assert "Tell an administrator" in answer.text
    assert reason not in answer.text
    assert state(rows) == before
    check_log(caplog, reason)


def test_a_page_says_that_the_rest_was_not_done_if_a_part_cannot_be_logged(
    administrator, people, rows, monkeypatch
):
    group = people.local_group("Fleet", people.local("tim"), people.local("tom"))
    monkeypatch.setattr(local_groups, "AT_ONCE", 1)

    def wear_out(_start):
        with database.write() as connection:
            connection.execute(text(FAULTS["worn out"]))

    monkeypatch.setattr(short_parts, "_pause_since", wear_out)
    answer = administrator.submit(f"/settings/groups/{group.id}/empty")
    assert answer.status_code == 503
    assert "cannot write its event log, so the rest was not done" in answer.text
    assert len(rows(select(MEMBERSHIPS))) == 1


def test_nobody_is_signed_in_if_that_cannot_be_logged(
    app, people, reason, rows, caplog
):
    before = state(rows)
    answer = app.test_client().sign_in("ada")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert state(rows) == before
    check_log(caplog, reason)


def test_scim_changes_nothing_that_cannot_be_logged(
    token, client, reason, rows, caplog
):
    before = state(rows)
    document = {
        "userName": PRIVATE[0],
        "externalId": "6f2c",
        "name": {"familyName": PRIVATE[1]},
        "emails": [{"type": "work", "value": PRIVATE[0]}],
    }
    answer = client.post(
        "/scim/v2/Users",
        json=document,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json["status"]) == (503, "503")
    assert answer.headers["Retry-After"] == "5"
    assert "cannot write its event log, so nothing was changed" in answer.json["detail"]
    assert state(rows) == before
    check_log(caplog, reason)


def test_the_values_of_a_failed_statement_are_not_logged(app, token, client, caplog):
    with app.app_context(), database.write() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER worn BEFORE INSERT ON users "
                "BEGIN SELECT RAISE(ABORT, 'worn out'); END"
            )
        )
    document = {"userName": PRIVATE[0], "externalId": "6f2c", "displayName": "Hopper"}
    document["emails"] = [{"type": "work", "value": PRIVATE[0]}]
    answer = client.post(
        "/scim/v2/Users",
        json=document,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 500
    assert "worn out" in caplog.text
    assert "INSERT INTO users" in caplog.text
    assert not any(word in caplog.text for word in PRIVATE)
