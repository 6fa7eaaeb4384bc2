"""Which events and states raise an alarm, and which do not."""

import itertools
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from clocks import DAY, HOUR, SettableClock
from factories import ENTRA
from netpresenter_next.directory import (
    alarm_settings,
    conflicts,
    counted_events,
    events,
    scim_tokens,
)
from netpresenter_next.directory.alarm_kinds import AlarmKind
from netpresenter_next.directory.events import SCIM, Actor, Event
from netpresenter_next.directory.scim_traffic import Kind, TrafficCounter
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database, ids
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES, ALARM_SETTINGS
from netpresenter_next.storage.choices import Language
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.storage.upkeep_models import UPKEEP_SETTINGS
from netpresenter_next.upkeep import alarm_detectors, alarm_job, mass_disabling
from netpresenter_next.upkeep.alarm_job import AlarmJob
from netpresenter_next.upkeep.mass_disabling import Removal, choose_burst, is_many
from netpresenter_next.upkeep.settings import BACKUP, Run, note_run
from netpresenter_next.web import context
from visitors import signed_in

ALL = list(AlarmKind)


@pytest.fixture
def clock(monkeypatch):
    return SettableClock(monkeypatch)


@pytest.fixture
def write(app):
    """Calls a function in a write transaction."""

    def call(function, *arguments, **more):
        with app.app_context(), database.write() as connection:
            return function(connection, *arguments, **more)

    return call


@pytest.fixture
def choose(write):
    """Sets which alarms are sent, by a webhook."""

    def choose_kinds(kinds=ALL, *, is_on=True, language=Language.ENGLISH):
        channel = {"webhook_url": "https://x.example.org", "webhook_secret": b"x"}
        write(
            lambda connection: connection.execute(
                update(ALARM_SETTINGS).values(channel)
            )
        )
        write(
            alarm_settings.choose,
            events.COMMAND_LINE,
            is_on=is_on,
            kinds=kinds,
            language=language,
        )

    return choose_kinds


@pytest.fixture
def told(app, rows):
    """Runs the job; returns the kind and text of the messages that were added."""
    seen = set()

    def run():
        with app.app_context():
            AlarmJob(context.of(app).config).run(lambda _: None)
        query = select(ALARM_MESSAGES).order_by(ALARM_MESSAGES.c.id)
        new = [row for row in rows(query) if row.id not in seen]
        seen.update(row.id for row in new)
        return [(row.kind, json.loads(row.body)["data"]["text"]) for row in new]

    return run


def refuse_token(write, reason):
    write(
        counted_events.record,
        Actor(SCIM, "", "192.0.2.7"),
        Event.FORMER_TOKEN_REFUSED
        if reason in alarm_detectors.FORMER_TOKENS
        else Event.TOKEN_REFUSED,
        None,
        about=reason,
        reason=reason,
        length=0,
    )


# --------------------------------------------------------------- on and off
def test_nothing_is_told_while_alarms_are_off(app, people, write, told, rows):
    refuse_token(write, "revoked")
    signed_in(app, "ada")
    assert told() == []
    (row,) = rows(select(ALARM_SETTINGS))
    assert (row.is_on, row.examined_id) == (False, "")


def test_only_what_happens_after_switching_on_is_told(app, people, choose, write, told):
    signed_in(app, "ada")
    choose()
    assert told() == []
    refuse_token(write, "revoked")
    assert [kind for kind, _ in told()] == ["token_rejected"]


def test_a_kind_that_is_not_chosen_is_not_told(app, people, choose, write, told):
    choose([AlarmKind.REJECTED_TOKENS])
    signed_in(app, "ada")
    refuse_token(write, "expired")
    assert told() == [
        ("token_rejected", "A SCIM client sent a token that has expired.")
    ]
    choose()
    assert told() == []  # the sign-in was examined already


def test_nothing_is_queued_without_a_channel(app, people, write, told, rows):
    write(
        alarm_settings.choose,
        events.COMMAND_LINE,
        is_on=True,
        kinds=ALL,
        language=Language.ENGLISH,
    )
    signed_in(app, "ada")
    assert told() == []


def test_the_job_writes_only_what_is_new(app, people, choose, told, rows):
    choose()
    told()
    with app.app_context(), database.read() as connection:
        before = connection.connection.dbapi_connection.total_changes
    version = "PRAGMA data_version"
    with app.app_context(), database.read() as connection:
        first = connection.exec_driver_sql(version).scalar()
        told()
        assert connection.exec_driver_sql(version).scalar() == first
        assert connection.connection.dbapi_connection.total_changes == before


# --------------------------------------------------------------- the event log
@pytest.mark.parametrize("reason", ["missing", "not_live", "incomplete", "malformed"])
def test_a_token_that_was_never_valid_here_raises_no_alarm(choose, write, told, reason):
    choose()
    refuse_token(write, reason)
    assert told() == []


def test_emergency_access_is_told_with_the_name(app, people, choose, told):
    choose()
    signed_in(app, "ada")
    assert told() == [("emergency_access", "A sign-in with emergency access, by ada.")]
    signed_in(app, "ada")
    assert told() == []  # the second one of this day


def test_a_conflict_and_a_refused_disable_are_told_by_name(
    app, people, choose, write, told
):
    choose()
    jan = people.provisioned("jan@example.org", displayName="Jan\nJansen")
    write(conflicts.note_refused_disable, jan.id, "No.", ENTRA)
    detected = conflicts.DetectedConflict(
        jan, conflicts.Reason.LINK_UNBACKED, "", "claimant"
    )
    write(conflicts.open_, detected, ENTRA)
    assert told() == [
        ("conflict_opened", "An administrator has to decide about Jan Jansen."),
        ("disable_refused", "Provisioning could not disable Jan Jansen."),
    ]


def test_several_conflicts_are_told_in_one_message(app, people, choose, write, told):
    choose()
    for number in range(7):
        person = people.provisioned(f"p{number}@example.org")
        write(conflicts.note_refused_disable, person.id, "No.", ENTRA)
    assert told() == [
        (
            "disable_refused",
            "Provisioning could not disable p0, p1, p2, p3, p4 and 2 more.",
        )
    ]


def test_a_message_has_no_address_and_no_id_of_a_person(
    app, people, choose, write, told, rows
):
    choose()
    jan = people.provisioned("jan@example.org", externalId="17a", title="Chef")
    write(conflicts.note_refused_disable, jan.id, "No.", ENTRA)
    people.delete(jan)
    told()
    people.provisioned("tom@example.org")
    (row,) = rows(select(ALARM_MESSAGES))
    for text in ("example.org", jan.id, "17a", "Chef"):
        assert text not in row.subject + row.body
    assert "a person who was deleted since" in row.body


def test_two_days_are_told_separately(app, people, choose, told, clock):
    choose()
    signed_in(app, "ada")
    clock.step(DAY)
    signed_in(app, "ada")
    assert [kind for kind, _ in told()] == ["emergency_access"] * 2


def test_many_entries_are_examined_in_batches(
    app, people, choose, write, told, monkeypatch
):
    monkeypatch.setattr(alarm_job, "BATCH", 2)
    choose()
    for number in range(5):
        refuse_token(write, f"reason {number}")
    refuse_token(write, "revoked")
    assert [kind for kind, _ in told()] == ["token_rejected"]


def test_entries_after_the_clock_was_set_back_are_examined(
    app, people, choose, told, clock, monkeypatch
):
    choose()
    clock.step(HOUR)
    signed_in(app, "ada")
    assert [kind for kind, _ in told()] == ["emergency_access"]
    clock.step(-25 * HOUR)
    monkeypatch.setattr(ids, "_last_tick", 0)  # as after a restart
    signed_in(app, "ada")
    assert [kind for kind, _ in told()] == ["emergency_access"]
    clock.step(DAY)
    signed_in(app, "ada")
    assert told() == []  # of the same day as the first one


# --------------------------------------------------------------- many disabled
def test_many_disabled_people_are_told(app, people, choose, told):
    choose()
    staff = [
        people.provisioned(f"p{number}@example.org", displayName=f"Person {number}")
        for number in range(20)
    ]
    for person in staff[:4]:
        people.change(person, active=False)
    assert told() == []
    people.change(staff[0], active=True)
    people.change(staff[0], active=False)  # the same person counts once
    assert told() == []
    people.delete(staff[4])
    assert told() == [
        (
            "many_disabled",
            "5 people were disabled or deleted within 15 minutes by provisioning, with "
            "the token npn_scim_test: Person 0, Person 1, Person 2, Person 3, a person "
            "who was deleted since.",
        )
    ]


def test_what_an_administrator_and_provisioning_do_is_not_many_together(
    app, people, choose, write, told
):
    choose()
    staff = [people.provisioned(f"p{number}") for number in range(20)]
    for person in staff[:4]:
        people.change(person, active=False)
    ada = Actor("person", "ada@example.org", id="0-ada")
    for person in staff[4:9]:
        assert told() == []
        target = events.target_of_person(person)
        write(events.record, ada, Event.PERSON_DISABLED, target)
    ((kind, text),) = told()
    assert kind == "many_disabled"
    assert text.startswith(
        "5 people were disabled or deleted within 15 minutes by ada: p4, p5"
    )


def test_what_two_tokens_do_is_many_together(people, choose, write, told):
    choose()
    staff = [people.provisioned(f"p{number}") for number in range(60)]
    tokens = [Actor(SCIM, name, id=f"0-{name}") for name in ("Entra", "Test tenant")]
    for number, person in enumerate(staff[:18]):
        if number < 10:
            assert told() == []
        target = events.target_of_person(person)
        write(events.record, tokens[number >= 9], Event.PERSON_DISABLED, target)
    ((kind, text),) = told()
    assert kind == "many_disabled"
    assert text.startswith(
        "18 people were disabled or deleted within 15 minutes by provisioning, with "
        "the tokens Entra, Test tenant: p0, p1"
    )


def test_deleting_disabled_people_is_no_alarm(people, choose, told):
    choose()
    staff = [people.provisioned(f"p{number}", active=False) for number in range(12)]
    for person in staff:
        people.delete(person)
    assert told() == []


def test_people_disabled_slowly_are_no_alarm(app, people, choose, told, clock):
    choose()
    for number in range(12):
        people.change(people.provisioned(f"p{number}"), active=False)
        clock.step(10 * 60)
        assert told() == []


@pytest.mark.parametrize(
    ("removed", "still_active", "many"),
    [
        (2, 0, False),
        (3, 0, True),
        (3, 12, True),
        (3, 13, False),
        (4, 16, True),
        (9, 36, True),
        (9, 37, False),
        (10, 50, True),
    ],
)
def test_how_many_people_are_many(removed, still_active, many):
    assert is_many(removed, still_active) is many


def test_many_is_as_documented_for_all_numbers():
    for removed, active in itertools.product(range(15), range(80)):
        share = removed >= 3 and removed * 5 >= removed + active
        assert is_many(removed, active) == (removed >= 10 or share)


def test_a_burst_is_found_anywhere_in_a_long_list():
    start = now()

    def removals(*minutes):
        return [
            Removal(start + timedelta(minutes=minute), str(number))
            for number, minute in enumerate(minutes)
        ]

    slow = [10 * number for number in range(30)]
    assert choose_burst(removals(*slow), 50) is None
    quick = [*slow, *[400 + number for number in range(12)]]
    burst = choose_burst(removals(*quick), 50)
    assert burst.at == start + timedelta(minutes=400)
    assert len(burst.people) == 12
    assert choose_burst([], 0) is None


def test_the_earliest_burst_of_anybody_is_found():
    start = now()
    entra = mass_disabling.Actor(SCIM, "Entra", "1")
    ada = mass_disabling.Actor("person", "ada", "2")
    removals = [
        Removal(
            start + timedelta(seconds=second), str(second), (entra, ada)[second % 2]
        )
        for second in range(24)
    ]
    assert choose_burst(removals[:18], 50) is None
    burst = choose_burst(removals, 50)
    assert (burst.at, burst.by, len(burst.people)) == (start, [entra], 12)
    assert choose_burst(removals[1:20], 50).by == [ada]


def test_counting_disabled_people_reads_a_limited_number_of_rows(app, people, write):
    def count(number):
        def steps(connection):
            raw = connection.connection.dbapi_connection
            counted = itertools.count()
            raw.set_progress_handler(lambda: next(counted) < 0, 10)
            mass_disabling._count_active(connection)
            raw.set_progress_handler(None, 0)
            return next(counted)

        for each in range(number):
            people.provisioned(f"{number}-{each}")
        return write(steps)

    few = count(60)
    assert count(200) <= few + 2


# --------------------------------------------------------------- states
def test_a_failed_backup_is_told_each_day(app, choose, write, told, clock):
    choose()
    assert told() == []  # none was made yet
    write(note_run, BACKUP, Run(now(), True, "Done."))
    assert told() == []
    write(note_run, BACKUP, Run(now(), False, "No room in /srv/backups."))
    assert told() == [("backup_failed", "The last nightly backup failed.")]
    assert told() == []
    clock.step(DAY)
    assert told() == [("backup_failed", "The last nightly backup failed.")]


def test_an_old_backup_is_told_unless_backups_are_switched_off(
    app, choose, write, told, clock
):
    choose()
    made_at = now()
    write(note_run, BACKUP, Run(made_at, True, "Done."))
    clock.step(2 * DAY - HOUR)
    assert told() == []
    clock.step(2 * HOUR)
    off = update(UPKEEP_SETTINGS).values(backups_kept=0)
    write(lambda connection: connection.execute(off))
    assert told() == []
    write(lambda connection: connection.execute(off.values(backups_kept=7)))
    words = f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC."
    assert told() == [("backup_failed", words)]


def test_expiring_credentials_are_told_on_four_days(app, choose, write, told, clock):
    choose()
    expires_on = now().date() + timedelta(days=31)
    values = {"secret_expires_on": expires_on}
    change = update(SIGN_IN_SETTINGS).values(values)
    write(lambda connection: connection.execute(change))
    clock.step(DAY)
    assert told() == []  # there is no secret that could expire
    clock.step(-DAY)
    write(lambda connection: connection.execute(change.values(secret=b"x")))
    days, left = [], 31
    while left > -40:
        for _, text in told():
            assert text.startswith("The client secret for sign-in with Microsoft exp")
            days.append(left)
        clock.step(DAY)
        left -= 1
    assert days == [30, 14, 3, 0]


@pytest.mark.parametrize(
    ("left", "latest", "is_due"),
    [
        (31, None, False),
        (30, None, True),
        (25, None, True),  # the server was off on the day itself
        (25, 40, True),  # the reminder of the previous secret
        (25, 30, False),
        (25, 28, False),
        (14, 30, True),
        (-1, 0, False),
        (-1, 3, True),
    ],
)
def test_a_reminder_is_due_once_for_each_step(left, latest, is_due):
    today = date(2026, 11, 27)
    expires_on = today + timedelta(days=left)
    day = None if latest is None else expires_on - timedelta(days=latest)
    assert alarm_detectors.is_reminder_due(expires_on, today, day) is is_due


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (-1, "expired on 26 November 2026"),
        (0, "expires today, on 27 November 2026"),
        (1, "expires tomorrow, on 28 November 2026"),
        (14, "expires in 14 days, on 11 December 2026"),
    ],
)
def test_an_expiry_is_described_in_words(left, words):
    today = date(2026, 11, 27)
    described = alarm_detectors.describe_expiry(today + timedelta(days=left), today)
    assert described == words


# --------------------------------------------------------------- costs
def test_the_job_costs_the_same_however_long_the_event_log_is(
    app, people, choose, write, told
):
    def count_steps():
        told()
        signed_in(app, "ada")
        counted = itertools.count()
        with app.app_context(), database.read() as connection:
            row = alarm_settings.read(connection)
            raw = connection.connection.dbapi_connection
            raw.set_progress_handler(lambda: next(counted) < 0, 10)
            alarm_job._list_entries(connection, row.examined_id, "z")
            raw.set_progress_handler(None, 0)
        return next(counted)

    choose()
    few = count_steps()
    actor, target = events.COMMAND_LINE, None
    more = [
        {**events.make_entry(actor, Event.SIGNED_IN, target, {}), "succeeded": True}
        for _ in range(3_000)
    ]
    write(lambda connection: connection.execute(insert(JOURNAL), more))
    assert count_steps() <= few + 2


def test_every_event_of_a_detector_is_read():
    assert set(alarm_detectors.EVENTS) <= set(Event)
    assert set(alarm_detectors.DETECTORS) == set(AlarmKind)


def test_provisioning_that_fails_is_told(choose, write, told):
    choose()
    write(
        scim_tokens.issue, events.COMMAND_LINE, "production", "n" * 16, expires_at=None
    )
    write(
        lambda connection: connection.execute(
            update(SCIM_TOKENS).values(last_used_at=now())
        )
    )
    traffic = TrafficCounter()
    traffic.count("token", Actor(SCIM, "production"), Kind.REFUSED)
    write(traffic.store)
    told_now = told()
    assert [kind for kind, _ in told_now] == ["provisioning_fails"]
    assert "All changes of the last provisioning cycle" in told_now[0][1]
    traffic.count("token", Actor(SCIM, "production"), Kind.WRITE)
    write(traffic.store)
    assert told() == []


def test_a_token_that_expires_is_told_on_the_days_of_the_reminders(
    clock, choose, write, told
):
    choose()
    expires_at = now() + timedelta(days=32)
    write(
        scim_tokens.issue,
        events.COMMAND_LINE,
        "production",
        "n" * 16,
        expires_at=expires_at,
    )
    days = []
    for day in range(34):
        days += [day] * len(told())
        clock.step(DAY)
    assert days == [2, 18, 29, 32]


def test_the_first_id_of_a_time_divides_the_ids_before_and_after_it(clock, monkeypatch):
    monkeypatch.setattr(ids, "_last_tick", 0)
    before = ids.new_id()
    clock.step(1)
    first = ids.first_id_at(now())
    assert before < first <= ids.new_id()
    assert len(first) == len(before)
