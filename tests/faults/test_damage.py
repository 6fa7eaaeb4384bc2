"""A damaged database: found, told, and never written to again."""

import json
import re
import stat

import pytest

from helpers import Instance, close
from netpresenter_next.storage import checks, database
from netpresenter_next.storage.errors import Kind
from visitors import signed_in

EMAIL = '/Users?filter=emails[type eq "work"].value eq "alan@example.org"'
INDEX = "ix_users_work_email_key"


def bytes_of(spoilt):
    return spoilt.file.read_bytes()


def check_refused(answer):
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "600"
    assert "The database is damaged." in answer.json["detail"]
    assert "restore a backup" in answer.json["detail"]


def test_damage_that_a_query_meets_ends_all_writing(spoilt):
    spoilt.overwrite(INDEX)
    before = bytes_of(spoilt)
    assert spoilt.create("before").status_code in (201, 503)
    check_refused(spoilt.scim("GET", EMAIL))
    check_refused(spoilt.create())
    # What did not meet the damage is still answered.
    assert spoilt.scim("GET", "/ServiceProviderConfig").status_code == 200
    close(spoilt.app)
    assert bytes_of(spoilt) == before


def test_nothing_reaches_the_file_from_connections_that_were_open_before(spoilt):
    assert spoilt.create().status_code == 201  # in the log, and a connection is kept
    log = spoilt.file.with_name(spoilt.file.name + "-wal")
    assert log.stat().st_size > 0
    before = bytes_of(spoilt), log.read_bytes()
    with spoilt.app.app_context():
        database.state().note_damage(["page 7 is noise"])
    check_refused(spoilt.create("another"))
    close(spoilt.app)
    assert (bytes_of(spoilt), log.read_bytes()) == before


def test_a_start_looks_for_damage(spoilt, make_app):
    spoilt.overwrite(INDEX)
    again = make_app()
    with again.app_context():
        found = database.state().damage
    assert found.kind is Kind.DAMAGED
    assert any("rowid" in each or "btree" in each.lower() for each in found.details)
    mark = spoilt.file.with_name("damage.json")
    assert stat.S_IMODE(mark.stat().st_mode) == 0o600
    assert json.loads(mark.read_text())["details"] == list(found.details)


def test_an_administrator_gets_in_to_look_and_nobody_else(spoilt, make_app, caplog):
    spoilt.overwrite(INDEX)
    app = make_app()
    ada = signed_in(app, "ada")
    page = ada.get("/settings/system/health").text
    assert "The database is damaged." in page
    assert "restore a backup" in page
    assert "Your session is read-only" in page
    assert "ada signed in from 127.0.0.1 with a read-only session" in caplog.text
    linus = app.test_client()
    refused = linus.sign_in("linus")
    assert refused.status_code == 503
    assert "Tell an administrator" in refused.text
    assert not linus.is_in()


def test_an_administrator_whose_page_fails_is_sent_to_health(spoilt, make_app):
    spoilt.overwrite("journal")
    app = make_app()
    ada = signed_in(app, "ada")
    person = re.search(
        r"/settings/users/[0-9a-f-]{36}", ada.get("/settings/users").text
    )
    failed = ada.get(person[0])
    assert failed.status_code == 503
    assert "Stop the server and restore a backup." in failed.text
    assert 'href="/settings/system/health"' in failed.text
    health = ada.get("/settings/system/health")
    assert health.status_code == 200
    assert "The database is damaged." in health.text


def test_who_looks_changes_nothing_and_is_told_why(spoilt, make_app):
    spoilt.overwrite(INDEX)
    app = make_app()
    ada = signed_in(app, "ada")
    before = bytes_of(spoilt)
    for path in ("/settings/system/microsoft-entra-id/token", "/account"):
        answer = ada.submit(path, "/account")
        assert answer.status_code == 503
        assert "session is read-only, so nothing was changed" in answer.text
    assert ada.submit("/sign-out", "/account").status_code == 303
    assert not ada.is_in()
    assert bytes_of(spoilt) == before


def test_passwords_are_still_not_to_be_guessed(spoilt, make_app):
    spoilt.overwrite(INDEX)
    stranger = make_app().test_client()
    answers = [
        stranger.sign_in("ada", f"wrong password {number}").status_code
        for number in range(11)
    ]
    assert answers == [401] * 10 + [429]
    assert stranger.sign_in("ada").status_code == 429


def test_sessions_that_were_stored_before_go_on(spoilt, make_app):
    ada = signed_in(spoilt.app, "ada")
    spoilt.overwrite(INDEX)
    check_refused(spoilt.scim("GET", EMAIL))
    page = ada.get("/settings").text
    assert "The database is damaged." in page
    assert "Your session is read-only" not in page


def test_commands_write_nothing_into_it(spoilt, make_app):
    spoilt.overwrite(INDEX)
    make_app()
    before = bytes_of(spoilt)
    line = Instance(spoilt.file.parent).refusal(1, "token", "create")
    assert line.startswith("The database is damaged.")
    assert bytes_of(spoilt) == before


def test_a_check_of_all_that_finds_nothing_ends_it(spoilt, make_app):
    with spoilt.app.app_context():
        database.state().note_damage(["a cable was loose"])
    check_refused(spoilt.create())
    close(spoilt.app)
    again = make_app()
    with again.app_context():
        assert database.state().damage is None
        assert checks.check_fully(database.state()) == []
    spoilt.app = again
    assert spoilt.create().status_code == 201


@pytest.mark.parametrize("name", ["users", "sessions", "journal", "ix_journal_log_at"])
def test_whatever_is_damaged_no_request_meets_a_500(spoilt, make_app, name):
    spoilt.overwrite(name)
    spoilt.app = make_app()
    answers = [
        spoilt.scim("GET", "/Users"),
        spoilt.create(),
        spoilt.app.test_client().get("/sign-in"),
        spoilt.app.test_client().get("/"),
    ]
    assert answers[1].status_code == 503
    assert {each.status_code for each in answers} <= {200, 303, 503}


def test_a_database_that_does_not_say_its_step_is_not_started(spoilt, make_app):
    spoilt.overwrite("alembic_version")
    before = bytes_of(spoilt)
    with pytest.raises(database.DatabaseUnusable, match="cannot be read"):
        make_app()
    assert bytes_of(spoilt) == before


@pytest.mark.parametrize(
    "noise",
    ["'{\"userName\": '", "CAST(x'ff00fe' AS TEXT)"],
    ids=["half a document", "no text"],
)
@pytest.mark.parametrize("path", ["/Users", '/Users?filter=title eq "x"'])
def test_what_cannot_have_been_written_is_damage(spoilt, noise, path):
    close(spoilt.app)
    connection = database.SQLITE.connect(spoilt.file)
    connection.execute(f"UPDATE users SET document = {noise} WHERE user_name = 'alan'")
    connection.commit()
    connection.close()
    check_refused(spoilt.scim("GET", path))
    check_refused(spoilt.create())


def test_a_monitor_learns_that_it_is_not_ready(spoilt):
    visitor = spoilt.app.test_client()
    assert visitor.get("/readyz").text == "ok\n"
    with spoilt.app.app_context():
        database.state().note_damage(["page 7 is noise"])
    refused = visitor.get("/readyz")
    assert (refused.status_code, refused.text) == (503, "not ready\n")
    assert refused.headers["Retry-After"]
    assert visitor.get("/healthz").status_code == 200


def test_a_right_password_is_no_guess(spoilt, make_app):
    spoilt.overwrite(INDEX)
    app = make_app()
    answers = [app.test_client().sign_in("ada").status_code for _ in range(11)]
    assert answers == [303] * 11


def test_health_says_what_is_wrong_also_where_its_settings_are(spoilt, make_app):
    spoilt.overwrite("upkeep_settings")
    ada = signed_in(make_app(), "ada")
    page = ada.get("/settings/system/health")
    assert page.status_code == 200
    assert "The database is damaged." in page.text
    assert "Number kept" not in page.text
