"""The database uses an index for the lists that clients usually request."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, text
from test_filter_oracle import make_filter_makers
from worlds import World, application

from helpers import close
from netpresenter_next.lib.timestamps import now
from netpresenter_next.schema.characteristics import Path
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA, derive_columns
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim.filters.ast import And, Comparison
from netpresenter_next.scim.listing import Listing, ListQuery
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from repetition import times

pytestmark = pytest.mark.repeated
PEOPLE, TEAMS = 2_000, 100
CURSORS = Cursors("a secret key for the cursors of these tests")
Rows = list[dict[str, Any]]


def person(number: int, manager: str) -> dict[str, Any]:
    return {
        "userName": f"Person.{number}@example.org",
        "externalId": f"ext-{number}",
        "active": number % 10 > 0,
        "displayName": f"Person {number}",
        "emails": [
            {"type": "work", "value": f"person.{number}@example.org"},
            *([{"type": "work", "value": f"p{number}@b"}] if number % 500 == 0 else []),
        ],
        ENTERPRISE_SCHEMA: {"manager": {"value": manager}},
    }


def frame() -> dict[str, Any]:
    moment = now()
    return {"id": new_id(), "version": 1, "created_at": moment, "modified_at": moment}


def rows() -> tuple[Rows, Rows, Rows]:
    """Return people, groups and memberships."""
    people: Rows = []
    for number in range(PEOPLE):
        manager = people[number // 10]["id"] if people else "nobody"
        columns = derive_columns(USERS, person(number, manager))
        people.append({**frame(), **columns, "source": Source.PROVISIONED})
    groups = [
        {**frame(), **derive_columns(GROUPS, {"displayName": f"Team {number}"})}
        for number in range(TEAMS)
    ]
    memberships = [
        {"group_id": groups[place % TEAMS]["id"], "user_id": each["id"]}
        for number, each in enumerate(people)
        for place in (number, number + 1, number * 7 + 3)
    ]
    unique = {tuple(each.values()): each for each in memberships}
    return people, groups, list(unique.values())


@pytest.fixture(scope="module", params=[False, True], ids=["as it is", "analyzed"])
def large(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A world of 2,000 people, with and without statistics of the database."""
    world = World(application(tmp_path_factory.mktemp("large")), extended=False)
    with world.app.app_context(), database.write() as connection:
        for table, values in zip((USERS, GROUPS, MEMBERSHIPS), rows(), strict=True):
            connection.execute(insert(table), values)
        if request.param:
            connection.execute(text("ANALYZE"))
    with world.service() as service:
        for kind, ids in (
            (world.user_type, world.people),
            (world.group_type, world.groups),
        ):
            for row in service.connection.execute(kind.table.select().limit(60)):
                ids.append(dict(row._mapping))
    yield world
    close(world.app)


def plans(
    world: World, kind: ResourceType, **query: Any
) -> tuple[list[list[str]], int]:
    """Return the plan of each statement that a list runs, and the number of results."""
    ran: list[tuple[str, Any]] = []

    def remember(
        _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        if statement.startswith("SELECT"):
            ran.append((statement, parameters))

    with world.service() as service:
        engine = service.connection.engine
        event.listen(engine, "before_cursor_execute", remember)
        try:
            answer = Listing(service, [kind], ListQuery(**query)).read_page(CURSORS)
        finally:
            event.remove(engine, "before_cursor_execute", remember)
        found = []
        for statement, parameters in ran:
            explained = service.connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            found.append([row.detail for row in explained])
    assert ran
    return found, answer["totalResults"]


USER_FILTERS = {
    'userName eq "PERSON.7@example.org"': (1, "(user_name_key=?)"),
    'userName sw "person.19"': (111, "(user_name_key>? AND user_name_key<?)"),
    'externalId eq "ext-7"': (1, "(external_id=?)"),
    'emails[type eq "work"].value eq "PERSON.7@example.org"': (1, "(work_email_key=?)"),
    'emails[type eq "work" and value eq "p500@b"]': (1, "(has_more_work_emails=?)"),
    'id eq "{user}"': (1, "(id=?)"),
    'manager eq "{user}"': (10, "(manager_id=?)"),
    ENTERPRISE_SCHEMA + ':manager.value eq "{user}"': (10, "(manager_id=?)"),
    'id eq "{user}" and manager eq "nobody"': (0, "(id=?)"),
    'groups eq "{group}" and userName eq "person.7@example.org"': (
        0,
        "(user_name_key=?)",
    ),
    'groups.value eq "{group}"': (60, "(group_id=?)"),
    'userName eq "person.7@example.org" or externalId eq "ext-8"': (
        2,
        "MULTI-INDEX OR",
    ),
}
GROUP_FILTERS = {
    'displayName eq "TEAM 7"': (1, "(display_name_key=?)"),
    'displayName sw "team 7"': (11, "(display_name_key>? AND display_name_key<?)"),
    'externalId eq "x"': (0, "(external_id=?)"),
    'id eq "{group}"': (1, "(id=?)"),
    'id eq "{group}" and members eq "{user}"': (1, "(id=?)"),
    'id eq "{group}" and members[value eq "{user}"]': (1, "(id=?)"),
    'members.value eq "{user}"': (3, "(user_id=?"),
}


def full_scans(plan: list[str]) -> list[str]:
    """Return the steps that read a whole table."""
    tables = ("SCAN users", "SCAN groups", "SCAN memberships")
    return [each for each in plan if each.startswith(tables)]


def check(
    world: World, kind: ResourceType, question: str, expected: tuple[int, str]
) -> None:
    user, group = world.people[1]["id"], world.groups[1]["id"]
    question = question.replace("{user}", user).replace("{group}", group)
    found, total = plans(world, kind, filter=question)
    assert total == expected[0]
    for plan in found:
        assert not full_scans(plan)
    # A range may contain all people, so it counts as a scan although it has an index.
    assert is_scan(world, kind, filter=question) == (">?" in expected[1])
    assert any(expected[1] in each for each in found[0]), found[0]


def is_scan(world: World, kind: ResourceType, **query: Any) -> bool:
    with world.service() as service:
        return Listing(service, [kind], ListQuery(**query)).may_scan


@pytest.mark.parametrize(("question", "expected"), USER_FILTERS.items())
def test_people_are_found_by_an_index(
    large: World, question: str, expected: tuple[int, str]
) -> None:
    check(large, large.user_type, question, expected)


@pytest.mark.parametrize(("question", "expected"), GROUP_FILTERS.items())
def test_groups_are_found_by_an_index(
    large: World, question: str, expected: tuple[int, str]
) -> None:
    check(large, large.group_type, question, expected)


@pytest.mark.parametrize("query", [{}, {"start_index": 1_001}, {"count": 1}])
def test_a_page_of_all_people_is_read_in_index_order(
    large: World, query: dict[str, Any]
) -> None:
    found, total = plans(large, large.user_type, **query)
    assert total == PEOPLE
    by_age = "SCAN users USING INDEX ix_users_visible"
    assert found[0] == [by_age]  # without a separate sort


@pytest.mark.parametrize("query", [{}, {"count": 1}])
def test_a_page_of_all_groups_is_read_in_index_order(
    large: World, query: dict[str, Any]
) -> None:
    found, total = plans(large, large.group_type, **query)
    assert total == TEAMS
    assert found[0] == ["SCAN groups USING INDEX ix_groups_visible"]


def test_the_members_of_a_page_of_groups_are_found_by_an_index(large: World) -> None:
    found, _ = plans(large, large.group_type, count=5)
    members = next(plan for plan in found if "memberships" in plan[0])
    assert not full_scans(members)


@pytest.mark.parametrize("is_group", [False, True])
def test_a_page_by_cursor_starts_with_an_index_search(
    large: World, is_group: bool
) -> None:
    kind = large.group_type if is_group else large.user_type
    with large.service() as service:
        first = ListQuery(cursor="", count=10)
        page = Listing(service, [kind], first).read_page(CURSORS)
    (total, rows, *_), _ = plans(large, kind, cursor=page["nextCursor"], count=10)
    assert total == ["SEARCH totals USING PRIMARY KEY (name=?)"]
    assert rows[0].endswith("(id>?)")
    assert len(rows) == 1


SCANS = (
    *('nickName ew "n"', 'displayName co "o"', "active eq true", 'userName sw ""'),
    *('not (userName eq "x")', 'userName ne "x"', "externalId eq null", "title pr"),
    *('emails.value eq "x"', 'emails[type eq "home"].value eq "x"', "groups pr"),
    *('groups.display co "x"', 'manager.displayName eq "x"', "meta.resourceType pr"),
    *('userName eq "x" or nickName eq "x"', 'meta.created gt "2020-01-01T00:00:00Z"'),
    'id eq "x" and groups[display co "o"]',
)


@pytest.mark.parametrize("question", SCANS)
def test_a_filter_that_reads_all_people_counts_as_a_scan(
    large: World, question: str
) -> None:
    assert is_scan(large, large.user_type, filter=question)


def test_sorting_without_an_indexed_filter_counts_as_a_scan(large: World) -> None:
    one = 'userName eq "person.7@example.org"'
    assert not is_scan(large, large.user_type)
    assert not is_scan(large, large.user_type, cursor="")
    assert is_scan(large, large.user_type, sort_by="nickName")
    assert not is_scan(large, large.user_type, sort_by="nickName", filter=one)


def test_a_filter_that_does_not_count_as_a_scan_uses_indexes(
    worlds: list[World],
) -> None:
    """Random filters are compared with the query plan of the database."""
    count: Counter[bool] = Counter()
    makers = [make_filter_makers(world) for world in worlds]

    @settings(max_examples=times(1000), derandomize=True, deadline=None)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        number = data.draw(st.sampled_from((0, 1, 2)), "world")
        is_group = data.draw(st.booleans(), "groups?")
        world, maker = worlds[number], makers[number][is_group]
        kind = world.group_type if is_group else world.user_type
        tree = data.draw(maker.trees, "filter")
        if data.draw(st.booleans(), "of one?"):
            tree = And((Comparison(Path("id"), "eq", world.people[0]["id"]), tree))
        scan = is_scan(world, kind, filter=str(tree))
        count[scan] += 1
        if not scan:
            found, _ = plans(world, kind, filter=str(tree))
            assert not [full_scans(plan) for plan in found if full_scans(plan)], str(
                tree
            )

    judge()
    assert min(count[True], count[False]) > count.total() / 10, count
