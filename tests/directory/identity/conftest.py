"""One application for all cases of a process; it is emptied before each of them."""

import pytest
from driver import Driver

from helpers import close, copy_of
from visitors import Visitor


@pytest.fixture(scope="session")
def shared_driver(migrated, tmp_path_factory, password_hash):
    instance = copy_of(migrated, tmp_path_factory.mktemp("shared") / "instance")
    app = instance.app(scim_required=frozenset())
    app.test_client_class = Visitor
    yield Driver(app, password_hash)
    close(app)


@pytest.fixture
def driver(shared_driver):
    shared_driver.clear()
    return shared_driver
