"""Lists are compiled once for each shape of a filter, and the texts never mix up."""

import pytest

from netpresenter_next.scim import queries
from netpresenter_next.scim.errors import InvalidFilter
from netpresenter_next.scim.filters.parser import parse_filter
from netpresenter_next.scim.filters.shapes import split_filter
from netpresenter_next.scim.reading import Reader
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim_http import context
from netpresenter_next.storage import database

SHAPES = {
    'userName eq "ada"': 'userName eq "GRACE"',
    'externalId eq "a"': 'externalId eq "A"',
    'emails[type eq "work"].value eq "a@b"': 'emails[type eq "work"].value eq "c@d"',
    'title eq "" or title eq "x"': 'title eq "x" or title eq ""',
    'not (title eq "x")': 'not (title eq "y")',
    'members eq "1"': 'members eq "2"',
}
OTHERS = {
    'emails[type eq "work"].value eq "a"': 'emails[type eq "home"].value eq "a"',
    'schemas eq "urn:a"': 'schemas eq "urn:b"',
    'active eq "true"': 'active eq "false"',
    'userName sw "a"': 'userName sw "b"',
    'title eq "x"': "title eq null",
    'meta.created eq "2026-01-01T00:00:00Z"': 'meta.created eq "2026-01-02T00:00:00Z"',
}


@pytest.fixture
def reader(scim):
    with scim.app.app_context(), database.read() as connection:
        types = context.of(scim.app).resource_types
        yield Reader(types, Serializer("https://example.org/scim/v2"), connection)


def compiled(reader, kind, text):
    return queries.bind_query(reader, kind, parse_filter(text), queries.Order())


@pytest.mark.parametrize(("one", "other"), SHAPES.items())
def test_filters_that_differ_in_a_compared_text_share_their_statement(
    reader, one, other
):
    types = reader.resource_types
    kind = types.group if one.startswith("members") else types.user
    first, second = (compiled(reader, kind, each) for each in (one, other))
    assert first.query is second.query
    assert first.parameters != second.parameters


@pytest.mark.parametrize(("one", "other"), OTHERS.items())
def test_filters_whose_sql_depends_on_the_text_have_their_own_statement(
    reader, one, other
):
    kind = reader.resource_types.user
    first, second = (compiled(reader, kind, each) for each in (one, other))
    again = compiled(reader, kind, one)
    assert first.query is not second.query
    assert again.query is first.query


def test_a_message_about_a_filter_has_its_texts(reader):
    with pytest.raises(InvalidFilter, match="ada"):
        compiled(reader, reader.resource_types.user, 'emails[emails[value eq "ada"]]')


def test_the_texts_of_a_filter_are_numbered_in_its_order():
    tree = parse_filter('a eq "1" and (b eq "2" or c[d eq "3"]) and not (e eq "4")')
    shape, texts = split_filter(tree)
    assert texts == ["1", "2", "3", "4"]
    kept, _ = split_filter(tree, {0, 1, 2, 3})
    assert kept == tree
    assert kept != shape


def test_answers_follow_the_text_and_not_the_statement(scim):
    for name in ("ada", "Grace", "LINUS"):
        scim.user(name, title=f"{name}'s title")
    for name in ("ada", "grace", "linus", "nobody", "ADA"):
        for text in (f'userName eq "{name}"', f'title eq "{name}\'S TITLE"'):
            found = scim.get("/Users", filter=text)["Resources"]
            expected = [] if name == "nobody" else [name.lower()]
            assert [each["userName"].lower() for each in found] == expected


@pytest.mark.parametrize("other", ["1", "1.0"])
def test_a_number_is_refused_also_after_the_boolean_that_equals_it(reader, other):
    kind = reader.resource_types.user
    compiled(reader, kind, "active eq true")
    with pytest.raises(InvalidFilter):
        compiled(reader, kind, f"active eq {other}")


def test_a_filter_with_many_texts_of_its_own_is_compiled_few_times(reader):
    kind = reader.resource_types.user
    before = queries._compile_shape.cache_info().misses
    terms = (f'schemas eq "urn:{number}"' for number in range(50))
    bound = compiled(reader, kind, " or ".join(terms))
    assert queries._compile_shape.cache_info().misses - before <= 5
    assert bound.parameters == {}
