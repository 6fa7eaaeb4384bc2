"""A connection: how long it may take to ask, and what it hears when it is refused."""

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
from netpresenter_next.web import networks, security

# How long a client may take to send one whole request.
REQUEST_SECONDS = 20.0
# Connections of one network, so that nobody alone takes all that there are; a proxy has
# those of everybody.
MOST_OF_ONE_NETWORK = 200


class RefusalTask(ErrorTask):
    """The one answer to a request that never reaches the application.

    It is what an answer of the application would be: our headers, JSON below /scim.
    """

    def execute(self) -> None:
        """Answer, and close the connection."""
        request: Any = self.request
        connection: Any = self.channel
        media_type, body = _written(
            request.error, connection.is_scim(path_of(request.opening))
        )
        self.version = "1.1"  # ours: that of the request may be none at all
        self.status = f"{request.error.code} {request.error.reason}"
        self.response_headers = [("Content-Type", media_type), *connection.headers]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def _written(error: Error, is_scim: bool) -> tuple[str, bytes]:
    if not is_scim:
        text = f"{error.code} {error.reason}\n\n{error.body}\n"
        return "text/plain; charset=utf-8", text.encode()
    refusal = ScimError(f"{error.reason}: {error.body}")
    if error.code == TooLarge.status:
        refusal = TooLarge(BODY_TOO_LARGE)
    refusal.status = error.code
    return "application/scim+json", json.dumps(refusal.to_document()).encode()


class AnswerTask(WSGITask):
    """An answer of the application."""

    def build_response_header(self) -> bytes:
        """Say at a stop that it is the last one, or the next request would be lost."""
        request: Any = self.request
        connection: Any = self.channel
        if connection.is_stopping and len(connection.requests) == 1:
            request.headers["CONNECTION"] = "close"  # as if it was asked for
        header: bytes = super().build_response_header()
        return header


class Channel(HTTPChannel):
    """A connection that is closed when a request takes too long to arrive."""

    is_stopping = False  # of the class that is made for one server
    parser_class = Parser
    task_class = AnswerTask
    error_task_class = RefusalTask
    request_seconds = REQUEST_SECONDS
    config: Config

    def __init__(self, *args: Any, **options: Any) -> None:
        # A connection without any request yet is as patient a guest.
        self._awaited_since: float | None = time.monotonic()
        super().__init__(*args, **options)
        self._network = networks.network_of(str(self.addr[0]) if self.addr else "")
        self.will_close |= self._is_one_too_many()

    def _is_shared(self) -> bool:
        """Do people of many networks come by this address?"""
        peer = networks.parse(str(self.addr[0])) if self.addr else None
        proxy = networks.parse(self.config.trusted_proxy)
        return peer is None or peer.is_loopback or peer == proxy

    def _is_one_too_many(self) -> bool:
        if self._is_shared():
            return False
        server: Any = self.server
        others = list(server.active_channels.values())
        same: int = sum(
            each._network == self._network for each in others if each is not self
        )
        return same >= MOST_OF_ONE_NETWORK

    def received(self, data: bytes) -> bool:
        """Take what came, and note since when a request is incomplete."""
        if self._awaited_since is None:
            self._awaited_since = time.monotonic()
        taken = super().received(data)
        if self.request is None:
            self._awaited_since = None
        return taken

    def readable(self) -> bool:
        """Ask to be read from; waitress calls this at least once a second."""
        since = self._awaited_since
        if since is not None and not self.requests:
            self.will_close |= time.monotonic() - since > self.request_seconds
        return super().readable()

    @property
    def is_idle(self) -> bool:
        """Is nothing under way?  In this order: an answer is written, then popped."""
        return not (self.requests or self.request or self.total_outbufs_len)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every answer carries."""
        return (*security.headers_of(self.config), security.NOT_KEPT)

    def is_scim(self, path: str) -> bool:
        """Is this path, as it was sent, below the SCIM endpoint?"""
        own = urlsplit(self.config.base_url).path
        return security.is_scim(path.removeprefix(own))


def channel_class(config: Config) -> type[Channel]:
    """Return the class of the connections of one server."""
    return type("ConfiguredChannel", (Channel,), {"config": config})
