"""``make bench``: what each operation costs, as a ratio to the floor of the same run.

Absolute times of a shared machine mean little; a ratio within one run does.  Every
measurement is taken several times, the floor in between, and the median is shown.
"""

import argparse
import itertools
import statistics
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.measure import Server, running
from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import groups, scim_tokens
from netpresenter_next.directory.events import SCIM, Actor
from netpresenter_next.directory.people import create
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source

BASE = "/scim/v2"
ACTOR = Actor(SCIM, "benchmark")
_serial = itertools.count()


def person(number: int | str) -> dict[str, Any]:
    """Return a person as Entra ID sends one."""
    return {
        "externalId": str(uuid.uuid4()),
        "userName": f"person{number}@example.org",
        "displayName": f"Person {number}",
        "active": True,
        "name": {"givenName": "Person", "familyName": str(number)},
        "emails": [
            {"type": "work", "value": f"person{number}@example.org", "primary": True}
        ],
        "phoneNumbers": [
            {"type": "work", "value": "+31 20 123 4567"},
            {"type": "mobile", "value": "+31 6 1234 5678"},
        ],
        ENTERPRISE_SCHEMA: {"department": "Research", "employeeNumber": str(number)},
    }


class Installation:
    """An installation with people and with groups of several sizes."""

    def __init__(self, folder: Path, people: int, sizes: list[int]) -> None:
        self.folder, self.people = folder, people
        self.groups: dict[int, str] = {}
        app = create_app(load({}, instance=folder))
        with app.app_context():
            with database.write() as connection:
                self.token = scim_tokens.issue(
                    connection, ACTOR, "benchmark", "benchmark"
                )
            self.ids = self._fill(max(people, *sizes))
            for size in sizes:
                with database.write() as connection:
                    group = groups.create(
                        connection, {"displayName": f"Group of {size}"}, ACTOR
                    )
                    groups.add_members(connection, group, self.ids[:size], ACTOR)
                self.groups[size] = group.id
            database.db.engine.dispose()

    def _fill(self, people: int) -> list[str]:
        ids: list[str] = []
        for start in range(0, people, 2_000):
            with database.write() as connection:
                for number in range(start, min(start + 2_000, people)):
                    row = create(
                        connection, person(number), ACTOR, source=Source.PROVISIONED
                    )
                    ids.append(row.id)
        return ids


def operations(
    server: Server, installation: Installation
) -> dict[str, Callable[[int], object]]:
    """Return the operations to measure by name; the number makes each another one."""
    ids, people = installation.ids, installation.people

    def find(text: str) -> object:
        return server.send("GET", f"{BASE}/Users?filter={quote(text)}")

    def add_and_remove(size: int, count: int) -> Callable[[int], object]:
        """Add people that are not in the group, then remove them: two requests."""
        newcomers = [
            server.send("POST", f"{BASE}/Users", person(f"n{next(_serial)}"))["id"]
            for _ in range(count)
        ]
        members = [{"value": each} for each in newcomers]
        path = f"{BASE}/Groups/{installation.groups[size]}"

        def patch(number: int) -> object:
            op = "Remove" if number % 2 else "Add"
            change = {"op": op, "path": "members", "value": members}
            return server.send("PATCH", path, {"Operations": [change]})

        return patch

    def patch_two(number: int) -> object:
        changes = [
            {"op": "Replace", "path": "title", "value": f"Title {next(_serial)}"},
            {"op": "Replace", "path": "name.familyName", "value": f"N{next(_serial)}"},
        ]
        body = {"Operations": changes}
        return server.send("PATCH", f"{BASE}/Users/{ids[number % people]}", body)

    result: dict[str, Callable[[int], object]] = {
        "GET user": lambda n: server.send("GET", f"{BASE}/Users/{ids[n % people]}"),
        "filter userName, hit": lambda n: find(
            f'userName eq "person{n % people}@example.org"'
        ),
        "filter userName, miss": lambda n: find(f'userName eq "{uuid.uuid4()}"'),
        "filter work e-mail, hit": lambda n: find(
            f'emails[type eq "work"].value eq "person{n % people}@example.org"'
        ),
        "list page of 100": lambda n: server.send("GET", f"{BASE}/Users?count=100"),
        "POST user": lambda n: server.send(
            "POST", f"{BASE}/Users", person(f"p{next(_serial)}")
        ),
        "PATCH two attributes": patch_two,
    }
    for size in installation.groups:
        result[f"member +-1, group of {size:,}"] = add_and_remove(size, 1)
    smallest = min(installation.groups)
    result[f"members +-100, group of {smallest:,}"] = add_and_remove(smallest, 100)
    return result


WRITES = ("POST", "PATCH", "member")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--groups", default="100,10000", help="sizes of the groups")
    parser.add_argument("--count", type=int, default=200, help="requests a round")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.groups.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder), arguments.people, sizes)
        environment = {"NETPRESENTER_INSTANCE": folder}
        with (
            running(["benchmarks.bare", folder], {}) as bare,
            running(["netpresenter_next", "serve", "--port", "0"], environment) as ours,
        ):
            ours.headers["Authorization"] = f"Bearer {installation.token}"
            _table(bare, ours, installation, arguments.count, arguments.rounds)


def _floor(bare: Server, count: int) -> tuple[float, float]:
    select = bare.cost(count, lambda n: bare.send("GET", f"/select?name=name{n}"))
    insert = bare.cost(
        count, lambda _: bare.send("POST", "/insert", person(f"b{next(_serial)}"))
    )
    return select, insert


def _table(
    bare: Server, ours: Server, installation: Installation, count: int, rounds: int
) -> None:
    named = operations(ours, installation)
    ratios: dict[str, list[float]] = {name: [] for name in named}
    costs: dict[str, list[float]] = {name: [] for name in named}
    for operation in named.values():  # the first requests pay for compiling
        ours.cost(4, operation)
    for _ in range(rounds):
        for name, operation in named.items():
            select, insert = _floor(bare, count)
            cost = ours.cost(count, operation)
            floor = insert if name.startswith(WRITES) else select
            costs[name].append(cost)
            ratios[name].append(cost / floor)
    print(f"{installation.people:,} people, CPU of the server, medians of {rounds}")
    print(f"{'operation':40} {'ms':>7} {'x floor':>8}   (least to most)")
    for name in named:
        spread = f"{min(ratios[name]):.2f} to {max(ratios[name]):.2f}"
        median = statistics.median(ratios[name])
        print(
            f"{name:40} {statistics.median(costs[name]):7.2f} {median:8.2f}   {spread}"
        )


if __name__ == "__main__":
    main()
