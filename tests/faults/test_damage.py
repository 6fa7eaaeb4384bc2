"""A damaged database is detected, reported, and never written to again."""

import json
import re
import stat

import pytest

from helpers import Instance, close
from netpresenter_next.directory import search_index
from netpresenter_next.storage import checks, database
from netpresenter_next.storage.errors import Kind
from visitors import signed_in

EMAIL = '/Users?filter=emails[type eq "work"].value eq "alan@example.org"'
INDEX = "ix_users_work_email_key"


def bytes_of(faulty):
    return faulty.file.read_bytes()


def check_refused(answer):
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "600"
    assert "The database is damaged." in answer.json["detail"]
    assert "restore a backup" in answer.json["detail"]


def test_damage_found_by_a_query_stops_all_writing(faulty):
    faulty.overwrite(INDEX)
    before = bytes_of(faulty)
    assert faulty.create("before").status_code in (201, 503)
    check_refused(faulty.scim("GET", EMAIL))
    check_refused(faulty.create())
    # Requests that do not read the damaged part are still answered.
    assert faulty.scim("GET", "/ServiceProviderConfig").status_code == 200
    close(faulty.app)
    assert bytes_of(faulty) == before


def test_connections_open_before_the_damage_write_nothing_to_the_file(faulty):
    assert faulty.create().status_code == 201  # in the log; the connection stays open
    log = faulty.file.with_name(faulty.file.name + "-wal")
    assert log.stat().st_size > 0
    before = bytes_of(faulty), log.read_bytes()
    with faulty.app.app_context():
        database.state().note_damage(["page 7 is not valid"])
    check_refused(faulty.create("another"))
    close(faulty.app)
    assert (bytes_of(faulty), log.read_bytes()) == before


def test_a_start_checks_for_damage(faulty, make_app):
    faulty.overwrite(INDEX)
    again = make_app()
    with again.app_context():
        found = database.state().damage
    assert found.kind is Kind.DAMAGED
    assert any("rowid" in each or "btree" in each.lower() for each in found.details)
    mark = faulty.file.with_name("damage.json")
    assert stat.S_IMODE(mark.stat().st_mode) == 0o600
    assert json.loads(mark.read_text())["details"] == list(found.details)


def test_a_damaged_index_of_the_search_affects_scim_only_once_it_is_read(faulty):
    with faulty.app.app_context():
        search_index.index_everybody()
    ada = signed_in(faulty.app, "ada")
    assert "alan" in ada.get("/settings/users?q=alan").text
    faulty.overwrite("search_index_data")
    created = faulty.create()
    assert created.status_code == 201
    person = f"/Users/{created.json['id']}"
    value = {"op": "replace", "path": "displayName", "value": "Grace"}
    assert faulty.scim("PATCH", person, Operations=[value]).status_code == 200
    assert faulty.scim("GET", EMAIL).json["totalResults"] == 1
    assert faulty.scim("DELETE", person).status_code == 204
    searched = ada.get("/settings/users?q=alan")
    assert searched.status_code == 503
    assert "The database is damaged." in searched.text
    check_refused(faulty.create())


def test_only_administrators_can_sign_in_to_a_damaged_database(
    faulty, make_app, caplog
):
    faulty.overwrite(INDEX)
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


def test_an_administrator_whose_page_fails_is_sent_to_health(faulty, make_app):
    faulty.overwrite("journal")
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


def test_a_read_only_session_changes_nothing_and_says_why(faulty, make_app):
    faulty.overwrite(INDEX)
    app = make_app()
    ada = signed_in(app, "ada")
    before = bytes_of(faulty)
    for path in ("/settings/system/microsoft-entra-id/token", "/account"):
        answer = ada.submit(path, "/account")
        assert answer.status_code == 503
        assert "session is read-only, so nothing was changed" in answer.text
    assert ada.submit("/sign-out", "/account").status_code == 303
    assert not ada.is_in()
    assert bytes_of(faulty) == before


def test_password_guesses_are_limited_with_a_damaged_database(faulty, make_app):
    faulty.overwrite(INDEX)
    client = make_app().test_client()
    answers = [
        client.sign_in("ada", f"wrong password {number}").status_code
        for number in range(11)
    ]
    assert answers == [401] * 10 + [429]
    assert client.sign_in("ada").status_code == 429


def test_sessions_from_before_the_damage_continue(faulty, make_app):
    ada = signed_in(faulty.app, "ada")
    faulty.overwrite(INDEX)
    check_refused(faulty.scim("GET", EMAIL))
    page = ada.get("/settings").text
    assert "The database is damaged." in page
    assert "Your session is read-only" not in page


def test_commands_write_nothing_to_a_damaged_database(faulty, make_app):
    faulty.overwrite(INDEX)
    make_app()
    before = bytes_of(faulty)
    line = Instance(faulty.file.parent).expect_error(1, "token", "create")
    assert line.startswith("The database is damaged.")
    assert bytes_of(faulty) == before


def test_a_full_check_without_findings_clears_the_damage(faulty, make_app):
    with faulty.app.app_context():
        database.state().note_damage(["a cable was loose"])
    check_refused(faulty.create())
    close(faulty.app)
    again = make_app()
    with again.app_context():
        assert database.state().damage is None
        assert checks.check_fully(database.state()) == []
    faulty.app = again
    assert faulty.create().status_code == 201


@pytest.mark.parametrize("name", ["users", "sessions", "journal", "ix_journal_audit"])
def test_no_request_is_answered_with_500_whatever_is_damaged(faulty, make_app, name):
    faulty.overwrite(name)
    faulty.app = make_app()
    answers = [
        faulty.scim("GET", "/Users"),
        faulty.create(),
        faulty.app.test_client().get("/sign-in"),
        faulty.app.test_client().get("/"),
    ]
    assert answers[1].status_code == 503
    assert {each.status_code for each in answers} <= {200, 303, 503}


def test_a_database_without_a_readable_step_is_not_served(faulty, make_app):
    faulty.overwrite("alembic_version")
    before = bytes_of(faulty)
    with pytest.raises(database.DatabaseUnusable, match="cannot be read"):
        make_app()
    assert bytes_of(faulty) == before


@pytest.mark.parametrize(
    "content",
    ["'{\"userName\": '", "CAST(x'ff00fe' AS TEXT)"],
    ids=["half a document", "invalid UTF-8"],
)
@pytest.mark.parametrize("path", ["/Users", '/Users?filter=title eq "x"'])
def test_an_invalid_stored_document_counts_as_damage(faulty, content, path):
    close(faulty.app)
    connection = database.SQLITE.connect(faulty.file)
    connection.execute(
        f"UPDATE users SET document = {content} WHERE user_name = 'alan'"
    )
    connection.commit()
    connection.close()
    check_refused(faulty.scim("GET", path))
    check_refused(faulty.create())


@pytest.mark.parametrize("column", ["source", "role_source", "role"])
def test_a_value_that_is_on_no_list_is_not_answered_with_500(faulty, column):
    close(faulty.app)
    connection = database.SQLITE.connect(faulty.file)
    connection.execute("PRAGMA ignore_check_constraints=ON")
    connection.execute(f"UPDATE users SET {column} = '?' WHERE user_name = 'alan'")
    connection.commit()
    connection.close()
    answer = faulty.scim("GET", "/Users")
    assert answer.status_code in (200, 503)
    ada = signed_in(faulty.app, "ada")
    assert ada.get("/settings/users").status_code in (200, 503)
    assert ada.get("/settings").status_code == 200


def test_readyz_reports_a_damaged_database(faulty):
    visitor = faulty.app.test_client()
    assert visitor.get("/readyz").text == "ok\n"
    with faulty.app.app_context():
        database.state().note_damage(["page 7 is not valid"])
    refused = visitor.get("/readyz")
    assert (refused.status_code, refused.text) == (503, "not ready\n")
    assert refused.headers["Retry-After"]
    assert visitor.get("/healthz").status_code == 200


def test_correct_passwords_do_not_count_as_guesses(faulty, make_app):
    faulty.overwrite(INDEX)
    app = make_app()
    answers = [app.test_client().sign_in("ada").status_code for _ in range(11)]
    assert answers == [303] * 11


def test_the_health_page_works_with_its_own_settings_damaged(faulty, make_app):
    faulty.overwrite("upkeep_settings")
    ada = signed_in(make_app(), "ada")
    page = ada.get("/settings/system/health")
    assert page.status_code == 200
    assert "The database is damaged." in page.text
    assert "Number kept" not in page.text
