"""Databases that older versions left come along with all that is in them."""

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
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.upkeep import migrating
from visitors import Visitor, signed_in

FILES = sorted((Path(__file__).parent / "schemas").glob("*.sql*"))
TOKEN = re.compile(r"^-- (live|revoked) token: (\S+)$", re.MULTILINE)
# Of an answer, what the server says by itself and no client may write.
SAID_BY_SERVER = {"schemas", "id", "meta", "groups", "members"}
ROWS = {
    "memberships": "SELECT group_id, user_id FROM memberships ORDER BY 1, 2",
    "people": "SELECT id, user_name, {source}, role, {role_source}, is_blocked,"
    " is_emergency, password_hash FROM users ORDER BY id",
    "groups": "SELECT id, display_name, external_id FROM groups ORDER BY id",
}


# What columns of today were before step 0010; step 0005 cleared some of it.
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


class Undo(Exception):
    """Ends a transaction and takes back what it changed."""


class Left(NamedTuple):
    """A database as an older version left it, and the application on it today."""

    before: Any  # a connection; the module of SQLite depends on the machine
    app: Flask
    # One that is live and one that is revoked: the database holds their digests alone.
    tokens: Mapping[str, str]

    def get(self, path: str, token: str = "live") -> TestResponse:
        """Ask over SCIM."""
        headers = {"Authorization": f"Bearer {self.tokens[token]}"}
        return self.app.test_client().get(f"/scim/v2{path}", headers=headers)

    def found_before(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a SELECT of columns of today found in the older version."""
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


def _filled(path, text):
    connection = database.SQLITE.connect(path)
    connection.executescript(text)
    return connection


@pytest.fixture(
    scope="module", params=FILES, ids=lambda path: path.name.partition(".")[0]
)
def left(request, tmp_path_factory):
    """The database of each file, brought up to date."""
    text = _read(request.param)
    instance = Instance(tmp_path_factory.mktemp("older") / "instance")
    instance.folder.mkdir()
    _filled(instance.folder / "netpresenter.db", text).close()
    config = load({}, instance=instance.folder)
    alone = make_database_app(config)
    assert migrating.migrate(alone, config)[1] == instances.STEPS[-1]
    close(alone)
    app = instance.app()
    app.test_client_class = Visitor
    with closing(_filled(":memory:", text)) as before:
        yield Left(before, app, dict(TOKEN.findall(text)))
    close(app)


def test_there_are_files():
    assert len(FILES) > 1


def test_the_tables_are_those_of_the_models(left):
    with left.app.app_context(), database.read() as connection:
        check_schema(connection)


def test_the_rows_make_sense(left):
    def look():
        with database.write() as connection:
            check_invariants(connection)
            check_identity(connection)
            raise Undo

    with left.app.app_context(), pytest.raises(Undo):
        look()


def test_every_entry_of_the_journal_has_its_sentence(left):
    with left.app.app_context(), database.read() as connection:
        entries = connection.execute(select(JOURNAL)).all()
        assert entries
        assert all(describe(entry) for entry in entries)


@pytest.mark.parametrize("query", ROWS.values(), ids=ROWS)
def test_rows_are_as_before(left, query):
    found = left.found_before(query)
    assert found
    assert left.after(query) == found


def test_people_are_over_scim_as_their_documents_were(left):
    query = "SELECT id, document FROM users WHERE {source} != 'local'"
    people = left.found_before(query)
    assert people
    for user_id, document in people:
        answer = left.get(f"/Users/{user_id}")
        assert answer.status_code == 200, answer.text
        # Whoever lost the attribute in an old version is disabled.
        assert _written(answer.json) == {"active": False, **json.loads(document)}


def test_groups_are_over_scim_as_before(left):
    groups = left.before.execute("SELECT id, document FROM groups").fetchall()
    assert groups
    for group_id, document in groups:
        answer = left.get(f"/Groups/{group_id}")
        assert answer.status_code == 200, answer.text
        assert _written(answer.json) == json.loads(document)
        query = "SELECT user_id FROM memberships WHERE group_id = ?"
        members = {user_id for (user_id,) in left.before.execute(query, (group_id,))}
        assert {each["value"] for each in answer.json.get("members", ())} == members


def _written(answer):
    """Return of an answer what a client wrote."""
    written = {name: answer[name] for name in answer if name not in SAID_BY_SERVER}
    manager = written.get(ENTERPRISE_SCHEMA, {}).get("manager", {})
    for name in ("$ref", "displayName"):
        manager.pop(name, None)
    return written


def test_the_administrator_signs_in_with_the_same_password(left):
    assert signed_in(left.app, "ada").get("/settings/users").status_code == 200


def test_a_live_token_is_accepted_and_a_revoked_one_is_not(left):
    assert left.get("/Users").status_code == 200
    assert left.get("/Users", "revoked").status_code == 401
