"""Requests to the pages: those that the pages lead to, and mutations of them."""

import copy
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit

from bodies import COOKIES, DIGITS, FORM, HOSTILE, ODD_QUERIES, QUERIES

from helpers import PASSWORD

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
TOKEN_HEADERS = ("X-CSRFToken", "X-CSRF-Token")
# Values for fields that people fill in; other fields are sent as on the page.
TYPED = {
    "user_name": "grace",
    "password": PASSWORD,
    "current": PASSWORD,
    "new": PASSWORD + " again",
    "repeated": PASSWORD + " again",
    "label": "mine",
    "app_role": "Admin",
    "q": "a",
}


@dataclass
class Request:
    """One request, before and after it is mutated."""

    method: str
    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def data(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None and self.method not in SAFE:
            return urlencode(self.fields).encode()
        return self.body


@dataclass
class Visit:
    """A browser: the URL of the server, its cookie and its CSRF token."""

    url: str
    cookie: str
    token: str

    def is_own_form(self, request: Request) -> bool:
        """Tell whether the request may have an effect; false is certain, true is not.

        A browser that shows a page of this server sends its cookie, the token of the
        page, the header of the same site, and a form.
        """
        headers = {name.lower(): text for name, text in request.headers.items()}
        data = request.data or b""
        tokens = [headers.get(name.lower(), "") for name in TOKEN_HEADERS]
        tokens.append(data.decode("latin-1"))
        kind = headers.get("content-type", "").lower()
        return (
            request.method not in SAFE
            and self.cookie in headers.get("cookie", "")
            and any(self._is_token(each) for each in tokens)
            and self._is_same_site(headers)
            and (kind.startswith(FORM) or not (data or kind))
            and headers.get("content-encoding", "") in ("", "identity")
        )

    def _is_token(self, text: str) -> bool:
        """Tell whether a text has a token of this browser, made at any time."""
        payload = re.escape(self.token.split(".")[0])
        return bool(re.search(rf"{payload}\.[\w-]+\.[\w-]{{27}}", text, re.ASCII))

    def _is_same_site(self, headers: dict[str, str]) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        sender = headers.get("origin") or headers.get("referer", "")
        return sender.lower().startswith(self.url.lower()) or "host" in headers


# ------------------------------------------------------------- requests of pages
class Page(HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a link, a form, or a field of the current form."""
        each = {name: value or "" for name, value in attrs}
        if tag in ("a", "link") and "href" in each:
            self.links.append(each["href"])
        if tag == "form":
            self.forms.append((each.get("method", "get"), each.get("action", ""), []))
        is_field = tag in ("input", "button", "textarea", "select") and "name" in each
        if is_field and self.forms:
            name = each["name"]
            value = each.get("value") or TYPED.get(name, "")
            self.forms[-1][2].append((name, value))


def corpus(read: Callable[[str], str]) -> list[Request]:
    """Follow every link from the home page, and return all requests of all pages.

    ``read`` returns the text of a page.
    """
    found: dict[tuple[str, str, str], Request] = {}
    left, seen = ["/", "/setup", "/healthz", "/account/confirm"], set()
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        page = Page(read(path))
        links = [urljoin(path, each) for each in page.links]
        left += [each for each in links if _is_ours(each)]
        found["GET", path, ""] = Request("GET", path)
        for method, action, fields in page.forms:
            request = Request(method.upper(), urljoin(path, action) or path)
            if request.method == "POST":
                request.fields = fields
            else:
                request.path += "?" + urlencode(fields)
            names = " ".join(name for name, _ in fields)
            found[request.method, request.path, names] = request
    return list(found.values())


def _is_ours(link: str) -> bool:
    return not urlsplit(link).netloc and "#" not in link and link.startswith("/")


# ------------------------------------------------------------------------ mutations
ODD_TEXTS = [
    *("", " ", "\0", "\x1b[31m", "\r\nX: y", "\u202e", "é", "😀", "%00", "%", "../"),
    *(DIGITS, "-1", "1e999", "٣", "0001-01-01", "9999-12-31", "on", "off", "others"),
    *("administrator", "ada", "linus", "<script>", "{{7*7}}", "' OR 1=1 --", "//e"),
    *("x" * 400, "https://evil.example", "\\", "None", "null", "true", "Readers"),
]
NAMES = [
    *("user_name", "password", "password_again", "csrf_token", "sealed_form", "next"),
    *("role", "force", "form", "blocked", "emergency", "session", "confirmed", "code"),
    *("idle_minutes", "absolute_hours", "version", "secret_expires_on", "object_id"),
    *("tenant_id", "client_id", "secret", "certificate", "nonce", "page", "q", "state"),
    *("provisioning_days", "audit_days", "backup_folder", "backup_hour"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"]
SITES = [
    "cross-site",
    "same-site",
    "none",
    "",
    "same-origin, cross-site",
    "Same-Origin",
]
ORIGINS = ["null", "https://evil.example", "http://127.0.0.1", "//", "http://[", "é"]
HEADERS = {
    "Content-Type": [
        *(each.content_type or "" for each in HOSTILE.values()),
        *(f"{FORM};" + "a=b;" * 50, "x" * 900, "é"),
    ],
    "Content-Encoding": ["gzip", "identity", "x", ""],
    "Accept": ["application/json", "*/*", ";;;", "x" * 900],
    "Accept-Language": ["xx", ";q=é"],
    "Authorization": ["Bearer x", "Basic eDp4", "Bearer é"],
    "If-None-Match": ["*", '"', ",,,,"],
    "If-Modified-Since": ["yesterday"],
    "Range": ["bytes=0-1", "bytes=x", "bytes=9-1"],
    "User-Agent": ["", "x" * 9_000, "\x1b[31m", "é\xff"],
    "X-Forwarded-For": ["1.2.3.4", "x" * 8_000, "::ffff:1.2.3.4"],
    "X-Forwarded-Host": ["evil.example"],
    "X-HTTP-Method-Override": ["DELETE", "POST"],
    "X-Requested-With": ["XMLHttpRequest"],
    "X-CSRFToken": ["", "x", "é", "IjEi.aAAAAA.AAAA"],
    "Host": ["evil.example", "a b", "[::1", "localhost:99999", ""],
}
Mutation = Callable[[random.Random, Request], None]


def mutate_method(rng: random.Random, request: Request) -> None:
    """Another method."""
    request.method = rng.choice(METHODS)


def mutate_path(rng: random.Random, request: Request) -> None:
    """Another path, or an unusual query."""
    path, _, query = request.path.partition("?")
    kind = rng.randrange(4)
    if kind == 0:
        query = rng.choice([*QUERIES.values(), *ODD_QUERIES.values()])
    elif kind == 1:
        query += f"&{rng.choice(NAMES)}={quote_plus(rng.choice(ODD_TEXTS))}"
    else:
        pieces = path.split("/")
        odd = ["", "%00", "%FF", "..", "x", DIGITS, "%ED%A0%80", "\xff", "confirm"]
        pieces[rng.randrange(len(pieces))] = rng.choice(odd)
        path = "/" + "/".join(pieces).lstrip("/")
    request.path = f"{path}?{query}" if query else path


def mutate_fields(rng: random.Random, request: Request) -> None:
    """Change, add, remove or repeat a field."""
    fields = request.fields
    odd = (rng.choice(NAMES), rng.choice(ODD_TEXTS))
    kind = rng.randrange(5)
    if not fields or kind == 0:
        fields.append(odd)
        return
    at = rng.randrange(len(fields))
    name, value = fields[at]
    if kind == 1:
        fields[at] = (name, odd[1])
    elif kind == 2:
        del fields[at]
    elif kind == 3:
        fields[at] = (odd[0], value)
    else:
        fields += [(name, value)] * rng.choice([1, 2, 40, 600])


def mutate_site(rng: random.Random, request: Request) -> None:
    """Another site as the sender, or none."""
    headers = request.headers
    if rng.random() < 0.5:
        headers["Sec-Fetch-Site"] = rng.choice(SITES)
        return
    headers.pop("Sec-Fetch-Site", None)
    if rng.random() < 0.7:
        headers[rng.choice(["Origin", "Referer"])] = rng.choice(ORIGINS)


def mutate_token(rng: random.Random, request: Request) -> None:
    """The token in a header instead of a field, a wrong token, or none."""
    token = dict(request.fields).get("csrf_token", "")
    request.fields = [each for each in request.fields if each[0] != "csrf_token"]
    kind = rng.randrange(4)
    if kind == 0:
        request.headers[rng.choice(TOKEN_HEADERS)] = token
    elif kind == 1:
        request.fields.append(("csrf_token", token[::-1]))
    elif kind == 2:
        request.headers["X-CSRFToken"] = token[:-1]


def mutate_body(rng: random.Random, request: Request) -> None:
    """A body that is not a valid form, with the token also in the header."""
    body = rng.choice(list(HOSTILE.values()))
    token = dict(request.fields).get("csrf_token", "")
    request.body = body.with_token(token.encode())
    request.headers.update({"X-CSRFToken": token, **body.headers})
    request.headers.pop("Content-Type", None)
    if body.content_type is not None:
        request.headers["Content-Type"] = body.content_type
    if request.method in SAFE and rng.random() < 0.7:
        request.method = "POST"


def mutate_bytes(rng: random.Random, request: Request) -> None:
    """Break the bytes of the form."""
    data = bytearray(request.data or b"a=b")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        pieces = [b"%", b"%ED%A0%80", b"\xff", b"&", b"=", b"\0", b"%00", b"+", b";"]
        data[at : at + rng.randint(0, 8)] = rng.choice(pieces)
    request.body = bytes(data)


def mutate_cookie(rng: random.Random, request: Request) -> None:
    """Another cookie, a broken one, or none."""
    kind = rng.randrange(3)
    cookie = request.headers.pop("Cookie", "")
    if kind == 0:
        request.headers["Cookie"] = rng.choice(list(COOKIES.values()))
    elif kind == 1:
        at = rng.randrange(len(cookie) + 1)
        request.headers["Cookie"] = (
            cookie[:at] + rng.choice("aZ0.;=") + cookie[at + 1 :]
        )


def mutate_header(rng: random.Random, request: Request) -> None:
    """Another header."""
    name = rng.choice(list(HEADERS))
    request.headers[name] = rng.choice(HEADERS[name])


MUTATIONS: list[Mutation] = [
    mutate_method,
    mutate_path,
    mutate_token,
    mutate_bytes,
    mutate_cookie,
    *[mutate_site, mutate_header, mutate_body] * 2,
    *[mutate_fields] * 3,
]


def hostile(rng: random.Random, requests: list[Request], visit: Visit) -> Request:
    """Return one request as this browser sends it, with at most three mutations."""
    forms = [each for each in requests if each.method == "POST"]
    request = copy.deepcopy(rng.choice(rng.choice([requests, forms])))
    request.headers = {"Cookie": visit.cookie, "Sec-Fetch-Site": "same-origin"}
    if request.method == "POST":
        request.headers["Content-Type"] = FORM
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        rng.choice(MUTATIONS)(rng, request)
    return request
