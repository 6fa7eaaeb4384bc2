"""Invariants of the database, which hold after every test."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, exists, func, inspect, or_, select, true

from netpresenter_next.directory import conflicts, search_words
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema import tables
from netpresenter_next.storage import database, search_models, totals
from netpresenter_next.storage.identity_models import BLOCKS, CONFLICTS
from netpresenter_next.storage.models import (
    ADMINISTRATOR,
    GROUPS,
    SESSIONS,
    USER,
    USERS,
    is_visible,
    is_visible_group,
)
from netpresenter_next.storage.search_models import ENTRIES, INDEX, UNINDEXED
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.totals import Counted


def check_schema(connection):
    """Check that tables, checks and indexes are those of the models."""
    named = {"include_name": search_models.is_in_metadata}
    context = MigrationContext.configure(connection, opts=named)
    assert compare_metadata(context, database.Base.metadata) == []
    engine = create_engine("sqlite://", module=database.SQLITE)
    database.Base.metadata.create_all(engine)
    with engine.connect() as wanted:
        assert _checks(connection) == _checks(wanted)
        assert _indexes(connection) == _indexes(wanted)
        assert _triggers(connection) == _triggers(wanted)
        assert _full_text_tables(connection) == _full_text_tables(wanted)
    engine.dispose()


def _checks(connection):
    inspector = inspect(connection)
    return {
        (table, each["name"], each["sqltext"])
        for table in inspector.get_table_names()
        for each in inspector.get_check_constraints(table)
    }


def _indexes(connection):
    """Return the statements that make the indexes, with their WHERE clauses."""
    query = "SELECT replace(sql, '\"', '') FROM sqlite_master WHERE type = 'index'"
    return set(connection.exec_driver_sql(query).scalars()) - {None}


def _triggers(connection):
    """Return the statements that make the triggers: a rebuilt table loses its own."""
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    return set(connection.exec_driver_sql(query).scalars())


def _full_text_tables(connection):
    query = "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    return set(connection.exec_driver_sql(query).scalars())


def check_invariants(connection):
    """Check that columns match the documents, and disabled people have no session."""
    check_totals(connection)
    check_search_index(connection)
    for table in (USERS, GROUPS):
        for row in connection.execute(select(table)).mappings():
            derived = tables.derive_columns(table, row["document"])
            assert {name: row[name] for name in derived} == derived
    linked = select(IDENTITIES.c.user_id)
    wrong = USERS.c.is_connected != USERS.c.id.in_(linked)
    assert connection.execute(select(USERS.c.id).where(wrong)).all() == []
    since = select(USERS.c.id).where(USERS.c.active == USERS.c.disabled_at.is_not(None))
    assert connection.execute(since).all() == []
    outside = select(SESSIONS.c.user_id).join(USERS, USERS.c.id == SESSIONS.c.user_id)
    outside = outside.where(~USERS.c.active | USERS.c.is_blocked)
    assert connection.execute(outside).all() == []


def check_totals(connection):
    """Check that the totals are the numbers of rows."""
    for counted, table, condition in (
        (Counted.USERS, USERS, true()),
        (Counted.VISIBLE_USERS, USERS, is_visible()),
        (Counted.GROUPS, GROUPS, true()),
        (Counted.VISIBLE_GROUPS, GROUPS, is_visible_group()),
    ):
        number = select(func.count()).select_from(table).where(condition)
        assert totals.read(connection, counted) == connection.scalar(number), counted


def check_search_index(connection):
    """Check that the index has exactly the people who are not noted as outdated."""
    keys = dict(connection.execute(select(INDEX.c.rowid, INDEX.c.words)).all())
    entries = dict(connection.execute(select(ENTRIES.c.user_id, ENTRIES.c.id)).all())
    assert set(entries.values()) == set(keys)
    outdated = set(connection.scalars(select(UNINDEXED.c.user_id)))
    documents = dict(connection.execute(select(USERS.c.id, USERS.c.document)).all())
    assert set(entries) - outdated == set(documents) - outdated
    for user_id in set(entries) - outdated:
        wanted = search_words.list_keys(documents[user_id])
        assert keys[entries[user_id]] == wanted


def check_identity(connection):
    """Check that everybody fits the table "Who is who", and that conflicts are valid.

    This settles every conflict, so the caller has to roll back the transaction.
    """
    linked = select(IDENTITIES.c.user_id)
    has_block = USERS.c.id.in_(select(BLOCKS.c.user_id))
    of_gone = exists().where(BLOCKS.c.user_id.not_in(select(USERS.c.id)))
    never = {
        "a mapped role of a user": (
            (USERS.c.role_source == "mapped") & (USERS.c.role != ADMINISTRATOR)
        ),
        "claimable, and not a linked user": (USERS.c.source == "claimable")
        & ~((USERS.c.role == USER) & ~USERS.c.is_emergency & USERS.c.id.in_(linked)),
        "a link awaited that is not provisioned": (
            USERS.c.awaited_claimant.is_not(None) & (USERS.c.source != "provisioned")
        ),
        "emergency access that is not only local": USERS.c.is_emergency
        & (is_visible() | USERS.c.id.in_(linked)),
        "emergency access of a user": USERS.c.is_emergency & (USERS.c.role == USER),
        "blocked, and no block": USERS.c.is_blocked & ~has_block & ~of_gone,
        "a block of somebody who is not blocked": ~USERS.c.is_blocked & has_block,
    }
    for fault, condition in never.items():
        assert (
            connection.execute(select(USERS.c.user_name).where(condition)).all() == []
        ), fault
    _check_sessions(connection)
    _check_conflicts(connection)


def _check_sessions(connection):
    """Nobody is signed in with an account other than the provisioned object ID."""
    query = (
        select(USERS.c.user_name)
        .join(IDENTITIES, IDENTITIES.c.user_id == USERS.c.id)
        .join(SESSIONS, SESSIONS.c.user_id == USERS.c.id)
        .where(
            USERS.c.object_id != IDENTITIES.c.object_id,
            is_visible(),
            SESSIONS.c.method == "microsoft",
            or_(
                USERS.c.role != ADMINISTRATOR,
                func.coalesce(USERS.c.confirmed_object_id, "")
                != IDENTITIES.c.object_id,
            ),
        )
    )
    assert connection.execute(query).all() == []


def _check_conflicts(connection):
    """Every open conflict is still valid, and none is missing."""
    query = select(CONFLICTS).order_by(CONFLICTS.c.id)
    before = _without_times(connection, query)
    for user_id in connection.scalars(select(USERS.c.id)).all():
        conflicts.close_resolved(connection, user_id, COMMAND_LINE)
    said = connection.scalars(select(USERS.c.object_id)).all()
    has = connection.scalars(select(IDENTITIES.c.object_id)).all()
    values = connection.scalars(select(CONFLICTS.c.claimant_object_id)).all()
    for object_id in {*said, *has, *values} - {None}:
        conflicts.update_shared_object_id(connection, object_id, COMMAND_LINE)
    assert _without_times(connection, query) == before


def _without_times(connection, query):
    found = [dict(each._mapping) for each in connection.execute(query)]
    return [(each["user_id"], each["reason"], each["value"]) for each in found]
