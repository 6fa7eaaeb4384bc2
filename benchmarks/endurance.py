"""``python -m benchmarks.endurance``: ten minutes of mixed load among 100,000 people.

Provisioning works over some connections while an administrator reads pages.  What each
minute shows should stay the same: memory, the log, and how long requests take.  No
request may fail.
"""

import argparse
import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import cycles, machine, pages
from benchmarks.filling import Installation
from benchmarks.options import make_parser, run_main
from benchmarks.peer import CACHE
from benchmarks.scale import read_template, start_copy
from benchmarks.servers import Client, Refused, Server
from benchmarks.tables import Report, Table, format_number

GROUPS = (100, 10_000)
SECONDS_BETWEEN_PAGES = 1.0
COLUMNS = (
    *("requests/s", "CPU ms", "p50 ms", "p99 ms", "page p99 ms"),
    *("refused", "memory MB", "log MB"),
)


@dataclass
class Minute:
    """What was seen in one minute; times are in milliseconds."""

    requests: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    cpu: float = 0
    memory: float = 0
    log: float = 0

    def to_cells(self) -> list[str]:
        """Return the cells of the table."""
        count = len(self.requests)
        numbers = (
            count / 60,
            self.cpu / max(count, 1),
            statistics.median(self.requests),
            find_p99(self.requests),
            find_p99(self.pages),
            len(self.refused),
            self.memory,
            self.log,
        )
        return [format_number(number) for number in numbers]


def find_p99(values: Sequence[float]) -> float:
    """Return the value that 99 of 100 stay below."""
    return statistics.quantiles(values, n=100)[-1]


class Load:
    """Requests from several threads until the time is up, counted by the minute."""

    def __init__(self, minutes: int) -> None:
        self.minutes = [Minute() for _ in range(minutes)]
        self._start = time.monotonic()

    @property
    def now(self) -> Minute | None:
        """The present minute; None when the time is up."""
        number = int((time.monotonic() - self._start) // 60)
        return self.minutes[number] if number < len(self.minutes) else None

    def repeat(self, send: Callable[[int], object]) -> None:
        """Do the units of a cycle one after the other."""
        number = 0
        while (minute := self.now) is not None:
            begun = time.perf_counter()
            try:
                send(number)
            except Refused as error:
                minute.refused.append(str(error))
            minute.requests.append((time.perf_counter() - begun) * 1000)
            number += 1

    def browse(self, client: Client, paths: Sequence[str]) -> None:
        """Read one page a second."""
        number = 0
        while (minute := self.now) is not None:
            begun = time.perf_counter()
            try:
                client.fetch("GET", paths[number % len(paths)])
            except Refused as error:
                minute.refused.append(str(error))
            minute.pages.append((time.perf_counter() - begun) * 1000)
            number += 1
            time.sleep(SECONDS_BETWEEN_PAGES)

    def watch(self, server: Server, log: Path) -> None:
        """Read what the process uses; the most of a minute counts."""
        before, minute = server.read_cpu(), self.minutes[0]
        while (present := self.now) is not None:
            if present is not minute:
                cpu = server.read_cpu()
                minute.cpu, before, minute = cpu - before, cpu, present
            minute.memory = max(minute.memory, server.read_memory())
            if log.exists():
                minute.log = max(minute.log, log.stat().st_size / 1_000_000)
            time.sleep(0.5)
        minute.cpu = server.read_cpu() - before


def run(
    server: Server, installation: Installation, minutes: int, connections: int
) -> list[Minute]:
    """Put load on a server, and return what each minute showed."""
    mix = cycles.make_mix(installation.directory)
    work = [
        mix,
        mix,
        mix,
        cycles.add_person,
        cycles.make_group_cycle(installation.directory),
    ]
    browser = pages.sign_in(server, installation)
    paths = list(pages.list_paths(installation.directory).values())
    load = Load(minutes)

    def provision(client: Client) -> None:
        load.repeat(lambda number: work[number % len(work)](client, number))

    log = installation.folder / "netpresenter.db-wal"
    threads = [
        threading.Thread(target=provision, args=(server.connect(),))
        for _ in range(connections)
    ]
    threads.append(threading.Thread(target=load.browse, args=(browser.client, paths)))
    threads.append(threading.Thread(target=load.watch, args=(server, log)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load.minutes


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = make_parser("Put mixed load on an installation for some minutes.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--connections", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="where filled instances are kept"
    )
    return parser.parse_args()


def main() -> None:
    """Measure, and show a row for each minute."""
    options = read_options()
    template = read_template(options.cache, options.people, GROUPS)
    with ExitStack() as stack:
        server, installation = start_copy(stack, template)
        minutes = run(server, installation, options.minutes, options.connections)
    rows = [[str(number), *each.to_cells()] for number, each in enumerate(minutes, 1)]
    title = (
        f"Mixed load among {options.people:,} people over {options.connections} "
        "connections and a browser, by the minute"
    )
    table = Table(title, ["minute", *COLUMNS], rows)
    document = {"rows": rows, "refused": [each.refused for each in minutes]}
    report = Report("endurance", f"{machine.examine().describe()}.", [table], document)
    report.show(markdown=options.markdown, json_file=options.json)


if __name__ == "__main__":
    run_main(main)
