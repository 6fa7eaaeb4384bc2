"""Instances to measure, filled through the functions that SCIM and the pages use."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from benchmarks.progress import track
from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import (
    access,
    events,
    groups,
    passwords,
    people,
    scim_tokens,
    search_index,
)
from netpresenter_next.directory.events import COMMAND_LINE, SCIM, Actor, Event
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import ADMINISTRATOR, USERS, Person

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTRA = Actor(SCIM, "benchmark")
ADMINISTRATOR_NAME = "administrator"
PEOPLE_AT_ONCE = 2_000  # in one transaction
NEWCOMERS = 100  # people who are in no group, to be added and removed
MOST_KNOWN = 10_000  # people whose ids are kept, spread evenly over all
_DESCRIPTION = "benchmark.json"


@dataclass(frozen=True)
class Directory:
    """What a server contains: ids of people by number, ids of groups by size."""

    people: dict[int, str]
    newcomers: list[str]
    groups: dict[int, str]


@dataclass(frozen=True)
class Installation:
    """A filled instance of Netpresenter Next, with what opens it."""

    folder: Path
    size: int
    token: str
    password: str  # of the administrator
    directory: Directory

    @property
    def headers(self) -> dict[str, str]:
        """The header that authenticates SCIM requests."""
        return {"Authorization": f"Bearer {self.token}"}


def external_id(number: int | str) -> str:
    """Return the externalId of a person, an object ID as in Microsoft Entra ID."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"person{number}"))


def make_person(number: int | str) -> dict[str, Any]:
    """Return the document of a person as Microsoft Entra ID sends it."""
    return {
        "schemas": [USER_SCHEMA, ENTERPRISE_SCHEMA],
        "externalId": external_id(number),
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


def known_numbers(size: int) -> list[int]:
    """Return the numbers of the people whose ids are kept.

    None of them is a newcomer or disabled.
    """
    last = size - NEWCOMERS
    numbers = range(0, last, max(1, last // MOST_KNOWN))
    return [number for number in numbers if not is_disabled(number)]


def is_disabled(number: int) -> bool:
    """Is this one of the 5 % who are disabled in an instance of ours?"""
    return number % 20 == 19


def count_people_for(people_count: int, sizes: Sequence[int]) -> int:
    """Return how many people there must be so that each group finds its members."""
    return max(people_count, *sizes) + NEWCOMERS


def fill(folder: Path, size: int, sizes: Sequence[int]) -> Installation:
    """Fill an instance with people, and with groups of these sizes.

    If it was interrupted while it added people, it continues there.
    """
    app = create_app(load({}, instance=folder))
    with app.app_context():
        with database.read() as connection:
            done = _count_people(connection)
        for start in track(
            range(done, size, PEOPLE_AT_ONCE), f"Adding {size:,} people"
        ):
            with database.write() as connection:
                for number in range(start, min(start + PEOPLE_AT_ONCE, size)):
                    _add_person(connection, number, active=not is_disabled(number))
        password = secrets.token_urlsafe()
        hashed = passwords.hash_password(password)
        with database.write() as connection:
            directory = _add_groups(connection, size, sizes)
            _add_leavers(connection, size // 1_000)
            _add_events(connection, directory, size // 10)
            token = scim_tokens.issue(
                connection, COMMAND_LINE, "benchmark", "benchmark"
            )
            access.create_local(
                connection,
                ADMINISTRATOR_NAME,
                hashed,
                COMMAND_LINE,
                role=ADMINISTRATOR,
                is_emergency=False,
            )
        search_index.index_everybody()
        database.close()
    installation = Installation(folder, size, token, password, directory)
    _describe(installation)
    return installation


def _count_people(connection: Connection) -> int:
    query = select(func.count()).where(USERS.c.source == Source.PROVISIONED)
    return connection.scalar(query) or 0


def _add_person(
    connection: Connection, number: int | str, *, active: bool = True
) -> Person:
    document = make_person(number) | {"active": active}
    del document["schemas"]  # not stored
    return people.create(connection, document, ENTRA, source=Source.PROVISIONED)


def _add_groups(connection: Connection, size: int, sizes: Sequence[int]) -> Directory:
    """Add the groups to measure, and a team of ten for each thousand people."""
    ids = list(connection.scalars(select(USERS.c.id).order_by(USERS.c.id)))
    by_size = {
        each: _add_group(connection, f"Group {each}", ids[:each]) for each in sizes
    }
    for number in range(size // 1_000):
        members = ids[number * 1_000 : number * 1_000 + 10]
        _add_group(connection, f"Team {number}", members)
    known = {number: ids[number] for number in known_numbers(size)}
    return Directory(known, ids[-NEWCOMERS:], by_size)


def _add_group(connection: Connection, name: str, members: Sequence[str]) -> str:
    group = groups.create(connection, {"displayName": name}, ENTRA)
    return groups.add_members(connection, group, members, ENTRA).id


def _add_leavers(connection: Connection, count: int) -> None:
    """Add people and delete them, for the list of deleted people."""
    for number in range(count):
        person = _add_person(connection, f"leaver{number}")
        people.delete_person(connection, person, ENTRA)


def _add_events(connection: Connection, directory: Directory, count: int) -> None:
    """Add sign-ins to the event log, beside the entries of all that was added."""
    known = list(directory.people.items())
    for number, user_id in (known[each % len(known)] for each in range(count)):
        name = f"person{number}@example.org"
        who = Actor("person", name, "192.0.2.1")
        target = events.Target("User", user_id, name)
        events.record(connection, who, Event.SIGNED_IN, target)


def _describe(installation: Installation) -> None:
    """Write what opens the instance into its folder: it is complete."""
    text = json.dumps(asdict(installation), default=str)
    (installation.folder / _DESCRIPTION).write_text(text)


def read_installation(folder: Path) -> Installation | None:
    """Return the complete instance in a folder, which may have been copied there."""
    try:
        found = json.loads((folder / _DESCRIPTION).read_text())
    except FileNotFoundError:
        return None
    listed = found.pop("directory")
    directory = Directory(
        {int(number): user_id for number, user_id in listed["people"].items()},
        listed["newcomers"],
        {int(size): group_id for size, group_id in listed["groups"].items()},
    )
    return Installation(**{**found, "folder": folder, "directory": directory})
