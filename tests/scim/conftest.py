"""Servers that tests talk SCIM to: the real command, on instances of their own."""

from collections.abc import Iterator

import pytest
from scim_client import Client
from services import Service, served


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server that requires nothing of a person but userName."""
    with served(tmp_path_factory, "any", NETPRESENTER_SCIM_REQUIRED="") as service:
        yield service


@pytest.fixture(scope="session")
def strict_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server with the default: externalId and a work e-mail are required."""
    with served(tmp_path_factory, "strict") as service:
        yield service


@pytest.fixture(scope="module")
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server like ``service`` that only the tests of this module use."""
    with served(tmp_path_factory, "own", NETPRESENTER_SCIM_REQUIRED="") as service:
        yield service


@pytest.fixture
def scim(service: Service) -> Iterator[Client]:
    """A connection to ``service``."""
    with service.client() as client:
        yield client


@pytest.fixture
def strict_scim(strict_service: Service) -> Iterator[Client]:
    """A connection to ``strict_service``."""
    with strict_service.client() as client:
        yield client
