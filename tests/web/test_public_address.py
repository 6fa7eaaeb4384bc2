"""The check that the public address leads to this server, against real servers."""

import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from netpresenter_next.lib import certificates
from netpresenter_next.microsoft.transport import ClockSkew
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.findings import Severity
from netpresenter_next.web import context, public_address
from netpresenter_next.web.public_address import NonceWatch

CHECKS = "/settings/system/microsoft-entra-id/checks"


@pytest.fixture(autouse=True)
def clock_not_compared(monkeypatch):
    """Other tests may have compared the clock with Microsoft's."""
    monkeypatch.setattr(ClockSkew, "seconds", None)


@contextmanager
def serving(answer, wrap=lambda each: each):
    """Serve at a port of this machine; ``answer`` gets the handler of each request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *_):
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def say(status, content_type="application/scim+json", **headers):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"{}")

    return answer


def passing_on(watch, answer):
    def pass_on(handler):
        watch.note(handler.headers["Authorization"].removeprefix("Bearer "))
        answer(handler)

    return pass_on


def check(address, watch, scheme="http"):
    found = public_address.check(f"{scheme}://{address}", watch)
    assert "only https addresses" in found[0].what
    return [(each.severity, each.what) for each in found[1:]]


def test_an_answer_of_this_server_is_recognized_by_the_nonce():
    watch = NonceWatch()
    with serving(passing_on(watch, say(401))) as address:
        assert check(address, watch) == [(Severity.OK, "It leads to this server.")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (say(401), "another server answers"),
        (say(302, Location="https://sso.example.org/"), "a redirect to https://sso"),
        (say(200, "text/html"), "a web page"),
        (say(502, "text/plain"), "status 502: another server answers"),
    ],
)
def test_another_answer_is_explained(answer, words):
    with serving(answer) as address:
        ((severity, what),) = check(address, NonceWatch())
    assert severity is Severity.ERROR
    assert words in what


def test_an_answer_that_a_proxy_changes_is_an_error():
    watch = NonceWatch()
    with serving(passing_on(watch, say(403, "text/html"))) as address:
        ((severity, what),) = check(address, watch)
    assert severity is Severity.ERROR
    assert "a proxy changes the answer" in what


def test_a_server_that_hangs_or_talks_slowly_is_given_up(monkeypatch):
    monkeypatch.setattr(public_address, "LONGEST_CALL", 0.5)
    stop = threading.Event()

    def drip(handler):
        for _ in range(200):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
            if stop.wait(0.05):
                return

    with serving(drip) as address:
        ((severity, what),) = check(address, NonceWatch())
        stop.set()
    assert severity is Severity.ERROR
    assert "does not answer" in what


def test_a_closed_port_is_reported():
    with serving(say(401)) as address:
        pass
    ((severity, what),) = check(address, NonceWatch())
    assert (severity, "Connection refused" in what) == (Severity.ERROR, True)


def test_a_certificate_that_is_not_trusted_is_reported(tmp_path):
    pair = certificates.make()
    file = tmp_path / "pair.pem"
    file.write_text(pair.certificate + pair.key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)

    def wrap(socket):
        return tls.wrap_socket(socket, server_side=True, do_handshake_on_connect=False)

    with serving(say(401), wrap) as address:
        found = public_address.check(f"https://{address}", NonceWatch())
    assert [each.subject for each in found] == ["Public address", "Certificate"]
    assert "this network only" in found[0].what
    assert "not trusted" in found[1].what


def test_an_own_check_is_not_recorded_but_a_forged_nonce_is(app, client, rows):
    watch = context.of(app).nonce_watch
    nonce = watch.expect()
    for secret in (nonce, public_address.PREFIX + "forged"):
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get("/scim/v2/Users", headers=headers).status_code == 401
    assert watch.end(nonce)
    assert not watch.end(public_address.PREFIX + "forged")
    assert len(rows(select(JOURNAL).where(JOURNAL.c.event == "token.refused"))) == 1


def test_the_page_shows_the_findings(administrator):
    answer = administrator.submit(CHECKS)
    assert answer.status_code == 200
    assert "does not answer this server" in answer.text
    assert "Check again" in answer.text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "agrees"),
        (-5, "agrees"),
        (300, "300 seconds ahead"),
        (-300, "300 seconds be"),
    ],
)
def test_a_clock_that_differs_from_microsofts_is_reported(monkeypatch, seconds, words):
    monkeypatch.setattr(ClockSkew, "seconds", seconds)
    with serving(say(401)) as address:
        *_, (_, what) = check(address, NonceWatch())
    assert words in what
