"""People and settings for the tests of sign-in with Microsoft."""

import pytest
from sqlalchemy import update
from tenant import CLIENT, SECRET, TENANT

from netpresenter_next import accounts, database, entra, identities
from netpresenter_next.journal import COMMAND_LINE
from netpresenter_next.models import USERS
from netpresenter_next.sign_in_models import SIGN_IN_SETTINGS


@pytest.fixture
def domain(app, people):
    """Runs a function of the domain in a transaction of its own."""

    def run(function, *arguments, **options):
        with app.app_context(), database.write() as connection:
            return function(connection, *arguments, **options)

    return run


@pytest.fixture
def admit(domain):
    return lambda claims: domain(identities.admit, claims, COMMAND_LINE)


@pytest.fixture
def options(domain):
    def change(**values):
        domain(lambda connection: connection.execute(update(SIGN_IN_SETTINGS), values))

    return change


@pytest.fixture
def configured(domain):
    """The connection is set up and tested, and ada has used her password."""

    def setup(connection):
        values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET}
        version = entra.settings(connection).version
        entra.save(connection, COMMAND_LINE, version, values)
        known = entra.registration(connection)
        entra.note_test(connection, COMMAND_LINE, known.fingerprint)
        ada = accounts.by_name(connection, "ada")
        used = {"password_used_at": ada.password_changed_at}
        connection.execute(update(USERS).where(USERS.c.id == ada.id).values(**used))

    domain(setup)
