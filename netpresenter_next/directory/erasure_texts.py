"""The names, addresses and numbers of a person, and replacing them in other texts."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.text import fold
from netpresenter_next.storage import choices, database
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.ids import chunks
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import IDENTITIES

ERASED = "(erased)"
# The attributes whose values identify a person, as paths of recorded changes begin.
# A nickname is that of many, and who chooses it could choose somebody else's name.
_IDENTIFYING = ("userName", "displayName", "name", "emails", "phoneNumbers")
# Facts of events that hold a name or address of the person whom they are about.
_NAMING_FACTS = ("account", "claimant")
# The most texts that are looked for, the newest, and the longest: others are in entries
# about the person only, which lose them all.
MOST_TEXTS, LONGEST = 1_000, 1_000
# How many entries are read at a time.
PAGE = 500
# Shorter texts are too common to be looked for.
SHORTEST = 2
# Shorter numbers, such as extensions, occur in other texts.
SHORTEST_NUMBER = 6
# The facts of entries about an erased person that stay: none of them is a name.
_KEPT_FACTS = frozenset(
    (
        *("attributes", "role", "rule", "kind", "method", "filters"),
        *("last_seen", "requested_at", "deleted_at", "at"),
    )
)
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)
# What is stored as a word of a closed list, and may be somebody's user name.
_CODES = frozenset(
    value.value.lower()
    for choice in vars(choices).values()
    if isinstance(choice, type) and issubclass(choice, StrEnum)
    for value in choice
)
# Where an address or a number may begin and end: not within a longer one.
# The extension of a file is no part of an address before it.
_FILE = r"(?:csv|tsv|txt|xlsx?)(?![\w@-]|\.\w)"
_START, _END = r"(?<![\w.+@-])", rf"(?![\w@-]|\.(?!{_FILE})\w)"


def collect(user_id: str) -> list[str]:
    """Return the texts by which a person is or was known here, the longest first.

    The log is read in pages, each in a transaction of its own.
    """
    with database.read() as connection:
        found = collect_present(connection, user_id)
        theirs = (JOURNAL.c.actor_id == user_id, JOURNAL.c.actor_kind == "person")
        names = select(JOURNAL.c.actor_name).where(*theirs).distinct()
        _add(found, connection.scalars(names.limit(MOST_TEXTS)))
    for entries in _read_entries_about(user_id):
        for row in entries:
            _add(found, _list_texts_of_entry(row.target_name, row.changes, row.facts))
        if len(found) > MOST_TEXTS:
            break
    texts = set(islice(found, MOST_TEXTS))
    with database.read() as connection:
        texts -= _list_names_of_others(connection, texts, user_id)
    return _sort(texts)


def add_present(
    connection: Connection, user_id: str, collected: Collection[str]
) -> list[str]:
    """Return the collected texts with those of the account as it is now."""
    new = set(collect_present(connection, user_id)).difference(collected)
    new -= _list_names_of_others(connection, new, user_id)
    return _sort(new.union(collected))


def collect_user_names(connection: Connection, user_id: str) -> list[str]:
    """Return the user names that only this person has or had, the newest 1,000."""
    about = (JOURNAL.c.target_id == user_id, JOURNAL.c.target_type == "User")
    query = select(JOURNAL.c.target_name).where(*about).group_by(JOURNAL.c.target_name)
    newest = query.order_by(func.max(JOURNAL.c.at).desc()).limit(MOST_TEXTS)
    found = {each for each in connection.scalars(newest) if each and each != ERASED}
    for column in (USERS.c.user_name, DELETED_PEOPLE.c.user_name):
        this = column.table.c["id" if column.table is USERS else "user_id"] == user_id
        found.update(filter(None, connection.scalars(select(column).where(this))))
    return leave_out_others(connection, found, user_id)


def leave_out_others(
    connection: Connection, texts: Collection[str], user_id: str
) -> list[str]:
    """Return the texts that are not user names of other people by now."""
    return _sort({*texts} - _list_names_of_others(connection, texts, user_id))


def _sort(texts: Collection[str]) -> list[str]:
    return sorted(texts, key=lambda each: (-len(each), each))


def collect_present(connection: Connection, user_id: str) -> dict[str, None]:
    """Return the texts of the account as it is now, in the order of their weight."""
    found: dict[str, None] = {}
    for column in (IDENTITIES.c.user_name, DELETED_PEOPLE.c.user_name):
        this = column.table.c.user_id == user_id
        _add(found, connection.scalars(select(column).where(this)))
    document = connection.scalar(select(USERS.c.document).where(USERS.c.id == user_id))
    _add(found, _list_identifying(document or {}))
    return found


def _add(found: dict[str, None], texts: Iterable[str | None]) -> None:
    for each in texts:
        if each and SHORTEST <= len(each) <= LONGEST and not _names_nobody(each):
            found[each] = None


def _names_nobody(text: str) -> bool:
    """Is this the word of a list, or a part of what replaces names?"""
    words = text.lower()
    return words in _CODES or words in ERASED or words == COMMAND_LINE.name


def _read_entries_about(user_id: str) -> Iterator[Sequence[JournalEntry]]:
    """Yield the entries about a person, newest first, a page at a time."""
    names = ("id", "at", "target_name", "changes", "facts")
    query = select(*(JOURNAL.c[name] for name in names))
    key = (JOURNAL.c.at, JOURNAL.c.id)
    query = query.where(JOURNAL.c.target_id == user_id).limit(PAGE)
    following = query = query.order_by(*(each.desc() for each in key))
    while True:
        with database.read() as connection:
            rows = every(JournalEntry, connection.execute(following))
        yield rows
        if len(rows) < PAGE:
            return
        following = query.where(tuple_(*key) < tuple_(rows[-1].at, rows[-1].id))


def _list_names_of_others(
    connection: Connection, texts: Collection[str], user_id: str
) -> set[str]:
    """Return the texts that are user names of other people by now."""
    keys: dict[str, set[str]] = {}
    for each in texts:
        keys.setdefault(fold(each), set()).add(each)
    query = select(USERS.c.user_name_key).where(USERS.c.id != user_id)
    found: set[str] = set()
    for part in chunks(list(keys)):
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
        self._distinct = _compile(alternatives)
        if words:
            joined = _join(words)
            alternatives.append(rf"(?<=['\"])(?:{joined})(?=['\"])|\A(?:{joined})\Z")
        self._pattern = _compile(alternatives)

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

    def erase_in_label(self, label: str) -> str:
        """Return the label of a token without the texts, except single words.

        A label is often one word, such as production, which is nobody's name.
        """
        return self._distinct.sub(ERASED, label)


def _compile(alternatives: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(alternatives) or r"(?!)", re.IGNORECASE)


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
