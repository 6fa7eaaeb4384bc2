"""SCIM clients see no local group, and none is in their way."""

import pytest
from sqlalchemy import select
from wire import Scim, operation

from factories import ENTRA
from netpresenter_next.directory import local_groups, people
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS
from netpresenter_next.storage.totals import Counted


@pytest.fixture
def jane(scim: Scim) -> str:
    """The id of a provisioned person."""
    return scim.user("jane").id


@pytest.fixture
def local(scim: Scim, jane: str) -> str:
    """The id of the local group Readers, in which jane is."""
    with scim.app.app_context(), database.write() as connection:
        group = local_groups.make(connection, "Readers", COMMAND_LINE)
        local_groups.add_members(connection, group, [jane], COMMAND_LINE)
    return group.id


def test_a_local_group_is_in_no_list_and_in_no_total(scim: Scim, local: str) -> None:
    writers = scim.group("Writers")
    for query in ({}, {"filter": "displayName pr"}, {"cursor": ""}):
        listed = scim.get("/Groups", **query)
        assert (listed.names, listed["totalResults"]) == (["Writers"], 1)
    assert scim.search("/Groups")["totalResults"] == 1
    assert scim.get("/")["totalResults"] == 2  # jane and Writers
    for condition in (f'id eq "{local}"', 'displayName eq "readers"', "members pr"):
        assert scim.get("/Groups", filter=condition)["totalResults"] == 0
    with scim.app.app_context(), database.read() as connection:
        assert totals.read(connection, Counted.GROUPS) == 2
    assert scim.delete(f"/Groups/{writers.id}").status == 204
    assert scim.get("/Groups")["totalResults"] == 0


ASKED = {
    "GET": lambda scim, path: scim.get(path),
    "PUT": lambda scim, path: scim.put(path, {"displayName": "Mine"}),
    "PATCH": lambda scim, path: scim.patch(path, operation("remove", "members")),
    "DELETE": lambda scim, path: scim.delete(path),
}


@pytest.mark.parametrize("method", ASKED)
def test_a_local_group_is_not_found_by_its_id(
    scim: Scim, local: str, method: str
) -> None:
    before = scim.rows(select(GROUPS)), scim.rows(select(MEMBERSHIPS))
    assert ASKED[method](scim, f"/Groups/{local}").status == 404
    assert (scim.rows(select(GROUPS)), scim.rows(select(MEMBERSHIPS))) == before


def test_a_local_group_is_not_among_the_groups_of_a_person(
    scim: Scim, jane: str, local: str
) -> None:
    before = scim.get(f"/Users/{jane}")
    assert "groups" not in before.document
    for condition in (f'groups.value eq "{local}"', "groups pr", 'groups eq "x"'):
        assert scim.get("/Users", filter=condition)["totalResults"] == 0
    display = scim.get("/Users", filter='groups.display eq "Readers"')
    assert display["totalResults"] == 0
    with scim.app.app_context():
        local_groups.empty(database.write, local, COMMAND_LINE)
    assert scim.get(f"/Users/{jane}").version == before.version


def test_a_group_with_the_name_of_a_local_one_can_be_provisioned(
    scim: Scim, local: str
) -> None:
    readers = scim.group("READERS")
    assert readers.id != local
    assert scim.get("/Groups", filter='displayName eq "readers"').names == ["READERS"]
    again = scim.post("/Groups", {"displayName": "Readers"})
    assert again.refusal == (409, "uniqueness")
    other = scim.group("Others")
    named = operation("replace", "displayName", "readers")
    assert scim.patch(f"/Groups/{other.id}", named).refusal == (409, "uniqueness")
    assert scim.delete(f"/Groups/{readers.id}").status == 204
    assert scim.patch(f"/Groups/{other.id}", named).status == 200


def test_adding_somebody_to_a_local_group_claims_nobody(scim: Scim, local: str) -> None:
    with scim.app.app_context(), database.write() as connection:
        document = {"userName": "tim", "active": True}
        tim = people.create(connection, document, ENTRA, source=Source.CLAIMABLE)
        group = local_groups.find_by_id(connection, local)
        assert local_groups.add_members(connection, group, [tim.id], COMMAND_LINE) == 1
    source = select(USERS.c.source).where(USERS.c.id == tim.id)
    assert scim.rows(source) == [(Source.CLAIMABLE,)]


def test_a_deleted_person_leaves_their_local_groups(
    scim: Scim, jane: str, local: str
) -> None:
    assert scim.delete(f"/Users/{jane}").status == 204
    assert scim.rows(select(MEMBERSHIPS)) == []
    assert scim.rows(select(GROUPS.c.id)) == [(local,)]
