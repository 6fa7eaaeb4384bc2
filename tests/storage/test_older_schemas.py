"""Databases of older versions are migrated with all their content."""

import gzip
import json
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from helpers import Instance, close
from invariants import check_identity, check_invariants, check_schema
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import search_index, searching
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import USERS
from netpresenter_next.upkeep import migrating
from visitors import Visitor, signed_in

FILES = sorted((Path(__file__).parent / "schemas").glob("*.sql*"))
TOKEN = re.compile(r"^-- (live|revoked) token: (\S+)$", re.MULTILINE)
# Attributes of an answer that the server adds and no client may write.
ADDED_BY_SERVER = {"schemas", "id", "meta", "groups", "members"}
ROWS = {
    "memberships": "SELECT group_id, user_id FROM memberships ORDER BY 1, 2",
    "people": "SELECT id, user_name, {source}, role, {role_source}, is_blocked,"
    " is_emergency, password_hash FROM users ORDER BY id",
    "groups": "SELECT id, display_name, external_id FROM groups ORDER BY id",
}


# How columns of today were expressed before step 0010; step 0005 cleared some rows.
MADE_OF = {
    "source": (
        "CASE WHEN NOT is_provisioned THEN 'local' WHEN {is_handed_over} AND id NOT IN"
        " (SELECT user_id FROM memberships) THEN 'claimable' ELSE 'provisioned' END"
    ),
    "role_source": (
        "CASE WHEN {role_is_mapped} AND role = 'administrator' THEN 'mapped'"
        " ELSE 'assigned' END"
    ),
}


class Rollback(Exception):
    """Rolls back a transaction."""


class MigratedDatabase(NamedTuple):
    """A database of an older version, and the application on it after migration."""

    before: Any  # a connection; its SQLite module depends on the machine
    app: Flask
    # A live and a revoked one: the database holds only their digests.
    tokens: Mapping[str, str]

    def get(self, path: str, token: str = "live") -> TestResponse:
        """Ask over SCIM."""
        headers = {"Authorization": f"Bearer {self.tokens[token]}"}
        return self.app.test_client().get(f"/scim/v2{path}", headers=headers)

    def found_before(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT of today's columns found in the older version."""
        table = self.before.execute("PRAGMA table_info(users)")
        columns = {name for _, name, *_ in table}
        old = {
            name: name if name in columns else "0"
            for name in ("is_handed_over", "role_is_mapped")
        }
        made = {
            name: name if name in columns else how.format(**old)
            for name, how in MADE_OF.items()
        }
        return self.before.execute(query.format(**made)).fetchall()

    def after(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds today."""
        query = query.format(**{name: name for name in MADE_OF})
        with self.app.app_context(), database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]


def _read(path):
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


def _load(path, text):
    connection = database.SQLITE.connect(path)
    connection.executescript(text)
    return connection


@pytest.fixture(
    scope="module", params=FILES, ids=lambda path: path.name.partition(".")[0]
)
def migrated_database(request, tmp_path_factory):
    """The database of each file, brought up to date."""
    text = _read(request.param)
    instance = Instance(tmp_path_factory.mktemp("older") / "instance")
    instance.folder.mkdir()
    _load(instance.folder / "netpresenter.db", text).close()
    config = load({}, instance=instance.folder)
    alone = make_database_app(config)
    assert migrating.migrate(alone, config)[1] == instances.STEPS[-1]
    close(alone)
    app = instance.app()
    app.test_client_class = Visitor
    with closing(_load(":memory:", text)) as before:
        yield MigratedDatabase(before, app, dict(TOKEN.findall(text)))
    close(app)


def test_there_are_databases_of_older_versions():
    assert len(FILES) > 1


def test_the_migrated_tables_match_the_models(migrated_database):
    with migrated_database.app.app_context(), database.read() as connection:
        check_schema(connection)


def test_the_migrated_rows_satisfy_the_invariants(migrated_database):
    def look():
        with database.write() as connection:
            check_invariants(connection)
            check_identity(connection)
            raise Rollback

    with migrated_database.app.app_context(), pytest.raises(Rollback):
        look()


def test_everybody_is_indexed_for_the_search(migrated_database):
    with migrated_database.app.app_context(), database.read() as connection:
        people = connection.execute(select(USERS.c.id, USERS.c.user_name)).all()
        assert not search_index.is_outdated(connection)
        for person in people:
            assert person.id in searching.find_people(connection, person.user_name).ids


def test_every_journal_entry_has_a_sentence(migrated_database):
    with migrated_database.app.app_context(), database.read() as connection:
        entries = connection.execute(select(JOURNAL)).all()
        assert entries
        assert all(describe(entry) for entry in entries)


def test_conflicts_that_were_opened_are_no_failures(migrated_database):
    with migrated_database.app.app_context(), database.read() as connection:
        failed = select(JOURNAL.c.event).where(~JOURNAL.c.succeeded)
        assert "conflict.opened" not in connection.scalars(failed).all()


@pytest.mark.parametrize("query", ROWS.values(), ids=ROWS)
def test_rows_are_unchanged(migrated_database, query):
    found = migrated_database.found_before(query)
    assert found
    assert migrated_database.after(query) == found


def test_scim_returns_people_as_before(migrated_database):
    query = "SELECT id, document FROM users WHERE {source} != 'local'"
    people = migrated_database.found_before(query)
    assert people
    for user_id, document in people:
        answer = migrated_database.get(f"/Users/{user_id}")
        assert answer.status_code == 200, answer.text
        # People who lost the attribute in an old version are disabled.
        assert _written(answer.json) == {"active": False, **json.loads(document)}


def test_scim_returns_groups_and_members_as_before(migrated_database):
    groups = migrated_database.before.execute(
        "SELECT id, document FROM groups"
    ).fetchall()
    assert groups
    for group_id, document in groups:
        answer = migrated_database.get(f"/Groups/{group_id}")
        assert answer.status_code == 200, answer.text
        assert _written(answer.json) == json.loads(document)
        query = "SELECT user_id FROM memberships WHERE group_id = ?"
        members = {
            user_id
            for (user_id,) in migrated_database.before.execute(query, (group_id,))
        }
        assert {each["value"] for each in answer.json.get("members", ())} == members


def _written(answer):
    """Return the attributes of an answer that a client wrote."""
    written = {name: answer[name] for name in answer if name not in ADDED_BY_SERVER}
    manager = written.get(ENTERPRISE_SCHEMA, {}).get("manager", {})
    for name in ("$ref", "displayName"):
        manager.pop(name, None)
    return written


def test_the_administrator_signs_in_with_the_same_password(migrated_database):
    assert (
        signed_in(migrated_database.app, "ada").get("/settings/users").status_code
        == 200
    )


def test_a_live_token_is_accepted_and_a_revoked_one_is_not(migrated_database):
    assert migrated_database.get("/Users").status_code == 200
    assert migrated_database.get("/Users", "revoked").status_code == 401
