"""What RFC 7644 says of filters and of PATCH, row by row, asked of a running server.

The rows are in ``filter_vectors``: a request, and what comes of it.
"""

from collections.abc import Iterator
from urllib.parse import quote

import filter_vectors
import pytest
from filter_vectors import GROUPS, OF_GROUPS, PEOPLE, Row, group_of
from scim_client import CORE_USER, Answer, Client
from services import Service


@pytest.fixture(scope="module")
def asked(own_service: Service) -> Iterator[Client]:
    """A client of a server that knows the people and groups of the table alone."""
    with own_service.client() as client:
        ids = {}
        for name, body in PEOPLE.items():
            made = client.post("/Users", {"schemas": [CORE_USER], **body})
            assert made.status == 201, made
            ids[name] = made.id
        for name, members in GROUPS.items():
            body = group_of(name, [ids[each] for each in members])
            assert client.post("/Groups", body).status == 201
        yield client


def _check(answer: Answer, row: Row, attribute: str) -> None:
    if isinstance(row.expected, str):
        assert (answer.status, answer.document["scimType"]) == (400, row.expected)
        return
    assert answer.status == 200, answer
    found = {each[attribute] for each in answer.document["Resources"]}
    names = {PEOPLE[each]["userName"] if each in PEOPLE else each for each in row[1]}
    assert found == names
    assert answer.document["totalResults"] == len(names)


@pytest.mark.parametrize("row", filter_vectors.ROWS, ids=lambda row: row.text)
def test_a_filter_finds_who_fits(row: Row, asked: Client) -> None:
    answer = asked.get(f"/Users?filter={quote(row.text, safe='')}")
    _check(answer, row, "userName")


@pytest.mark.parametrize("row", OF_GROUPS, ids=lambda row: row.text)
def test_a_filter_finds_the_groups_that_fit(row: Row, asked: Client) -> None:
    answer = asked.get(f"/Groups?filter={quote(row.text, safe='')}")
    _check(answer, row, "displayName")
