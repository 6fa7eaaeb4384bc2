"""Where a browser came from and what it sent, to go on with that later."""

import re

from flask import has_request_context, request

LONGEST_NEXT = 500
# Printable ASCII without space and backslash, and only one slash to start with:
# everything else is an address on another site for one browser or another.
_SAME_SITE = re.compile(r"/(?!/)[!-\[\]-~]*")


def safe_next(target: str | None) -> str:
    """Return an address of this site to go on to; the home page for any other."""
    if target and len(target) <= LONGEST_NEXT and _SAME_SITE.fullmatch(target):
        return target
    return f"{request.script_root}/" if has_request_context() else "/"


def here() -> str:
    """Return the address that was asked for, to come back to."""
    query = request.query_string.decode("latin-1")
    path = request.script_root + request.path
    return f"{path}?{query}" if query else path


def sent_again(*left_out: str) -> list[tuple[str, str]]:
    """Return the fields of the form that was sent, to be sent once more."""
    ours = {"csrf_token", *left_out}
    return [each for each in request.form.items(multi=True) if each[0] not in ours]
