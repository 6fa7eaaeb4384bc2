"""What is known about a local person, as fields and as attributes of their document.

What somebody enters, on a page or on the command line, is validated by the same rules
as what provisioning sends.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from netpresenter_next.lib.translation import format_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.schema.derivation import values_of_type
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.filters.parser import parse_path
from netpresenter_next.scim.resources.patch import Operation, apply
from netpresenter_next.scim.values import LONGEST_TEXT

# The attribute of each field, as a path of a PATCH.
PATHS: Mapping[str, str] = {
    "given_name": "name.givenName",
    "family_name": "name.familyName",
    "display_name": "displayName",
    "email": 'emails[type eq "work"].value',
    "work_phone": 'phoneNumbers[type eq "work"].value',
    "mobile_phone": 'phoneNumbers[type eq "mobile"].value',
    "title": "title",
    "department": f"{ENTERPRISE_SCHEMA}:department",
}

# One @ between a text without spaces and a domain, of which each label has none of the
# characters that addresses are written between, or an address in brackets.  It finds
# slips, and refuses no address that mail is sent to.
_LABEL = r"""[^@\s.,;:<>()\[\]\\"]+"""
_EMAIL = re.compile(rf"[^@\s]+@(?:{_LABEL}(?:\.{_LABEL})*|\[[^@\s\[\]]+\])")
_PHONES = ("work_phone", "mobile_phone")


class Written(NamedTuple):
    """A document with the values of fields, and why others are refused, by field."""

    document: dict[str, Any]
    faults: Mapping[str, str]


def read(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the fields in a document, empty where there is none."""
    name = document.get("name", {})
    phones = document.get("phoneNumbers", ())
    return {
        "given_name": name.get("givenName", ""),
        "family_name": name.get("familyName", ""),
        "display_name": document.get("displayName", ""),
        "email": _first_of_type(document.get("emails", ()), "work"),
        "work_phone": _first_of_type(phones, "work"),
        "mobile_phone": _first_of_type(phones, "mobile"),
        "title": document.get("title", ""),
        "department": document.get(ENTERPRISE_SCHEMA, {}).get("department", ""),
    }


def _first_of_type(entries: Any, kind: str) -> str:
    return next(iter(values_of_type(entries, kind)), "")


def write(
    values: Mapping[str, str], local_type: ResourceType, document: Mapping[str, Any]
) -> Written:
    """Write fields into a document, validated as in a SCIM request.

    An empty value removes the attribute.  Spaces around a value do not count.
    """
    changed, before = dict(document), read(document)
    faults: dict[str, str] = {}
    for field, value in values.items():
        if value.strip() == before[field].strip():
            continue
        if fault := _find_slip(field, value.strip()):
            faults[field] = fault
            continue
        if len(value.strip()) > LONGEST_TEXT:
            most = format_number(LONGEST_TEXT)
            faults[field] = _("Enter at most %(most)s characters.", most=most)
            continue
        operation = Operation("replace", parse_path(PATHS[field]), value.strip())
        try:
            changed = apply(local_type, changed, [operation]).document
        except ScimError as error:
            faults[field] = error.detail
    return Written(changed, faults)


def _find_slip(field: str, value: str) -> str | None:
    """Return why a value is surely wrong; an empty one never is.

    RFC 7643, 4.1.2 recommends a form of telephone numbers and requires none, so any
    text with a digit is one.  Several people may have one e-mail address.
    """
    if field == "email" and value and not _EMAIL.fullmatch(value):
        return _("Enter one e-mail address, such as jan@example.org.")
    if field in _PHONES and value and not any(each.isdigit() for each in value):
        return _("Enter a telephone number, such as +31 20 123 45 67.")
    return None
