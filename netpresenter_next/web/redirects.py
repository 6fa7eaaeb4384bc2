"""Where a browser came from and what it sent, to go on with that later."""

import json
import re

from flask import abort, has_request_context, request
from werkzeug.datastructures import ImmutableMultiDict

from netpresenter_next.storage.encryption import DecryptionFailed
from netpresenter_next.web import context

# Four of them fit the cookie, one for each attempt to sign in with Microsoft.
LONGEST_NEXT = 200
SEALED_FORM = "sealed_form"
SEALED_SECONDS = 600
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


# --------------------------------------------------------------- forms sent once more
def sealed_form(user_id: str, *left_out: str) -> str:
    """Encrypt the fields of the form that was sent, for a page to carry.

    They may hold a secret, and no page shows one.  They open for the same person at
    the same address only, for ten minutes.
    """
    ours = {"csrf_token", SEALED_FORM, *left_out}
    fields = [each for each in request.form.items(multi=True) if each[0] not in ours]
    text = json.dumps([user_id, request.path, fields])
    return context.current().encryption_key.encrypt(text).decode("ascii")


def open_sealed_form(user_id: str) -> None:
    """Put the fields of a sealed form, if one came, where forms are read from."""
    sealed = request.form.get(SEALED_FORM)
    if sealed is None:
        return
    try:
        encryption_key = context.current().encryption_key
        opened = json.loads(
            encryption_key.decrypt(sealed.encode("utf-8"), SEALED_SECONDS)
        )
        *bound, fields = opened
    except (DecryptionFailed, ValueError):
        bound, fields = [], []
    if bound != [user_id, request.path]:
        abort(400, "This form has expired, so nothing was changed.")
    fields += [
        each for each in request.form.items(multi=True) if each[0] != SEALED_FORM
    ]
    request.form = ImmutableMultiDict(fields)
