"""An instance with a token, and a process that starts commands without delay."""

import pytest
from fork_server import ForkServer

from helpers import Instance, close, copy_of
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database


@pytest.fixture(scope="session")
def instance_with_token(migrated, tmp_path_factory) -> tuple[Instance, str]:
    """An instance that no process uses, so that it can be copied, and its token."""
    folder = tmp_path_factory.mktemp("tokened") / "instance"
    instance = copy_of(migrated, folder)
    app = instance.app()
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "tests", "nonce")
    close(app)
    return instance, token


@pytest.fixture(scope="session")
def fork_server(tmp_path_factory):
    """The process that forks commands, which then start without delay."""
    fork_server = ForkServer(tmp_path_factory.mktemp("parent"))
    yield fork_server
    fork_server.close()
