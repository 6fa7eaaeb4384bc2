"""The page Leavers: who lost their access when, and what proves it."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

from factories import ENTRA
from netpresenter_next.directory import events, leavers, sessions
from netpresenter_next.directory import people as directory_people
from netpresenter_next.directory.events import SCIM, Actor, Event
from netpresenter_next.directory.events import target_of_person as target
from netpresenter_next.directory.leavers import Departure, find_absence
from netpresenter_next.lib.csv_text import write_lines
from netpresenter_next.lib.timestamps import now, read_timestamp, write_timestamp
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import (
    DECIDES_ACCESS,
    IS_DEPARTURE,
    JOURNAL,
)
from netpresenter_next.storage.models import SESSIONS, USERS
from visitors import signed_in

LEAVERS = "/settings/leavers"
CREATED_DISABLED = "created as disabled"


@pytest.fixture
def jane(people):
    """A provisioned person with a password, so that tests can sign in as her."""
    jane = people.provisioned("jane@example.org")
    people.give_password(jane)
    return jane


@pytest.fixture
def departures(rows):
    def read():
        query = select(JOURNAL).where(JOURNAL.c.event.in_(leavers.DEPARTURES))
        return [Departure(row) for row in rows(query.order_by(JOURNAL.c.id))]

    return read


def disable(app, person, requested_at=None):
    actor = replace(ENTRA, request_id="request 1", requested_at=requested_at)
    with app.app_context(), database.write() as connection:
        fresh = directory_people.find_by_id(connection, person.id)
        document = {**fresh.document, "active": False}
        directory_people.change_document(connection, fresh, document, actor)


def read_csv(client, query=""):
    answer = client.get(f"{LEAVERS}/leavers.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_each_way_out_records_the_ended_sessions_and_their_last_use(
    app, people, jane, departures
):
    """A session that had expired did not end now."""
    seen = now() - timedelta(minutes=10)
    for leave in (
        lambda who: people.change(who, active=False),
        people.block,
        people.delete,
    ):
        for _ in range(3):
            signed_in(app, "jane@example.org")
        with app.app_context(), database.write() as connection:
            theirs = SESSIONS.c.user_id == jane.id
            early = connection.scalars(select(SESSIONS.c.digest).where(theirs)).first()
            connection.execute(update(SESSIONS).where(theirs).values(seen_at=seen))
            one = update(SESSIONS).where(SESSIONS.c.digest == early)
            connection.execute(one.values(seen_at=seen - timedelta(days=30)))
        leave(jane)
        left = departures()[-1]
        assert (left.sessions_ended, left.last_seen_at) == (2, seen)
        if left.row.event != Event.PERSON_DELETED:
            people.change(jane, active=True)
            people.block(jane, blocked=False)
    assert [each.row.event for each in departures()] == [
        Event.PERSON_DISABLED,
        Event.PERSON_BLOCKED,
        Event.PERSON_DELETED,
    ]


def test_the_list_filters_by_person_and_day_and_pages_in_both_directions(
    app, administrator, people, monkeypatch
):
    monkeypatch.setattr("netpresenter_next.pages.settings.leavers.PAGE_SIZE", 2)
    for name in ("a", "b", "c", "d", "e"):
        disable(app, people.provisioned(f"{name}@example.org"))

    def names(page):
        return [each for each in "edcba" if f">{each}<wbr>@example.org</a>" in page]

    first = administrator.get(LEAVERS).text
    assert names(first) == ["e", "d"]
    second = administrator.get(link(first, "Older")).text
    assert names(second) == ["c", "b"]
    third = administrator.get(link(second, "Older")).text
    assert names(third) == ["a"]
    assert names(administrator.get(link(third, "Newer")).text) == ["c", "b"]
    assert names(administrator.get(link(second, "Newer")).text) == ["e", "d"]
    assert "Newer</a>" not in administrator.get(link(second, "Newer")).text
    assert names(administrator.get(f"{LEAVERS}?person=C@example.org").text) == ["c"]
    today = f"{now():%Y-%m-%d}"
    assert names(administrator.get(f"{LEAVERS}?from={today}&to={today}").text)
    nobody = administrator.get(f"{LEAVERS}?to=2001-01-01").text
    assert "Nobody matches" in nobody
    assert [each["person"][0] for each in read_csv(administrator)] == [*"edcba"]
    assert [each["person"] for each in read_csv(administrator, "?person=b")] == [
        "b@example.org"
    ]


def link(page, text):
    """Return the address of a link on a page."""
    before = page[: page.index(f">{text}</a>")]
    return html.unescape(before[before.rindex('href="') + 6 :].partition('"')[0])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=yesterday", "yesterday is no day"),
        ("to=2026-02-30", "2026-02-30 is no day"),
        ("from=2026-02-02&to=2026-02-01", "The first day is after the last one."),
    ],
)
def test_a_bad_filter_is_explained_and_kept(administrator, query, message):
    answer = administrator.get(f"{LEAVERS}?{query}")
    assert answer.status_code == 400
    assert message in answer.text
    assert f'value="{query.split("=")[1].split("&")[0]}"' in answer.text
    assert administrator.get(f"{LEAVERS}/leavers.csv?{query}").status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(administrator, day):
    for path in (LEAVERS, f"{LEAVERS}/leavers.csv"):
        for query in (f"from={day}", f"to={day}", f"from={day}&to={day}"):
            assert administrator.get(f"{path}?{query}").status_code == 200, query


def test_no_cell_of_the_file_is_a_formula():
    cells = ['=1+1"', "+1", "-1", "@x", "\tx", "\rx", None, 3, "a,b\nc"]
    written = write_lines([cells])
    read = next(csv.reader(io.StringIO(written, newline="")))
    assert read[:6] == [f"'{each}" for each in cells[:6]]
    assert read[6:] == ["", "3", "a,b\nc"]
    assert written.endswith("\r\n")


def test_the_page_of_a_leaver_proves_since_when_they_are_out(
    app, administrator, people, jane
):
    signed_in(app, "jane@example.org")
    requested = now() - timedelta(milliseconds=40)
    disable(app, jane, requested)
    page = administrator.get(f"{LEAVERS}/{jane.id}").text.replace("<wbr>", "")
    assert "No access since" in page
    assert "The log has no sign-in after that" in page
    assert f"{requested:%H:%M:%S} UTC" in page
    assert "milliseconds" in page
    assert "<dt>Sessions ended</dt><dd>1, at " in page
    assert "provisioning, with the token npn_scim_test" in page
    assert "request 1" in page
    (line,) = read_csv(administrator, f"?person={jane.id}")
    assert line["requested_at_utc"] == write_timestamp(requested)
    assert 40 <= float(line["milliseconds_to_end"]) < 5_000
    people.delete(jane)
    gone = administrator.get(f"{LEAVERS}/{jane.id}").text.replace("<wbr>", "")
    assert "jane@example.org, deleted" in gone
    assert "Deleted jane@example.org." in gone
    assert administrator.get(f"{LEAVERS}/nobody").status_code == 404


def test_the_printed_proof_says_whose_it_is_and_how_long_it_is_kept(
    app, administrator, jane
):
    disable(app, jane, now())
    page = administrator.get(f"{LEAVERS}/{jane.id}").text
    assert "<dt>Time until the sessions ended</dt><dd>none was open</dd>" in page
    assert "none, because no session was open" in page
    until = now() + timedelta(days=90)
    assert f"kept until</dt><dd>{until.day} {until:%b %Y}" in page
    assert "Netpresenter Next, http://localhost" in page
    assert "Shown to ada at " in page
    assert "provisioning log are kept for 90 days" in " ".join(page.split())
    assert "data-print" in page
    query = f"?person={jane.id}"
    assert link(page, "Download as CSV") == f"{LEAVERS}/leavers.csv{query}"
    assert [each["person_id"] for each in read_csv(administrator, query)] == [jane.id]
    sent = administrator.get(f"{LEAVERS}/leavers.csv{query}").headers
    name = f"leaver-jane@example.org-{now():%Y-%m-%d}.csv"
    assert sent["Content-Disposition"] == f'attachment; filename="{name}"'


def test_somebody_who_has_access_is_shown_as_such(app, administrator, people, jane):
    disable(app, jane)
    people.change(jane, active=True)
    page = administrator.get(f"{LEAVERS}/{jane.id}").text
    assert "jane@example.org has access now" in page
    assert "No access since" not in page


class Row:
    def __init__(self, second, event):
        self.at = datetime(2026, 11, 27, 9, 0, second, tzinfo=UTC)
        self.event, self.facts = event, None
        if event == CREATED_DISABLED:
            self.event, self.facts = Event.PERSON_CREATED, {"is_active": False}


@pytest.mark.parametrize(
    ("story", "since", "sign_ins"),
    [
        ([Event.PERSON_CREATED], None, 0),
        ([Event.PERSON_DISABLED], 0, 0),
        ([Event.PERSON_DISABLED, Event.PERSON_ENABLED], None, 0),
        ([Event.PERSON_DISABLED, Event.PERSON_BLOCKED, Event.PERSON_ENABLED], 0, 0),
        ([Event.PERSON_BLOCKED, Event.PERSON_UNBLOCKED, Event.PERSON_DISABLED], 2, 0),
        ([Event.PERSON_DISABLED, Event.SIGNED_IN_WITH_MICROSOFT], 0, 1),
        ([Event.SIGNED_IN, Event.PERSON_DISABLED, Event.PERSON_DELETED], 1, 0),
        ([Event.PERSON_CREATED, Event.PERSON_BLOCKED_AGAIN], 1, 0),
        ([CREATED_DISABLED, Event.PERSON_BLOCKED, Event.PERSON_UNBLOCKED], 0, 0),
        ([CREATED_DISABLED, Event.PERSON_ENABLED], None, 0),
    ],
)
def test_the_absence_begins_with_the_first_departure_that_has_not_ended(
    story, since, sign_ins
):
    rows = [Row(second, event) for second, event in enumerate(story)]
    absence = find_absence(rows)
    if since is None:
        assert absence.departure is None
    else:
        assert absence.departure.row is rows[since]
    assert len(absence.sign_ins) == sign_ins


def test_many_people_disabled_together_are_shown_on_top(app, administrator, people):
    many = [people.provisioned(f"p{number}@example.org") for number in range(12)]
    for each in many[:2]:
        disable(app, each)
    assert "people were disabled or deleted" not in administrator.get(LEAVERS).text
    for each in many[2:]:
        disable(app, each)
    page = administrator.get(LEAVERS).text
    assert "<strong>12 people were disabled or deleted</strong>" in page
    assert "with the token npn_scim_test: p0@example.org, p1@example.org" in page
    assert "and 2 more" in page


def test_a_notice_counts_what_one_did_and_says_how_to_correct_it(
    app, administrator, people
):
    many = [people.provisioned(f"p{number}@example.org") for number in range(60)]
    ada = Actor("person", "ada", id=people.find("ada").id)
    for one, other in zip(many[:9], many[9:18], strict=True):
        disable(app, one)
        with app.app_context(), database.write() as connection:
            events.record(connection, ada, Event.PERSON_DISABLED, target(other))
    assert "people were disabled or deleted" not in administrator.get(LEAVERS).text
    with app.app_context(), database.write() as connection:
        for each in many[18:22]:
            events.record(connection, ada, Event.PERSON_DISABLED, target(each))
    page = administrator.get(LEAVERS).text
    assert page.count("people were disabled or deleted</strong>") == 1
    assert "<strong>13 people were disabled or deleted</strong>" in page
    assert re.search(
        r"by ada: p9@example.org.*/settings/users\?status=disabled", page, re.S
    )
    assert "correct the scope" not in page
    for each in many[22:32]:
        disable(app, each)
    page = administrator.get(LEAVERS).text
    assert page.count("people were disabled or deleted</strong>") == 2
    assert "<strong>19 people were disabled or deleted</strong>" in page
    assert "correct the scope" in page


def test_a_notice_names_all_tokens_with_which_many_were_disabled(
    app, administrator, people
):
    many = [people.provisioned(f"p{number}@example.org") for number in range(60)]
    other = Actor(SCIM, "Test & tenant", id="0")
    for each in many[:9]:
        disable(app, each)
    with app.app_context(), database.write() as connection:
        for each in many[9:18]:
            events.record(connection, other, Event.PERSON_DISABLED, target(each))
    page = html.unescape(administrator.get(LEAVERS).text)
    assert page.count("people were disabled or deleted</strong>") == 1
    assert "<strong>18 people were disabled or deleted</strong>" in page
    assert "by provisioning, with the tokens npn_scim_test, Test & tenant: p0@" in page
    assert "correct the scope" in page


def test_entries_of_older_versions_say_what_they_lack(app, administrator, people, jane):
    disable(app, jane)
    with app.app_context(), database.write() as connection:
        row = update(JOURNAL).where(JOURNAL.c.event == Event.PERSON_DISABLED)
        connection.execute(row.values(facts={"attributes": [], "sessions_ended": 3}))
    people.block(jane)
    with app.app_context(), database.write() as connection:
        row = update(JOURNAL).where(JOURNAL.c.event == Event.PERSON_BLOCKED)
        connection.execute(row.values(facts=None))
    page = administrator.get(LEAVERS).text
    assert "3, at " in page
    assert "not recorded" in page
    assert administrator.get(f"{LEAVERS}/{jane.id}").status_code == 200


def test_being_disabled_has_a_time_that_further_changes_keep(app, people, jane, rows):
    def since():
        return rows(select(USERS.c.disabled_at).where(USERS.c.id == jane.id))[0][0]

    assert since() is None
    people.change(jane, active=False)
    first = since()
    assert abs(now() - first) < timedelta(minutes=1)
    people.change(jane, title="former")
    assert since() == first
    people.change(jane, active=True)
    assert since() is None
    assert people.provisioned("tim@example.org", active=False).disabled_at


def test_only_times_that_were_written_are_read():
    present = now()
    assert read_timestamp(write_timestamp(present)) == present
    for text in (None, "", "x", "2026-11-27", "2026-11-27T09:00:00Z", 5):
        assert read_timestamp(text) is None
    assert write_timestamp(None) is None
    assert sessions.EndedSessions(0, None).last_seen is None


def test_failed_sign_ins_do_not_displace_since_when_somebody_is_out(
    app, administrator, people
):
    tim = people.provisioned("tim@example.org")
    people.change(tim, active=False)
    with app.app_context(), database.write() as connection:
        for _ in range(leavers.MOST_EVIDENCE + 1):
            events.record(connection, ENTRA, Event.SIGN_IN_FAILED, target(tim))
    assert "No access since" in administrator.get(f"{LEAVERS}/{tim.id}").text


def test_sign_ins_do_not_displace_an_older_departure(app, administrator, people):
    """Somebody was blocked, came back, signed in often and was blocked again."""
    tim = people.provisioned("tim@example.org")
    people.block(tim)
    people.block(tim, blocked=False)
    with app.app_context(), database.write() as connection:
        for _ in range(leavers.MOST_EVIDENCE + 1):
            kind = Event.SIGNED_IN_WITH_MICROSOFT
            events.record(connection, ENTRA, kind, target(tim))
    with app.app_context(), database.read() as connection:
        rows, is_cut = leavers.list_evidence(connection, tim.id)
    there = {row.event for row in rows}
    assert {Event.PERSON_BLOCKED, Event.PERSON_UNBLOCKED, Event.PERSON_CREATED} <= there
    assert is_cut
    page = administrator.get(f"{LEAVERS}/{tim.id}").text
    assert "Only the newest entries of each kind are shown" in page


def test_being_disabled_often_does_not_displace_a_block(app, administrator, people):
    tim = people.provisioned("tim@example.org")
    people.block(tim)
    facts = {"attributes": ["active"], "sessions_ended": 0}
    with app.app_context(), database.write() as connection:
        for _ in range(leavers.MOST_EVIDENCE + 1):
            for kind in (Event.PERSON_DISABLED, Event.PERSON_ENABLED):
                events.record(connection, ENTRA, kind, target(tim), **facts)
    page = administrator.get(f"{LEAVERS}/{tim.id}").text
    assert "<dt>Blocked by</dt>" in page


def test_the_entries_that_decide_are_found_by_an_index(app, people):
    tim, plans = people.provisioned("tim@example.org"), []
    with app.app_context(), database.read() as connection:

        def explain(conn, cursor, statement, parameters, context, executemany):
            if statement.startswith("EXPLAIN"):
                return
            found = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in found)

        event.listen(connection, "after_cursor_execute", explain)
        leavers.list_evidence(connection, tim.id)
    searches = [each for each in plans if each.startswith(("SEARCH journal", "SCAN"))]
    by_event = [each for each in searches if "target_id=? AND event=?" in each]
    assert len(by_event) == len(leavers.DECIDING)
    assert all("ix_journal_access" in each for each in by_event)
    assert not any("SCAN journal" in each or "B-TREE" in each for each in plans)


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [(IS_DEPARTURE, leavers.DEPARTURES), (DECIDES_ACCESS, leavers.DECIDING)],
)
def test_an_index_has_every_event_that_is_looked_for_by_it(condition, kinds):
    """An event that the condition of the index leaves out would never be found."""
    assert set(re.findall(r"'([\w.]+)'", condition.text)) == {*kinds}


def test_somebody_who_was_created_as_disabled_is_said_to_be(app, administrator, people):
    tim = people.provisioned("tim@example.org", active=False)
    page = administrator.get(f"{LEAVERS}/{tim.id}").text
    assert "Created as disabled." in page
    assert "<dt>Created as disabled by</dt>" in page
    with app.app_context(), database.write() as connection:
        connection.execute(delete(JOURNAL))
    page = administrator.get(f"{LEAVERS}/{tim.id}").text
    assert "created as disabled on " in page
    assert "and not enabled since" in page
    people.change(tim, active=True)
    people.change(tim, active=False)
    with app.app_context(), database.write() as connection:
        connection.execute(delete(JOURNAL))
    page = administrator.get(f"{LEAVERS}/{tim.id}").text
    assert "deleted because of its age, or there never was one" in page


def test_whoever_has_access_now_is_not_absent_whatever_the_entries_say():
    """The entry of the return was deleted before that of the departure."""
    rows = [Row(0, Event.PERSON_DISABLED), Row(1, Event.SIGNED_IN)]
    assert leavers.find_absence(rows).departure is not None
    assert leavers.find_absence(rows, has_access=True).departure is None
