"""Mutated requests to a running server: no 5xx, no hang, no crash."""

import contextlib
import copy
import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from wire import ENTERPRISE, MEDIA_TYPE, MESSAGES, PREFIX, USER, group, operation, user

from helpers import Instance, RunningServer, copy_of
from netpresenter_next.schema.tables import derive_columns
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, USERS

SOME, ALL = 600, 20_000
CLIENTS = 2
SEED = 20_261_122
# Seconds after which a server hangs, also on a busy machine.
SLOW = 20.0
# Characters that are sent as they are, besides the unreserved ones.
_TARGET = "/%?&=+,:;@!$'()*-._~#[]\"\\{}|^`<>"


@dataclass
class Request:
    """One request, before and after it is mutated."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    # Paths of resources that can be changed.
    places: tuple[str, ...] = ()

    def data(self) -> bytes | None:
        """Return the body as bytes."""
        if self.raw is not None or self.body is None:
            return self.raw
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8", "replace")

    def target(self) -> str:
        """Return what stands in the request line."""
        query = "&".join(f"{key}={quote(x)}" for key, x in self.query.items())
        path = quote(PREFIX + self.path, safe=_TARGET)
        return f"{path}?{query}" if query else path


# ---------------------------------------------------------------- requests of Entra ID
def _patch(path: str, *operations: Any) -> Request:
    body = {"schemas": [MESSAGES + "PatchOp"], "Operations": list(operations)}
    return Request("PATCH", path, body=body)


def corpus(people: list[str], groups: list[str], cursor: str) -> list[Request]:
    """Return requests like those of Entra ID, about these users and groups."""
    person, other, team = people[0], people[1], groups[0]
    whole = user(
        f"{person}@example.com",
        externalId=person,
        active=True,
        displayName="Ada",
        name={"givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada L"},
        emails=[{"type": "work", "value": "ada@example.com", "primary": True}],
        phoneNumbers=[{"type": "work", "value": "1"}, {"type": "mobile", "value": "2"}],
        addresses=[{"type": "work", "formatted": "x", "country": "NL"}],
        **{ENTERPRISE: {"department": "Engines", "manager": {"value": other}}},
    )
    bulk = [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("bulk")},
        {"method": "PATCH", "path": "/Users/bulkId:a", "data": {"Operations": []}},
        {"method": "DELETE", "path": f"/Users/{people[2]}", "version": 'W/"9"'},
    ]
    search = {
        "schemas": [MESSAGES + "SearchRequest"],
        "filter": 'displayName sw "A" and (active eq true or not (title pr))',
        "attributes": ["userName", "emails.value"],
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 1,
        "count": 5,
    }
    members = [{"$ref": None, "value": person}, {"value": other, "type": "User"}]
    requests = [
        Request("GET", "/Users", {"filter": 'userName eq "ada@example.com"'}),
        Request("GET", "/Users", {"filter": 'externalId eq "8aa1a0c0"'}),
        Request("GET", "/Users", {"filter": 'emails[type eq "work"].value eq "a@b.c"'}),
        Request(
            "GET", "/Users", {"filter": f'id eq "{person}" and manager eq "{other}"'}
        ),
        Request("GET", "/Users", {"startIndex": "1", "count": "10", "sortBy": "title"}),
        Request("GET", "/Users", {"cursor": "", "count": "2", "sortBy": "emails"}),
        Request("GET", "/Users", {"cursor": cursor, "count": "2"}),
        Request("GET", "/Groups", {"filter": 'displayName eq "Readers"'}),
        Request(
            "GET",
            "/Groups",
            {
                "filter": f'id eq "{team}" and members eq "{person}"',
                "excludedAttributes": "members",
            },
        ),
        Request(
            "GET",
            "",
            {"filter": 'meta.lastModified gt "2020-01-01T00:00:00Z"', "count": "5"},
        ),
        Request("GET", f"/Users/{person}", {"attributes": "userName,name.givenName"}),
        Request("GET", f"/Groups/{team}", {"excludedAttributes": "members"}),
        Request("GET", f"/Users/{person}", headers={"If-None-Match": 'W/"1"'}),
        Request("GET", "/ServiceProviderConfig"),
        Request("GET", f"/Schemas/{USER}"),
        Request("GET", "/ResourceTypes/User"),
        Request("GET", "/Me"),
        Request("POST", "/Users", body=whole),
        Request("POST", "/Groups", body=group("Writers", person, other)),
        Request("PUT", f"/Users/{person}", body=whole),
        Request("PUT", f"/Groups/{team}", body=group("Readers", person)),
        _patch(
            f"/Users/{person}",
            operation("Replace", "displayName", "Ada"),
            operation("Add", 'emails[type eq "work"].value', "a@b.c"),
            operation("Replace", 'phoneNumbers[type eq "mobile"].value', "12"),
            operation("Add", f"{ENTERPRISE}:manager", other),
            operation("Replace", "active", "False"),
            operation("Remove", "title"),
        ),
        _patch(
            f"/Users/{person}",
            operation(
                "replace",
                None,
                {
                    "name.givenName": "Ada",
                    'emails[type eq "home"].value': "x",
                    f"{ENTERPRISE}:department": "y",
                },
            ),
        ),
        _patch(f"/Groups/{team}", operation("Add", "members", members)),
        _patch(f"/Groups/{team}", operation("Remove", "members", members)),
        _patch(f"/Groups/{team}", operation("remove", f'members[value eq "{person}"]')),
        _patch(f"/Groups/{team}", operation("replace", "displayName", "Readers")),
        Request("DELETE", f"/Users/{people[2]}", headers={"If-Match": 'W/"7"'}),
        Request("DELETE", f"/Groups/{groups[1]}", headers={"If-Match": 'W/"7"'}),
        Request("POST", "/.search", body=search),
        Request("POST", "/Users/.search", body=search),
        Request("POST", "/Bulk", body={"Operations": bulk, "failOnErrors": 2}),
    ]
    places = [f"/Users/{each}" for each in people[:2]] + [f"/Groups/{team}"]
    return [replace(each, places=tuple(places)) for each in requests]


# --------------------------------------------------------------------- mutations
ODD_TEXTS = [
    "",
    " ",
    "\0",
    "\x01",
    "\n",
    "\u2028",
    "\u202e",
    "é",
    "e\u0301",
    "ﬁ",
    "İ",
    "ß",
    "😀",
    "٣",
    "%",
    "%00",
    "%ff",
    "%2e%2e%2f",
    "../",
    "'",
    '"',
    '\\"',
    "\\",
    "' OR 1=1 --",
    "_",
    "*",
    "null",
    "true",
    "NaN",
    "-1",
    "1e999",
    "9" * 40,
    "x" * 400,
    "__class__",
    "$ref",
    "urn:",
    f"{USER}:",
    f"{ENTERPRISE}:manager.value",
    "emails[",
    "emails[type eq",
    'emails[type eq "work"].',
    "members[value pr]",
    "a.b.c.d",
    "bulkId:a",
    "bulkId:",
    "W/",
    "{}",
    "[]",
    "<script>",
    "${x}",
    "\ud7ff",
    "2026-02-30T25:61:61Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
]
ODD_VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63 - 1,
    10**17,
    1.5,
    -0.0,
    1e300,
    [],
    [[]],
    {},
    [None],
    {"value": None},
    {"value": {"value": "x"}},
    [{"value": "x"}, "y", 1, None],
    [{"primary": True, "value": "1"}, {"primary": True, "value": "2"}],
    {"": ""},
    {"$ref": "x"},
]
PIECES = 'eq ne co sw ew gt ge lt le pr and or not ( ) [ ] . : , " \\ null true 1 1e5'
PIECES_OF_FILTERS = [
    *PIECES.split(),
    *("userName", "emails", "emails.value", "members", "groups", "meta.created"),
    *("manager", ENTERPRISE, USER, "schemas", "id", "active", "x509Certificates"),
    *('"a"', '"2026-01-01T00:00:00Z"', "name", "addresses[", "type", "value", "$ref"),
]
GOOD_PATHS = [
    *("displayName", "title", "name.familyName", "emails", "addresses", "manager"),
    *('emails[type eq "work"].value', f"{ENTERPRISE}:department", "externalId"),
    *('phoneNumbers[type eq "mobile" and value pr]', "roles", "active", None),
]
GOOD_VALUES: list[Any] = [
    *("x", "True", [{"value": "x", "type": "work"}], {"title": "y"}, ["x", "y"]),
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"]
PATHS = [
    *("/Users", "/Groups", "/Bulk", "/Me", "/Schemas", "/.search", "/Users/.search"),
    *("/ResourceTypes", "/ServiceProviderConfig", "", "/", "//", "/nothing"),
    *("/Users/x/y", "/Groups//", "/users", "/Users/", "/Users/%00", "/Users/."),
]
PARAMETERS = [
    *("filter", "sortBy", "sortOrder", "startIndex", "count", "cursor"),
    *("attributes", "excludedAttributes", "nothing", "FILTER"),
]
MEDIA_TYPES = [
    *("application/json", "text/plain", "", "application/json; charset=utf-16"),
    *("application/scim+json; charset=x; charset=y", ";", "multipart/form-data"),
    *("application/x-www-form-urlencoded", "application/json;" + "a=b;" * 50),
]
HEADERS = {
    "If-Match": ["*", "", '""', 'W/"', "W/" * 99, '"a", W/"b"', "x" * 999],
    "If-None-Match": ["*", "", 'W/"1"', '"', ",,,,", 'W/"1", "2"'],
    "Accept": ["*/*", "text/html", "application/xml", ";;;", ""],
    "Accept-Encoding": ["gzip", "identity;q=0", "*;q=0"],
    "Authorization": ["", "Bearer", "Bearer  ", "Basic eDp4", "bearer é", "x" * 999],
    "Content-Encoding": ["gzip", "identity", "x"],
    "Content-Type": MEDIA_TYPES,
    "Cookie": ["npn_session=x", "a" * 4_000, "=;=;="],
    "Host": ["evil.example", "a b", "[::1", "localhost:99999", "é", "a,b", ""],
    "Origin": ["null", "https://evil.example"],
    "Range": ["bytes=0-1", "bytes=x"],
    "X-Forwarded-For": ["1.2.3.4", "x" * 500],
    "X-HTTP-Method-Override": ["DELETE"],
    "Date": ["yesterday"],
    "If-Modified-Since": ["yesterday", "Sun, 06 Nov 1994 08:49:37 GMT"],
}

Mutation = Callable[[random.Random, Request], None]


def _text(rng: random.Random, text: str) -> str:
    """Change a text a little."""
    at = rng.randint(0, len(text))
    piece = rng.choice(ODD_TEXTS)
    kind = rng.randrange(6)
    if kind == 0:
        return text[:at] + piece + text[at:]
    if kind == 1:
        return text[:at] + text[at + rng.randint(1, 8) :]
    if kind == 2:
        return piece
    if kind == 3:
        return text.swapcase()
    if kind == 4:
        return text * rng.randint(2, 5)
    return text[:at] + chr(rng.choice([rng.randrange(128), rng.randrange(0xD800)]))


def mutate_path(rng: random.Random, request: Request) -> None:
    """Another path, or a broken one."""
    if rng.random() < 0.4:
        request.path = rng.choice(PATHS)
    else:
        request.path = _text(rng, request.path)


def mutate_method(rng: random.Random, request: Request) -> None:
    """Another method."""
    request.method = rng.choice(METHODS)


def mutate_query(rng: random.Random, request: Request) -> None:
    """Other parameters, or broken ones."""
    name = rng.choice([*request.query, *PARAMETERS])
    request.query[name] = _text(rng, request.query.get(name, "1"))


def mutate_filter(rng: random.Random, request: Request) -> None:
    """Pieces of filters in any order, or a good filter with one piece changed."""
    pieces = re.findall(r'"[^"]*"|[\w.:$-]+|\S', request.query.get("filter", ""))
    if not pieces or rng.random() < 0.3:
        pieces = rng.choices(PIECES_OF_FILTERS, k=rng.randint(1, 12))
    else:
        at = rng.randrange(len(pieces))
        pieces[at : at + rng.randint(0, 2)] = rng.choices(
            PIECES_OF_FILTERS, k=rng.randint(0, 2)
        )
    name = rng.choice(["filter"] * 8 + ["sortBy", "attributes"])
    request.query[name] = " ".join(pieces)


def mutate_headers(rng: random.Random, request: Request) -> None:
    """Other headers."""
    name = rng.choice(list(HEADERS))
    request.headers[name] = rng.choice(HEADERS[name])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Walk over every place in a JSON value: its container, and key or index."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list) and value[key]:
            yield from _places(value[key])


def mutate_body(rng: random.Random, request: Request) -> None:
    """Change one place of the body: its value, its name, its type, its number."""
    if not isinstance(request.body, dict) or not request.body:
        request.body = copy.deepcopy(rng.choice(ODD_VALUES))
        return
    container, key = rng.choice(list(_places(request.body)))
    value = container[key]
    kind = rng.randrange(7)
    if kind == 0:
        container[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    elif kind == 1 and isinstance(value, str):
        container[key] = _text(rng, value)
    elif kind == 2 and isinstance(container, dict):
        container[_text(rng, key)] = container.pop(key)
    elif kind == 3:
        del container[key]
    elif kind == 4 and isinstance(container, list):
        container *= rng.randint(2, 20)
        request.body = copy.deepcopy(request.body)
    elif kind == 5:
        container[key] = [value, copy.deepcopy(value)]
    elif isinstance(container, dict):
        container[rng.choice(ODD_TEXTS)] = copy.deepcopy(rng.choice(ODD_VALUES))
    else:
        container[key] = {"value": value}


def mutate_operation(rng: random.Random, request: Request) -> None:
    """A PATCH of any path by any operation with any value."""
    body = {
        "Operations": [
            operation(
                rng.choice(["add", "replace", "remove"] * 5 + ["test"]),
                rng.choice([*PIECES_OF_FILTERS, *ODD_TEXTS, *GOOD_PATHS * 9]),
                rng.choice([*ODD_VALUES, *ODD_TEXTS, *GOOD_VALUES * 9]),
            )
            for _ in range(rng.choice([1, 1, 2, 3]))
        ]
    }
    request.body = copy.deepcopy(body)
    request.method, request.path = "PATCH", rng.choice(request.places)


def mutate_bytes(rng: random.Random, request: Request) -> None:
    """Break the bytes of the body."""
    data = bytearray(request.data() or b"{}")
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data[at:at] = bytes([rng.randrange(256)])
        elif kind == 1:
            del data[at : at + rng.randint(1, 20)]
        elif kind == 2:
            data[at:at] = rng.choice([b"[", b"{", b'"', b"\\u", b"\xed\xa0\x80", b"}"])
        else:
            data[at:at] = data[: rng.randint(0, 40)]
    request.raw = bytes(data)
    if request.method == "GET":
        request.method = rng.choice(["POST", "PUT", "PATCH"])


MUTATIONS: list[Mutation] = [
    mutate_path,
    mutate_method,
    mutate_query,
    mutate_bytes,
    *[mutate_headers, mutate_filter] * 2,
    *[mutate_body, mutate_operation] * 4,
]


# ------------------------------------------------------------------------ a client
class Client:
    """A client with one persistent connection; it says what is wrong with an answer."""

    def __init__(self, server: RunningServer, token: str) -> None:
        self._server, self._token = server, token
        self._connection = self._new()

    def _new(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            self._server.host, self._server.port, timeout=20
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send(self, request: Request) -> tuple[int, str, bytes, float]:
        """Send a request; returns status, media type, body and seconds."""
        data = request.data()
        headers = {"Authorization": f"Bearer {self._token}"}
        if data is not None:
            headers["Content-Type"] = MEDIA_TYPE
        headers.update(request.headers)
        start = time.monotonic()
        connection = self._connection
        host = "Host" in headers
        connection.putrequest(
            request.method, request.target(), skip_host=host, skip_accept_encoding=True
        )
        for name, value in headers.items():
            connection.putheader(name, value.encode("utf-8"))
        if data is not None or request.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(data or b"")))
        connection.endheaders(data)
        answer = connection.getresponse()
        body = answer.read()
        seconds = time.monotonic() - start
        if answer.will_close:
            connection.close()
        media_type = answer.getheader("Content-Type") or ""
        return answer.status, media_type, body, seconds

    def complaint(self, request: Request) -> str | None:
        """Send a request; say what is wrong with the answer, if anything is."""
        try:
            status, media_type, body, seconds = self.send(request)
            if seconds > SLOW:  # a single slow answer may be noise
                status, media_type, body, seconds = self.send(request)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return f"no answer: {error!r}"
        if seconds > SLOW:
            return f"{seconds:.1f} s"
        if status >= 500 and not (
            status == 501 and request.path.casefold().endswith("/me")
        ):
            return f"{status} {body[:300]!r}"
        if 300 <= status < 400 and status != 304:
            return f"a redirect, {status}"
        if request.method != "HEAD" and status not in (204, 304):
            return _complaint_about(status, media_type, body)
        return f"{status} with a body" if body else None


def _complaint_about(status: int, media_type: str, body: bytes) -> str | None:
    if media_type != MEDIA_TYPE:
        return f"{status} as {media_type}: {body[:200]!r}"
    document = json.loads(body)
    if not isinstance(document, dict) or not document.get("schemas", [1]):
        return f"{status} {document}"
    if status >= 400 and document["status"] != str(status):
        return f"{status} but {document}"
    return None


# ------------------------------------------------------------------------ the tests
Servers = list[tuple[RunningServer, Instance]]


@pytest.fixture(scope="module")
def servers(prepared: tuple[Instance, str], fast_folder: Path) -> Iterator[Servers]:
    """Running servers, one for each client: together they use two processors."""
    instance, _ = prepared
    with contextlib.ExitStack() as stack:
        found = []
        for number in range(CLIENTS):
            own = copy_of(instance, fast_folder / f"fuzz{number}")
            served = own.served(NETPRESENTER_SCIM_REQUIRED="")
            found.append((stack.enter_context(served), own))
        yield found


def _made(client: Client, path: str, body: Any) -> str:
    status, _, text, _ = client.send(Request("POST", path, body=body))
    assert status == 201, text
    return str(json.loads(text)["id"])


def _corpus_on(client: Client, name: str) -> list[Request]:
    """Make people and groups, and return requests on them."""
    people = [_made(client, "/Users", user(f"{name}-{x}")) for x in range(3)]
    groups = [_made(client, "/Groups", group(f"{name}-{x}", people[0])) for x in "ab"]
    first = Request("GET", "/Users", {"cursor": "", "count": "1"})
    _, _, body, _ = client.send(first)
    return corpus(people, groups, json.loads(body)["nextCursor"])


def _attack(
    server: RunningServer, token: str, number: int, turns: int, found: list[str]
) -> None:
    """Send one client's share of the requests."""
    rng = random.Random(SEED + number)
    client = Client(server, token)
    for turn in range(turns):
        if turn % 400 == 0:  # those before may be deleted by now
            requests = _corpus_on(client, f"fuzz{number}-{turns}-{turn}")
        request = copy.deepcopy(rng.choice(requests))
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            rng.choice(MUTATIONS)(rng, request)
        complaint = client.complaint(request)
        if complaint:
            found.append(f"{request!r:.1500}\n    -> {complaint}")
            if len(found) > 20:
                break
    client.close()


@pytest.mark.parametrize("requests", [SOME, pytest.param(ALL, marks=pytest.mark.long)])
def test_mutated_requests_cause_no_server_error(
    servers: Servers, prepared: tuple[Instance, str], requests: int
) -> None:
    _, token = prepared
    found: list[str] = []
    share = requests // CLIENTS
    threads = [
        threading.Thread(target=_attack, args=(running, token, number, share, found))
        for number, (running, _) in enumerate(servers)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not found, "\n".join(found)
    for running, instance in servers:
        assert running.process.poll() is None
        _check_life(running, token)
        _check_database(instance)


def _check_life(running: RunningServer, token: str) -> None:
    """After the attack, a user can be created, changed and deleted."""
    client = Client(running, token)
    made = _made(client, "/Users", user("afterwards", displayName="A"))
    readers = _made(client, "/Groups", group("Afterwards", made))
    path = f"/Users/{made}"
    status, _, body, _ = client.send(Request("GET", path))
    assert (status, json.loads(body)["groups"][0]["value"]) == (200, readers)
    query = {"filter": 'userName eq "AFTERWARDS"'}
    _, _, body, _ = client.send(Request("GET", "/Users", query))
    assert json.loads(body)["totalResults"] == 1
    change = _patch(path, operation("replace", "active", "False"))
    status, _, body, _ = client.send(change)
    assert (status, json.loads(body)["active"]) == (200, False)
    assert client.send(Request("DELETE", path))[0] == 204
    assert client.send(Request("GET", path))[0] == 404
    client.close()


def _check_database(instance: Instance) -> None:
    """Check the file and its derived columns."""
    connection = database.SQLITE.connect(instance.folder / "netpresenter.db")
    connection.row_factory = database.SQLITE.Row
    try:
        for pragma in ("integrity_check", "foreign_key_check"):
            rows = [tuple(row) for row in connection.execute(f"PRAGMA {pragma}")]
            assert rows in ([], [("ok",)])
        for table in (USERS, GROUPS):
            rows = connection.execute(f"SELECT * FROM {table.name}").fetchall()
            assert rows
            for row in rows:
                document = json.loads(row["document"])
                derived = derive_columns(table, document)
                derived.pop("document")
                assert {name: row[name] for name in derived} == derived
        assert connection.execute("SELECT count(*) FROM journal").fetchone()[0] > 100
    finally:
        connection.close()


def test_a_chunked_bulk_request_over_the_limit_is_refused(
    servers: Servers, prepared: tuple[Instance, str]
) -> None:
    (running, _), *_ = servers
    _, token = prepared
    body = json.dumps({"Operations": [], "padding": "x" * (1024 * 1024)}).encode()
    connection = http.client.HTTPConnection(running.host, running.port, timeout=20)
    chunks = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}
    connection.request(
        "POST", f"{PREFIX}/Bulk", iter(chunks), headers, encode_chunked=True
    )
    answer = connection.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["status"] == "413"
    connection.close()
