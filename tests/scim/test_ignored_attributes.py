"""Unknown attributes are ignored, and a limited number of names is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from wire import ENTERPRISE, Scim, group, operation, user

from netpresenter_next.directory import ignored_attributes
from netpresenter_next.storage import database
from netpresenter_next.storage.scim_models import UNSTORED

SHOES = "urn:example:params:scim:schemas:extension:2.0:Shoes"


@pytest.mark.parametrize(
    ("sent", "remembered"),
    [
        ({"shoeSize": 42}, {"shoeSize"}),
        ({SHOES: {"size": 42}}, {SHOES}),
        ({"name": {"nick": "A"}}, {"name.nick"}),
        ({"emails": [{"value": "a", "verified": True}]}, {"emails.verified"}),
        ({ENTERPRISE: {"shoeSize": 42}}, {f"{ENTERPRISE}:shoeSize"}),
        ({ENTERPRISE: {"manager": {"x": "y"}}}, {"manager.x"}),
        ({"password": "hush"}, set()),
        ({"id": "x", "meta": {"location": "y"}, "groups": [{"value": "z"}]}, set()),
        ({"title": "x"}, set()),
    ],
    ids=str,
)
def test_unknown_attributes_are_ignored_and_recorded(
    scim: Scim, sent: dict[str, Any], remembered: set[str]
) -> None:
    ada = scim.user("ada", **sent)
    for name in ("shoeSize", SHOES, "password"):
        assert name not in ada.document
    names = {name for _, name in scim.unstored()}
    assert names == remembered


@pytest.mark.parametrize(
    ("change", "remembered"),
    [
        (operation("replace", "shoeSize", 42), "shoeSize"),
        (operation("add", f"{SHOES}:size", 42), f"{SHOES}:size"),
        (operation("remove", "shoeSize"), "shoeSize"),
        (
            operation("add", None, {"shoeSize": 1, SHOES: {"size": 1}}),
            f"shoeSize {SHOES}",
        ),
        (operation("add", None, {"name.nick": "A"}), "name.nick"),
        (
            operation("add", "emails", [{"value": "x", "verified": 1}]),
            "emails.verified",
        ),
        (operation("add", "name", {"nick": "A"}), "name.nick"),
        (operation("replace", "password", "hush"), ""),
        (operation("replace", None, {"password": "hush", "id": "x"}), ""),
    ],
    ids=str,
)
def test_a_patch_of_unknown_attributes_succeeds_and_is_recorded(
    scim: Scim, change: dict[str, Any], remembered: str
) -> None:
    ada = scim.user("ada")
    answer = scim.patch(f"/Users/{ada.id}", change)
    assert answer.status == 200, answer.document
    assert "shoeSize" not in answer.document
    assert {name for _, name in scim.unstored()} == set(remembered.split())


def test_the_resource_type_of_an_unknown_attribute_is_recorded(scim: Scim) -> None:
    scim.post("/Users", user("ada", colour="red"))
    scim.post("/Groups", group("Readers", colour="red"))
    assert scim.unstored() == {("User", "colour"), ("Group", "colour")}


def test_a_patch_of_only_unknown_attributes_changes_nothing(scim: Scim) -> None:
    ada = scim.user("ada")
    scim.patch(f"/Users/{ada.id}", operation("replace", "shoeSize", 42))
    assert scim.get(f"/Users/{ada.id}").document == ada.document


def test_a_name_is_recorded_once_and_its_time_updated_hourly(scim: Scim) -> None:
    for each in ("ada", "grace", "linus"):
        scim.user(each, shoeSize=42)
    (row,) = scim.rows(UNSTORED.select())
    scim.user("tim", shoeSize=42)
    assert scim.rows(UNSTORED.select()) == [row]
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with scim.app.app_context(), database.write() as connection:
        connection.execute(update(UNSTORED).values(last_at=long_ago))
    scim.user("margaret", shoeSize=42)
    (renewed,) = scim.rows(UNSTORED.select())
    assert renewed.last_at >= row.last_at


def test_a_refused_request_records_no_names(scim: Scim) -> None:
    scim.user("ada")
    assert scim.post("/Users", user("ada", shoeSize=42)).status == 409
    assert scim.unstored() == set()


def test_the_number_of_recorded_names_is_limited(scim: Scim) -> None:
    many = {
        f"attribute{each}": each for each in range(ignored_attributes.MOST_NAMES + 50)
    }
    scim.user("ada", **many)
    assert len(scim.unstored()) == ignored_attributes.MOST_NAMES
    scim.user("grace", **{f"x{each}": each for each in range(1_000)})
    scim.group("Readers", **many)
    assert len(scim.unstored()) == ignored_attributes.MOST_NAMES


def test_many_unknown_names_take_little_time(scim: Scim) -> None:
    scim.user("ada", **{f"attribute{each}": each for each in range(200)})
    answer = scim.user("grace", **{f"y{each}": each for each in range(5_000)})
    assert answer.cpu < 1


def test_long_names_are_truncated(scim: Scim) -> None:
    scim.user("ada", **{"x" * 300: 1})
    ((_, name),) = scim.unstored()
    assert name == "x" * ignored_attributes.LONGEST_NAME


def test_names_that_differ_only_in_case_are_recorded_once(scim: Scim) -> None:
    scim.user("ada", shoeSize=1)
    scim.user("grace", SHOESIZE=1)
    assert len(scim.unstored()) == 1
