"""A clock that is set while a server runs ends no session and makes no wrong dates."""

import email.utils
import importlib.util
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fork_server import Command, ForkServer
from load import Scim, new_person

from helpers import PASSWORD, copy_of
from netpresenter_next.directory import guesses
from visitors import hidden

MINUTE, DAY = 60, 24 * 3600
LONGEST_WINDOW = max(
    limit.seconds for limits in guesses.LIMITS.values() for limit in limits
)


def find_libfaketime():
    """Return the path of libfaketime, from PyPI or from Debian; None without it."""
    if sys.platform != "linux":
        return None
    package = importlib.util.find_spec("libfaketime")
    inside = "vendor/libfaketime/src/libfaketime.so.1"
    found = [Path(package.origin).parent / inside] if package else []
    found += Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return next((path for path in found if path.is_file()), None)


LIBFAKETIME = find_libfaketime()
pytestmark = pytest.mark.skipif(
    LIBFAKETIME is None,
    reason="needs libfaketime, which sets the clock of one process",
)


class Clock:
    """The clock of the servers of this module."""

    def __init__(self, folder):
        self._file, self._new = folder / "clock", folder / "clock.new"
        self.environment = {
            "LD_PRELOAD": str(LIBFAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(0)

    def set(self, seconds):
        """Set the clock forward by some seconds, or back by a negative number."""
        self._new.write_text(f"{seconds:+d}\n")
        self._new.replace(self._file)


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    return Clock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def parent_with_clock(clock, tmp_path_factory):
    """The process that forks commands with the clock of this module."""
    fork_server = ForkServer(tmp_path_factory.mktemp("parent"), **clock.environment)
    yield fork_server
    fork_server.close()


class Site:
    """A server with the clock of this module, an administrator and a token."""

    def __init__(self, port, token, clock):
        self.port, self._token, self._clock = port, token, clock

    def set_clock(self, seconds):
        """Set the clock, and check that the server uses it."""
        self._clock.set(seconds)
        date = httpx.get(f"http://127.0.0.1:{self.port}/healthz").headers["Date"]
        at = email.utils.parsedate_to_datetime(date).timestamp()
        assert abs(at - time.time() - seconds) < MINUTE

    @contextmanager
    def browser(self, cookies=None):
        """Open a browser, with the cookies of another one."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        url = f"http://127.0.0.1:{self.port}"
        with httpx.Client(
            base_url=url, headers=headers, cookies=cookies, timeout=30
        ) as browser:
            yield browser

    def scim(self):
        return Scim(self.port, self._token)


@pytest.fixture
def site(parent_with_clock, instance_with_token, clock, tmp_path):
    clock.set(0)
    instance, token = (
        copy_of(instance_with_token[0], tmp_path / "instance"),
        instance_with_token[1],
    )
    environment = {**instance.environment, **clock.environment}
    make = ["create-admin", "ada", "--password-file", "-"]
    made = parent_with_clock.run(Command(make, environment, PASSWORD))
    assert made.status == 0, parent_with_clock.output
    serve = Command(["serve", "--port", "0"], environment)
    with parent_with_clock.started(serve) as child:
        yield Site(child.wait_for_port(), token, clock)


def submit(browser, path, page, **fields):
    return browser.post(path, data={**hidden(page), **fields})


def sign_in(browser, password=PASSWORD):
    page = browser.get("/sign-in").text
    return submit(browser, "/sign-in", page, user_name="ada", password=password)


def is_signed_in(browser):
    return browser.get("/account").status_code == 200


TOKENS = "/settings/system/microsoft-entra-id"


def test_everybody_can_sign_in_after_clock_steps_forward_and_back(site):
    """Each step uses a new connection, as the server would close an old one as idle."""
    cookies = None
    for name, step in {"before": 0, "then": DAY, "after": 0}.items():
        site.set_clock(step)
        with site.browser(cookies) as browser, site.scim() as scim:
            assert sign_in(browser).status_code == 303
            assert is_signed_in(browser)
            cookies = browser.cookies
            assert scim.ask("POST", "/Users", new_person(name))[0] == 201


def test_a_clock_step_back_makes_nobody_wait_longer_than_the_limit(site):
    with site.browser() as browser:
        assert try_until_limited(browser)
        site.set_clock(-DAY)
        assert try_until_limited(browser) <= LONGEST_WINDOW


def try_until_limited(browser):
    """Try wrong passwords until the limit is reached; return the seconds to wait."""
    for _ in range(100):
        answer = sign_in(browser, "wrong")
        if answer.status_code == 429:
            return int(answer.headers["Retry-After"])
        assert answer.status_code == 401
    raise AssertionError("no limit was reached")


def test_sessions_and_forms_stay_valid_after_a_clock_step_back(site):
    with site.browser() as browser:
        assert sign_in(browser).status_code == 303
        before = browser.get(TOKENS).text
        site.set_clock(-10 * MINUTE)
        assert is_signed_in(browser)
        made = submit(browser, f"{TOKENS}/token", before, label="early")
        assert made.status_code < 400
        after = browser.get("/account").text
        assert submit(browser, "/sign-out", after).status_code == 303
        assert not is_signed_in(browser)


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_a_clock_step_back_makes_no_modification_precede_the_creation(site, endpoint):
    body = new_person("grace") if endpoint == "/Users" else {"displayName": "Readers"}
    with site.scim() as scim:
        status, made = scim.ask("POST", endpoint, body)
        assert status == 201
        site.set_clock(-DAY)
        path = f"{endpoint}/{made['id']}"
        status, changed = scim.patch(path, "replace", "displayName", "Another")
        assert status == 200
        assert changed["meta"]["lastModified"] >= changed["meta"]["created"]
