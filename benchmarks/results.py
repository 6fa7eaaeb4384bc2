"""The tables and the JSON document of ``make bench``."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import machine, peer
from benchmarks.comparison import FLOOR, OURS, Comparison, Costs, Cycle
from benchmarks.machine import Machine
from benchmarks.operations import Floor, goal_of
from benchmarks.tables import NONE, Figures, Report, Table

FLOORS: Mapping[str, str] = {
    Floor.ECHO: "bare echo of a document",
    Floor.SELECT: "bare SELECT by an index",
    Floor.INSERT: "bare INSERT, committed, synchronous=FULL",
}
# The initial cycle is to reach this part of the speed of the floor.
LEAST_SPEED = 0.6


def show(
    comparison: Comparison, *, markdown: str | None, json_file: Path | None
) -> None:
    """Print the results, and write them to files."""
    found = machine.examine()
    report = Report(
        name="bench",
        introduction=f"{found.describe()}. Peer: {comparison.about_peer}.",
        tables=[
            _tabulate_operations(comparison),
            _tabulate_floors(comparison),
            _tabulate_speeds(comparison),
            _tabulate_cycle_costs(comparison),
            _tabulate_memory(comparison),
        ],
        document=_make_document(comparison, found),
    )
    report.show(markdown=markdown, json_file=json_file)


def _tabulate_operations(comparison: Comparison) -> Table:
    header = ["operation", *comparison.servers, "ours / floor", "at most"]
    rows = []
    for name, costs in comparison.operations.items():
        ratio, most = costs[OURS].over(costs[FLOOR]), goal_of(name).most
        verdict = f"{most}" if ratio.median <= most else f"{most}, missed"
        cells = _list_cells(costs, comparison.servers)
        rows.append([name, *cells, str(ratio), verdict])
    title = f"CPU ms of an operation among {comparison.people:,} people"
    return Table(title, header, rows)


def _list_cells(costs: Costs, servers: Sequence[str]) -> list[str]:
    return [str(costs[name]) if name in costs else NONE for name in servers]


def _tabulate_floors(comparison: Comparison) -> Table:
    rows = [[FLOORS[floor], str(each)] for floor, each in comparison.floors.items()]
    return Table("CPU ms of a request to the bare server", ["request", FLOOR], rows)


def _tabulate_speeds(comparison: Comparison) -> Table:
    header = [
        "cycle",
        "unit",
        *comparison.servers,
        "ours / floor",
        "ours / peer",
        "goals",
    ]
    rows = []
    for cycle in comparison.cycles:
        speeds = cycle.per_second
        ratios = [_divide(speeds, FLOOR), _divide(speeds, peer.NAME)]
        rows.append(
            [
                cycle.title,
                cycle.unit,
                *_list_cells(speeds, comparison.servers),
                *(str(ratio) if ratio else NONE for ratio in ratios),
                _judge(*ratios),
            ]
        )
    title = f"Units per second, among {comparison.people:,} people at first"
    return Table(title, header, rows)


def _divide(costs: Costs, other: str) -> Figures | None:
    return costs[OURS].over(costs[other]) if other in costs else None


def _judge(over_floor: Figures | None, over_peer: Figures | None) -> str:
    """Say whether a cycle is fast enough, and faster than the peer."""
    if not (over_floor or over_peer):
        return NONE
    missed = []
    if over_floor and over_floor.median < LEAST_SPEED:
        missed.append(f"{LEAST_SPEED} of the floor missed")
    if over_peer and over_peer.median < 1:
        missed.append("slower than the peer")
    return ", ".join(missed) or "reached"


def _tabulate_cycle_costs(comparison: Comparison) -> Table:
    rows = [
        [each.title, each.unit, *_list_cells(each.cpu_ms, comparison.servers)]
        for each in comparison.cycles
    ]
    return Table("CPU ms of a unit", ["cycle", "unit", *comparison.servers], rows)


def _tabulate_memory(comparison: Comparison) -> Table:
    cells = [f"{megabytes:.0f}" for megabytes in comparison.memory.values()]
    header = ["", *comparison.memory]
    return Table("Resident memory in MB, in the end", header, [["memory", *cells]])


def _make_document(comparison: Comparison, found: Machine) -> dict[str, Any]:
    return {
        "machine": asdict(found),
        "peer": comparison.about_peer,
        "people": comparison.people,
        "floors_cpu_ms": _to_documents(comparison.floors),
        "operations": {
            name: {
                "floor": goal_of(name).floor,
                "most_over_floor": goal_of(name).most,
                "cpu_ms": _to_documents(costs),
                "over_floor": _to_documents(
                    {key: each.over(costs[FLOOR]) for key, each in costs.items()}
                ),
            }
            for name, costs in comparison.operations.items()
        },
        "cycles": {each.title: _describe_cycle(each) for each in comparison.cycles},
        "memory_mb": comparison.memory,
    }


def _describe_cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "unit": cycle.unit,
        "connections": cycle.connections,
        "units_per_second": _to_documents(cycle.per_second),
        "cpu_ms_per_unit": _to_documents(cycle.cpu_ms),
    }


def _to_documents(figures: Mapping[str, Figures]) -> dict[str, Any]:
    return {str(name): each.to_document() for name, each in figures.items()}
