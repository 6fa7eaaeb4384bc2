"""The servers of ``make bench``, measured in turn in every round."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks import cycles
from benchmarks.cycles import Work
from benchmarks.filling import Directory
from benchmarks.operations import (
    Operation,
    goal_of,
    make_floors,
    make_operations,
)
from benchmarks.progress import track
from benchmarks.servers import Refused, Server
from benchmarks.tables import Figures

FLOOR, OURS = "floor", "ours"


@dataclass(frozen=True)
class Contender:
    """A SCIM service provider that is measured."""

    name: str
    server: Server
    directory: Directory
    has_cursors: bool = True

    def make_operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return make_operations(
            self.server.client, self.directory, has_cursors=self.has_cursors
        )


# The figures of each server by its name.  One is missing if the server refuses.
Costs = dict[str, Figures]


def take_turns(
    measurements: Mapping[str, Callable[[], float]], rounds: int, description: str
) -> Costs:
    """Take every measurement once in each round, beginning with another one."""
    names, values = list(measurements), dict[str, list[float]]()
    for turn in track(range(rounds), description):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            values.setdefault(name, []).append(measurements[name]())
    return {name: Figures(tuple(values[name])) for name in names}


def measure_floors(bare: Server, count: int, rounds: int) -> Costs:
    """Measure the requests to the bare server."""
    result: Costs = {}
    for floor, operation in make_floors(bare.client).items():
        measurement = prepare(bare, operation, count)
        assert measurement is not None
        costs = take_turns({floor: measurement}, rounds, f"Floor: {floor}")
        result[floor] = costs[floor]
    return result


def measure_operations(
    bare: Server, contenders: Sequence[Contender], count: int, rounds: int
) -> dict[str, Costs]:
    """Measure every operation, with the floor in the same rounds."""
    floors = make_floors(bare.client)
    operations = {each.name: each.make_operations() for each in contenders}
    result = {}
    for name in operations[OURS]:
        floor = floors[goal_of(name).floor]
        measurements = {FLOOR: prepare(bare, floor, count)}
        for each in contenders:
            if (operation := operations[each.name].get(name)) is not None:
                measurements[each.name] = prepare(each.server, operation, count)
        accepted = {key: each for key, each in measurements.items() if each}
        result[name] = take_turns(accepted, rounds, name)
    return result


def prepare(
    server: Server, operation: Operation, count: int
) -> Callable[[], float] | None:
    """Warm the server up; returns the measurement, or None if the server refuses.

    The first round is not counted: caches are cold, and code is compiled.
    """
    try:
        server.measure(count, operation)
    except Refused as error:
        print(f"Left out: {error}")
        return None
    return lambda: server.measure(count, operation)


@dataclass(frozen=True)
class Cycle:
    """A cycle, the number of connections, and its results by server."""

    name: str
    unit: str
    connections: int
    per_second: Costs
    cpu_ms: Costs

    @property
    def title(self) -> str:
        """The name with the number of connections."""
        plural = "s" if self.connections > 1 else ""
        return f"{self.name}, {self.connections} connection{plural}"


def measure_cycles(
    bare: Server, contenders: Sequence[Contender], people: int, rounds: int
) -> list[Cycle]:
    """Measure the cycles; the initial one also on the bare server."""
    initial: dict[str, tuple[Server, Work]] = {FLOOR: (bare, cycles.add_bare_person)}
    mix: dict[str, tuple[Server, Work]] = {}
    group: dict[str, tuple[Server, Work]] = {}
    for each in contenders:
        initial[each.name] = (each.server, cycles.add_person)
        mix[each.name] = (each.server, cycles.make_mix(each.directory))
        group[each.name] = (each.server, cycles.make_group_cycle(each.directory))
    few = max(1, people // 10)
    return [
        _measure_cycle("initial cycle", "people", 1, people, rounds, initial),
        _measure_cycle("initial cycle", "people", 8, people, rounds, initial),
        _measure_cycle("incremental mix", "requests", 1, people, rounds, mix),
        _measure_cycle("incremental mix", "requests", 8, people, rounds, mix),
        _measure_cycle("group cycle", "groups", 1, few, rounds, group),
    ]


def _measure_cycle(
    name: str,
    unit: str,
    connections: int,
    count: int,
    rounds: int,
    servers: Mapping[str, tuple[Server, Work]],
) -> Cycle:
    """Measure a cycle of some units; both figures are of the same runs."""
    cpu_ms: dict[str, list[float]] = {key: [] for key in servers}

    def measure(key: str) -> float:
        server, work = servers[key]
        speed = cycles.run(server, connections, count, work)
        cpu_ms[key].append(speed.cpu_ms_per_unit)
        return speed.units_per_second

    measurements = {key: partial(measure, key) for key in servers}
    per_second = take_turns(measurements, rounds, f"{name}, {connections}")
    costs = {key: Figures(tuple(values)) for key, values in cpu_ms.items()}
    return Cycle(name, unit, connections, per_second, costs)


@dataclass(frozen=True)
class Comparison:
    """All that ``make bench`` measures."""

    about_peer: str  # its versions, or why it is left out
    people: int
    servers: Sequence[str]
    floors: Costs
    operations: Mapping[str, Costs]
    cycles: Sequence[Cycle]
    memory: Mapping[str, float]  # in MB, in the end


def compare(
    bare: Server,
    contenders: Sequence[Contender],
    options: argparse.Namespace,
    about_peer: str,
) -> Comparison:
    """Measure all servers in turn."""
    count, rounds = options.count, options.rounds
    return Comparison(
        about_peer=about_peer,
        people=options.people,
        servers=[FLOOR, *(each.name for each in contenders)],
        floors=measure_floors(bare, count, rounds),
        operations=measure_operations(bare, contenders, count, rounds),
        cycles=measure_cycles(bare, contenders, options.cycle, rounds),
        memory={each.name: each.server.read_memory() for each in contenders},
    )
