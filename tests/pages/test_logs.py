"""The provisioning log and the audit log: pages, filters, and the same as CSV."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import product

import pytest
from sqlalchemy import delete, insert, select

from factories import ENTRA
from netpresenter_next.directory import groups, journal
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.settings import log_csv
from netpresenter_next.pages.settings.log_filters import Period, find_bounds
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL, MEMBERS
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.scim_models import SCIM_CYCLES
from visitors import signed_in

PROVISIONING = "/settings/system/provisioning-log"
AUDIT = "/settings/system/audit-log"
START = datetime(2026, 3, 1, tzinfo=UTC)
ROW = re.compile(r'<td data-label="What happened"><div>(.+?)</div></td>', re.S)


@pytest.fixture
def add(app):
    """Adds entries of a log, a minute after each other."""
    made = []

    def add_entries(*entries):
        with app.app_context(), database.write() as connection:
            for entry in entries:
                made.append(entry)
                at = START + timedelta(minutes=len(made))
                default = {
                    "id": new_id(),
                    "at": at,
                    "log": "provisioning",
                    "event": Event.PERSON_DELETED.value,
                    "actor_kind": "SCIM",
                    "actor_name": "test",
                    "target_type": "User",
                }
                connection.execute(insert(JOURNAL), {**default, **entry})

    return add_entries


def sentences(page):
    """Return the text of each row, up to its details."""
    rows = (each.partition("<details>")[0] for each in ROW.findall(page))
    return [unescape(" ".join(re.sub("<[^>]+>", " ", each).split())) for each in rows]


def follow(client, page, link):
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{link}</a>', page)
    return client.get(unescape(found[1])).text if found else None


def lines_of(client, address):
    """Return the lines of the CSV that a page links, by the titles."""
    link = re.search(r'href="([^"]+\.csv[^"]*)"', client.get(address).text)
    answer = client.get(unescape(link[1]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


# ------------------------------------------------------------------ entries
def test_an_empty_log_says_what_will_be_in_it(administrator):
    page = administrator.get(PROVISIONING).text
    assert "There are no entries yet" in page
    assert "Connect it" in page
    assert "No entry matches" in administrator.get(f"{PROVISIONING}?kind=deleted").text


def test_a_change_is_shown_with_old_and_new_values(administrator, people):
    jane = people.provisioned("jane@example.org", title="Clerk", externalId="j-1")
    people.change(jane, title="Head", emails=[{"type": "work", "value": "j@x.org"}])
    page = administrator.get(PROVISIONING).text
    assert sentences(page) == ["Changed title, emails.", "Created jane@example.org."]
    assert "<dt>title</dt><dd>Clerk → Head</dd>" in page
    assert "(none) → [type eq &#34;work&#34;].value j@x.org" in page
    assert f'<a href="/settings/users/{jane.id}">jane<wbr>@example.org</a>' in page
    assert "Provisioning logs: search for\n      j-1 or jane@example.org" in page
    people.delete(jane)
    page = administrator.get(PROVISIONING).text
    assert f'href="/settings/users/{jane.id}"' not in page
    assert "Provisioning logs: search for\n      jane@example.org" in page


def test_answer_duration_token_and_request_id_are_shown(administrator, add, app):
    administrator.submit(
        "/settings/system/microsoft-entra-id/token",
        page="/settings/system/microsoft-entra-id",
        label="production",
    )
    with app.app_context(), database.read() as connection:
        token = connection.execute(select(SCIM_TOKENS)).one()
    add(
        {
            "target_name": "tim",
            "status": 204,
            "duration_ms": 12.4,
            "request_id": "r-7",
            "address": "192.0.2.9",
            "actor_id": token.id,
            "actor_name": "production",
        }
    )
    page = administrator.get(PROVISIONING).text
    for shown in (
        "204, 12&nbsp;ms",
        "r-7",
        "192.0.2.9",
        "token production",
        token.hint,
    ):
        assert shown in page, shown
    assert sentences(administrator.get(f"{PROVISIONING}?by={token.id}").text)
    assert not sentences(administrator.get(f"{PROVISIONING}?by=other").text)


def test_refusals_are_shown_with_their_cause_and_remedy(administrator, add):
    add(
        {
            "event": "scim.refused",
            "succeeded": False,
            "status": 409,
            "target_name": "karin",
            "facts": {
                "method": "POST",
                "path": "/scim/v2/Users",
                "reason": "A local account has this name.",
                "cause": "local_account",
            },
            "times": 3,
            "last_at": START + timedelta(hours=2),
            "duration_ms": 4.0,
        },
        {
            "event": "token.refused",
            "succeeded": False,
            "status": 401,
            "actor_name": "",
            "facts": {"reason": "incomplete", "length": 31},
        },
    )
    page = administrator.get(PROVISIONING).text
    cut, clash = sentences(page)
    assert "only part of a token (31 of 58 characters)" in cut
    assert "What to do: Copy the whole token" in cut
    assert "Refused to create karin: A local account has this name." in clash
    assert "3 times until 02:00 UTC" in clash
    assert "What to do: Open the conflict under Settings > Conflicts" in clash
    assert 'class="short">409</td>' in page  # the duration is of one request
    assert "an unknown token" in page


def test_secrets_are_hidden_by_their_definition(administrator, add, app):
    planted = "correct horse"
    add(
        {
            "event": "person.changed",
            "facts": {"attributes": ["x"], "sessions_ended": 0},
            "changes": [
                {"attribute": "password", "old": planted, "new": planted},
                {"attribute": "urn:x:User:Password", "new": planted},
                {"attribute": "urn:x:User", "new": {"a": [{"secret": planted}]}},
                {"attribute": "title", "new": "Clerk"},
            ],
        }
    )
    page = administrator.get(PROVISIONING).text
    assert "Clerk" in page
    assert page.count("(hidden)") == 3
    lines = lines_of(administrator, PROVISIONING)
    assert planted not in page + str(lines)
    assert "title:  → Clerk" in lines[0]["changes"]


def test_hostile_texts_are_escaped(administrator, add):
    hostile = '<img src=x onerror="x">'
    add(
        {
            "target_name": hostile,
            "actor_name": hostile,
            "address": hostile,
            "changes": [{"attribute": hostile, "old": hostile, "new": [hostile]}],
        }
    )
    assert "<img src=x" not in administrator.get(PROVISIONING).text


# ------------------------------------------------------------------ filters
@pytest.fixture
def mixed(add, people):
    """Entries of several kinds, the last of them first on the page."""
    jane = people.provisioned("jane@example.org")
    tim = people.provisioned("tim@example.org")
    add(
        {"target_id": jane.id, "target_name": "one"},
        {"target_id": tim.id, "target_name": "two"},
        {
            "event": "connection.tested",
            "facts": {"said": "Tested the connection."},
            "target_type": None,
        },
        {
            "event": "scim.refused",
            "succeeded": False,
            "target_name": "karin",
            "facts": {"method": "POST", "path": "/", "reason": "No."},
        },
        {"log": "audit", "actor_kind": "person", "target_name": "three"},
    )
    return {"jane": jane.id, "tim": tim.id}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("?to=2026-03-01", ["Rejected Refused to create karin: No.", "two", "one"]),
        ("?kind=deleted", ["two", "one"]),
        ("?kind=tested-connection", ["Tested the connection."]),
        ("?kind=refused&outcome=failed", ["Rejected Refused to create karin: No."]),
        ("?kind=deleted&outcome=failed", []),
        ("?kind=deleted&outcome=succeeded", ["two", "one"]),
        ("?person=tim@example.org&kind=deleted", ["two"]),
        ("?person=tim&kind=deleted", ["two"]),
        ("?person=KARIN", ["Rejected Refused to create karin: No."]),
        ("?person=6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11", []),
        ("?from=2026-03-01&to=2026-03-01&kind=deleted", ["two", "one"]),
        ("?from=2026-03-02&to=2026-03-03", []),
        ("?from=2026-03-01T00:02:00Z&to=2026-03-01T00:03:00Z", ["two"]),
        ("?to=2026-02-28", []),
    ],
)
def test_entries_are_filtered_by_the_address(administrator, mixed, address, expected):
    shown = sentences(administrator.get(PROVISIONING + address).text)
    assert [each.removeprefix("Deleted ").removesuffix(".") for each in shown] == [
        each.removesuffix(".") for each in expected
    ]
    lines = lines_of(administrator, PROVISIONING + address)
    assert len(lines) == len(expected)


@pytest.fixture
def recent(app, administrator):
    """An entry of each of the last nine days in both logs, named by its age in days."""
    today = now().replace(hour=12, minute=0, second=0, microsecond=0)
    with app.app_context(), database.write() as connection:
        connection.execute(delete(JOURNAL))
        for age, log in product(range(1, 10), ("provisioning", "audit")):
            entry = {
                "id": new_id(),
                "at": today - timedelta(days=age),
                "log": log,
                "event": Event.PERSON_DISABLED.value,
                "actor_kind": "SCIM" if log == "provisioning" else "person",
                "actor_name": "production" if log == "provisioning" else "ada",
                "target_name": f"{age}",
                "facts": {"attributes": ["active"], "sessions_ended": 0},
            }
            connection.execute(insert(JOURNAL), entry)


@pytest.mark.parametrize("path", [PROVISIONING, AUDIT])
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("?period=yesterday&kind=disabled", ["1"]),
        ("?period=today&kind=disabled", []),
        ("?period=7-days&kind=disabled", ["1", "2", "3", "4", "5", "6"]),
        ("?period=yesterday&from=2020-01-01&to=2020-01-01&kind=disabled", ["1"]),
        ("?from={3}&to={2}&kind=disabled", ["2", "3"]),
    ],
)
def test_both_logs_and_their_files_are_filtered_by_period(
    administrator, recent, path, address, expected
):
    days = [f"{now() - timedelta(days=each):%Y-%m-%d}" for each in range(4)]
    address = path + address.format(*days)
    page = administrator.get(address).text
    said = [re.search(r"\d", each)[0] for each in sentences(page)]
    assert said == expected
    assert [each["target"] for each in lines_of(administrator, address)] == expected
    by = "token production" if path == PROVISIONING else "ada"
    assert page.count(f'<td data-label="By" class="short">{by}</td>') == len(expected)
    if "period=" in address:
        assert re.search(r'<option value="[a-z0-9-]+" selected>(Yest|Last|Toda)', page)
        assert 'name="from" value=""' in page


def test_a_period_begins_and_ends_at_midnight_except_the_last_24_hours():
    present = datetime(2026, 3, 1, 9, 30, 7, tzinfo=UTC)
    today = datetime(2026, 3, 1, tzinfo=UTC)
    assert {each: find_bounds(each, present) for each in Period} == {
        "today": (today, None),
        "yesterday": (datetime(2026, 2, 28, tzinfo=UTC), today),
        "24-hours": (datetime(2026, 2, 28, 9, 30, 7, tzinfo=UTC), None),
        "7-days": (datetime(2026, 2, 23, tzinfo=UTC), None),
    }


def test_a_log_leads_to_the_other_one_for_the_same_period(administrator, recent):
    address = f"{PROVISIONING}?period=yesterday&kind=disabled&by=x"
    audit = follow(administrator, administrator.get(address).text, "audit log")
    assert '<option value="yesterday" selected>' in audit
    assert len(sentences(audit)) == 1


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("deleted", Event.PERSON_DELETED),
        ("erased", Event.PERSON_ERASED),
        ("blocked", Event.PERSON_BLOCKED),
        ("backups", Event.BACKUP_MADE),
        ("alarms", Event.ALARM_TESTED),
    ],
)
def test_the_audit_log_is_filtered_by_what_happened(administrator, add, kind, event):
    add({"log": "audit", "event": event.value, "facts": {"said": "That."}})
    assert sentences(administrator.get(f"{AUDIT}?kind={kind}").text) == ["That."]
    assert sentences(administrator.get(f"{AUDIT}?kind=settings").text) == []


def test_several_people_who_match_are_offered(administrator, mixed):
    page = administrator.get(f"{PROVISIONING}?person=example&kind=deleted").text
    assert "Several people match" in page
    assert not sentences(page)
    chosen = follow(administrator, page, "tim@example.org")
    assert sentences(chosen) == ["Deleted two."]
    assert 'value="tim@example.org"' in chosen


def test_the_filter_by_the_id_of_a_group_shows_its_name(app, administrator):
    with app.app_context(), database.write() as connection:
        staff = groups.create(connection, {"displayName": "Staff of the north"}, ENTRA)
    group = administrator.get(f"/settings/groups/{staff.id}").text
    by_id = follow(
        administrator, group, "All entries about .*? in the provisioning log"
    )
    assert 'id="person" name="person" value="Staff of the north"' in by_id
    for page in (
        by_id,
        administrator.get(f"{PROVISIONING}?person=staff+of+the+NORTH").text,
    ):
        assert sentences(page) == ["Created group Staff of the north."]


def test_filters_are_kept_in_the_form_and_in_every_link(administrator, mixed):
    address = f"{PROVISIONING}?person=tim@example.org&kind=deleted&from=2026-03-01"
    page = administrator.get(address).text
    assert 'value="tim@example.org"' in page
    assert '<option value="deleted" selected>' in page
    assert 'value="2026-03-01"' in page
    assert "kind=deleted" in re.search(r'href="([^"]+\.csv[^"]*)"', page)[1]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (f"{PROVISIONING}?from=yesterday", "Write a date as"),
        (f"{PROVISIONING}?to=9999-12-31", "Write a date as"),
        (f"{PROVISIONING}?from=0000-00-00", "Write a date as"),
        (f"{PROVISIONING}?kind=sign-in", "Choose what happened"),
        (f"{AUDIT}?outcome=x", "Choose the outcome"),
        (f"{AUDIT}?period=x", "Choose the period"),
        (f"{AUDIT}?by=nobody+at+all", "Type the whole user name"),
    ],
)
def test_a_filter_that_is_not_understood_is_explained(administrator, address, problem):
    for each in (address, address.replace("-log?", "-log.csv?")):
        answer = administrator.get(each)
        assert answer.status_code == 400
        assert problem in answer.text
    assert "<form" in answer.text


@pytest.mark.parametrize(
    "position", ["x", "_", "2026-03-01_", "2026-03-01T00:00:00Z_x", "9" * 5_000]
)
def test_a_position_of_nonsense_shows_a_page(administrator, mixed, position):
    for name in ("older", "newer"):
        answer = administrator.get(PROVISIONING, query_string={name: position})
        assert answer.status_code == 200


def test_only_administrators_see_the_logs(linus, client):
    for path in (PROVISIONING, AUDIT, f"{PROVISIONING}.csv", f"{AUDIT}.csv"):
        assert linus.get(path).status_code == 403
        assert client.get(path).status_code == 303


# ------------------------------------------------------------------ pages
def names_on(page):
    return [int(re.search(r"\d+", each)[0]) for each in sentences(page)]


def walk(client, page, link):
    pages = []
    while page is not None:
        pages.append(names_on(page))
        page = follow(client, page, link)
    return pages


def test_a_long_log_is_shown_in_pages_of_fifty(administrator, add):
    add(*({"target_name": str(number)} for number in range(130)))
    first = administrator.get(PROVISIONING).text
    older = walk(administrator, first, "Older")
    assert [len(each) for each in older] == [50, 50, 30]
    everything = [number for each in older for number in each]
    assert everything == list(range(129, -1, -1))
    second = follow(administrator, first, "Older")
    last = follow(administrator, second, "Older")
    newer = walk(administrator, last, "Newer")
    assert newer == [everything[100:], everything[50:100], everything[:50]]
    assert follow(administrator, first, "Newer") is None
    assert names_on(follow(administrator, last, "Newest")) == everything[:50]


def test_entries_of_the_same_time_are_all_shown_once(administrator, add):
    add(*({"target_name": str(number), "at": START} for number in range(120)))
    found = walk(administrator, administrator.get(PROVISIONING).text, "Older")
    assert sorted(each for some in found for each in some) == list(range(120))


def test_a_rare_entry_is_found_in_steps(administrator, add, monkeypatch):
    monkeypatch.setattr(journal, "MOST_EXAMINED", 20)
    rare = {"actor_id": "rare", "target_name": "0"}
    add(rare, *({"target_name": str(number)} for number in range(1, 75)))
    address = f"{PROVISIONING}?by=rare&outcome=succeeded"
    assert names_on(administrator.get(address).text) == [0]  # by the index of tokens
    page = administrator.get(f"{PROVISIONING}?by=rare&kind=deleted").text
    steps = 0
    while not sentences(page):
        assert "Looked back to" in page
        assert "Nothing was found so far" in page
        page, steps = follow(administrator, page, "Continue"), steps + 1
    assert (names_on(page), steps) == ([0], 7)
    assert follow(administrator, page, "Continue") is None
    assert len(lines_of(administrator, f"{PROVISIONING}?by=rare&kind=deleted")) == 1


# ------------------------------------------------------------------ CSV
def test_the_csv_has_the_rows_of_the_page(administrator, add, monkeypatch):
    monkeypatch.setattr(log_csv, "CHUNK", 7)
    add(*({"target_name": f'=cmd|"{number}",\n'} for number in range(60)))
    lines = lines_of(administrator, PROVISIONING)
    assert [each["target"] for each in lines] == [
        f'\'=cmd|"{number}",\n' for number in range(59, -1, -1)
    ]
    assert lines[0]["time_utc"] == "2026-03-01T01:00:00.000000Z"
    assert lines[0]["outcome"] == "succeeded"


# ------------------------------------------------------------------ audit
def test_everything_done_is_in_the_audit_log(app, administrator, people):
    linus = people.local("linus")
    page_of = f"/settings/users/{linus.id}"
    administrator.submit(f"{page_of}/role", page=page_of, role="administrator")
    administrator.submit(f"{page_of}/rename", page=page_of, user_name="tux")
    browser, other = (signed_in(app, "tux") for _ in range(2))
    browser.submit("/account/sessions/end", page="/account", session="others")
    browser.submit("/sign-out", page="/account")
    app.test_client().sign_in("tux", "wrong")
    health = "/settings/system/health"
    administrator.submit(
        f"{health}/journal", page=health, provisioning_days="30", audit_days="700"
    )
    page = administrator.get(AUDIT).text
    shown = sentences(page)
    assert shown[0] == "Changed the log retention."
    assert shown[1] == "Failed Wrong password for tux."
    assert shown[2] == "tux signed out."
    assert shown[3] == "Ended 1 session of tux."
    assert not other.is_in()
    assert "Changed userName." in shown
    assert "linus now has the role administrator." in shown
    assert "ada signed in with emergency access." in shown
    for change in ("provisioning_days</dt><dd>90 → 30", "role</dt><dd>user → admin"):
        assert change in page
    assert "Answer" not in page
    failed = administrator.get(f"{AUDIT}?kind=failed-sign-in&person=tux").text
    assert sentences(failed) == ["Failed Wrong password for tux."]
    by_ada = sentences(administrator.get(f"{AUDIT}?by=ada").text)
    assert "Changed the log retention." in by_ada
    assert "Failed Wrong password for tux." not in by_ada


# ------------------------------------------------------------------ cycles
HEADING = re.compile(r'<th scope="rowgroup" colspan="5"><span>(.+?)</span>', re.S)


def headings(page):
    """Return the text of the heading of each cycle."""
    return [re.sub("<[^>]+>", "", each) for each in HEADING.findall(page)]


@pytest.fixture
def cycles(app, add):
    """Two tokens with a cycle each, at the same time, and entries of no cycle."""

    def cycle(name, start, end, **numbers):
        times = {"started_at": at(start), "ended_at": at(end)}
        return {"id": name, "token_id": name[0], **times, **numbers}

    def at(minutes):
        return START + timedelta(minutes=minutes)

    def entry(minutes, token, event=Event.PERSON_DELETED):
        by = {"actor_id": token, "actor_name": token or ""}
        about = {"target_name": f"{token or 'x'}{minutes}"}
        return {"at": at(minutes), "event": event.value, **by, **about}

    with app.app_context(), database.write() as connection:
        for values in (
            cycle("a0", -40, -38, requests=1),  # without entries
            cycle("a1", 1.01, 3, requests=23, writes=4, refused=1),
            cycle("b1", 2, 200, requests=1, writes=1),
            cycle("a2", 40, 40, requests=2, writes=2),
        ):
            connection.execute(insert(SCIM_CYCLES), values)
    add(
        *(entry(1, "a"), entry(2, "b"), entry(2.5, "a"), entry(3, None)),
        # Recorded when the numbers of the cycle are stored.
        entry(3.2, "a", Event.CONNECTION_TESTED),
        *(entry(20, "a"), entry(40, "a"), entry(300, "a"), entry(301, None)),
    )


def test_the_provisioning_log_is_grouped_by_cycle(administrator, cycles):
    first = "Cycle of 1 Mar 2026, 00:01 UTC, token a: lasted 119 seconds, 23 requests, "
    page = administrator.get(PROVISIONING).text
    assert headings(page) == [
        "In no cycle",
        "Cycle of 1 Mar 2026, 00:40 UTC, token a: lasted less than a second, 2 "
        "requests, 2 changes, 0 refused",
        "In no cycle",
        f"{first}4 changes, 1 refused",
        "Cycle of 1 Mar 2026, 00:02 UTC, token b: lasted 3 hours 18 minutes, "
        "1 request, 1 change, 0 refused",
    ]
    said = [each.removeprefix("Deleted ").rstrip(".") for each in sentences(page)]
    assert said == ["x301", "a300", "a40", "a20", "x3", "a2.5", "a1", "b2"]
    bodies = page.split("<tbody>")[1:]
    assert [each.count('data-label="When"') for each in bodies] == [2, 1, 2, 2, 1]
    tests = administrator.get(f"{PROVISIONING}?kind=tested-connection").text
    assert headings(tests) == [f"{first}4 changes, 1 refused"]
    lines = lines_of(administrator, PROVISIONING)
    assert [each["target"] for each in lines][3:5] == ["a20", "x3"]


def test_the_audit_log_has_no_cycles(administrator, cycles):
    assert headings(administrator.get(AUDIT).text) == []


# ------------------------------------------------------------------ a person's page
def test_a_person_page_has_their_latest_entries(app, administrator, people):
    jane = people.provisioned("jane@example.org", title="x")
    people.give_password(jane)
    for _ in range(3):
        app.test_client().sign_in("jane@example.org", "wrong")
    app.test_client().sign_in("jane@example.org")
    page = administrator.get(f"/settings/users/{jane.id}").text
    for log, sentence in (
        ("provisioning", "Created jane@example.org."),
        ("audit", "Set a new password for jane@example.org; their sessions ended."),
    ):
        part = page.partition(f'<h2 id="{log}-log">')[2].partition("</section>")[0]
        assert sentence in part
        link = f'href="/settings/system/{log}-log?person={jane.id}"'
        assert link in part
        assert "Wrong password" not in part
        assert "signed in" not in part
    assert "<dt>Wrong passwords</dt>" in page


def test_a_person_page_has_their_memberships(app, administrator, people):
    jane, tim = (people.provisioned(f"{name}@example.org") for name in ("jane", "tim"))
    readers = people.group("Readers", jane, tim)
    people.group("Writers", tim)
    with app.app_context(), database.write() as connection:
        groups.remove_members(connection, readers, [jane.id], ENTRA)
    page = administrator.get(f"/settings/users/{jane.id}").text
    part = page.partition('<h2 id="provisioning-log">')[2].partition("</section>")[0]
    said = [
        "Removed from group Readers.",
        "Added to group Readers, with 1 other.",
        "Created jane@example.org.",
    ]
    assert re.findall('<dd><span lang="en">(.+?)</span>', part) == said
    for address, expected in (
        (f"{PROVISIONING}?person={jane.id}", said),
        (f"{PROVISIONING}?person={jane.id}&kind=removed-from-group", said[:1]),
        (f"{PROVISIONING}?person={tim.id}&kind=removed-from-group", []),
    ):
        assert sentences(administrator.get(address).text) == expected
    lines = lines_of(administrator, f"{PROVISIONING}?person={jane.id}")
    assert [each["target"] for each in lines[:2]] == ["Readers", "Readers"]
    with app.app_context(), database.write() as connection:
        connection.execute(delete(JOURNAL))
        assert connection.execute(select(MEMBERS)).all() == []
