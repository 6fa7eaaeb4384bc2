"""Bulk requests (RFC 7644, 3.7), whose operations succeed or fail independently."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from wire import ENTERPRISE, MESSAGES, PREFIX, Answer, Scim, group, operation, user

from netpresenter_next.directory.events import Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage.identity_models import CONFLICTS

Operation = dict[str, Any]


def post(bulk_id: str, data: Mapping[str, Any], path: str = "/Users") -> Operation:
    """Describe a POST."""
    return {"method": "POST", "path": path, "bulkId": bulk_id, "data": dict(data)}


def change(method: str, path: str, data: Any = None, **more: Any) -> Operation:
    """Describe a change of a resource."""
    described = {"method": method, "path": path, **more}
    return described if data is None else {**described, "data": data}


def patch(path: str, *operations: Operation, **more: Any) -> Operation:
    """Describe a PATCH."""
    return change("PATCH", path, {"Operations": list(operations)}, **more)


def managed_by(reference: str) -> dict[str, Any]:
    """Describe the extension of a person with a manager."""
    return {ENTERPRISE: {"manager": {"value": reference}}}


def statuses(answer: Answer) -> list[str]:
    """Return the status of each operation."""
    assert answer.status == 200, answer.document
    assert answer["schemas"] == [MESSAGES + "BulkResponse"]
    for each in answer["Operations"]:
        is_error = int(each["status"]) >= 400
        assert ("response" in each) == is_error
        if is_error:
            assert each["response"]["status"] == each["status"]
            assert each["response"]["schemas"] == [MESSAGES + "Error"]
        else:
            assert PREFIX in each["location"]
    return [each["status"] for each in answer["Operations"]]


def path_of(outcome: Mapping[str, Any]) -> str:
    """Return the path of the resource an outcome is about."""
    return str(outcome["location"]).partition(PREFIX)[2]


def id_of(outcome: Mapping[str, Any]) -> str:
    """Return the id of the resource an outcome is about."""
    return str(outcome["location"]).rpartition("/")[2]


# ------------------------------------------------------------------- every method
def test_operations_with_every_method_are_performed_in_order(scim: Scim) -> None:
    ada, grace, linus = (scim.user(each) for each in ("ada", "grace", "linus"))
    answer = scim.bulk(
        post("tim", user("tim")),
        change("PUT", f"/Users/{ada.id}", user("ada", title="Countess")),
        patch(f"/Users/{grace.id}", operation("replace", "title", "Admiral")),
        change("DELETE", f"/Users/{linus.id}"),
        post("readers", group("Readers", ada.id), "/Groups"),
    )
    assert statuses(answer) == ["201", "200", "200", "204", "201"]
    outcomes = answer["Operations"]
    assert [each["method"] for each in outcomes] == [
        *("POST", "PUT", "PATCH", "DELETE", "POST")
    ]
    assert [each.get("bulkId") for each in outcomes] == [
        *("tim", None, None, None, "readers")
    ]
    assert scim.get(f"/Users/{ada.id}")["title"] == "Countess"
    assert scim.get(f"/Users/{grace.id}")["title"] == "Admiral"
    assert scim.get(f"/Users/{linus.id}").status == 404
    assert scim.get(path_of(outcomes[0]))["userName"] == "tim"
    readers = scim.get(path_of(outcomes[4]))
    assert [each["value"] for each in readers["members"]] == [ada.id]


def test_a_result_has_location_and_version(scim: Scim) -> None:
    ada = scim.user("ada")
    made, changed, gone = scim.bulk(
        post("grace", user("grace")),
        patch(f"/Users/{ada.id}", operation("replace", "title", "x")),
        change("DELETE", f"/Users/{scim.user('linus').id}"),
    )["Operations"]
    for outcome in (made, changed):
        resource = scim.get(path_of(outcome))
        assert outcome["location"] == resource["meta"]["location"]
        assert outcome["version"] == resource.version
    assert "version" not in gone


def test_methods_ignore_case_and_the_bulk_id_is_returned(scim: Scim) -> None:
    ada = scim.user("ada")
    answer = scim.bulk(
        {**change("delete", f"/Users/{ada.id}"), "bulkId": "mine"},
    )
    assert statuses(answer) == ["204"]
    assert answer["Operations"][0]["bulkId"] == "mine"


def test_an_empty_bulk_does_nothing(scim: Scim) -> None:
    assert statuses(scim.bulk()) == []


# --------------------------------------------------------------------- references
def test_a_member_can_be_a_user_created_in_the_same_request(scim: Scim) -> None:
    answer = scim.bulk(
        post("ada", user("ada")),
        post("readers", group("Readers", "bulkId:ada"), "/Groups"),
    )
    assert statuses(answer) == ["201", "201"]
    ada, readers = answer["Operations"]
    (member,) = scim.get(path_of(readers))["members"]
    assert member["value"] == id_of(ada)


def test_a_reference_may_precede_the_operation_it_refers_to(scim: Scim) -> None:
    answer = scim.bulk(
        post("readers", group("Readers", "bulkId:ada", "bulkId:grace"), "/Groups"),
        post("ada", user("ada", **managed_by("bulkId:grace"))),
        post("grace", user("grace", displayName="Grace")),
    )
    assert statuses(answer) == ["201", "201", "201"]
    readers, ada, grace = answer["Operations"]
    assert [each["bulkId"] for each in answer["Operations"]] == [
        *("readers", "ada", "grace")
    ]
    members = {each["value"] for each in scim.get(path_of(readers))["members"]}
    assert members == {id_of(ada), id_of(grace)}
    manager = scim.get(path_of(ada))[ENTERPRISE]["manager"]
    assert (manager["value"], manager["displayName"]) == (id_of(grace), "Grace")


def test_a_path_may_contain_a_bulk_id(scim: Scim) -> None:
    answer = scim.bulk(
        patch("/Groups/bulkId:readers", operation("add", "members", "bulkId:ada")),
        change("PUT", "/Users/bulkId:ada", user("ada", title="Countess")),
        post("ada", user("ada")),
        post("readers", group("Readers"), "/Groups"),
        post("tim", user("tim")),
        change("DELETE", "/Users/bulkId:tim"),
    )
    assert statuses(answer) == ["200", "200", "201", "201", "201", "204"]
    ada = scim.get(path_of(answer["Operations"][2]))
    assert ada["title"] == "Countess"
    assert ada["groups"][0]["display"] == "Readers"
    assert scim.get("/Users")["totalResults"] == 1


@pytest.mark.parametrize(
    "change_of_members",
    [
        operation("add", "members", [{"value": "bulkId:ada"}]),
        operation("add", None, {"members": [{"value": "bulkId:ada"}]}),
        operation("replace", "members", [{"value": "bulkId:ada", "type": "User"}]),
        operation("add", "members", [{"$ref": "/Users/bulkId:ada"}]),
    ],
    ids=str,
)
def test_a_patch_of_members_may_contain_a_bulk_id(
    scim: Scim, change_of_members: Operation
) -> None:
    readers = scim.group("Readers")
    answer = scim.bulk(
        patch(f"/Groups/{readers.id}", change_of_members), post("ada", user("ada"))
    )
    assert statuses(answer) == ["200", "201"]
    (member,) = scim.get(f"/Groups/{readers.id}")["members"]
    assert member["value"] == id_of(answer["Operations"][1])


def test_the_filter_of_a_path_may_contain_a_bulk_id(scim: Scim) -> None:
    answer = scim.bulk(
        post("ada", user("ada")),
        post("grace", user("grace")),
        post("readers", group("Readers", "bulkId:ada", "bulkId:grace"), "/Groups"),
        patch(
            "/Groups/bulkId:readers",
            operation("remove", 'members[value eq "bulkId:ada"]'),
        ),
    )
    assert statuses(answer) == ["201", "201", "201", "200"]
    (member,) = scim.get(path_of(answer["Operations"][2]))["members"]
    assert member["value"] == id_of(answer["Operations"][1])


def test_users_whose_managers_form_a_cycle_are_created(scim: Scim) -> None:
    answer = scim.bulk(
        post("ada", user("ada", **managed_by("bulkId:grace"))),
        post("grace", user("grace", **managed_by("bulkId:linus"))),
        post("linus", user("linus", **managed_by("bulkId:ada"))),
        post("tim", user("tim", **managed_by("bulkId:tim"))),
    )
    assert statuses(answer) == ["201"] * 4
    ids = [id_of(each) for each in answer["Operations"]]
    resources = [scim.get(f"/Users/{each}") for each in ids]
    managers = [each[ENTERPRISE]["manager"] for each in resources]
    assert [each["value"] for each in managers] == [ids[1], ids[2], ids[0], ids[3]]
    assert all(each["$ref"].endswith(each["value"]) for each in managers)


def test_a_long_chain_of_references_does_not_exhaust_the_stack(scim: Scim) -> None:
    chain = [
        post(str(each), user(f"p{each}", **managed_by(f"bulkId:{each + 1}")))
        for each in range(299)
    ]
    answer = scim.bulk(*chain, post("299", user("p299")))
    assert statuses(answer) == ["201"] * 300
    assert scim.get("/Users", filter="manager pr", count=0)["totalResults"] == 299


def test_an_unknown_bulk_id_fails_only_its_operation(scim: Scim) -> None:
    answer = scim.bulk(
        post("readers", group("Readers", "bulkId:nobody"), "/Groups"),
        patch("/Users/bulkId:nobody", operation("add", "title", "x")),
        post("ada", user("ada")),
    )
    assert statuses(answer) == ["400", "400", "201"]
    assert "bulkId:nobody" in answer["Operations"][0]["response"]["detail"]
    assert scim.counts() == (1, 0, 0)


def test_a_text_that_contains_a_bulk_id_is_kept_as_sent(scim: Scim) -> None:
    title = "knows what a bulkId:reference is"
    answer = scim.bulk(post("ada", user("ada", title=title)))
    assert statuses(answer) == ["201"]
    assert scim.get(path_of(answer["Operations"][0]))["title"] == title


# ------------------------------------------------------------------------ failures
def test_each_failed_operation_is_rolled_back_alone(scim: Scim) -> None:
    ada = scim.user("ada")
    readers = scim.group("Readers", ada.id)
    answer = scim.bulk(
        post("again", user("ADA")),
        patch(
            f"/Groups/{readers.id}",
            operation("replace", "displayName", "Writers"),
            operation("add", "members", [{"value": "nobody"}]),
        ),
        post("grace", user("grace")),
        patch(f"/Users/{ada.id}", operation("add", "id", "x")),
        change("PUT", "/Users/nobody", user("nobody")),
        change("DELETE", "/Groups/nobody"),
        post("wrong", group("Readers"), "/Groups"),
        post("empty", {}),
        change("DELETE", f"/Users/{ada.id}", version='W/"old"'),
        patch(f"/Users/{ada.id}", operation("add", "title", "Countess")),
    )
    expected = ["409", "400", "201", "400", "404", "404", "409", "400", "412", "200"]
    assert statuses(answer) == expected
    types = [
        each["response"].get("scimType")
        for each in answer["Operations"]
        if "response" in each
    ]
    assert types == [
        *("uniqueness", "invalidValue", "mutability", None, None),
        *("uniqueness", "invalidValue", None),
    ]
    assert scim.get(f"/Groups/{readers.id}").document == readers.document
    assert scim.get(f"/Users/{ada.id}")["title"] == "Countess"
    assert scim.get("/Users").names == ["ada", "grace"]


def test_every_result_except_of_a_failed_post_has_a_location(scim: Scim) -> None:
    """RFC 7644, 3.7: location is required, but for a POST that failed."""
    ada = scim.user("ada")
    answer = scim.bulk(
        post("again", user("ada")),
        patch(f"/Users/{ada.id}", operation("add", "id", "x")),
        change("PUT", "/Users/nobody", user("nobody")),
        change("DELETE", "/Groups/nobody"),
    )
    again, *others = answer["Operations"]
    assert "location" not in again
    paths = [path_of(each) for each in others]
    assert paths == [f"/Users/{ada.id}", "/Users/nobody", "/Groups/nobody"]


def test_a_failed_post_fails_the_operations_that_refer_to_it(scim: Scim) -> None:
    scim.user("ada")
    answer = scim.bulk(
        post("readers", group("Readers", "bulkId:ada"), "/Groups"),
        post("ada", user("ada")),
        post("grace", user("grace", **managed_by("bulkId:ada"))),
        patch("/Users/bulkId:grace", operation("add", "title", "x")),
        post("linus", user("linus")),
    )
    assert statuses(answer) == ["400", "409", "400", "400", "201"]
    assert scim.get("").names == ["ada", "linus"]


@pytest.mark.parametrize(
    ("limit", "done"), [(0, 5), (None, 5), (1, 2), (2, 4), (3, 5), (9, 5)]
)
def test_fail_on_errors_stops_the_request_after_that_many_errors(
    scim: Scim, limit: int | None, done: int
) -> None:
    more = {} if limit is None else {"failOnErrors": limit}
    answer = scim.bulk(
        post("ada", user("ada")),
        post("again", user("ada")),
        post("grace", user("grace")),
        post("and again", user("ada")),
        post("linus", user("linus")),
        **more,
    )
    assert statuses(answer) == ["201", "409", "201", "409", "201"][:done]
    people = ["ada", "ada", "grace", "ada", "linus"][:done]
    assert sorted(scim.get("/Users").names) == sorted(set(people))


def test_the_version_of_an_operation_is_a_precondition(scim: Scim) -> None:
    ada = scim.user("ada")
    path = f"/Users/{ada.id}"
    title = operation("replace", "title", "Countess")
    answer = scim.bulk(
        patch(path, title, version='W/"old"'),
        patch(path, title, version=ada.version),
        change("PUT", path, user("ada"), version=ada.version),
    )
    assert statuses(answer) == ["412", "200", "412"]
    assert scim.get(path)["title"] == "Countess"
    answer = scim.bulk(change("DELETE", path, version=scim.get(path).version))
    assert statuses(answer) == ["204"]


# ----------------------------------------------------------- invalid bulk requests
@pytest.mark.parametrize(
    ("wrong", "scim_type"),
    [
        ({"method": "GET", "path": "/Users/x"}, "invalidSyntax"),
        ({"method": "TRACE", "path": "/Users/x"}, "invalidSyntax"),
        ({"path": "/Users/x"}, "invalidSyntax"),
        ({"method": 1, "path": "/Users/x"}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "data": {}}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "bulkId": ""}, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "bulkId": 1}, "invalidSyntax"),
        ({"method": "DELETE"}, "invalidPath"),
        ({"method": "DELETE", "path": 1}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users/"}, "invalidPath"),
        ({"method": "DELETE", "path": "Users/x"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users/x/y"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Users/x?filter=y"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Me"}, "invalidPath"),
        ({"method": "DELETE", "path": "/Schemas/x"}, "invalidPath"),
        ({"method": "DELETE", "path": "/scim/v2/Users/x"}, "invalidPath"),
        ({"method": "POST", "path": "/Bulk", "bulkId": "a"}, "invalidPath"),
        ({"method": "POST", "path": "/Users/.search", "bulkId": "a"}, "invalidPath"),
        ({"method": "POST", "path": "/Users/x", "bulkId": "a"}, "invalidPath"),
        ({"method": "PUT", "path": "/Users/x", "data": []}, "invalidSyntax"),
        ({"method": "PUT", "path": "/Users/x", "data": "x"}, "invalidSyntax"),
        ({"method": "PUT", "path": "/Users/x", "version": 1}, "invalidSyntax"),
        ("DELETE", "invalidSyntax"),
        (None, "invalidSyntax"),
        ([], "invalidSyntax"),
    ],
    ids=str,
)
def test_an_invalid_operation_fails_the_request_and_creates_nothing(
    scim: Scim, wrong: Any, scim_type: str
) -> None:
    answer = scim.bulk(post("ada", user("ada")), wrong)
    assert answer.refusal == (400, scim_type)
    assert scim.counts() == (0, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"Operations": None},
        {"Operations": {}},
        {"Operations": "x"},
        {"Operations": [], "failOnErrors": -1},
        {"Operations": [], "failOnErrors": "1"},
        {"Operations": [], "failOnErrors": True},
        {"Operations": [], "failOnErrors": 1.5},
    ],
    ids=str,
)
def test_an_invalid_bulk_request_is_refused(scim: Scim, body: Any) -> None:
    answer = scim.post("/Bulk", body)
    is_number = "failOnErrors" in body
    expected = "invalidValue" if is_number else "invalidSyntax"
    assert answer.refusal == (400, expected)


def test_a_bulk_id_cannot_be_used_twice(scim: Scim) -> None:
    answer = scim.bulk(post("a", user("ada")), post("a", user("grace")))
    assert answer.refusal == (400, "invalidValue")
    assert "bulkId" in answer.detail
    assert scim.counts() == (0, 0, 0)


# -------------------------------------------------------------------------- limits
def test_more_operations_than_announced_are_refused(scim: Scim) -> None:
    announced = scim.get("/ServiceProviderConfig")["bulk"]
    assert announced["supported"] is True
    limit = announced["maxOperations"]
    gone = change("DELETE", "/Users/nobody")
    assert statuses(scim.bulk(*[gone] * limit)) == ["404"] * limit
    answer = scim.bulk(post("ada", user("ada")), *[gone] * limit)
    assert answer.status == 413
    assert str(limit) in answer.detail
    assert scim.counts() == (0, 0, 0)


def test_a_larger_payload_than_announced_is_refused(scim: Scim) -> None:
    limit = scim.get("/ServiceProviderConfig")["bulk"]["maxPayloadSize"]
    body = {"Operations": [post("ada", user("ada"))], "padding": ""}
    padding = limit - len(json.dumps(body))
    answer = scim.post("/Bulk", {**body, "padding": "x" * (padding + 1)})
    assert answer.status == 413
    assert str(limit) in answer.detail
    assert scim.counts() == (0, 0, 0)
    answer = scim.post("/Bulk", {**body, "padding": "x" * padding})
    assert statuses(answer) == ["201"]


def test_five_hundred_operations_take_a_few_seconds(scim: Scim) -> None:
    many = [post(str(each), user(f"person{each}")) for each in range(500)]
    answer = scim.bulk(*many)
    assert statuses(answer) == ["201"] * 500
    assert answer.cpu < 4


# ------------------------------------------------------------------------- journal
def test_every_operation_is_journalled_with_the_same_request_id(scim: Scim) -> None:
    ada = scim.user("ada")
    before = len(scim.journal())
    scim.bulk(
        post("grace", user("grace")),
        post("again", user("ada")),
        patch(f"/Users/{ada.id}", operation("add", "title", "x")),
        change("DELETE", "/Users/nobody"),
        change("DELETE", f"/Users/{ada.id}"),
    )
    entries = scim.journal()[before:]
    assert [each.event for each in entries] == [
        Event.PERSON_CREATED,
        Event.SCIM_REFUSED,
        Event.PERSON_CHANGED,
        Event.SCIM_REFUSED,
        Event.PERSON_DELETED,
    ]
    assert [each.succeeded for each in entries] == [True, False, True, False, True]
    assert len({each.request_id for each in entries}) == 1
    assert [each.status for each in entries] == [201, 409, 200, 404, 204]
    assert all(each.duration_ms > 0 for each in entries)
    assert describe(entries[1]).startswith("Refused to create ada: ")
    assert describe(entries[3]).startswith("Refused to delete nobody: ")


def test_a_refused_bulk_is_journalled_once(scim: Scim) -> None:
    before = len(scim.journal())
    scim.bulk(post("a", user("ada")), post("a", user("grace")))
    (entry,) = scim.journal()[before:]
    assert (entry.event, entry.succeeded) == (Event.SCIM_REFUSED, False)
    assert describe(entry).startswith("Refused POST /scim/v2/Bulk: ")


def test_an_operation_with_an_unknown_bulk_id_is_journalled(scim: Scim) -> None:
    before = len(scim.journal())
    scim.bulk(post("readers", group("Readers", "bulkId:nobody"), "/Groups"))
    (entry,) = scim.journal()[before:]
    assert (entry.event, entry.succeeded) == (Event.SCIM_REFUSED, False)
    assert "bulkId:nobody" in describe(entry)


# --------------------------------------------------- refused disables
OFF = operation("replace", "active", False)


def refused_disables(scim: Scim) -> set[tuple[str, str]]:
    """Return whose refused disable is an open conflict, and its reason."""
    query = select(CONFLICTS.c.user_id, CONFLICTS.c.reason)
    return {tuple(row) for row in scim.rows(query)}


@pytest.mark.parametrize(
    "wrong",
    [
        operation("replace", "title", 7),
        operation("add", "userName", "grace"),
        operation("add", f"{ENTERPRISE}:manager.value", "bulkId:nobody"),
    ],
    ids=["a wrong type", "a name that is taken", "a reference to nobody"],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_refused_disable_of_a_user_created_in_the_request_is_recorded(
    method: str, wrong: Operation, scim: Scim
) -> None:
    scim.user("grace")
    off = patch("/Users/bulkId:ada", OFF, wrong)
    if method == "PUT":
        name, reference = wrong["path"].rpartition(":")[2], wrong["value"]
        more = managed_by(reference) if "manager" in name else {name: reference}
        data = {**user("ada", active=False), **more}
        off = change("PUT", "/Users/bulkId:ada", data)
    answer = scim.bulk(post("ada", user("ada")), off)
    made, refused = answer["Operations"]
    assert made["status"] == "201"
    assert int(refused["status"]) >= 400
    assert refused_disables(scim) == {(id_of(made), "disable_refused")}
    assert id_of(refused) == id_of(made)
    entry = scim.journal()[-1]
    assert (entry.event, entry.target_id) == (Event.SCIM_REFUSED, id_of(made))
    assert statuses(scim.bulk(patch(path_of(made), OFF))) == ["200"]
    assert refused_disables(scim) == set()


def test_a_refused_disable_of_a_user_not_created_is_not_recorded(scim: Scim) -> None:
    scim.user("ada")
    answer = scim.bulk(post("again", user("ada")), patch("/Users/bulkId:again", OFF))
    assert statuses(answer) == ["409", "400"]
    assert refused_disables(scim) == set()
