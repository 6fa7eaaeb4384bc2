"""Lists from the database equal what a slow reading of all resources finds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import (
    GROUPS,
    OWN_OF_GROUP,
    OWN_OF_PEOPLE,
    PEOPLE,
    Oracle,
    comparable,
    entries,
)
from questions import Asker
from worlds import World

from netpresenter_next import database, tokens
from netpresenter_next.journal import COMMAND_LINE
from netpresenter_next.scim.characteristics import ResourceType
from netpresenter_next.scim.cursors import Cursors
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters import parse_filter
from netpresenter_next.scim.listing import Listing, ListQuery
from netpresenter_next.scim.schema import GROUP_SCHEMA, USER_SCHEMA
from netpresenter_next.scim.service import Service
from netpresenter_next.scim.trees import Path

CURSORS = Cursors("a secret key for the cursors of these tests")
ALL = 1_000
Resources = Sequence[Mapping[str, Any]]


def askers_of(world: World) -> tuple[Asker, Asker]:
    """Return who asks for people and who asks for groups of a world."""
    people = PEOPLE + (OWN_OF_PEOPLE if world.extended else ())
    groups = GROUPS + (OWN_OF_GROUP if world.extended else ())
    return (
        Asker(Oracle(USER_SCHEMA, people), world.people),
        Asker(Oracle(GROUP_SCHEMA, groups), world.groups),
    )


@pytest.fixture(scope="module")
def askers(worlds: list[World]) -> list[tuple[Asker, Asker]]:
    """Who asks in each world, with what is built once."""
    return [askers_of(world) for world in worlds]


def page(service: Service, kinds: Sequence[ResourceType], **query: Any) -> Any:
    """List ids."""
    wanted = ListQuery(attributes=["id"], **{"count": ALL, **query})
    return Listing(service, kinds, wanted).page(CURSORS)


def ids(resources: Resources) -> list[str]:
    return [each["id"] for each in resources]


def test_random_filters_find_what_a_slow_reading_finds(
    worlds: list[World], askers: list[tuple[Asker, Asker]]
) -> None:
    found: Counter[str] = Counter()

    @settings(max_examples=2000, derandomize=True, deadline=None)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        number = data.draw(st.sampled_from((0, 1, 2)), "world")
        is_group = data.draw(st.sampled_from((False, False, True)), "groups?")
        world, asker = worlds[number], askers[number][is_group]
        tree = data.draw(asker.trees, "filter")
        kind = world.group_type if is_group else world.user_type
        expected = [e["id"] for e in asker.resources if asker.oracle.fits(tree, e)]
        assert parse_filter(str(tree)) == tree
        with world.service() as service:
            answer = page(service, [kind], filter=str(tree))
        assert ids(answer["Resources"]) == expected
        assert answer["totalResults"] == len(expected)
        some = 0 < len(expected) < len(asker.resources)
        found["some" if some else "all" if expected else "none"] += 1

    judge()
    # A test of filters that find nobody, or everybody, would show nothing.
    assert found["some"] > found.total() / 3, found
