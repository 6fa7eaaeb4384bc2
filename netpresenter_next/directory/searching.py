"""Searching people by their names, addresses and telephone numbers; groups by name.

A search for people reads the index of ``search_index``, whatever their number.  Groups
are few, so a search for them compares the name of each.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    literal_column,
    select,
    true,
)

from netpresenter_next.directory import errors, search_words
from netpresenter_next.directory.search_words import MOST_WORDS, Reading
from netpresenter_next.lib.text import to_ascii
from netpresenter_next.lib.translation import format_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.search_models import (
    ENTRIES,
    INDEX,
    LONGEST_PREFIX,
    NAME,
    UNINDEXED,
)
from netpresenter_next.storage.totals import MOST_COUNTED

# People whose index entry is outdated are looked at themselves, the newest of them.
MOST_UNINDEXED = 1_000
# At most so many people are compared with long words.
MOST_COMPARED = 2_000
_CHANGED = select(UNINDEXED.c.user_id).order_by(UNINDEXED.c.user_id.desc())


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
    connection: Connection, text: str, narrow: Narrow | None = None
) -> FoundPeople:
    """Find the people who have each word of a text, in any order.

    Of several readings of the text, the first counts by which anybody is found.
    ``narrow`` leaves out people whom the index has and this search may not find.
    """
    readings = search_words.read_search(text)
    if not readings:
        return FoundPeople([], has_more=False, is_partial=False)
    newest = _CHANGED.limit(MOST_UNINDEXED)
    changed = select(USERS.c.id, USERS.c.document).where(USERS.c.id.in_(newest))
    keys = {
        row.id: search_words.list_keys(row.document)
        for row in connection.execute(changed)
    }
    ids: Sequence[str] = []
    has_more = is_cut = False
    for search in readings:
        found = [each for each in keys if search_words.matches(search, keys[each])]
        found += _find_indexed(connection, search)
        has_more = len(found) > MOST_COUNTED
        ids = found
        if narrow:
            ids, is_cut = narrow(connection, search, found[: MOST_COUNTED + 1])
        if ids:
            break
    return FoundPeople(
        list(ids[:MOST_COUNTED]),
        has_more=has_more,
        is_partial=connection.scalar(newest.offset(MOST_UNINDEXED)) is not None,
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


def _find_indexed(connection: Connection, search: Reading) -> list[str]:
    """Return the ids of the people who are found in the index.

    Words that are longer than the index has prefixes are compared here, because the
    index would first collect everybody who has them, such as the end of an address.
    """
    short = tuple(
        tuple(spelling[:LONGEST_PREFIX] for spelling in spellings)
        for spellings in search
    )
    if short == search:
        return list(connection.scalars(_select_indexed(search)))
    query = _select_indexed(short, MOST_COMPARED).add_columns(INDEX.c.words)
    rows = connection.execute(query).all()
    found = [row.user_id for row in rows if search_words.matches(search, row.words)]
    if len(rows) < MOST_COMPARED or len(found) > MOST_COUNTED:
        return found
    # Many have the same beginning, so few of them have the whole word.
    return list(connection.scalars(_select_indexed(search)))


def _select_indexed(search: Reading, most: int | None = None) -> Select[Any]:
    """Return the query of the ids of those people whose index entry is up to date."""
    return (
        select(ENTRIES.c.user_id)
        .select_from(INDEX)
        .join(ENTRIES, ENTRIES.c.id == INDEX.c.rowid)
        .where(literal_column(NAME).op("MATCH")(search_words.write_query(search)))
        .where(ENTRIES.c.user_id.not_in(select(UNINDEXED.c.user_id)))
        .order_by(INDEX.c.rowid)
        .limit(most or MOST_COUNTED + 1)
    )


def has_words(text: str, name: Any) -> ColumnElement[bool]:
    """Return the condition that each word of a text is in a ``shown_name_key``.

    The order of the words does not matter, nor do accents and case.
    """
    words = text.split()[:MOST_WORDS]
    return and_(
        true(), *(name.contains(to_ascii(word), autoescape=True) for word in words)
    )
