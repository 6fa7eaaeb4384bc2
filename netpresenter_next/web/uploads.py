"""Forms with a file, which only views that are marked accept.

The body is parsed after it is known that whoever sent it may use the view; until then
only its head is checked.  A file is kept in memory and never stored as it came.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from io import BytesIO
from typing import Any, NamedTuple, TypeVar, cast

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from netpresenter_next.lib.text import format_size
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.web import forms

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

MULTIPART = "multipart/form-data"
# The parts of a form: the file, the token and little else.
MOST_PARTS = 10
# Bytes of a part that is no file; the parser also holds a chunk of a file to that.
LARGEST_PART = 2**20
_LARGEST = "largest_file"


class File(NamedTuple):
    """A file as the browser sent it; the name is text of a stranger."""

    name: str
    content: bytes


def takes_file(largest: int) -> Callable[[View], View]:
    """Mark a view whose form may have a file, of at most ``largest`` bytes.

    Put it below the mark of who may use the view.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(*arguments: Any, **named: Any) -> ResponseReturnValue:
            if is_upload():
                _parse()
                forms.csrf.protect()
            return view(*arguments, **named)

        setattr(answer, _LARGEST, largest)
        return cast(View, answer)

    return mark


def _find_largest() -> int | None:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _LARGEST, None)


def is_upload() -> bool:
    """Is this a form with a file, for a view that takes one?"""
    return request.mimetype == MULTIPART and _find_largest() is not None


def check_head() -> None:
    """Refuse a form with a file that is too large (413) or compressed (415)."""
    largest = _find_largest() or 0
    if request.headers.get("Content-Encoding", "identity").strip() != "identity":
        abort(415)
    request.max_content_length = largest + forms.LARGEST_FORM
    if (request.content_length or 0) > request.max_content_length:
        raise _make_error(largest)


def _make_error(largest: int) -> RequestEntityTooLarge:
    return RequestEntityTooLarge(
        _(
            "The file is larger than %(size)s. Split it into several files, each with "
            "the line of titles.",
            size=format_size(largest),
        )
    )


def _parse() -> None:
    """Parse the body into the form and the files of the request."""
    parser = FormDataParser(
        stream_factory=_keep_in_memory,
        max_form_memory_size=LARGEST_PART,
        max_form_parts=MOST_PARTS,
        silent=False,
    )
    _media_type, options = parse_options_header(request.headers.get("Content-Type"))
    body = request.get_data()
    parts: Sequence[Any] = ()
    with suppress(ValueError):
        _stream, *parts = parser.parse(BytesIO(body), MULTIPART, len(body), options)
    # A part without a name has the name None.
    if not parts or any(None in each for each in parts):
        abort(400, _("The form with the file is not valid."))
    form, files = parts
    request.form = ImmutableMultiDict(form)
    request.files = ImmutableMultiDict(files)


def _keep_in_memory(*_sizes: Any, **_more: Any) -> BytesIO:
    return BytesIO()


def read_file(field: str, largest: int) -> File | None:
    """Return the chosen file of a field, or None; 413 if it is too large."""
    if not is_upload():
        return None
    found = request.files.get(field)
    if found is None or not (found.filename or "").strip():
        return None
    content = found.read()
    if len(content) > largest:
        raise _make_error(largest)
    return File(found.filename or "", content)
