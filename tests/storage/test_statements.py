"""Statements that are compiled once give the same rows and errors as SQLAlchemy."""

import pytest
from sqlalchemy import (
    bindparam,
    event,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import (
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    OperationalError,
)

from factories import ENTRA
from netpresenter_next.directory.people import create
from netpresenter_next.schema.tables import derive_columns
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.statements import Statement, list_of

ALL = Statement(Person, select(USERS).order_by(USERS.c.id))
BY_NAME = Statement(Person, select(USERS).where(USERS.c.user_name == bindparam("name")))
THESE = Statement(
    Person,
    select(USERS).where(USERS.c.id.in_(list_of("ids"))).order_by(USERS.c.id),
)
ADD = Statement(Person, insert(USERS).returning(USERS))
MARK = Statement(
    Person,
    update(USERS)
    .where(USERS.c.source == Source.PROVISIONED)
    .values(is_role_unseen=bindparam("unseen")),
)


@pytest.fixture
def connection(app):
    with app.app_context(), database.write() as connection:
        for name in ("ada", "grace", "łucja"):
            document = {"userName": name, "title": f"Ms. {name}", "active": True}
            create(connection, document, ENTRA, source=Source.PROVISIONED)
        yield connection


def test_rows_are_those_of_sqlalchemy(connection):
    rows = ALL.every(connection)
    expected = connection.execute(select(USERS).order_by(USERS.c.id)).all()
    assert len(expected) == 3
    assert [row._asdict() for row in rows] == [dict(row._mapping) for row in expected]
    assert [tuple(map(type, row)) for row in rows] == [
        tuple(map(type, row)) for row in expected
    ]


def test_an_insert_takes_the_columns_that_it_is_given(connection):
    columns = derive_columns(USERS, {"userName": "new", "active": False})
    old = ALL.every(connection)[0]
    given = {**columns, "id": "x", "version": 7, "source": Source.CLAIMABLE}
    given |= {"created_at": old.created_at, "modified_at": old.modified_at}
    given["disabled_at"] = old.created_at
    added = ADD.one(connection, **given)
    assert (added.user_name, added.version, added.active) == ("new", 7, False)
    assert added.source is Source.CLAIMABLE
    assert added.created_at == old.created_at
    assert BY_NAME.one(connection, name="new") == added


def test_a_statement_without_rows_says_how_many_it_changed(connection):
    assert MARK.run(connection, unseen=True) == 3
    assert {row.is_role_unseen for row in ALL.every(connection)} == {True}


def test_a_list_is_one_parameter_for_any_number_of_texts(connection):
    ids = [row.id for row in ALL.every(connection)]
    assert THESE.every(connection, ids=[]) == []
    for some in (ids[:1], ids[1:], [*ids, *ids, "nobody"]):
        assert [row.id for row in THESE.every(connection, ids=some)] == sorted(
            set(some) & set(ids)
        )
    many = [*ids, *(f"nobody {number}" for number in range(40_000))]
    assert len(THESE.every(connection, ids=many)) == 3


def test_one_row_is_required_where_one_is_asked_for(connection):
    assert BY_NAME.first(connection, name="nobody") is None
    assert BY_NAME.scalar(connection, name="nobody") is None
    with pytest.raises(NoResultFound):
        BY_NAME.one(connection, name="nobody")
    with pytest.raises(MultipleResultsFound):
        ALL.one(connection)
    with pytest.raises(KeyError, match="name"):
        BY_NAME.first(connection)


def test_errors_and_events_are_those_of_sqlalchemy(connection):
    seen, failed = [], []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    def note_failure(context):
        failed.append(str(context.original_exception))

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "handle_error", note_failure)
    try:
        row = ALL.every(connection)[0]._asdict()
        with pytest.raises(IntegrityError, match="UNIQUE constraint failed"):
            ADD.one(connection, **row)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "handle_error", note_failure)
    assert [statement.split()[0] for statement in seen] == ["SELECT", "INSERT"]
    assert len(failed) == 1
    assert "UNIQUE constraint failed" in failed[0]
    assert len(ALL.every(connection)) == 3  # the transaction goes on


def test_errors_while_rows_are_fetched_are_those_of_sqlalchemy(connection):
    numbers = func.json_each("[1, 2, 3]").table_valued("value").c.value
    # SQLite finds the overflow only when it comes to the last row.
    overflow = literal_column("CASE value WHEN 3 THEN -9223372036854775808 ELSE 1 END")
    failing = Statement(tuple, select(func.abs(overflow)).select_from(numbers.table))
    failed = []

    def note_failure(context):
        failed.append(str(context.original_exception))

    event.listen(db.engine, "handle_error", note_failure)
    try:
        assert failing.first(connection) == (1,)
        with pytest.raises(OperationalError, match="integer overflow"):
            failing.every(connection)
    finally:
        event.remove(db.engine, "handle_error", note_failure)
    assert failed == ["integer overflow"]


def test_many_rows_are_one_statement(connection):
    person = ALL.every(connection)[0]._asdict()
    names = {"user_name": "n{}", "user_name_key": "n{}", "id": "n{}"}
    rows = [
        person | {key: each.format(number) for key, each in names.items()}
        for number in range(3)
    ]
    seen = []

    def note(_connection, _cursor, _statement, parameters, _context, is_many):
        seen.append((len(parameters), is_many))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        Statement(Person, insert(USERS)).run_each(connection, rows)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert seen == [(3, True)]
    assert {row.id for row in ALL.every(connection)} > {"n0", "n1", "n2"}
    connection.rollback()  # their columns do not follow from their documents


def test_all_statements_of_a_read_see_one_snapshot(app):
    with app.app_context(), database.read() as reading:
        assert ALL.every(reading) == []
        with app.app_context(), database.write() as connection:
            document = {"userName": "ada", "active": True}
            create(connection, document, ENTRA, source=Source.PROVISIONED)
        assert ALL.every(reading) == []
    with app.app_context(), database.read() as reading:
        assert len(ALL.every(reading)) == 1
