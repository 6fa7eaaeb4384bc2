"""Nothing that a request or a page touches grows with the number of people.

Each request runs with few and with many people, and the instructions of SQLite's
virtual machine are counted.
"""

import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from wire import ENTERPRISE, Scim, group, operation, user

from helpers import PASSWORD, Instance, close, copy_of
from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import (
    access,
    colleagues,
    journal,
    passwords,
    people_chunks,
    people_filters,
    search_index,
    searching,
    shut_out,
    sorted_lists,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.people_filters import Mark
from netpresenter_next.pages.settings import groups, lists
from netpresenter_next.storage import binding, database, totals
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import ADMINISTRATOR, SCIM_TOKENS, USER, USERS
from repetition import IS_LONG
from visitors import Visitor, signed_in

FEW, MANY = 1_500, 100_000 if IS_LONG else 20_000
# The modules that count up to a number.
COUNTING = totals, sorted_lists, lists, groups, searching, people_filters, colleagues
COUNTING += (shut_out,)
ENTRA = "/settings/system/microsoft-entra-id"
# Growth of an index by a level costs a few instructions, pages of other names others.
FACTOR, CONSTANT = 1.3, 300
SETTINGS = {"NETPRESENTER_SCIM_REQUIRED": ""}
STEP = 10  # instructions between two counts
# However many there are, few have a number with the same four digits in front or last.
PHONE = "printf('+31 6 %08d', iif(n > 20000, 0, n * 7919 % 100000000))"
GUID = "'00000000-0000-4000-8000-' || printf('%012d', n)"
# How the columns of the many differ from those of the one that they are copies of.
# Local accounts with a password are created one by one, so their number stays.
DIFFERING = {
    "id": "printf('f%07d-0000-7000-8000-000000000000', n)",
    "document": "json_set(document, '$.userName', printf('p%07d@example.org', n),"
    " '$.displayName', printf('P%07d Example', n), '$.phoneNumbers',"
    f" json_array(json_object('value', {PHONE})),"
    f" '$.\"{ENTERPRISE}\"', json_object('manager', json_object('value', id)))",
    "user_name": "printf('p%07d@example.org', n)",
    "user_name_key": "printf('p%07d@example.org', n)",
    "name_skeleton": "printf('p%07d', n)",
    "external_id": GUID,
    "object_id": f"CASE WHEN n % 3 THEN {GUID} END",
    "shown_name_key": "printf('%c%07d', 97 + n % 26, n)",
    "work_email_key": "printf('w%07d@example.org', n)",
    "active": "n % 5 > 0",
    "disabled_at": "CASE WHEN n % 5 = 0 THEN datetime('2026-01-01', '+' || n ||"
    " ' seconds') END",
    "manager_id": "id",  # that of the one
    "is_guest": "n % 4 = 0",
    "is_connected": "n % 2",
    "was_sent": "n % 3 > 0",
    "last_sign_in_at": "CASE WHEN n % 2 THEN datetime('2026-01-01', '+' || n ||"
    " ' seconds') END",
    "source": "CASE WHEN n % 10 THEN 'provisioned' ELSE 'local' END",
    "password_hash": "CASE WHEN n % 10 = 1 OR n % 10 = 0 AND n <= 600 THEN 'hash' END",
}
NUMBERS = (
    "WITH RECURSIVE numbers(n) AS"
    " (SELECT {} UNION ALL SELECT n + 1 FROM numbers WHERE n < {}) "
)
MORE_ROWS = (
    "INSERT INTO memberships (group_id, user_id) SELECT '{group}', {id} FROM numbers",
    "INSERT INTO identities (user_id, tenant_id, object_id, subject, user_name,"
    " app_roles, linked_at, linked_by) SELECT {id}, 't', {guid}, 's', 'x', '[]',"
    " '2026-01-01', 'x' FROM numbers WHERE n % 2",
    "INSERT INTO deleted_people (user_id, user_name, user_name_key, object_id,"
    " deleted_at, deleted_by) SELECT 'd' || n, 'd' || n, 'd' || n, 'o' || n,"
    " {at}, 'x' FROM numbers",
    "INSERT INTO conflicts (id, user_id, reason, value, claimant, opened_at, seen_at)"
    " SELECT 'c' || n, {id}, 'link_disagrees', n, 'x', {at},"
    " '2026-01-01' FROM numbers",
    "INSERT INTO conflicts (id, user_id, reason, value, claimant, sent, opened_at,"
    " seen_at) SELECT 'd' || n, {id}, 'local_user_name', n, 'x', '[]', {at},"
    " '2026-01-01' FROM numbers",
    "INSERT INTO conflicts (id, user_id, reason, value, claimant, sent, opened_at,"
    " seen_at) SELECT 'e' || n, {id}, 'shared_object_id', n, 'x', '[]', {at},"
    " '2026-01-01' FROM numbers",
    "INSERT INTO kept_apart (id, user_id, reason, claimant, sent, decided_at,"
    " decided_by) SELECT 'k' || n, {id}, 'local_work_email', 'x',"
    ' \'{{"user_name": "x", "external_id": ""}}\', {at}, \'x\' FROM numbers',
    "INSERT INTO sessions (digest, user_id, method, created_at, authenticated_at,"
    " seen_at, address, user_agent) SELECT 's' || n, {id}, 'local', '2026-01-01',"
    " '2026-01-01', '2026-01-01', 'x', 'x' FROM numbers",
    "INSERT INTO groups (id, document, version, created_at, modified_at, display_name,"
    " display_name_key, name_skeleton, shown_name_key) SELECT 'g' || n, document, 1,"
    " created_at, modified_at, 'g' || n, 'g' || n, 'g' || n, 'g' || n FROM groups,"
    " numbers WHERE groups.id = '{group}' AND n % 10 = 0",
    "INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name,"
    " facts, target_id) SELECT 'j' || n, {at}, 'audit',"
    " 'microsoft.sign_in_refused', 0, 'x', 'x', '{{\"said\": \"x\"}}', {id}"
    " FROM numbers",
    "INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name,"
    " facts, target_id) SELECT 'q' || n, {at}, 'provisioning', 'person.changed', 1,"
    " 'x', 'x', '{{\"said\": \"x\"}}', {id} FROM numbers",
    "INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name,"
    " facts, target_id) SELECT kind || n, {at}, 'provisioning', 'person.changed', 1,"
    " 'x', 'x', '{{\"said\": \"x\"}}', {id} FROM numbers,"
    " (SELECT 'r' AS kind UNION SELECT 't')",
    "INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name,"
    " facts, target_id) SELECT 'l' || n, {at}, 'provisioning', 'person.disabled', 1,"
    " 'x', 'x', '{{\"sessions_ended\": 0, \"attributes\": []}}', {id} FROM numbers",
    "INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name,"
    " actor_id, facts, target_type, target_id) SELECT 'm' || n, {at}, 'provisioning',"
    " 'members.added', 1, 'SCIM', 'x', '{token}',"
    " '{{\"number\": 2, \"names\": [\"x\"]}}', 'Group', '{group}' FROM numbers",
    "INSERT INTO journal_members (entry_id, user_id, at) SELECT 'm' || n, {id}, {at}"
    " FROM numbers",
    "INSERT INTO journal_members (entry_id, user_id, at) SELECT 'm' || n, '{user}',"
    " {at} FROM numbers",
    "INSERT INTO scim_cycles (id, token_id, started_at, ended_at) SELECT 'y' || n,"
    " '{token}', {at}, {at} FROM numbers",
)


class World(NamedTuple):
    """An application with a client of each kind, and what requests are about."""

    app: Flask
    scim: Scim
    administrator: FlaskClient
    ids: Mapping[str, str]

    def grow(self, first: int, last: int) -> None:
        """Add the people with these numbers, and other rows for each of them."""
        names = [column.name for column in USERS.columns]
        columns = ", ".join(names)
        values = ", ".join(f"{DIFFERING.get(each, each)}" for each in names)
        people = (
            f"INSERT INTO users ({columns}) SELECT {values} FROM users, numbers"
            f" WHERE users.id = '{self.ids['user_id']}'"
        )
        given = {
            "id": DIFFERING["id"],
            "guid": GUID,
            "at": "datetime('2026-01-01', '+' || n || ' seconds')",
            "group": self.ids["group_id"],
            "user": self.ids["user_id"],
            "token": self.ids["token_id"],
        }
        with self.app.app_context(), database.write() as connection:
            for statement in (people, *MORE_ROWS):
                made = statement if statement is people else statement.format(**given)
                connection.exec_driver_sql(NUMBERS.format(first, last) + made)
        self.index()

    def index(self) -> None:
        """Bring the index of the search up to date."""
        with self.app.app_context():
            search_index.index_everybody()


@contextmanager
def steps_of(app: Flask) -> Iterator[list[int]]:
    """Count the instructions, by tens; a deadline would replace the counter."""
    counted, watched = [0], []

    def count() -> int:
        counted[0] += 1
        return 0

    def watch(raw: Any, *_: Any) -> None:
        raw.set_progress_handler(count, STEP)
        watched.append(raw)

    with app.app_context():
        pool = database.db.engine.pool
        assert binding.of(app).writer.pool is pool
    event.listen(pool, "checkout", watch)
    try:
        yield counted
    finally:
        event.remove(pool, "checkout", watch)
        for raw in watched:
            raw.set_progress_handler(None, 0)


@contextmanager
def queries_of(app: Flask) -> Iterator[list[int]]:
    """Count the queries."""
    counted = [0]

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted[0] += statement.lstrip().startswith(("SELECT", "WITH"))

    with app.app_context():
        engine = database.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def world(prepared: tuple[Instance, str], fast_folder: Path) -> Iterator[World]:
    """An application in which ada administers; the others are copies of jane."""
    instance, token = prepared
    folder = copy_of(instance, fast_folder / "growing").folder
    scim = Scim(create_app(load(SETTINGS, instance=folder)), token)
    extension = {ENTERPRISE: {"department": "Sales"}}
    email = [{"type": "work", "value": "jane@example.org"}]
    jane = scim.user("jane@example.org", externalId="1", emails=email, **extension)
    everybody = scim.group("Everybody")
    with scim.app.app_context(), database.write() as connection:
        access.create_local(
            connection,
            "ada",
            passwords.hash_password(PASSWORD),
            COMMAND_LINE,
            role=ADMINISTRATOR,
            is_emergency=True,
        )
        access.create_local(
            connection,
            "linus@example.org",
            passwords.hash_password(PASSWORD),
            COMMAND_LINE,
            role=USER,
            is_emergency=False,
        )
    scim.app.test_client_class = Visitor
    token_id = scim.rows(select(SCIM_TOKENS.c.id))[0].id
    refused = scim.post("/Users", user("linus@example.org", externalId="2"))
    assert refused.status == 409
    conflict_id = scim.rows(select(CONFLICTS.c.id))[0].id
    ids = {"user_id": jane.id, "group_id": everybody.id, "token_id": token_id}
    ids |= {"conflict_id": conflict_id}
    yield World(scim.app, scim, signed_in(scim.app, "ada"), ids)
    close(scim.app)
    shutil.rmtree(folder)


# ------------------------------------------------------------------- pages
# A position in the middle of the list of users: an id and a key, in base64.
MIDDLE = "IG0"
VARIANTS = {
    "users.list_users": (
        *("after=" + MIDDLE, "before=" + MIDDLE, "from=M", "last=1"),
        *("source=entra", "source=local", "status=active", "status=disabled"),
        *("status=blocked", "source=entra&status=disabled&last=1"),
        *("q=nobody", "q=jane", "q=example", "q=p", "q=example&last=1", "q=p+nobody"),
        *("q=p0000012", "q=example&status=blocked", "q=e+p+exam+p00+3"),
        *("q=%2B31+6+0950+2800", "q=3"),
        *("sort=user-name", "sort=user-name&after=" + MIDDLE, "sort=user-name&last=1"),
        *("sort=last-sign-in", "sort=last-sign-in&last=1"),
        *("sort=last-sign-in&after=" + MIDDLE, "role=administrator", "role=user"),
        *(f"only={each.value}" for each in Mark),
        *(f"only={each.value}&last=1" for each in Mark),
        *(f"only={each.value}&q=example" for each in Mark),
        *(f"only={each.value}&source=entra&status=blocked" for each in Mark),
        *(f"only={each.value}&role=administrator&status=active" for each in Mark),
        *(f"only={each.value}&role=user&source=local" for each in Mark),
    ),
    "colleagues.list_colleagues": (
        *("after=" + MIDDLE, "before=" + MIDDLE, "from=M", "last=1", "q=nobody"),
        *("q=jane", "q=example", "q=p", "q=p+nobody", "q=p0000012", "q=3", "q=2800"),
        *("q=e+p+exam+p00+3", "q=%2B31+6+0950+2800"),
    ),
    "colleagues.show": ("after=" + MIDDLE, "from=M", "last=1"),
    "colleagues.show_group": ("q=jane", "q=example", "q=p", "q=p0000012", "last=1"),
    "sign_in_problems.show": (
        *("q=jane", "q=example", "q=nobody", "q=ABCD-EFGH", "last=1"),
        *("person={user_id}", "q=x&person=x"),
    ),
    "conflicts.list_conflicts": ("last=1", "kind=mapping", "kind=mapping&last=1"),
    "groups.list_groups": (
        *("after=" + MIDDLE, "last=1", "source=entra", "source=local"),
        "source=entra&last=1",
    ),
    "groups.show": (
        *("last=1", "q=jane", "q=example", "q=p", "q=nobody", "q=p0000012"),
        *("q=example.org", "q=p+exampleor"),
    ),
    "group_candidates.choose": (
        *("after=" + MIDDLE, "last=1", "q=jane", "q=example", "q=p", "q=nobody"),
    ),
    "logs.provisioning": (
        "kind=refused",
        "kind=refused-token",
        "period=today&kind=deleted",
        "by=x",
        "person=jane&kind=updated",
    ),
    "logs.audit": (
        *("outcome=failed", "kind=failed-sign-in&outcome=succeeded", "person=jane"),
        *("kind=roles", "by=ada&kind=access", "from=2026-01-01&to=2026-01-01"),
        *("older=2026-01-01T00:10:00Z_x", "newer=2026-01-01T00:10:00Z_x"),
    ),
    "leavers.show_all": (
        *("older=2026-01-01T00:10:00.000000Z_x", "newer=2026-01-01T00:10:00.000000Z_x"),
        *("person=jane", "from=2026-01-01&to=2026-01-01", "person=example"),
    ),
    "clean_up.choose": ("days=1", "after=2026-01-01T00:10:00.000000Z_x"),
}
# Files with all entries of a list.
DOWNLOADS = {"leavers.download", "logs.provisioning_csv", "logs.audit_csv"}
DOWNLOADS |= {"people_export.download"}


def _list_pages(world: World) -> Iterator[str]:
    """Return the path of each page, with an id where it needs one."""
    ids = {**world.ids, "which": "current"}
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        is_scim = rule.endpoint.startswith("scim")
        is_page = rule.endpoint not in {"static", *DOWNLOADS}
        if is_scim or not is_page or "GET" not in (rule.methods or ()):
            continue
        path = adapter.build(
            rule.endpoint, {each: ids[each] for each in rule.arguments}
        )
        yield path
        for query in VARIANTS.get(rule.endpoint, ()):
            yield f"{path}?{query.format(**ids)}"


class PageCost(NamedTuple):
    """What a page costs the database."""

    steps: dict[str, int]
    queries: dict[str, int]


def _measure_pages(world: World) -> PageCost:
    measured = PageCost({}, {})
    for path in _list_pages(world):
        with steps_of(world.app) as steps, queries_of(world.app) as queries:
            answer = world.administrator.get(path)
        assert answer.status_code < 500, path
        measured.steps[path] = steps[0] * STEP
        measured.queries[path] = queries[0]
    return measured


# -------------------------------------------------------------------- SCIM
def _list_requests(world: World, phase: str) -> dict[str, Callable[[], Any]]:
    scim, jane = world.scim, f"/Users/{world.ids['user_id']}"
    everybody = f"/Groups/{world.ids['group_id']}"
    work = 'emails[type eq "work"].value eq'
    member = {"value": world.ids["user_id"]}
    excluded = {"excludedAttributes": "members"}
    filters = {
        "/Users": (
            *('userName eq "jane@example.org"', 'userName eq "nobody"'),
            *('externalId eq "1"', 'externalId eq "x"', 'id eq "x"'),
            *(f'{work} "jane@example.org"', f'{work} "x@example.org"'),
        ),
        "/Groups": (
            *('displayName eq "everybody"', 'displayName eq "x"', 'externalId eq "x"'),
            f'id eq "{world.ids["group_id"]}" and members eq "{world.ids["user_id"]}"',
        ),
    }
    asked = {
        f"{path} {each}": lambda path=path, each=each: scim.get(
            path, filter=each, **excluded
        )
        for path, some in filters.items()
        for each in some
    }
    asked |= {
        f"{path} {query}": lambda path=path, query=query: scim.get(
            path, **query, **excluded
        )
        for path in ("/Users", "/Groups", "")
        for query in (
            {"count": 50},
            {"count": 50, "cursor": ""},
            {"count": 50, "cursor": _read_cursor(scim, path)},
        )
    }
    name = f"new{phase}@example.org"
    return {
        **asked,
        "a page in the middle": lambda: scim.get("/Users", startIndex=700, count=50),
        "GET a person": lambda: scim.get(jane),
        "GET a group": lambda: scim.get(everybody, **excluded),
        "POST": lambda: scim.post("/Users", user(name, externalId=name)),
        "POST what exists": lambda: scim.post("/Users", user(name)),
        "POST a group": lambda: scim.post("/Groups", group(name, member["value"])),
        "PATCH": lambda: scim.patch(jane, operation("replace", "title", phase)),
        "PATCH the name": lambda: scim.patch(
            jane, operation("replace", "userName", f"jane{phase}@example.org")
        ),
        "disable": lambda: scim.patch(jane, operation("replace", "active", False)),
        "enable": lambda: scim.patch(jane, operation("replace", "active", True)),
        "member in": lambda: scim.patch(
            everybody, operation("add", "members", [member])
        ),
        "member out": lambda: scim.patch(
            everybody, operation("remove", f'members[value eq "{member["value"]}"]')
        ),
        "rename a group": lambda: scim.patch(
            everybody, operation("replace", "displayName", f"Everybody {phase}")
        ),
        "DELETE": lambda: scim.delete(f"/Users/{_id_of(scim, name)}"),
    }


def _read_cursor(scim: Scim, path: str) -> str:
    page = scim.get(path, cursor="", count=50, excludedAttributes="members")
    return str(page["nextCursor"])


def _id_of(scim: Scim, name: str) -> str:
    found = scim.get("/Users", filter=f'userName eq "{name}"')
    return str(found["Resources"][0]["id"])


def _measure_requests(world: World, phase: str) -> dict[str, int]:
    measured = {}
    for name, ask in _list_requests(world, phase).items():
        with steps_of(world.app) as steps:
            answer = ask()
        assert answer.status in (200, 201, 204, 409), (name, answer.document)
        measured[name.replace(phase, "")] = steps[0] * STEP
    return measured


def _measure_time(world: World, path: str) -> float:
    """Return the seconds that the processor needs for a page."""
    start = time.process_time()
    assert world.administrator.get(path).status_code == 200
    return time.process_time() - start


def _list_growing(few: Mapping[str, int], many: Mapping[str, int]) -> list[str]:
    assert len(few) == len(many)
    return [
        f"{name}: {before} -> {after}"
        for (name, before), after in zip(few.items(), many.values(), strict=True)
        if after > before * FACTOR + CONSTANT
    ]


@pytest.mark.repeated
def test_no_page_and_no_request_grows_with_the_number_of_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Counting ends at this number, which the few people of each kind have to exceed.
    for module in COUNTING:
        monkeypatch.setattr(module, "MOST_COUNTED", 50)
    monkeypatch.setattr(journal, "MOST_EXAMINED", 50)
    monkeypatch.setattr(searching, "MOST_WALKED", 500)
    world.grow(1, FEW)
    few_requests, few_pages = _measure_requests(world, "few"), _measure_pages(world)
    world.grow(FEW + 1, MANY)
    requests, pages = _measure_requests(world, "many"), _measure_pages(world)
    assert len(pages.steps) > 30
    assert _list_growing(few_pages.steps, pages.steps) == []
    assert _list_growing(few_requests, requests) == []
    assert few_pages.queries == pages.queries
    assert _measure_time(world, ENTRA) < 0.1


EXPORTS = {
    path: f"/settings/users/export.csv?{path}"
    for path in ("", "source=entra&status=active", "only=guest&spreadsheet=1")
}


def _measure_exports(world: World) -> dict[str, tuple[float, int]]:
    """Return the instructions for each row, and the most memory that was in use."""
    measured = {}
    for name, path in EXPORTS.items():
        rows = 0
        with steps_of(world.app) as steps:
            answer = world.administrator.get(path, buffered=False)
            tracemalloc.start()
            for part in answer.iter_encoded():
                rows += part.count(b"\n")
            memory = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        measured[name] = (steps[0] * STEP / rows, memory)
    return measured


def test_a_row_of_an_export_costs_the_same_however_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_chunks, "CHUNK", 100)
    world.grow(1, FEW)
    few = _measure_exports(world)
    world.grow(FEW + 1, MANY // 4)
    many = _measure_exports(world)
    for name, (cost, memory) in many.items():
        assert cost < few[name][0] * 1.2, name
        assert memory < few[name][1] * 1.5 + 2**20, name


def test_a_page_that_reads_everybody_is_noticed(world: World) -> None:
    world.grow(1, 20)
    with steps_of(world.app) as few:
        world.scim.rows(select(USERS.c.id).where(USERS.c.user_name != ""))
    world.grow(21, 2_000)
    with steps_of(world.app) as many:
        world.scim.rows(select(USERS.c.id).where(USERS.c.user_name != ""))
    assert _list_growing({"": few[0] * STEP}, {"": many[0] * STEP})


# ------------------------------------------------------------- query plans
LARGE = {"users", "groups", "memberships", "identities", "conflicts", "journal"}
LARGE |= {"sessions", "deleted_people", "search_entries"}
LARGE |= {"journal_members", "scim_cycles"}


def _list_plans(world: World, run: Callable[[], Any]) -> dict[str, list[str]]:
    """Return how the database executes each statement of a request."""
    made: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            made.append((statement, given))

    with world.app.app_context():
        engine = database.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    plans = {}
    with world.app.app_context(), database.read() as connection:
        for statement, given in made:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            plans[statement] = [row.detail for row in found]
    return plans


def _find_scans(plans: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """Return the scans of large tables, but for the first rows in an index's order."""
    return [
        (statement, step)
        for statement, plan in plans.items()
        for step in plan
        if step.startswith("SCAN") and step.split()[1] in LARGE
        if "INDEX" not in step
        or " LIMIT " not in statement
        or any(each.startswith("USE TEMP B-TREE") for each in plan)
    ]


def test_no_page_and_no_request_scans_a_large_table(world: World) -> None:
    world.grow(1, FEW)
    for name, ask in _list_requests(world, "few").items():
        assert _find_scans(_list_plans(world, ask)) == [], name
    world.index()
    for path in _list_pages(world):
        plans = _list_plans(world, partial(world.administrator.get, path))
        assert _find_scans(plans) == [], path


def test_a_scan_is_noticed(world: World) -> None:
    for scanning in (
        "SELECT id FROM users WHERE version = 2 AND active = 1 LIMIT 1",
        "SELECT id FROM users ORDER BY shown_name_key",
        "SELECT id FROM users ORDER BY user_name LIMIT 1",
        "SELECT count(*) FROM groups",
    ):
        query = text(scanning)
        plans = _list_plans(world, partial(world.scim.rows, query))
        assert _find_scans(plans), scanning


HOT = {
    "/Users": {
        'userName eq "x"': "users USING INDEX sqlite_autoindex_users_2",
        'externalId eq "x"': "users USING INDEX ix_users_external_id",
        'id eq "x"': "users USING INDEX sqlite_autoindex_users_1",
        'emails[type eq "work"].value eq "x"': (
            "users USING INDEX ix_users_work_email_key"
        ),
    },
    "/Groups": {
        'displayName eq "x"': "groups USING INDEX uq_groups_display_name_key",
        'externalId eq "x"': "groups USING INDEX ix_groups_external_id",
        'id eq "x" and members eq "y"': "memberships USING COVERING INDEX",
    },
}


def test_filters_use_the_index_of_their_column(world: World) -> None:
    for path, hot in HOT.items():
        for condition, step in hot.items():
            ask = partial(world.scim.get, path, filter=condition)
            plans = _list_plans(world, ask)
            steps = [each for plan in plans.values() for each in plan]
            assert any(each.startswith(f"SEARCH {step}") for each in steps), steps


def test_colleagues_and_reports_are_read_from_indexes_of_those_who_are_shown(
    world: World,
) -> None:
    world.grow(1, FEW)
    for path, step in {
        "/people": "SCAN users USING INDEX ix_users_shown",
        "/people?from=M": "SEARCH users USING INDEX ix_users_shown ((shown_name_key",
        f"/people/{world.ids['user_id']}": (
            "SEARCH users USING INDEX ix_users_reports (manager_id=?)"
        ),
    }.items():
        plans = _list_plans(world, partial(world.administrator.get, path))
        found = [
            each
            for statement, plan in plans.items()
            if "is_hidden = 0" in statement and "ORDER BY" in statement
            for each in plan
        ]
        assert sum(each.startswith(step) for each in found) > 0, found
        assert not any("ix_users_manager_id" in each for each in found), found


def test_lists_are_read_in_the_order_of_an_index(world: World) -> None:
    for path, index in {
        "/settings/users?from=M": "users USING COVERING INDEX ix_users_shown_name_key",
        "/settings/users?source=local": "users USING COVERING INDEX ix_users_kind",
        "/settings/groups": "groups USING COVERING INDEX ix_groups_shown_name_key",
        "/settings/groups?source=entra": "groups USING COVERING INDEX ix_groups_kind",
    }.items():
        plans = _list_plans(world, partial(world.administrator.get, path))
        found = [
            each
            for statement, each in plans.items()
            if ".shown_name_key, " in statement and "ORDER BY" in statement
            if "count(" not in statement
        ]
        assert found
        assert all(len(each) == 1 and index in each[0] for each in found), found
