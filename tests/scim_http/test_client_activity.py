"""What SCIM clients send is counted, and shown on the page Microsoft Entra ID."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from clocks import HOUR, MINUTE, SettableClock
from netpresenter_next.directory import (
    arrived_attributes,
    provisioning_status,
    scim_tokens,
    scim_traffic,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.settings.entra import status_card
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.scim_models import SCIM_CYCLES, SCIM_TRAFFIC, ScimTraffic
from netpresenter_next.web import context

ENTRA = "/settings/system/microsoft-entra-id"
PROBE = 'userName eq "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11"'
USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "jane@example.org",
    "externalId": "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a12",
    "emails": [{"type": "work", "value": "jane@example.org"}],
    "active": True,
    "weird": "x",
}


@pytest.fixture
def clock(monkeypatch):
    return SettableClock(monkeypatch)


@pytest.fixture
def issue(app):
    def issue(nonce="n" * 16, **more):
        with app.app_context(), database.write() as connection:
            return scim_tokens.issue(connection, COMMAND_LINE, "Entra", nonce, **more)

    return issue


@pytest.fixture
def send(app, issue):
    """Send a SCIM request with a token, by default always the same one."""
    secret = issue()

    def send(method, path, token=secret, **more):
        headers = {"Authorization": f"Bearer {token}"}
        client = app.test_client(use_cookies=False)
        return client.open(f"/scim/v2{path}", method=method, headers=headers, **more)

    return send


@pytest.fixture
def store(app):
    def store():
        with app.app_context():
            context.of(app).activity.store()

    return store


def shown(administrator, path=""):
    return " ".join(administrator.get(ENTRA + path).text.split())


def state(administrator):
    return re.search(r'<span class="pill[^"]*">([^<]*)', shown(administrator))[1]


def test_requests_are_counted_by_cycle_and_by_ten_minutes(send, store, rows, clock):
    send("GET", "/Users", query_string={"filter": PROBE})
    send("GET", "/Users", query_string={"filter": 'userName eq "jane"'})
    assert send("POST", "/Users", json=USER).status_code == 201
    assert send("POST", "/Users", json=USER).status_code == 409
    store()
    clock.step(5 * MINUTE)
    send("GET", "/Users/none")
    store()
    clock.step(11 * MINUTE)
    send("GET", "/Users")
    store()
    columns = ("requests", "writes", "refused", "probes")
    cycles = rows(select(*(SCIM_CYCLES.c[each] for each in columns)))
    assert [tuple(each) for each in cycles] == [(5, 1, 2, 1), (1, 0, 0, 0)]
    traffic = rows(select(*(SCIM_TRAFFIC.c[each] for each in columns)))
    assert [sum(each) for each in zip(*traffic, strict=True)] == [6, 1, 2, 1]


def test_a_test_of_the_connection_is_recorded_once_a_minute(send, store, rows, clock):
    for seconds in (0, 10, 70):
        clock.step(seconds)
        send("GET", "/Users", query_string={"filter": PROBE})
        store()
    tested = select(JOURNAL).where(JOURNAL.c.event == Event.CONNECTION_TESTED.value)
    assert len(rows(tested)) == 2


def test_requests_are_kept_until_the_database_is_free(app, send, store, rows):
    send("GET", "/Users")
    with ThreadPoolExecutor() as pool, app.app_context(), database.write():
        pool.submit(store).result()
    assert rows(select(SCIM_CYCLES)) == []
    store()
    assert [each.requests for each in rows(select(SCIM_CYCLES))] == [1]


def test_the_state_follows_what_entra_sends(app, administrator, send, issue, clock):
    assert state(administrator) == "Waiting for first contact"
    send("GET", "/Users", token="npn_scim_" + "a" * 49)
    assert state(administrator) == "Waiting for first contact"
    send("GET", "/Users", query_string={"filter": PROBE})
    assert state(administrator) == "Connected"
    assert send("POST", "/Users", json={"userName": ""}).status_code == 400
    assert state(administrator) == "Failing"
    assert "disabled after 28 days" in shown(administrator)
    clock.step(11 * MINUTE)
    assert send("POST", "/Users", json=USER).status_code == 201
    assert state(administrator) == "Connected"
    clock.step(3 * HOUR)
    assert state(administrator) == "Quiet"
    administrator.sign_in("ada")
    clock.step(24 * HOUR)
    administrator.sign_in("ada")
    assert state(administrator) == "No contact"


def test_a_former_token_does_not_count_once_its_successor_was_used(
    app, administrator, send, issue, clock
):
    """Whoever still sends it is another application than the one that was changed."""

    def read_state():
        with app.app_context(), database.read() as connection:
            return provisioning_status.read_status(connection).state

    def revoke_first():
        with app.app_context(), database.write() as connection:
            first = scim_tokens.list_live(connection)[0]
            scim_tokens.revoke(connection, COMMAND_LINE, first.id)

    send("GET", "/ServiceProviderConfig")
    successor = issue("s" * 16)
    clock.step(MINUTE)
    revoke_first()
    clock.step(MINUTE)
    assert send("GET", "/ServiceProviderConfig").status_code == 401
    assert read_state() is State.REJECTED
    clock.step(2 * MINUTE)
    assert send("GET", "/ServiceProviderConfig", successor).status_code == 200
    clock.step(HOUR)
    assert send("GET", "/ServiceProviderConfig").status_code == 401
    assert read_state() is State.CONNECTED
    assert "Connected" in administrator.get(ENTRA).text


def test_requests_refused_in_the_week_are_said_after_their_day(
    administrator, send, clock
):
    said = "was refused in the last 7 days, on "
    send("POST", "/Users", json={"userName": ""})
    assert said not in shown(administrator)
    assert said not in administrator.get("/").text
    clock.step(25 * HOUR)
    administrator.sign_in("ada")
    for page in (administrator.get(ENTRA).text, administrator.get("/").text):
        assert f"1 request {said}" in page
        assert "kind=refused&amp;period=7-days" in page
    clock.step(7 * 24 * HOUR)
    administrator.sign_in("ada")
    assert said not in shown(administrator)


def test_a_success_ends_token_rejected_also_in_the_minute_of_the_last_one(
    app, administrator, send, issue, clock, rows
):
    """The last use is stored once a minute; after a refusal, the next use is, too."""
    send("GET", "/ServiceProviderConfig")
    successor = issue("s" * 16)
    assert send("GET", "/ServiceProviderConfig", successor).status_code == 200
    with app.app_context(), database.write() as connection:
        first = scim_tokens.list_live(connection)[0]
        scim_tokens.revoke(connection, COMMAND_LINE, first.id)
    clock.step(5)
    assert send("GET", "/ServiceProviderConfig").status_code == 401
    assert state(administrator) == "Token rejected"
    for request in ({"method": "GET"}, {"method": "POST", "json": USER}):
        clock.step(1)
        assert send(path="/Users", token=successor, **request).status_code < 300
        assert state(administrator) == "Connected"
        assert send("GET", "/ServiceProviderConfig").status_code == 401
    used = select(SCIM_TOKENS.c.last_used_at).order_by(SCIM_TOKENS.c.id.desc()).limit(1)
    before = rows(used)
    clock.step(1)
    send("GET", "/Users", successor)
    assert rows(used) > before
    clock.step(1)
    before = rows(used)
    send("GET", "/Users", successor)
    assert rows(used) == before  # only the first one after a refusal


def test_only_a_former_token_counts_as_rejected(app, administrator, send, issue, rows):
    send("GET", "/Users")
    send("GET", "/Users", token=scim_tokens.make_secret())
    assert state(administrator) == "Connected"
    old = issue("o" * 16)
    with app.app_context(), database.write() as connection:
        *_, row = scim_tokens.list_live(connection)
        scim_tokens.revoke(connection, COMMAND_LINE, row.id)
    assert send("GET", "/Users", token=old).status_code == 401
    assert state(administrator) == "Token rejected"
    refused = select(JOURNAL).where(JOURNAL.c.event.startswith("token."))
    refused = refused.where(~JOURNAL.c.succeeded)
    reasons = [each.facts["reason"] for each in rows(refused.order_by(JOURNAL.c.at))]
    assert reasons == ["not_live", "revoked"]


def test_an_expired_token_is_refused_and_recorded_as_such(send, issue, rows, clock):
    token = issue("e" * 16, expires_at=now() + timedelta(minutes=5))
    assert send("GET", "/Users", token=token).status_code == 200
    clock.step(6 * MINUTE)
    assert send("GET", "/Users", token=token).status_code == 401
    (row,) = rows(select(JOURNAL).where(~JOURNAL.c.succeeded))
    assert (row.facts["reason"], row.target_type) == ("expired", "Token")


def test_while_the_integration_is_off_every_request_is_refused(
    administrator, send, rows
):
    assert administrator.submit(f"{ENTRA}/integration", page=ENTRA).status_code == 303
    assert state(administrator) == "Off"
    for method, path in (("GET", "/Users"), ("POST", "/Users"), ("POST", "/Bulk")):
        answer = send(method, path, json=USER if method == "POST" else None)
        assert answer.status_code == 403
        assert answer.json["detail"] == (
            "Entra ID integration is turned off in Netpresenter Next."
        )
    assert send("GET", "/Users", token="x").status_code == 401
    fields = {"enabled": "on"}
    administrator.submit(f"{ENTRA}/integration", page=ENTRA, **fields)
    assert send("GET", "/Users").status_code == 200
    switched = select(JOURNAL.c.event).where(JOURNAL.c.log == "audit")
    events = [event for (event,) in rows(switched.order_by(JOURNAL.c.at))]
    assert events[-2:] == [Event.SCIM_SWITCHED_OFF, Event.SCIM_SWITCHED_ON]


def test_the_set_up_list_ticks_itself(administrator, send):
    assert "0 of 6 done" in shown(administrator)
    administrator.submit(f"{ENTRA}/url-copied", page=ENTRA)
    assert "1 of 6 done" in shown(administrator)
    send("GET", "/Users", query_string={"filter": PROBE})
    assert "2 of 6 done" in shown(administrator)
    send("POST", "/Users", json=USER)
    assert "3 of 6 done" in shown(administrator)
    send("POST", "/Groups", json={"displayName": "Staff"})
    assert "4 of 6 done" in shown(administrator)


def test_attributes_that_arrive_are_listed_with_their_last_value(
    app, administrator, send, store
):
    assert "never" in shown(administrator, "/checks")
    created = send("POST", "/Users", json=USER).json
    change = {"op": "replace", "path": "name.givenName", "value": "Jane"}
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [change],
    }
    send("PATCH", f"/Users/{created['id']}", json=patch)
    store()
    with app.app_context(), database.write() as connection:
        arrived = {
            each.name: each.last_value
            for each in arrived_attributes.list_all(connection)
        }
        assert arrived["externalId"] == USER["externalId"]
        assert arrived['emails[type eq "work"].value'] == "jane@example.org"
        assert (arrived["active"], arrived["name.givenName"]) == ("true", "Jane")
        arrived_attributes.forget_values_of(connection, created["id"])
        values = {each.last_value for each in arrived_attributes.list_all(connection)}
        assert values == {None}


def test_an_attribute_that_is_not_stored_can_be_cleared(administrator, send):
    send("POST", "/Users", json=USER)
    assert "weird" in shown(administrator, "/checks")
    fields = {"resource_type": "User", "name": "weird"}
    path = f"{ENTRA}/checks/unstored"
    answer = administrator.submit(path, page=f"{ENTRA}/checks", **fields)
    assert answer.status_code == 303
    assert "weird is off the list" in shown(administrator, "/checks")
    assert "Sent but not stored" not in shown(administrator, "/checks")
    answer = administrator.submit(path, page=f"{ENTRA}/checks", **fields)
    assert answer.status_code == 404


def test_the_chart_has_a_bar_for_each_forty_minutes():
    present = now()
    rows = [
        ScimTraffic(started_at=present - timedelta(minutes=each), requests=2, refused=0)
        for each in (5, 15, 60, 1430, 1450)
    ]
    chart = status_card.draw(rows, present)
    assert len(chart.bars) == 36
    assert [each.requests for each in chart.bars if each.requests] == [2, 2, 4]
    assert chart.bars[-1].height == status_card.HEIGHT
    assert chart.words.startswith("8 requests in the last 24 hours, none refused")
    assert scim_traffic.begin_interval(present).minute % 10 == 0


def test_the_chart_shows_how_much_of_a_bar_was_refused():
    present = now()
    times = [present - timedelta(minutes=each) for each in (5, 65, 125)]
    numbers = [(600, 2), (300, 300), (0, 0)]
    rows = [
        ScimTraffic(started_at=at, requests=requests, refused=refused)
        for at, (requests, refused) in zip(times, numbers, strict=True)
    ]
    heights = [
        (each.height, each.refused_height)
        for each in status_card.draw(rows, present).bars
        if each.requests
    ]
    assert heights == [(30, 30), (60, 3)]


def test_strangers_cannot_hide_the_refusal_of_a_former_token(app, send, issue, rows):
    old = issue("o" * 16)
    assert send("GET", "/Users", token=old).status_code == 200
    with app.app_context(), database.write() as connection:
        *_, row = scim_tokens.list_live(connection)
        scim_tokens.revoke(connection, COMMAND_LINE, row.id)
    for number in range(60):
        send("GET", "/Users", token="npn_scim_" + "x" * number)
        send("GET", "/Users", token=scim_tokens.make_secret())
    assert send("GET", "/Users", token=old).status_code == 401
    former = JOURNAL.c.event == Event.FORMER_TOKEN_REFUSED.value
    assert [each.target_id for each in rows(select(JOURNAL).where(former))] == [row.id]
