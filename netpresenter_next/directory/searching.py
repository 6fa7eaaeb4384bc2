"""Searching people and groups by words of their names and addresses."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from netpresenter_next.lib.text import fold, to_ascii

# Further words of a search are ignored: every row is compared with each of them.
MOST_WORDS = 8


def has_words(text: str, name: Any, *columns: Any) -> ColumnElement[bool]:
    """Return the condition that each word of a text is in one of the columns.

    The order of the words does not matter.  ``name`` is a ``shown_name_key``, in which
    accents do not matter either; the other columns are case-folded.
    """
    return and_(
        true(),
        *(
            or_(
                name.contains(to_ascii(word), autoescape=True),
                *(each.contains(fold(word), autoescape=True) for each in columns),
            )
            for word in text.split()[:MOST_WORDS]
        ),
    )
