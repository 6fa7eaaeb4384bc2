"""An instance, an application on it, and browsers that are signed in or not."""

import gc
import os
import signal
from collections.abc import Mapping

import pytest
from argon2 import PasswordHasher
from jinja2 import Undefined
from jinja2.utils import missing
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

import install_browser
from factories import People
from helpers import PASSWORD, Instance, close, copy_of
from invariants import check_invariants
from netpresenter_next.directory import passwords, search_index
from netpresenter_next.schema import tables
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import connections, database
from netpresenter_next.storage.statements import Statement
from visitors import Visitor, signed_in

HASHER, PRAGMAS = passwords._hasher, connections.PRAGMAS


def pytest_configure():
    """Search for circular garbage less often: collecting tests makes none.

    A run in the background of a shell ignores Ctrl-C, and so would the commands that it
    starts.
    """
    gc.set_threshold(50_000, 10, 10)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers():
    """Use one process more than there are cores: tests wait for servers and clocks."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish():
    """Never search the collected tests, which all stay until the end."""
    gc.freeze()


class NoSuchAttribute(Undefined):
    """Fails a test whose template reads an attribute that an object does not have."""

    def __init__(self, hint=None, obj=missing, name=None, *more):
        known = obj is missing or isinstance(obj, Mapping)
        assert known, f"a template reads {name!r} of {type(obj).__name__}"
        super().__init__(hint, obj, name, *more)


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """Compile each route only once, which takes most of the time of ``create_app``."""
    compile_route, made = Rule.compile, {}
    compiled = ("_parts", "_trace", "_converters", "arguments")

    def once(rule):
        key = (rule.rule, rule.subdomain, rule.is_leaf, repr(rule.defaults))
        key += (rule.strict_slashes, rule.merge_slashes, rule.websocket)
        if key not in made:
            compile_route(rule)
            builders = rule._build.__func__, rule._build_unknown.__func__
            made[key] = {name: vars(rule)[name] for name in compiled}, builders
        attributes, (build, build_unknown) = made[key]
        vars(rule).update(attributes)
        rule._build = build.__get__(rule)
        rule._build_unknown = build_unknown.__get__(rule)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def built_once():
    """Build the resource types only once, as they depend on few settings."""
    build, core, made = endpoints.build_resource_types, tables.CORE_USER, {}

    def once(required, extensions):
        if extensions or tables.CORE_USER is not core:
            return build(required, extensions)
        if required not in made:
            made[required] = build(required, extensions)
        return made[required]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(endpoints, "build_resource_types", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once():
    """Compile each SQL statement once for each driver, not for each application."""
    compile_for, dialects, compiled = Statement._compile_for, {}, LRUCache(2_000)

    def driver_of(dialect):
        return type(dialect), dialect.loaded_dbapi

    def compile_for_driver(statement, dialect, names):
        dialect = dialects.setdefault(driver_of(dialect), dialect)
        return compile_for(statement, dialect, names)

    # Not undone, because threads may outlive the last test.
    patch = pytest.MonkeyPatch()
    cache = property(lambda engine: compiled, lambda engine, own: None)
    patch.setattr(Engine, "_compiled_cache", cache, raising=False)
    patch.setattr(Statement, "_compile_for", compile_for_driver)
    # Compiled statements are found by their dialect.
    patch.setattr(SQLiteDialect, "__hash__", lambda dialect: hash(driver_of(dialect)))
    patch.setattr(
        SQLiteDialect,
        "__eq__",
        lambda dialect, other: driver_of(dialect) == driver_of(other),
    )


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes():
    """Hash passwords at little cost; ``real_hashes`` is for tests of the hashing."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", hasher)
        yield


@pytest.fixture
def real_hashes(monkeypatch):
    """Hash passwords as the product does."""
    monkeypatch.setattr(passwords, "_hasher", HASHER)


@pytest.fixture(scope="session", autouse=True)
def quick_commits():
    """Do not wait for the disk; ``real_commits`` is for tests of that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PRAGMAS", (*PRAGMAS, "synchronous=OFF"))
        yield


@pytest.fixture
def real_commits(monkeypatch):
    """Wait for the disk at each commit, as the product does."""
    monkeypatch.setattr(connections, "PRAGMAS", PRAGMAS)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An instance with an up-to-date database, which each test copies."""
    instance = Instance(tmp_path_factory.mktemp("migrated") / "instance")
    close(instance.app())
    return instance


@pytest.fixture
def make_app(migrated, tmp_path):
    """Makes the application on the instance of the test, with given settings."""
    instance, made = copy_of(migrated, tmp_path / "instance"), []

    def make(**overrides):
        app = instance.app(**overrides)
        app.test_client_class = Visitor
        app.jinja_env.undefined = NoSuchAttribute
        made.append(app)
        return app

    yield make
    for app in made:
        close(app)


@pytest.fixture
def app(make_app):
    """The application, whose database must fulfil the invariants after the test."""
    app = make_app()
    yield app
    with app.app_context():
        search_index.index_if_free()
        with database.read() as connection:
            check_invariants(connection)


@pytest.fixture(scope="session")
def password_hash():
    return passwords.hash_password(PASSWORD)


@pytest.fixture(scope="session")
def real_password_hash():
    """A hash that a server in another process does not renew at sign-in."""
    return HASHER.hash(PASSWORD)


@pytest.fixture
def people(app, password_hash):
    """Makes people and groups; ada, an administrator, exists already."""
    people = People(app, password_hash)
    assert people.ada
    return people


@pytest.fixture
def client(app, people):
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def administrator(app, people):
    """A browser in which ada, an administrator, is signed in."""
    return signed_in(app, "ada")


@pytest.fixture
def linus(app, people):
    """A browser in which linus, an ordinary user, is signed in."""
    people.local("linus")
    return signed_in(app, "linus")


@pytest.fixture
def rows(app):
    """Returns the rows of a SELECT."""

    def read(query):
        with app.app_context(), database.read() as connection:
            return connection.execute(query).all()

    return read


@pytest.fixture(scope="session")
def chromium():
    """A real browser, one for all tests."""
    from playwright.sync_api import sync_playwright  # slow to import

    path = install_browser.find()
    if path is None:
        pytest.fail("There is no browser to test with; type: make test")
    with sync_playwright() as playwright:
        browser = install_browser.start(playwright, path)
        yield browser
        browser.close()
