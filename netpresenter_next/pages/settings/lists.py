"""Pagination, search and look-alikes, for the lists of users and groups."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Connection, Select, or_

from netpresenter_next.lib.text import fold, parse_whole_number, to_ascii
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db

PAGE_SIZE = 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200


def read_search_text() -> str:
    """Return the search text of the address, at most ``LONGEST_SEARCH`` characters."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def contains(text: str, name: Any, *columns: Any) -> ColumnElement[bool]:
    """Return the condition that the key of a name, or a folded column, has the text."""
    parts = (column.contains(fold(text), autoescape=True) for column in columns)
    return or_(name.contains(to_ascii(text), autoescape=True), *parts)


def load_page(query: Select[Any]) -> Pagination:
    """Return the page of rows with the number in the address, or the first page."""
    number = parse_whole_number(request.args.get("page"), 1, LAST_PAGE) or 1
    return db.paginate(query, page=number, per_page=PAGE_SIZE, error_out=False)


def find_look_alikes(
    of: Callable[[Connection, Collection[str]], Mapping[str, str]], page: Pagination
) -> Mapping[str, str]:
    """Return the look-alikes of the people or groups on a page, by id."""
    with database.read() as connection:
        return of(connection, [each.id for each in page.items])
