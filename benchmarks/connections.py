"""``python -m benchmarks.connections``: one connection compared with several.

Python runs one thread at a time, so more connections bring more requests per second
only as far as threads wait for the disk.  Two variants show the most that other designs
could bring: without waiting for the disk, more than any group commit; and with two
servers on copies of the instance, more than any second process that only reads.
"""

import argparse
import itertools
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from benchmarks import cycles, machine
from benchmarks.filling import Directory
from benchmarks.operations import Scim
from benchmarks.options import make_parser, read_sizes, run_main
from benchmarks.peer import CACHE
from benchmarks.progress import track
from benchmarks.scale import read_template, start_copy
from benchmarks.servers import Server, running
from benchmarks.tables import NONE, Figures, Report, Table
from netpresenter_next.config.options import PREFIX

WITHOUT_DISK = """
from netpresenter_next.cli.main import main
from netpresenter_next.storage import connections
connections.PRAGMAS += ("synchronous=OFF",)
main(["serve", "--port", "0"])
"""
PEOPLE, GROUPS = 1_000, (100,)
_serial = itertools.count()


def running_without_disk(instance: Path) -> AbstractContextManager[Server]:
    """Start a server that does not wait until its commits are on the disk."""
    command = [sys.executable, "-c", WITHOUT_DISK]
    return running(command, {f"{PREFIX}INSTANCE": str(instance)})


def make_reading(directory: Directory) -> cycles.Work:
    """Return the unit that reads one person."""
    ids = list(directory.people.values())
    return lambda client, _: Scim(client).get(ids[next(_serial) % len(ids)])


def measure_speed(
    servers: Sequence[Server], connections: int, count: int, work: cycles.Work
) -> float:
    """Return the units per second of all servers, which share the connections."""
    number = len(servers)

    def run(server: Server) -> float:
        return server.share(connections // number, count // number, work)

    with ThreadPoolExecutor(number) as pool:
        return count / max(pool.map(run, servers))


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = make_parser("Compare one connection with several.")
    parser.add_argument("--connections", type=read_sizes, default="1,2,4,8")
    parser.add_argument("--count", type=int, default=400, help="units in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="where filled instances are kept"
    )
    return parser.parse_args()


def main() -> None:
    """Measure in turn, and show the results."""
    options = read_options()
    template = read_template(options.cache, PEOPLE, GROUPS)
    with ExitStack() as stack:
        ours, installation = start_copy(stack, template)
        second, _ = start_copy(stack, template)
        quick, _ = start_copy(stack, template, running_without_disk)
        get = make_reading(installation.directory)
        variants: dict[str, tuple[Sequence[Server], cycles.Work]] = {
            "GET by id": ([ours], get),
            "GET by id, two servers": ([ours, second], get),
            "initial cycle": ([ours], cycles.add_person),
            "initial cycle, not waiting for the disk": ([quick], cycles.add_person),
        }
        speeds = measure(variants, options)
    _show(speeds, options)


def measure(
    variants: Mapping[str, tuple[Sequence[Server], cycles.Work]],
    options: argparse.Namespace,
) -> dict[str, dict[int, list[float]]]:
    """Return the units per second of each variant, by the number of connections."""
    speeds: dict[str, dict[int, list[float]]] = {name: {} for name in variants}
    rounds = range(options.rounds + 1)  # the first one warms the servers up
    for number in track(rounds, "Measuring"):
        for name, (servers, work) in variants.items():
            for connections in options.connections:
                if connections >= len(servers):
                    speed = measure_speed(servers, connections, options.count, work)
                    if number:
                        speeds[name].setdefault(connections, []).append(speed)
    return speeds


def _show(
    speeds: Mapping[str, Mapping[int, list[float]]], options: argparse.Namespace
) -> None:
    rows = [
        [
            name,
            *(
                str(Figures(tuple(each[connections]))) if connections in each else NONE
                for connections in options.connections
            ),
        ]
        for name, each in speeds.items()
    ]
    header = ["connections", *map(str, options.connections)]
    table = Table(f"Units per second among {PEOPLE:,} people", header, rows)
    introduction = f"{machine.examine().describe()}."
    document = {name: dict(each) for name, each in speeds.items()}
    report = Report("connections", introduction, [table], {"speeds": document})
    report.show(markdown=options.markdown, json_file=options.json)


if __name__ == "__main__":
    run_main(main)
