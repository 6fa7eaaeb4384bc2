"""SIGTERM while clients write: whatever was accepted is answered, and all is stored.

A request is accepted when all of it was sent, on a connection that was established,
before the server closed the socket at which it listens.
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
from load import new_person
from preloaded import Command

from helpers import copy_of

CLIENTS = 12
SEED = 31
FILE = "netpresenter.db"
# Both processes read the same clock.
TELL = """
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


# Stops between the last look and the end, until somebody writes to a pipe.
WAIT = """
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
    """Sends one request after the other until nobody listens any more.

    Every other one keeps its connection; the others take a new one each time.
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
        """Send one request; returns whether another may follow on the connection."""
        name = f"{self.name}-{len(self.statuses) + len(self.unanswered)}"
        try:
            sock.sendall(self.request(name))
        except ConnectionError:  # not all of it was sent
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
    """Let callers call, and send SIGTERM after a number of answers."""
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


def stop(parent, tokened, folder, rounds):
    """Stop a server so many times; returns what was answered, and what was not."""
    instance, token = copy_of(tokened[0], folder / "instance"), tokened[1]
    serve = ["serve", "--port", "0"]
    command = Command(serve, instance.environment, code=TELL)
    rng, answers, accepted, late, made = random.Random(SEED), 0, [], 0, set()
    for number in range(rounds):
        with parent.started(command) as child:
            port = child.listening()
            callers = call_until_stopped(child, port, token, rng, f"round{number}")
            status, said = child.end()
        assert status == 0
        closed_at = float(said.partition("Closed at ")[2].partition("\n")[0])
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
    print(f"{rounds} stops, {answers} answers, {late} after the end without one")
    print("accepted and unanswered:", accepted)
    return accepted


def test_whoever_asks_in_the_last_moment_is_answered_and_told_that_it_was_the_last(
    parent, tokened, tmp_path
):
    instance, pipe = copy_of(tokened[0], tmp_path / "instance"), tmp_path / "pipe"
    os.mkfifo(pipe)
    code = WAIT.format(pipe=str(pipe))
    command = Command(["serve", "--port", "0"], instance.environment, code=code)
    with parent.started(command) as child:
        caller = Caller(child.listening(), tokened[1], "last-1", lambda: None)
        with socket.create_connection(("127.0.0.1", caller.port), 30) as sock:
            assert caller.ask(sock)  # and another may follow
            child.send(signal.SIGTERM)
            while child.output.readline() != "About to close\n":
                pass
            sock.sendall(caller.request("last-of-all"))
            pipe.write_text("go on")
            with http.client.HTTPResponse(sock) as response:
                response.begin()
                assert response.status == 201
                assert response.headers["Connection"] == "close"
                assert response.read()
        assert child.end()[0] == 0


def test_a_stop_under_load_answers_what_was_accepted(parent, tokened, tmp_path):
    assert stop(parent, tokened, tmp_path, 2) == []


@pytest.mark.long
def test_twenty_stops_answer_what_was_accepted(parent, tokened, tmp_path):
    assert stop(parent, tokened, tmp_path, 20) == []
