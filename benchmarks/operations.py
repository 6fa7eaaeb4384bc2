"""The SCIM operations that are measured, as Microsoft Entra ID sends them."""

import itertools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import quote

from benchmarks.bare import ROWS
from benchmarks.filling import Directory, external_id, make_person
from benchmarks.servers import Client

BASE = "/scim/v2"
PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_serial = itertools.count()

# Does one operation; the number makes each another one.
Operation = Callable[[int], object]


class Floor(StrEnum):
    """The request to the bare server with which an operation is compared."""

    ECHO = "echo"
    SELECT = "select"
    INSERT = "insert"


@dataclass(frozen=True)
class Goal:
    """The most that an operation may cost: a multiple of a floor."""

    floor: Floor
    most: float


READ = Goal(Floor.SELECT, 2.0)
LIST = Goal(Floor.SELECT, 12.0)
WRITE = Goal(Floor.INSERT, 2.5)
MEMBER = Goal(Floor.INSERT, 2.0)
MEMBERS = Goal(Floor.INSERT, 4.0)


@dataclass
class Scim:
    """SCIM requests over one connection."""

    client: Client

    def find(self, text: str, kind: str = "Users", **more: str) -> Any:
        """Send a filter."""
        query = "".join(f"&{name}={value}" for name, value in more.items())
        path = f"{BASE}/{kind}?filter={quote(text)}{query}"
        return self.client.send("GET", path)

    def find_user_name(self, number: int | str) -> Any:
        """Look a person up by user name."""
        return self.find(f'userName eq "person{number}@example.org"')

    def get(self, user_id: str) -> Any:
        """Read a person."""
        return self.client.send("GET", f"{BASE}/Users/{user_id}")

    def create(self) -> Any:
        """Create a person whom nobody knows yet."""
        person = make_person(f"new{next(_serial)}")
        return self.client.send("POST", f"{BASE}/Users", person)

    def patch(self, path: str, *changes: dict[str, Any]) -> Any:
        """Change a resource."""
        body = {"schemas": [PATCH_SCHEMA], "Operations": changes}
        return self.client.send("PATCH", f"{BASE}/{path}", body)

    def patch_two(self, user_id: str) -> Any:
        """Change two attributes of a person to values that they never had."""
        return self.patch(
            f"Users/{user_id}",
            {"op": "Replace", "path": "title", "value": f"Title {next(_serial)}"},
            {"op": "Replace", "path": "name.familyName", "value": f"N{next(_serial)}"},
        )

    def patch_active(self, user_id: str, *, active: bool) -> Any:
        """Enable or disable a person."""
        change = {"op": "Replace", "path": "active", "value": active}
        return self.patch(f"Users/{user_id}", change)

    def patch_members(self, op: str, group_id: str, user_ids: Sequence[str]) -> Any:
        """Add people to a group (``Add``) or remove them (``Remove``)."""
        members = [{"value": user_id} for user_id in user_ids]
        change = {"op": op, "path": "members", "value": members}
        return self.patch(f"Groups/{group_id}", change)


class Pages:
    """Reads a list of people page after page by cursor, from the start again."""

    def __init__(self, client: Client, *, count: int = 100) -> None:
        self.count = count
        self._client, self._cursor = client, ""

    def read_next(self, _number: int) -> Any:
        """Read the next page."""
        path = f"{BASE}/Users?count={self.count}&cursor={quote(self._cursor)}"
        found = self._client.send("GET", path)
        self._cursor = found.get("nextCursor", "")
        return found


def make_user_operations(client: Client, directory: Directory) -> dict[str, Operation]:
    """Return the operations on people by name."""
    scim, numbers = Scim(client), list(directory.people)
    ids = list(directory.people.values())

    def number(turn: int) -> int:
        return numbers[turn % len(numbers)]

    def find_address(turn: int) -> Any:
        address = f"person{number(turn)}@example.org"
        return scim.find(f'emails[type eq "work"].value eq "{address}"')

    def switch(turn: int) -> Any:
        """Disable a person, and enable them again in the next turn."""
        return scim.patch_active(ids[turn // 2 % len(ids)], active=turn % 2 == 1)

    return {
        "GET by id": lambda turn: scim.get(ids[turn % len(ids)]),
        "filter userName, hit": lambda turn: scim.find_user_name(number(turn)),
        "filter userName, miss": lambda _: scim.find_user_name(str(uuid.uuid4())),
        "filter externalId, hit": lambda turn: scim.find(
            f'externalId eq "{external_id(number(turn))}"'
        ),
        "filter work e-mail, hit": find_address,
        "list page of 100": lambda _: client.send("GET", f"{BASE}/Users?count=100"),
        "POST user": lambda _: scim.create(),
        "PATCH two attributes": lambda turn: scim.patch_two(ids[turn % len(ids)]),
        "PATCH active": switch,
    }


def make_member_operations(
    client: Client, directory: Directory
) -> dict[str, Operation]:
    """Return the changes of members by name; every other turn undoes the one before."""
    scim, smallest = Scim(client), min(directory.groups)

    def change(group_id: str, members: Sequence[str], turn: int) -> Any:
        return scim.patch_members("Remove" if turn % 2 else "Add", group_id, members)

    result: dict[str, Operation] = {
        name_member_operation(size): partial(change, group_id, directory.newcomers[:1])
        for size, group_id in directory.groups.items()
    }
    name = f"100 members +-100, group of {smallest:,}"
    result[name] = partial(change, directory.groups[smallest], directory.newcomers)
    return result


def name_member_operation(size: int) -> str:
    """Return the name of adding or removing one member of a group of this size."""
    return f"one member +-1, group of {size:,}"


def make_operations(
    client: Client, directory: Directory, *, has_cursors: bool = True
) -> dict[str, Operation]:
    """Return all operations by name; cursors only where the server has them."""
    result = make_user_operations(client, directory)
    if has_cursors:
        result["list page of 100 by cursor"] = Pages(client).read_next
    return result | make_member_operations(client, directory)


def goal_of(name: str) -> Goal:
    """Return the most that an operation may cost."""
    starts = {"one member": MEMBER, "100 members": MEMBERS, "list": LIST}
    starts |= {"P": WRITE, "GET": READ, "filter": READ}
    return next(goal for start, goal in starts.items() if name.startswith(start))


def make_floors(client: Client) -> dict[Floor, Operation]:
    """Return the requests to the bare server."""
    return {
        Floor.ECHO: lambda _: client.send("GET", "/echo"),
        Floor.SELECT: lambda turn: client.send(
            "GET", f"/select?name=name{turn % ROWS}"
        ),
        Floor.INSERT: lambda _: client.send(
            "POST", "/insert", make_person(f"bare{next(_serial)}")
        ),
    }
