"""Instances with a token, and the program, ready to begin at once."""

import pytest
from preloaded import Parent

from helpers import Instance, close, copy_of
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database


@pytest.fixture(scope="session")
def tokened(migrated, tmp_path_factory) -> tuple[Instance, str]:
    """An instance and a token of it; nothing uses it, so it can be copied."""
    folder = tmp_path_factory.mktemp("tokened") / "instance"
    instance = copy_of(migrated, folder)
    app = instance.app()
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "tests", "nonce")
    close(app)
    return instance, token


@pytest.fixture(scope="session")
def parent(tmp_path_factory):
    """The process whose children are commands that begin at once."""
    parent = Parent(tmp_path_factory.mktemp("parent"))
    yield parent
    parent.close()
