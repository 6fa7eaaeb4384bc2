"""kill -9 while eight clients write: nothing that was acknowledged is lost."""

import random
import signal
import threading
import time

import pytest
from ledger import Ledger
from load import Client, Scim
from preloaded import Command
from verdict import faults_of, settle

from helpers import copy_of

CLIENTS = 8
SEED = 11


def make_groups(parent, command, token):
    with parent.started(command) as child, Scim(child.listening(), token) as scim:
        answers = [
            scim.ask("POST", "/Groups", {"displayName": f"Group {number}"})
            for number in range(3)
        ]
        child.send(signal.SIGTERM)
        assert child.end()[0] == 0
    return [document["id"] for _status, document in answers]


def write_until_killed(child, port, token, ledger, groups, rng, name):
    """Let clients write, and kill the server after a number of answers."""
    enough, last = threading.Event(), ledger.statuses.total() + rng.randint(10, 120)

    def answered(number):
        if number >= last:
            enough.set()

    clients = [
        Client(Scim(port, token), ledger, groups, f"{name}-{number}", answered)
        for number in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    time.sleep(rng.uniform(0, 0.01))  # not always just after an answer
    child.send(signal.SIGKILL)
    for thread in threads:
        thread.join()
    for client in clients:
        if client.fault:
            raise client.fault
    status, said = child.end()
    assert status == -signal.SIGKILL
    assert "Traceback" not in said


def survive(parent, tokened, folder, rounds):
    """Kill a server so many times; returns the ledger, and asserts as it goes."""
    instance, token = copy_of(tokened[0], folder / "instance"), tokened[1]
    command = Command(["serve", "--port", "0"], instance.environment)
    file = instance.folder / "netpresenter.db"
    groups = make_groups(parent, command, token)
    ledger, rng, slowest = Ledger(), random.Random(SEED), 0.0
    for number in range(rounds + 1):
        start = time.monotonic()
        with parent.started(command) as child:
            port = child.listening()
            slowest = max(slowest, time.monotonic() - start)
            with Scim(port, token) as scim:
                assert faults_of(ledger, scim, file, groups) == []
                assert settle(ledger, scim, groups) == []
            if number < rounds:
                name = f"round-{number}"
                write_until_killed(child, port, token, ledger, groups, rng, name)
            else:
                child.send(signal.SIGTERM)
                assert child.end()[0] == 0
    print(
        f"{rounds} kills, {ledger.acknowledged} acknowledged, {ledger.unanswered} "
        f"unanswered, {dict(ledger.statuses)}, slowest start {slowest:.2f} s"
    )
    return ledger


def test_five_kills_lose_nothing_that_was_acknowledged(parent, tokened, tmp_path):
    ledger = survive(parent, tokened, tmp_path, 5)
    assert ledger.acknowledged >= 50
    assert ledger.unanswered >= 5


@pytest.mark.long
def test_fifty_kills_lose_nothing_that_was_acknowledged(parent, tokened, tmp_path):
    ledger = survive(parent, tokened, tmp_path, 50)
    assert ledger.acknowledged >= 1000
    assert ledger.unanswered >= 50
