"""Secrets are hidden by the definition of their attribute."""

import pytest

from netpresenter_next.directory.redaction import HIDDEN, find_secret_names, redact
from netpresenter_next.schema.characteristics import Attribute, Schema

PIN = Attribute("pin", "A code.", returned="never")
CODE = Attribute("code", "A code.", mutability="writeOnly")
DOOR = Attribute("door", "A door.", type="complex", parts=(CODE,))
FLOOR = Attribute("floor", "A floor.")
URN = "urn:example:building:2.0:User"
NAMES = find_secret_names([Schema(URN, "Building", "", (PIN, DOOR, FLOOR))])


def test_attributes_that_are_never_returned_are_secret():
    assert {"pin", "code", "password", "secret", "token"} == NAMES


@pytest.mark.parametrize(
    "attribute",
    ["pin", f"{URN}:PIN", "door.code", 'door[type eq "x"].code', "Password"],
)
def test_the_values_of_a_secret_attribute_are_hidden(attribute):
    change = {"attribute": attribute, "old": "1234", "new": "5678"}
    assert redact([change], NAMES) == [{"attribute": attribute, "new": HIDDEN}]


def test_a_secret_within_a_value_is_hidden():
    value = {"floor": 3, "Pin": "1234", "door": [{"code": "5678", "type": "x"}]}
    (change,) = redact([{"attribute": URN, "new": value}], NAMES)
    hidden = {"floor": 3, "Pin": HIDDEN, "door": [{"code": HIDDEN, "type": "x"}]}
    assert change == {"attribute": URN, "new": hidden}


def test_other_values_are_unchanged():
    changes = [{"attribute": f"{URN}:floor", "old": 1, "new": [2, None, True]}]
    assert redact(changes, NAMES) == changes
