"""Versions (RFC 7644, 3.14) change with the representation and are preconditions."""

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
    """The paths of a user and of a group with that user as its member."""
    ada = scim.user("ada", displayName="Ada")
    return f"/Users/{ada.id}", f"/Groups/{scim.group('Readers', ada.id).id}"


def test_every_answer_with_a_resource_has_its_version_as_etag(scim: Scim) -> None:
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


def test_an_answer_without_a_body_has_the_version_of_the_group(scim: Scim) -> None:
    readers = scim.group("Readers")
    scim.fill(readers.id, scim.crowd(30))
    path = f"/Groups/{readers.id}"
    answer = scim.patch(path, RENAME)
    assert answer.status == 204
    assert answer.version == _version(scim, path) != readers.version


def test_reads_and_changes_without_effect_keep_the_version(
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
def test_if_match_with_an_older_version_is_refused(
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
def test_if_match_with_the_current_version_is_accepted(
    scim: Scim, paths: tuple[str, str], which: int, change: str, spelling: str
) -> None:
    path = paths[which]
    version = _version(scim, path)
    header = spelling.format(version, strong=version.removeprefix("W/"))
    answer = CHANGES[change](scim, path, {"If-Match": header})
    assert answer.status in (200, 204)


def test_a_malformed_if_match_is_refused(scim: Scim, paths: tuple[str, str]) -> None:
    for header in ("nonsense", "1", "W/", '"', ",,,"):
        answer = scim.patch(paths[0], RENAME, headers={"If-Match": header})
        assert answer.status == 412, header
    assert scim.get(paths[0])["displayName"] == "Ada"


def test_an_unknown_resource_with_if_match_is_not_found(scim: Scim) -> None:
    for header in ("*", 'W/"1"'):
        answer = scim.delete("/Users/nobody", {"If-Match": header})
        assert answer.status == 404


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
def test_if_none_match_with_the_current_version_gives_304(
    scim: Scim, paths: tuple[str, str], which: int, spelling: str, status: int
) -> None:
    version = _version(scim, paths[which])
    header = spelling.format(version, strong=version.removeprefix("W/"))
    answer = scim.get(paths[which], {"If-None-Match": header})
    assert answer.status == status
    assert answer.version == version


def test_if_none_match_with_an_older_version_gives_the_resource(
    scim: Scim, paths: tuple[str, str]
) -> None:
    version = _version(scim, paths[0])
    scim.patch(paths[0], RENAME)
    answer = scim.get(paths[0], {"If-None-Match": version})
    assert (answer.status, answer["displayName"]) == (200, "Another")


# --------------------------------------------------------- what changes a version
def test_the_version_of_a_user_changes_when_their_group_is_renamed(
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


def test_the_version_of_a_user_changes_with_their_memberships(scim: Scim) -> None:
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
    assert last.version == ada.version  # the representation is the same again


def test_the_version_of_a_user_changes_with_their_manager(scim: Scim) -> None:
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


def test_the_version_of_a_group_changes_when_a_member_is_renamed(
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


def test_the_version_of_a_group_changes_when_a_member_is_deleted(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = _version(scim, team)
    scim.delete(person)
    after = scim.get(team)
    assert "members" not in after.document
    assert after.version != before


def test_a_group_keeps_its_version_when_unshown_attributes_change(
    scim: Scim, paths: tuple[str, str]
) -> None:
    person, team = paths
    before = scim.get(team).document
    scim.patch(person, operation("replace", "title", "Countess"))
    scim.patch(person, operation("replace", "active", False))
    assert scim.get(team).document == before


def test_the_second_of_two_changes_of_the_same_version_is_refused(
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


def test_last_modified_changes_only_with_a_change(
    scim: Scim, paths: tuple[str, str]
) -> None:
    before = scim.get(paths[0])["meta"]
    scim.patch(paths[0], operation("replace", "displayName", "Ada"))
    assert scim.get(paths[0])["meta"] == before
    scim.patch(paths[0], RENAME)
    after = scim.get(paths[0])["meta"]
    assert after["lastModified"] > before["lastModified"]
    assert after["created"] == before["created"]
