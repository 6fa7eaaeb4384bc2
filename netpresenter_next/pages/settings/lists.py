"""Pages, search and look-alikes, for the lists of users and groups."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Connection, select

from netpresenter_next.directory import shut_out
from netpresenter_next.directory.sorted_lists import (
    Part,
    Position,
    SortedRows,
    read_page,
)
from netpresenter_next.lib.translation import format_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group, User
from netpresenter_next.storage.totals import MOST_COUNTED
from netpresenter_next.web import context

PAGE_SIZE = 50
LONGEST_SEARCH = 200

T = TypeVar("T")
M = TypeVar("M", User, Group)


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """A page of a list; the positions, for addresses, are empty where nothing is."""

    items: Sequence[T]
    # The number of rows of the list; not exact if there are more than MOST_COUNTED.
    total: int
    is_exact: bool
    before: str = ""
    after: str = ""

    @property
    def letters(self) -> str:
        """Return the letters to jump to, if the list has more than one page."""
        return ascii_uppercase if self.before or self.after else ""

    def describe_total(self, thing: str, things: str) -> str:
        """Return how many rows the list has: 1 person, More than 1,000 people."""
        if not self.is_exact and self.total > MOST_COUNTED:
            most = format_number(MOST_COUNTED)
            return _("More than %(most)s %(things)s", most=most, things=things)
        return f"{format_number(self.total)} {thing if self.total == 1 else things}"


def read_search_text() -> str:
    """Return the search text of the address, at most ``LONGEST_SEARCH`` characters."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def load_page(
    model: type[M], rows: SortedRows, total: int | None = None
) -> ListPage[M]:
    """Return the page of a list that the address names, or the first page.

    ``total`` is the exact number of rows, if it is known.
    """

    def load(ids: Sequence[str]) -> Mapping[str, M]:
        query = select(model).where(model.id.in_(ids))
        return {each.id: each for each in db.session.scalars(query)}

    return load_rows_of_page(load, rows, total)


def load_rows_of_page(
    load: Callable[[Sequence[str]], Mapping[str, T]],
    rows: SortedRows,
    total: int | None = None,
) -> ListPage[T]:
    """Return a page as ``load_page`` does, of what ``load`` returns by id."""
    page = read_page(rows, _read_part(), PAGE_SIZE)
    ids = [each.id for each in page.positions]
    found = load(ids)
    return ListPage(
        items=[found[each] for each in ids if each in found],
        total=rows.count() if total is None else total,
        is_exact=total is not None,
        before=_write_position(page.positions[0]) if page.has_previous else "",
        after=_write_position(page.positions[-1]) if page.has_next else "",
    )


def _read_part() -> Part:
    """Return the part of the list that the address names; the first for nonsense."""
    for name, is_backwards in (("after", False), ("before", True)):
        if position := _read_position(request.args.get(name, "")):
            return Part(position, is_backwards)
    letter = request.args.get("from", "").upper()
    if len(letter) == 1 and letter in ascii_uppercase:
        return Part(Position(letter.lower(), ""))
    return Part(is_backwards="last" in request.args)


def _write_position(position: Position) -> str:
    text = f"{position.id} {position.key}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_position(text: str) -> Position | None:
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    row_id, space, key = content.partition(" ")
    return Position(key, row_id) if space else None


def find_look_alikes(
    of: Callable[[Connection, Collection[str]], Mapping[str, str]], page: ListPage[Any]
) -> Mapping[str, str]:
    """Return the look-alikes of the people or groups on a page, by id."""
    with database.read() as connection:
        return of(connection, [each.id for each in page.items])


def find_shut_out(people: Sequence[User]) -> Collection[str]:
    """Return the ids of those who are active, and have no open way to sign in."""
    installation = context.current().installation
    with database.read() as connection:
        rules = shut_out.read_rules(connection, installation)
        ids = [each.id for each in people]
        return shut_out.find_among(connection, rules, ids)
