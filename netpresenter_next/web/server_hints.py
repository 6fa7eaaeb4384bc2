"""Hints about the server on pages: a command to type, missing https, a database fault.

Only administrators, and browsers on the machine itself, see paths of the server.
"""

from urllib.parse import urlsplit

from flask import Flask, request

from netpresenter_next.config import commands
from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.storage import database
from netpresenter_next.storage.state import Fault
from netpresenter_next.web import context, networks, security, signed_in


def init_app(app: Flask) -> None:
    """Register the functions for templates."""
    app.jinja_env.globals.update(
        format_command=format_command,
        is_unencrypted=is_unencrypted,
        storage_fault=storage_fault,
    )


def format_command(*words: str) -> str:
    """Return a command line for a page, with paths where its reader may see them."""
    if signed_in.is_administrator() or _is_at_the_machine():
        return commands.format_command(context.current().config, *words)
    return commands.format_short_command(*words)


def is_unencrypted() -> bool:
    """Is this page sent unencrypted over a network?"""
    peer = request.remote_addr or ""
    return is_exposed(context.current().config.base_url, request.scheme, peer)


def is_exposed(base_url: str, scheme: str, peer: str) -> bool:
    """Is a connection unencrypted and not within one machine?

    If there is a public address, it alone decides, because a proxy may terminate TLS.

    ======================  ===========  ===============  ==============
    public address          scheme       peer             exposed
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
    """Return the fault that prevents writing to the database, for administrators."""
    return database.state().fault if signed_in.is_administrator() else None


def _is_at_the_machine() -> bool:
    """Is the browser on this machine?  Only certain where no proxy can be in between.

    A proxy on the machine would give every visitor a loopback address.
    """
    address = urlsplit(security.base_url() or "").hostname
    return address in LOOPBACK_NAMES and networks.is_loopback(request.remote_addr or "")
