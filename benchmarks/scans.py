"""``python -m benchmarks.scans``: who waits while clients have everybody read.

Twenty clients send filters that no index answers, at once; meanwhile somebody asks
for /healthz and Entra ID looks somebody up.  What counts is the ratio to the same
questions without them, in the same run.
"""

import argparse
import http.client
import itertools
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from benchmarks.filling import Installation, count_people_for, fill
from benchmarks.operations import BASE
from benchmarks.programs import start
from benchmarks.servers import Server, running_ours

SCANNING = (
    'displayName co "son 2" or nickName ew "x"',
    'name.familyName co "99"',
    'title pr or displayName ew "7"',
)
CLIENTS = 20


def load(host: str, port: int, token: str, seconds: float, *, patient: bool) -> None:
    """Send scanning filters from twenty clients; prints how they were answered."""
    end = time.monotonic() + seconds
    statuses: Counter[int] = Counter()

    def send(number: int) -> None:
        connection = http.client.HTTPConnection(host, port)
        for turn in itertools.count(number):
            if time.monotonic() > end:
                return
            path = f"{BASE}/Users?count=1000&filter={quote(SCANNING[turn % 3])}"
            connection.request(
                "GET", path, headers={"Authorization": f"Bearer {token}"}
            )
            with connection.getresponse() as response:
                response.read()
                statuses[response.status] += 1
                wait = int(response.headers.get("Retry-After", "0"))
            if patient:
                time.sleep(wait)

    threads = [threading.Thread(target=send, args=(each,)) for each in range(CLIENTS)]
    for each in threads:
        each.start()
    print("sending", flush=True)
    for each in threads:
        each.join()
    print("  answers:", dict(sorted(statuses.items())))


def probed(server: Server, path: str, count: int) -> list[float]:
    """Return the milliseconds of each of some requests, one after the other."""
    found = []
    for _ in range(count):
        start = time.perf_counter()
        server.client.fetch("GET", path)
        found.append((time.perf_counter() - start) * 1000)
        time.sleep(0.01)
    return found


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay below."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--count", type=int, default=200, help="probes a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--load", nargs=5, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        host, port, token, seconds, patience = arguments.load
        load(host, int(port), token, float(seconds), patient=patience == "patient")
        return
    with tempfile.TemporaryDirectory() as folder:
        size = count_people_for(arguments.people, [1])
        installation = fill(Path(folder), size, [1])
        with running_ours(installation.folder) as ours:
            ours.headers.update(installation.headers)
            _table(ours, installation, arguments.count, arguments.rounds)


def _table(server: Server, installation: Installation, count: int, rounds: int) -> None:
    found = quote('userName eq "person77@example.org"')
    paths = {"/healthz": "/healthz", "indexed filter": f"{BASE}/Users?filter={found}"}
    print(f"{installation.size:,} people, {CLIENTS} clients; p95 in ms")
    for patience in ("impatient", "patient"):
        ratios: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(rounds):
            idle = {name: p95(probed(server, paths[name], count)) for name in paths}
            process = _started(server, installation.token, patience)
            time.sleep(1)
            busy = {name: p95(probed(server, paths[name], count)) for name in paths}
            if process.poll() is not None:
                raise RuntimeError("the load ended before the probes")
            print(process.communicate()[0], end="")
            for name in paths:
                ratios[name].append(busy[name] / idle[name])
                print(f"  {patience} {name}: {idle[name]:.1f} -> {busy[name]:.1f}")
        for name in paths:
            median = statistics.median(ratios[name])
            print(f"{patience:10} {name:16} {median:6.1f} x idle")


def _started(server: Server, token: str, patience: str) -> "subprocess.Popen[str]":
    arguments = [server.host, str(server.port), token, "30", patience]
    process = start([sys.executable, "-m", "benchmarks.scans", "--load", *arguments])
    assert process.stdout is not None
    process.stdout.readline()
    return process


if __name__ == "__main__":
    main()
