"""Retention: what is deleted when, what is kept, and in which batches."""

import datetime
import re
import threading

import pytest
from sqlalchemy import insert, select, text, update

from clocks import DAY, HOUR, SettableClock
from helpers import PASSWORD
from netpresenter_next.directory import deletions, events, sessions
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.link_models import PASSWORD_LINKS
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.storage.scim_models import SCIM_TRAFFIC
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS
from netpresenter_next.storage.throttle_models import GUESSES, UNLOCKS
from netpresenter_next.storage.upkeep_models import UPKEEP_RUNS, UPKEEP_SETTINGS
from netpresenter_next.upkeep import retention
from netpresenter_next.upkeep.retention import (
    LARGEST_BATCH,
    SMALLEST_BATCH,
    TARGET,
    Batch,
    prune,
)


@pytest.fixture
def run_prune(app):
    """Prunes without pauses; returns the report."""

    def run(pause=lambda _seconds: None):
        with app.app_context():
            return prune(pause)

    return run


@pytest.fixture
def fill(app):
    """Puts rows into a table."""

    def put(table, *rows):
        with app.app_context(), database.write() as connection:
            connection.execute(insert(table), rows)

    return put


def entry(log, days, **more):
    kind = events.SCIM if log == events.PROVISIONING else "person"
    row = events.make_entry(events.Actor(kind, "x"), events.Event.SIGNED_IN, None, {})
    at = now() - datetime.timedelta(days=days)
    return {**row, "succeeded": True, "times": 1, "at": at, "last_at": None, **more}


def ages(rows, log):
    query = select(JOURNAL.c.at).where(JOURNAL.c.log == log).order_by(JOURNAL.c.at)
    return [round((now() - at) / datetime.timedelta(days=1)) for (at,) in rows(query)]


# --------------------------------------------------------------- what is deleted
def test_each_log_is_kept_for_its_number_of_days(app, run_prune, fill, rows):
    fill(JOURNAL, *(entry("provisioning", days) for days in (1, 89, 91, 900)))
    fill(JOURNAL, *(entry("audit", days) for days in (1, 91, 729, 731)))
    assert run_prune() == (
        "Entries of the provisioning log deleted: 2. "
        "Entries of the audit log deleted: 1."
    )
    assert ages(rows, "provisioning") == [89, 1]
    assert ages(rows, "audit") == [729, 91, 1]
    with app.app_context(), database.write() as connection:
        connection.execute(update(UPKEEP_SETTINGS).values(audit_days=90))
    run_prune()
    assert ages(rows, "audit") == [1]
    assert run_prune() == "Nothing was old enough to be deleted."


def test_a_counting_entry_is_kept_by_the_time_of_its_last_occurrence(
    run_prune, fill, rows
):
    last_at = now() - datetime.timedelta(days=89)
    fill(JOURNAL, entry("provisioning", 91, last_at=last_at), entry("provisioning", 91))
    run_prune()
    assert len(rows(select(JOURNAL))) == 1


def session(user_id, **moments):
    present = dict.fromkeys(("created_at", "authenticated_at", "seen_at"), now())
    return {
        "digest": new_id().encode()[:32],
        "user_id": user_id,
        "method": "local",
        "address": "",
        "user_agent": "",
        **present,
        **moments,
    }


def test_sessions_are_deleted_a_day_after_they_expire(people, run_prune, fill, rows):
    hours = {each: now() - datetime.timedelta(hours=each) for each in (1, 31, 33)}
    fill(SESSIONS, *(session(people.ada.id, seen_at=at) for at in hours.values()))
    run_prune()
    assert len(rows(select(SESSIONS))) == 2


def test_session_times_in_the_future_are_corrected(people, run_prune, fill, rows):
    later = now() + datetime.timedelta(days=400)
    moments = dict.fromkeys(("created_at", "authenticated_at", "seen_at"), later)
    fill(SESSIONS, *(session(people.ada.id, **moments) for _ in range(3)))
    assert run_prune() == "Sessions with a time in the future corrected: 3."
    for each in rows(select(SESSIONS)):
        assert max(each.created_at, each.authenticated_at, each.seen_at) <= now()


def test_a_sign_in_deletes_the_oldest_of_more_than_fifty_sessions(
    app, people, client, fill, rows
):
    ago = [now() - datetime.timedelta(minutes=each) for each in range(1, 61)]
    fill(SESSIONS, *(session(people.ada.id, seen_at=at) for at in ago))
    assert client.sign_in("ada", PASSWORD).status_code == 303
    assert client.is_in()
    left = [at for (at,) in rows(select(SESSIONS.c.seen_at))]
    assert len(left) == sessions.MOST_SESSIONS == 50
    assert set(left) & set(ago) == set(ago[:49])  # the newest


def test_pruning_deletes_sessions_beyond_fifty_of_a_person(
    people, run_prune, fill, rows
):
    tim = people.local("tim")
    fill(SESSIONS, *(session(people.ada.id) for _ in range(320)))
    fill(SESSIONS, *(session(tim.id) for _ in range(49)))
    assert run_prune() == "Sessions over the limit of a person deleted: 270."
    assert len(rows(select(SESSIONS))) == 99


def test_pruning_keeps_the_numbers_of_requests_that_pages_count(
    administrator, run_prune, fill, rows
):
    ago = [now() - datetime.timedelta(days=each) for each in (6, 9)]
    fill(SCIM_TRAFFIC, *({"started_at": each, "refused": 1} for each in ago))
    assert run_prune() == "Numbers of SCIM requests deleted: 1."
    assert rows(select(SCIM_TRAFFIC.c.started_at)) == [(ago[0],)]
    assert "1 request was refused in the last 7 days" in administrator.get("/").text


def test_names_of_deleted_people_are_removed_unless_they_are_blocked(
    app, people, run_prune, rows
):
    a, b, c, d = (people.provisioned(name) for name in "abcd")
    object_id = "6f0d1bd3-6a2a-4d5b-8a77-0d5f3b0e9a10"
    people.change(b, externalId=object_id)
    people.block(c)
    for each in (a, b, c):
        people.delete(each)
    with app.app_context(), database.write() as connection:
        old = now() - deletions.NAMED_FOR - datetime.timedelta(days=1)
        connection.execute(update(DELETED_PEOPLE).values(deleted_at=old))
    people.delete(d)
    assert run_prune() == "Names of deleted people removed: 2."
    left = {row.user_id: row.user_name for row in rows(select(DELETED_PEOPLE))}
    assert left == {b.id: None, c.id: "c", d.id: "d"}


def test_expired_guesses_unlocks_links_and_emergency_notices_are_deleted(
    people, run_prune, fill, rows
):
    guess = {"account": "x", "network": "x", "browser": None}
    fill(
        GUESSES,
        {**guess, "id": new_id(), "at": timestamps.monotonic_time() - 3 * HOUR},
        {**guess, "id": new_id(), "at": timestamps.monotonic_time() - HOUR},
    )
    days = {each: now() - datetime.timedelta(days=each) for each in (0, 2, 729, 731)}
    tim = people.local("tim")
    for person, at in ((tim, days[2]), (people.ada, days[0])):
        digest = person.id.encode()[:32]
        fill(UNLOCKS, {"user_id": person.id, "digest": digest, "unlocked_at": at})
    for age in (29, 31):
        link = {"id": new_id(), "user_id": tim.id, "digest": new_id().encode()[:32]}
        made_at = now() - datetime.timedelta(days=age)
        fill(PASSWORD_LINKS, {**link, "form_nonce": link["id"], "made_at": made_at})
    notice = {"user_id": "x", "user_name": "x", "address": "", "session_digest": b""}
    fill(
        EMERGENCY_SIGN_INS,
        *({**notice, "id": new_id(), "at": days[each]} for each in (729, 731)),
    )
    run_prune()
    for table in (GUESSES, UNLOCKS, EMERGENCY_SIGN_INS, PASSWORD_LINKS):
        assert len(rows(select(table))) == 1, table.name


# --------------------------------------------------------------- a wrong clock
@pytest.fixture(autouse=True)
def fresh_doubt(monkeypatch):
    """Resets the doubt about the clock, as the start of a server does."""
    monkeypatch.setattr(retention, "_clock_guard", retention.ClockGuard())


@pytest.mark.parametrize(("days", "is_doubted"), [(6, False), (8, True), (-8, False)])
def test_nothing_is_deleted_for_a_day_after_a_long_downtime(
    monkeypatch, run_prune, fill, rows, days, is_doubted
):
    """The clock may have been wrong since the start."""
    ended_at = now() - datetime.timedelta(days=days)
    fill(
        UPKEEP_RUNS,
        {"job": "prune", "ended_at": ended_at, "succeeded": True, "note": ""},
    )
    fill(JOURNAL, entry("provisioning", 91))
    if is_doubted:
        with pytest.raises(retention.ClockIsWrong, match="off for 8 days"):
            run_prune()
        assert len(rows(select(JOURNAL))) == 1
        steady = timestamps.monotonic_time()
        monkeypatch.setattr(timestamps, "monotonic_time", lambda: steady + DAY + 1)
        monkeypatch.setattr(retention.time, "time", lambda: steady + DAY + 1)
    run_prune()
    assert rows(select(JOURNAL)) == []


@pytest.mark.parametrize("days", [-2, 2, 800])
def test_nothing_is_deleted_for_a_day_after_the_clock_stepped(
    monkeypatch, run_prune, fill, rows, days
):
    fill(JOURNAL, entry("provisioning", 1), entry("provisioning", 91))
    SettableClock(monkeypatch).step(days * DAY)
    with pytest.raises(retention.ClockIsWrong, match=f"{abs(days)} days"):
        run_prune()
    assert len(rows(select(JOURNAL))) == 2
    steady = timestamps.monotonic_time()
    monkeypatch.setattr(timestamps, "monotonic_time", lambda: steady + DAY + 1)
    monkeypatch.setattr(retention.time, "time", lambda: steady + (days + 1) * DAY)
    run_prune()
    assert len(rows(select(JOURNAL))) == {-2: 2, 2: 1, 800: 0}[days]


# --------------------------------------------------------------- batches
def test_a_batch_has_as_many_rows_as_fit_its_target_time():
    batch = Batch()
    for _ in range(100):
        batch.adapt(batch.rows * 1e-6)
    assert batch.rows == LARGEST_BATCH
    for _ in range(100):
        batch.adapt(batch.rows * 1e-3)
    assert batch.rows * 1e-3 <= TARGET
    batch.adapt(5.0)
    assert batch.rows == SMALLEST_BATCH
    batch.adapt(0.0)
    assert batch.rows == 2 * SMALLEST_BATCH


def test_a_slow_database_gets_small_batches(monkeypatch, run_prune, fill, rows):
    """If each row takes a millisecond, no batch takes longer than its target."""
    fill(JOURNAL, *(entry("provisioning", 100) for _ in range(500)))
    taken, present = [], [0.0]

    def timed_batch(kind, batch, pause, original=retention._delete_batch):
        before = present[0]
        number = original(kind, batch, pause)
        taken.append(present[0] - before)
        return number

    deletion = retention._make_kind

    def slow_deletion(*arguments):
        kind = deletion(*arguments)

        def forget(connection, most):
            number = kind.delete(connection, most)
            present[0] += number * 1e-3
            return number

        return kind._replace(delete=forget)

    monkeypatch.setattr(retention, "_delete_batch", timed_batch)
    monkeypatch.setattr(retention, "_make_kind", slow_deletion)
    monkeypatch.setattr(retention, "time", Stopwatch(present))
    run_prune()
    assert rows(select(JOURNAL)) == []
    assert max(taken) <= TARGET + 1e-9


class Stopwatch:
    """Replaces the module time."""

    def __init__(self, present):
        self.monotonic = lambda: present[0]
        self.time = timestamps.time.time


def test_other_writes_are_possible_between_two_batches(
    app, monkeypatch, run_prune, fill
):
    monkeypatch.setattr(retention, "LARGEST_BATCH", 20)
    monkeypatch.setattr(retention, "FIRST_BATCH", 20)
    fill(JOURNAL, *(entry("provisioning", 100) for _ in range(100)))
    turns = []

    def another_writes(seconds):
        assert seconds == retention.PAUSE

        def insert_one():
            with app.app_context(), database.write(0) as connection:
                connection.execute(insert(JOURNAL), entry("provisioning", 1))
            turns.append(1)

        writer = threading.Thread(target=insert_one)
        writer.start()
        writer.join()

    run_prune(another_writes)
    assert len(turns) >= 5  # more on a slow machine


def test_pruning_can_be_stopped_between_two_batches(monkeypatch, run_prune, fill, rows):
    monkeypatch.setattr(retention, "FIRST_BATCH", 20)
    fill(JOURNAL, *(entry("provisioning", 100) for _ in range(100)))

    def stop(_seconds):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_prune(stop)
    assert len(rows(select(JOURNAL))) == 80


def test_rows_to_delete_are_found_by_an_index(app, monkeypatch):
    """No query sorts or scans a table that can be large."""
    found = {}

    def explain(name, table, these):
        (key,) = table.primary_key.columns
        some = retention.delete(table).where(key.in_(these.limit(100)))
        found[name] = some

        return retention.RowKind(name, lambda _connection, _most: 0)

    monkeypatch.setattr(retention, "_make_kind", explain)
    with app.app_context():
        list(retention.list_kinds())
        with database.read() as connection:
            for name, statement in found.items():
                compiled = statement.compile(
                    connection, compile_kwargs={"literal_binds": True}
                )
                plan = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
                steps = [row.detail for row in plan]
                if "unlocks" not in name:  # a few rows
                    by_index = re.compile("USING (COVERING )?INDEX (ix_|sqlite_auto)")
                    assert any(map(by_index.search, steps)), steps
                    assert not any("TEMP B-TREE" in each for each in steps), steps
                    assert not any(each.startswith("SCAN") for each in steps), steps
    assert len(found) == 10
