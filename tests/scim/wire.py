"""SCIM requests to an application in this process, with checks of every answer."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import delete, event, insert, select

from netpresenter_next.directory.events import SCIM, Actor
from netpresenter_next.lib.names import skeleton
from netpresenter_next.lib.text import make_sort_key
from netpresenter_next.lib.timestamps import now
from netpresenter_next.schema import tables
from netpresenter_next.storage import binding, database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from netpresenter_next.storage.scim_models import UNSTORED
from netpresenter_next.storage.search_models import ENTRIES, INDEX, UNINDEXED

PREFIX = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
MEDIA_TYPE = "application/scim+json"
ENTRA = Actor(SCIM, "npn_scim_test")


@dataclass(frozen=True)
class Answer:
    """An answer; ``document`` is None if there was no body."""

    status: int
    headers: Mapping[str, str]
    document: Any
    cpu: float

    def __getitem__(self, name: str) -> Any:
        """An attribute of the document."""
        return self.document[name]

    @property
    def id(self) -> str:
        """The id of the resource."""
        return str(self.document["id"])

    @property
    def version(self) -> str:
        """The ETag."""
        return self.headers["ETag"]

    @property
    def names(self) -> list[str]:
        """The userName or displayName of each resource of a list."""
        each = self.document["Resources"]
        return [one.get("userName") or one.get("displayName") for one in each]

    @property
    def refusal(self) -> tuple[int, str | None]:
        """Status and scimType of an error."""
        return self.status, self.document.get("scimType")

    @property
    def detail(self) -> str:
        """The detail of an error."""
        return str(self.document["detail"])


class Scim:
    """A SCIM client of an application, with a token of it."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app, self.token = app, token
        self._client = app.test_client()

    def send(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send bytes, and check the rules that hold for every answer."""
        all_headers = {"Authorization": f"Bearer {self.token}"}
        if data is not None:
            all_headers["Content-Type"] = MEDIA_TYPE
        all_headers.update(headers or {})
        start = time.process_time()
        response = self._client.open(
            PREFIX + path,
            method=method,
            data=data,
            headers=all_headers,
            query_string=query,
        )
        cpu = time.process_time() - start
        document = json.loads(response.data) if response.data else None
        answer = Answer(response.status_code, response.headers, document, cpu)
        _check(answer)
        return answer

    def request(
        self, method: str, path: str, body: Any, **more: Mapping[str, Any]
    ) -> Answer:
        """Send a JSON body."""
        return self.send(method, path, json.dumps(body).encode(), **more)

    def get(self, path: str, headers: Any = None, **query: Any) -> Answer:
        """Send a GET; its query is given by name."""
        return self.send("GET", path, headers=headers, query=query)

    def post(self, path: str, body: Any, **more: Any) -> Answer:
        """Send a POST."""
        return self.request("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Answer:
        """Send a PUT."""
        return self.request("PUT", path, body, **more)

    def patch(self, path: str, *operations: Mapping[str, Any], **more: Any) -> Answer:
        """Send a PATCH of these operations."""
        body = {"schemas": [MESSAGES + "PatchOp"], "Operations": list(operations)}
        return self.request("PATCH", path, body, **more)

    def delete(self, path: str, headers: Any = None) -> Answer:
        """Send a DELETE."""
        return self.send("DELETE", path, headers=headers)

    def search(self, path: str, **body: Any) -> Answer:
        """Send a search."""
        schemas = [MESSAGES + "SearchRequest"]
        return self.post(f"{path}/.search", {"schemas": schemas, **body})

    def bulk(self, *operations: Mapping[str, Any], **more: Any) -> Answer:
        """Send a bulk request."""
        schemas = [MESSAGES + "BulkRequest"]
        body = {"schemas": schemas, "Operations": list(operations), **more}
        return self.post("/Bulk", body)

    def user(self, user_name: str, **more: Any) -> Answer:
        """Create a user."""
        answer = self.post("/Users", user(user_name, **more))
        assert answer.status == 201, answer.document
        return answer

    def group(self, name: str, *member_ids: str, **more: Any) -> Answer:
        """Create a group."""
        answer = self.post("/Groups", group(name, *member_ids, **more))
        assert answer.status == 201, answer.document
        return answer

    # ----------------------------------------------------------- the database
    def rows(self, query: Any) -> list[Any]:
        """Return the rows of a SELECT."""
        with self.app.app_context(), database.read() as connection:
            return list(connection.execute(query).all())

    def journal(self) -> list[Any]:
        """Return the rows of the provisioning log, oldest first."""
        query = select(JOURNAL).where(JOURNAL.c.log == "provisioning")
        return self.rows(query.order_by(JOURNAL.c.at, JOURNAL.c.id))

    def unstored(self) -> set[tuple[str, str]]:
        """Return the recorded names of unknown attributes."""
        query = select(UNSTORED.c.resource_type, UNSTORED.c.name)
        return {(row.resource_type, row.name) for row in self.rows(query)}

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of users, groups and memberships."""
        tables = (USERS, GROUPS, MEMBERSHIPS)
        people, groups, memberships = (len(self.rows(select(each))) for each in tables)
        return people, groups, memberships

    def clear(self) -> None:
        """Delete all users, groups and journal entries, but not the token.

        Entries left in the index would slow down every later test.
        """
        people = (MEMBERSHIPS, USERS, GROUPS, ENTRIES, INDEX, UNINDEXED)
        with self.app.app_context(), database.write() as connection:
            for table in (*people, JOURNAL, UNSTORED):
                connection.execute(delete(table))

    def crowd(self, number: int, prefix: str = "crowd") -> list[str]:
        """Insert many users directly into the database; return their ids."""
        names = [f"{prefix}{each:05}@example.com" for each in range(number)]
        columns = [each.name for each in USERS.columns]
        marks = ", ".join("?" * len(columns))
        made = f"INSERT INTO users ({', '.join(columns)}) VALUES ({marks})"
        read = f"SELECT {', '.join(columns)} FROM users WHERE user_name = ?"
        with self.app.app_context(), database.write() as connection:
            connection.execute(insert(USERS), _stored(names[0]))
            first = connection.exec_driver_sql(read, (names[0],)).one()._mapping
            rows = [{**first, **_named(first, each)} for each in names[1:]]
            raw = [tuple(each.values()) for each in rows]
            if raw:
                connection.exec_driver_sql(made, raw)
        return [first["id"], *(each["id"] for each in rows)]

    def fill(self, group_id: str, user_ids: list[str]) -> None:
        """Insert many memberships directly into the database."""
        made = "INSERT INTO memberships (group_id, user_id) VALUES (?, ?)"
        with self.app.app_context(), database.write() as connection:
            connection.exec_driver_sql(made, [(group_id, each) for each in user_ids])


def _check(answer: Answer) -> None:
    assert answer.status < 500 or answer.status == 501, answer.document
    document = answer.document
    if answer.status in (204, 304):
        assert document is None
        assert "Content-Type" not in answer.headers
        return
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    if answer.status >= 400:
        assert document["schemas"] == [MESSAGES + "Error"]
        assert document["status"] == str(answer.status)
        assert document["detail"].strip()
    elif "ETag" in answer.headers:
        version = document.get("meta", {}).get("version")
        assert version in (None, answer.version)
    elif document["schemas"] == [MESSAGES + "ListResponse"]:
        assert document["itemsPerPage"] == len(document["Resources"])


def _stored(user_name: str) -> dict[str, Any]:
    timestamp = now()
    columns = tables.derive_columns(USERS, {"userName": user_name, "active": True})
    more = {"id": new_id(), "version": 1, "source": Source.PROVISIONED}
    return {**columns, **more, "created_at": timestamp, "modified_at": timestamp}


def _named(first: Mapping[str, Any], user_name: str) -> dict[str, Any]:
    """Return the columns in which one of many users differs from the first."""
    names = dict.fromkeys(("user_name", "user_name_key"), user_name)
    document = first["document"].replace(first["user_name"], user_name)
    names["shown_name_key"] = make_sort_key(user_name)
    names["name_skeleton"] = skeleton(user_name)
    return {**names, "document": document, "id": new_id()}


def user(user_name: str, **more: Any) -> dict[str, Any]:
    """Describe a user."""
    return {"schemas": [USER], "userName": user_name, **more}


def group(name: str, *member_ids: str, **more: Any) -> dict[str, Any]:
    """Describe a group."""
    document = {"schemas": [GROUP], "displayName": name, **more}
    if member_ids:
        document["members"] = [{"value": each} for each in member_ids]
    return document


def operation(op: str, path: str | None = None, value: Any = None) -> dict[str, Any]:
    """Describe one operation of a PATCH."""
    described = {"op": op, "path": path, "value": value}
    return {key: each for key, each in described.items() if each is not None}


# ------------------------------------------------------------------- cost
@dataclass
class Cost:
    """The cost of a request: statements, parameters, rows and steps."""

    statements: list[str] = field(default_factory=list)
    parameters: list[int] = field(default_factory=list)
    rows: int = 0
    steps: int = 0

    def touching(self, table: str) -> list[str]:
        """Return the statements that contain the name of a table."""
        return [each for each in self.statements if table in each]


@contextmanager
def cost_of(app: Flask) -> Iterator[Cost]:
    """Measure the database; ``steps`` are instructions of SQLite's virtual machine."""
    cost = Cost()
    with app.app_context():
        engines = [database.db.engine, binding.of(app).writer]
    changed: list[Any] = []

    def count_row(_cursor: Any, row: Any) -> Any:
        cost.rows += 1
        return row

    def count_step() -> int:
        cost.steps += 1
        return 0

    def watch(raw: Any, *_: Any) -> None:
        raw.row_factory = count_row
        raw.set_progress_handler(count_step, 1)
        changed.append(raw)

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        cost.statements.append(" ".join(statement.split()))
        cost.parameters.append(len(given))

    pools = {id(each.pool): each.pool for each in engines}.values()
    for pool in pools:
        event.listen(pool, "checkout", watch)
    event.listen(engines[0], "before_cursor_execute", note)
    try:
        yield cost
    finally:
        event.remove(engines[0], "before_cursor_execute", note)
        for pool in pools:
            event.remove(pool, "checkout", watch)
        for raw in changed:
            raw.row_factory = None
            raw.set_progress_handler(None, 1)
