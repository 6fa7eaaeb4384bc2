"""What a page takes: an address and a form, each of them text in UTF-8.

Left to themselves, Flask and Flask-WTF read JSON and files too, and hand on what is no
text: halves of characters, NUL.  So everything else is refused before they look.
"""

import re
from urllib.parse import parse_qsl

from flask import abort, request

LARGEST_FORM = 64 * 2**10  # bytes
MOST_FIELDS = 500
_FORM = re.compile(
    r'application/x-www-form-urlencoded *(; *charset *= *("utf-8"|utf-8) *)?;?', re.I
)


def check_query() -> None:
    """Refuse (400) an address of which the query is not some fields of text."""
    if request.query_string:
        _refuse_nul(_fields(request.query_string, "address"), "address")


def check_encoding() -> None:
    """Refuse (400) an address of which the query is not in UTF-8.

    What SCIM reads in it has refusals of its own.
    """
    if request.query_string:
        _fields(request.query_string, "address")


def refuse_body() -> None:
    """Refuse (400) a body where nothing is sent, only asked for."""
    if request.get_data():
        abort(400, "This kind of request takes no body.")


def check_body() -> None:
    """Refuse what is no form (415), or one that is not some fields of text (400).

    A button without fields sends no body, and then names no type.
    """
    declared = request.headers.get("Content-Type", "").strip()
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    body = request.get_data()  # 413 when it is too large; kept for who reads the form
    is_form = bool(_FORM.fullmatch(declared)) if declared else not body
    if not is_form or encoding not in ("", "identity"):
        abort(415)
    _refuse_nul(_fields(body, "form"), "form")


def _fields(encoded: bytes, place: str) -> list[tuple[str, str]]:
    """Refuse what is no text (RFC 3629 has no surrogates), and what is too much."""
    try:
        return parse_qsl(
            encoded.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError:
        abort(400, f"The {place} contains text that is not UTF-8.")
    except ValueError:
        abort(400, f"The {place} has more than {MOST_FIELDS} fields.")


def _refuse_nul(fields: list[tuple[str, str]], place: str) -> None:
    if any("\0" in name or "\0" in value for name, value in fields):
        abort(400, f"The {place} contains a NUL character.")
