"""Connections: the time limit for a request, and error responses of the server."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error

from netpresenter_next.config.options import Config
from netpresenter_next.scim.errors import BODY_TOO_LARGE, ScimError, TooLarge
from netpresenter_next.server.framing import Parser, path_of
from netpresenter_next.web import networks, response_headers, security

# The time limit for receiving one complete request.
REQUEST_SECONDS = 20.0
# The limit on connections from one network, so that one client cannot use all of them.
# It does not apply to a proxy.
MOST_OF_ONE_NETWORK = 200


class ErrorResponseTask(ErrorTask):
    """The response to a request that is refused before it reaches the application.

    It has the headers of every response, and a SCIM error body below /scim.
    """

    def execute(self) -> None:
        """Send the response, and close the connection."""
        request: Any = self.request
        connection: Any = self.channel
        media_type, body = _make_body(
            request.error, connection.is_scim(path_of(request.first_bytes))
        )
        self.version = "1.1"  # the request may name an invalid version
        self.status = f"{request.error.code} {request.error.reason}"
        self.response_headers = [("Content-Type", media_type), *connection.headers]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def _make_body(error: Error, is_scim: bool) -> tuple[str, bytes]:
    if not is_scim:
        text = f"{error.code} {error.reason}\n\n{error.body}\n"
        return "text/plain; charset=utf-8", text.encode()
    scim_error = ScimError(f"{error.reason}: {error.body}")
    if error.code == TooLarge.status:
        scim_error = TooLarge(BODY_TOO_LARGE)
    scim_error.status = error.code
    return "application/scim+json", json.dumps(scim_error.to_document()).encode()


class ResponseTask(WSGITask):
    """A response of the application."""

    def build_response_header(self) -> bytes:
        """Send "Connection: close" with the last response before a stop.

        Otherwise the client could send another request, which would be lost.
        """
        request: Any = self.request
        connection: Any = self.channel
        if connection.is_stopping and len(connection.requests) == 1:
            request.headers["CONNECTION"] = "close"  # as if the client had asked for it
        header: bytes = super().build_response_header()
        return header


class Channel(HTTPChannel):
    """A connection that is closed when a request takes too long to arrive."""

    is_stopping = False  # set on the class, of which each server has its own
    parser_class = Parser
    task_class = ResponseTask
    error_task_class = ErrorResponseTask
    request_seconds = REQUEST_SECONDS
    config: Config

    def __init__(self, *args: Any, **options: Any) -> None:
        # The time limit also applies to a connection that has not sent anything yet.
        self._awaited_since: float | None = time.monotonic()
        super().__init__(*args, **options)
        self._network = networks.network_of(str(self.addr[0]) if self.addr else "")
        self.will_close |= self._has_too_many_connections()

    def _is_shared(self) -> bool:
        """Can the address be that of a proxy, with clients of many networks?"""
        peer = networks.parse(str(self.addr[0])) if self.addr else None
        proxy = networks.parse(self.config.trusted_proxy)
        return peer is None or peer.is_loopback or peer == proxy

    def _has_too_many_connections(self) -> bool:
        if self._is_shared():
            return False
        server: Any = self.server
        others = list(server.active_channels.values())
        same: int = sum(
            each._network == self._network for each in others if each is not self
        )
        return same >= MOST_OF_ONE_NETWORK

    def received(self, data: bytes) -> bool:
        """Process received bytes, and note since when a request is incomplete."""
        if self._awaited_since is None:
            self._awaited_since = time.monotonic()
        consumed = super().received(data)
        if self.request is None:
            self._awaited_since = None
        return consumed

    def readable(self) -> bool:
        """Apply the time limit; waitress calls this at least once a second."""
        since = self._awaited_since
        if since is not None and not self.requests:
            self.will_close |= time.monotonic() - since > self.request_seconds
        return super().readable()

    @property
    def is_idle(self) -> bool:
        """Is there neither a request nor a response in progress?"""
        # In this order: a response is written before its request is removed.
        return not (self.requests or self.request or self.total_outbufs_len)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of every response."""
        return (*response_headers.headers_of(self.config), response_headers.NO_STORE)

    def is_scim(self, path: str) -> bool:
        """Is this path of a request below the SCIM endpoint?"""
        own = urlsplit(self.config.base_url).path
        return security.is_scim(path.removeprefix(own))


def make_channel_class(config: Config) -> type[Channel]:
    """Make the class of the connections of one server."""
    return type("ConfiguredChannel", (Channel,), {"config": config})
