"""Servers in processes of their own: requests to them, and what they cost.

The cost of a request is the CPU time of the server by the operating system's own
account, in nanoseconds (``schedstat``): times by the clock depend on what else the
machine does.
"""

import contextlib
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.programs import start
from netpresenter_next.config.options import PREFIX
from netpresenter_next.upkeep import schedule

# The longest time, in seconds, for which one operation is repeated in one round.
LONGEST_CELL = 3.0
TIMEOUT = 60
# The CPU milliseconds that an idle server uses in a second.
MOST_IDLE = 20.0
# Servers close idle connections, Node.js after 5 seconds.
LONGEST_IDLE = 3.0


class Refused(Exception):
    """A server answered with an error status."""


class CannotMeasure(Exception):
    """This machine cannot measure; the message says why."""


class Client:
    """One kept connection to a server, with the headers of every request."""

    def __init__(self, host: str, port: int, headers: Mapping[str, str]) -> None:
        self.connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        self.headers = dict(headers)
        self._used_at = time.monotonic()

    def fetch(self, method: str, path: str, body: str | None = None) -> str:
        """Send a request and return the text of the response; raises Refused."""
        if time.monotonic() - self._used_at > LONGEST_IDLE:
            self.connection.close()  # the request opens it again
        self.connection.request(method, path, body, self.headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        self._used_at = time.monotonic()
        if response.status >= 300:
            raise Refused(f"{method} {path}: {response.status} {text[:300]}")
        return text

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a document and return that of the response; raises Refused."""
        text = self.fetch(method, path, None if body is None else json.dumps(body))
        return json.loads(text) if text else None


@dataclass
class Server:
    """A running server."""

    pid: int
    host: str
    port: int
    headers: dict[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json"}
    )

    @cached_property
    def client(self) -> Client:
        """The connection for requests that are sent one after the other."""
        return self.connect()

    def connect(self) -> Client:
        """Open one more connection."""
        return Client(self.host, self.port, self.headers)

    def read_cpu(self) -> float:
        """Return the CPU milliseconds that all threads of the process have used."""
        total = 0
        for account in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                total += int(account.read_text().split()[0])
        return total / 1_000_000

    def wait_until_idle(self) -> None:
        """Wait until the jobs after the start are over, which use CPU time too.

        Among 1,000,000 people the check of the database takes some minutes.
        """
        time.sleep(schedule.FIRST_TICK + schedule.TICK)
        before, now = 0.0, self.read_cpu()
        while now - before > MOST_IDLE:
            time.sleep(1)
            before, now = now, self.read_cpu()

    def read_memory(self) -> float:
        """Return the resident memory of the process, in megabytes (10^6 bytes)."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

    def measure(self, count: int, operation: Callable[[int], object]) -> float:
        """Return the CPU milliseconds of one operation, the mean of ``count``.

        An operation that takes long is repeated less often, but an even number of
        times, because some operations undo what they did before.
        """
        before, end = self.read_cpu(), time.monotonic() + LONGEST_CELL
        done = 0
        while done < count:
            operation(done)
            done += 1
            if done % 2 == 0 and time.monotonic() > end:
                break
        return (self.read_cpu() - before) / done

    def share(
        self, connections: int, count: int, work: Callable[[Client, int], object]
    ) -> float:
        """Do ``work`` for the numbers below ``count``, shared among connections.

        Returns the seconds that it took.
        """
        numbers = iter(range(count))  # each thread takes the next number

        def take(client: Client) -> None:
            for number in numbers:
                work(client, number)

        clients = [self.connect() for _ in range(connections)]
        start = time.perf_counter()
        with ThreadPoolExecutor(connections) as pool:
            for finished in [pool.submit(take, client) for client in clients]:
                finished.result()
        return time.perf_counter() - start


def require_schedstat() -> None:
    """Raise CannotMeasure where the system does not account in nanoseconds."""
    if not Path("/proc/self/schedstat").exists():
        raise CannotMeasure(
            "The CPU time of a server is read from /proc/PID/task/*/schedstat, which "
            "this system does not have: measure on Linux."
        )


@contextlib.contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start a server that prints where it listens, and stop it in the end."""
    process = start(command, environment)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        address = urlsplit(line.rpartition(" ")[2].strip())
        if address.port is None:
            raise CannotMeasure(f"{' '.join(command)} did not start.")
        yield Server(process.pid, str(address.hostname), address.port)
    finally:
        process.terminate()
        process.wait(30)


def running_ours(instance: Path) -> contextlib.AbstractContextManager[Server]:
    """Start Netpresenter Next on an instance folder, on a free port."""
    command = [sys.executable, "-m", "netpresenter_next", "serve", "--port", "0"]
    return running(command, {f"{PREFIX}INSTANCE": str(instance)})
