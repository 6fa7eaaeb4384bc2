"""Filters find in the database what the reference finds in all resources."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from filter_trees import TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import (
    GROUP_EXTENSION,
    GROUPS,
    PEOPLE,
    USER_EXTENSION,
    Oracle,
    comparable,
    entries,
)
from random_filters import FilterMaker, Leaf
from worlds import EXTENSION_URN, World

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.characteristics import Path
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import GROUP_SCHEMA, USER_SCHEMA
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters.ast import COMPARISONS, Comparison, Element, Tree
from netpresenter_next.scim.filters.parser import parse_filter
from netpresenter_next.scim.listing import Listing, ListQuery
from netpresenter_next.scim.service import Service
from netpresenter_next.storage import database
from repetition import times

pytestmark = pytest.mark.repeated
CURSORS = Cursors("a secret key for the cursors of these tests")
ALL = 1_000
Resources = Sequence[Mapping[str, Any]]


def make_filter_makers(world: World) -> tuple[FilterMaker, FilterMaker]:
    """Return what makes filters for the people and the groups of a world."""
    people = PEOPLE + (USER_EXTENSION if world.extended else ())
    groups = GROUPS + (GROUP_EXTENSION if world.extended else ())
    return (
        FilterMaker(Oracle(USER_SCHEMA, people), world.people),
        FilterMaker(Oracle(GROUP_SCHEMA, groups), world.groups),
    )


@pytest.fixture(scope="module")
def makers(worlds: list[World]) -> list[tuple[FilterMaker, FilterMaker]]:
    """The makers of filters for each world, which are built once."""
    return [make_filter_makers(world) for world in worlds]


def page(service: Service, kinds: Sequence[ResourceType], **query: Any) -> Any:
    """Return a page of ids."""
    wanted = ListQuery(attributes=["id"], **{"count": ALL, **query})
    return Listing(service, kinds, wanted).read_page(CURSORS)


def ids(resources: Resources) -> list[str]:
    return [each["id"] for each in resources]


def test_random_filters_find_what_the_reference_finds(
    worlds: list[World], makers: list[tuple[FilterMaker, FilterMaker]]
) -> None:
    found: Counter[str] = Counter()

    @settings(max_examples=times(2000), derandomize=True, deadline=None)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        number = data.draw(st.sampled_from((0, 1, 2)), "world")
        is_group = data.draw(st.sampled_from((False, False, True)), "groups?")
        world, maker = worlds[number], makers[number][is_group]
        tree = data.draw(maker.trees, "filter")
        kind = world.group_type if is_group else world.user_type
        expected = [e["id"] for e in maker.resources if maker.oracle.fits(tree, e)]
        assert parse_filter(str(tree)) == tree
        with world.service() as service:
            answer = page(service, [kind], filter=str(tree))
        assert ids(answer["Resources"]) == expected
        assert answer["totalResults"] == len(expected)
        some = 0 < len(expected) < len(maker.resources)
        found["some" if some else "all" if expected else "none"] += 1

    judge()
    # Filters that match nothing, or everything, would prove little.
    assert found["some"] > found.total() / 3, found


# ------------------------------------------------------------- unsuitable literals
@settings(max_examples=times(600), derandomize=True, deadline=None)
@given(data=st.data())
def test_a_filter_with_any_literal_is_answered_or_refused(
    data: st.DataObject,
    worlds: list[World],
    makers: list[tuple[FilterMaker, FilterMaker]],
) -> None:
    maker = makers[1][data.draw(st.sampled_from((0, 1)))]
    leaf = data.draw(st.sampled_from(maker.leaves))
    path = path_of(leaf)
    operator = data.draw(st.sampled_from(COMPARISONS))
    literals = st.none() | st.booleans() | st.floats(-1e99, 1e99) | TEXTS
    tree: Tree = Comparison(
        path, operator, data.draw(literals | st.integers(0, 10**18))
    )
    if data.draw(st.booleans()):
        tree = Element(Path(leaf.kind.name), Comparison(Path("value"), operator, "x"))
    kind = worlds[1].group_type if maker is makers[1][1] else worlds[1].user_type
    with worlds[1].service() as service:
        try:
            page(service, [kind], filter=str(tree))
        except InvalidFilter as error:
            assert error.detail.endswith(".")  # noqa: PT017


# ------------------------------------------------------------------------- over HTTP
@pytest.fixture(scope="module")
def scim(worlds: list[World]) -> Callable[..., Any]:
    """Sends GET requests to the application of the second world."""
    app = worlds[1].app
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "property test", "nonce")
    client = app.test_client()

    def get(path: str, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.get(f"/scim/v2/{path}", query_string=query, headers=headers)
        return answer.get_json(force=True) | {"status": answer.status_code}

    return get


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Users", 'userName sw "kelvin"'),
        ("Users", 'emails[type eq "work" and value co "_"]'),
        ("Users", 'emails[type eq "work"].value eq "100%"'),
        ("Users", "not (active eq true) and externalId pr"),
        ("Users", f'{EXTENSION_URN}:floor ge 1 or {EXTENSION_URN}:tags eq "STRASSE"'),
        ("Users", 'meta.created gt "2020-03-10T12:00:00+02:00"'),
        ("Users", 'groups.display co "a" and manager ne null'),
        ("Groups", "members pr and externalId eq null"),
        ("Groups", 'displayName le "k"'),
    ],
)
def test_the_endpoint_returns_what_the_reference_finds(
    path: str, text: str, worlds: list[World], scim: Callable[..., Any]
) -> None:
    maker = make_filter_makers(worlds[1])[path == "Groups"]
    everything = scim(path, count=ALL)["Resources"]
    assert ids(everything) == ids(maker.resources)
    tree = parse_filter(text)
    expected = [each for each in everything if maker.oracle.fits(tree, each)]
    answer = scim(path, filter=text, count=ALL)
    assert answer["Resources"] == expected
    assert 0 < answer["totalResults"] < len(everything)


def test_the_endpoint_refuses_an_invalid_filter(scim: Callable[..., Any]) -> None:
    answer = scim("Users", filter='active gt "x"')
    assert (answer["status"], answer["scimType"]) == (400, "invalidFilter")


# ----------------------------------------------------------------- order and pages
UNSORTED = {"groups", "members", "schemas"}


def sort_key(leaf: Leaf, resource: Mapping[str, Any]) -> Any:
    """Return the value to sort by: of several, the primary or else the first one.

    None if there is no value.
    """
    found = entries(leaf.kind, resource)
    if not found:
        return None
    primary = [it for it in found if isinstance(it, dict) and it.get("primary")]
    value = (primary or found)[0]
    part = leaf.part or leaf.kind.parts.get("value")
    if part is not None:
        value = value.get(part.name)
    return None if value is None else comparable(leaf.compared, value)


def in_order(leaf: Leaf, resources: Resources, *, descending: bool) -> list[str]:
    """Sort by one attribute, then age; absent values are last in ascending order."""
    with_key = [(sort_key(leaf, each), each["id"]) for each in resources]
    with_none = [each for key, each in with_key if key is None]
    rest = sorted(pair for pair in with_key if pair[0] is not None)
    if descending:
        rest.sort(key=lambda pair: pair[0], reverse=True)
    sorted_ids = [each for _, each in rest]
    return with_none + sorted_ids if descending else sorted_ids + with_none


def path_of(leaf: Leaf) -> Path:
    return Path(leaf.kind.name, leaf.part.name if leaf.part else None)


def sortable(maker: FilterMaker) -> list[Leaf]:
    return [
        leaf
        for leaf in maker.leaves
        if leaf.compared.type != "complex" and leaf.kind.name not in UNSORTED
    ]


def sortable_names(maker: FilterMaker) -> list[str]:
    return [str(path_of(leaf)) for leaf in sortable(maker)]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("is_group", [False, True])
@pytest.mark.parametrize("descending", [False, True])
def test_sorting_matches_sorting_in_python(
    number: int,
    is_group: bool,
    descending: bool,
    worlds: list[World],
    makers: list[tuple[FilterMaker, FilterMaker]],
) -> None:
    world, maker = worlds[number], makers[number][is_group]
    kind = world.group_type if is_group else world.user_type
    wrong = []
    with world.service() as service:
        for leaf in sortable(maker):
            path = path_of(leaf)
            answer = page(service, [kind], sort_by=str(path), descending=descending)
            expected = in_order(leaf, maker.resources, descending=descending)
            if ids(answer["Resources"]) != expected:
                wrong.append(str(path))
    assert not wrong


@settings(max_examples=times(60), derandomize=True, deadline=None)
@given(data=st.data())
def test_pages_contain_every_resource_exactly_once(
    data: st.DataObject,
    worlds: list[World],
    makers: list[tuple[FilterMaker, FilterMaker]],
) -> None:
    number = data.draw(st.integers(0, 1), "world")
    world, (people, groups) = worlds[number], makers[number]
    which = data.draw(st.sampled_from(("people", "groups", "both")), "which")
    kinds = {
        "people": [world.user_type],
        "groups": [world.group_type],
        "both": [world.user_type, world.group_type],
    }[which]
    names = sortable_names(groups if which == "groups" else people)
    query: dict[str, Any] = {
        "sort_by": data.draw(st.sampled_from([None, *names]), "sorted by"),
        "filter": data.draw(st.sampled_from([None, "externalId pr", "displayName pr"])),
        "descending": data.draw(st.booleans(), "descending"),
    }
    count = data.draw(st.integers(3, 40), "count")
    with world.service() as service:
        whole = page(service, kinds, **query)
        everything = ids(whole["Resources"])
        assert whole["totalResults"] == len(everything) == len(set(everything))
        assert by_index(service, kinds, count, query, everything) == everything
        assert by_cursor(service, kinds, count, query, everything) == everything


def by_index(
    service: Service,
    kinds: Sequence[ResourceType],
    count: int,
    query: Mapping[str, Any],
    everything: Sequence[str],
) -> list[str]:
    """Read all pages by index."""
    found: list[str] = []
    for start in range(1, len(everything) + 2 * count, count):
        part = page(service, kinds, count=count, start_index=start, **query)
        assert part["totalResults"] == len(everything)
        assert part["itemsPerPage"] == len(part["Resources"]) <= count
        assert part["startIndex"] == start
        found += ids(part["Resources"])
    return found


def by_cursor(
    service: Service,
    kinds: Sequence[ResourceType],
    count: int,
    query: Mapping[str, Any],
    everything: Sequence[str],
) -> list[str]:
    """Read all pages by cursor."""
    found: list[str] = []
    cursor = ""
    while True:
        part = page(service, kinds, count=count, cursor=cursor, **query)
        assert part["totalResults"] == len(everything)
        found += ids(part["Resources"])
        if "nextCursor" not in part:
            return found
        assert part["itemsPerPage"] == count
        cursor = part["nextCursor"]
