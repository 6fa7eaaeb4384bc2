"""Behind a reverse proxy: who the client is, and a proxy that was not declared.

Only the proxy that ``NETPRESENTER_TRUSTED_PROXY`` names is believed.  All who come
through another one share its address, and so its limits; administrators are told.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from netpresenter_next.config.options import Config
from netpresenter_next.web import networks

# What proxies say of the client; nothing but this module reads it.
_SAID = {
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
    """WSGI middleware: puts the client's own address where the proxy's is."""

    def __init__(self, application: Any, config: Config) -> None:
        self._application = application
        self._trusted = networks.parse(config.trusted_proxy)
        self._is_https = urlsplit(config.base_url).scheme == "https"
        self._was_forwarded = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Read what the proxy says, and leave nothing of it for others to believe."""
        said = {name: environ[name] for name in _SAID & environ.keys()}
        heard = {name: environ[name] for name in environ.keys() - _SAID}
        peer = networks.parse(str(environ.get("REMOTE_ADDR", "")))
        if peer is not None:
            heard["REMOTE_ADDR"] = str(peer)
        if said:
            if peer is not None and peer == self._trusted:
                heard |= _believed(said)
            elif self._trusted is None and peer is not None and peer.is_loopback:
                self._note_forwarded()
        return self._application(heard, start)

    def _note_forwarded(self) -> None:
        if not self._was_forwarded:
            self._was_forwarded = True
            logger.warning("%s", self.warning)

    @property
    def warning(self) -> str:
        """Say what to do about a proxy that was not declared; empty for none.

        Only a proxy on this machine is found by what it says: anybody else can say it.
        """
        if self._trusted is not None or not (self._is_https or self._was_forwarded):
            return ""
        where = "127.0.0.1, say" if self._was_forwarded else "its IP address"
        return (
            "Requests come through a reverse proxy that is not configured, so all "
            "visitors seem to have the same address, and wrong passwords of one of "
            "them slow down everybody. Set NETPRESENTER_TRUSTED_PROXY to the address "
            f"of the proxy ({where}), and restart the server."
        )


def _believed(said: dict[str, str]) -> dict[str, str]:
    """Return what the trusted proxy itself added: the last client, and the scheme.

    What stands before it in the header came from the client, who can write anything.
    """
    believed = {}
    client = networks.parse(said.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    if client is not None:
        believed["REMOTE_ADDR"] = str(client)
    scheme = said.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
    if scheme in _SCHEMES:
        believed["wsgi.url_scheme"] = scheme
    return believed
