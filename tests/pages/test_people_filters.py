"""The list of users: filters in every combination, order, and bulk disabling."""

import csv
import html
import re
from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory import people as people_rules
from netpresenter_next.directory import (
    people_chunks,
    people_filters,
    person_rows,
    search_index,
    searching,
    shut_out,
)
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.people_filters import Mark
from netpresenter_next.lib.text import make_sort_key
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.settings import lists, users
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason, Role, Source
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import ADMINISTRATOR, SESSIONS, USERS
from netpresenter_next.storage.search_models import UNINDEXED
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import signed_in

GUIDS = [f"0f5c8a52-6c0a-4b0f-9d6e-{n:012}" for n in range(9)]
USER_LINK = re.compile(r'href="/settings/users/([0-9a-f-]{36})"')
DISABLE = "/settings/users/disable-chosen"


def listed(page):
    """Return the ids in the list of a page, in order."""
    return list(dict.fromkeys(USER_LINK.findall(page)))


def connect(app, person, object_id):
    with app.app_context(), database.write() as connection:
        values = {"user_id": person.id, "tenant_id": "t", "object_id": object_id}
        more = {"subject": "s", "user_name": person.user_name, "app_roles": []}
        made = {"linked_at": now(), "linked_by": "test"}
        connection.execute(IDENTITIES.insert().values(**values, **more, **made))
        person_rows.set_facts(connection, person.id, is_connected=True)


@pytest.fixture
def everybody(app, people):
    """People of every kind that a filter tells apart."""
    made = {
        "local": people.local("local"),
        "boss": people.local("boss", role=ADMINISTRATOR),
        "disabled": people.local("disabled"),
        "blocked": people.local("blocked"),
        "guest": people.provisioned("g_x.org#EXT#@example.org", externalId=GUIDS[0]),
        "typed guest": people.provisioned("typed@example.org", userType="GUEST"),
        "employee": people.provisioned("employee@example.org", userType="Employee"),
        "connected": people.provisioned("in@example.org", externalId=GUIDS[1]),
        "out": people.provisioned("out@example.org", externalId="x", active=False),
        "first": people.provisioned("first@example.org", externalId=GUIDS[2]),
        "second": people.provisioned("second@example.org", externalId=GUIDS[2]),
        "entra boss": people.provisioned("chief@example.org", externalId=GUIDS[3]),
    }
    people.change(made["disabled"], active=False)
    people.block(made["blocked"])
    people.block(made["out"])
    connect(app, made["connected"], GUIDS[1])
    people.refused(made["local"], Reason.LOCAL_USER_NAME)
    with app.app_context(), database.write() as connection:
        visitor = Actor("visitor", "")
        document = {"userName": "early@example.org", "active": True}
        made["early"] = people_rules.create(
            connection, document, visitor, source=Source.PROVISIONED
        )
        for name in ("entra boss", "typed guest"):
            this = update(USERS).where(USERS.c.id == made[name].id)
            connection.execute(this.values(role=ADMINISTRATOR))
        this = update(USERS).where(USERS.c.id == made["local"].id)
        connection.execute(this.values(password_hash=None))
        made["linked"] = people_rules.create(
            connection,
            {"userName": "claimable@example.org", "active": True},
            visitor,
            source=Source.LOCAL,
        )
        claimable = update(USERS).where(USERS.c.id == made["linked"].id)
        connection.execute(claimable.values(source=Source.CLAIMABLE))
    connect(app, made["linked"], GUIDS[5])
    return made


def is_marked(row, mark, connected, conflicts):
    is_seen = row.source != "local"
    is_connected = row.id in connected
    return {
        None: True,
        "guest": "#ext#" in row.user_name.lower()
        or row.document.get("userType", "").lower() == "guest",
        "never-microsoft": is_seen and not is_connected,
        "no-method": not (row.password_hash or row.object_id or is_connected),
        # Microsoft is not set up here.
        "cannot-sign-in": row.is_blocked or not (row.active and row.password_hash),
        "conflict": row.id in {each.user_id for each in conflicts},
        "no-object-id": row.source == "provisioned" and not row.object_id,
        "shared-object-id": row.id
        in {each.user_id for each in conflicts if each.reason == "shared_object_id"},
        "unsent": row.user_name in ("early@example.org", "claimable@example.org"),
    }[mark]


def read_people(rows):
    """Return all people, the ids of those who are connected, and the conflicts."""
    conflicts = rows(select(CONFLICTS.c.user_id, CONFLICTS.c.reason))
    connected = {each.user_id for each in rows(select(IDENTITIES.c.user_id))}
    return rows(select(USERS)), connected, conflicts


def expect(present, source, status, role, mark):
    """Return the ids of the people whom the filters choose, without any SQL."""
    everybody, connected, conflicts = present
    return {
        row.id
        for row in everybody
        if source in (None, "entra" if row.source == "provisioned" else "local")
        and {
            None: True,
            "active": row.active and not row.is_blocked,
            "disabled": not row.active,
            "blocked": row.is_blocked,
        }[status]
        and role in (None, row.role)
        and is_marked(row, mark, connected, conflicts)
    }


def test_every_combination_of_filters_lists_whom_it_means(
    administrator, everybody, rows
):
    sources, statuses = (None, *users.SOURCES), (None, *users.STATUSES)
    roles, marks = (None, *Role), (None, *(each.value for each in Mark))
    found, present = set(), read_people(rows)
    for chosen in product(sources, statuses, roles, marks):
        names = ("source", "status", "role", "only")
        query = {name: each for name, each in zip(names, chosen, strict=True) if each}
        page = administrator.get("/settings/users", query_string=query).text
        wanted = expect(present, *chosen)
        assert set(listed(page)) == wanted, query
        found |= wanted if any(chosen) else set()
        if wanted:
            assert f"{len(wanted)} p" in page
        searched = administrator.get(
            "/settings/users", query_string={**query, "q": "example"}
        ).text
        example = {
            each.id for each in everybody.values() if "example" in each.user_name
        }
        assert set(listed(searched)) == wanted & example, query
    assert len(found) == len(everybody) + 1


def test_the_marks_of_somebody_follow_what_happens(app, people, rows, everybody):
    early = people.find("early@example.org")
    assert not early.was_sent
    people.change(early, title="Chair")
    assert people.find("early@example.org").was_sent
    people.change(people.find("employee@example.org"), userType="Guest")
    assert people.find("employee@example.org").is_guest


def test_each_mark_says_what_it_means(administrator, everybody):
    for mark in Mark:
        page = administrator.get(f"/settings/users?only={mark}").text
        assert users.MARK_TEXTS[mark].meaning in html.unescape(page)
        name = users.MARK_TEXTS[mark].name
        assert f'<option value="{mark}" selected>{name}</option>' in page


def test_many_people_in_conflict_are_listed_in_pages(
    administrator, people, everybody, monkeypatch
):
    monkeypatch.setattr(people_filters, "MOST_COUNTED", 1)
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    address = "/settings/users?only=shared-object-id"
    wanted = [[everybody[each].id] for each in ("first", "second")]
    assert walk(administrator, address) == wanted


def test_a_list_made_of_some_of_the_marked_says_so(
    administrator, people, everybody, monkeypatch
):
    addresses = [
        "only=conflict&source=local",
        "only=guest&role=administrator",
        "only=cannot-sign-in",
    ]
    for address in addresses:
        page = administrator.get(f"/settings/users?{address}").text
        assert "This list is not complete" not in page
    monkeypatch.setattr(people_filters, "MOST_COUNTED", 1)
    monkeypatch.setattr(shut_out, "MOST_COUNTED", 1)
    for address in addresses:
        page = administrator.get(f"/settings/users?{address}").text
        assert "This list is not complete" in page, address
    whole = administrator.get("/settings/users?only=conflict").text
    assert "This list is not complete" not in whole


def test_an_export_has_everybody_whom_a_list_leaves_out(
    administrator, everybody, rows, monkeypatch
):
    present = read_people(rows)
    for module in (people_filters, shut_out):
        monkeypatch.setattr(module, "MOST_COUNTED", 1)
    monkeypatch.setattr(people_chunks, "CHUNK", 2)
    for mark, role in product(Mark, (None, *Role)):
        query = {"only": mark.value, **({"role": role.value} if role else {})}
        sent = administrator.get("/settings/users/export.csv", query_string=query)
        names = [line["userName"] for line in csv.DictReader(StringIO(sent.text))]
        wanted = expect(present, None, None, role, mark.value)
        assert len(names) == len(wanted), query
        assert set(names) == {row.user_name for row in present[0] if row.id in wanted}


def test_an_export_that_would_leave_out_whom_a_search_finds_is_refused(
    app, administrator, everybody, rows, monkeypatch
):
    with app.app_context():
        search_index.index_if_free()
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    refused = administrator.get("/settings/users/export.csv?q=example")
    assert refused.status_code == 409
    assert "More than 2 people match, and an export would leave" in refused.text
    assert not rows(select(JOURNAL).where(JOURNAL.c.event == Event.PEOPLE_EXPORTED))
    assert administrator.get("/settings/users/export.csv?q=employee").text.count("@")
    monkeypatch.setattr(searching, "MOST_UNINDEXED", 1)
    with app.app_context(), database.write() as connection:
        some = [{"user_id": everybody[name].id} for name in ("boss", "disabled")]
        connection.execute(UNINDEXED.insert(), some)
    monkeypatch.setattr(search_index, "index_if_free", lambda: None)
    refused = administrator.get("/settings/users/export.csv?q=employee")
    assert (refused.status_code, "Search again in a" in refused.text) == (409, True)


# ------------------------------------------------------------------ order
def walk(browser, address):
    """Return the ids on the pages of a list, in order."""
    found = []
    while address:
        page = browser.get(address).text
        found.append(listed(page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following and html.unescape(following[1])
    return found


@pytest.mark.parametrize(
    ("sort", "key", "descending"),
    [
        ("user-name", lambda row: row.user_name_key, False),
        ("last-sign-in", lambda row: (str(row.last_sign_in_at or ""), row.id), True),
        ("name", lambda row: make_sort_key(row.display_name or row.user_name), False),
    ],
)
def test_the_whole_list_is_sorted(
    app, administrator, people, rows, sort, key, descending
):
    for number in range(120):
        person = people.provisioned(
            f"p{number * 7 % 120:03}@example.org", displayName=f"N{number * 11 % 120}"
        )
        if number % 3 == 0:
            at = now() - timedelta(hours=number * 13 % 120)
            with app.app_context(), database.write() as connection:
                person_rows.set_facts(connection, person.id, last_sign_in_at=at)
    ordered = sorted(rows(select(USERS)), key=key, reverse=descending)
    wanted = [each.id for each in ordered]
    address = f"/settings/users?sort={sort}"
    pages = walk(administrator, address)
    assert [len(each) for each in pages] == [50, 50, 21]
    assert [each for page in pages for each in page] == wanted
    last = administrator.get(f"{address}&last=1").text
    assert listed(last) == wanted[-50:]
    before = re.search(r'rel="prev" href="([^"]+)"', last)
    assert listed(administrator.get(html.unescape(before[1])).text) == wanted[21:71]
    direction = "descending" if descending else "ascending"
    assert last.count("aria-sort") == 1
    assert f'aria-sort="{direction}"' in last
    for nonsense in ("after=IG0", "before=IG0", "after=YSB6", "from=x", "from=M"):
        answer = administrator.get(f"{address}&{nonsense}")
        assert answer.status_code == 200
        assert listed(answer.text)


def test_a_filtered_list_cannot_be_sorted_otherwise(administrator, everybody):
    page = administrator.get("/settings/users?source=entra&sort=last-sign-in").text
    assert "aria-sort" not in page
    assert listed(page) == listed(
        administrator.get("/settings/users?source=entra").text
    )


def test_a_name_is_shown_once_and_breaks_at_its_dots(administrator, people):
    people.provisioned(
        "jan.de.vries@example.org",
        emails=[{"type": "work", "value": "JAN.de.vries@example.org"}],
    )
    people.provisioned(
        "b@example.org",
        displayName="Bea",
        emails=[{"type": "work", "value": "bea@mail.example"}],
    )
    page = administrator.get("/settings/users?source=entra").text
    name = "jan<wbr>.de<wbr>.vries<wbr>@example<wbr>.org"
    assert page.count(name) == 1
    assert "b<wbr>@example<wbr>.org" in page
    assert "bea<wbr>@mail<wbr>.example" in page
    assert "JAN" not in page


# ------------------------------------------------------------------ bulk disabling
def test_nobody_is_chosen_by_the_address_of_a_list(administrator, people):
    """A link must not prepare what somebody else then confirms."""
    linus = people.local("linus")
    group = people.local_group("Readers", linus)
    for path in ("users?source=local&person=", f"groups/{group.id}?person="):
        page = administrator.get(f"/settings/{path}{linus.id}").text
        (box,) = re.findall(f'<input [^>]*value="{linus.id}"[^>]*>', page)
        assert "checkbox" in box
        assert "checked" not in box


def test_chosen_local_people_are_disabled_after_a_look(
    app, administrator, people, rows
):
    chosen = [people.local(f"temp{number}") for number in range(3)]
    browsers = [signed_in(app, each.user_name) for each in chosen]
    page = administrator.get("/settings/users?source=local").text
    for each in chosen:
        assert f'name="person" value="{each.id}"' in page
    assert 'name="person"' not in administrator.get("/settings/users").text
    query = {"person": [each.id for each in chosen]}
    look = administrator.get(DISABLE, query_string=query).text
    for each in chosen:
        assert f"<li>{each.user_name}</li>" in look
    assert all(each.is_in() for each in browsers)
    token = re.search(r'name="csrf_token" value="([^"]+)"', look)[1]
    answer = administrator.post(DISABLE, data={**query, "csrf_token": token})
    done = administrator.get(answer.location).text
    assert "3 people were disabled: temp0, temp1, temp2." in done
    assert not any(each.is_in() for each in browsers)
    events = [each.event for each in rows(select(JOURNAL))]
    assert events.count(Event.PERSON_DISABLED) == 3


def test_managed_people_and_the_last_administrators_stay_also_when_forged(
    administrator, people, rows
):
    jane, linus = people.provisioned("jane@example.org"), people.local("linus")
    query = {"person": [jane.id, people.ada.id, linus.id, "nobody"]}
    look = html.unescape(administrator.get(DISABLE, query_string=query).text)
    assert "jane@example.org stays: Microsoft Entra ID manages them." in look
    token = re.search(r'name="csrf_token" value="([^"]+)"', look)[1]
    answer = administrator.post(DISABLE, data={**query, "csrf_token": token})
    done = html.unescape(administrator.get(answer.location).text)
    assert "1 person was disabled: linus." in done
    assert "Kept: Microsoft Entra ID manages jane@example.org" in done
    assert "Kept: You cannot disable yourself." in done
    active = dict(rows(select(USERS.c.user_name, USERS.c.active)))
    assert active == {"ada": True, "jane@example.org": True, "linus": False}
    nobody = administrator.post(DISABLE, data={"csrf_token": token})
    assert "Nobody was disabled." in administrator.get(nobody.location).text
    assert "No local person" in administrator.get(DISABLE).text


def test_disabling_many_requires_a_recently_authenticated_administrator(
    app, administrator, people, linus, rows
):
    query = {"person": [people.find("linus").id]}
    assert linus.get(DISABLE).status_code == 403
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', administrator.get(DISABLE).text
    )[1]
    long_ago = now() - timedelta(minutes=11)
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
    answer = administrator.post(DISABLE, data={**query, "csrf_token": token})
    assert answer.status_code == 403
    assert people.find("linus").active


def test_without_anybody_chosen_the_page_says_so(administrator, people):
    page = administrator.get(DISABLE).text
    assert "<h1>Choose somebody first</h1>" in page
    assert "Disable now" not in page
    page = administrator.get(f"{DISABLE}?person={people.local('tim').id}").text
    assert "<h1>Disable these people?</h1>" in page
