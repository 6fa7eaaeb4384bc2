"""The number of statements of a request is small, however much data there is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from wire import ENTERPRISE, Answer, Cost, Scim, cost_of, group, operation, user

from netpresenter_next.directory import scim_tokens

Ask = Callable[[], Answer]


@pytest.fixture(autouse=True)
def no_minute_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The use of a token is noted once a minute, which would be one more statement."""
    monkeypatch.setattr(scim_tokens, "USE_INTERVAL", timedelta(days=1))


def _asked(scim: Scim, ask: Ask) -> tuple[Answer, Cost]:
    """Return an answer and its cost, without statements that control transactions."""
    scim.get("/ResourceTypes")  # stores the use of the token
    with cost_of(scim.app) as cost:
        answer = ask()
    words = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    kept = [each for each in cost.statements if not each.startswith(words)]
    return answer, Cost(kept, cost.parameters, cost.rows, cost.steps)


@pytest.fixture(params=[1, 2_000], ids=["few", "many"])
def data(scim: Scim, request: pytest.FixtureRequest) -> dict[str, str]:
    """Few or many users and groups; the paths of some of them."""
    return _fill(scim, request.param)


@pytest.fixture(scope="module", params=[1, 2_000], ids=["few", "many"])
def filled(
    on_instance: Callable[[], AbstractContextManager[Callable[..., Scim]]],
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Scim, dict[str, str]]]:
    """A client and the same data, for the tests that only read."""
    with on_instance() as make:
        scim = make()
        yield scim, _fill(scim, request.param)


def _fill(scim: Scim, size: int) -> dict[str, str]:
    crowd = scim.crowd(size)
    grace = scim.user("grace", displayName="Grace")
    ada = scim.user(
        "ada",
        displayName="Ada",
        externalId="1",
        emails=[{"type": "work", "value": "ada@example.com"}],
        **{ENTERPRISE: {"manager": {"value": grace.id}}},
    )
    plain = scim.user("plain", externalId="2")
    readers = scim.group("Readers", ada.id)
    writers = scim.group("Writers")
    scim.fill(writers.id, crowd)
    return {
        "ada": f"/Users/{ada.id}",
        "plain": f"/Users/{plain.id}",
        "readers": f"/Groups/{readers.id}",
        "writers": f"/Groups/{writers.id}",
        "grace": f"/Users/{grace.id}",
    }


# Statements except those that control transactions; the first finds the token.
READS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "a person": (3, "plain", {}),
    "a person with a manager": (4, "ada", {}),
    "the name of a person": (4, "ada", {"attributes": "userName"}),
    "a group": (3, "readers", {}),
    "a group without members": (2, "writers", {"excludedAttributes": "members"}),
}


@pytest.mark.parametrize("what", READS)
def test_a_get_takes_this_number_of_statements(
    filled: tuple[Scim, dict[str, str]], what: str
) -> None:
    scim, data = filled
    number, name, query = READS[what]
    answer, cost = _asked(scim, lambda: scim.get(data[name], **query))
    assert answer.status == 200
    assert len(cost.statements) == number, cost.statements


@pytest.mark.parametrize(
    ("path", "condition", "hits", "number"),
    [
        ("/Users", 'userName eq "ada"', 1, 4),
        ("/Users", 'userName eq "plain"', 1, 3),
        ("/Users", 'userName eq "nobody"', 0, 2),
        ("/Users", 'externalId eq "1"', 1, 4),
        ("/Users", 'externalId eq "x"', 0, 2),
        ("/Users", 'emails[type eq "work"].value eq "ada@example.com"', 1, 4),
        ("/Users", 'emails[type eq "work"].value eq "x@example.com"', 0, 2),
        ("/Groups", 'displayName eq "readers"', 1, 3),
        ("/Groups", 'displayName eq "nothing"', 0, 2),
    ],
)
def test_a_filter_takes_this_number_of_statements(
    filled: tuple[Scim, dict[str, str]],
    path: str,
    condition: str,
    hits: int,
    number: int,
) -> None:
    scim, _ = filled
    answer, cost = _asked(scim, lambda: scim.get(path, filter=condition))
    assert answer["totalResults"] == hits
    assert len(cost.statements) == number, cost.statements
    assert cost.rows < 10
    assert cost.steps < 300


@pytest.mark.parametrize("size", [1, 100])
def test_a_list_of_100_takes_as_many_statements_as_a_list_of_one(
    scim: Scim, size: int
) -> None:
    grace = scim.user("grace", displayName="Grace")
    extension = {ENTERPRISE: {"manager": {"value": grace.id}}}
    people = [scim.user(f"p{each}", **extension).id for each in range(size)]
    for each in range(size):
        scim.group(f"g{each}", *people)
    _, cost = _asked(scim, lambda: scim.get("/Users", filter="manager pr", count=100))
    number = 4 if size == 1 else 5  # a full page is followed by a count
    assert len(cost.statements) == number, cost.statements
    _, cost = _asked(scim, lambda: scim.get("/Groups", count=101))
    assert len(cost.statements) == 3, cost.statements
    excluded = {"excludedAttributes": "members", "count": 101}
    _, cost = _asked(scim, lambda: scim.get("/Groups", **excluded))
    assert len(cost.statements) == 2, cost.statements
    _, cost = _asked(scim, lambda: scim.get("/Users", cursor="", count=100))
    assert len(cost.statements) == 5, cost.statements


def test_no_page_of_a_list_without_filter_counts_rows(scim: Scim) -> None:
    scim.crowd(2_000)
    for query in (
        {"count": 1},
        {"count": 1, "startIndex": 9},
        {"cursor": "", "count": 1},
    ):
        answer, cost = _asked(scim, lambda query=query: scim.get("/Users", **query))
        assert answer["totalResults"] == 2_000
        assert cost.steps < 500, query


def test_only_the_first_page_of_a_filter_counts_the_matches(scim: Scim) -> None:
    scim.crowd(20)
    query = {"filter": "userName pr", "count": 1}
    first, cost = _asked(scim, lambda: scim.get("/Users", cursor="", **query))
    assert cost.touching("count(*)")
    later = {**query, "cursor": first["nextCursor"]}
    second, cost = _asked(scim, lambda: scim.get("/Users", **later))
    assert second["totalResults"] == first["totalResults"] == 20
    assert not cost.touching("count(*)")


WRITES: dict[str, tuple[int, Callable[[Scim, dict[str, str]], Answer]]] = {
    # token, uniqueness, insert, journal, blocks and conflicts, groups of the user
    "POST a person": (6, lambda s, d: s.post("/Users", user("new"))),
    # token, uniqueness; earlier entry, number of entries, journal
    "POST an existing person": (5, lambda s, d: s.post("/Users", user("ada"))),
    "POST a group": (5, lambda s, d: s.post("/Groups", group("New"))),
    # token, user, update, journal, groups; uniqueness if a name changes
    "PUT a person": (
        5,
        lambda s, d: s.put(d["plain"], user("plain", externalId="2", title="x")),
    ),
    # and conflicts of the user, the index of the search
    "PUT another name": (8, lambda s, d: s.put(d["plain"], user("other"))),
    "PUT the same": (
        3,
        lambda s, d: s.put(d["plain"], user("plain", externalId="2")),
    ),
    "PATCH a person": (
        5,
        lambda s, d: s.patch(d["plain"], operation("replace", "title", "x")),
    ),
    "PATCH nothing": (
        3,
        lambda s, d: s.patch(d["plain"], operation("replace", "active", True)),
    ),
    "PATCH a person of many": (
        5,
        lambda s, d: s.patch(
            d["plain"],
            *[operation("replace", "title", str(each)) for each in range(100)],
        ),
    ),
    # token, user, groups, direct reports, link, identity evidence, sessions, delete,
    # journal
    "DELETE a person": (9, lambda s, d: s.delete(d["plain"])),
    "DELETE a group": (5, lambda s, d: s.delete(d["writers"])),
    # token, group, users, present members, insert, update of the group, journal,
    # some members (, members)
    "PATCH a member in": (
        9,
        lambda s, d: s.patch(
            d["readers"], operation("add", "members", [{"value": _id(d["plain"])}])
        ),
    ),
    "PATCH a member in, without members": (
        7,
        lambda s, d: s.patch(
            d["writers"],
            operation("add", "members", [{"value": _id(d["plain"])}]),
            query={"excludedAttributes": "members"},
        ),
    ),
    "PATCH a member out": (
        9,
        lambda s, d: s.patch(
            d["readers"], operation("remove", f'members[value eq "{_id(d["ada"])}"]')
        ),
    ),
    "PATCH a group's name": (
        7,
        lambda s, d: s.patch(d["readers"], operation("replace", "displayName", "New")),
    ),
}


def _id(path: str) -> str:
    return path.rpartition("/")[2]


@pytest.mark.parametrize("what", WRITES)
def test_a_write_takes_this_number_of_statements(
    scim: Scim, data: dict[str, str], what: str
) -> None:
    number, write = WRITES[what]
    answer, cost = _asked(scim, lambda: write(scim, data))
    assert answer.status in (200, 201, 204, 409), answer.document
    assert len(cost.statements) == number, "\n".join(cost.statements)


def test_if_match_takes_one_more_statement(scim: Scim, data: dict[str, str]) -> None:
    change = operation("replace", "title", "x")
    version = {"If-Match": scim.get(data["plain"]).version}
    answer, cost = _asked(
        scim, lambda: scim.patch(data["plain"], change, headers=version)
    )
    assert answer.status == 200
    assert len(cost.statements) == 6, cost.statements


def test_a_refused_token_takes_only_the_statement_that_counts_it(
    scim: Scim, data: dict[str, str]
) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    scim.get(data["ada"], headers)
    answer, cost = _asked(scim, lambda: scim.get(data["ada"], headers))
    assert answer.status == 401
    assert len(cost.statements) == 1, cost.statements  # counted in the journal


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/Schemas", "/Me"])
def test_discovery_takes_only_the_statement_for_the_token(
    scim: Scim, path: str
) -> None:
    scim.get("/Users")
    _, cost = _asked(scim, lambda: scim.get(path))
    assert len(cost.statements) == 1, cost.statements


def test_a_change_writes_only_the_columns_that_it_changes(scim: Scim) -> None:
    ada = scim.user("ada", displayName="Ada")
    written = {"title": "Countess", "displayName": "Ada L.", "active": False}
    columns = []
    for name, value in written.items():
        _, cost = _asked(
            scim,
            partial(scim.patch, f"/Users/{ada.id}", operation("replace", name, value)),
        )
        (update,) = (each for each in cost.touching("users") if "UPDATE" in each)
        assigned = update.partition(" SET ")[2].partition(" WHERE ")[0].split(", ")
        columns.append({each.removesuffix("=?") for each in assigned})
    always = {"document", "version", "modified_at"}
    names = {"display_name", "shown_name_key"}
    assert columns == [always, always | names, always | {"active", "disabled_at"}]
