"""Uses an attribute that was added to a copy of the project, as a client would.

Run by ``test_new_attribute`` with the copy's code, on an instance of the version before
it.  Takes the instance, a token, the folder of the copy, and the attribute.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from wire import Scim, operation, user

import netpresenter_next
from netpresenter_next import create_app
from netpresenter_next.config.options import ConfigError, load
from netpresenter_next.schema import extensions
from netpresenter_next.scim.filters.compiler import FilterCompiler
from netpresenter_next.scim.filters.parser import parse_filter
from netpresenter_next.scim_http import context
from netpresenter_next.storage import database
from netpresenter_next.storage.models import USERS


def main(folder, token, copy, urn, name, marks):
    assert_is_the_copy(Path(copy))
    app = create_app(load({"NETPRESENTER_SCIM_REQUIRED": ""}, instance=Path(folder)))
    scim = Scim(app, token)
    is_core = urn.endswith("core:2.0:User")
    path = name if is_core else f"{urn}:{name}"

    def body(user_name, value):
        given = {name: value} if value else {}
        return user(user_name, **(given if is_core else {urn: given}))

    def value_of(answer):
        return (answer.document if is_core else answer[urn])[name]

    assert_described(scim, urn, name, marks)
    for lacking in ("", " "):
        refused = scim.post("/Users", body("grace", lacking))
        assert refused.refusal == (400, "invalidValue")
        hint = marks["hint"]
        assert refused.detail == (
            f"{path} is required: {hint} in the attribute mapping of the provisioning "
            "application."
        )
    made = scim.post("/Users", body("grace", "Rear Admiral"))
    assert (made.status, value_of(made)) == (201, "Rear Admiral")
    # People from before the migration are found as well.
    assert found(scim, path, "Countess") == ["ada"]
    assert found(scim, path, "REAR admiral") == (
        [] if marks["caseExact"] else ["grace"]
    )
    changed = scim.patch(f"/Users/{made.id}", operation("replace", path, "Admiral"))
    assert (changed.status, value_of(changed)) == (200, "Admiral")
    assert found(scim, path, "Rear Admiral") == []
    assert found(scim, path, "Admiral") == ["grace"]
    assert scim.get("/Users", sortBy=path).names == ["grace", "ada"]
    cleared = scim.patch(f"/Users/{made.id}", {"op": "remove", "path": path})
    assert cleared.refusal == (400, "invalidValue")
    assert_unique(scim, body, name, is_unique=marks["uniqueness"] == "server")
    assert_found_by_index(app, path, f"{marks['column']}=?")
    assert_is_built_in(Path(folder), urn)


def assert_is_the_copy(copy):
    """Every module comes from the copy, not from the original project."""
    package = copy / "netpresenter_next"
    assert Path(netpresenter_next.__file__).parent == package
    for each in pkgutil.walk_packages([str(package)], "netpresenter_next."):
        if each.ispkg or ".schema." in each.name:
            found = importlib.import_module(each.name).__file__
            assert Path(found).is_relative_to(package), found


def assert_described(scim, urn, name, marks):
    attributes = scim.get(f"/Schemas/{urn}")["attributes"]
    (told,) = (each for each in attributes if each["name"] == name)
    for mark in ("caseExact", "uniqueness"):
        assert told[mark] == marks[mark]
    assert told["required"] is True
    extensions = scim.get("/ResourceTypes/User").document["schemaExtensions"]
    is_extension_required = {each["schema"]: each["required"] for each in extensions}
    assert is_extension_required.get(urn, True)


def found(scim, path, value):
    answer = scim.get("/Users", filter=f'{path} eq "{value}"')
    assert answer.status == 200, answer.document
    return answer.names


def assert_unique(scim, body, name, *, is_unique):
    again = scim.post("/Users", body("hopper", "Admiral"))
    if not is_unique:
        assert again.status == 201
        return
    assert again.refusal == (409, "uniqueness")
    assert again.detail.startswith("Another User has this ")
    assert name in again.detail
    other = scim.post("/Users", body("hopper", "Commodore"))
    assert other.status == 201
    taken = scim.put(f"/Users/{other.id}", body("hopper", "Admiral"))
    assert taken.refusal == (409, "uniqueness")


def assert_found_by_index(app, path, how):
    with app.app_context(), database.read() as connection:
        user_type = context.of(app).resource_types.user
        condition = FilterCompiler(user_type, {}).compile(
            parse_filter(f'{path} eq "Admiral"')
        )
        statement = (
            USERS.select()
            .where(condition)
            .compile(connection, compile_kwargs={"literal_binds": True})
        )
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
    assert len(plan) == 1
    assert how in plan[0].detail, plan


def assert_is_built_in(folder, urn):
    """An installation cannot declare the schema again."""
    again = {"schemas": [{"id": urn, "attributes": [{"name": "size"}]}]}
    file = folder / "again.json"
    file.write_text(json.dumps(again), encoding="utf-8")
    with pytest.raises(ConfigError, match="a built-in schema"):
        extensions.load(file)


if __name__ == "__main__":
    *arguments, last = sys.argv[1:]
    main(*arguments, json.loads(last))
