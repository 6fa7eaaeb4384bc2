"""An application that requires only userName, and a SCIM client of it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from wire import Scim

from helpers import Instance, close, copy_of
from invariants import check_search_index
from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import scim_tokens, search_index
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.tables import derive_columns
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS, is_visible

Making = Callable[..., Scim]
OnInstance = Callable[[], AbstractContextManager[Making]]


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A folder in memory if there is one: no test here is about a loss of power."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="npn-protocol-", dir=place) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def prepared(fast_folder: Path) -> tuple[Instance, str]:
    """An instance with a token, to be copied."""
    instance = Instance(fast_folder / "prepared")
    app = create_app(load({}, instance=instance.folder))
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "tests", "nonce")
    close(app)
    return instance, token


@contextmanager
def _made_on(prepared: tuple[Instance, str], folder: Path) -> Iterator[Making]:
    instance, token = prepared
    copy_of(instance, folder)
    made: list[Flask] = []

    def make(**environment: Any) -> Scim:
        named = {f"NETPRESENTER_{name}": text for name, text in environment.items()}
        named.setdefault("NETPRESENTER_SCIM_REQUIRED", "")
        app = create_app(load(named, instance=folder))
        made.append(app)
        return Scim(app, token)

    yield make
    for app in made:
        check_invariants(app)
        close(app)
    shutil.rmtree(folder)


@pytest.fixture
def make_scim(prepared: tuple[Instance, str], fast_folder: Path) -> Iterator[Making]:
    """Makes clients of applications with settings of the test, on one instance."""
    with _made_on(prepared, fast_folder / "own") as make:
        yield make


@pytest.fixture(scope="session")
def on_instance(prepared: tuple[Instance, str], fast_folder: Path) -> OnInstance:
    """As make_scim, for data that several tests only read."""
    return partial(_made_on, prepared, fast_folder / "lasting")


@pytest.fixture(scope="session")
def application(prepared: tuple[Instance, str], fast_folder: Path) -> Iterator[Scim]:
    """A client of the application that the tests share, one after the other."""
    instance, token = prepared
    folder = copy_of(instance, fast_folder / "shared").folder
    settings = {"NETPRESENTER_SCIM_REQUIRED": ""}
    app = create_app(load(settings, instance=folder))
    yield Scim(app, token)
    close(app)


@pytest.fixture
def scim(application: Scim) -> Iterator[Scim]:
    """A client; there is no user yet, and only userName is required."""
    yield application
    app = application.app
    try:
        check_invariants(app)
    finally:
        application.clear()


def check_invariants(app: Flask) -> None:
    """Check the file, the derived columns, the references and the index."""
    with app.app_context():
        search_index.index_if_free()
    with app.app_context(), database.read() as connection:
        check_search_index(connection)
        for pragma in ("quick_check", "foreign_key_check"):
            found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalars().all()
            assert found in ([], ["ok"])
        for table in (USERS, GROUPS):
            for row in connection.execute(select(table)).mappings():
                derived = derive_columns(table, row["document"])
                assert {name: row[name] for name in derived} == derived
        visible = select(USERS.c.id).where(is_visible())
        stray = select(MEMBERSHIPS).where(MEMBERSHIPS.c.user_id.not_in(visible))
        assert connection.execute(stray).all() == []
