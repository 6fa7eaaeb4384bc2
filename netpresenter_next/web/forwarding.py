"""Reverse proxies: the address of the client, and a warning about an unknown proxy.

Only the proxy in ``NETPRESENTER_TRUSTED_PROXY`` is trusted.  All clients of another
proxy seem to have its address, so they share its rate limits; administrators get a
warning about that.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from netpresenter_next.config.options import Config
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.web import networks

# Headers in which proxies describe the client; only this module reads them.
_PROXY_HEADERS = {
    f"HTTP_{name}"
    for name in (
        "FORWARDED",
        "X_FORWARDED_FOR",
        "X_FORWARDED_PROTO",
        "X_FORWARDED_HOST",
        "X_FORWARDED_PORT",
        "X_FORWARDED_BY",
        "X_REAL_IP",
    )
}
_SCHEMES = ("http", "https")

logger = logging.getLogger(__name__)


class Forwarding:
    """WSGI middleware that replaces the trusted proxy's address by the client's."""

    def __init__(self, application: Any, config: Config) -> None:
        self._application = application
        self._trusted = networks.parse(config.trusted_proxy)
        self._is_https = urlsplit(config.base_url).scheme == "https"
        self._was_forwarded = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Apply the headers of the trusted proxy, and remove all proxy headers."""
        headers = {name: environ[name] for name in _PROXY_HEADERS & environ.keys()}
        cleaned = {name: environ[name] for name in environ.keys() - _PROXY_HEADERS}
        peer = networks.parse(str(environ.get("REMOTE_ADDR", "")))
        if peer is not None:
            cleaned["REMOTE_ADDR"] = str(peer)
        if headers:
            if peer is not None and peer == self._trusted:
                cleaned |= _read_headers(headers)
            elif self._trusted is None and peer is not None and peer.is_loopback:
                self._note_forwarded()
        return self._application(cleaned, start)

    def _note_forwarded(self) -> None:
        if not self._was_forwarded:
            self._was_forwarded = True
            logger.warning("%s", self.warning)

    @property
    def warning(self) -> str:
        """Return a warning about a proxy that is not configured, else an empty text.

        Only a proxy on this machine is detected by its headers: other clients could
        send the same headers.
        """
        if self._trusted is not None or not (self._is_https or self._was_forwarded):
            return ""
        where = _("127.0.0.1, say") if self._was_forwarded else _("its IP address")
        return _(
            "Requests come through a reverse proxy that is not configured, so all "
            "visitors seem to have the same address, and wrong passwords of one of "
            "them slow down everybody. Set NETPRESENTER_TRUSTED_PROXY to the address "
            "of the proxy (%(where)s), and restart the server.",
            where=where,
        )


def _read_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return the address and scheme that the trusted proxy itself added.

    That is the last value of each header: earlier ones can be forged by the client.
    """
    values = {}
    client = networks.parse(headers.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    if client is not None:
        values["REMOTE_ADDR"] = str(client)
    scheme = headers.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2]
    scheme = scheme.strip().lower()
    if scheme in _SCHEMES:
        values["wsgi.url_scheme"] = scheme
    return values
