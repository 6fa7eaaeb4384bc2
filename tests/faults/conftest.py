"""An instance with a token, whose database the tests damage."""

import secrets
from dataclasses import dataclass

import pytest

from factories import People
from helpers import close
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database

PERSON = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "grace",
    "externalId": "grace",
    "emails": [{"type": "work", "value": "grace@example.org"}],
}


@pytest.fixture(autouse=True)
def waits_for_disk(real_commits):
    """Meet the faults of a disk where the product waits for it."""


@dataclass
class FaultyInstance:
    """An application in this process, and the file of its database."""

    app: object
    file: object
    token: str

    def scim(self, method, path, **document):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.app.test_client().open(
            f"/scim/v2{path}", method=method, json=document or None, headers=headers
        )

    def create(self, name="grace"):
        return self.scim("POST", "/Users", **{**PERSON, "userName": name})

    def overwrite(self, name):
        """Overwrite the first page of a table or an index."""
        with self.app.app_context(), database.read() as connection:
            page = connection.exec_driver_sql(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)
            ).scalar_one()
        close(self.app)
        with self.file.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(bytes(range(7, 256)) * 16)


@pytest.fixture
def faulty(make_app, password_hash):
    """An application with an administrator, ada, a person, linus, and a token."""
    app = make_app()
    people = People(app, password_hash)
    assert people.ada
    people.local("linus")
    people.provisioned("alan", emails=[{"type": "work", "value": "alan@example.org"}])
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(
            connection, COMMAND_LINE, "tests", secrets.token_urlsafe()
        )
    with app.app_context():
        return FaultyInstance(app, database.state().path, token)
