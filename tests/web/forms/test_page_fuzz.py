"""Mutated requests to the pages of a running server: no 5xx, no forbidden change."""

import collections
import contextlib
import html
import http.client
import random
import re
import threading
import time

import pytest
from page_requests import Request, Visit, corpus, hostile
from stored import ADMINISTRATOR, ROLES, STRANGER, USER, Stored, forbidden

from factories import People
from helpers import PASSWORD, close, copy_of
from invariants import check_invariants
from netpresenter_next.storage import database

SEED = 20_261_126
CLIENTS = 2
# Seconds after which a server hangs, also on a busy machine.
SLOW = 20.0
TURNS = 20  # the rows are restored after this number
# Microsoft cannot be reached there: the tests are about how pages handle that.
SETTINGS = {
    "NETPRESENTER_ENTRA_AUTHORITY": "http://127.0.0.1:9",
    "NETPRESENTER_ENTRA_TENANT_ID": "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11",
}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Attack:
    """The requests of one client: to its own server, with a browser for each role."""

    def __init__(self, instance, number):
        self.instance, self.number = instance, number
        self.complaints, self.logged = [], []
        self.counts = collections.Counter()

    def prepare(self, password_hash):
        """Create people and groups for the requests."""
        app = self.instance.app()
        people = People(app, password_hash)
        self.linus = people.local("linus")
        people.local("grace")
        assert people.ada
        jane = people.provisioned("jane@example.org", displayName="Jane")
        people.group("Readers", jane)
        close(app)

    def serve(self):
        """Serve, and read the log of the server, so that its pipe is never full."""
        served = contextlib.ExitStack()
        self.server = served.enter_context(self.instance.served(**SETTINGS))
        reader = threading.Thread(target=self._read_log, daemon=True)
        reader.start()
        return served

    def _read_log(self):
        with contextlib.suppress(ValueError):  # closed at the end
            self.logged.extend(self.server.process.stderr)

    # ------------------------------------------------------------ a browser
    def send(self, request):
        """Send a request on a new connection; return status, headers and text."""
        connection = http.client.HTTPConnection(
            self.server.host, self.server.port, timeout=20
        )
        connection._encode_request = lambda line: line.encode("latin-1", "replace")
        connection._validate_path = lambda path: None
        try:
            target, host = request.path, "Host" in request.headers
            connection.putrequest(request.method, target, skip_host=host)
            for name, text in request.headers.items():
                value = text.encode("latin-1", "replace")
                # http.client refuses a line end, which would only make another header.
                connection.putheader(name, re.sub(rb"[\r\n]", b"", value))
            if request.data is not None:
                connection.putheader("Content-Length", str(len(request.data)))
            connection.endheaders(request.data)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def visit(self, role):
        """Open a browser, and sign in there."""
        _, headers, page = self.send(Request("GET", "/sign-in"))
        cookie = headers["Set-Cookie"].split(";")[0]
        visit = Visit(self.server.url, cookie, self._token(page))
        name = {STRANGER: None, USER: "linus", ADMINISTRATOR: "ada"}[role]
        if name:
            typed = [("user_name", name), ("password", PASSWORD)]
            request = Request("POST", "/sign-in", typed)
            request.fields.append(("csrf_token", visit.token))
            request.headers = {
                "Cookie": visit.cookie,
                "Sec-Fetch-Site": "same-origin",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            status, headers, _ = self.send(request)
            assert status == 303
            cookies = [each.split(";")[0] for each in headers.get_all("Set-Cookie")]
            (visit.cookie,) = (each for each in cookies if "session" in each)
            home = Request("GET", "/account", headers={"Cookie": visit.cookie})
            _, headers, page = self.send(home)
            if "Set-Cookie" in headers:
                visit.cookie = headers["Set-Cookie"].split(";")[0]
            visit.token = self._token(page)
        return visit

    @staticmethod
    def _token(page):
        return html.unescape(TOKEN.search(page.decode())[1])

    def _read(self, visit):
        def read(path):
            request = Request("GET", path, headers={"Cookie": visit.cookie})
            return self.send(request)[2].decode("utf-8", "replace")

        return read

    # ------------------------------------------------------------ the attack
    def run(self, number):
        """Send a number of requests, and collect complaints about the answers."""
        try:
            self._run(number)
        except Exception as error:
            self.complaints.append(f"{type(error).__name__}: {error}")
            raise

    def _run(self, number):
        rng = random.Random(SEED + self.number)
        visits = {role: self.visit(role) for role in ROLES}
        requests = {role: corpus(self._read(visits[role])) for role in ROLES}
        app = self.instance.app()
        with contextlib.closing(Stored(self.instance)) as stored:
            for turn in range(number):
                role = rng.choice(ROLES)
                request = hostile(rng, requests[role], visits[role])
                fault = self._fault(request)
                changes = stored.changes()
                is_own = visits[role].is_own_form(request)
                wrong = forbidden(
                    changes, role, is_own_form=is_own, user_id=self.linus.id
                )
                self.counts[role, is_own] += 1
                deeds = forbidden(changes, role, is_own_form=False)
                self.counts[role, "deeds"] += bool(deeds)
                if fault or wrong:
                    told = f"{role}: {request!r:.1200}\n    -> {fault} {wrong}"
                    self.complaints.append(told)
                    if len(self.complaints) > 10:
                        break
                if turn % TURNS == 0 or turn == number - 1:
                    with app.app_context(), database.read() as connection:
                        check_invariants(connection)
                    stored.restore()
        close(app)

    def _fault(self, request):
        """Send a request; say what is wrong with the answer, if anything is."""
        try:
            for _ in range(2):  # a single slow answer may be noise
                start = time.monotonic()
                status, _, text = self.send(request)
                seconds = time.monotonic() - start
                if seconds <= SLOW:
                    break
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {error!r}"
        if seconds > SLOW:
            return f"{seconds:.1f} s"
        self.counts[status] += 1
        self.counts[request.method] += 1
        is_me = status == 501 and request.path.split("?")[0].endswith("/Me")
        return f"{status} {text[:200]!r}" if status >= 500 and not is_me else None


@pytest.fixture
def attacks(migrated, tmp_path, real_password_hash):
    """Attacks on separate servers, which use two processors together."""
    with contextlib.ExitStack() as stack:
        made = []
        for number in range(CLIENTS):
            attack = Attack(copy_of(migrated, tmp_path / f"pages{number}"), number)
            attack.prepare(real_password_hash)
            stack.enter_context(attack.serve())
            made.append(attack)
        yield made


@pytest.mark.parametrize("number", [400, pytest.param(20_000, marks=pytest.mark.long)])
def test_mutated_requests_make_no_forbidden_change(attacks, number):
    threads = [
        threading.Thread(target=each.run, args=(number // CLIENTS,)) for each in attacks
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    counts = sum((each.counts for each in attacks), collections.Counter())
    for attack in attacks:
        assert not attack.complaints, "\n".join(attack.complaints)
        assert attack.server.process.poll() is None
        assert attack.send(Request("GET", "/healthz"))[0] == 200
        assert not [line for line in attack.logged if "Traceback" in line]
    print(dict(counts))
    check_that_something_was_tried(counts, number)


def check_that_something_was_tried(counts, number):
    """Check that enough requests were refused and enough changed something."""
    for role in ROLES:
        assert counts[role, False] > number / 12, counts
        assert counts[role, True] > number / 40, counts
    assert counts[STRANGER, "deeds"] >= 1, counts
    assert counts[USER, "deeds"] > number / 200, counts
    assert counts[ADMINISTRATOR, "deeds"] > number / 100, counts
    for status in (200, 303, 400, 403, 404, 405, 415):
        assert counts[status] > number / 500, counts
