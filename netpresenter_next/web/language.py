"""The language of a page: the one that the person chose, or that the browser asks for.

``lib/translation.py`` marks and translates the texts; ``translations/`` has what they
are in each language.
"""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

from netpresenter_next.lib.translation import (
    format_number,
    write_date,
    write_day,
    write_decimal,
    write_exact_time,
    write_time,
)
from netpresenter_next.storage.choices import Language
from netpresenter_next.web import security


def init_app(app: Flask) -> None:
    """Translate the texts of each request, and tell templates the language."""
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    Babel(app, default_locale=Language.ENGLISH, locale_selector=find)
    app.add_template_global(find, "page_language")
    app.add_template_global(write_time)
    app.add_template_global(write_date)
    app.add_template_global(write_day)
    app.add_template_global(write_decimal)
    app.add_template_global(write_exact_time)
    app.add_template_global(format_number, "write_number")


def find() -> str:
    """Return the code of the language for the current request; SCIM is in English.

    It reads no row: the person is loaded already where a page is for signed-in people,
    and a page that says that the database does not work must not ask it.
    """
    if not has_request_context() or security.is_scim(request.path):
        return Language.ENGLISH
    user = getattr(g.get("_login_user"), "user", None)
    if user is not None and user.language:
        return str(user.language)
    return find_of_browser()


def find_of_browser() -> str:
    """Return the code of the language that the browser asks for."""
    codes = [each.value for each in Language]
    for tag, quality in request.accept_languages:  # the preferred ones first
        code = tag.partition("-")[0].lower()
        if quality > 0 and code in codes:
            return code
    return Language.ENGLISH
