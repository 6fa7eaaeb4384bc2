"""The other SCIM operations, which are measured only as an installation grows."""

import itertools
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from benchmarks.cycles import GROUP_SCHEMA
from benchmarks.filling import Directory, make_person
from benchmarks.operations import BASE, Operation, Pages, Scim
from benchmarks.servers import Client, Refused

BULK_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
# How far a list is read by cursor before its pages are measured.
DEEP_PAGES, LARGEST_PAGE = 20, 1_000
_serial = itertools.count()


def make_more_user_operations(
    client: Client, directory: Directory, size: int
) -> dict[str, Operation]:
    """Return the other operations on people by name."""
    scim, users = Scim(client), f"{BASE}/Users"
    known = list(directory.people.items())

    def replace(turn: int) -> Any:
        number, user_id = known[turn % len(known)]
        document = make_person(number) | {"title": f"Title {next(_serial)}"}
        return client.send("PUT", f"{users}/{user_id}", document)

    def create_and_delete(_turn: int) -> Any:
        return client.send("DELETE", f"{users}/{scim.create()['id']}")

    def search(turn: int) -> Any:
        text = f'userName eq "person{known[turn % len(known)][0]}@example.org"'
        body = {"schemas": [SEARCH_SCHEMA], "filter": text}
        return client.send("POST", f"{users}/.search", body)

    start = size * 9 // 10
    return {
        "PUT user": replace,
        "POST user, then DELETE": create_and_delete,
        "search by POST": search,
        "list page of 100, the last tenth by index": lambda _: client.send(
            "GET", f"{users}?count=100&startIndex={start}"
        ),
        "list page of 100, sorted by userName": lambda _: client.send(
            "GET", f"{users}?count=100&sortBy=userName"
        ),
        "filter without an index (title)": lambda _: _scan(scim),
        "bulk request of ten POST": lambda _: client.send(
            "POST", f"{BASE}/Bulk", _bulk()
        ),
    }


def _scan(scim: Scim) -> None:
    """Send a filter that reads everybody; the server stops it after some seconds."""
    with suppress(Refused):
        scim.find('title eq "Nobody"')


def _bulk() -> dict[str, Any]:
    people = (make_person(f"bulk{next(_serial)}") for _ in range(10))
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": f"b{number}", "data": person}
        for number, person in enumerate(people)
    ]
    return {"schemas": [BULK_SCHEMA], "Operations": operations}


def make_group_operations(client: Client, directory: Directory) -> dict[str, Operation]:
    """Return the operations on groups by name."""
    scim, groups = Scim(client), f"{BASE}/Groups"
    smallest = min(directory.groups)
    group_id, member = directory.groups[smallest], next(iter(directory.people.values()))

    def create_and_delete(_turn: int) -> Any:
        body = {"schemas": [GROUP_SCHEMA], "displayName": f"Group n{next(_serial)}"}
        made = client.send("POST", groups, body)
        return client.send("DELETE", f"{groups}/{made['id']}")

    def find(text: str) -> Any:
        return scim.find(text, "Groups", excludedAttributes="members")

    return {
        "GET group without members": lambda _: client.send(
            "GET", f"{groups}/{group_id}?excludedAttributes=members"
        ),
        f"GET group of {smallest:,}": lambda _: client.send(
            "GET", f"{groups}/{group_id}"
        ),
        "filter displayName of a group": lambda _: find(
            f'displayName eq "Group {smallest}"'
        ),
        "question: is somebody a member?": lambda _: find(
            f'id eq "{group_id}" and members eq "{member}"'
        ),
        "list page of groups": lambda _: client.send(
            "GET", f"{groups}?excludedAttributes=members"
        ),
        "POST group, then DELETE": create_and_delete,
    }


def make_discovery_operations(client: Client) -> dict[str, Operation]:
    """Return the requests for what the service can do."""

    def get(name: str) -> Operation:
        return lambda _: client.send("GET", f"{BASE}/{quote(name)}")

    names = ("ServiceProviderConfig", "ResourceTypes", "Schemas")
    return {f"GET {name}": get(name) for name in names}


def make_deep_pages(client: Client) -> Operation:
    """Read far into the list of people; returns the reading of the next page of 100."""
    pages = Pages(client, count=LARGEST_PAGE)
    for turn in range(DEEP_PAGES):
        if "nextCursor" not in pages.read_next(turn):
            break
    pages.count = 100
    return pages.read_next
