"""Returning to a page after sign-in, and sending a form again after authentication."""

import json
import re
from urllib.parse import urlsplit

from flask import current_app, has_request_context, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import RequestRedirect

from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.storage.encryption import DecryptionFailed
from netpresenter_next.web import context

# Four of this length fit into the cookie: one for each attempt to sign in.
LONGEST_NEXT = 200
# What is only in a page may be longer: a list with all filters and a long search.
LONGEST_ADDRESS = 3_000
ENCRYPTED_FORM_FIELD = "sealed_form"
ENCRYPTED_FORM_SECONDS = 600
# One slash, then printable ASCII without space and backslash: some browsers take
# everything else for an address on another site.
_SAME_SITE = re.compile(r"/(?!/)[!-\[\]-~]*")


class ExpiredForm(BadRequest):
    """A form was kept for longer than ``ENCRYPTED_FORM_SECONDS``, or is not theirs."""

    description = _l("This form was kept for too long, so nothing was changed.")


def safe_next(target: str | None, longest: int = LONGEST_NEXT) -> str:
    """Return ``target`` if it is an address on this site, else the home page."""
    if target and len(target) <= longest and _SAME_SITE.fullmatch(target):
        return target
    return f"{request.script_root}/" if has_request_context() else "/"


def find_page(target: str | None) -> str:
    """Return ``target`` if it is a page on this site, else the home page.

    Some pages answer a form, and their address shows nothing otherwise.
    """
    address = safe_next(target)
    path = urlsplit(address).path.removeprefix(request.script_root)
    return address if _has_page(path) else f"{request.script_root}/"


def get_current_address() -> str:
    """Return path and query of this request, to come back to."""
    query = request.query_string.decode("latin-1")
    path = request.script_root + request.path
    return f"{path}?{query}" if query else path


def find_form_page() -> str:
    """Return the address of the page whose form was sent, else the home page.

    That is the page that the browser names, or the one that has the address of the
    form; some forms are sent to an address that has no page.
    """
    root = request.script_root
    for url in (request.headers.get("Referer", ""), request.url):
        target = _to_address(url)
        path = target.partition("?")[0].removeprefix(root)
        if target.startswith(f"{root}/") and _has_page(path):
            return safe_next(target)
    return f"{root}/"


def _to_address(url: str) -> str:
    """Return path and query of a URL; empty if it is not valid."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _has_page(path: str) -> bool:
    """Does a GET of this path show something?"""
    try:
        current_app.url_map.bind_to_environ(request).match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


# --------------------------------------------------------------- forms sent again
def encrypt_form(user_id: str, *excluded: str) -> str:
    """Encrypt the fields of the form that was sent, for a hidden field of a page.

    The fields may contain a secret, which no page may show.  They can be decrypted for
    ``ENCRYPTED_FORM_SECONDS``, by the same person at the same address.  Fields named
    in ``excluded`` are left out.
    """
    own_fields = {"csrf_token", ENCRYPTED_FORM_FIELD, *excluded}
    fields = [
        each for each in request.form.items(multi=True) if each[0] not in own_fields
    ]
    text = json.dumps([user_id, request.path, fields])
    return context.current().encryption_key.encrypt(text).decode("ascii")


def restore_encrypted_form(user_id: str) -> None:
    """Decrypt a form of ``encrypt_form``, if sent; add its fields to ``request.form``.

    Raises ExpiredForm if it has expired, or belongs to another person or address.
    """
    encrypted = request.form.get(ENCRYPTED_FORM_FIELD)
    if encrypted is None:
        return
    try:
        encryption_key = context.current().encryption_key
        decrypted = json.loads(
            encryption_key.decrypt(encrypted.encode("utf-8"), ENCRYPTED_FORM_SECONDS)
        )
        *bound_to, fields = decrypted
    except (DecryptionFailed, ValueError):
        bound_to, fields = [], []
    if bound_to != [user_id, request.path]:
        raise ExpiredForm
    fields += [
        each
        for each in request.form.items(multi=True)
        if each[0] != ENCRYPTED_FORM_FIELD
    ]
    request.form = ImmutableMultiDict(fields)
