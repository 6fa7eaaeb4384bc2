"""An instance with people, and where its backups go."""

import pytest

from helpers import close
from netpresenter_next.config import load


@pytest.fixture
def config(tmp_path):
    """The settings of the instance of the test."""
    return load({}, instance=tmp_path / "instance")


@pytest.fixture
def stocked(app, people):
    """The application, with some people in its database and nothing in its log."""
    people.group("Readers", people.provisioned("jane"), people.provisioned("zoë"))
    close(app)
    return app


@pytest.fixture
def folder(tmp_path):
    """Where backups go that a person makes."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder
