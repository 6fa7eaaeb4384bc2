"""The names, addresses and numbers of a person, and replacing them in other texts."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from netpresenter_next.lib.text import fold
from netpresenter_next.storage import choices
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES

ERASED = "(erased)"
# The attributes whose values identify a person, as paths of recorded changes begin.
# A nickname is that of many, and who chooses it could choose somebody else's name.
_IDENTIFYING = ("userName", "displayName", "name", "emails", "phoneNumbers")
# Facts of events that hold a name or address of the person whom they are about.
_NAMING_FACTS = ("account", "claimant")
# The most entries about a person from which names are collected.
MOST_ENTRIES = 2_000
# Shorter texts are too common to be looked for.
SHORTEST = 2
# Shorter numbers, such as extensions, occur in other texts.
SHORTEST_NUMBER = 6
# The facts of entries about an erased person that stay: none of them is a name.
_KEPT_FACTS = frozenset(
    (
        *("attributes", "role", "rule", "kind", "method"),
        *("last_seen", "requested_at", "deleted_at", "at"),
    )
)
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)
# The values of a list of SQL.
MOST_VALUES = 500
# What is stored as a word of a closed list, and may be somebody's user name.
_CODES = frozenset(
    value.value.lower()
    for choice in vars(choices).values()
    if isinstance(choice, type) and issubclass(choice, StrEnum)
    for value in choice
)
# Where an address or a number may begin and end: not within a longer one.
_START, _END = r"(?<![\w.+@-])", r"(?![\w@-]|\.\w)"


def collect(connection: Connection, user_id: str) -> list[str]:
    """Return all texts by which a person is or was known here, the longest first."""
    found: set[str] = set()
    document = connection.scalar(select(USERS.c.document).where(USERS.c.id == user_id))
    found.update(_list_identifying(document or {}))
    for column in (IDENTITIES.c.user_name, DELETED_PEOPLE.c.user_name):
        this = column.table.c.user_id == user_id
        found.update(connection.scalars(select(column).where(this)))
    columns = (JOURNAL.c.target_name, JOURNAL.c.changes, JOURNAL.c.facts)
    entries = select(*columns).where(JOURNAL.c.target_id == user_id)
    newest = entries.order_by(JOURNAL.c.id.desc()).limit(MOST_ENTRIES)
    for row in connection.execute(newest):
        found.update(_list_texts_of_entry(row.target_name, row.changes, row.facts))
    texts = {each for each in found if each and len(each) >= SHORTEST}
    texts = {each for each in texts if each.lower() not in _CODES}
    texts -= _list_names_of_others(connection, texts, user_id)
    return sorted(texts, key=lambda each: (-len(each), each))


def _cut(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), MOST_VALUES):
        yield keys[start : start + MOST_VALUES]


def _list_names_of_others(
    connection: Connection, texts: Collection[str], user_id: str
) -> set[str]:
    """Return the texts that are user names of other people by now."""
    keys: dict[str, set[str]] = {}
    for each in texts:
        keys.setdefault(fold(each), set()).add(each)
    query = select(USERS.c.user_name_key).where(USERS.c.id != user_id)
    found: set[str] = set()
    for part in _cut(list(keys)):
        this = query.where(USERS.c.user_name_key.in_(part))
        found.update(*(keys[key] for key in connection.scalars(this)))
    return found


def _list_texts_of_entry(
    target_name: str | None,
    changes: Sequence[Mapping[str, Any]] | None,
    facts: Mapping[str, Any] | None,
) -> Iterator[str]:
    yield target_name or ""
    for change in changes or ():
        name = str(change.get("attribute", "")).partition(".")[0]
        for value in (change.get("old"), change.get("new")):
            yield from _list_identifying({name: value})
    for name in _NAMING_FACTS:
        yield str((facts or {}).get(name) or "")


def _list_identifying(document: Mapping[str, Any]) -> Iterator[str]:
    """Return names, addresses and numbers; parts of a name only joined.

    A first name alone is that of many.
    """
    for attribute in _IDENTIFYING:
        value = document.get(attribute)
        if isinstance(value, str) and attribute != "name":
            yield value
        elif isinstance(value, Mapping):
            yield str(value.get("formatted") or "")
            parts = (value.get("givenName"), value.get("familyName"))
            if all(parts):
                yield " ".join(map(str, parts))
                yield ", ".join(map(str, reversed(parts)))
        elif isinstance(value, list):
            for each in value:
                yield str(each.get("value") or "") if isinstance(each, dict) else ""


class Eraser:
    """Replaces the texts of a person.

    A text of several words, an address or a number is replaced within other texts.  A
    single word may be part of somebody else's name, so it is replaced only where it is
    the whole text, or in quotation marks.
    """

    def __init__(self, texts: Collection[str]) -> None:
        distinct = [each for each in texts if _is_distinct(each)]
        words = [each for each in texts if each not in distinct]
        alternatives = []
        if distinct:
            alternatives.append(rf"{_START}(?:{_join(distinct)}){_END}")
        if words:
            joined = _join(words)
            alternatives.append(rf"(?<=['\"])(?:{joined})(?=['\"])|\A(?:{joined})\Z")
        self._pattern = re.compile("|".join(alternatives) or r"(?!)", re.IGNORECASE)

    def erase(self, value: Any) -> Any:
        """Return a JSON value without the texts: the same object if there are none."""
        if isinstance(value, str):
            return self._pattern.sub(ERASED, value)
        if isinstance(value, Mapping):
            erased = {name: self.erase(each) for name, each in value.items()}
            return value if erased == value else erased
        if isinstance(value, list):
            return [self.erase(each) for each in value]
        return value


def _is_distinct(text: str) -> bool:
    """Can this text hardly be part of what names somebody else, or nobody?"""
    is_short_number = text.isdigit() and len(text) < SHORTEST_NUMBER
    return bool(re.search(r"\W|\d", text)) and not is_short_number


def _join(texts: Collection[str]) -> str:
    return "|".join(map(re.escape, texts))


def is_code(name: str, fact: Any) -> bool:
    """Is this fact of an event one that names nobody?"""
    if name in _KEPT_FACTS or not isinstance(fact, str | list):
        return True
    # The code of a reason, not a sentence.
    return name == "reason" and isinstance(fact, str) and bool(_CODE.fullmatch(fact))
