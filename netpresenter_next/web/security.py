"""Checks of every request: host, origin, form.

Nothing here depends on who is signed in; that is up to ``access_control``.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import Forbidden
from werkzeug.sansio.utils import get_current_url

from netpresenter_next.config.options import LOOPBACK_NAMES, Config
from netpresenter_next.lib import timestamps
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.web import context, forms, response_headers, uploads
from netpresenter_next.web.forwarding import Forwarding

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
# Suffixes of names that nobody can register in the public DNS.
LOCAL_NAMES = (".local", ".lan", ".home.arpa", ".internal")
UNKNOWN_HOST = marked(
    "This server does not recognise the host name in the request. Set "
    "NETPRESENTER_BASE_URL to its public address, for example "
    "https://news.example.org, and restart it."
)
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::[0-9]{1,5})?")
STANDARD_PORTS = {"http": 80, "https": 443}


def init_app(app: Flask, config: Config) -> None:
    """Protect every request of the application."""
    forwarding = Forwarding(app.wsgi_app, config)
    app.wsgi_app = forwarding  # type: ignore[assignment, method-assign]
    app.add_template_global(lambda: forwarding.warning, "proxy_warning")
    is_https = config.base_url.startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-npn_session" if is_https else "npn_session",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,  # _check_request checks, for pages only
        WTF_CSRF_TIME_LIMIT=None,  # valid as long as the session it is bound to
        WTF_CSRF_SSL_STRICT=False,  # _refuse_other_origins checks, with http too
    )
    app.session_interface = PageSessions()
    forms.csrf.init_app(app)
    app.before_request(_check_request)
    response_headers.init_app(app, config)


def serve_below_public_path(app: Flask, config: Config) -> None:
    """Serve below the path of the public address, whether or not the proxy strips it.

    Call it last: all other WSGI middleware must see the path without that prefix.
    """
    if path := urlsplit(config.base_url).path:
        app.wsgi_app = _mount_below(path, app.wsgi_app)  # type: ignore[method-assign]


def _mount_below(path: str, application: Any) -> Any:
    def answer(environ: dict[str, Any], start: Any) -> Any:
        path_info = "/" + environ.get("PATH_INFO", "").lstrip("/")
        if path_info == path or path_info.startswith(f"{path}/"):
            path_info = path_info.removeprefix(path) or "/"
        return application(
            {**environ, "SCRIPT_NAME": path, "PATH_INFO": path_info}, start
        )

    return answer


def is_scim(path: str) -> bool:
    """Is this a path of the SCIM endpoints, which have no pages and no cookies?"""
    return path == "/scim" or path.startswith("/scim/")


class PageSessions(SecureCookieSessionInterface):
    """Cookie sessions for pages; SCIM and static files neither read nor set one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie, for pages only."""
        if is_scim(request.path) or request.path.startswith("/static/"):
            return None
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return a serializer that accepts cookies after the clock was set back."""
        signing = super().get_signing_serializer(app)
        if signing is not None:
            signing.signer = timestamps.ClockTolerantSigner
        return signing


# --------------------------------------------------------------- request checks
def _check_request() -> None:
    _refuse_other_hosts()
    if is_scim(request.path):
        forms.check_encoding()
        return
    forms.check_query()
    request.max_content_length = forms.LARGEST_FORM
    if request.method in SAFE_METHODS:
        forms.refuse_body()
        return
    _refuse_other_origins()
    if uploads.is_upload():
        uploads.check_head()  # the view checks the rest, and the token
        return
    forms.check_body()
    forms.csrf.protect()


@lru_cache(maxsize=8)
def _hosts_of(base_url: str) -> frozenset[str]:
    """Return the Host headers that are valid for the public address."""
    if not base_url:
        return frozenset()
    url = urlsplit(base_url)
    host = f"[{url.hostname}]" if ":" in str(url.hostname) else str(url.hostname)
    port = url.port or STANDARD_PORTS[url.scheme]
    is_standard = port == STANDARD_PORTS[url.scheme]
    return frozenset({f"{host}:{port}", *([host] if is_standard else [])})


def _refuse_other_hosts() -> None:
    allowed = _hosts_of(_public_url())
    host = request.environ.get("HTTP_HOST", "").lower()
    if not allowed:
        if not is_safe_host(host, request.remote_addr or ""):
            abort(400, _(UNKNOWN_HOST))
    elif host not in allowed and not _is_from_this_machine():
        abort(
            400,
            _(
                "This is not the public address of this server. Use the address "
                "%(address)s.",
                address=_public_url(),
            ),
        )


@lru_cache(maxsize=256)
def is_safe_host(host: str, peer: str) -> bool:
    """Is this Host header safe from DNS rebinding, without a known public address?

    The owner of a name can let it resolve to this server.  For a browser, their pages
    then have the same origin as ours (DNS rebinding).

    ===============================  ============  ===============
    Host                             this machine  another machine
    ===============================  ============  ===============
    an IP address, or localhost      yes           yes
    a name of the local network      no            yes
    a name that somebody can own     no            no
    ===============================  ============  ===============
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1] or match[2]
    if name == "localhost" or _as_address(name):
        return True
    is_local = "." not in name or name.endswith(LOCAL_NAMES)
    peer_address = _as_address(peer)
    return is_local and peer_address is not None and not peer_address.is_loopback


def _as_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_from_this_machine() -> bool:
    """Are both the peer address and the Host header loopback?"""
    return _are_loopback(request.host, request.remote_addr or "")


@lru_cache(maxsize=256)
def _are_loopback(host: str, address: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    peer = _as_address(address)
    return name in LOOPBACK_NAMES and peer is not None and peer.is_loopback


def _refuse_other_origins() -> None:
    """Refuse a form that another site sent; raises Forbidden.

    ``Sec-Fetch-Site`` decides; older browsers send ``Origin`` or ``Referer`` instead.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        sender = request.headers.get("Origin") or request.headers.get("Referer", "")
        ours = {_origin(request.host_url), _origin(_public_url())} - {""}
        site = "same-origin" if _origin(sender) in ours else "unknown"
    if site != "same-origin":
        raise Forbidden(
            _("This form was sent from another site, so nothing was changed.")
        )


def _origin(url: str) -> str:
    """Return the origin of a URL; empty if it is not a valid absolute URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.netloc else ""


def _public_url() -> str:
    return context.current().config.base_url


def base_url() -> str | None:
    """Return the public address of this installation, or None if it is not known.

    Without the setting, the Host header is trusted only if both it and the peer are
    loopback, because other clients can send any Host header.
    """
    if _public_url():
        return _public_url()
    if not _is_from_this_machine():
        return None
    return _loopback_url(request.scheme, request.host)


@lru_cache(maxsize=256)
def _loopback_url(scheme: str, host: str) -> str:
    return get_current_url(scheme, host).rstrip("/")
