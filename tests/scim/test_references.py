"""Members and managers are references that stay correct when users change."""

from typing import Any

import pytest
from wire import ENTERPRISE, PREFIX, Scim, group, operation, user

from netpresenter_next.directory import access
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage import database


def _manager(user_id: str) -> dict[str, Any]:
    return {ENTERPRISE: {"manager": {"value": user_id}}}


def _url(path: str) -> str:
    return f"http://localhost{PREFIX}{path}"


def _local(scim: Scim, name: str) -> str:
    """Create a local account, which SCIM does not see; return its id."""
    with scim.app.app_context(), database.write() as connection:
        person = access.create_local(
            connection, name, "hash", COMMAND_LINE, role="user", is_emergency=False
        )
    return str(person.id)


# ------------------------------------------------------------------- computed values
def test_a_member_is_returned_with_display_and_ref(scim: Scim) -> None:
    ada = scim.user("ada", displayName="Ada")
    grace = scim.user("grace")
    readers = scim.group("Readers", ada.id, grace.id)
    assert readers["members"] == [
        {
            "value": ada.id,
            "$ref": _url(f"/Users/{ada.id}"),
            "type": "User",
            "display": "Ada",
        },
        {"value": grace.id, "$ref": _url(f"/Users/{grace.id}"), "type": "User"},
    ]


def test_display_and_ref_of_a_member_are_computed_not_stored(scim: Scim) -> None:
    ada = scim.user("ada", displayName="Ada")
    said = {"value": ada.id, "display": "Grace", "$ref": "https://evil.example/"}
    readers = scim.post("/Groups", group("Readers", members=[said]))
    assert readers["members"][0]["display"] == "Ada"
    assert readers["members"][0]["$ref"] == _url(f"/Users/{ada.id}")


def test_a_user_is_returned_with_their_groups(scim: Scim) -> None:
    ada = scim.user("ada")
    assert "groups" not in ada.document
    groups = [scim.group(each, ada.id) for each in ("Readers", "Writers")]
    assert scim.get(f"/Users/{ada.id}")["groups"] == [
        {
            "value": each.id,
            "$ref": _url(f"/Groups/{each.id}"),
            "display": each["displayName"],
            "type": "direct",
        }
        for each in groups
    ]


def test_the_groups_attribute_of_a_user_is_read_only(scim: Scim) -> None:
    ada = scim.user("ada", groups=[{"value": scim.group("Readers").id}])
    assert "groups" not in ada.document
    change = operation("add", "groups", [{"value": "x"}])
    assert scim.patch(f"/Users/{ada.id}", change).refusal == (400, "mutability")


def test_a_manager_is_returned_with_display_name_and_ref(scim: Scim) -> None:
    grace = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **_manager(grace.id))
    assert ada[ENTERPRISE]["manager"] == {
        "value": grace.id,
        "$ref": _url(f"/Users/{grace.id}"),
        "displayName": "Grace",
    }
    said = {"value": grace.id, "displayName": "Margaret", "$ref": "https://evil/"}
    again = scim.put(f"/Users/{ada.id}", user("ada", **{ENTERPRISE: {"manager": said}}))
    assert again[ENTERPRISE] == ada[ENTERPRISE]


def _ways_to_set(manager: str) -> list[dict[str, Any]]:
    return [
        operation("add", "manager", manager),
        operation("add", f"{ENTERPRISE}:manager", manager),
        operation("replace", f"{ENTERPRISE}:manager", {"value": manager}),
        operation("add", f"{ENTERPRISE}:manager.value", manager),
        operation("add", None, {f"{ENTERPRISE}:manager": manager}),
        operation("add", None, {ENTERPRISE: {"manager": manager}}),
        operation("replace", ENTERPRISE, {"manager": {"value": manager}}),
    ]


@pytest.mark.parametrize("way", range(7))
def test_a_manager_can_be_set_in_every_form_that_clients_use(
    scim: Scim, way: int
) -> None:
    grace, ada = scim.user("grace", displayName="Grace"), scim.user("ada")
    answer = scim.patch(f"/Users/{ada.id}", _ways_to_set(grace.id)[way])
    assert answer[ENTERPRISE]["manager"]["displayName"] == "Grace"
    found = scim.get("/Users", filter=f'manager eq "{grace.id}"')
    assert found.names == ["ada"]
    gone = scim.patch(f"/Users/{ada.id}", operation("remove", "manager"))
    assert ENTERPRISE not in gone.document


def test_the_display_name_of_a_manager_is_read_only(scim: Scim) -> None:
    grace = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **_manager(grace.id))
    change = operation("replace", f"{ENTERPRISE}:manager.displayName", "Margaret")
    assert scim.patch(f"/Users/{ada.id}", change).refusal == (400, "mutability")


# --------------------------------------------------------------------------- deletion
def test_deleting_a_user_removes_them_as_member_and_as_manager(scim: Scim) -> None:
    grace = scim.user("grace", displayName="Grace")
    ada = scim.user("ada", **_manager(grace.id))
    extension = {"manager": {"value": grace.id}, "department": "Engines"}
    linus = scim.user("linus", **{ENTERPRISE: extension})
    readers = scim.group("Readers", grace.id, ada.id)
    writers = scim.group("Writers", ada.id)
    ada, before = scim.get(f"/Users/{ada.id}"), len(scim.journal())
    assert scim.delete(f"/Users/{grace.id}").status == 204

    now = scim.get(f"/Groups/{readers.id}")
    assert [each["value"] for each in now["members"]] == [ada.id]
    assert now.version != readers.version
    assert scim.get(f"/Groups/{writers.id}").document == writers.document
    bereft = scim.get(f"/Users/{ada.id}")
    assert ENTERPRISE not in bereft.document
    assert bereft.version != ada.version
    assert bereft["meta"]["lastModified"] > ada["meta"]["lastModified"]
    kept = scim.get(f"/Users/{linus.id}")
    assert kept[ENTERPRISE] == {"department": "Engines"}
    assert kept.version != linus.version
    assert scim.get("/Users", filter=f'manager eq "{grace.id}"')["totalResults"] == 0
    assert scim.counts() == (2, 2, 2)

    entries = scim.journal()[before:]
    told = sorted((each.event, each.target_name) for each in entries)
    assert [each for each in told if each[0] != Event.MEMBERS_REMOVED] == [
        (Event.PERSON_CHANGED, "ada"),
        (Event.PERSON_CHANGED, "linus"),
        (Event.PERSON_DELETED, "grace"),
    ]
    for entry in entries:
        if entry.event == Event.PERSON_CHANGED:
            assert grace.id in str(entry.changes)


def test_deleting_a_group_leaves_its_members(scim: Scim) -> None:
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id)
    assert scim.delete(f"/Groups/{readers.id}").status == 204
    assert scim.get(f"/Users/{ada.id}").document == ada.document
    assert scim.counts() == (1, 0, 0)


def test_a_later_user_of_the_same_name_inherits_no_membership(scim: Scim) -> None:
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id)
    scim.delete(f"/Users/{ada.id}")
    again = scim.user("ada")
    assert again.id != ada.id
    assert "members" not in scim.get(f"/Groups/{readers.id}").document


def test_a_user_who_is_their_own_manager_can_be_deleted(scim: Scim) -> None:
    ada = scim.user("ada")
    path = f"/Users/{ada.id}"
    scim.patch(path, operation("add", "manager", ada.id))
    assert scim.delete(path).status == 204
    assert scim.counts() == (0, 0, 0)


def test_a_manager_of_many_can_be_deleted(scim: Scim) -> None:
    grace = scim.user("grace")
    for each in range(50):
        scim.user(f"report{each}", **_manager(grace.id))
    assert scim.delete(f"/Users/{grace.id}").status == 204
    assert scim.get("/Users", filter="manager pr")["totalResults"] == 0


# ----------------------------------------------------------- invalid references
@pytest.mark.parametrize("unknown", ["nobody", "CN=Grace,DC=example", "x" * 100])
def test_an_unknown_manager_is_stored(scim: Scim, unknown: str) -> None:
    """Entra ID may send a manager who is not provisioned yet."""
    ada = scim.user("ada", **_manager(unknown))
    assert ada[ENTERPRISE]["manager"] == {"value": unknown}
    assert scim.get("/Users", filter=f'manager eq "{unknown}"').names == ["ada"]


def test_a_group_as_manager_is_not_resolved(scim: Scim) -> None:
    readers = scim.group("Readers")
    ada = scim.user("ada", **_manager(readers.id))
    assert ada[ENTERPRISE]["manager"] == {"value": readers.id}


def test_a_local_account_as_manager_is_not_resolved(scim: Scim) -> None:
    local = _local(scim, "root")
    ada = scim.user("ada", **_manager(local))
    assert ada[ENTERPRISE]["manager"] == {"value": local}
    assert scim.get(f"/Users/{ada.id}").document == ada.document
    assert scim.get(f"/Users/{local}").status == 404


def _invalid_members(scim: Scim) -> dict[str, str]:
    deleted = scim.user("deleted")
    scim.delete(f"/Users/{deleted.id}")
    return {
        "unknown": "00000000-0000-7000-8000-000000000000",
        "no id at all": "' OR 1=1 --",
        "a local account": _local(scim, "root"),
        "a group": scim.group("Others").id,
        "deleted": deleted.id,
    }


INVALID_MEMBERS = ["unknown", "no id at all", "a local account", "a group", "deleted"]


@pytest.mark.parametrize("who", INVALID_MEMBERS)
@pytest.mark.parametrize("how", ["add", "replace", "object", "put", "post"])
def test_an_invalid_member_is_refused_and_nothing_is_changed(
    scim: Scim, who: str, how: str
) -> None:
    stranger = _invalid_members(scim)[who]
    ada, grace = scim.user("ada"), scim.user("grace")
    readers = scim.group("Readers", ada.id)
    path, members = f"/Groups/{readers.id}", [{"value": grace.id}, {"value": stranger}]
    rename = operation("replace", "displayName", "Writers")
    before = scim.counts()
    answer = {
        "add": lambda: scim.patch(path, rename, operation("add", "members", members)),
        "replace": lambda: scim.patch(
            path, rename, operation("replace", "members", members)
        ),
        "object": lambda: scim.patch(
            path, operation("add", None, {"members": members})
        ),
        "put": lambda: scim.put(path, group("Writers", members=members)),
        "post": lambda: scim.post("/Groups", group("New", members=members)),
    }[how]()
    assert answer.refusal == (400, "invalidValue")
    assert stranger in answer.detail
    assert scim.get(path).document == readers.document
    assert scim.counts() == before


@pytest.mark.parametrize("who", INVALID_MEMBERS)
def test_removing_an_unknown_member_succeeds_and_changes_nothing(
    scim: Scim, who: str
) -> None:
    stranger = _invalid_members(scim)[who]
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id)
    path = f"/Groups/{readers.id}"
    for change in (
        operation("remove", f'members[value eq "{stranger}"]'),
        operation("remove", "members", [{"value": stranger}]),
        operation("remove", f'members[value eq "{stranger}" and type eq "User"]'),
        operation("remove", f'members[display eq "{stranger}"]'),
    ):
        answer = scim.patch(path, change)
        assert answer.status == 200, answer.document
        assert answer.document == readers.document


def test_a_member_of_another_type_is_refused(scim: Scim) -> None:
    ada = scim.user("ada")
    for kind in ("Group", "group", "Device"):
        member = {"value": ada.id, "type": kind}
        answer = scim.post("/Groups", group("Readers", members=[member]))
        assert answer.refusal == (400, "invalidValue")
        assert kind in answer.detail


@pytest.mark.parametrize(
    "members", [1, [1], [None, 1], [{}], [{"value": 1}], [{"display": "x"}], [[]], True]
)
def test_members_of_the_wrong_types_are_refused(scim: Scim, members: Any) -> None:
    answer = scim.post("/Groups", group("Readers", members=members))
    assert answer.refusal == (400, "invalidValue")
    readers = scim.group("Writers")
    change = operation("add", "members", members)
    assert scim.patch(f"/Groups/{readers.id}", change).status == 400
    assert scim.counts() == (0, 1, 0)


def test_a_member_sent_twice_is_added_once(scim: Scim) -> None:
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id, ada.id)
    assert len(readers["members"]) == 1
    twice = operation("add", "members", [{"value": ada.id}, {"value": ada.id}])
    answer = scim.patch(f"/Groups/{readers.id}", twice, twice)
    assert answer.document == readers.document


def test_disabled_users_stay_members(scim: Scim) -> None:
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id)
    scim.patch(f"/Users/{ada.id}", operation("replace", "active", False))
    assert scim.get(f"/Groups/{readers.id}").document == readers.document
