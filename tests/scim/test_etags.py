"""Versions (RFC 7644, 3.14): they move when what is shown does, and are obeyed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from wire import ENTERPRISE, Scim, group, operation, user

RENAME = operation("replace", "displayName", "Another")


def _version(scim: Scim, path: str) -> str:
    answer = scim.get(path)
    assert answer.status == 200
    return answer.version


@pytest.fixture
def paths(scim: Scim) -> tuple[str, str]:
    """The paths of a person and a group of that person."""
    ada = scim.user("ada", displayName="Ada")
    return f"/Users/{ada.id}", f"/Groups/{scim.group('Readers', ada.id).id}"


def test_every_answer_with_a_resource_has_its_version(scim: Scim) -> None:
    made = scim.user("ada")
    path = f"/Users/{made.id}"
    answers = [made, scim.get(path), scim.put(path, user("ada", title="x"))]
    answers.append(scim.patch(path, RENAME))
    for answer in answers:
        assert re.fullmatch(r'W/"[^"]+"', answer.version)
        assert answer["meta"]["version"] == answer.version
    listed = scim.get("/Users")["Resources"][0]
    assert listed["meta"]["version"] == answers[-1].version
    assert len({each.version for each in answers}) == 3


def test_a_group_answered_without_a_body_has_its_version_too(scim: Scim) -> None:
    readers = scim.group("Readers")
    scim.fill(readers.id, scim.crowd(30))
    path = f"/Groups/{readers.id}"
    answer = scim.patch(path, RENAME)
    assert answer.status == 204
    assert answer.version == _version(scim, path) != readers.version


def test_reading_and_repeating_move_no_version(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = scim.get(person).document, scim.get(team).document
    member = {"value": person.rpartition("/")[2]}
    scim.put(person, user("ada", displayName="Ada", active=True))
    scim.patch(person, operation("replace", "displayName", "Ada"))
    scim.put(team, group("Readers", member["value"]))
    scim.patch(team, operation("add", "members", [member]))
    scim.patch(team, operation("remove", f'members[value eq "{team}"]'))
    assert (scim.get(person).document, scim.get(team).document) == before


# ------------------------------------------------------------------------ If-Match
Change = Callable[[Scim, str, dict[str, str]], Any]
CHANGES: dict[str, Change] = {
    "put": lambda scim, path, headers: scim.put(
        path, {"userName": "ada", "displayName": "New"}, headers=headers
    ),
    "patch": lambda scim, path, headers: scim.patch(path, RENAME, headers=headers),
    "delete": lambda scim, path, headers: scim.delete(path, headers),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("which", [0, 1])
def test_a_change_of_an_older_version_is_refused(
    scim: Scim, paths: tuple[str, str], which: int, change: str
) -> None:
    path = paths[which]
    stale = _version(scim, path)
    scim.patch(path, operation("replace", "displayName", "Newer"))
    before = scim.get(path).document
    for header in (stale, '"x"', 'W/"x", W/"y"', f'{stale}, "y"', '"*"'):
        answer = CHANGES[change](scim, path, {"If-Match": header})
        assert answer.status == 412, header
        assert before["meta"]["version"] in answer.detail
    assert scim.get(path).document == before


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    "spelling",
    ["{}", "*", " * ", 'W/"old", {}', '"old",{}', "{strong}", '{strong} , W/"old"'],
)
def test_a_change_of_this_version_is_made(
    scim: Scim, paths: tuple[str, str], which: int, change: str, spelling: str
) -> None:
    path = paths[which]
    version = _version(scim, path)
    header = spelling.format(version, strong=version.removeprefix("W/"))
    answer = CHANGES[change](scim, path, {"If-Match": header})
    assert answer.status in (200, 204)


def test_what_is_no_version_matches_none(scim: Scim, paths: tuple[str, str]) -> None:
    for header in ("nonsense", "1", "W/", '"', ",,,"):
        answer = scim.patch(paths[0], RENAME, headers={"If-Match": header})
        assert answer.status in (400, 412), header
    assert scim.get(paths[0])["displayName"] == "Ada"


def test_an_unknown_resource_is_not_found_whatever_the_version(scim: Scim) -> None:
    for header in ("*", 'W/"1"'):
        answer = scim.delete("/Users/nobody", {"If-Match": header})
        assert answer.status in (404, 412)


# ------------------------------------------------------------------- If-None-Match
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("{}", 304),
        ("{strong}", 304),
        ('W/"old", {}', 304),
        ("*", 304),
        ('W/"old"', 200),
        ("nonsense", 200),
        ("", 200),
    ],
)
def test_what_the_client_has_is_not_sent_again(
    scim: Scim, paths: tuple[str, str], which: int, spelling: str, status: int
) -> None:
    version = _version(scim, paths[which])
    header = spelling.format(version, strong=version.removeprefix("W/"))
    answer = scim.get(paths[which], {"If-None-Match": header})
    assert answer.status == status
    assert answer.version == version


def test_another_version_is_sent(scim: Scim, paths: tuple[str, str]) -> None:
    version = _version(scim, paths[0])
    scim.patch(paths[0], RENAME)
    answer = scim.get(paths[0], {"If-None-Match": version})
    assert (answer.status, answer["displayName"]) == (200, "Another")


# --------------------------------------------------------- what moves whose version
def test_a_person_changes_when_their_group_is_renamed(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = _version(scim, person)
    scim.patch(team, RENAME)
    after = scim.get(person)
    assert after["groups"][0]["display"] == "Another"
    assert after.version != before
    assert scim.get(person, {"If-None-Match": before}).status == 200
    stale = scim.patch(person, RENAME, headers={"If-Match": before})
    assert stale.status == 412


def test_a_person_changes_when_they_come_and_go(scim: Scim) -> None:
    ada = scim.user("ada")
    path, seen = f"/Users/{ada.id}", [ada.version]
    readers = scim.group("Readers", ada.id)
    seen.append(_version(scim, path))
    writers = scim.group("Writers")
    scim.patch(
        f"/Groups/{writers.id}", operation("add", "members", [{"value": ada.id}])
    )
    seen.append(_version(scim, path))
    scim.delete(f"/Groups/{readers.id}")
    seen.append(_version(scim, path))
    assert len(set(seen)) == 4
    leaving = operation("remove", f'members[value eq "{ada.id}"]')
    scim.patch(f"/Groups/{writers.id}", leaving)
    last = scim.get(path)
    assert last.document == ada.document
    assert last.version == ada.version  # it is the same representation again


def test_a_person_changes_when_their_manager_does(scim: Scim) -> None:
    grace = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **{ENTERPRISE: {"manager": {"value": grace.id}}})
    path, seen = f"/Users/{ada.id}", [ada.version]
    scim.patch(f"/Users/{grace.id}", RENAME)
    assert scim.get(path)[ENTERPRISE]["manager"]["displayName"] == "Another"
    seen.append(_version(scim, path))
    scim.patch(f"/Users/{grace.id}", operation("remove", "displayName"))
    assert "displayName" not in scim.get(path)[ENTERPRISE]["manager"]
    seen.append(_version(scim, path))
    scim.delete(f"/Users/{grace.id}")
    assert ENTERPRISE not in scim.get(path).document
    seen.append(_version(scim, path))
    assert len(set(seen)) == 4


def test_a_group_changes_when_a_member_is_renamed(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    seen = [_version(scim, team)]
    scim.patch(person, RENAME)
    assert scim.get(team)["members"][0]["display"] == "Another"
    seen.append(_version(scim, team))
    scim.patch(person, operation("remove", "displayName"))
    assert "display" not in scim.get(team)["members"][0]
    seen.append(_version(scim, team))
    scim.put(person, user("ada", name={"formatted": "Countess"}))
    assert scim.get(team)["members"][0]["display"] == "Countess"
    seen.append(_version(scim, team))
    assert len(set(seen)) == 4


def test_a_group_changes_when_a_member_is_deleted(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = _version(scim, team)
    scim.delete(person)
    after = scim.get(team)
    assert "members" not in after.document
    assert after.version != before


def test_a_group_stays_when_what_it_does_not_show_changes(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = scim.get(team).document
    scim.patch(person, operation("replace", "title", "Countess"))
    scim.patch(person, operation("replace", "active", False))
    assert scim.get(team).document == before


def test_one_of_two_who_change_the_same_version_is_refused(
    scim: Scim, paths: tuple[str, str]
) -> None:
    version = _version(scim, paths[0])
    answers = [
        scim.patch(
            paths[0],
            operation("replace", "title", title),
            headers={"If-Match": version},
        ).status
        for title in ("Countess", "Lady")
    ]
    assert answers == [200, 412]
    assert scim.get(paths[0])["title"] == "Countess"


def test_last_modified_moves_with_a_change_only(
    scim: Scim, paths: tuple[str, str]
) -> None:
    before = scim.get(paths[0])["meta"]
    scim.patch(paths[0], operation("replace", "displayName", "Ada"))
    assert scim.get(paths[0])["meta"] == before
    scim.patch(paths[0], RENAME)
    after = scim.get(paths[0])["meta"]
    assert after["lastModified"] > before["lastModified"]
    assert after["created"] == before["created"]
