"""Attributes of a person in words, for whoever does not know SCIM's names."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from netpresenter_next.pages.document_lines import flatten
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA

MANAGER = f"{ENTERPRISE_SCHEMA}:manager.value"
# The last part of a path, where its words say something else.
_WORDS = {
    "formatted": "full text",
    "locality": "town",
    "region": "province or state",
    "preferredLanguage": "language",
    "profileUrl": "address of a profile page",
    "timezone": "time zone",
    "userType": "kind of user",
    "x509Certificates": "certificates",
    "ims": "instant messaging",
}
# A multi-valued attribute, in the singular.
_SINGULAR = {
    "addresses": "address",
    "emails": "e-mail",
    "phoneNumbers": "phone",
    "photos": "photo",
    "roles": "role",
    "entitlements": "entitlement",
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
    first, _, part = name.partition(".")
    words = _in_words(_SINGULAR.get(first, first))
    if kind is not None and kind["type"]:
        words = f"{kind['type']} {words}"
    if part and part not in ("value", "displayName"):
        words = f"{words}: {_in_words(part)}"
    return words[:1].upper() + words[1:]


def _in_words(name: str) -> str:
    """Return a name such as ``employeeNumber`` as words."""
    if name in _WORDS:
        return _WORDS[name]
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()
