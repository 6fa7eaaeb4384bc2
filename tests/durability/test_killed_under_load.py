"""kill -9 while eight clients write loses no acknowledged write."""

import random
import signal
import threading
import time

import pytest
from consistency import find_faults, resolve_unanswered
from fork_server import Command
from ledger import Ledger
from load import Client, Scim

from helpers import copy_of

CLIENTS = 8
SEED = 11


def make_groups(fork_server, command, token):
    with (
        fork_server.started(command) as child,
        Scim(child.wait_for_port(), token) as scim,
    ):
        answers = [
            scim.ask("POST", "/Groups", {"displayName": f"Group {number}"})
            for number in range(3)
        ]
        child.send(signal.SIGTERM)
        assert child.end()[0] == 0
    return [document["id"] for _status, document in answers]


def write_until_killed(child, port, token, ledger, groups, rng, name):
    """Let clients write, and kill the server after a number of responses."""
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
    time.sleep(rng.uniform(0, 0.01))  # not always just after a response
    child.send(signal.SIGKILL)
    for thread in threads:
        thread.join()
    for client in clients:
        if client.fault:
            raise client.fault
    status, output = child.end()
    assert status == -signal.SIGKILL
    assert "Traceback" not in output


def kill_and_verify(fork_server, instance_with_token, folder, rounds):
    """Kill a server several times, and check its data after each; return the ledger."""
    instance, token = (
        copy_of(instance_with_token[0], folder / "instance"),
        instance_with_token[1],
    )
    command = Command(["serve", "--port", "0"], instance.environment)
    file = instance.folder / "netpresenter.db"
    groups = make_groups(fork_server, command, token)
    ledger, rng, slowest = Ledger(), random.Random(SEED), 0.0
    for number in range(rounds + 1):
        start = time.monotonic()
        with fork_server.started(command) as child:
            port = child.wait_for_port()
            slowest = max(slowest, time.monotonic() - start)
            with Scim(port, token) as scim:
                assert find_faults(ledger, scim, file, groups) == []
                assert resolve_unanswered(ledger, scim, groups) == []
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


def test_five_kills_lose_no_acknowledged_write(
    fork_server, instance_with_token, tmp_path
):
    ledger = kill_and_verify(fork_server, instance_with_token, tmp_path, 5)
    assert ledger.acknowledged >= 50
    assert ledger.unanswered >= 5


@pytest.mark.long
def test_fifty_kills_lose_no_acknowledged_write(
    fork_server, instance_with_token, tmp_path
):
    ledger = kill_and_verify(fork_server, instance_with_token, tmp_path, 50)
    assert ledger.acknowledged >= 1000
    assert ledger.unanswered >= 50
