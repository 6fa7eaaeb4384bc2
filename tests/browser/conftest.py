"""A real browser on a real server."""

import re

import pytest

from factories import People
from helpers import Instance, close, copy_of
from netpresenter_next.directory import kept_apart
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.models import ADMINISTRATOR
from screens import LIGHT, REPORT_CSP_VIOLATIONS, collect_errors, sign_in

OBJECT_ID = "0f5c8a52-6c0a-4b0f-9d6e-3f1f5f0d7a11"
HOSTILE = '<img src=x onerror="alert(1)">"><svg/onload=alert(1)>'


@pytest.fixture(scope="session")
def seeded(migrated, tmp_path_factory, real_password_hash):
    """An instance with 55 people from Entra, more than a page lists, to be copied."""
    instance = copy_of(migrated, tmp_path_factory.mktemp("seeded") / "instance")
    seed(instance, real_password_hash, 55)
    return instance


def seed(instance, password_hash, count):
    """Make an administrator, people from Entra and groups."""
    app = instance.app()
    people = People(app, password_hash)
    assert people.ada
    people.local("linus")
    staff = [
        people.provisioned(
            f"person{number}@example.org",
            displayName=f"Person {number}",
            active=number != 3,
            name={"givenName": "Person", "familyName": str(number)},
            emails=[{"type": "work", "value": f"person{number}@example.org"}],
        )
        for number in range(count)
    ]
    people.block(staff[4])
    people.disable_long_ago(staff[5])
    people.provisioned("hostile@example.org", displayName=HOSTILE, title=HOSTILE)
    # In Cyrillic letters: looks like the local account "ada".
    people.provisioned("\u0430d\u0430", displayName="Ada of other letters")
    people.group("Everybody with a job at the organisation", *staff)
    people.group(HOSTILE)
    people.local_group("Readers of the newsletter", *staff)
    close(app)


@pytest.fixture(scope="session")
def shared_site(migrated, tmp_path_factory, real_password_hash):
    """The address of a server that all tests share and must not change.

    Its lists are short, as axe takes seconds for a long one.
    """
    instance = copy_of(migrated, tmp_path_factory.mktemp("shared") / "instance")
    seed(instance, real_password_hash, 13)
    app = instance.app()
    make_conflicts(People(app, real_password_hash))
    close(app)
    with instance.served() as server:
        yield server.url


def make_conflicts(people):
    """Let provisioning send people who have the names of local accounts."""
    boss = people.local("boss", role=ADMINISTRATOR)
    linus, ada = people.find("linus"), people.find("ada")
    for person in (linus, boss, ada):
        sent = [
            Claimant(person.user_name, f"{each}{OBJECT_ID[1:]}", HOSTILE)
            for each in (0, 1)
        ]
        people.refused(person, Reason.LOCAL_USER_NAME, *sent)
    twin = Claimant("linus.torvalds@example.org", "linus", work_email="l@example.org")
    people.refused(linus, Reason.LOCAL_WORK_EMAIL, twin)
    with people.app.app_context(), database.write() as connection:
        kept_apart.add(connection, boss.id, Reason.LOCAL_WORK_EMAIL, twin, "ada")


@pytest.fixture(scope="session")
def cookies(chromium, shared_site):
    """The cookies of ada, signed in at the shared server."""
    context = chromium.new_context()
    sign_in(context.new_page(), shared_site)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def contexts():
    """The open browsers of the test.

    A server of the test closes them before it stops: a page may still be asking it.
    """
    return []


def close_all(contexts):
    while contexts:
        contexts.pop().close()


@pytest.fixture
def site(seeded, tmp_path, contexts):
    """The address of a server that the test has for itself."""
    instance = copy_of(seeded, tmp_path / "instance")
    with instance.served() as server:
        yield server.url
        close_all(contexts)


@pytest.fixture
def fresh(tmp_path, contexts):
    """A server without accounts: its instance, its address and its set-up link."""
    instance = Instance(tmp_path / "instance")
    with instance.served() as server:
        link = re.search(r"http\S+", server.read_line())[0]
        yield instance, server.url, link
        close_all(contexts)


@pytest.fixture
def open_page(chromium, contexts):
    """Opens browsers; their errors and warnings fail the test."""
    complaints = []

    def open_page(**options):
        context = chromium.new_context(**{**LIGHT, **options})
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_CSP_VIOLATIONS)
        page = context.new_page()
        contexts.append(context)
        collect_errors(page, complaints)
        return page

    yield open_page
    close_all(contexts)
    assert complaints == []


@pytest.fixture
def page(open_page):
    """A browser in which nobody is signed in."""
    return open_page()
