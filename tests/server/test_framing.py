"""Ambiguous requests get one answer, and then the connection is closed."""

import json
import re
import socket
import time
import urllib.request

import pytest

from helpers import Instance, copy_of
from netpresenter_next.web import response_headers

# A server that records each request that reaches the application.
CODE = """
from flask import request
from netpresenter_next import create_app
from netpresenter_next.config import options
from netpresenter_next.server import process

settings = options.load()
app = create_app(settings)
reached = []

def note():
    if request.path == "/reached":
        return " ".join(reached)
    reached.append(request.full_path)
    if request.path == "/echo":
        return request.get_data()

app.before_request_funcs.setdefault(None, []).insert(0, note)
process.serve(app, settings, "127.0.0.1", 0)
"""
SMUGGLED = b"GET /healthz?smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HEADERS = {*dict(response_headers.HEADERS), "Cache-Control", "Content-Length"}
HOST = b"Host: 127.0.0.1\r\n"


def post(fields, body=b""):
    return b"POST %s HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


def length(value, body=b"abcd"):
    return post(b"Content-Length: " + value + b"\r\n", body)


def coding(value, more=b""):
    return post(b"Transfer-Encoding:" + value + b"\r\n" + more, b"0\r\n\r\n")


def chunks(body):
    return post(b"Transfer-Encoding: chunked\r\n", body)


def get(line, fields=HOST):
    return line + b"\r\n" + fields + b"\r\n"


def host(value):
    return get(b"GET %s HTTP/1.1", b"Host:" + value + b"\r\n")


END = b"hello\r\n0\r\n\r\n"
FOUR = b"Content-Length: 4\r\n"
TOO_LONG = b"Content-Length: 4194305\r\n"
# Requests (%s is the path) by the status of their only answer.
ROWS = {
    400: {
        "coding and length": coding(b" chunked", FOUR),
        "length and coding": post(
            FOUR + b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"
        ),
        "empty coding and length": coding(b"", FOUR),
        "two lengths": length(b"4\r\nContent-Length: 5"),
        "a length twice": length(b"4\r\nContent-Length: 4"),
        "lengths in a list": length(b"4, 4"),
        "length with plus": length(b"+4"),
        "length below zero": length(b"-1"),
        "length in hexadecimal": length(b"0x4"),
        "length with underscore": length(b"0_4"),
        "length in other digits": length("٤".encode()),
        "empty length": length(b""),
        "length of 5,000 digits": length(b"1" * 5000),
        "coding with a vertical tab": coding(b" \x0bchunked"),
        "coding in HTTP/1.0": coding(b" chunked").replace(b"1.1", b"1.0"),
        "space before colon": post(b"Content-Length : 4\r\n", b"abcd"),
        "space before the colon of a coding": post(b"Transfer-Encoding : chunked\r\n"),
        "length in a continuation line": post(b"X-Any: 1\r\n Content-Length: 4\r\n"),
        "coding in a continuation line": coding(b"\r\n chunked"),
        "host in a continuation line": host(b"\r\n 127.0.0.1"),
        "continuation line first": get(b"GET %s HTTP/1.1", b" X: 1\r\n" + HOST),
        "field without colon": post(b"Content-Length\r\n"),
        "field without name": post(b": 4\r\n"),
        "NUL in a field": post(b"X-Any: a\x00b\r\n"),
        "line feed in a field": post(b"X-Any: a\nContent-Length: 4\r\n"),
        "carriage return in a field": post(b"X-Any: a\rContent-Length: 4\r\n"),
        "chunk size with 0x": chunks(b"0x5\r\n" + END),
        "chunk size with plus": chunks(b"+5\r\n" + END),
        "chunk size with underscore": chunks(b"0_5\r\n" + END),
        "chunk size with a blank": chunks(b"5 \r\n" + END),
        "chunk size of 17 digits": chunks(b"0" * 16 + b"5\r\n" + END),
        "chunk size with line feed": chunks(b"5\n\r\n" + END),
        "chunk size ends in line feed": chunks(b"5\n" + END),
        "chunk size after a blank line": chunks(b"\r\n5\r\n" + END),
        "no chunk size": chunks(b";a=b\r\n" + END),
        "extension with line feed": chunks(b"5;\nx\r\n" + END),
        "extension ends in line feed": chunks(b"5;a\n\r\n" + END),
        "extension with carriage return": chunks(b"5;a\rb\r\n" + END),
        "endless extension": chunks(b"5;" + b"a" * 5000),
        "chunk longer than its size": chunks(b"4\r\n" + END),
        "chunk shorter than its size": chunks(b"6\r\n" + END),
        "chunk ends in line feed": chunks(b"5\r\nhello\n0\r\n\r\n"),
        "request for a trailer": chunks(b"0\r\n" + SMUGGLED),
        "line feed in a trailer": chunks(b"0\r\nX: 1\nY: 2\r\n\r\n"),
        "no host": get(b"GET %s HTTP/1.1", b""),
        "no host in HTTP/1.0": get(b"GET %s HTTP/1.0", b""),
        "empty host": host(b""),
        "two hosts": host(b" 127.0.0.1\r\nHost: evil.example"),
        "a host twice": host(b" 127.0.0.1\r\nHost: 127.0.0.1"),
        "hosts in a list": host(b" 127.0.0.1, evil.example"),
        "host with a blank": host(b" a b"),
        "host with a user": host(b" a@127.0.0.1"),
        "host with a path": host(b" 127.0.0.1/evil"),
        "host without closing bracket": host(b" [::1"),
        "host not in ASCII": host("ä".encode()),
        "target of another host": get(b"GET http://evil.example%s HTTP/1.1"),
        "HTTP/0.9": get(b"GET %s"),
        "HTTP/1.1x": get(b"GET %s HTTP/1.1x"),
        "http in lower case": get(b"GET %s http/1.1"),
        "NUL in the target": get(b"GET %s\x00 HTTP/1.1"),
        "blank in the target": get(b"GET %s x HTTP/1.1"),
        "method in lower case": get(b"get %s HTTP/1.1"),
    },
    413: {
        "length beyond the limit": post(TOO_LONG),
        "length beyond the limit with an expectation": post(
            TOO_LONG + b"Expect: 100-continue\r\n"
        ),
    },
    417: {
        "unknown expectation": post(b"Expect: 200-ok\r\n"),
        "two expectations": post(b"Expect: 100-continue\r\nExpect: x\r\n"),
    },
    431: {"head beyond the limit": get(b"GET %s HTTP/1.1", b"X: " + b"x" * 33_000)},
    501: {
        "unknown coding": coding(b" gzip"),
        "two codings": coding(b" gzip, chunked"),
        "empty coding": coding(b""),
        "a coding twice": coding(b" chunked\r\nTransfer-Encoding: chunked"),
        "a coding twice in a list": coding(b" chunked, chunked"),
        "coding with a no-break space": coding(b" chunked\xa0"),
    },
    505: {
        "HTTP/9.9": get(b"GET %s HTTP/9.9"),
        "HTTP/2.0": get(b"GET %s HTTP/2.0"),
        "HTTP/1.2": get(b"GET %s HTTP/1.2"),
    },
}
REFUSED = {
    name: (raw, status) for status, rows in ROWS.items() for name, raw in rows.items()
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    instance = Instance(tmp_path_factory.mktemp("framing") / "instance")
    with instance.served(code=CODE) as server:
        yield server


def connect(server):
    sock = socket.create_connection((server.host, server.port), timeout=10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def answers(sock):
    """Read to the end of the connection; returns status, headers, body of each."""
    data = b""
    try:
        while piece := sock.recv(65536):
            data += piece
    except ConnectionResetError:
        pass  # it was closed while something was still being sent
    found = []
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        status = re.fullmatch(r"HTTP/1\.1 (\d{3}) .+", line)
        assert status, line
        names = [each.partition(": ")[0] for each in fields]
        assert len(names) == len(set(names)), names
        headers = dict(each.split(": ", 1) for each in fields)
        length = int(headers.get("Content-Length", 0))
        found.append((int(status[1]), headers, data[:length]))
        data = data[length:]
    return found


def ask(server, *pieces):
    with connect(server) as sock:
        for piece in pieces:
            sock.sendall(piece)
        return answers(sock)


def with_path(raw, path):
    return raw.replace(b"%s", path, 1)


def reached(server):
    # Each httpx.get would read the certificates of the machine, which takes 50 ms.
    with urllib.request.urlopen(f"{server.url}/reached") as answer:
        return answer.read().decode().split()


def check_refused(answered, status, path):
    ((found, headers, body),) = answered
    assert found == status
    assert headers["Connection"] == "close"
    assert headers.keys() >= HEADERS
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    if path.startswith(b"/scim"):
        assert headers["Content-Type"] == "application/scim+json"
        document = json.loads(body)
        assert document["status"] == str(status)
        assert document["detail"]
    else:
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert body.startswith(b"%d " % status)


@pytest.mark.parametrize("path", [b"/refused", b"/scim/v2/Users"])
@pytest.mark.parametrize("name", REFUSED)
def test_an_ambiguous_request_has_one_answer(server, name, path):
    raw, status = REFUSED[name]
    before = reached(server)
    check_refused(ask(server, with_path(raw, path) + SMUGGLED), status, path)
    assert reached(server) == before


@pytest.mark.parametrize("name", ["two hosts", "length and coding", "no chunk size"])
def test_an_ambiguous_request_sent_byte_by_byte_has_one_answer(server, name):
    raw, status = REFUSED[name]
    sent = with_path(raw, b"/refused") + SMUGGLED
    before = reached(server)
    with connect(server) as sock:
        try:
            for place in range(len(sent)):
                sock.sendall(sent[place : place + 1])
                time.sleep(0.0005)
        except ConnectionError:
            pass  # it was closed before the end
        check_refused(answers(sock), status, b"/refused")
    assert reached(server) == before


def test_a_request_sent_in_two_parts_is_read_the_same(server):
    body = b"5;name=value\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n"
    end = get(b"GET /healthz HTTP/1.1", HOST + b"Connection: close\r\n")
    sent = with_path(chunks(body), b"/echo") + end
    for place in range(1, len(sent), 3):
        with connect(server) as sock:
            sock.sendall(sent[:place])
            time.sleep(0.001)
            sock.sendall(sent[place:])
            (echoed, _) = answers(sock)
        assert echoed[0] == 200
        assert echoed[2] == b"hello world"


def test_pipelined_requests_are_answered_in_order(server):
    last = HOST + b"Connection: close\r\n"
    each = [
        with_path(length(b"3", b"one"), b"/echo"),
        with_path(chunks(b"3\r\ntwo\r\n0\r\n\r\n"), b"/echo"),
        with_path(length(b"5", b"three"), b"/echo"),
        get(b"GET http://127.0.0.1/echo HTTP/1.1", last),
    ]
    found = ask(server, b"".join(each))
    bodies = [b"one", b"two", b"three", b""]
    assert [(status, body) for status, _, body in found] == [
        (200, body) for body in bodies
    ]


def test_a_request_before_a_refused_one_is_answered(server):
    good = with_path(length(b"3", b"one"), b"/echo")
    raw, status = REFUSED["length and coding"]
    first, second = ask(server, good + with_path(raw, b"/refused") + SMUGGLED)
    assert first[0] == 200
    check_refused([second], status, b"/refused")


@pytest.mark.parametrize("fields", [b"", b"Content-Length: 0\r\n"])
def test_an_expectation_without_a_body_is_answered_at_once(server, fields):
    expecting = HOST + b"Expect: 100-continue\r\n" + fields
    start = time.monotonic()
    before = reached(server)
    ((status, headers, _),) = ask(
        server, get(b"GET /healthz HTTP/1.1", expecting) + SMUGGLED
    )
    assert status == 200
    assert headers["Connection"] == "close"
    assert time.monotonic() - start < 5
    assert reached(server) == [*before, "/healthz?"]


def test_an_expectation_with_a_body_gets_100_continue(server):
    fields = b"Content-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n"
    with connect(server) as sock:
        sock.sendall(with_path(post(fields), b"/echo"))
        assert sock.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"one")
        ((status, _, body),) = answers(sock)
    assert (status, body) == (200, b"one")


def test_a_header_field_of_spaces_is_parsed_quickly(server):
    for end, status in ((b"x", 200), (b"\x00", 400)):
        field = b"X:" + b" " * 30_000 + end + b"\r\n"
        start = time.monotonic()
        with connect(server) as sock:
            sock.sendall(get(b"GET /healthz HTTP/1.1", HOST + field))
            assert sock.recv(12) == b"HTTP/1.1 %d" % status
        assert time.monotonic() - start < 2


def test_a_persistent_connection_serves_several_requests(server):
    with connect(server) as sock:
        for number in (b"1", b"2", b"3"):
            sock.sendall(
                with_path(chunks(b"1\r\n" + number + b"\r\n0\r\n\r\n"), b"/echo")
            )
            answer = b""
            while not answer.endswith(b"\r\n\r\n" + number):
                answer += sock.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("path", ["", "/news"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_refusal_has_the_security_headers_of_the_base_url(tmp_path, path, scheme):
    instance = Instance(tmp_path / "instance")
    public = f"{scheme}://news.example.org{path}"
    with instance.served(NETPRESENTER_BASE_URL=public) as server:
        asked = path.encode() + b"/scim/v2/Users"
        answered = ask(server, with_path(REFUSED["no host"][0], asked))
    check_refused(answered, 400, b"/scim")
    has_it = "Strict-Transport-Security" in answered[0][1]
    assert has_it == (scheme == "https")


HOSTS = {
    200: (b"good.example", b"GOOD.example", b"good.example:443", b"localhost:8000"),
    400: (
        *(b"evil.example", b"a.evil.example", b"good.example.evil.example"),
        *(b"good.example:99999", b"good.example:80", b"good.example@evil.example"),
        *(b"evil.example\r\nHost: good.example", b"good.example, evil.example"),
        *(b"good.example\r\n evil.example", b"a b", b"", b"[::1"),
    ),
}


def test_another_host_is_refused_and_never_echoed(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    token = instance.output("token", "create").strip().encode()
    more = b"Connection: close\r\nAuthorization: Bearer " + token + b"\r\n"
    with instance.served(NETPRESENTER_BASE_URL="https://good.example") as server:
        for status, hosts in HOSTS.items():
            for name in hosts:
                for path in (b"/healthz", b"/scim/v2/ServiceProviderConfig"):
                    raw = with_path(host(b" " + name + b"\r\n" + more[:-2]), path)
                    ((found, headers, body),) = ask(server, raw + SMUGGLED)
                    assert found == status, name
                    assert headers["Connection"] == "close"
                    assert b"evil" not in body
                    assert "evil" not in str(headers)
                    if b"scim" in path and status == 200:
                        location = json.loads(body)["meta"]["location"]
                        assert location.startswith("https://good.example/scim/v2/")
