"""The intention to disable a user is recognised even in a malformed request."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scim_client import CORE_USER, patch_body, user_body

from netpresenter_next.schema.building import build_resource_types
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.resources.intentions import wants_disabled
from netpresenter_next.scim.resources.patch import Operation, apply, read_operations

ACTIVE = f"{CORE_USER}:active"
WORK = 'emails[type eq "work"].value'
reproducible = settings(derandomize=True, deadline=None)
PEOPLE = build_resource_types(frozenset()).user


def _off(path: str = "active", value: Any = "False", op: str = "Replace") -> Any:
    return {"op": op, "path": path, "value": value}


DISABLING: dict[str, list[Any]] = {
    "as Entra ID spells it": [_off()],
    "with aadOptscim062020": [_off(value=False, op="replace")],
    "an add": [_off(op="Add")],
    "a text in lower case": [_off(value="false")],
    "a text with spaces": [_off(value=" FALSE ")],
    "zero": [_off(value=0)],
    "zero as a text": [_off(value="0")],
    "null": [_off(value=None)],
    "an empty text": [_off(value="")],
    "an empty list": [_off(value=[])],
    "a list of one": [_off(value=["False"])],
    "a wrapped value": [_off(value=[{"$ref": None, "value": "False"}])],
    "a removal": [{"op": "Remove", "path": "active"}],
    "a removal with a value": [_off(op="remove", value=True)],
    "the full name": [_off(path=ACTIVE)],
    "the full name in capitals": [_off(path=ACTIVE.upper())],
    "a removal by the full name": [{"op": "remove", "path": ACTIVE}],
    "another case": [_off(path="Active")],
    "a filter": [_off(path='active[value eq "True"]')],
    "the schema as the path": [_off(path=CORE_USER, value={"active": False})],
    "no path": [{"op": "replace", "value": {"active": False}}],
    "an empty path": [_off(path="", value={"Active": "False"})],
    "no path and the full name": [{"op": "add", "value": {ACTIVE: ""}}],
    "below the schema": [{"op": "add", "value": {CORE_USER: {"active": None}}}],
    "among other operations": [
        {"op": "remove", "path": WORK},
        _off(),
        _off("title", "x"),
    ],
    "the last of two": [_off(value=True), _off()],
    "beside an invalid path": [_off("emails["), _off()],
    "beside invalid operations": [None, 7, "x", _off(), []],
    "an unknown operation": [_off(op="set")],
    "no operation": [{"path": "active", "value": False}],
}
NOT_DISABLING: dict[str, list[Any]] = {
    "nothing": [],
    "true": [_off(value=True)],
    "a text": [_off(value="True")],
    "one": [_off(value=1)],
    "an unknown word": [_off(value="perhaps")],
    "a wrapped value": [_off(value=[{"value": "True"}])],
    "an object without a value": [_off(value={"x": False})],
    "two values": [_off(value=[False, False])],
    "lists in lists": [_off(value=[[False]])],
    "the last of two": [_off(), _off(value="True")],
    "another attribute": [_off("title", "")],
    "another schema": [_off("urn:example:User:active")],
    "a part": [_off("active.value")],
    "below another attribute": [{"op": "replace", "value": {"x": {"active": False}}}],
    "a removal without a path": [{"op": "remove", "value": {"active": True}}],
    "odd names": [{"op": 1, "path": ["active"], "value": {7: False}}],
}
CASES = [(each, True) for each in DISABLING.values()] + [
    (each, False) for each in NOT_DISABLING.values()
]
NAMES = [f"disabled by {each}" for each in DISABLING]
NAMES += [f"not disabled by {each}" for each in NOT_DISABLING]


@pytest.mark.parametrize(("operations", "expected"), CASES, ids=NAMES)
def test_the_intention_to_disable_is_recognised_in_a_patch(
    operations: list[Any], expected: bool
) -> None:
    assert wants_disabled(operations) is expected
    assert wants_disabled(patch_body(*operations)) is expected
    assert wants_disabled({"operations": operations}) is expected
    try:
        read = read_operations(patch_body(*operations))
    except ScimError:
        return
    assert wants_disabled(read) is expected


WHOLE: dict[str, tuple[Any, bool]] = {
    "false": ({"active": False}, True),
    "a text": ({"Active": "False"}, True),
    "null": ({"active": None}, True),
    "an empty text": ({"active": ""}, True),
    "below the schema": ({CORE_USER: {"active": False}}, True),
    "the full name": ({ACTIVE: False}, True),
    "beside an invalid attribute": ({**user_body(userName=7), "active": "false"}, True),
    "true": ({"active": True}, False),
    "left out": (user_body(active=None), False),
    "a wrong type": ({"active": "maybe"}, False),
    "empty": ({}, False),
    "no object": ("active", False),
    "bytes": (b"active", False),
    "nothing": (None, False),
}


@pytest.mark.parametrize(("body", "expected"), WHOLE.values(), ids=WHOLE)
def test_the_intention_to_disable_is_recognised_in_a_whole_resource(
    body: Any, expected: bool
) -> None:
    assert wants_disabled(body) is expected


def test_the_intention_to_disable_is_found_at_any_depth() -> None:
    deep: Any = {"active": False}
    for _ in range(100_000):
        deep = {CORE_USER: deep}
    assert wants_disabled(deep)
    assert wants_disabled([Operation("replace", None, deep)])


# --------------------------------------------------------------------- any input
KEYS = st.sampled_from(["active", "Active", ACTIVE, CORE_USER, "op", "path", "value"])
KEYS |= st.sampled_from(["Operations", "emails", WORK, "active[", "", "urn:"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | KEYS
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(KEYS | st.integers(), inner),
)


@reproducible
@given(ANYTHING)
def test_no_input_raises_an_exception(request: Any) -> None:
    assert isinstance(wants_disabled(request), bool)
    assert isinstance(wants_disabled([Operation(request, request, request)]), bool)


WORDS = st.sampled_from([True, False, "True", "false", "", None])
NAMED = st.sampled_from(["active", "ACTIVE", ACTIVE])
OPS = st.sampled_from(["add", "Replace", "remove"])
SAID = st.one_of(
    st.builds(lambda op, path, value: _off(path, value, op), OPS, NAMED, WORDS),
    st.builds(lambda key, value: {"op": "add", "value": {key: value}}, NAMED, WORDS),
    st.just(_off("title", "x")),
)


@reproducible
@given(st.lists(SAID, min_size=1, max_size=5))
def test_the_recognised_intention_equals_the_result_of_the_patch(
    operations: list[Any],
) -> None:
    read = read_operations(patch_body(*operations))
    before = {"userName": "ada", "active": True}
    after = apply(PEOPLE, before, read).document
    assert wants_disabled(operations) is wants_disabled(read) is not after["active"]
