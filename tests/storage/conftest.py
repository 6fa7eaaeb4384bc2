"""Databases of older versions."""

import sqlite3
from contextlib import closing

import pytest

from helpers import Instance
from netpresenter_next.storage import instances


@pytest.fixture
def upgraded(tmp_path, monkeypatch):
    """Migrates a database of an older version; returns the application on it."""
    instance = Instance(tmp_path / "instance")

    def migrate(version, rows, parameters=((),)):
        steps = instances.STEPS[: instances.STEPS.index(version) + 1]
        with monkeypatch.context() as old:
            old.setattr(instances, "STEPS", steps)
            instance.prepare()
        with closing(sqlite3.connect(instance.folder / "netpresenter.db")) as file:
            for statement in filter(str.strip, rows.split(";")):
                file.executemany(statement, parameters)
            file.commit()
        return instance.app()

    return migrate
