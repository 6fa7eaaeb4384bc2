"""Texts in the language of the request: typed functions around those of Flask-Babel.

``make translations`` finds the texts by the calls of these functions.  Outside of a
request, on the command line and in scheduled jobs, every text stays English.
"""

import flask_babel
from flask import has_request_context
from flask_babel import lazy_gettext

__all__ = ["gettext", "lazy_gettext", "marked", "ngettext"]


def gettext(text: str, /, **values: object) -> str:
    """Translate a text; ``values`` are those of its placeholders, ``%(name)s``."""
    if has_request_context():
        return str(flask_babel.gettext(text, **values))
    return text % values if values else text


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """Translate the text for one thing or for many; ``num`` is also a placeholder."""
    if has_request_context():
        return str(flask_babel.ngettext(one, many, num, **values))
    return (one if num == 1 else many) % {"num": num, **values}


def marked(text: str) -> str:
    """Return a constant unchanged; ``gettext`` translates it where it is shown."""
    return text
