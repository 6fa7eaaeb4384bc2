"""``make bench-scale``: what every operation and page costs as an installation grows.

The instances are filled once and kept below ``build/bench``; copies are measured.  A
migration makes them anew.
"""

import argparse
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import machine, more_operations, pages
from benchmarks.comparison import Costs, prepare, take_turns
from benchmarks.filling import NEWCOMERS, Installation, fill, read_installation
from benchmarks.operations import Operation, make_operations, name_member_operation
from benchmarks.options import make_parser, read_sizes, run_main
from benchmarks.peer import CACHE
from benchmarks.servers import Server, running_ours
from benchmarks.tables import NONE, Report, Table
from netpresenter_next.storage.instances import STEPS

# The most that something may cost, as a multiple of what it costs at the smallest size.
MOST_OPERATION, MOST_PAGE, MOST_MEMBERSHIP = 1.3, 2.0, 1.25
OPERATION, PAGE = "operation", "page"
# Increased when ``filling`` makes other instances.
_FILLING = 1


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = make_parser("Measure operations and pages among more and more people.")
    parser.add_argument("--sizes", type=read_sizes, default="1000,100000,1000000")
    parser.add_argument("--groups", type=read_sizes, default="100,10000,50000")
    parser.add_argument("--count", type=int, default=40, help="requests in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="where filled instances are kept"
    )
    options = parser.parse_args()
    if options.sizes[0] < options.groups[0] + NEWCOMERS:
        parser.error(f"the smallest group needs {NEWCOMERS} more people than members")
    return options


def read_template(cache: Path, size: int, groups: Sequence[int]) -> Installation:
    """Return the kept instance of a size; fills it if there is none yet.

    It has those of the groups for which there are enough people.
    """
    fitting = [each for each in groups if each + NEWCOMERS <= size]
    name = "-".join(map(str, (STEPS[-1], _FILLING, size, *fitting)))
    folder = cache / f"instance-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    return read_installation(folder) or fill(folder, size, fitting)


def start_copy(
    stack: contextlib.ExitStack,
    template: Installation,
    start: Callable[[Path], contextlib.AbstractContextManager[Server]] = running_ours,
) -> tuple[Server, Installation]:
    """Serve a copy of an instance, which is removed in the end."""
    # Beside the original: a temporary folder may be too small.
    parent = stack.enter_context(
        tempfile.TemporaryDirectory(dir=template.folder.parent)
    )
    folder = Path(parent) / "instance"
    shutil.copytree(template.folder, folder)
    copied = read_installation(folder)
    assert copied is not None
    server = stack.enter_context(start(folder))
    server.headers.update(copied.headers)
    return server, copied


Measured = dict[str, tuple[Server, Operation]]


def make_all(server: Server, installation: Installation) -> dict[str, Measured]:
    """Return all operations and pages of a server, by kind and name."""
    client, directory = server.client, installation.directory
    size = installation.size
    operations = make_operations(client, directory)
    operations |= more_operations.make_more_user_operations(client, directory, size)
    deep = more_operations.make_deep_pages(client)
    operations["list page of 100, deep by cursor"] = deep
    operations |= more_operations.make_group_operations(client, directory)
    operations |= more_operations.make_discovery_operations(client)
    browser = pages.sign_in(server, installation)
    shown = {
        name: _make_page(browser, path)
        for name, path in pages.list_paths(directory).items()
    }
    return {
        OPERATION: {name: (server, each) for name, each in operations.items()},
        PAGE: {name: (browser, each) for name, each in shown.items()},
    }


def _make_page(browser: Server, path: str) -> Operation:
    return lambda _: browser.client.fetch("GET", path)


def measure(
    by_size: dict[int, dict[str, Measured]], kind: str, count: int, rounds: int
) -> dict[str, Costs]:
    """Measure all of a kind; the sizes take turns in every round."""
    names = {name: None for every in by_size.values() for name in every[kind]}
    result = {}
    for name in names:
        measurements = {}
        for size, every in by_size.items():
            if name in every[kind]:
                server, operation = every[kind][name]
                measurement = prepare(server, operation, count)
                if measurement is not None:
                    measurements[str(size)] = measurement
        if measurements:
            result[name] = take_turns(measurements, rounds, name)
    return result


def tabulate(
    title: str, costs: dict[str, Costs], sizes: Sequence[int], most: float
) -> Table:
    """Return the table of a kind, with the cost at each size over the smallest one."""
    first, *larger = map(str, sizes)
    rows = []
    for name, each in costs.items():
        cells = [str(each[key]) if key in each else NONE for key in (first, *larger)]
        ratios = [_write_ratio(each, key, first, most) for key in larger]
        rows.append([name, *cells, *ratios])
    header = [f"{size:,}" for size in sizes]
    growth = [f"{size:,} / {sizes[0]:,}" for size in sizes[1:]]
    return Table(title, ["people", *header, *growth], rows)


def _write_ratio(costs: Costs, key: str, first: str, most: float) -> str:
    if key not in costs or first not in costs:
        return NONE
    ratio = costs[key].over(costs[first])
    return f"{ratio}, missed" if ratio.median > most else str(ratio)


def tabulate_memberships(
    costs: dict[str, Costs], largest: int, groups: Sequence[int]
) -> Table:
    """Return what a change of one member costs in each group, at the largest size."""
    key, rows = str(largest), []
    smallest = costs[name_member_operation(groups[0])][key]
    for group in groups:
        found = costs.get(name_member_operation(group), {}).get(key)
        if found:
            ratio = found.over(smallest)
            missed = ", missed" if ratio.median > MOST_MEMBERSHIP else ""
            rows.append([f"{group:,}", str(found), f"{ratio}{missed}"])
    title = (
        f"CPU ms of one member in or out, among {largest:,} people; at most "
        f"{MOST_MEMBERSHIP} times"
    )
    return Table(title, ["members", "CPU ms", f"over {groups[0]:,} members"], rows)


def main() -> None:
    """Measure, and show the results."""
    options = read_options()
    sizes, groups = options.sizes, options.groups
    templates = [read_template(options.cache, size, groups) for size in sizes]
    with contextlib.ExitStack() as stack:
        started = [start_copy(stack, template) for template in templates]
        for server, _ in started:
            server.wait_until_idle()
        by_size = {each.size: make_all(server, each) for server, each in started}
        costs = {
            kind: measure(by_size, kind, options.count, options.rounds)
            for kind in (OPERATION, PAGE)
        }
        memory = {str(each.size): server.read_memory() for server, each in started}
    _show(costs, memory, options)


def _show(
    costs: dict[str, dict[str, Costs]],
    memory: dict[str, float],
    options: argparse.Namespace,
) -> None:
    sizes, found = options.sizes, machine.examine()
    title = "CPU ms of an {}; at most {} times the cost at {:,} people"
    header = ["people", *(f"{size:,}" for size in sizes)]
    tables = [
        tabulate(
            title.format(OPERATION, MOST_OPERATION, sizes[0]),
            costs[OPERATION],
            sizes,
            MOST_OPERATION,
        ),
        tabulate_memberships(costs[OPERATION], sizes[-1], options.groups),
        tabulate(
            title.format("administrator's page", MOST_PAGE, sizes[0]),
            costs[PAGE],
            sizes,
            MOST_PAGE,
        ),
        Table(
            "Resident memory in MB, in the end",
            header,
            [["memory", *(f"{megabytes:.0f}" for megabytes in memory.values())]],
        ),
    ]
    document: dict[str, Any] = {"machine": asdict(found), "memory_mb": memory}
    for kind, all_of_kind in costs.items():
        document[f"{kind}s_cpu_ms"] = {
            name: {size: each.to_document() for size, each in of_sizes.items()}
            for name, of_sizes in all_of_kind.items()
        }
    report = Report("bench-scale", f"{found.describe()}.", tables, document)
    report.show(markdown=options.markdown, json_file=options.json)


if __name__ == "__main__":
    run_main(main)
