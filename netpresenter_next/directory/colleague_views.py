"""What people see of each other: names, title, department, e-mail, telephone numbers.

Pages, the search and the vCard use only this.  Nothing else about a person is for
their colleagues: no source, role, state or externalId, and no private address.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from netpresenter_next.directory import search_words
from netpresenter_next.lib.text import fold, to_ascii
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage.choices import ShownNumbers

# The types of telephone numbers (RFC 7643, section 4.1.2) that colleagues see.
WORK, MOBILE = "work", "mobile"
SHOWN_TYPES: Mapping[ShownNumbers, Sequence[str]] = {
    ShownNumbers.NONE: (),
    ShownNumbers.WORK: (WORK,),
    ShownNumbers.WORK_AND_MOBILE: (WORK, MOBILE),
}
_SHORTEST_NUMBER = 3
_DIALLED = re.compile(r"\+?[0-9()./\s-]+")


class Number(NamedTuple):
    """A telephone number, with its type in lower case."""

    type: str
    value: str

    @property
    def uri(self) -> str:
        """Return the number as a URI (RFC 3966); empty if it cannot be dialled."""
        text = to_ascii(self.value).removeprefix("tel:").replace("(0)", "").strip()
        dialled = _DIALLED.match(text)
        digits = re.sub("[^0-9]", "", dialled[0]) if dialled else ""
        plus = "+" if text.startswith("+") else ""
        return f"tel:{plus}{digits}" if len(digits) >= _SHORTEST_NUMBER else ""


class Colleague(NamedTuple):
    """A person, as colleagues see them; what is unknown is empty."""

    id: str
    name: str
    given_name: str
    family_name: str
    title: str
    department: str
    email: str
    numbers: Sequence[Number]

    @property
    def email_uri(self) -> str:
        """Return the e-mail address as a URI (RFC 6068); empty if it is none."""
        return f"mailto:{quote(self.email, safe='@')}" if "@" in self.email else ""


class Viewed(Protocol):
    """What ``describe`` reads of a person."""

    @property
    def id(self) -> str:
        """The id of the person."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The SCIM resource."""

    @property
    def user_name(self) -> str:
        """The user name, which is shown if there is no other name."""

    @property
    def display_name(self) -> str | None:
        """The name that is shown."""

    @property
    def work_email(self) -> str | None:
        """The e-mail address at work."""

    @property
    def hides_mobile(self) -> bool:
        """Does the person hide their mobile number?"""


def describe(row: Viewed, shown: ShownNumbers) -> Colleague:
    """Return what colleagues see of a person."""
    name = row.document.get("name") or {}
    return Colleague(
        id=row.id,
        name=row.display_name or row.user_name,
        given_name=name.get("givenName") or "",
        family_name=name.get("familyName") or "",
        title=row.document.get("title") or "",
        department=_read_department(row.document),
        email=row.work_email or "",
        numbers=[
            each
            for each in list_numbers(row.document)
            if is_number_shown(each, shown, hides_mobile=row.hides_mobile)
        ],
    )


def is_number_shown(number: Number, shown: ShownNumbers, *, hides_mobile: bool) -> bool:
    """Do colleagues see a number, by the settings and by the choice of its owner?"""
    is_hidden = hides_mobile and number.type == MOBILE
    return number.type in SHOWN_TYPES[shown] and not is_hidden


def _read_department(document: Mapping[str, Any]) -> str:
    extension = document.get(ENTERPRISE_SCHEMA) or {}
    return str(extension.get("department") or "")


def list_numbers(document: Mapping[str, Any]) -> list[Number]:
    """Return all telephone numbers of a person, each of them once."""
    return list(dict.fromkeys(_iterate_numbers(document)))


def _iterate_numbers(document: Mapping[str, Any]) -> Iterator[Number]:
    for entry in document.get("phoneNumbers") or ():
        if value := entry.get("value"):
            yield Number(fold(entry.get("type") or ""), value)


def list_some_keys(row: Viewed) -> str:
    """Return those of the keys that are found quickly, without the SCIM resource."""
    return search_words.list_parts(
        f"{row.display_name or row.user_name} {row.work_email or ''}"
    )


def list_keys(colleague: Colleague) -> str:
    """Return the keys by which colleagues find a person; see ``search_words``."""
    return search_words.list_keys(
        {
            "displayName": colleague.name,
            "name": {
                "givenName": colleague.given_name,
                "familyName": colleague.family_name,
            },
            "emails": [{"value": colleague.email}],
            "phoneNumbers": [{"value": each.value} for each in colleague.numbers],
        }
    )
