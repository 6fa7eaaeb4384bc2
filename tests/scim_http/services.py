"""A running server with its SCIM Endpoint URL and token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scim_client import Client

from helpers import Instance, copy_of


@dataclass(frozen=True)
class Tokened:
    """An instance with a token; no server runs on it, so it can be copied."""

    instance: Instance
    token: str


@dataclass(frozen=True)
class Service:
    """A running server, its SCIM Endpoint URL and a token of it."""

    instance: Instance
    origin: str
    token: str

    @property
    def url(self) -> str:
        """The SCIM Endpoint URL."""
        return f"{self.origin}/scim/v2"

    def client(self) -> Client:
        """Open a connection."""
        return Client(self.url, self.token)


@contextmanager
def served(tokened: Tokened, folder: Path, **settings: str) -> Iterator[Service]:
    """Serve a copy of an instance in this folder."""
    instance = copy_of(tokened.instance, folder / "instance")
    with instance.served(**settings) as server:
        yield Service(instance, server.url, tokened.token)
