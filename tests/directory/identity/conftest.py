"""One application for all cells and walks of a process: it is emptied in between."""

import pytest
from stage import Stage

from helpers import close, copy_of
from visitors import Visitor


@pytest.fixture(scope="session")
def theatre(migrated, tmp_path_factory, password_hash):
    instance = copy_of(migrated, tmp_path_factory.mktemp("theatre") / "instance")
    app = instance.app(scim_required=frozenset())
    app.test_client_class = Visitor
    yield Stage(app, password_hash)
    close(app)


@pytest.fixture
def stage(theatre):
    theatre.clear()
    return theatre
