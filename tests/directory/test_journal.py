"""Reading the log: every filter finds what it should, and none grows with the log."""

import random
import re
from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest
from sqlalchemy import event, select

from netpresenter_next.directory import journal
from netpresenter_next.directory.event_kinds import EVENTS, OFFERED
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.journal import LOGS, Filter, Outcome, position_of
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL

FEW, MANY = 1_000, 20_000
# Another level of an index costs a few instructions.
FACTOR, CONSTANT = 1.3, 300
SIZE = 5
START = datetime(2026, 1, 1, tzinfo=UTC)
# Equal times for ten entries each; the older ones have the larger id.
ADD = """
WITH RECURSIVE numbers(n) AS
  (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name, actor_id,
  target_type, target_id, target_name, facts)
SELECT printf('%08d', n), strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01',
    '+' || (n / 10) || ' seconds'),
  iif(n % 2, 'audit', 'provisioning'), 'event.' || (n / 2 % 4), n % 7 > 0, 'x', 'x',
  iif(n % 5, 'a' || (n % 3), NULL), 'User', iif(n % 11, 't' || (n % 20), NULL),
  'Name' || (n % 20), '{{"said": "x"}}'
FROM numbers
"""


PRIMARY_KEY = "sqlite_autoindex_journal_1"
# Every sixth entry is also one of a member, who is not its target.
ADD_MEMBERS = """
INSERT INTO journal_members (entry_id, user_id, at)
SELECT id, 't' || ((id + 1) % 20), at FROM journal
WHERE id % 6 = 0 AND id + 0 BETWEEN {first} AND {last}
"""


def grow(app, first, last):
    with app.app_context(), database.write() as connection:
        for statement in (ADD, ADD_MEMBERS):
            connection.exec_driver_sql(statement.format(first=first, last=last))


def is_about(row, user_id):
    number = int(row.id)
    is_of_member = number % 6 == 0 and f"t{(number + 1) % 20}" == user_id
    return row.target_id == user_id or is_of_member


def list_filters() -> Iterator[Filter]:
    """Return combinations of filters, of which many match few entries or none."""
    middle = START + timedelta(seconds=50)
    for logs, outcome, events, target, actor, times in product(
        (LOGS, ["provisioning"]),
        (None, *Outcome),
        ((), ("event.1",), ("event.1", "event.2", "event.none")),
        (None, "t1", "nobody"),
        (None, "a1", "nobody"),
        ((None, None), (middle, None), (None, middle)),
    ):
        yield Filter(
            logs,
            outcome,
            events,
            target_id=target,
            actor_id=actor,
            since=times[0],
            until=times[1],
        )
    yield Filter(excluded=("event.1", "event.2"))
    yield Filter(["audit"], excluded=("event.0", "event.1", "event.2", "event.3"))
    yield Filter(["provisioning"], target_name="nAME0")
    yield Filter(target_name="nobody")


FILTERS = list(list_filters())
SOME = random.Random(1).sample(FILTERS[:-4], 80) + FILTERS[-4:]


def matches(wanted: Filter, row: Any) -> bool:
    """Say in another way whether an entry fulfils a filter."""
    fulfilled = [
        row.log in wanted.logs,
        wanted.outcome is None or row.succeeded == (wanted.outcome == "succeeded"),
        not wanted.events or row.event in wanted.events,
        row.event not in wanted.excluded,
        wanted.target_id is None or is_about(row, wanted.target_id),
        wanted.actor_id is None or row.actor_id == wanted.actor_id,
        wanted.since is None or row.at >= wanted.since,
        wanted.until is None or row.at < wanted.until,
    ]
    if wanted.target_name is not None:
        is_named = row.target_name.lower() == wanted.target_name.lower()
        fulfilled += [is_named, row.target_id is None, not row.succeeded]
    return all(fulfilled)


@pytest.mark.parametrize("is_ascending", [False, True])
def test_every_filter_finds_all_entries_in_order(app, monkeypatch, is_ascending):
    monkeypatch.setattr(journal, "MOST_EXAMINED", 60)
    grow(app, 1, FEW)
    with app.app_context(), database.read() as connection:
        rows = connection.execute(select(JOURNAL)).all()
    rows.sort(key=position_of, reverse=not is_ascending)
    found_some = 0
    for wanted in SOME:
        expected = [row.id for row in rows if matches(wanted, row)]
        with app.app_context():
            read = journal.read_all(wanted, 40, is_ascending=is_ascending)
            found = [row.id for rows_read in read for row in rows_read]
        assert found == expected, wanted
        found_some += bool(found)
    assert found_some > 20


def test_no_filter_grows_with_the_log(app, monkeypatch):
    monkeypatch.setattr(journal, "MOST_EXAMINED", 10)
    measured = {}
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        grow(app, first, last)
        measured[last] = [*_measure(app)]
    growing = [
        (wanted, few, many)
        for wanted, few, many in zip(
            product(SOME, (False, True)), measured[FEW], measured[MANY], strict=True
        )
        if many > few * FACTOR + CONSTANT
    ]
    assert growing == []
    assert max(measured[MANY]) < 6_000


def _measure(app) -> Iterator[int]:
    """Yield the instructions of SQLite for a page of each filter."""
    steps = [0]

    def count():
        steps[0] += 1
        return 0

    with app.app_context(), database.read() as connection:
        raw = connection.connection.dbapi_connection
        raw.set_progress_handler(count, 1)
        for wanted, is_ascending in product(SOME, (False, True)):
            steps[0] = 0
            journal.read(connection, wanted, None, SIZE, is_ascending=is_ascending)
            yield steps[0]
        raw.set_progress_handler(None, 0)


def expected_indexes(wanted: Filter) -> set[str]:
    """Return the indexes that a filter should read."""
    if wanted.target_id is not None:
        return {"target", "members_user_id"}
    if wanted.outcome is Outcome.FAILED or wanted.target_name is not None:
        return {"failed"}
    if wanted.events:
        return {"event"}
    return {"actor"} if wanted.actor_id is not None else set(wanted.logs)


def test_every_filter_reads_its_index_in_order(app):
    grow(app, 1, 200)
    made: list[tuple[str, Any]] = []

    def note(_c, _cursor, statement, given, *_):
        made.append((statement, given))

    with app.app_context(), database.read() as connection:
        start = position_of(connection.execute(select(JOURNAL).limit(1)).one())
        event.listen(connection.engine, "before_cursor_execute", note)
        # The plan does not depend on the values.
        shapes = [each for each in FILTERS if "nobody" not in astuple(each)]
        ways = cycle(product((None, start), (False, True)))
        for wanted, (begin, up) in zip(shapes, ways, strict=False):
            made.clear()
            journal.read(connection, wanted, begin, SIZE, is_ascending=up)
            assert _list_indexes(connection, made) == {
                f"ix_journal_{each}" for each in expected_indexes(wanted)
            } | ({PRIMARY_KEY} if wanted.target_id else set()), wanted
        made.clear()
        journal.read_added(connection, FILTERS[-3], "x", 10)
        assert _list_indexes(connection, made) == {PRIMARY_KEY}
        event.remove(connection.engine, "before_cursor_execute", note)


@cache
def _explain(statement: str) -> tuple[str, ...]:
    """Return the plan of a statement; the values do not matter."""
    with database.read() as connection:
        given = (None,) * statement.count("?")
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return tuple(row.detail for row in rows)


def _list_indexes(connection: Any, made: list[tuple[str, Any]]) -> set[str]:
    found = set()
    for statement, _ in list(made):
        for detail in _explain(statement):
            assert re.match(r"(SEARCH journal(_members)?|SCAN journal) USING", detail)
            found.add(detail.partition("INDEX ")[2].split()[0])
    return found


def test_an_added_entry_is_found_though_the_clock_was_set_back(app):
    grow(app, 1, 20)
    with app.app_context(), database.write() as connection:
        newest = journal.find_newest_id(connection)
        connection.exec_driver_sql(ADD.format(first=21, last=24))
        earlier = JOURNAL.update().values(at=START - timedelta(days=1))
        connection.execute(earlier.where(JOURNAL.c.id > newest))
        wanted = Filter(["audit"])
        added = journal.read_added(connection, wanted, newest, 10)
        assert [row.id for row in added] == ["00000021", "00000023"]


def test_every_event_has_one_kind():
    kinds = [code for some in EVENTS.values() for code in some]
    assert sorted(kinds) == sorted(Event)
    assert {kind for some in OFFERED.values() for kind in some} == set(EVENTS)
