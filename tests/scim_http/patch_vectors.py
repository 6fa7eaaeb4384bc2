"""PATCH operations and their results: RFC 7644, 3.5.2, and docs/scim.md."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scim_client import CORE_USER, ENTERPRISE_USER

Operation = dict[str, Any]
ABSENT = object()

WORK = {"value": "w@example.com", "type": "work", "primary": True}
HOME = {"value": "h@example.com", "type": "home"}
# The user before each row of the table.
PERSON: dict[str, Any] = {
    "schemas": [CORE_USER, ENTERPRISE_USER],
    "displayName": "Ada",
    "title": "Countess",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [WORK, HOME],
    ENTERPRISE_USER: {"department": "Engines", "costCenter": "7"},
}


class Row(NamedTuple):
    """Operations, and the attributes after them or the scimType of the error."""

    section: str
    operations: tuple[Operation, ...]
    expected: Mapping[str, Any] | str


def _add(path: str | None, value: Any) -> Operation:
    return _operation("add", path, value)


def _replace(path: str | None, value: Any) -> Operation:
    return _operation("replace", path, value)


def _remove(path: str, *value: Any) -> Operation:
    return _operation("remove", path, *value)


def _operation(op: str, path: str | None, *value: Any) -> Operation:
    said: Operation = {"op": op} if path is None else {"op": op, "path": path}
    return {**said, "value": value[0]} if value else said


def _row(section: str, said: Operation | tuple[Operation, ...], expected: Any) -> Row:
    return Row(section, said if isinstance(said, tuple) else (said,), expected)


NEW = {"value": "n@example.com", "type": "other"}
SAME: Mapping[str, Any] = {}
NOT_PRIMARY = {**WORK, "primary": False}
JOB = f"{ENTERPRISE_USER}:department"

ADD = tuple(
    _row("3.5.2.1", said, expected)
    for said, expected in (
        # Without a path the value holds the attributes.
        (_add(None, {"nickName": "A", "emails": [NEW]}),
         {"nickName": "A", "emails": [WORK, HOME, NEW]}),
        (_add(None, {"name": {"middleName": "K"}}),
         {"name": {**PERSON["name"], "middleName": "K"}}),
        (_add(None, {ENTERPRISE_USER: {"division": "D"}}),
         {ENTERPRISE_USER: {**PERSON[ENTERPRISE_USER], "division": "D"}}),
        # An absent attribute is added, a single value replaced, a list extended.
        (_add("nickName", "A"), {"nickName": "A"}),
        (_add("title", "Lady"), {"title": "Lady"}),
        (_add("emails", [NEW]), {"emails": [WORK, HOME, NEW]}),
        (_add("emails", NEW), {"emails": [WORK, HOME, NEW]}),
        (_add("ims", [{"value": "i"}]), {"ims": [{"value": "i"}]}),
        # In a complex attribute, the sub-attributes that are given.
        (_add("name", {"middleName": "K"}),
         {"name": {**PERSON["name"], "middleName": "K"}}),
        (_add("name.givenName", "A."),
         {"name": {**PERSON["name"], "givenName": "A."}}),
        (_add(JOB, "Looms"),
         {ENTERPRISE_USER: {"department": "Looms", "costCenter": "7"}}),
        # An existing value changes nothing.
        (_add("emails", [HOME]), SAME),
        (_add("title", "Countess"), SAME),
        # With a new primary value, the old one is no longer primary (3.5.2).
        (_add("emails", [{**NEW, "primary": True}]),
         {"emails": [NOT_PRIMARY, HOME, {**NEW, "primary": True}]}),
        # Microsoft Entra ID expects a new value of this type.
        (_add('emails[type eq "other"].value', "n@example.com"),
         {"emails": [WORK, HOME, NEW]}),
        (_add('emails[type eq "work"].display', "W"),
         {"emails": [{**WORK, "display": "W"}, HOME]}),
        (_add('roles[primary eq "True"].value', "r"),
         {"roles": [{"primary": True, "value": "r"}]}),
    )
)  # fmt: skip

REMOVE = tuple(
    _row("3.5.2.2", said, expected)
    for said, expected in (
        ({"op": "remove"}, "noTarget"),
        (_remove("title"), {"title": ABSENT}),
        (_remove("nickName"), SAME),
        (_remove("name.givenName"), {"name": {"familyName": "Lovelace"}}),
        (_remove("name"), {"name": ABSENT}),
        (_remove("emails"), {"emails": ABSENT}),
        (_remove('emails[type eq "home"]'), {"emails": [WORK]}),
        (_remove('emails[type eq "none"]'), SAME),
        (_remove('emails[type eq "work"].primary'),
         {"emails": [{"value": "w@example.com", "type": "work"}, HOME]}),
        (_remove('emails[value ew "example.com"]'), {"emails": ABSENT}),
        (_remove('emails[not (type eq "work")]'), {"emails": [WORK]}),
        (_remove(JOB), {ENTERPRISE_USER: {"costCenter": "7"}}),
        (_remove(ENTERPRISE_USER), {ENTERPRISE_USER: ABSENT}),
        (_remove("userName"), "invalidValue"),
        (_remove("id"), "mutability"),
        (_remove("groups"), "mutability"),
        # A remove with a list removes these values, even if the list is empty.
        (_remove("emails", [HOME]), {"emails": [WORK]}),
        (_remove("emails", [{"value": "h@example.com"}]), {"emails": [WORK]}),
        (_remove("emails", []), SAME),
        (_remove("emails", None), SAME),
        (_remove("emails", ""), SAME),
    )
)  # fmt: skip

REPLACE = tuple(
    _row("3.5.2.3", said, expected)
    for said, expected in (
        (_replace(None, {"title": "Lady", "nickName": "A"}),
         {"title": "Lady", "nickName": "A"}),
        (_replace(None, {"emails": [NEW]}), {"emails": [NEW]}),
        (_replace(None, {"name.givenName": "A.", JOB: "Looms"}),
         {"name": {**PERSON["name"], "givenName": "A."},
          ENTERPRISE_USER: {"department": "Looms", "costCenter": "7"}}),
        (_replace("title", "Lady"), {"title": "Lady"}),
        # An absent attribute is added.
        (_replace("nickName", "A"), {"nickName": "A"}),
        (_replace("ims", [{"value": "i"}]), {"ims": [{"value": "i"}]}),
        (_replace("emails", [NEW]), {"emails": [NEW]}),
        # In a complex attribute, the sub-attributes that are given.
        (_replace("name", {"givenName": "A."}),
         {"name": {**PERSON["name"], "givenName": "A."}}),
        # With a filter, the matching values.
        (_replace('emails[type eq "home"]', NEW | {"type": "home"}),
         {"emails": [WORK, NEW | {"type": "home"}]}),
        (_replace('emails[type eq "home"].value', "n@example.com"),
         {"emails": [WORK, HOME | {"value": "n@example.com"}]}),
        (_replace('emails[value eq "H@example.com"].type', "other"),
         {"emails": [WORK, HOME | {"type": "other"}]}),
        (_replace('emails[value co "example.com"].display', "E"),
         {"emails": [WORK | {"display": "E"}, HOME | {"display": "E"}]}),
        (_replace('emails[type eq "home"].primary', True),
         {"emails": [NOT_PRIMARY, HOME | {"primary": True}]}),
        # No match is noTarget, except for a type that Entra ID expects to be created.
        (_replace('phoneNumbers[value eq "404"].type', "work"), "noTarget"),
        (_replace('emails[value eq "none"].type', "work"), "noTarget"),
        (_replace('emails[value eq "none"]', NEW), "noTarget"),
        (_replace('emails[type eq "other" and value eq "none"].display', "x"),
         "noTarget"),
        (_replace('emails[type ne "work" and type ne "home"].value', "x"), "noTarget"),
        (_replace('emails[type eq "other"]', {"type": "home", "value": "x"}),
         "noTarget"),
        (_replace('emails[type eq ""].value', "x"), "noTarget"),
        (_replace('emails[type eq "other" and primary eq true].value', "x"),
         "noTarget"),
        (_replace('emails[type eq "other"].value', "n@example.com"),
         {"emails": [WORK, HOME, NEW]}),
        (_replace('phoneNumbers[type eq "work" and primary eq true].value', "5"),
         {"phoneNumbers": [{"type": "work", "primary": True, "value": "5"}]}),
        # An empty value removes the attribute (RFC 7643, 2.5).
        (_replace("title", ""), {"title": ABSENT}),
        (_replace("title", None), {"title": ABSENT}),
        (_replace("emails", []), {"emails": ABSENT}),
        (_replace('emails[type eq "home"].value', ""), {"emails": [WORK]}),
        (_replace('emails[value eq "none"].type', None), SAME),
    )
)  # fmt: skip

GENERAL = tuple(
    _row("3.5.2", said, expected)
    for said, expected in (
        # Operations are applied in order, and all or none.
        ((_add("nickName", "A"), _replace("nickName", "B")), {"nickName": "B"}),
        ((_add("nickName", "A"), _remove("nickName")), SAME),
        ((_replace("title", "Lady"), _replace("id", "x")), "mutability"),
        ((_remove("title"), _replace("title", 5)), "invalidValue"),
        # Only the state after all operations is validated.
        ((_remove("userName"), _add("userName", "{name}")), SAME),
        (_replace("id", "x"), "mutability"),
        (_replace("meta.created", "2020-01-01T00:00:00Z"), "mutability"),
        (_add("groups", [{"value": "x"}]), "mutability"),
        (_replace(None, {"id": "x", "title": "Lady"}), {"title": "Lady"}),
        (_replace("active", "perhaps"), "invalidValue"),
        (_replace("title", {"value": "x"}), "invalidValue"),
        (_replace("title", ["x", "y"]), "invalidValue"),
        (_add("emails", [5]), "invalidValue"),
        (_add(None, "x"), "invalidValue"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "move", "path": "title", "value": "x"}, "invalidSyntax"),
        (_replace("emails[type eq", "x"), "invalidPath"),
        (_replace('emails[type eq "work"', "x"), "invalidPath"),
        (_replace('title[value eq "x"]', "x"), "invalidPath"),
        (_replace('emails[nothing eq "x"].value', "x"), "invalidPath"),
        # Names ignore case; unknown attributes are ignored.
        (_operation("Replace", "TITLE", "Lady"), {"title": "Lady"}),
        (_replace("shoeSize", 42), SAME),
        (_replace('emails[type eq "work"].verified', True), SAME),
        (_replace(f"{CORE_USER}:title", "Lady"), {"title": "Lady"}),
        # Microsoft Entra ID's short forms.
        (_replace("active", "False"), {"active": False}),
        (_add("manager", [{"$ref": "https://x/Users/m", "value": "m"}]),
         {ENTERPRISE_USER: {**PERSON[ENTERPRISE_USER], "manager": {"value": "m"}}}),
        (_add(f"{ENTERPRISE_USER}:manager", "m"),
         {ENTERPRISE_USER: {**PERSON[ENTERPRISE_USER], "manager": {"value": "m"}}}),
        (_replace("title", ["Lady"]), {"title": "Lady"}),
        (_add("emails", "x@example.com"),
         {"emails": [WORK, HOME, {"value": "x@example.com"}]}),
        (_replace('emails[type eq "home"]', [{"value": "n@example.com"}]),
         {"emails": [WORK, HOME | {"value": "n@example.com"}]}),
    )
)  # fmt: skip

ROWS = (*ADD, *REMOVE, *REPLACE, *GENERAL)


class MembersRow(NamedTuple):
    """An operation on a group of ``a`` and ``b``, and its members afterwards.

    ``{a}``, ``{b}``, ``{c}`` are ids of users; or the scimType of the error.
    """

    operation: Operation
    expected: set[str] | str


A, B, C = ({"value": f"{{{name}}}"} for name in "abc")
MEMBERS = tuple(
    MembersRow(*each)
    for each in (
        (_add("members", [C]), {"a", "b", "c"}),
        (_add("members", C), {"a", "b", "c"}),
        (_add("members", "{c}"), {"a", "b", "c"}),
        (_add("members", [A]), {"a", "b"}),
        (_add("members", [C, {"value": "nobody"}]), "invalidValue"),
        (_replace("members", [C]), {"c"}),
        (_replace("members", []), set()),
        (_remove("members"), set()),
        (_remove("members", [A]), {"b"}),
        (_remove("members", [{"$ref": None, **A}]), {"b"}),
        (_remove('members[value eq "{a}"]'), {"b"}),
        (_remove('members[value ne "{a}"]'), {"a"}),
        (_remove('members[value eq "nobody"]'), {"a", "b"}),
        # A remove with an empty list removes nobody.
        (_remove("members", []), {"a", "b"}),
        (_remove("members", None), {"a", "b"}),
        (_remove("members", ""), {"a", "b"}),
        ({"op": "Remove", "path": "members", "value": None}, {"a", "b"}),
        (_replace('members[value eq "{a}"].value', "{c}"), "mutability"),
        (_add("members", [{"value": "{c}", "type": "Group"}]), "invalidValue"),
        (_add("members", [A] * 101), {"a", "b"}),
        (_add("members", [A] * 102), "invalidValue"),
    )
)
