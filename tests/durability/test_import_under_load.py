"""A long import beside a SCIM client: no 503, and a kill loses and repeats nothing."""

import re
import signal
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import httpx
import pytest

import prefork
from helpers import ALL_PIPES, PASSWORD, close, copy_of, wait_for
from netpresenter_next.lib.csv_text import write_plain_lines
from visitors import Visitor, hidden, signed_in

PAGE = "/settings/users/import"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BAD = [["", "nobody"], ["x\u200by", ""], ["ada@example.org", "", "false"], ["p0", ""]]
LONGEST_SECONDS = 600
COUNTS = re.compile(
    r"(To be created|To be changed|Created|Changed|Unchanged|Refused): ([\d,]+)"
)


class ScimWriter:
    """Creates people and changes them, one after another, until it is stopped."""

    def __init__(self, token):
        self._client = httpx.Client(headers={"Authorization": f"Bearer {token}"})
        self._stop = threading.Event()
        self.statuses, self.slowest = [], 0.0
        self._number = 0  # counts what was sent, also if a kill lost the response

    def close(self):
        self._client.close()

    @contextmanager
    def writing(self, url):
        """Write to a server while the block runs, even if that ends."""
        self._stop.clear()
        thread = threading.Thread(target=self._write, args=(url,))
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=30)

    def _write(self, url):
        while not self._stop.is_set():
            start = time.monotonic()
            try:
                self._number += 1
                self._write_one(f"{url}/scim/v2/Users", self._number)
            except httpx.TransportError:
                return  # the server was killed
            self.slowest = max(self.slowest, time.monotonic() - start)
            time.sleep(0.01)

    def _write_one(self, url, number):
        name = f"scim{number}@example.org"
        body = {"schemas": [SCHEMA], "userName": name, "externalId": name}
        body["emails"] = [{"type": "work", "value": name}]
        made = self._client.post(url, json=body)
        self.statuses.append(made.status_code)
        # What no file has, so that a person is the same before and after.
        operation = {"op": "replace", "path": "nickName", "value": "x"}
        body = {"schemas": [PATCH_OP], "Operations": [operation]}
        if made.status_code == 201:
            changed = self._client.patch(f"{url}/{made.json()['id']}", json=body)
            self.statuses.append(changed.status_code)


class Page:
    """The page Import in a browser of an administrator."""

    def __init__(self, url, cookie):
        headers = {"Sec-Fetch-Site": "same-origin"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=60)
        host = self._client.base_url.host
        self._client.cookies.set("npn_session", cookie, domain=host)

    def close(self):
        self._client.close()

    def show(self):
        return self._client.get(PAGE).raise_for_status().text

    def counts(self):
        found = COUNTS.findall(self.show())
        return {name: int(number.replace(",", "")) for name, number in found}

    def upload(self, text):
        token = {"csrf_token": hidden(self.show())["csrf_token"]}
        files = {"file": ("people.csv", text.encode(), "text/csv")}
        answer = self._client.post(PAGE, data=token, files=files)
        assert answer.status_code == 303, answer.text

    def press(self, what):
        answer = self._client.post(f"{PAGE}/{what}", data=hidden(self.show()))
        assert answer.status_code == 303, answer.text

    def press_until(self, what, words):
        end = time.monotonic() + LONGEST_SECONDS
        while words not in self.show():
            assert time.monotonic() < end, self.show()
            self.press(what)

    def export(self):
        return self._client.get("/settings/users/export.csv").raise_for_status().text


def make_file(number, bad):
    """Make a file with people, and with bad lines among them."""
    rows = [[f"p{n}", f"Person {n}", "true"] for n in range(number)]
    for n in range(bad):
        rows.insert((n + 1) * number // (bad + 1) + n, BAD[n % len(BAD)])
    return write_plain_lines([["userName", "displayName", "active"], *rows])


@pytest.fixture
def administered(migrated, tmp_path):
    """An instance, the session cookie of an administrator, and a SCIM token."""
    instance = copy_of(migrated, tmp_path / "served")
    name = "ada@example.org"
    instance.output("create-admin", name, "--password-file", "-", text=PASSWORD)
    token = instance.output("token", "create").strip()
    app = instance.app()
    app.test_client_class = Visitor
    cookie = signed_in(app, name).cookie.value
    close(app)
    return instance, cookie, token


@pytest.fixture
def clients():
    """Makes clients of a server, and closes them."""
    with ExitStack() as opened:
        yield lambda kind, *given: opened.enter_context(closing(kind(*given)))


def import_under_load(administered, clients, number, bad):
    instance, cookie, token = administered
    text, scim = make_file(number, bad), clients(ScimWriter, token)
    others = {"Unchanged": 0, "Refused": bad}
    planned = {"To be created": number, "To be changed": 0, **others}
    expected = {"Created": number, "Changed": 0, **others}
    with instance.served() as server, scim.writing(server.url):
        page = clients(Page, server.url, cookie)
        page.upload(text)
        page.press_until("check", "nothing is changed yet")
        assert page.counts() == planned
        applying = threading.Thread(target=press_quietly, args=(page, "apply"))
        applying.start()
        other = clients(Page, server.url, cookie)
        wait_for(lambda: "<strong>Applied " in other.show())
        server.stop(signal.SIGKILL)
        applying.join(timeout=30)
    with instance.served() as server, scim.writing(server.url):
        page = clients(Page, server.url, cookie)
        done = int(re.search(r"Applied (\d+) of", page.show())[1])
        assert 0 < done < number + bad
        page.press_until("apply", f"Applied, except {bad} lines")
        assert page.counts() == expected
        exported = page.export()
        page.upload(exported)
        page.press_until("check", "nothing is changed yet")
        page.press_until("apply", "Applied completely")
        again = page.counts()
        assert again["Unchanged"] >= number + 1
        assert [again[each] for each in ("Created", "Changed", "Refused")] == [0, 0, 0]
        check_by_command(instance, exported)
    assert len(scim.statuses) > 20
    assert set(scim.statuses) == {201, 200}, set(scim.statuses)
    print(f"{len(scim.statuses)} SCIM requests, the slowest took {scim.slowest:.2f} s")


def press_quietly(page, what):
    """Press a button of a server that is killed meanwhile."""
    with suppress(httpx.TransportError):
        page.press(what)


def check_by_command(instance, exported):
    """Import the file by the command too, with other titles of some people."""
    file = instance.folder.parent / "again.csv"
    file.write_text(exported.replace("Person 1", "Somebody 1"), encoding="utf-8")
    words = ["-m", "netpresenter_next", "user", "import", str(file)]
    with prefork.start(words, instance.environment, **ALL_PIPES) as process:
        said = process.communicate(timeout=300)[1]
    assert process.returncode == 0, said
    assert "0 created, 0 changed" not in said
    assert "0 refused." in said


def test_an_import_beside_a_scim_client_survives_a_kill(administered, clients):
    import_under_load(administered, clients, 300, 4)


@pytest.mark.long
def test_an_import_of_5000_people_beside_a_scim_client_survives_a_kill(
    administered, clients
):
    import_under_load(administered, clients, 5_000, 40)
