"""Certificates that this machine trusts, and a short time limit."""

import pytest

from netpresenter_next.delivery import connecting
from receivers import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def certified(authority):
    """The TLS settings of a server with a right certificate for localhost."""
    return authority.make_context()


@pytest.fixture
def trust(authority, monkeypatch):
    """Let this machine trust the authority of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def short_limit(monkeypatch):
    """Set the time limits to less than a second."""
    monkeypatch.setattr(connecting, "CONNECTION_SECONDS", 0.15)
    monkeypatch.setattr(connecting, "TOTAL_SECONDS", 0.3)
