"""Exporting all data about a person, and erasing them, on pages and by command."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from factories import ENTRA
from netpresenter_next.directory import conflicts, personal_data
from netpresenter_next.directory import people as directory_people
from netpresenter_next.directory.events import COMMAND_LINE, Event, Target, record
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.erasure_models import ERASURES
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, USERS
from visitors import signed_in


@pytest.fixture
def jane(people):
    jane = people.provisioned("jane@example.org", displayName="Jane", title="Pilot")
    people.give_password(jane)
    return jane


def page_of(person):
    return f"/settings/users/{person.id}"


def export(browser, person):
    answer = browser.submit(f"{page_of(person)}/export", page=page_of(person))
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    return json.loads(answer.text)


def test_everything_about_a_person_is_exported_without_secrets(
    app, administrator, people, jane, rows
):
    people.group("Pilots", jane)
    browser = signed_in(app, "jane@example.org")
    app.test_client().sign_in("jane@example.org", "wrong")
    with app.app_context(), database.write() as connection:
        fresh = directory_people.find_by_id(connection, jane.id)
        reason = conflicts.Reason.LINK_DISAGREES
        conflict = conflicts.DetectedConflict(fresh, reason, "v", "claimant", None)
        conflicts.open_(connection, conflict, ENTRA)
    answer = browser.submit("/account/password", page="/account")  # an error of hers
    assert answer.status_code in (400, 401, 404)
    people.block(jane, blocked=True)
    people.block(jane, blocked=False)
    browser = signed_in(app, "jane@example.org")
    found = export(administrator, jane)
    (account,) = found["account"]
    assert (account["user_name"], account["role"]) == ("jane@example.org", "user")
    assert found["document"] == [jane.document]
    assert [group["display_name"] for group in found["groups"]] == ["Pilots"]
    assert len(found["sessions"]) == 1
    assert [each["reason"] for each in found["conflicts"]] == ["link_disagrees"]
    said = [each["event"] for each in found["log_about"]]
    assert said[0] == Event.PERSON_CREATED
    assert said[-1] == Event.DATA_EXPORTED
    assert {Event.SIGN_IN_FAILED, Event.PERSON_BLOCKED} <= set(said)
    assert [each["event"] for each in found["log_by"]] == [Event.SIGNED_IN] * 2
    text = json.dumps(found)
    (stored,) = rows(select(USERS.c.password_hash).where(USERS.c.id == jane.id))
    assert stored.password_hash not in text
    for digest in rows(select(SESSIONS.c.digest)):
        assert digest.digest.hex() not in text
    for secret in ("password_hash", "digest", "oidc_session", "login_hint", "argon2"):
        assert secret not in text


def test_wrong_passwords_are_exported(app, administrator, people, jane):
    app.test_client().sign_in("jane@example.org", "wrong")
    (guess,) = export(administrator, jane)["wrong_passwords"]
    assert guess["network"]
    assert abs(guess["seconds_since_1970"] - now().timestamp()) < 60


def test_a_long_log_is_exported_in_parts(app, administrator, people, jane, monkeypatch):
    monkeypatch.setattr(personal_data, "CHUNK", 7)
    with app.app_context(), database.write() as connection:
        for _ in range(30):
            target = Target("User", jane.id, jane.user_name)
            record(connection, COMMAND_LINE, Event.CLAIMED, target)
        connection.execute(update(JOURNAL).values(at=now() - timedelta(hours=1)))
    for number in range(15):
        people.group(f"Group {number}", jane)
    found = export(administrator, jane)
    ids = [each["id"] for each in found["log_about"]]
    assert len(ids) == len(set(ids)) == 33
    assert len(found["groups"]) == 15


def test_a_command_exports_the_same(app, administrator, people, jane, tmp_path):
    from helpers import Instance

    printed = json.loads(
        Instance(tmp_path / "instance").output(
            "user", "export-data", "jane@example.org"
        )
    )
    assert printed["account"][0]["id"] == jane.id
    assert printed["log_about"][-1]["event"] == Event.DATA_EXPORTED
    assert printed["log_about"][-1]["actor_kind"] == "command line"


def test_a_person_is_erased_after_a_page_that_says_what_goes(
    administrator, people, jane, rows
):
    page = administrator.get(f"{page_of(jane)}/erase").text
    assert "Erase jane@example.org?" in page
    assert "What goes" in page
    assert "What stays" in page
    answer = administrator.submit(f"{page_of(jane)}/erase")
    assert answer.status_code == 303
    assert "The person is erased" in administrator.get(answer.location).text
    assert rows(select(USERS.c.id).where(USERS.c.id == jane.id)) == []
    assert [each.user_id for each in rows(select(ERASURES))] == [jane.id]
    assert "is being erased" in administrator.get(f"{page_of(jane)}/erase").text
    (entry,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.PERSON_ERASED))
    assert (entry.target_name, entry.actor_name) == ("(erased)", "ada")


def test_a_deleted_person_is_erased_from_the_list(administrator, people, jane):
    people.delete(jane)
    listed = administrator.get("/settings/users/deleted").text
    assert f"{page_of(jane)}/erase" in listed
    assert "Erase jane@example.org?" in administrator.get(f"{page_of(jane)}/erase").text
    assert administrator.submit(f"{page_of(jane)}/erase").status_code == 303
    assert "jane@example.org" not in administrator.get("/settings/users/deleted").text


def test_a_refused_erasure_says_why_on_the_same_page(administrator, people, rows):
    answer = administrator.submit(f"{page_of(people.ada)}/erase")
    assert answer.status_code == 409
    assert "You cannot erase yourself." in answer.text
    assert "Erase ada?" in answer.text
    assert rows(select(ERASURES)) == []
    assert administrator.get("/settings/users/nobody/erase").status_code == 404


def test_refusals_of_erasing_are_in_the_language_of_the_browser(administrator, people):
    administrator.environ_base["HTTP_ACCEPT_LANGUAGE"] = "nl"
    answer = administrator.submit(f"{page_of(people.ada)}/erase")
    assert "U kunt uzelf niet wissen." in answer.text
    object_id = "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11"
    tim = people.provisioned("tim@example.org", externalId=object_id)
    people.block(tim)  # by the object ID, so a row about them stays
    administrator.submit(f"{page_of(tim)}/erase")
    again = administrator.submit(f"{page_of(tim)}/erase", page="/account")
    assert "Deze persoon wordt al gewist." in again.text
