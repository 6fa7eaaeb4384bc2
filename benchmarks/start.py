"""Measure how long a command takes to start: ``python -m benchmarks.start``.

The CPU time of whole processes, run in turn, so that the load of the machine is the
same for all; and its ratio to that of a Python that does nothing.
"""

import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

ROUNDS = 7
COMMAND = ("-m", "netpresenter_next")
PROGRAMS = {
    "python -c pass": ("-c", "pass"),
    "import flask, sqlalchemy, waitress": ("-c", "import flask, sqlalchemy, waitress"),
    "--help": (*COMMAND, "--help"),
    "--version": (*COMMAND, "--version"),
    "user list": (*COMMAND, "user", "list"),
}


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NETPRESENTER_INSTANCE": f"{folder}/instance"}
        measure_server(environment)  # creates the instance
        measures = {
            name: partial(measure, program, environment)
            for name, program in PROGRAMS.items()
        }
        measures["serve, until it answers"] = partial(measure_server, environment)
        times: dict[str, list[float]] = {name: [] for name in measures}
        for _ in range(ROUNDS):
            for name, each in measures.items():
                times[name].append(each())
    print_table({name: statistics.median(each) for name, each in times.items()})


def measure(program: tuple[str, ...], environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of a program that must succeed."""
    with open(os.devnull, "w") as nowhere:
        seconds, status = wait_for(start(program, environment, nowhere.fileno()))
    assert status == 0, program
    return seconds


def measure_server(environment: Mapping[str, str]) -> float:
    """Return the CPU seconds of a server until it has answered one request."""
    read, write = os.pipe()
    process = start((*COMMAND, "serve", "--port", "0"), environment, write)
    os.close(write)
    with open(read) as output:
        line = next(each for each in output if each.startswith("Listening on "))
        url = urlsplit(line.split()[-1])
        connection = HTTPConnection(str(url.hostname), url.port)
        connection.request("GET", "/")
        assert connection.getresponse().status < 400
        connection.close()
        os.kill(process, signal.SIGKILL)
        return wait_for(process)[0]


def start(program: tuple[str, ...], environment: Mapping[str, str], output: int) -> int:
    """Start Python with its output in a file; return the process ID."""
    actions = [(os.POSIX_SPAWN_DUP2, output, descriptor) for descriptor in (1, 2)]
    arguments = [sys.executable, *program]
    return os.posix_spawn(sys.executable, arguments, environment, file_actions=actions)


def wait_for(process: int) -> tuple[float, int]:
    """Wait for the end of a process; return its CPU seconds and its status."""
    _, status, usage = os.wait4(process, 0)
    return usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)


def print_table(seconds: Mapping[str, float]) -> None:
    """Print the times and their ratios to the first."""
    least = next(iter(seconds.values()))
    print(f"{'':36}{'CPU s':>8}{'ratio':>8}")
    for name, each in seconds.items():
        print(f"{name:36}{each:8.3f}{each / least:8.1f}")


if __name__ == "__main__":
    main()
