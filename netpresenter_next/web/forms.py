"""Strict validation of query strings and form bodies, before Flask parses them.

By default, Flask and Flask-WTF also accept JSON and files, and pass on invalid text:
lone surrogates and NUL.  So everything but UTF-8 form fields is refused first.
"""

import re
from urllib.parse import parse_qsl

from flask import abort, request
from flask_wtf.csrf import CSRFProtect

from netpresenter_next.lib.translation import gettext as _

csrf = CSRFProtect()

LARGEST_FORM = 64 * 2**10  # bytes
MOST_FIELDS = 500
_FORM = re.compile(
    r'application/x-www-form-urlencoded *(; *charset *= *("utf-8"|utf-8) *)?;?', re.I
)


def check_query() -> None:
    """Refuse (400) a query string that is not UTF-8, contains NUL, or is too long."""
    if request.query_string:
        _refuse_nul(_parse_fields(request.query_string, "address"), "address")


def check_encoding() -> None:
    """Refuse (400) a query string that is not UTF-8 or has too many fields.

    SCIM validates the values itself, with SCIM errors.
    """
    if request.query_string:
        _parse_fields(request.query_string, "address")


def refuse_body() -> None:
    """Refuse (400) a request body, for methods that take none."""
    if request.get_data():
        abort(400, _("This kind of request takes no body."))


def check_body() -> None:
    """Refuse a body of another type than a form (415), or with invalid fields (400).

    A form without fields has an empty body, and may have no Content-Type.
    """
    media_type = request.headers.get("Content-Type", "").strip()
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    body = request.get_data()  # cached for the form; 413 if it is too large
    is_form = bool(_FORM.fullmatch(media_type)) if media_type else not body
    if not is_form or encoding not in ("", "identity"):
        abort(415)
    _refuse_nul(_parse_fields(body, "form"), "form")


def _parse_fields(encoded: bytes, place: str) -> list[tuple[str, str]]:
    """Parse the fields; refuse invalid UTF-8 (RFC 3629) and too many fields."""
    try:
        return parse_qsl(
            encoded.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError:
        abort(400, _("The %(place)s contains text that is not UTF-8.", place=place))
    except ValueError:
        abort(
            400,
            _(
                "The %(place)s has more than %(most)s fields.",
                place=place,
                most=MOST_FIELDS,
            ),
        )


def _refuse_nul(fields: list[tuple[str, str]], place: str) -> None:
    if any("\0" in name or "\0" in value for name, value in fields):
        abort(400, _("The %(place)s contains a NUL character.", place=place))
