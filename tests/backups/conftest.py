"""An instance with people, and a folder for its backups."""

import os

import pytest
from click.testing import CliRunner

from helpers import close
from netpresenter_next.backups import key_encryption
from netpresenter_next.cli.main import main
from netpresenter_next.config.options import load


@pytest.fixture
def config(tmp_path):
    """The settings of the instance of the test."""
    return load({}, instance=tmp_path / "instance")


@pytest.fixture
def populated(app, people):
    """The application, with people in its database and an empty write-ahead log."""
    people.group("Readers", people.provisioned("jane"), people.provisioned("zoë"))
    close(app)
    return app


@pytest.fixture
def folder(tmp_path):
    """The folder for manual backups."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def run(config):
    """Runs a command on the instance, in this process and without a terminal."""

    def run(*words, text=""):
        environment = {
            **{name: None for name in os.environ if name.startswith("NETPRESENTER_")},
            "NETPRESENTER_INSTANCE": str(config.instance),
        }
        words = [str(word) for word in words]
        return CliRunner().invoke(main, words, input=text, env=environment)

    return run


@pytest.fixture
def cheap_passphrases(monkeypatch):
    """Hash passphrases at a lower cost, so that tests are fast."""
    monkeypatch.setattr(key_encryption, "COST", 2**4)
