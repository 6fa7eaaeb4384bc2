"""Provisioning cycles: many requests as Entra ID sends them, over some connections."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.filling import Directory, make_person
from benchmarks.operations import BASE, Scim
from benchmarks.servers import Client, Server

GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
MEMBERS_AT_ONCE = 20
_serial = itertools.count()

# Does one unit of a cycle.
Work = Callable[[Client, int], object]


@dataclass(frozen=True)
class Speed:
    """How fast a cycle ran, and what it cost the server."""

    units_per_second: float
    cpu_ms_per_unit: float


def run(server: Server, connections: int, count: int, work: Work) -> Speed:
    """Do ``count`` units of a cycle over some connections."""
    before = server.read_cpu()
    seconds = server.share(connections, count, work)
    return Speed(count / seconds, (server.read_cpu() - before) / count)


def add_person(client: Client, _number: int) -> Any:
    """Do the initial cycle for one person: a filter that finds nobody, then POST."""
    scim = Scim(client)
    scim.find_user_name(str(uuid.uuid4()))
    return scim.create()


def add_bare_person(client: Client, _number: int) -> Any:
    """Do the initial cycle on the bare server: a SELECT that misses, and an INSERT."""
    client.send("GET", f"/select?name={uuid.uuid4()}")
    return client.send("POST", "/insert", make_person(f"cycle{next(_serial)}"))


def make_mix(directory: Directory) -> Work:
    """Return the incremental mix; a unit is one request.

    Of twenty requests, six read a person, seven look one up, six change two attributes,
    and one disables a person.
    """
    people = list(directory.people.items())

    def do(client: Client, number: int) -> object:
        scim, kind = Scim(client), number % 20
        person, user_id = people[next(_serial) * 7_919 % len(people)]
        if kind == 0:
            return scim.patch_active(user_id, active=False)
        if kind % 3 == 0:
            return scim.patch_two(user_id)
        if kind % 3 == 1:
            return scim.find_user_name(person)
        return scim.get(user_id)

    return do


def make_group_cycle(directory: Directory) -> Work:
    """Return the cycle of one new group; a unit is all of its six requests."""
    members = list(directory.people.values())[:MEMBERS_AT_ONCE]

    def do(client: Client, _number: int) -> object:
        scim, name = Scim(client), f"New group {next(_serial)}"
        scim.find(f'displayName eq "{name}"', "Groups", excludedAttributes="members")
        group = {"schemas": [GROUP_SCHEMA], "displayName": name}
        group_id = client.send("POST", f"{BASE}/Groups", group)["id"]
        scim.patch_members("Add", group_id, members)
        client.send("GET", f"{BASE}/Groups/{group_id}?excludedAttributes=members")
        question = f'id eq "{group_id}" and members eq "{members[0]}"'
        scim.find(question, "Groups", excludedAttributes="members")
        return scim.patch_members("Remove", group_id, members[:1])

    return do
