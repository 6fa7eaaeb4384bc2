"""What pages say about the server: a command to type, missing https, a fault.

Whoever is not an administrator, nor at the machine itself, learns no path of it.
"""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, request
from flask_login import current_user

from netpresenter_next.config import commands
from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.storage import database
from netpresenter_next.storage.state import Fault
from netpresenter_next.web import context, networks, security


def init_app(app: Flask) -> None:
    """Let templates ask."""
    app.jinja_env.globals.update(
        command_to_type=command_to_type,
        is_unencrypted=is_unencrypted,
        storage_fault=storage_fault,
    )


def command_to_type(*words: str) -> str:
    """Return a command for the page, whole where its reader may know the paths."""
    if _is_administrator() or _is_at_the_machine():
        return commands.to_type(context.current().config, *words)
    return commands.short(*words)


def is_unencrypted() -> bool:
    """Can others read what is typed into this page, on its way to the server?"""
    peer = request.remote_addr or ""
    return sends_readable(context.current().config.base_url, request.scheme, peer)


def sends_readable(base_url: str, scheme: str, peer: str) -> bool:
    """Is a connection not encrypted, and not within one machine?

    With a public address it alone says, because a proxy may end https.

    ======================  ===========  ===============  ==============
    public address          scheme       peer             sends readable
    ======================  ===========  ===============  ==============
    https                   any          any              no
    http, of this machine   any          any              no
    http, another           any          any              yes
    none                    https        any              no
    none                    http         this machine     no
    none                    http         another          yes
    ======================  ===========  ===============  ==============
    """
    if base_url:
        url = urlsplit(base_url)
        scheme, peer = url.scheme, url.hostname or ""
    is_here = peer in LOOPBACK_NAMES or networks.is_loopback(peer)
    return scheme == "http" and not is_here


def storage_fault() -> Fault | None:
    """Return what keeps the server from saving anything, on pages of administrators."""
    return database.state().fault if _is_administrator() else None


def _is_administrator() -> bool:
    reader = cast(Any, current_user)
    return bool(reader.is_authenticated and reader.user.is_administrator)


def _is_at_the_machine() -> bool:
    """Without doubt: a proxy beside us would make every visitor look like this."""
    address = urlsplit(security.base_url() or "").hostname
    return address in LOOPBACK_NAMES and networks.is_loopback(request.remote_addr or "")
