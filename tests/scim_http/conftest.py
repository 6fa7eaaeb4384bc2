"""Servers for SCIM tests: the real command, on separate instances."""

from collections.abc import Iterator

import pytest
from scim_client import Client
from services import Service, Tokened, served

from helpers import Instance, copy_of

NOTHING = {"NETPRESENTER_SCIM_REQUIRED": ""}


@pytest.fixture(scope="session")
def tokened(migrated: Instance, tmp_path_factory: pytest.TempPathFactory) -> Tokened:
    """An instance with a token, to be copied and served."""
    instance = copy_of(migrated, tmp_path_factory.mktemp("tokened") / "instance")
    return Tokened(instance, instance.output("token", "create").strip())


@pytest.fixture(scope="session")
def service(
    tokened: Tokened, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A server that requires only userName."""
    with served(tokened, tmp_path_factory.mktemp("any"), **NOTHING) as service:
        yield service


@pytest.fixture(scope="session")
def strict_service(
    tokened: Tokened, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A server with the default: externalId and a work e-mail are required."""
    with served(tokened, tmp_path_factory.mktemp("strict")) as service:
        yield service


@pytest.fixture(scope="module")
def own_service(
    tokened: Tokened, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A server like ``service`` that only the tests of this module use."""
    with served(tokened, tmp_path_factory.mktemp("own"), **NOTHING) as service:
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
