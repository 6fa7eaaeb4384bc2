"""Sending JSON to a webhook.

For a program it is signed by the Standard Webhooks specification 1.0.
"""

import base64
import contextlib
import hashlib
import hmac
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from netpresenter_next.delivery import chat, connecting
from netpresenter_next.delivery.messages import Message
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import WebhookFormat

PREFIX = "whsec_"  # of secrets, by the specification
SECRET_BYTES = 32
PORTS = {"https": 443, "http": 80}


class NotAccepted(HTTPException):
    """The receiver answered with a status that is no success."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Webhook:
    """The URL that receives messages, and the secret that signs them.

    What a chat application receives is not signed: its URL is the secret.
    """

    url: str = field(repr=False)
    secret: str = field(repr=False)
    format: WebhookFormat = WebhookFormat.SIGNED_JSON


def make_secret() -> str:
    """Return a new random secret."""
    random = base64.b64encode(secrets.token_bytes(SECRET_BYTES))
    return PREFIX + random.decode("ascii")


def sign(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """Return the value of the header ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def send(webhook: Webhook, message: Message) -> str:
    """Send a message; redirects are not followed, and no body is read.

    Returns "", since there is nothing to note.  Raises OSError, HTTPException and
    ValueError; of the second, NotAccepted for any status but 2xx.
    """
    url = urlsplit(webhook.url)
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    with (
        connecting.connect(host, port) as connection,
        _encrypt(connection, url) as opened,
        contextlib.closing(HTTPConnection(host, port)) as client,
    ):
        client.sock = opened
        body = chat.rewrite(webhook.format, message.body).encode("utf-8")
        client.request("POST", target, body, _make_headers(webhook, message))
        with client.getresponse() as response:
            if not 200 <= response.status < 300:
                raise NotAccepted(response.status)
    return ""


@contextlib.contextmanager
def _encrypt(connection: socket.socket, url: SplitResult) -> Iterator[socket.socket]:
    if url.scheme == "https":
        with connecting.start_tls(connection, url.hostname or "") as encrypted:
            yield encrypted
    else:
        yield connection


def _make_headers(webhook: Webhook, message: Message) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": "Netpresenter-Next"}
    if webhook.format is not WebhookFormat.SIGNED_JSON:
        return headers
    timestamp = int(now().timestamp())
    return {
        **headers,
        "webhook-id": message.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(webhook.secret, message.id, timestamp, message.body),
    }
