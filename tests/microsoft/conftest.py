"""People and settings for the tests of sign-in with Microsoft."""

import time
from datetime import timedelta

import pytest
import requests
from settings_page import save
from sqlalchemy import update
from stand_in import StandIn
from tenant import CLIENT, JANE, SECRET, TENANT

from netpresenter_next.directory import account_linking, people, registration_changes
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.sign_in_settings import (
    note_test,
    read_registration,
    read_settings,
)
from netpresenter_next.lib.timestamps import now
from netpresenter_next.microsoft import discovery
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.web import context
from visitors import signed_in


@pytest.fixture
def domain(app, people):
    """Runs a function of the domain in its own transaction."""

    def run(function, *arguments, **options):
        with app.app_context(), database.write() as connection:
            return function(connection, *arguments, **options)

    return run


@pytest.fixture
def installation(app):
    """The settings outside the database: environment and encryption key."""
    return context.of(app).installation


@pytest.fixture
def accept_sign_in(domain):
    def accept_sign_in(claims):
        here = claims.tenant_id
        return domain(
            account_linking.accept_sign_in, claims, COMMAND_LINE, tenant_id=here
        )

    return accept_sign_in


@pytest.fixture
def options(domain):
    def change(**values):
        domain(lambda connection: connection.execute(update(SIGN_IN_SETTINGS), values))

    return change


@pytest.fixture
def configured(domain, installation):
    """The connection is set up and tested, and ada has used her password."""

    def setup(connection):
        values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET}
        version = read_settings(connection).version
        registration_changes.save(
            connection, installation, COMMAND_LINE, version, values
        )
        known = read_registration(connection, installation)
        note_test(connection, COMMAND_LINE, known.fingerprint)
        ada = people.find_by_name(connection, "ada")
        used = {"password_used_at": ada.password_changed_at}
        connection.execute(update(USERS).where(USERS.c.id == ada.id).values(**used))

    domain(setup)


# ------------------------------------------------------------------ over HTTP
@pytest.fixture(scope="session")
def directory():
    """The stand-in for Microsoft."""
    stand_in = StandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def microsoft(directory):
    """The stand-in, behaving as Microsoft does."""
    directory.reset()
    yield directory
    directory.stopped.set()


@pytest.fixture
def app(make_app, microsoft):
    return make_app(entra_authority=microsoft.authority)


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock by which keys and metadata expire."""
    moved = [0.0]
    monkeypatch.setattr(discovery, "clock", lambda: time.monotonic() + moved[0])

    def move(seconds):
        moved[0] += seconds

    return move


@pytest.fixture
def jane(people):
    return people.provisioned("jane@example.org", externalId=JANE)


@pytest.fixture
def browser(app, configured, jane):
    """A browser in which nobody is signed in; jane has a Microsoft account."""
    return app.test_client()


@pytest.fixture
def grace(app, people, configured):
    """A browser in which the local user grace is signed in."""
    people.local("grace")
    return signed_in(app, "grace")


@pytest.fixture
def at_microsoft():
    return visit_microsoft


@pytest.fixture
def sign_in():
    """Signs in with Microsoft; returns the answer to the callback."""

    def go(client, path="/sign-in/microsoft"):
        return client.get(visit_microsoft(client, path))

    return go


def visit_microsoft(client, path="/sign-in/microsoft"):
    """Authenticate at Microsoft; return the callback URL to which it redirects."""
    there = client.get(path)
    assert there.status_code == 303, there.text
    back = requests.get(there.location, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text
    return back.headers["Location"].replace("http://localhost", "")


# ------------------------------------------------------------------ administrators
@pytest.fixture
def admin(app, people):
    """A browser in which ada is signed in."""
    return signed_in(app, "ada")


@pytest.fixture
def ready(admin, jane, people, sign_in):
    """The browser of ada after a test sign-in; jane has a password."""
    people.give_password(jane)
    save(admin)
    sign_in(admin, "/sign-in/microsoft/test")
    return admin


@pytest.fixture
def stale(ready, domain):
    """An administrator whose last authentication was eleven minutes ago."""
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    return ready
