"""What the lists of users and groups have in common: pages, search, look-alikes."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Connection, Select, or_

from netpresenter_next.lib.text import fold, whole_number
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db

PAGE_SIZE = 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200


def search_text() -> str:
    """Return what the address searches for."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Match rows of which a folded column holds the text anywhere."""
    return or_(*(column.contains(fold(text), autoescape=True) for column in columns))


def page_of(query: Select[Any]) -> Pagination:
    """Return the page of the rows that the address asks for."""
    number = whole_number(request.args.get("page"), 1, LAST_PAGE) or 1
    return db.paginate(query, page=number, per_page=PAGE_SIZE, error_out=False)


def look_alikes_on(
    of: Callable[[Connection, Collection[str]], Mapping[str, str]], page: Pagination
) -> Mapping[str, str]:
    """Say which of the people or groups of a page look like another, by id."""
    with database.read() as connection:
        return of(connection, [each.id for each in page.items])
