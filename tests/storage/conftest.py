"""An instance with people, and where its backups go."""

import os
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from helpers import Instance, close
from netpresenter_next.backups import key_encryption
from netpresenter_next.cli.main import main
from netpresenter_next.config.options import load
from netpresenter_next.storage import instances


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
def cheap(monkeypatch):
    """Passphrases that cost less to try."""
    monkeypatch.setattr(key_encryption, "COST", 2**4)


@pytest.fixture
def migrated(tmp_path, monkeypatch):
    """Bring rows of an older version up to date; the application on them."""
    instance = Instance(tmp_path / "instance")

    def bring(version, rows, parameters=((),)):
        steps = instances.STEPS[: instances.STEPS.index(version) + 1]
        with monkeypatch.context() as old:
            old.setattr(instances, "STEPS", steps)
            instance.prepare()
        with closing(sqlite3.connect(instance.folder / "netpresenter.db")) as file:
            for statement in filter(str.strip, rows.split(";")):
                file.executemany(statement, parameters)
            file.commit()
        return instance.app()

    return bring
