"""CPU time of a server process per request, by the operating system's own account."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server in a process of its own, and one kept connection to it."""

    pid: int
    connection: http.client.HTTPConnection
    headers: dict[str, str]

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request; raises RuntimeError unless it succeeds."""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
        return json.loads(text) if text else None

    def cpu(self) -> float:
        """Return the CPU seconds that the process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def cost(self, count: int, operation: Callable[[int], object]) -> float:
        """Return the CPU milliseconds of one operation, over ``count`` of them."""
        before = self.cpu()
        for number in range(count):
            operation(number)
        return (self.cpu() - before) / count * 1000


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """Start a server that prints where it listens, and stop it in the end."""
    process = subprocess.Popen(  # noqa: S603  (our own commands)
        [sys.executable, "-m", *command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = urlsplit(process.stdout.readline().rpartition(" ")[2].strip())
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    try:
        yield Server(process.pid, connection, {"Content-Type": "application/json"})
    finally:
        process.terminate()
        process.wait(30)
