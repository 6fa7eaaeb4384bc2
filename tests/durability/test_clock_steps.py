"""The clock is set while a server runs: nobody is kept out, nothing dated wrongly."""

import email.utils
import importlib.util
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from load import Scim, new_person
from preloaded import Command, Parent

from helpers import PASSWORD, copy_of
from netpresenter_next.directory import guesses
from visitors import hidden

MINUTE, DAY = 60, 24 * 3600
LONGEST_WINDOW = max(
    limit.seconds for limits in guesses.LIMITS.values() for limit in limits
)


def library():
    """Return the path of libfaketime, from PyPI or from Debian; None without it."""
    if sys.platform != "linux":
        return None
    package = importlib.util.find_spec("libfaketime")
    inside = "vendor/libfaketime/src/libfaketime.so.1"
    found = [Path(package.origin).parent / inside] if package else []
    found += Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return next((path for path in found if path.is_file()), None)


LIBRARY = library()
pytestmark = pytest.mark.skipif(
    LIBRARY is None,
    reason="libfaketime, which sets the clock of one process, is not here",
)


class Clock:
    """The clock of the servers of this module."""

    def __init__(self, folder):
        self._file, self._new = folder / "clock", folder / "clock.new"
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(0)

    def set(self, seconds):
        """Let it be so many seconds later than it is, or earlier."""
        self._new.write_text(f"{seconds:+d}\n")
        self._new.replace(self._file)


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    return Clock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def early_parent(clock, tmp_path_factory):
    """The process whose children have that clock."""
    parent = Parent(tmp_path_factory.mktemp("parent"), **clock.environment)
    yield parent
    parent.close()


class Site:
    """A server with the clock, an administrator and a token."""

    def __init__(self, port, token, clock):
        self.port, self._token, self._clock = port, token, clock

    def set_clock(self, seconds):
        """Set the clock; the server must have noticed."""
        self._clock.set(seconds)
        date = httpx.get(f"http://127.0.0.1:{self.port}/healthz").headers["Date"]
        at = email.utils.parsedate_to_datetime(date).timestamp()
        assert abs(at - time.time() - seconds) < MINUTE

    @contextmanager
    def browser(self, cookies=None):
        """A browser, with the cookies of another one."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        url = f"http://127.0.0.1:{self.port}"
        with httpx.Client(
            base_url=url, headers=headers, cookies=cookies, timeout=30
        ) as browser:
            yield browser

    def scim(self):
        return Scim(self.port, self._token)


@pytest.fixture
def site(early_parent, tokened, clock, tmp_path):
    clock.set(0)
    instance, token = copy_of(tokened[0], tmp_path / "instance"), tokened[1]
    environment = {**instance.environment, **clock.environment}
    make = ["create-admin", "ada", "--password-file", "-"]
    made = early_parent.run(Command(make, environment, PASSWORD))
    assert made.status == 0, early_parent.said
    serve = Command(["serve", "--port", "0"], environment)
    with early_parent.started(serve) as child:
        yield Site(child.listening(), token, clock)


def submit(browser, path, page, **fields):
    return browser.post(path, data={**hidden(page), **fields})


def sign_in(browser, password=PASSWORD):
    page = browser.get("/sign-in").text
    return submit(browser, "/sign-in", page, user_name="ada", password=password)


def is_in(browser):
    return browser.get("/account").status_code == 200


TOKENS = "/settings/system/microsoft-entra-id"


def test_forward_a_day_and_back_everybody_can_sign_in(site):
    """In new connections: the server thinks that one kept open idled for a day."""
    cookies = None
    for name, step in {"before": 0, "then": DAY, "after": 0}.items():
        site.set_clock(step)
        with site.browser(cookies) as browser, site.scim() as scim:
            assert sign_in(browser).status_code == 303
            assert is_in(browser)
            cookies = browser.cookies
            assert scim.ask("POST", "/Users", new_person(name))[0] == 201


def test_back_a_day_whoever_is_throttled_does_not_wait_longer_than_the_window(site):
    with site.browser() as browser:
        assert throttled(browser)
        site.set_clock(-DAY)
        assert throttled(browser) <= LONGEST_WINDOW


def throttled(browser):
    """Try wrong passwords until one has to wait; returns the seconds."""
    for _ in range(100):
        answer = sign_in(browser, "wrong")
        if answer.status_code == 429:
            return int(answer.headers["Retry-After"])
        assert answer.status_code == 401
    raise AssertionError("no limit held")


def test_back_ten_minutes_nobody_is_signed_out_and_forms_work(site):
    with site.browser() as browser:
        assert sign_in(browser).status_code == 303
        before = browser.get(TOKENS).text
        site.set_clock(-10 * MINUTE)
        assert is_in(browser)
        made = submit(browser, f"{TOKENS}/token", before, label="early")
        assert made.status_code < 400
        after = browser.get("/account").text
        assert submit(browser, "/sign-out", after).status_code == 303
        assert not is_in(browser)


@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_back_a_day_nothing_was_changed_before_it_was_created(site, endpoint):
    body = new_person("grace") if endpoint == "/Users" else {"displayName": "Readers"}
    with site.scim() as scim:
        status, made = scim.ask("POST", endpoint, body)
        assert status == 201
        site.set_clock(-DAY)
        path = f"{endpoint}/{made['id']}"
        status, changed = scim.patch(path, "replace", "displayName", "Another")
        assert status == 200
        assert changed["meta"]["lastModified"] >= changed["meta"]["created"]
