"""After SIGTERM, every accepted request is answered, and what was answered is stored.

A request is accepted if it was sent completely, on an established connection, before
the server closed its listening socket.
"""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing

import pytest
from fork_server import Command
from load import new_person

from helpers import copy_of

CLIENTS = 12
SEED = 31
FILE = "netpresenter.db"
# Both processes read the same clock.
PRINT_CLOSING_TIME = """
import time
from waitress import wasyncore
from waitress.server import BaseWSGIServer

close = wasyncore.dispatcher.close

def close_and_tell(self):
    at = time.monotonic()
    close(self)
    if isinstance(self, BaseWSGIServer):
        print(f"Closed at {at}", flush=True)

wasyncore.dispatcher.close = close_and_tell
"""


# Stops between the last poll and the close, until somebody writes to a pipe.
WAIT_BEFORE_CLOSING = """
from waitress import wasyncore
from waitress.server import BaseWSGIServer

close = wasyncore.dispatcher.close

def wait_and_close(self):
    if isinstance(self, BaseWSGIServer):
        print("About to close", flush=True)
        open({pipe!r}).read()
    close(self)

wasyncore.dispatcher.close = wait_and_close
"""


class Caller:
    """Sends one request after the other until the server no longer listens.

    Every other caller keeps its connection; the others open a new one each time.
    """

    def __init__(self, port, token, name, answered):
        self.port, self.token, self.name, self.answered = port, token, name, answered
        self.made, self.unanswered, self.statuses = [], [], []
        self.fault = None

    def run(self):
        try:
            while True:
                with socket.create_connection(("127.0.0.1", self.port), 30) as sock:
                    while self.ask(sock):
                        pass
        except ConnectionError:
            return
        except BaseException as fault:
            self.fault = fault

    def ask(self, sock):
        """Send one request; return whether another may follow on the connection."""
        name = f"{self.name}-{len(self.statuses) + len(self.unanswered)}"
        try:
            sock.sendall(self.request(name))
        except ConnectionError:  # the request was not sent completely
            return False
        sent_at = time.monotonic()
        try:
            with http.client.HTTPResponse(sock, method="POST") as response:
                response.begin()
                response.read()
        except (ConnectionError, http.client.HTTPException):
            self.unanswered.append(sent_at)
            return False
        self.statuses.append(response.status)
        if response.status == 201:
            self.made.append(f"{name}@example.org")
        self.answered()
        return self._keeps and not response.will_close

    @property
    def _keeps(self):
        return int(self.name.rpartition("-")[2]) % 2

    def request(self, name):
        body = json.dumps(new_person(name)).encode()
        lines = [
            "POST /scim/v2/Users HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/scim+json",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


def call_until_stopped(child, port, token, rng, name):
    """Let callers send requests, and send SIGTERM after a number of responses."""
    enough, left = threading.Event(), iter(range(rng.randint(20, 150), -1, -1))

    def answered():
        if next(left, 0) == 0:
            enough.set()

    callers = [Caller(port, token, f"{name}-{n}", answered) for n in range(CLIENTS)]
    threads = [threading.Thread(target=caller.run) for caller in callers]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    child.send(signal.SIGTERM)
    for thread in threads:
        thread.join()
    for caller in callers:
        if caller.fault:
            raise caller.fault
    return callers


def stop_repeatedly(fork_server, instance_with_token, folder, rounds):
    """Stop a server several times; return the accepted requests without a response.

    Each is given as the seconds between its end and the close of the socket.
    """
    instance, token = (
        copy_of(instance_with_token[0], folder / "instance"),
        instance_with_token[1],
    )
    serve = ["serve", "--port", "0"]
    command = Command(serve, instance.environment, code=PRINT_CLOSING_TIME)
    rng, answers, accepted, late, made = random.Random(SEED), 0, [], 0, set()
    for number in range(rounds):
        with fork_server.started(command) as child:
            port = child.wait_for_port()
            callers = call_until_stopped(child, port, token, rng, f"round{number}")
            status, output = child.end()
        assert status == 0
        closed_at = float(output.partition("Closed at ")[2].partition("\n")[0])
        for caller in callers:
            assert set(caller.statuses) <= {201, 503}
            answers += len(caller.statuses)
            accepted += [closed_at - at for at in caller.unanswered if at < closed_at]
            late += sum(at >= closed_at for at in caller.unanswered)
            made |= set(caller.made)
        assert not list(instance.folder.glob("*-wal"))
        with closing(sqlite3.connect(instance.folder / FILE)) as connection:
            there = {
                name for (name,) in connection.execute("SELECT user_name FROM users")
            }
        assert made <= there
    print(f"{rounds} stops, {answers} responses, {late} requests after the close")
    print("accepted and unanswered:", accepted)
    return accepted


def test_a_request_during_a_stop_is_answered_and_closes_its_connection(
    fork_server, instance_with_token, tmp_path
):
    instance, pipe = (
        copy_of(instance_with_token[0], tmp_path / "instance"),
        tmp_path / "pipe",
    )
    os.mkfifo(pipe)
    code = WAIT_BEFORE_CLOSING.format(pipe=str(pipe))
    command = Command(["serve", "--port", "0"], instance.environment, code=code)
    with fork_server.started(command) as child:
        caller = Caller(
            child.wait_for_port(), instance_with_token[1], "last-1", lambda: None
        )
        with socket.create_connection(("127.0.0.1", caller.port), 30) as sock:
            assert caller.ask(sock)  # the connection stays open
            child.send(signal.SIGTERM)
            while child.output.readline() != "About to close\n":
                pass
            sock.sendall(caller.request("last-of-all"))
            pipe.write_text("continue")
            with http.client.HTTPResponse(sock) as response:
                response.begin()
                assert response.status == 201
                assert response.headers["Connection"] == "close"
                assert response.read()
        assert child.end()[0] == 0


def test_a_stop_under_load_answers_every_accepted_request(
    fork_server, instance_with_token, tmp_path
):
    assert stop_repeatedly(fork_server, instance_with_token, tmp_path, 2) == []


@pytest.mark.long
def test_twenty_stops_answer_every_accepted_request(
    fork_server, instance_with_token, tmp_path
):
    assert stop_repeatedly(fork_server, instance_with_token, tmp_path, 20) == []
