"""Texts in the language of the request: typed functions around those of Flask-Babel.

``make translations`` finds the texts by the calls of these functions.  Outside of a
request, on the command line and in scheduled jobs, every text is English, except within
``in_language``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

import flask_babel
from flask import has_request_context
from flask_babel import lazy_gettext

from netpresenter_next.lib import timestamps

__all__ = [
    "format_number",
    "gettext",
    "in_english",
    "in_language",
    "lazy_gettext",
    "marked",
    "ngettext",
    "write_date",
    "write_day",
    "write_decimal",
    "write_exact_time",
    "write_minute",
    "write_time",
]


# Is a language chosen by ``in_language``?
_is_chosen: ContextVar[bool] = ContextVar("is_chosen", default=False)


def _is_translated() -> bool:
    return has_request_context() or _is_chosen.get()


def gettext(text: str, /, **values: object) -> str:
    """Translate a text; ``values`` are those of its placeholders, ``%(name)s``."""
    if _is_translated():
        return str(flask_babel.gettext(text, **values))
    return text % values if values else text


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """Translate the text for one thing or for many; ``num`` is also a placeholder."""
    if _is_translated():
        return str(flask_babel.ngettext(one, many, num, **values))
    return (one if num == 1 else many) % {"num": num, **values}


def marked(text: str) -> str:
    """Return a constant unchanged; ``gettext`` translates it where it is shown."""
    return text


def format_number(number: int) -> str:
    """Write a whole number with the separators of the language: 1,234 or 1.234."""
    if _is_translated():
        return str(flask_babel.format_decimal(number))
    return f"{number:,}"


def write_decimal(number: float) -> str:
    """Write a number with one decimal: 1,234.5 or 1.234,5."""
    if _is_translated():
        return str(flask_babel.format_decimal(number, "#,##0.0"))
    return f"{number:,.1f}"


def write_minute(at: datetime) -> str:
    """Write a moment, for a sentence that says itself that it is in UTC."""
    return write_time(at).removesuffix(" UTC")


def write_time(at: datetime) -> str:
    """Write a moment in UTC, for example 3 Nov 2026, 09:05 UTC."""
    if not _is_translated():
        return timestamps.format_time(at)
    return _write_in_utc(at, "d MMM y, HH:mm")


def write_exact_time(at: datetime) -> str:
    """Write a moment in UTC to the second, for a page: 3 Nov 2026, 09:05:59 UTC."""
    return _write_in_utc(at, "d MMM y, HH:mm:ss")


def _write_in_utc(at: datetime, pattern: str) -> str:
    return f"{flask_babel.format_datetime(at, pattern, rebase=False)} UTC"


def write_day(at: datetime) -> str:
    """Write the day of a moment in UTC, for example 3 Nov 2026."""
    if not _is_translated():
        return timestamps.format_day(at)
    return str(flask_babel.format_datetime(at, "d MMM y", rebase=False))


def write_date(day: date) -> str:
    """Write a day with the name of its month, for example 3 November 2026."""
    if not _is_translated():
        return f"{day.day} {day:%B %Y}"
    return str(flask_babel.format_date(day, "d MMMM y"))


@contextmanager
def in_english() -> Iterator[None]:
    """Write texts in English here, whatever the language around it is.

    Entries of the logs are English on every page, as they are in files and on the
    command line: people compare and search them.
    """
    if not _is_translated():
        yield
        return
    with flask_babel.force_locale("en"):
        yield


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write texts in this language here; needs an application context.

    A message that a scheduled job sends has no reader's browser that says which.
    """
    before = _is_chosen.set(True)
    try:
        with flask_babel.force_locale(code):
            yield
    finally:
        _is_chosen.reset(before)
