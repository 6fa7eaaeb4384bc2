"""Emptying and deleting a large local group does not hold up other writers."""

import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import insert, select

from netpresenter_next.directory import errors, local_groups
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.schema import tables
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS

ACTS = [local_groups.empty, local_groups.delete]


@pytest.fixture
def fleet(people):
    return people.local_group("Fleet", *(people.local(f"p{each}") for each in range(7)))


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(local_groups, "AT_ONCE", 3)


def list_numbers(rows):
    """Return how many members each entry says were removed, in their order."""
    query = select(JOURNAL.c.facts).where(JOURNAL.c.event == Event.MEMBERS_REMOVED)
    return [row.facts["number"] for row in rows(query.order_by(JOURNAL.c.id))]


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("act", "numbers", "groups"),
    [(local_groups.empty, [3, 3, 1], 1), (local_groups.delete, [3, 3], 0)],
)
def test_each_transaction_removes_a_part_and_the_log_says_how_many(
    app, fleet, rows, act, numbers, groups
):
    with app.app_context():
        done = act(database.write, fleet.id, COMMAND_LINE)
    assert (done.removed, done.is_done, done.left) == (sum(numbers), True, 0)
    assert list_numbers(rows) == numbers
    assert rows(select(MEMBERSHIPS)) == []
    assert len(rows(select(GROUPS))) == groups


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("act", ACTS)
def test_what_is_interrupted_says_how_many_are_left_and_is_continued(
    app, fleet, rows, act
):
    with app.app_context():
        done = act(database.write, fleet.id, COMMAND_LINE, lambda: True)
        assert (done.removed, done.is_done, done.left) == (3, False, 4)
        assert len(rows(select(MEMBERSHIPS))) == 4
        assert act(database.write, fleet.id, COMMAND_LINE).is_done
    assert rows(select(MEMBERSHIPS)) == []


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("act", ACTS)
def test_a_busy_database_interrupts_it_after_the_first_part_only(app, fleet, rows, act):
    free = [True]

    @contextmanager
    def write():
        if not free:
            raise database.Busy
        free.pop()
        with database.write() as connection:
            yield connection

    with app.app_context():
        assert act(write, fleet.id, COMMAND_LINE)[1:] == (3, False, 4)
        with pytest.raises(database.Busy):
            act(write, fleet.id, COMMAND_LINE)
    assert len(rows(select(MEMBERSHIPS))) == 4


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("act", ACTS)
def test_a_group_that_somebody_else_deletes_between_two_parts_is_not_found(
    app, fleet, act
):
    def delete_it():
        local_groups.delete(database.write, fleet.id, COMMAND_LINE)
        return False

    with app.app_context(), pytest.raises(errors.NoSuchGroup):
        act(database.write, fleet.id, COMMAND_LINE, delete_it)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("act", ACTS)
def test_a_large_provisioned_group_keeps_all_its_members(app, people, rows, act):
    group = people.group(
        "Sales", *(people.provisioned(f"p{each}") for each in range(5))
    )
    with app.app_context(), pytest.raises(local_groups.Managed):
        act(database.write, group.id, COMMAND_LINE)
    assert len(rows(select(MEMBERSHIPS))) == 5


def fill(app, people, group, number):
    """Copy a person, and let all the copies be members."""
    seed = people.local("seed")
    names = [f"copy{each}" for each in range(number)]
    with app.app_context(), database.write() as connection:
        query = select(USERS).where(USERS.c.id == seed.id)
        row = connection.execute(query).mappings().one()
        copies = []
        for name in names:
            document = {"userName": name, "active": True}
            derived = tables.derive_columns(USERS, document)
            copies.append({**row, **derived, "id": name, "document": document})
        connection.execute(insert(USERS), copies)
        members = [{"group_id": group.id, "user_id": name} for name in names]
        connection.execute(insert(MEMBERSHIPS), members)


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS)
def test_a_writer_beside_emptying_a_group_of_50_000_is_not_held_up(app, people, act):
    group = people.local_group("Everybody")
    fill(app, people, group, 50_000)
    waited, has_ended = [], threading.Event()

    def keep_writing():
        with app.app_context():
            while not has_ended.is_set():
                start = time.monotonic()
                with database.write():
                    waited.append(time.monotonic() - start)
                time.sleep(0.01)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    with app.app_context():
        done = act(database.write, group.id, COMMAND_LINE)
    has_ended.set()
    writer.join()
    assert done.is_done
    assert len(waited) > 50
    assert max(waited) < 0.3, max(waited)
