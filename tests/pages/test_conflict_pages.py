"""Settings > Conflicts: the queue, the page of a conflict, and what Entra does next.

The requests are those that Microsoft Entra ID sends.
"""

import csv
import html
import io
import json
import re
from urllib.parse import quote

import pytest
from sqlalchemy import event, insert, select

from factories import ENTRA
from helpers import PASSWORD, Instance
from netpresenter_next.directory import (
    claimants,
    conflict_decisions,
    conflict_queue,
    conflicts,
    scim_tokens,
)
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.pages.conflict_sentences import KIND_NAMES
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import CONFLICT_REASONS, Reason
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import CONFLICTS, KEPT_APART
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from visitors import hidden, signed_in

QUEUE = "/settings/conflicts"
JANE, OID = "jane@example.org", "0f5c8a52-6c0a-4b0f-9d6e-3f1f5f0d7a11"
OTHER = "ffff0000-1111-2222-3333-444444444444"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Entra:
    """Microsoft Entra ID, which provisions one person at a time."""

    def __init__(self, client):
        self.client = client

    def body(self, user_name=JANE, external_id=OID, address=JANE):
        return {
            "schemas": [CORE, ENTERPRISE],
            "externalId": external_id,
            "userName": user_name,
            "active": True,
            "displayName": "Jane Bakker",
            "title": "Head of sales",
            "emails": [{"primary": True, "type": "work", "value": address}],
            "meta": {"resourceType": "User"},
            ENTERPRISE: {"department": "Sales"},
        }

    def look_up(self, path, value):
        """Ask for the person by a matching attribute; return who is found."""
        query = quote(f'{path} eq "{value}"')
        answer = self.client.get(f"/scim/v2/Users?filter={query}")
        assert answer.status_code == 200
        return [each["id"] for each in answer.json["Resources"]]

    def create(self, **sent):
        return self.client.post("/scim/v2/Users", json=self.body(**sent))

    def provision(self, matching="userName", **sent):
        """Do what a cycle does: look up, then change or create."""
        body = self.body(**sent)
        work = 'emails[type eq "work"].value'
        values = {"userName": body["userName"], "externalId": body["externalId"]}
        values[work] = body["emails"][0]["value"]
        found = self.look_up(matching, values[matching])
        if not found:
            return self.create(**sent)
        changes = {**values, "active": "True", "displayName": body["displayName"]}
        steps = [
            {"op": "Add", "path": path, "value": value}
            for path, value in changes.items()
        ]
        patch = {"schemas": [PATCH_OP], "Operations": steps}
        return self.client.patch(f"/scim/v2/Users/{found[0]}", json=patch)


@pytest.fixture
def entra(app, people):
    with app.app_context(), database.write() as connection:
        secret = scim_tokens.issue(connection, COMMAND_LINE, "test", "n" * 20)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return Entra(client)


@pytest.fixture
def stored(rows):
    """Returns the current row of a person."""
    return lambda person: rows(select(USERS).where(USERS.c.id == person.id))[0]


@pytest.fixture
def page_of(rows):
    """Returns the path of the only open conflict."""

    def page_of():
        ((conflict_id,),) = rows(select(CONFLICTS.c.id))
        return f"{QUEUE}/{conflict_id}"

    return page_of


@pytest.fixture
def events_of(rows):
    """Returns the actors and targets of all events of a kind."""

    def events_of(kind):
        found = rows(select(JOURNAL).where(JOURNAL.c.event == kind))
        return [(each.actor_name, each.target_name) for each in found]

    return events_of


def text_of(answer):
    return " ".join(html.unescape(answer.text).split())


def press(browser, path, what, **fields):
    return browser.submit(f"{path}/{what}", page=path, **fields)


# ------------------------------------------------------------- link, and then
@pytest.mark.parametrize(
    "matching", ["userName", "externalId", 'emails[type eq "work"].value']
)
def test_after_a_link_the_same_account_answers_and_entra_heals_the_rest(
    administrator, people, entra, stored, page_of, events_of, matching
):
    jane = people.local(JANE)
    hers = signed_in(administrator.application, JANE)
    refused = entra.provision(matching)
    assert (refused.status_code, refused.json["scimType"]) == (409, "uniqueness")
    assert "Press Link" in refused.json["detail"]
    assert "under Settings > Conflicts in Netpresenter Next" in refused.json["detail"]
    answer = press(administrator, page_of(), "link")
    assert answer.location == f"/settings/users/{jane.id}"
    assert "then finds this account" in text_of(administrator.get(answer.location))
    assert entra.look_up("userName", JANE.upper()) == [jane.id]
    healed = entra.provision(matching)
    assert healed.status_code in (200, 201), healed.text
    assert healed.json["id"] == jane.id
    row = stored(jane)
    assert (row.external_id, row.display_name) == (OID, "Jane Bakker")
    assert (row.role, row.password_hash) == (jane.role, jane.password_hash)
    assert (row.source, row.awaited_claimant) == ("provisioned", None)
    assert hers.is_in()
    assert administrator.application.test_client().sign_in(JANE).status_code == 303
    assert entra.provision(matching).status_code in (200, 409)
    assert events_of(Event.ACCOUNT_LINKED) == [("ada", JANE)]
    assert len(events_of(Event.CLAIMED)) == 1
    assert "There is no conflict." in administrator.get(QUEUE).text


def test_a_link_by_e_mail_gives_the_account_the_user_name_that_entra_asks_for(
    administrator, people, entra, stored, page_of
):
    grace = people.local("grace")
    people.change(grace, emails=[{"type": "work", "value": JANE}])
    assert entra.provision().status_code == 409
    shown = text_of(administrator.get(page_of()))
    assert f"Its user name becomes <strong>{JANE}</strong>" in shown
    assert press(administrator, page_of(), "link").status_code == 303
    assert entra.look_up("userName", JANE) == [grace.id]
    assert entra.look_up("externalId", OID) == [grace.id]
    assert entra.provision().status_code == 200
    assert (stored(grace).user_name, stored(grace).external_id) == (JANE, OID)


def test_a_link_by_e_mail_is_refused_while_another_account_has_the_user_name(
    administrator, people, entra, stored, page_of
):
    grace = people.local("grace")
    people.change(grace, emails=[{"type": "work", "value": JANE}])
    assert entra.provision().status_code == 409
    path = page_of()
    people.local(JANE)
    before = stored(grace)
    answer = press(administrator, path, "link")
    assert answer.status_code == 409
    assert "grace cannot be linked: A local account" in text_of(answer)
    assert stored(grace) == before


def test_an_administrator_is_linked_alone_with_a_tick_and_keeps_the_role(
    administrator, people, entra, stored, page_of
):
    boss = people.local(JANE, role=ADMINISTRATOR)
    assert entra.provision().status_code == 409
    assert JANE not in administrator.get(f"{QUEUE}/link-matches").text
    page = text_of(administrator.get(page_of()))
    assert f"{JANE} is an administrator." in page
    answer = press(administrator, page_of(), "link")
    assert answer.status_code == 409
    assert "confirm first that you compared both" in text_of(answer)
    assert stored(boss).source == "local"
    assert press(administrator, page_of(), "link", checked="on").status_code == 303
    assert entra.provision().status_code == 200
    assert (stored(boss).role, stored(boss).external_id) == (ADMINISTRATOR, OID)
    waiting = text_of(administrator.get(QUEUE))
    assert "Administrators to confirm" in waiting
    assert OID in waiting


def test_an_account_with_emergency_access_is_renamed_and_the_person_created(
    administrator, people, entra, page_of, stored
):
    help_ = people.local(JANE, role=ADMINISTRATOR, emergency=True)
    detail = entra.provision().json["detail"]
    assert "it cannot be linked. Press Rename under Settings > Conflicts" in detail
    page = text_of(administrator.get(page_of()))
    assert "This account has emergency access, so it stays local" in page
    assert '/link"' not in page
    taken = press(administrator, page_of(), "rename", user_name="ada")
    assert taken.status_code == 409
    assert "Another account has the user name" in taken.text
    answer = press(administrator, page_of(), "rename", user_name="first-aid")
    assert answer.location == QUEUE
    assert "is now named first-aid. Microsoft Entra ID creates jane@example.org" in (
        administrator.get(QUEUE).text
    )
    assert stored(help_).user_name == "first-aid"
    assert entra.provision().status_code == 201
    log = "/settings/system/provisioning-log"
    page = administrator.get(log).text
    cells = re.findall(r'<td data-label="What happened">.*?</td>', page, re.S)
    created, refused, opened = [each.partition("<details>")[0] for each in cells]
    assert "Created jane@example.org" in created
    assert "Rejected" in refused
    assert "Conflict: Provisioning wants" in opened
    assert "Rejected" not in opened
    audit = text_of(administrator.get("/settings/system/audit-log"))
    assert (
        "Conflict closed: the account here has the user name first-aid now, so "
        "Microsoft Entra ID can create jane@example.org in its next cycle." in audit
    )


def test_of_an_opened_conflict_only_the_refused_request_counts_as_failed(
    app, administrator, people, entra
):
    people.local(JANE, role=ADMINISTRATOR)
    assert entra.provision().status_code == 409
    log = "/settings/system/provisioning-log"
    for outcome, code in (
        ("succeeded", "conflict.opened"),
        ("failed", "scim.refused"),
    ):
        page = administrator.get(f"{log}?outcome={outcome}").text
        assert ("Conflict: Provisioning wants" in page) is (outcome == "succeeded")
        assert ("Rejected" in page) is (outcome == "failed")
        text = administrator.get(f"{log}.csv?outcome={outcome}").text
        rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        found = {row["event"]: row["outcome"] for row in rows}
        assert found[code] == outcome
        assert set(found.values()) == {outcome}
    with app.app_context():
        instance = Instance(database.state().path.parent)
    lines = map(json.loads, instance.output("log", "--json").splitlines())
    printed = {each["event"]: each["succeeded"] for each in lines}
    assert printed["conflict.opened"]
    assert not printed["scim.refused"]


def test_a_decision_on_a_closed_conflict_is_refused_on_the_queue(
    administrator, people, entra, page_of
):
    grace = people.local(JANE)
    assert entra.provision().status_code == 409
    path = page_of()
    form = hidden(administrator.get(path).text)
    people.delete(grace)
    for what in ("link", "keep-apart", "rename"):
        sent = {**form, "user_name": "x"}
        answer = administrator.post(f"{path}/{what}", data=sent)
        assert answer.status_code == 409
        assert "Nothing was changed" in answer.text
    assert administrator.get(path).status_code == 404
    assert administrator.post(f"{path}/dismiss", data=form).status_code == 404


# ------------------------------------------------------------- comparing
def test_the_page_of_a_conflict_compares_what_is_here_with_what_was_sent(
    administrator, people, entra, page_of
):
    people.local(JANE, role=ADMINISTRATOR)
    sent = entra.body() | {"password": PASSWORD, "displayName": "<b>Jane</b>\u202e"}
    assert entra.client.post("/scim/v2/Users", json=sent).status_code == 409
    page = administrator.get(page_of()).text
    assert "<b>Jane" not in page
    table = text_of(administrator.get(page_of())).split("<tbody>")[1]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table)
    found = {name: re.findall(r"<div>(.*?)</div>", cells) for name, cells in rows}
    assert found["User name"] == [JANE, f'{JANE} <span class="pill ok">same</span>']
    assert found["Work e-mail"] == ["–", JANE]
    assert found["externalId"] == ["–", OID]
    assert found["Title"] == ["–", "Head of sales"]
    assert found["Department"] == ["–", "Sales"]
    assert found["Source"][0] == "Local"
    assert found["Role"][0] == "Administrator"
    assert "Link all with" not in administrator.get(QUEUE).text
    assert found["Local password"] == ["yes"]
    assert table.count('<td data-label="Here" colspan="2">') == 6
    assert found["Last sign-in"][0] == "never"
    assert PASSWORD not in page


def test_several_claimants_are_shown_and_decided_one_by_one(
    administrator, people, entra, stored, rows, page_of
):
    jane = people.local(JANE)
    assert entra.create().status_code == 409
    assert entra.create(external_id=OTHER).status_code == 409
    page = administrator.get(page_of()).text
    assert "sent several people for this account" in text_of(
        administrator.get(page_of())
    )
    ((sent,),) = rows(select(CONFLICTS.c.sent))
    first, second = claimants.read(sent)
    assert page.count(f'value="{first.fingerprint}"') == 2
    apart = press(administrator, page_of(), "keep-apart", claimant=first.fingerprint)
    assert apart.location == QUEUE
    linked = press(administrator, page_of(), "link", claimant=second.fingerprint)
    assert linked.status_code == 303
    assert stored(jane).external_id == OTHER


# ------------------------------------------------------------- together
def test_all_with_the_same_user_name_are_linked_after_the_list_was_shown(
    administrator, people, entra, stored, rows
):
    names = [f"{each}@example.org" for each in ("ann", "ben", "cleo", "dan", "eve")]
    locals_ = [people.local(each) for each in names]
    boss = people.local("boss@example.org", role=ADMINISTRATOR)
    for number, name in enumerate((*names, "boss@example.org")):
        sent = {"user_name": name, "external_id": f"x{number}", "address": name}
        assert entra.create(**sent).status_code == 409
    # A second claimant for eve.
    assert entra.create(user_name=names[4], external_id="x9").status_code == 409
    assert "Link all with" in administrator.get(QUEUE).text
    page = administrator.get(f"{QUEUE}/link-matches").text
    assert "Link 4 accounts" in page
    assert "boss" not in page
    fields = re.findall(r'name="match" value="([^"]+)"', page)
    token = hidden(page)["csrf_token"]
    # Until the button is pressed, ben is renamed and other values come for cleo.
    renaming = f"/settings/users/{locals_[1].id}"
    press(administrator, renaming, "rename", user_name="benny@example.org")
    other = {"user_name": names[2], "external_id": "x2", "address": "new@example.org"}
    assert entra.create(**other).status_code == 409
    sent = {"csrf_token": token, "match": [*fields, "x", "none x"]}
    answer = administrator.post(f"{QUEUE}/link-matches", data=sent)
    assert answer.location == QUEUE
    told = text_of(administrator.get(QUEUE))
    assert "Linked: 2 accounts." in told
    assert "3 accounts changed in the meantime" in told
    sources = [stored(each).source for each in (*locals_, boss)]
    assert sources == ["provisioned", *["local"] * 2, "provisioned", *["local"] * 2]
    assert entra.provision(user_name=names[0], external_id="x0").status_code == 200


# ------------------------------------------------------------- the setting
def test_local_accounts_are_linked_automatically_only_if_an_administrator_says_so(
    administrator, people, entra, stored, rows, events_of
):
    jane = people.local(JANE)
    assert entra.provision().status_code == 409
    answer = press(administrator, QUEUE, "same-user-name", choice="link")
    assert answer.location == QUEUE
    assert '<option value="link" selected>' in administrator.get(QUEUE).text
    made = entra.provision()
    assert (made.status_code, made.json["id"]) == (201, jane.id)
    assert made.headers["Location"].endswith(jane.id)
    row = stored(jane)
    assert (row.source, row.external_id, row.awaited_claimant) == (
        "provisioned",
        OID,
        None,
    )
    assert row.password_hash == jane.password_hash
    assert rows(select(CONFLICTS)) == []
    ((_, linked),) = events_of(Event.ACCOUNT_LINKED)
    assert linked == JANE
    assert press(administrator, QUEUE, "same-user-name", choice="x").status_code == 303
    assert rows(select(SIGN_IN_SETTINGS.c.link_automatically)) == [(True,)]
    press(administrator, QUEUE, "same-user-name", choice="ask")
    assert rows(select(SIGN_IN_SETTINGS.c.link_automatically)) == [(False,)]
    assert len(events_of(Event.SETTINGS_CHANGED)) == 2


def test_a_bulk_request_links_nobody_automatically(
    administrator, people, entra, stored
):
    jane = people.local(JANE)
    press(administrator, QUEUE, "same-user-name", choice="link")
    operation = {"method": "POST", "path": "/Users", "bulkId": "a"}
    message = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    body = {"schemas": [message], "Operations": [operation | {"data": entra.body()}]}
    answer = entra.client.post("/scim/v2/Bulk", json=body)
    assert answer.json["Operations"][0]["status"] == "409"
    assert stored(jane) == jane


# ------------------------------------------------------------- kept apart
def test_kept_apart_is_listed_and_can_be_taken_back(
    administrator, people, entra, rows, page_of, events_of
):
    grace = people.local("grace")
    people.change(grace, emails=[{"type": "work", "value": JANE}])
    assert entra.provision().status_code == 409
    assert press(administrator, page_of(), "keep-apart").location == QUEUE
    assert "with the same work e-mail" in administrator.get(QUEUE).text
    assert rows(select(CONFLICTS)) == []
    listed = text_of(administrator.get(f"{QUEUE}/kept-apart"))
    assert f"{JANE} <code>{OID}</code>" in listed
    ((decision_id,),) = rows(select(KEPT_APART.c.id))
    path = f"{QUEUE}/kept-apart/{decision_id}"
    again = administrator.submit(f"{path}/take-back", page=f"{QUEUE}/kept-apart")
    assert again.location == f"{QUEUE}/kept-apart"
    assert "Nobody is kept apart." in administrator.get(f"{QUEUE}/kept-apart").text
    assert entra.provision().status_code == 409
    assert len(rows(select(CONFLICTS))) == 1
    form = hidden(administrator.get(QUEUE).text)
    gone = administrator.post(f"{path}/take-back", data=form)
    assert gone.status_code == 303
    assert events_of(Event.KEPT_APART) == [("ada", "grace")]
    assert events_of(Event.DECISION_WITHDRAWN) == [("ada", "grace")]


# ------------------------------------------------------------- the queue
def test_every_reason_belongs_to_one_kind():
    reasons = [each for some in conflict_queue.KINDS.values() for each in some]
    assert sorted(reasons) == sorted(CONFLICT_REASONS)
    assert set(KIND_NAMES) == set(conflict_queue.KINDS)


def test_the_queue_has_conflicts_of_every_kind_and_a_page_for_each(
    app, administrator, people, rows
):
    grace = people.local("grace")
    with app.app_context(), database.write() as connection:
        for reason in CONFLICT_REASONS:
            found = DetectedConflict(grace, reason, "value", "claimant", OID)
            conflicts.open_(connection, found, ENTRA)
    for kind, reasons in conflict_queue.KINDS.items():
        page = administrator.get(f"{QUEUE}?kind={kind}").text
        assert page.count("Open<span") == len(reasons)
    assert administrator.get(f"{QUEUE}?kind=none").text.count("Open<span") == 16
    assert '16<span class="vh"> open' in administrator.get("/settings/users").text
    for (conflict_id,) in rows(select(CONFLICTS.c.id)):
        shown = administrator.get(f"{QUEUE}/{conflict_id}")
        assert shown.status_code == 200
        assert f"{QUEUE}/{conflict_id}" in administrator.get(QUEUE).text


def test_the_page_of_a_person_leads_to_the_conflict(
    administrator, people, entra, page_of
):
    jane = people.local(JANE)
    assert entra.provision().status_code == 409
    assert f'href="{page_of()}"' in administrator.get(f"/settings/users/{jane.id}").text


def test_ten_thousand_conflicts_cost_no_more_than_a_hundred(
    app, administrator, people, rows
):
    grace = people.local("grace")

    def add(first, last):
        made = [
            {
                "id": f"0{each:07}-0000-7000-8000-000000000000",
                "user_id": grace.id,
                "reason": Reason.OWNED if each % 2 else Reason.LOCAL_USER_NAME,
                "value": str(each),
                "claimant": "x",
                "sent": [],
                "opened_at": people.ada.created_at,
                "seen_at": people.ada.created_at,
            }
            for each in range(first, last)
        ]
        with app.app_context(), database.write() as connection:
            connection.execute(insert(CONFLICTS), made)

    def measure():
        counted = {}
        for path in ("", "?kind=sign-in", "?last=1", "/link-matches", "/kept-apart"):
            statements = []
            with app.app_context():
                engine = database.db.engine

            def note(_c, _cursor, statement, *_, statements=statements):
                statements.append(statement)

            event.listen(engine, "before_cursor_execute", note)
            page = administrator.get(QUEUE + path)
            event.remove(engine, "before_cursor_execute", note)
            assert page.status_code == 200
            counted[path] = len(statements)
        return counted

    add(0, 100)
    few = measure()
    assert few[""] <= 23
    add(100, 10_000)
    assert measure() == few
    page = administrator.get(QUEUE).text
    assert page.count("Open<span") == 50
    assert "More than 1,000 conflicts" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    second = administrator.get(html.unescape(following)).text
    shown = [re.findall(rf'href="({QUEUE}/0[^"]+)"', each) for each in (page, second)]
    assert len({*shown[0], *shown[1]}) == 100
    assert max(shown[1]) < min(shown[0])
    with app.app_context(), database.read() as connection:
        assert conflict_decisions.list_matches(connection) == []
