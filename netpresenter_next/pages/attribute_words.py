"""Attributes of a person in words, for whoever does not know SCIM's names."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.document_lines import flatten
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA

MANAGER = f"{ENTERPRISE_SCHEMA}:manager.value"
# A part of a path, in words.
_WORDS = {
    "costCenter": marked("cost center"),
    "country": marked("country"),
    "division": marked("division"),
    "employeeNumber": marked("employee number"),
    "formatted": marked("full text"),
    "honorificPrefix": marked("honorific prefix"),
    "honorificSuffix": marked("honorific suffix"),
    "ims": marked("instant messaging"),
    "locale": marked("locale"),
    "locality": marked("town"),
    "manager": marked("manager"),
    "middleName": marked("middle name"),
    "name": marked("name"),
    "nickName": marked("nick name"),
    "organization": marked("organization"),
    "postalCode": marked("postal code"),
    "preferredLanguage": marked("language"),
    "profileUrl": marked("address of a profile page"),
    "region": marked("province or state"),
    "streetAddress": marked("street address"),
    "timezone": marked("time zone"),
    "userType": marked("kind of user"),
    "x509Certificates": marked("certificates"),
}
# A multi-valued attribute, in the singular.
_SINGULAR = {
    "addresses": marked("address"),
    "emails": marked("e-mail"),
    "entitlements": marked("entitlement"),
    "phoneNumbers": marked("phone"),
    "photos": marked("photo"),
    "roles": marked("role"),
}
# The type of one of several values.
_TYPES = {
    "fax": marked("fax"),
    "home": marked("home"),
    "mobile": marked("mobile"),
    "other": marked("other"),
    "pager": marked("pager"),
    "work": marked("work"),
}
# What other parts of the page say, and what only programs need.
_ELSEWHERE = {"userName", "externalId", "active", "id"}
_FOR_PROGRAMS = ("primary", "$ref")
_TYPE = re.compile(r'\[type eq "(?P<type>[^"]*)"\]')


def list_others(
    document: Mapping[str, Any], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the words and value of each attribute whose path is not in ``known``."""
    for path, value in flatten(document):
        is_for_programs = path.rpartition(".")[2] in _FOR_PROGRAMS
        if path not in known and path not in _ELSEWHERE and not is_for_programs:
            yield describe(path), value


def describe(path: str) -> str:
    """Return the words for a path: ``addresses[type eq "work"].locality`` is a town."""
    name = path.removeprefix(f"{ENTERPRISE_SCHEMA}:").rpartition(":")[2]
    kind = _TYPE.search(path)
    if kind is not None:
        name = path[: kind.start()] + path[kind.end() :]
    first, *more = name.split(".", 1)
    part = more[0] if more else ""
    words = _(_SINGULAR[first]) if first in _SINGULAR else _in_words(first)
    if kind is not None and kind["type"]:
        words = _(
            "%(type)s %(attribute)s",
            type=_name_type(kind["type"]),
            attribute=words,
        )
    if part and part not in ("value", "displayName"):
        words = f"{words}: {_in_words(part)}"
    return words[:1].upper() + words[1:]


def _name_type(name: str) -> str:
    return _(_TYPES[name]) if name in _TYPES else name


def _in_words(name: str) -> str:
    """Return a name such as ``employeeNumber`` as words, English if it is not known."""
    if name in _WORDS:
        return _(_WORDS[name])
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()
