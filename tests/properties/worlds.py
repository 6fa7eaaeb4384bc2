"""Small worlds of unusual people and groups, made through the service."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, update

from netpresenter_next import create_app
from netpresenter_next.config.options import load
from netpresenter_next.directory.events import COMMAND_LINE, SCIM, Actor
from netpresenter_next.directory.people import create
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA as ENTERPRISE
from netpresenter_next.scim.resources.patch import read_operations
from netpresenter_next.scim.resources.projection import Projection
from netpresenter_next.scim.resources.serializer import Serializer
from netpresenter_next.scim.service import Service
from netpresenter_next.scim_http import context
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import GROUPS, USERS

BASE = "https://scim.example/scim/v2"
CLIENT = Actor(SCIM, "property test")
EVERYTHING = Projection()
EXTENSION_URN = "urn:example:params:scim:schemas:extension:own:2.0:User"
GROUP_EXTENSION_URN = "urn:example:params:scim:schemas:extension:own:2.0:Group"
EXTENSIONS = f"""
[[schemas]]
id = "{EXTENSION_URN}"
attributes = [
    {{name = "floor", type = "integer"}},
    {{name = "fte", type = "decimal"}},
    {{name = "remote", type = "boolean"}},
    {{name = "hired", type = "dateTime"}},
    {{name = "tags", type = "string", multiValued = true}},
    {{name = "badge", type = "string", caseExact = true}},
    {{name = "visits", type = "dateTime", multiValued = true}},
    {{name = "seat", type = "complex", subAttributes = [
        {{name = "room", type = "string"}}, {{name = "number", type = "integer"}}]}},
]
[[schemas]]
id = "{GROUP_EXTENSION_URN}"
resource = "Group"
attributes = [
    {{name = "size", type = "integer"}},
    {{name = "labels", type = "string", multiValued = true}},
]
"""

# Letters that fold to others or to several, wildcards, quotes, and rare characters.
WORDS = (
    *("Ada", "ADA", "straße", "STRASSE", "İstanbul", "istanbul", "Kelvin", "kelvin"),
    *("ΣΊΣΥΦΟΣ", "σίσυφος", "100%", "a_b", "axb", "O'Neil", 'say "hi"', "back\\slash"),
    *("50%_", "陳大文", "jose\u0301", "jos\xe9", "ﬁ", "FI", "😀", "z\U0002fa1d", "é"),
    *("true", "null", "5", "a b", "ǅ", "ŉ", "{}", "[x]", "$.a", "work", " pad "),
)
MOMENTS = (
    *("2026-11-22T09:12:00Z", "2026-11-22T10:12:00+01:00", "2026-11-22T09:12:00"),
    *("2026-11-22T09:12:00.5Z", "2026-11-22T09:12:00.5000001Z", "1999-12-31T23:59:59Z"),
    *("0999-06-01T00:00:00Z", "9999-12-31T00:00:00Z", "2000-02-29T12:00:00-11:30"),
)
START = datetime(2020, 2, 29, 12, tzinfo=UTC)
NAME_PARTS = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix")
TEXTS = ("nickName", "title", "userType", "preferredLanguage", "locale", "timezone")
ADDRESS_PARTS = ("formatted", "streetAddress", "locality", "postalCode", "country")
AT_WORK = ("employeeNumber", "costCenter", "organization", "division", "department")


@dataclass
class World:
    """An application, and its people and groups as GET returns them, oldest first."""

    app: Flask
    extended: bool
    people: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)

    @property
    def user_type(self) -> ResourceType:
        """The resource type User."""
        return context.of(self.app).resource_types.user

    @property
    def group_type(self) -> ResourceType:
        """The resource type Group."""
        return context.of(self.app).resource_types.group

    @contextmanager
    def service(self, *, writing: bool = False) -> Iterator[Service]:
        """Open the service in a new transaction."""
        begin = database.write if writing else database.read
        with self.app.app_context(), begin() as connection:
            yield self.service_on(connection)

    def service_on(self, connection: Connection) -> Service:
        """Return the service in an open transaction."""
        return Service(
            context.of(self.app).resource_types, Serializer(BASE), connection, CLIENT
        )


def application(folder: Path, **settings: Any) -> Flask:
    """Make an application on a new instance that requires nothing but userName."""
    settings.setdefault("scim_required", frozenset())
    return create_app(load({}, instance=folder / "instance", **settings))


def make_world(folder: Path, seed: int, *, extended: bool) -> World:
    """Make sixty people and twelve groups; the same for the same seed."""
    settings: dict[str, Any] = {}
    if extended:
        path = folder / "extensions.toml"
        path.write_text(EXTENSIONS, encoding="utf-8")
        settings["scim_extensions"] = path
    world = World(application(folder, **settings), extended)
    chance = random.Random(seed)
    with world.service(writing=True) as service:
        people, groups = _populate(service, world, chance)
        _spread_in_time(service, [*people, *groups], chance)
    with world.service() as service:
        for ids, kind, shown in (
            (people, world.user_type, world.people),
            (groups, world.group_type, world.groups),
        ):
            for each in ids:
                resource = service.get(kind, each, EVERYTHING).resource
                assert resource is not None
                shown.append(resource)
    return world


def _populate(
    service: Service, world: World, chance: random.Random
) -> tuple[list[str], list[str]]:
    connection = service.connection
    local = {"userName": "local", "displayName": "Ada", "active": True}
    hidden = create(connection, local, COMMAND_LINE, source=Source.LOCAL)
    people: list[str] = []
    for number in range(60):
        body = person(chance, number, [*people, hidden.id], extended=world.extended)
        people.append(_created(service, world.user_type, body))
    for each in chance.sample(people, 5):
        operations = read_operations(
            {"Operations": [{"op": "remove", "path": "active"}]}
        )
        service.patch(world.user_type, each, operations, EVERYTHING)
    groups = []
    for number in range(12):
        body = group(chance, number, people, extended=world.extended)
        groups.append(_created(service, world.group_type, body))
    return sorted(people), sorted(groups)


def _created(service: Service, kind: ResourceType, body: Mapping[str, Any]) -> str:
    resource = service.create(kind, body, EVERYTHING).resource
    assert resource is not None
    return str(resource["id"])


def _spread_in_time(service: Service, ids: list[str], chance: random.Random) -> None:
    """Spread the creation times over weeks, some of them equal."""
    for each in ids:
        created = START + timedelta(
            days=chance.randrange(40), hours=chance.randrange(3)
        )
        changed = created + timedelta(microseconds=chance.choice((0, 1, 10**6)))
        for table in (USERS, GROUPS):
            change = update(table).where(table.c.id == each)
            service.connection.execute(
                change.values(created_at=created, modified_at=changed)
            )


# ------------------------------------------------------------------------ resources
def word(chance: random.Random) -> str:
    """Return a text, often one that others have as well."""
    first = chance.choice(WORDS)
    return first if chance.random() < 0.6 else f"{first} {chance.choice(WORDS)}"


def some(chance: random.Random, names: tuple[str, ...], share: float) -> dict[str, str]:
    """Give some of the names a text."""
    return {name: word(chance) for name in names if chance.random() < share}


def entries(
    chance: random.Random, types: tuple[str, ...], most: int = 4
) -> list[dict[str, Any]]:
    """Return values of a multi-valued attribute, often several of one type."""
    found = []
    for _ in range(chance.randint(0, most)):
        entry: dict[str, Any] = {"value": word(chance)}
        if chance.random() < 0.1:
            del entry["value"]
            entry["display"] = word(chance)
        if chance.random() < 0.8:
            entry["type"] = chance.choice(types)
        if chance.random() < 0.3:
            entry["display"] = word(chance)
        if chance.random() < 0.3:
            entry["primary"] = False
        found.append(entry)
    if found and chance.random() < 0.5:
        chance.choice(found)["primary"] = True
    return found


def person(
    chance: random.Random, number: int, others: list[str], *, extended: bool
) -> dict[str, Any]:
    """Return a body for POST."""
    body: dict[str, Any] = {
        "userName": f"{word(chance).strip()} {number}",
        **some(chance, TEXTS, 0.4),
        **some(chance, ("displayName",), 0.6),
    }
    if chance.random() < 0.7:
        body["externalId"] = f"{chance.choice(('Ext', 'ext'))}-{number:03}"
    if chance.random() < 0.8:
        body["active"] = chance.random() < 0.6
    if chance.random() < 0.6:
        body["name"] = some(chance, NAME_PARTS, 0.5)
    if chance.random() < 0.3:
        body["profileUrl"] = f"https://x.example/{chance.choice('aAbB')}"
    body["emails"] = entries(chance, ("work", "work", "Work", "home", "other"))
    body["phoneNumbers"] = entries(chance, ("work", "mobile", "fax"), 3)
    body["roles"] = entries(chance, ("a", "b"), 2)
    body["addresses"] = [
        {**some(chance, ADDRESS_PARTS, 0.5), "type": chance.choice(("work", "home"))}
        for _ in range(chance.randint(0, 2))
    ]
    if chance.random() < 0.2:
        body["x509Certificates"] = [{"value": chance.choice(("QUJD", "qujd"))}]
    at_work: dict[str, Any] = dict(some(chance, AT_WORK, 0.3))
    if chance.random() < 0.5:
        at_work["manager"] = {"value": chance.choice([*others, "nobody", "Nobody"])}
    body[ENTERPRISE] = at_work
    if extended:
        body[EXTENSION_URN] = _extension(chance)
    return body


def _extension(chance: random.Random) -> dict[str, Any]:
    everything: dict[str, Any] = {
        "floor": chance.choice((-1, 0, 1, 5, 10, 10**17)),
        "fte": chance.choice((0, 0.1, 0.5, 1, 1.5, -2.25, 1e-7)),
        "remote": chance.choice((True, False)),
        "hired": chance.choice(MOMENTS),
        "tags": [word(chance) for _ in range(chance.randint(0, 3))],
        "badge": word(chance),
        "visits": [chance.choice(MOMENTS) for _ in range(chance.randint(0, 2))],
        "seat": {"room": word(chance), "number": chance.randint(1, 3)},
    }
    return {name: each for name, each in everything.items() if chance.random() < 0.6}


def group(
    chance: random.Random, number: int, people: list[str], *, extended: bool
) -> dict[str, Any]:
    """Return a body for POST."""
    size = chance.choice((0, 1, 2, 10))
    body: dict[str, Any] = {
        "displayName": f"{word(chance).strip()} {number}",
        "members": [{"value": each} for each in chance.sample(people, size)],
    }
    if chance.random() < 0.6:
        body["externalId"] = word(chance)
    if extended and chance.random() < 0.7:
        labels = [word(chance) for _ in range(chance.randint(0, 2))]
        body[GROUP_EXTENSION_URN] = {"size": chance.randint(0, 3), "labels": labels}
    return body
