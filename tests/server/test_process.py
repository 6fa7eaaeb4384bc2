"""A real server process: its output, its limits, and how it stops."""

import contextlib
import re
import signal
import socket
import threading
import time

import httpx
import pytest

from helpers import PASSWORD, Instance, wait_for
from netpresenter_next.storage.database import THREADS

# A server with a view that answers when a file exists, and a short time limit for
# requests.
CODE = """
import pathlib
import threading
import time
from flask import request
from netpresenter_next import create_app
from netpresenter_next.config import options
from netpresenter_next.server import channel, process

channel.Channel.request_seconds = 1.0
settings = options.load()
app = create_app(settings)

def answer():
    if request.path == "/slow":
        (settings.instance / f"asked {threading.get_ident()}").touch()
        while not (settings.instance / "go on").exists():
            time.sleep(0.02)
        return "done"
    if request.path == "/who":
        return f"{request.remote_addr} {request.scheme}"

app.before_request_funcs.setdefault(None, []).insert(0, answer)

process.serve(app, settings, "127.0.0.1", 0)
"""


@pytest.fixture
def instance(tmp_path):
    return Instance(tmp_path / "instance")


def test_the_server_prints_its_url_and_the_set_up_link(instance):
    with instance.served() as server:
        said = server.read_line()
        link = re.fullmatch(r"Set up: (http://.+/setup\?code=\S+)\n", said)
        assert link
        assert link[1].startswith(server.url)
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        assert httpx.get(link[1], follow_redirects=True).status_code == 200


def test_the_set_up_link_has_the_base_url(instance):
    public = "https://news.example.org/people"
    with instance.served(NETPRESENTER_BASE_URL=public) as server:
        assert server.read_line().startswith(f"Set up: {public}/setup?code=")


def test_a_link_for_all_addresses_can_be_opened_on_the_machine(instance):
    with instance.served("--host", "0.0.0.0") as server:
        assert server.host == "0.0.0.0"
        assert f"http://127.0.0.1:{server.port}/setup" in server.read_line()


def test_no_set_up_link_is_printed_once_there_is_an_administrator(instance):
    instance.output("create-admin", "ada", "--password-file", "-", text=PASSWORD)
    with instance.served() as server:
        assert server.stop(signal.SIGTERM) == 0
        assert server.read_line() == ""


def test_a_second_server_on_one_instance_is_refused(instance):
    with instance.served():
        assert "A server runs on" in instance.expect_error(1, "serve", "--port", "0")


def test_a_port_in_use_is_refused_with_the_remedy(instance, tmp_path):
    other = Instance(tmp_path / "other")
    with instance.served() as server:
        line = other.expect_error(1, "serve", "--port", str(server.port))
    assert f"Cannot listen on {server.url}" in line
    assert "--port" in line


def test_an_unknown_host_is_refused(instance):
    assert "no such address" in instance.expect_error(1, "serve", "--host", "256.1.1.1")


def test_the_server_starts_again_after_it_was_killed(instance):
    with instance.served() as server:
        server.process.kill()
        server.process.wait()
    with instance.served() as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_with_status_0_and_an_empty_log(instance, number):
    with instance.served() as server:
        httpx.get(f"{server.url}/setup")
        start = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - start < 5
    log = instance.folder / "netpresenter.db-wal"
    assert not log.exists() or log.stat().st_size == 0


def wait_until_asked(instance, number):
    """Wait until so many threads of the server answer slowly."""
    wait_for(lambda: len(list(instance.folder.glob("asked *"))) == number)


def is_refused(server):
    """Are connections refused?"""
    try:
        socket.create_connection((server.host, server.port)).close()
    except ConnectionError:
        return True
    return False


def ask_slowly(server):
    asked = socket.create_connection((server.host, server.port), timeout=30)
    asked.sendall(b"GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return asked


def answer_of(asked):
    with asked, asked.makefile("rb") as stream:
        return stream.read()


def test_stopping_finishes_accepted_requests_and_refuses_new_ones(instance):
    with instance.served(code=CODE) as server:
        # More than there are threads, so that some still wait for one.
        asked = [ask_slowly(server) for _ in range(12)]
        idle = socket.create_connection((server.host, server.port))
        wait_until_asked(instance, THREADS)
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: is_refused(server))
        (instance.folder / "go on").touch()
        for each in asked:
            assert answer_of(each).endswith(b"\r\n\r\ndone")
        assert answer_of(idle) == b""
        assert server.process.wait(timeout=30) == 0


def test_a_second_signal_stops_the_server_at_once(instance):
    with instance.served(code=CODE) as server:
        asked = ask_slowly(server)
        wait_until_asked(instance, 1)
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: is_refused(server))
        assert server.process.poll() is None  # it waits for the answer
        assert server.stop(signal.SIGTERM) == 128 + signal.SIGTERM
        asked.close()


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_a_request_that_arrives_too_slowly_is_cut_off(instance, drip):
    with instance.served(code=CODE) as server:
        with socket.create_connection((server.host, server.port)) as sock:
            sock.settimeout(0.2)
            start = time.monotonic()
            assert send_until_closed(sock, drip) < start + 6
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def send_until_closed(sock, drip):
    try:
        while time.monotonic():
            sock.sendall(drip)
            try:
                if sock.recv(1) == b"":
                    break
            except TimeoutError:
                continue
    except ConnectionError:
        pass
    return time.monotonic()


def test_a_connection_kept_alive_is_not_cut_off_between_requests(instance):
    with (
        instance.served(code=CODE) as server,
        httpx.Client(base_url=server.url) as client,
    ):
        for _ in range(3):
            assert client.get("/healthz").status_code == 200
            time.sleep(1.2)  # longer than a request may take to arrive
        answer_later = threading.Timer(1.2, (instance.folder / "go on").touch)
        answer_later.start()
        assert client.get("/slow").text == "done"


FEW_CONNECTIONS = """
from netpresenter_next import create_app
from netpresenter_next.config import options
from netpresenter_next.server import channel, process

channel.MOST_OF_ONE_NETWORK = 3
channel.Channel._is_shared = lambda self: False  # as if from another machine
settings = options.load()
process.serve(create_app(settings), settings, "127.0.0.1", 0)
"""


def test_one_network_cannot_use_all_connections(instance):
    with (
        instance.served(code=FEW_CONNECTIONS) as server,
        contextlib.ExitStack() as all_,
    ):
        silent = [
            all_.enter_context(socket.create_connection((server.host, server.port), 5))
            for _ in range(5)
        ]
        assert [each.recv(1) for each in silent[3:]] == [b"", b""]
        silent[0].close()
        assert any(is_healthy(server) for _ in range(50))


def is_healthy(server):
    try:
        return httpx.get(f"{server.url}/healthz").status_code == 200
    except httpx.TransportError:
        time.sleep(0.1)
        return False


def seen_by_the_application(instance, **settings):
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with instance.served(code=CODE, **settings) as server:
        return httpx.get(f"{server.url}/who", headers=forwarded).text


def test_forwarded_headers_count_only_from_the_trusted_proxy(instance):
    assert seen_by_the_application(instance) == "127.0.0.1 http"
    settings = {"NETPRESENTER_TRUSTED_PROXY": "127.0.0.1"}
    assert seen_by_the_application(instance, **settings) == "192.0.2.7 https"
    settings = {"NETPRESENTER_TRUSTED_PROXY": "127.0.0.9"}
    assert seen_by_the_application(instance, **settings) == "127.0.0.1 http"


def test_the_answer_does_not_name_the_server_software(instance):
    with instance.served() as server:
        assert "server" not in httpx.get(f"{server.url}/healthz").headers


def test_a_body_beyond_four_mebibytes_is_refused(instance):
    with instance.served() as server:
        body = b"x" * (4 * 2**20 + 1)
        assert httpx.post(f"{server.url}/healthz", content=body).status_code == 413
