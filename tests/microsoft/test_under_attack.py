"""Password spraying, forged codes and guesses at the emergency account, all at once.

Legitimate users can sign in meanwhile, and few rows are written.  How long others
wait is printed, as ratios to the same requests without the attack (``-s`` shows it).
"""

import random
import socket
import statistics
import threading
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests
from sqlalchemy import func, select

from helpers import PASSWORD, Instance
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.counted_events import MOST_COUNTED
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.throttle_models import GUESSES
from netpresenter_next.web import context
from visitors import hidden

SECONDS = 20
CALLBACK = "/sign-in/microsoft/callback"
FLOOD = "203.0.113.1"  # the network of the forged codes, and of jane
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def token(domain):
    return domain(scim_tokens.issue, COMMAND_LINE, "test", "test")


@pytest.fixture
def site(app, configured, jane, microsoft):
    """A server that trusts a proxy."""
    port = free_port()
    settings = {
        "NETPRESENTER_ENTRA_AUTHORITY": microsoft.authority,
        "NETPRESENTER_BASE_URL": f"http://localhost:{port}",
        "NETPRESENTER_TRUSTED_PROXY": "127.0.0.1",
    }
    instance = Instance(context.of(app).config.instance)
    with instance.served("--port", str(port), **settings):
        yield instance, f"http://localhost:{port}"


class Browser(httpx.Client):
    """A browser at a client address."""

    def __init__(self, site, address):
        headers = {**SAME_ORIGIN, "X-Forwarded-For": address}
        super().__init__(base_url=site, headers=headers, timeout=30)

    def sign_in(self, user_name, password=PASSWORD):
        page = self.get("/sign-in")
        fields = {**hidden(page.text), "user_name": user_name, "password": password}
        return self.post("/sign-in", data=fields).status_code

    def sign_in_with_microsoft(self):
        """Sign in, and repeat the callback as long as its page has a Refresh header."""
        there = self.get("/sign-in/microsoft").headers["Location"]
        back = requests.get(there, allow_redirects=False, timeout=10)
        return self.come_back(back.headers["Location"])

    def bring_forged_code(self, code):
        there = self.get("/sign-in/microsoft").headers["Location"]
        (state,) = parse_qs(urlsplit(there).query)["state"]
        return self.get(CALLBACK, params={"state": state, "code": code})

    def come_back(self, address):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            answer = self.get(address)
            if "Refresh" not in answer.headers:
                break
            time.sleep(float(answer.headers["Refresh"]))
        return answer.status_code


def guess_at_ada(site, number):
    with Browser(site, f"198.51.100.{number}") as attacker:
        return attacker.sign_in("ada", f"guess {number}")


class Attack:
    """Attackers in threads that go on until the attack is over."""

    def __init__(self, site):
        self.site, self.over, self.made = site, threading.Event(), 0

    def spray(self, chance):
        address = f"2001:db8:{chance.randrange(600):x}::1"
        with Browser(self.site, address) as attacker:
            attacker.sign_in(f"person{chance.randrange(300)}", "Summer2026!")

    def codes(self, chance):
        with Browser(self.site, FLOOD) as attacker:
            attacker.bring_forged_code(f"forged-{chance.random()}")

    def emergency(self, chance):
        guess_at_ada(self.site, chance.randrange(200))

    def go_on(self, attack, seed):
        chance = random.Random(seed)
        while not self.over.is_set():
            attack(chance)
            self.made += 1

    @contextmanager
    def running(self):
        kinds = (self.spray, self.spray, self.codes, self.codes, self.emergency)
        threads = [
            threading.Thread(target=self.go_on, args=each)
            for each in zip(kinds, range(len(kinds)), strict=True)
        ]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self.over.set()
            for each in threads:
                each.join()


def probe(site, token, seconds):
    """Return the 95th percentile, in seconds, of a health check and a SCIM look-up."""
    bearer = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "203.0.113.77"}
    query = {"filter": 'userName eq "jane@example.org"'}
    asked = {"/healthz": ({}, {}), "/scim/v2/Users": (bearer, query)}
    taken = {path: [] for path in asked}
    with httpx.Client(base_url=site, timeout=30) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path, (headers, parameters) in asked.items():
                begun = time.perf_counter()
                answer = client.get(path, headers=headers, params=parameters)
                taken[path].append(time.perf_counter() - begun)
                assert answer.status_code == 200
            time.sleep(0.02)
    return {
        path: statistics.quantiles(times, n=20)[-1] for path, times in taken.items()
    }


@pytest.fixture
def at(site):
    """Opens a new browser at an address."""
    with ExitStack() as stack:
        yield lambda address: stack.enter_context(Browser(site[1], address))


def rows_of(rows, *kinds):
    these = JOURNAL.c.event.in_([each.value for each in kinds])
    ((number,),) = rows(select(func.count()).where(these))
    return number


@pytest.mark.long
def test_legitimate_users_can_sign_in_during_an_attack(site, at, token, rows, people):
    instance, url = site
    known, unlocked = at("192.0.2.1"), at("198.51.100.1")
    assert known.sign_in("ada") == 303
    known.cookies.delete("npn_session")
    idle = probe(url, token, 5)
    attack = Attack(url)
    guessed = [guess_at_ada(url, number % 6) for number in range(66)]
    assert guessed == [401] * 60 + [429] * 6
    with attack.running():
        busy = probe(url, token, SECONDS)
        assert at("192.0.2.2").sign_in("ada") == 429  # an unknown browser
        assert known.sign_in("ada") == 303
        assert at(FLOOD).sign_in_with_microsoft() == 303
        link = instance.output("user", "unlock", "ada").strip()
        unlocked.get(f"/sign-in?{urlsplit(link).query}")
        assert unlocked.sign_in("ada") == 303
    failed = rows_of(rows, Event.SIGN_IN_FAILED, Event.MICROSOFT_SIGN_IN_FAILED)
    ((kept,),) = rows(select(func.count()).select_from(GUESSES))
    waits = ", ".join(f"{path} x{busy[path] / idle[path]:.1f}" for path in idle)
    said = f"{attack.made} attacks, {failed} rows, {kept} guesses kept; {waits}"
    print(said)
    assert failed <= 2 * 2 * (MOST_COUNTED + 1)  # two kinds, two quarters of an hour
    assert attack.made > 100
