"""The provisioning log: one readable entry for every write and every refusal."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select
from wire import ENTERPRISE, PREFIX, Answer, Scim, group, operation, user

from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import format_day
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.pages.refusal_sentences import find_remedy
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.models import SCIM_TOKENS

ADA = {
    "displayName": "Ada",
    "name": {"givenName": "Ada"},
    "emails": [{"value": "ada@example.com", "type": "work"}],
    ENTERPRISE: {"department": "Engines"},
}


def _new_rows(scim: Scim, ask: Callable[[], Answer]) -> tuple[Answer, list[Any]]:
    """Return an answer and the journal entries that the request added."""
    before = len(scim.journal())
    answer = ask()
    return answer, scim.journal()[before:]


def _changes(entry: Any) -> dict[str, tuple[Any, Any]]:
    """Return old and new value by attribute."""
    return {
        each["attribute"]: (each.get("old"), each.get("new"))
        for each in entry.changes or []
    }


@pytest.fixture
def people(scim: Scim) -> dict[str, str]:
    """Paths of two users and of a group of the first."""
    ada, grace = scim.user("ada", **ADA), scim.user("grace")
    readers = scim.group("Readers", ada.id)
    return {
        "ada": f"/Users/{ada.id}",
        "grace": f"/Users/{grace.id}",
        "readers": f"/Groups/{readers.id}",
    }


def _id(path: str) -> str:
    return path.rpartition("/")[2]


# ------------------------------------------------------------------------- writes
def test_creating_a_user_is_journalled_with_all_values(scim: Scim) -> None:
    answer, (entry,) = _new_rows(scim, lambda: scim.user("ada", **ADA))
    assert (entry.event, entry.succeeded) == (Event.PERSON_CREATED, True)
    assert (entry.target_type, entry.target_id) == ("User", answer.id)
    assert entry.target_name == "ada"
    assert describe(entry) == "Created ada."
    changes = _changes(entry)
    assert changes["userName"] == (None, "ada")
    assert changes["displayName"] == (None, "Ada")
    assert changes["emails"] == (None, ADA["emails"])
    assert changes["active"] == (None, True)


def test_every_entry_has_the_actor_the_address_and_the_request_id(scim: Scim) -> None:
    _, (entry,) = _new_rows(scim, lambda: scim.user("ada"))
    assert entry.log == "provisioning"
    assert (entry.actor_kind, entry.actor_name) == ("SCIM", "tests")
    assert entry.address == "127.0.0.1"
    _, (another,) = _new_rows(scim, lambda: scim.user("grace"))
    assert entry.request_id
    assert entry.request_id != another.request_id
    assert another.at >= entry.at


def test_a_patch_is_journalled_with_old_and_new_values(
    scim: Scim, people: dict[str, str]
) -> None:
    _, (entry,) = _new_rows(
        scim,
        lambda: scim.patch(
            people["ada"],
            operation("replace", "displayName", "Lady Ada"),
            operation("add", "title", "Countess"),
            operation("remove", f"{ENTERPRISE}:department"),
            operation("replace", "name.givenName", "Augusta"),
        ),
    )
    assert (entry.event, entry.succeeded) == (Event.PERSON_CHANGED, True)
    assert (entry.target_type, entry.target_id) == ("User", _id(people["ada"]))
    changes = _changes(entry)
    assert changes.pop("displayName") == ("Ada", "Lady Ada")
    assert changes.pop("title") == (None, "Countess")
    assert changes.pop("name.givenName") == ("Ada", "Augusta")
    ((name, values),) = changes.items()
    assert name.startswith(ENTERPRISE)
    assert "Engines" in str(values[0])
    assert values[1] is None
    assert "displayName" in describe(entry)
    assert "title" in describe(entry)


def test_a_put_is_journalled_like_a_patch(scim: Scim, people: dict[str, str]) -> None:
    body = user("ada", displayName="Ada", active=True)
    _, (entry,) = _new_rows(scim, lambda: scim.put(people["ada"], body))
    assert (entry.event, entry.succeeded) == (Event.PERSON_CHANGED, True)
    assert set(_changes(entry)) == {"name", "emails", ENTERPRISE}


@pytest.mark.parametrize(
    ("active", "event", "word"),
    [
        (False, Event.PERSON_DISABLED, "Disabled"),
        (True, Event.PERSON_ENABLED, "Enabled"),
    ],
)
def test_enabling_and_disabling_have_their_own_events(
    scim: Scim, people: dict[str, str], active: bool, event: Event, word: str
) -> None:
    scim.patch(people["ada"], operation("replace", "active", not active))
    change = operation("replace", "active", active)
    _, (entry,) = _new_rows(scim, lambda: scim.patch(people["ada"], change))
    assert (entry.event, entry.succeeded) == (event, True)
    assert describe(entry) == f"{word} ada; changed active."
    assert _changes(entry) == {"active": (not active, active)}


def test_creating_a_disabled_user_is_journalled_as_such(scim: Scim) -> None:
    _, (entry,) = _new_rows(scim, lambda: scim.user("ada", active=False))
    assert describe(entry) == "Created ada, disabled."


def test_deleting_a_user_is_journalled_with_their_name(
    scim: Scim, people: dict[str, str]
) -> None:
    _, (entry,) = _new_rows(scim, lambda: scim.delete(people["grace"]))
    assert (entry.event, entry.succeeded) == (Event.PERSON_DELETED, True)
    assert (entry.target_id, entry.target_name) == (_id(people["grace"]), "grace")
    assert describe(entry) == "Deleted grace."


def test_changes_of_groups_are_journalled(scim: Scim) -> None:
    made, (entry,) = _new_rows(scim, lambda: scim.group("Readers"))
    path = f"/Groups/{made.id}"
    assert (entry.event, entry.target_type) == (Event.GROUP_CREATED, "Group")
    assert (entry.target_id, entry.target_name) == (made.id, "Readers")
    change = operation("replace", "displayName", "Writers")
    _, (entry,) = _new_rows(scim, lambda: scim.patch(path, change))
    assert entry.event == Event.GROUP_CHANGED
    assert _changes(entry) == {"displayName": ("Readers", "Writers")}
    _, (entry,) = _new_rows(scim, lambda: scim.delete(path))
    assert (entry.event, entry.target_name) == (Event.GROUP_DELETED, "Writers")


def test_added_and_removed_members_are_named(
    scim: Scim, people: dict[str, str]
) -> None:
    grace = _id(people["grace"])
    add = operation("add", "members", [{"value": grace}])
    _, (entry,) = _new_rows(scim, lambda: scim.patch(people["readers"], add))
    assert (entry.event, entry.succeeded) == (Event.MEMBERS_ADDED, True)
    assert describe(entry) == "Added to group Readers: grace."
    assert _changes(entry) == {"members": (None, grace)}
    assert entry.target_id == _id(people["readers"])
    leave = operation("remove", f'members[value eq "{grace}"]')
    _, (entry,) = _new_rows(scim, lambda: scim.patch(people["readers"], leave))
    assert entry.event == Event.MEMBERS_REMOVED
    assert describe(entry) == "Removed from group Readers: grace."
    assert _changes(entry) == {"members": (grace, None)}


def test_replacing_members_journals_removals_and_additions(
    scim: Scim, people: dict[str, str]
) -> None:
    body = group("Readers", _id(people["grace"]))
    _, entries = _new_rows(scim, lambda: scim.put(people["readers"], body))
    assert [each.event for each in entries] == [
        *(Event.MEMBERS_REMOVED, Event.MEMBERS_ADDED)
    ]
    assert len({each.request_id for each in entries}) == 1


def test_adding_many_members_gives_a_short_entry(scim: Scim) -> None:
    readers = scim.group("Readers")
    members = [{"value": each} for each in scim.crowd(200)]
    add = operation("add", "members", members)
    path = f"/Groups/{readers.id}"
    _, (entry,) = _new_rows(scim, lambda: scim.patch(path, add))
    assert describe(entry).endswith(" and 195 more.")
    assert len(entry.changes) == 50
    assert len(describe(entry)) < 300


def test_many_changed_values_give_a_short_entry(scim: Scim) -> None:
    phones = [{"value": str(each), "type": "work"} for each in range(100)]
    _, (entry,) = _new_rows(scim, lambda: scim.user("ada", phoneNumbers=phones))
    assert len(entry.changes) <= 50


# ------------------------------------------------------------------- no entry
def test_reading_leaves_no_entry_unless_it_is_refused(
    scim: Scim, people: dict[str, str]
) -> None:
    before = len(scim.journal())
    for path in (*people.values(), "", "/Users", "/Groups", "/Schemas"):
        assert scim.get(path).status == 200
    scim.get("/Users", filter='userName eq "ada"')
    scim.get("/Users", cursor="")
    scim.search("/Users", filter='userName eq "ada"')
    scim.get("/ServiceProviderConfig")
    version = scim.get(people["ada"]).version
    assert scim.get(people["ada"], {"If-None-Match": version}).status == 304
    assert scim.journal()[before:] == []
    scim.get("/Users/nobody")
    scim.get("/Users", filter="nonsense")
    refused = scim.journal()[before:]
    assert [each.status for each in refused] == [404, 400]


def test_a_change_without_effect_leaves_no_entry(
    scim: Scim, people: dict[str, str]
) -> None:
    ada = {"value": _id(people["ada"])}
    before = len(scim.journal())
    for path, change in (
        (people["ada"], operation("replace", "displayName", "Ada")),
        (people["ada"], operation("remove", "title")),
        (people["ada"], operation("add", "shoeSize", 42)),
        (people["readers"], operation("add", "members", [ada])),
        (people["readers"], operation("remove", 'members[value eq "nobody"]')),
    ):
        assert scim.patch(path, change).status == 200
    assert scim.journal()[before:] == []


# ----------------------------------------------------------------------- refusals
REFUSALS: dict[str, tuple[int, Callable[[Scim, dict[str, str]], Answer]]] = {
    "the same name": (409, lambda s, d: s.post("/Users", user("ADA"))),
    "no name": (400, lambda s, d: s.post("/Users", {})),
    "a wrong type": (400, lambda s, d: s.post("/Users", user("x", active="maybe"))),
    "no JSON": (400, lambda s, d: s.send("POST", "/Users", b"{")),
    "no media type": (
        415,
        lambda s, d: s.send("POST", "/Users", b"{}", {"Content-Type": "text/plain"}),
    ),
    "an unknown member": (
        400,
        lambda s, d: s.patch(d["readers"], operation("add", "members", "nobody")),
    ),
    "a wrong path": (400, lambda s, d: s.patch(d["ada"], operation("add", "[", 1))),
    "read-only": (400, lambda s, d: s.patch(d["ada"], operation("add", "id", "x"))),
    "no operations": (400, lambda s, d: s.patch(d["ada"])),
    "an old version": (
        412,
        lambda s, d: s.delete(d["ada"], {"If-Match": 'W/"old"'}),
    ),
    "nobody": (404, lambda s, d: s.delete("/Users/nobody")),
    "a group's name": (409, lambda s, d: s.post("/Groups", group("READERS"))),
    "a PUT without a name": (400, lambda s, d: s.put(d["ada"], {})),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_every_refusal_leaves_one_readable_entry(
    scim: Scim, people: dict[str, str], what: str
) -> None:
    status, ask = REFUSALS[what]
    answer, (entry,) = _new_rows(scim, lambda: ask(scim, people))
    assert answer.status == status
    assert (entry.event, entry.succeeded) == (Event.SCIM_REFUSED, False)
    assert entry.log == "provisioning"
    assert entry.status == status
    assert describe(entry).startswith("Refused ")
    assert answer.detail in describe(entry)
    assert entry.facts["path"].startswith(PREFIX)
    assert find_remedy(entry)
    assert (entry.actor_kind, entry.actor_name) == ("SCIM", "tests")


def test_a_refused_change_names_its_target(scim: Scim, people: dict[str, str]) -> None:
    _, (entry,) = _new_rows(
        scim, lambda: scim.patch(people["ada"], operation("add", "id", "x"))
    )
    assert (entry.target_type, entry.target_id) == ("User", _id(people["ada"]))
    assert entry.target_name == "ada"


def test_a_refused_creation_names_whom_it_was_about(
    scim: Scim, people: dict[str, str]
) -> None:
    for name, path, body in (
        ("ADA", "/Users", {"USERNAME": "ADA", "password": "hidden"}),
        ("READERS", "/Groups", group("READERS")),
        ("x" * 499 + "…", "/Users", user("x" * 900)),
        ("a�b", "/Users", user("a\u202eb")),
    ):
        _, (entry,) = _new_rows(scim, partial(scim.post, path, body))
        assert (entry.target_id, entry.target_name) == (None, name)
        assert describe(entry).startswith(f"Refused to create {name}: ")


@pytest.mark.parametrize("who", ["ada", "readers"])
def test_a_request_for_somebody_deleted_says_who_it_was_and_since_when(
    scim: Scim, people: dict[str, str], who: str
) -> None:
    scim.delete(people[who])
    deleted = scim.journal()[-1]
    name, day = deleted.target_name, format_day(deleted.at)
    for ask in (
        partial(scim.patch, people[who], operation("add", "displayName", "x")),
        partial(scim.delete, people[who]),  # the entry before it is of a refusal
    ):
        answer, (entry,) = _new_rows(scim, ask)
        assert (answer.status, entry.target_name) == (404, name)
        assert describe(entry).endswith(
            f" {answer.detail} {name} was deleted here on {day}, "
            f"{deleted.at:%H:%M} UTC."
        )


def test_a_deleted_person_is_known_from_the_log_or_from_the_deleted_row_alone(
    scim: Scim, people: dict[str, str]
) -> None:
    scim.delete(people["ada"])
    scim.delete(people["grace"])
    with scim.app.app_context(), database.write() as connection:
        theirs = DELETED_PEOPLE.c.user_id == _id(people["ada"])
        connection.execute(delete(DELETED_PEOPLE).where(theirs))
        theirs = JOURNAL.c.target_id == _id(people["grace"])
        connection.execute(delete(JOURNAL).where(theirs))
    for name in ("ada", "grace"):
        _, (entry,) = _new_rows(scim, partial(scim.get, people[name]))
        assert f" {name} was deleted here on " in describe(entry)


def test_refused_creations_of_several_people_are_not_counted_as_one(
    scim: Scim, people: dict[str, str]
) -> None:
    before = len(scim.journal())
    for name in ("ADA", "Ada", "ADA"):
        scim.post("/Users", user(name))
    found = [(each.target_name, each.times) for each in scim.journal()[before:]]
    assert found == [("ADA", 2), ("Ada", 1)]


def test_every_entry_has_the_answer_and_the_duration(
    scim: Scim, people: dict[str, str]
) -> None:
    ada = {"value": _id(people["ada"])}
    for status, ask in (
        (201, lambda: scim.post("/Users", user("tim"))),
        (200, lambda: scim.put(people["ada"], user("ada"))),
        (200, lambda: scim.patch(people["ada"], operation("add", "title", "x"))),
        (200, lambda: scim.patch(people["readers"], operation("remove", "members"))),
        (200, lambda: scim.patch(people["readers"], operation("add", "members", ada))),
        (204, lambda: scim.delete(people["readers"])),
        (409, lambda: scim.post("/Users", user("ada"))),
    ):
        answer, entries = _new_rows(scim, ask)
        assert answer.status == status
        assert entries
        for entry in entries:
            assert entry.status == status
            assert 0 < entry.duration_ms < 10_000
            assert entry.request_id == answer.headers["X-Request-Id"]


def test_a_rejected_token_has_its_answer_and_no_request_id(scim: Scim) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    answer, (entry,) = _new_rows(
        scim, lambda: scim.send("GET", "/Users", headers=wrong)
    )
    assert (answer.status, entry.status) == (401, 401)
    assert "X-Request-Id" not in answer.headers
    assert find_remedy(entry)


def test_entries_are_found_by_the_token(scim: Scim) -> None:
    scim.user("ada")
    token_id = scim.rows(select(SCIM_TOKENS.c.id))[-1].id
    assert scim.journal()[-1].actor_id == token_id


def test_a_repeated_refusal_has_the_id_of_the_last_request(
    scim: Scim, people: dict[str, str]
) -> None:
    scim.post("/Users", user("ADA"))
    answer = scim.post("/Users", user("ADA"))
    assert scim.journal()[-1].times == 2
    assert scim.journal()[-1].request_id == answer.headers["X-Request-Id"]


def test_a_partly_invalid_change_is_neither_made_nor_journalled(
    scim: Scim, people: dict[str, str]
) -> None:
    changes = [
        operation("replace", "displayName", "Writers"),
        operation("remove", "members"),
        operation("add", "members", "nobody"),
    ]
    _, entries = _new_rows(scim, lambda: scim.patch(people["readers"], *changes))
    assert [each.event for each in entries] == [Event.SCIM_REFUSED]
    assert scim.get(people["readers"])["displayName"] == "Readers"


def test_entry_and_change_are_one_transaction(
    scim: Scim, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the entry cannot be written, nothing is changed."""

    def fail(*_: Any, **__: Any) -> None:
        raise database.Busy

    monkeypatch.setattr("netpresenter_next.directory.events.record", fail)
    before = scim.counts()
    requests = [
        ("POST", "/Users", user("tim")),
        ("POST", "/Groups", group("Writers")),
        ("PUT", people["ada"], user("ada", title="x")),
        ("DELETE", people["ada"], {}),
    ]
    for method, path, body in requests:
        response = scim.app.test_client().open(
            PREFIX + path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {scim.token}"},
        )
        assert response.status_code == 503
        assert response.headers["Retry-After"]
    assert scim.counts() == before
    assert "title" not in scim.get(people["ada"]).document


# --------------------------------------------------------------- secrets and limits
def test_passwords_are_never_in_the_journal(scim: Scim, people: dict[str, str]) -> None:
    secret = "correct horse battery staple"
    scim.user("tim", password=secret)
    scim.put(people["ada"], user("ada", password=secret))
    scim.patch(people["ada"], operation("replace", "password", secret))
    scim.patch(
        people["ada"], operation("add", None, {"password": secret, "title": "x"})
    )
    scim.post("/Users", user("ada", password=secret))
    scim.post("/Users", user("linus", active=secret[:5], password=secret))
    scim.bulk(
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "a",
            "data": user("margaret", password=secret),
        }
    )
    rows = [[each.facts, each.changes, each.target_name] for each in scim.journal()]
    assert len(rows) > 5
    assert "horse" not in json.dumps(rows)


def test_tokens_are_never_in_the_journal(scim: Scim) -> None:
    scim.user("ada")
    scim.send("GET", "/Users", headers={"Authorization": f"Bearer {scim.token}x"})
    scim.send("POST", f"/Users?token={scim.token}", b"{}")
    text = json.dumps([[each.facts, each.changes] for each in scim.journal()])
    assert scim.token not in text


def test_requests_with_an_invalid_token_cannot_fill_the_journal(
    make_scim: Callable[..., Scim],
) -> None:
    scim = make_scim()
    with scim.app.app_context(), database.write() as connection:
        connection.execute(delete(SCIM_TOKENS))
    before = len(scim.journal())
    for _ in range(50):
        assert scim.post("/Users", user("ada")).status in (401, 429)
    assert len(scim.journal()) - before == 1


def test_a_long_path_is_cut_in_the_journal(scim: Scim) -> None:
    scim.delete("/Users/" + "x" * 5_000)
    entry = scim.journal()[-1]
    assert len(describe(entry)) < 1_000
    assert len(entry.target_id or "") <= 100
