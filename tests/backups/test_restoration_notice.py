"""After a restore, a notice asks to restart provisioning until a full cycle is done."""

import json
import shutil

import pytest
from sqlalchemy import select

from helpers import close
from netpresenter_next.backups import making, restoring
from netpresenter_next.directory import people, restorations, scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, USERS
from netpresenter_next.storage.upkeep_models import RESTORATIONS
from netpresenter_next.web import context
from visitors import signed_in

NOTICE = "Restart provisioning in Entra."
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def secret(app, people):
    """A SCIM token that is in the backup."""
    with app.app_context(), database.write() as connection:
        return scim_tokens.issue(connection, COMMAND_LINE, "Entra", "form")


@pytest.fixture
def restored(secret, populated, people, config, folder, make_app):
    """The application after a restore.

    After the backup, jane was disabled and max was created.  Nobody sends local groups.
    """
    people.local_group("Locals", people.find("jane"))
    made = making.make(config, folder)
    jane = person(populated, "jane")
    people.change(jane, active=False)
    people.provisioned("max")
    close(populated)
    restoring.restore(config, made.path)
    return make_app()


def person(app, name):
    with app.app_context(), database.read() as connection:
        return people.find_by_name(connection, name)


def read(app, query):
    with app.app_context(), database.read() as connection:
        return connection.execute(query).all()


def ids(app):
    """Return the ids of people and groups, by their names."""
    people = read(app, select(USERS.c.user_name, USERS.c.id))
    return dict([*people, *read(app, select(GROUPS.c.display_name, GROUPS.c.id))])


def sentences(app, event):
    query = select(JOURNAL).where(JOURNAL.c.event == event.value)
    return [describe(row) for row in read(app, query)]


def page(app, path="/settings/users"):
    return signed_in(app, "ada").get(path).text


class Client:
    """Sends SCIM requests as Microsoft Entra ID does."""

    def __init__(self, app, secret):
        self._browser = app.test_client()
        self._headers = {"Authorization": f"Bearer {secret}"}

    def send(self, method, path, document=None):
        return self._browser.open(
            f"/scim/v2{path}",
            method=method,
            headers=self._headers,
            data=None if document is None else json.dumps(document),
            content_type="application/scim+json",
        )

    def look_up(self, kind, attribute, name):
        path = f'/{kind}?filter={attribute} eq "{name}"'
        return self.send("GET", path).json["Resources"]

    def patch(self, kind, resource_id, **operation):
        document = {"schemas": [PATCH], "Operations": [operation]}
        return self.send("PATCH", f"/{kind}/{resource_id}", document)


@pytest.fixture
def entra(restored, secret):
    return Client(restored, secret)


# ---------------------------------------------------------------------- the notice
def test_administrators_see_the_notice_on_every_page(restored, people, config):
    for path in (
        "/",
        "/account",
        "/settings/users",
        "/settings/groups",
        "/settings/system",
        "/settings/system/microsoft-entra-id",
    ):
        text = page(restored, path)
        assert NOTICE in text, path
        assert "choose Restart provisioning" in text
    assert "0 of 3 people and groups have been received" in text
    assert "Can sign in now, but could not before the restore: jane." in text
    assert NOTICE not in restored.test_client().get("/sign-in").text
    people.app = restored
    people.local("linus")
    assert NOTICE not in signed_in(restored, "linus").get("/account").text
    (said,) = sentences(restored, Event.BACKUP_RESTORED)
    assert said.startswith("Restored the backup netpresenter-20")
    assert not (config.instance / "restored.json").exists()


def test_without_a_restore_there_is_no_notice(app, people):
    assert context.of(app).cycle_watch.cycle is None
    assert NOTICE not in page(app)


def test_a_restore_is_recorded_once_if_the_first_start_was_interrupted(
    populated, config, folder, make_app, tmp_path
):
    restoring.restore(config, making.make(config, folder).path)
    shutil.copy(config.instance / "restored.json", tmp_path / "kept.json")
    close(make_app())
    shutil.copy(tmp_path / "kept.json", config.instance / "restored.json")
    app = make_app()
    assert len(read(app, select(RESTORATIONS))) == 1
    assert len(sentences(app, Event.BACKUP_RESTORED)) == 1
    assert NOTICE in page(app)


def test_the_server_starts_with_an_unreadable_restore_report(
    populated, config, make_app, caplog
):
    (config.instance / "restored.json").write_text("half")
    app = make_app()
    assert "restart provisioning in Entra" in caplog.text
    assert NOTICE not in page(app)


def test_the_notice_survives_a_restart_and_ends_with_another_restore(
    restored, config, folder, make_app
):
    close(restored)
    app = make_app()
    assert NOTICE in page(app)
    made = making.make(config, folder)
    close(app)
    restoring.restore(config, made.path)
    app = make_app()
    rows = read(app, select(RESTORATIONS.c.ended_by))
    assert sorted(row.ended_by or "" for row in rows) == ["", "another restore"]


def test_an_administrator_can_dismiss_the_notice(restored, config, make_app):
    ada = signed_in(restored, "ada")
    (row,) = read(restored, select(RESTORATIONS))
    path = f"/settings/restorations/{row.id}/dismiss"
    assert ada.post(path).status_code == 403  # without a CSRF token
    ada.submit("/settings/restorations/other/dismiss", page="/settings/users")
    assert NOTICE in ada.get("/settings/users").text
    done = ada.submit(path, page="/settings/groups")
    assert (done.status_code, done.location) == (303, "/settings/groups")
    assert NOTICE not in ada.get("/settings/users").text
    (row,) = read(restored, select(RESTORATIONS))
    assert (row.ended_by, row.ended_at is None) == ("ada", False)
    (said,) = sentences(restored, Event.RESTORATION_ENDED)
    assert said.startswith("Dismissed the notice that the backup of 20")
    ada.submit(path, page="/settings/users")
    close(restored)
    app = make_app()
    assert NOTICE not in page(app)
    assert len(sentences(app, Event.RESTORATION_ENDED)) == 1


def test_only_administrators_can_dismiss_the_notice(restored, people):
    people.app = restored
    people.local("linus")
    linus = signed_in(restored, "linus")
    (row,) = read(restored, select(RESTORATIONS))
    path = f"/settings/restorations/{row.id}/dismiss"
    assert linus.submit(path, page="/account").status_code == 403
    assert NOTICE in page(restored)


# ------------------------------------------------------------------ a full cycle
def test_only_a_full_provisioning_cycle_ends_the_notice(restored, entra, people):
    """Max is missing and jane is active again: an incremental cycle sends neither."""
    assert "max" not in ids(restored)
    change = {"op": "replace", "path": "title", "value": "Writer"}
    unknown = "11111111-1111-7111-8111-111111111111"
    assert entra.patch("Users", unknown, **change).status_code == 404
    assert NOTICE in page(restored)
    # Now a full cycle, as after "Restart provisioning".
    (found,) = entra.look_up("Users", "userName", "jane")
    off = {"op": "replace", "path": "active", "value": False}
    assert entra.patch("Users", found["id"], **off).status_code == 200
    assert entra.look_up("Users", "userName", "max") == []
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "max",
        "externalId": "max",
        "emails": [{"type": "work", "value": "max@example.org"}],
    }
    assert entra.send("POST", "/Users", document).status_code == 201
    assert "1 of 3 people and groups have been received" in page(restored)
    assert "Not received yet: Readers, zoë." in page(restored)
    known = ids(restored)
    assert entra.send("GET", f"/Users/{known['zoë']}").status_code == 200
    assert NOTICE in page(restored)
    member = {"op": "add", "path": "members", "value": [{"value": known["max"]}]}
    assert entra.patch("Groups", known["Readers"], **member).status_code == 200
    assert NOTICE not in page(restored)
    (row,) = read(restored, select(RESTORATIONS))
    assert row.ended_by == "Microsoft Entra ID"
    (said,) = sentences(restored, Event.RESTORATION_ENDED)
    assert said.startswith("All people and groups of the backup of 20")
    assert not person(restored, "jane").active


def test_a_list_without_a_filter_does_not_count_as_a_cycle(restored, entra):
    assert entra.send("GET", "/Users").json["totalResults"] == 2
    assert entra.send("GET", "/Groups").json["totalResults"] == 1
    assert "0 of 3" in page(restored)


def test_a_filter_counts_every_resource_that_it_matches(restored, entra):
    entra.send("GET", "/Users?filter=userName pr")
    entra.send("GET", '/Groups?filter=displayName eq "readers"')
    assert NOTICE not in page(restored)


def test_a_bulk_request_counts_for_the_cycle(restored, entra):
    known = ids(restored)
    operations = [
        {
            "method": "PATCH",
            "path": f"/{kind}/{known[name]}",
            "data": {"Operations": [{"op": "add", "path": "externalId", "value": "x"}]},
        }
        for kind, name in (("Users", "jane"), ("Users", "zoë"), ("Groups", "Readers"))
    ]
    schema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    entra.send("POST", "/Bulk", {"schemas": [schema], "Operations": operations})
    assert NOTICE not in page(restored)


def test_the_cycle_does_not_wait_for_deleted_people(restored, entra, people):
    people.app = restored
    people.delete(person(restored, "zoë"))
    entra.look_up("Users", "userName", "jane")
    assert "Not received yet: Readers." in page(restored)
    entra.look_up("Groups", "displayName", "Readers")
    assert NOTICE not in page(restored)


def test_ending_the_notice_is_retried_when_the_database_was_busy(
    restored, entra, monkeypatch
):
    write, is_busy = database.write, True

    def busy(*arguments):
        if is_busy:
            raise database.Busy
        return write(*arguments)

    entra.send("GET", "/Users?filter=userName pr")
    monkeypatch.setattr(restorations.database, "write", busy)
    assert entra.look_up("Groups", "displayName", "Readers")
    (row,) = read(restored, select(RESTORATIONS))
    assert row.ended_at is None
    is_busy = False
    entra.send("GET", "/ServiceProviderConfig")
    (row,) = read(restored, select(RESTORATIONS))
    assert row.ended_by == "Microsoft Entra ID"


def test_without_provisioned_people_only_an_administrator_ends_the_notice(
    app, people, config, folder, make_app, secret
):
    close(app)
    restoring.restore(config, making.make(config, folder).path)
    app = make_app()
    Client(app, secret).send("GET", "/Users?filter=userName pr")
    text = page(app)
    assert NOTICE in text
    assert "have been received" not in text
