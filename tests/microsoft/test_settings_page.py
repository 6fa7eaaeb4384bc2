"""Settings > System > Microsoft Entra ID: the connection."""

import pytest
from settings_page import PAGE, save, stored, text_of
from sqlalchemy import select
from tenant import CLIENT, OTHER, SECRET, TENANT

from netpresenter_next.directory.events import Event
from netpresenter_next.directory.sign_in_settings import read_registration
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.web import context
from visitors import hidden, signed_in


def test_a_saved_connection_takes_effect_without_a_restart(
    app, admin, jane, sign_in, rows, microsoft
):
    assert app.test_client().get("/sign-in/microsoft").status_code == 404
    assert save(admin).status_code == 303
    assert sign_in(app.test_client()).status_code == 303
    save(admin, secret="another")
    microsoft.secret = "another"
    assert sign_in(app.test_client()).status_code == 303
    logged = [each.event for each in rows(select(JOURNAL))]
    assert logged.count(Event.SETTINGS_CHANGED) == 2


def test_the_client_secret_is_neither_shown_nor_stored_in_clear(admin, rows, app):
    save(admin)
    assert SECRET not in admin.get(f"{PAGE}/sign-in").text
    assert SECRET.encode() not in stored(rows).secret
    assert SECRET not in str(rows(select(JOURNAL)))
    save(admin, secret="", client_id=OTHER)  # an empty field keeps the secret
    with app.app_context(), database.read() as connection:
        known = read_registration(connection, context.of(app).installation)
    assert (known.secret, known.client_id) == (SECRET, OTHER)


def test_the_addresses_to_register_are_shown(admin):
    page = admin.get(f"{PAGE}/sign-in").text
    for path in ("", "/callback", "/front-channel-logout"):
        assert f'value="http://localhost/sign-in/microsoft{path}"' in page


@pytest.mark.parametrize(
    "tenant",
    ["common", "organizations", "consumers", "../", "evil.example/x", "a b",
     "9188040d-6c67-4c5b-b112-36a304b66dad", "http://169.254.169.254", "10.0.0.1",
     "localhost"],
)  # fmt: skip
def test_an_invalid_tenant_id_is_refused(admin, rows, microsoft, tenant):
    answer = save(admin, tenant_id=tenant)
    assert answer.status_code == 400
    assert "Enter the directory (tenant) ID, a GUID." in text_of(answer)
    assert stored(rows).tenant_id is None
    assert microsoft.requests == []


def test_an_invalid_client_id_is_refused(admin, rows):
    assert save(admin, client_id="my-app").status_code == 400
    assert stored(rows).client_id is None


def test_a_domain_name_is_resolved_to_the_tenant_id(admin, rows, microsoft):
    assert save(admin, tenant_id="Example.ORG").status_code == 303
    assert stored(rows).tenant_id == TENANT
    assert "/example.org/v2.0" in microsoft.requests[0][1]
    microsoft.down = True
    answer = save(admin, tenant_id="other.example.org")
    assert answer.status_code == 400
    assert "could not be reached to look up the directory" in text_of(answer)


def test_a_directory_that_microsoft_does_not_know_is_not_saved(admin, rows, microsoft):
    microsoft.unknown = {OTHER, "typo.example.org"}
    for tenant in microsoft.unknown:
        answer = save(admin, tenant_id=tenant)
        assert answer.status_code == 400
        assert "has no such directory" in text_of(answer)
    assert stored(rows).tenant_id is None


def test_a_directory_is_saved_while_microsoft_cannot_be_reached(admin, rows, microsoft):
    microsoft.down = True
    assert save(admin).status_code == 303
    assert stored(rows).tenant_id == TENANT


def test_another_directory_needs_confirmation_and_ends_sessions(
    app, admin, jane, sign_in, rows
):
    save(admin)
    browser = app.test_client()
    sign_in(browser)
    asked = save(admin, tenant_id=OTHER, secret="of the other one")
    assert asked.status_code == 409
    assert "of the other one" not in asked.text
    assert "1 person is connected with a Microsoft account" in text_of(asked)
    assert stored(rows).tenant_id == TENANT
    assert browser.is_in()
    answer = admin.post(f"{PAGE}/sign-in", data=hidden(asked.text))
    assert answer.status_code == 303
    assert stored(rows).tenant_id == OTHER
    assert rows(select(IDENTITIES)) == []
    assert not browser.is_in()
    assert admin.is_in()
    with app.app_context(), database.read() as connection:
        assert (
            read_registration(connection, context.of(app).installation).secret
            == "of the other one"
        )


def test_an_outdated_form_changes_nothing_and_keeps_what_was_typed(admin, rows):
    save(admin)
    form = hidden(admin.get(f"{PAGE}/sign-in").text)
    save(admin, secret="newer")
    late = {**form, "tenant_id": OTHER, "client_id": CLIENT}
    for version in (form["version"], "abc", "", "9" * 5000):
        answer = admin.post(f"{PAGE}/sign-in", data={**late, "version": version})
        assert answer.status_code == 409
        assert "changed these settings in the meantime" in text_of(answer)
        assert f'value="{OTHER}"' in answer.text  # nothing typed is lost
    assert stored(rows).tenant_id == TENANT


def test_environment_variables_override_the_page_and_are_shown(
    make_app, people, microsoft
):
    app = make_app(
        entra_authority=microsoft.authority,
        entra_tenant_id=TENANT,
        entra_client_secret=SECRET,
    )
    people.app = app
    admin = signed_in(app, "ada")
    page = admin.get(f"{PAGE}/sign-in").text
    for name in ("TENANT_ID", "CLIENT_SECRET", "AUTHORITY"):
        assert f"NETPRESENTER_ENTRA_{name}</code>, which overrides" in page
    assert SECRET not in page
    save(admin, tenant_id=OTHER)
    with app.app_context(), database.read() as connection:
        assert (
            read_registration(connection, context.of(app).installation).tenant_id
            == TENANT
        )


def test_the_id_of_a_secret_is_refused_and_the_value_is_asked_for(admin, rows):
    answer = save(admin, secret=f" {OTHER.upper()} ")
    assert answer.status_code == 400
    assert "Enter the Value of the client secret" in text_of(answer)
    assert OTHER.upper() not in answer.text
    assert stored(rows).secret is None
