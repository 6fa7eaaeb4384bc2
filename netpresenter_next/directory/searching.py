"""Searching people by their names, addresses and telephone numbers; groups by name.

A search for people reads the index of ``search_index``, whatever their number.  Groups
are few, so a search for them compares the name of each.

A search in a group finds its members, however many other people have the words.  In a
group of up to ``MOST_COUNTED`` members, each is compared.  In a larger one, members are
kept of all who have the words; if these are many, of the first ``MOST_WALKED``.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    literal_column,
    select,
    true,
)

from netpresenter_next.directory import errors, membership_rows, search_words
from netpresenter_next.directory.search_words import MOST_WORDS, Reading
from netpresenter_next.lib.text import to_ascii
from netpresenter_next.lib.translation import format_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.models import MEMBERSHIPS, USERS
from netpresenter_next.storage.search_models import (
    ENTRIES,
    INDEX,
    LONGEST_PREFIX,
    NAME,
    UNINDEXED,
)
from netpresenter_next.storage.totals import MOST_COUNTED, count_some

# People whose index entry is outdated are looked at themselves, the newest of them.
MOST_UNINDEXED = 1_000
# At most so many people are compared with long words.
MOST_COMPARED = 2_000
# Among at most so many people who have the words, the members of a large group are
# looked for.
MOST_WALKED = 10_000
_OUTDATED = select(UNINDEXED.c.user_id)
_CHANGED = _OUTDATED.order_by(UNINDEXED.c.user_id.desc())


class IncompleteSearch(errors.AccountError):
    """A search leaves people out; the message says what to do."""


class Narrowed(NamedTuple):
    """Those of some people whom a search is to find."""

    ids: Sequence[str]
    # Whether some of them were not examined.
    is_partial: bool = False


Narrow = Callable[[Connection, Reading, Sequence[str]], Narrowed]


class FoundPeople(NamedTuple):
    """The ids of the people whom a search finds, at most ``MOST_COUNTED``."""

    ids: list[str]
    # Whether it finds more people than these.
    has_more: bool
    # Whether some people were not looked at, because very many have just changed.
    is_partial: bool
    # Whether some were not, because very many may have the words where it is not seen.
    is_cut: bool = False

    @property
    def notices(self) -> list[str]:
        """Return the sentences that say what the search left out."""
        more = _(
            "More than %(number)s people match: add another word. Only some of them "
            "are listed.",
            number=format_number(MOST_COUNTED),
        )
        partial = _(
            "Very many people have just changed, and some of them were not searched. "
            "Search again in a minute."
        )
        cut = _("The search stopped before everybody was searched: add another word.")
        return (
            [more] * self.has_more
            + [cut] * (self.is_cut and not self.has_more)
            + [partial] * self.is_partial
        )


def find_people(
    connection: Connection,
    text: str,
    narrow: Narrow | None = None,
    group_id: str | None = None,
) -> FoundPeople:
    """Find the people, or the members of a group, who have each word of a text.

    The words may be in any order.  Of several readings of the text, the first counts by
    which anybody is found.  ``narrow`` leaves out people whom the index has and this
    search may not find.
    """
    readings = search_words.read_search(text)
    if not readings:
        return FoundPeople([], has_more=False, is_partial=False)
    keys = _read_changed(connection, group_id)
    ids: Sequence[str] = []
    has_more = is_cut = False
    for search in readings:
        found = [each for each in keys if search_words.matches(search, keys[each])]
        if group_id is None:
            found += _find_indexed(connection, search)
        else:
            members, was_cut = _find_members(connection, search, group_id)
            is_cut = is_cut or was_cut
            found += members
        has_more = len(found) > MOST_COUNTED
        ids = found
        if narrow:
            ids, is_partial = narrow(connection, search, found[: MOST_COUNTED + 1])
            is_cut = is_cut or is_partial
        if ids:
            break
    more_changed = _CHANGED.offset(MOST_UNINDEXED).limit(1)
    return FoundPeople(
        list(ids[:MOST_COUNTED]),
        has_more=has_more,
        is_partial=connection.scalar(more_changed) is not None,
        is_cut=is_cut,
    )


def find_everybody(connection: Connection, text: str) -> Sequence[str]:
    """Return the ids of all people who have each word of a text, in any order.

    Raises IncompleteSearch if they are more than a search finds.
    """
    found = find_people(connection, text)
    if found.has_more:
        raise IncompleteSearch(
            _(
                "More than %(number)s people match, and an export would leave some "
                "of them out: add another word, or search for nothing.",
                number=format_number(MOST_COUNTED),
            )
        )
    if found.is_partial:
        raise IncompleteSearch(*found.notices)
    return found.ids


def _read_changed(connection: Connection, group_id: str | None) -> dict[str, str]:
    """Return the keys of people, or members, whose index entry is outdated, by id."""
    newest = _CHANGED.limit(MOST_UNINDEXED)
    changed = select(USERS.c.id, USERS.c.document).where(USERS.c.id.in_(newest))
    if group_id is not None:
        changed = changed.where(_is_in(group_id, USERS.c.id))
    return {
        row.id: search_words.list_keys(row.document)
        for row in connection.execute(changed)
    }


def _find_members(
    connection: Connection, search: Reading, group_id: str
) -> tuple[Collection[str], bool]:
    """Return the ids of members found in the index, and whether the search was cut."""
    members = select(MEMBERSHIPS.c.user_id).where(MEMBERSHIPS.c.group_id == group_id)
    if count_some(connection, members) <= MOST_COUNTED:
        rows = connection.execute(_select_words(group_id))
        found = [row.user_id for row in rows if search_words.matches(search, row.words)]
        return found, False
    everywhere = _find_indexed(connection, search)
    if len(everywhere) <= MOST_COUNTED:
        return membership_rows.filter_members(connection, group_id, everywhere), False
    walked = select(INDEX.c.rowid).where(_has_keys(_shorten(search)))
    walked = walked.order_by(INDEX.c.rowid).limit(1).offset(MOST_WALKED)
    among = [_is_in(group_id, ENTRIES.c.user_id)]
    if (end := connection.scalar(walked)) is not None:
        among.append(INDEX.c.rowid < end)
    return _find_indexed(connection, search, *among), end is not None


def _find_indexed(
    connection: Connection, search: Reading, *among: ColumnElement[bool]
) -> list[str]:
    """Return the ids of the people, among those of some conditions, in the index.

    Words that are longer than the index has prefixes are compared here, because the
    index would first collect everybody who has them, such as the end of an address.
    """
    short = _shorten(search)
    whole = _select_indexed(search).where(*among).limit(MOST_COUNTED + 1)
    if short == search:
        return list(connection.scalars(whole))
    some = _select_indexed(short).where(*among).limit(MOST_COMPARED)
    rows = connection.execute(some.add_columns(INDEX.c.words)).all()
    found = [row.user_id for row in rows if search_words.matches(search, row.words)]
    if len(rows) < MOST_COMPARED or len(found) > MOST_COUNTED:
        return found
    # Many have the same beginning, so few of them have the whole word.
    return list(connection.scalars(whole))


def _shorten(search: Reading) -> Reading:
    """Return the beginnings of words of which the index has prefixes."""
    return tuple(
        tuple(spelling[:LONGEST_PREFIX] for spelling in spellings)
        for spellings in search
    )


def _select_indexed(search: Reading) -> Select[Any]:
    """Return the query of the ids of those people whose index entry is up to date."""
    return (
        select(ENTRIES.c.user_id)
        .select_from(INDEX)
        .join(ENTRIES, ENTRIES.c.id == INDEX.c.rowid)
        .where(_has_keys(search), ENTRIES.c.user_id.not_in(_OUTDATED))
        .order_by(INDEX.c.rowid)
    )


def _select_words(group_id: str) -> Select[Any]:
    """Return the query of the ids and keys of members whose index entry is current."""
    return (
        select(ENTRIES.c.user_id, INDEX.c.words)
        .select_from(MEMBERSHIPS)
        .join(ENTRIES, ENTRIES.c.user_id == MEMBERSHIPS.c.user_id)
        .join(INDEX, INDEX.c.rowid == ENTRIES.c.id)
        .where(MEMBERSHIPS.c.group_id == group_id)
        .where(ENTRIES.c.user_id.not_in(_OUTDATED))
    )


def _has_keys(search: Reading) -> ColumnElement[bool]:
    return literal_column(NAME).op("MATCH")(search_words.write_query(search))


def _is_in(group_id: str, user_id: Any) -> ColumnElement[bool]:
    this = and_(MEMBERSHIPS.c.group_id == group_id, MEMBERSHIPS.c.user_id == user_id)
    return exists(select(MEMBERSHIPS.c.user_id).where(this))


def has_words(text: str, name: Any) -> ColumnElement[bool]:
    """Return the condition that each word of a text is in a ``shown_name_key``.

    The order of the words does not matter, nor do accents and case.
    """
    words = text.split()[:MOST_WORDS]
    return and_(
        true(), *(name.contains(to_ascii(word), autoescape=True) for word in words)
    )
