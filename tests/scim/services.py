"""A running server, as the administrator of another system knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from scim_client import Client

from helpers import Instance


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

    def client(self, token: str | None = None) -> Client:
        """Open a connection."""
        return Client(self.url, token or self.token)


@contextmanager
def served(
    factory: pytest.TempPathFactory, name: str, **settings: str
) -> Iterator[Service]:
    """Serve a new instance, which has a token already."""
    instance = Instance(factory.mktemp(name))
    token = instance.output("token", "create").strip()
    with instance.served(**settings) as server:
        yield Service(instance, server.url, token)
