"""Changing a group with a role mapping costs few statements, however many members."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from wire import Cost, Scim, cost_of, operation

from netpresenter_next.directory import role_mappings
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage import database
from netpresenter_next.storage.ids import MOST_AT_ONCE
from netpresenter_next.storage.models import ADMINISTRATOR, USERS

FEW, MANY = 10, MOST_AT_ONCE


@pytest.fixture
def mapped(make_scim: Callable[..., Scim]) -> tuple[Scim, str, list[str]]:
    """A client, the path of a group that makes administrators, and ids of people."""
    scim = make_scim()
    path = f"/Groups/{scim.group('Administrators').id}"
    with scim.app.app_context(), database.write() as connection:
        role_mappings.add(connection, COMMAND_LINE, group="Administrators")
    return scim, path, scim.crowd(MANY)


def _members(ids: Sequence[str]) -> list[dict[str, str]]:
    return [{"value": each} for each in ids]


def _administrators(scim: Scim) -> set[str]:
    query = select(USERS.c.id).where(USERS.c.role == ADMINISTRATOR)
    return {row.id for row in scim.rows(query)}


def _changed(scim: Scim, path: str, op: str, ids: Sequence[str]) -> Cost:
    with cost_of(scim.app) as cost:
        answer = scim.patch(path, operation(op, "members", _members(ids)))
    assert answer.status in (200, 204), answer.document
    return cost


def test_many_members_take_no_more_statements_than_few(
    mapped: tuple[Scim, str, list[str]],
) -> None:
    scim, path, people = mapped
    statements = []
    for ids in (people[:FEW], people):
        costs = [_changed(scim, path, "add", ids)]
        assert _administrators(scim) == set(ids)
        costs.append(_changed(scim, path, "remove", ids))
        assert _administrators(scim) == set()
        statements.append([len(cost.statements) for cost in costs])
    few, many = statements
    # Answers with 20 members or fewer include the members.
    assert max(many) <= max(few) <= 30


def test_the_role_of_each_member_is_journalled(
    mapped: tuple[Scim, str, list[str]],
) -> None:
    scim, path, people = mapped
    _changed(scim, path, "add", people)
    made = [each for each in scim.journal() if each.event == Event.ROLE_CHANGED]
    assert {each.target_id for each in made} == set(people)
    assert {each.facts["role"] for each in made} == {ADMINISTRATOR}


def test_renaming_the_group_updates_no_member(
    mapped: tuple[Scim, str, list[str]],
) -> None:
    scim, path, people = mapped
    _changed(scim, path, "add", people)
    with cost_of(scim.app) as cost:
        answer = scim.patch(path, operation("replace", "displayName", "Chiefs"))
    assert answer.status == 204
    assert not any("UPDATE users" in each for each in cost.statements)
    assert _administrators(scim) == set(people)
