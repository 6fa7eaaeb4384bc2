"""The index of people, which follows their changes in batches."""

import pytest
from sqlalchemy import delete, select

from invariants import check_search_index
from netpresenter_next.directory import search_index
from netpresenter_next.storage import database
from netpresenter_next.storage.search_models import ENTRIES, INDEX, UNINDEXED
from netpresenter_next.upkeep import indexing, retention
from netpresenter_next.upkeep.schedule import Stopped


@pytest.fixture
def index(app):
    """Runs the job that brings the index up to date; returns its pauses."""

    def run():
        pauses = []
        with app.app_context():
            assert indexing.index_people(pauses.append) is None
        return pauses

    return run


def test_the_index_follows_changes_and_deletions(app, people, index, rows):
    jan, tom = people.provisioned("jan"), people.provisioned("tom")
    assert {row.user_id for row in rows(select(UNINDEXED))} >= {jan.id, tom.id}
    assert index()
    assert rows(select(UNINDEXED)) == []
    people.change(jan, displayName="Piet")
    people.delete(tom)
    assert {row.user_id for row in rows(select(UNINDEXED))} == {jan.id, tom.id}
    assert index()
    assert tom.id not in {row.user_id for row in rows(select(ENTRIES))}
    assert {row.words for row in rows(select(INDEX.c.words))} == {"ada", "piet jan"}
    with app.app_context(), database.read() as connection:
        check_search_index(connection)


def test_the_job_writes_nothing_where_the_index_is_up_to_date(index):
    index()
    assert index() == []


def test_the_job_gives_others_a_turn_after_each_batch(people, index, monkeypatch):
    monkeypatch.setattr(retention, "LARGEST_BATCH", 2)
    monkeypatch.setattr(retention, "SMALLEST_BATCH", 2)
    monkeypatch.setattr(retention, "FIRST_BATCH", 2)
    index()
    for number in range(5):
        people.provisioned(f"person{number}")
    assert index() == [retention.PAUSE] * 3


def test_the_job_ends_although_people_change_all_the_time(app, people, rows):
    number = iter(range(1_000))

    def add_another(_seconds):
        people.provisioned(f"person{next(number)}")

    people.provisioned("jan")
    with app.app_context():
        indexing.index_people(add_another)
    assert len(rows(select(UNINDEXED))) == 1


def test_a_long_run_is_continued_the_next_time(people, index, rows, monkeypatch):
    monkeypatch.setattr(retention, "SMALLEST_BATCH", 1)
    monkeypatch.setattr(retention, "FIRST_BATCH", 1)
    monkeypatch.setattr(indexing, "LONGEST_RUN", 0)
    people.provisioned("jan")
    noted = len(rows(select(UNINDEXED)))
    assert index() == []
    assert len(rows(select(UNINDEXED))) == noted


def test_rows_whose_entries_somebody_removed_do_not_stop_the_index(
    app, people, index, rows
):
    jan = people.provisioned("jan")
    index()
    orphaned = len(rows(select(INDEX.c.rowid)))
    with app.app_context(), database.write() as connection:
        connection.execute(delete(ENTRIES))
    people.change(jan, displayName="Piet")
    index()
    assert len(rows(select(INDEX.c.rowid))) == orphaned + 1
    with app.app_context(), database.write() as connection:
        connection.execute(delete(INDEX).where(INDEX.c.rowid <= orphaned))
        search_index.note_change(connection, people.ada.id)


def test_the_job_ends_when_the_server_stops(app, people, rows):
    def stop(_seconds):
        raise Stopped

    people.provisioned("jan")
    with app.app_context(), pytest.raises(Stopped):
        indexing.index_people(stop)
    assert rows(select(UNINDEXED)) == []  # the batch was complete


def test_everybody_is_indexed_in_batches(app, people, rows, monkeypatch):
    monkeypatch.setattr(search_index, "BATCH", 2)
    for number in range(5):
        people.provisioned(f"person{number}")
    with app.app_context():
        search_index.index_everybody()
    assert rows(select(UNINDEXED)) == []
    assert len(rows(select(ENTRIES))) == 6  # with ada


def test_only_a_change_of_what_is_searched_needs_the_index(people, index, rows):
    jan = people.provisioned("jan")
    index()
    people.change(jan, title="x", active=False, nickName="y", externalId="z")
    people.give_password(jan)
    people.block(jan)
    assert rows(select(UNINDEXED)) == []
    people.change(jan, emails=[{"value": "jan@example.org"}])
    assert rows(select(UNINDEXED)) == [(jan.id,)]


def test_somebody_deleted_before_being_indexed_leaves_nothing(people, index, rows):
    index()
    people.delete(people.provisioned("jan"))
    index()
    assert rows(select(UNINDEXED)) == []
