"""Hostile bodies are refused quickly and with a reason, and nothing is stored."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from wire import MEDIA_TYPE, USER, Answer, Scim, operation, user

from netpresenter_next.lib import strict_json

CPU_SECONDS = 0.1


def _with(value: str, name: str = "displayName") -> bytes:
    return f'{{"userName":"ada","{name}":{value}}}'.encode()


def _deep(depth: int) -> bytes:
    """An object with this depth of nested objects and lists."""
    return _with("[" * (depth - 1) + "]" * (depth - 1), "unknown")


_PLAIN = b'{"userName":"ada"}'

# A body, and the reason in the answer.
HOSTILE = {
    "a hundred thousand lists": (b"[" * 100_000, "nested deeper"),
    "fifty thousand objects": (b'{"a":' * 50_000, "nested deeper"),
    "closed again": (b"[" * 50_000 + b"]" * 50_000, "nested deeper"),
    "one too deep": (_deep(33), "nested deeper than 32"),
    "deep after a text of brackets": (
        b'{"userName":"]]]]]]","a":' + b"[" * 40 + b"]" * 40 + b"}",
        "nested deeper",
    ),
    "NaN": (_with("NaN"), "NaN is not a number"),
    "Infinity": (_with("Infinity"), "Infinity is not a number"),
    "minus Infinity": (_with("-Infinity"), "-Infinity is not a number"),
    "1e999": (_with("1e999"), "too large"),
    "minus 1e999": (_with("-1e999"), "too large"),
    "thirty digits": (_with("1" * 30), "too large"),
    "nineteen digits": (_with("1" * 19), "too large"),
    "five thousand digits": (_with("1" * 5_000), "too large"),
    "a million digits": (_with("1" * 1_000_000), "too large"),
    "userName twice": (b'{"userName":"a","userName":"b"}', "twice"),
    "active in two cases": (_with('true,"Active":false', "active"), "twice"),
    "twice further down": (
        _with('{"givenName":"a","GIVENNAME":"b"}', "name"),
        "twice",
    ),
    "twice by an escape": (b'{"userName":"a","user\\u004eame":"b"}', "twice"),
    "an escaped surrogate": (_with('"\\ud800"'), "U+D800"),
    "a low surrogate": (_with('"a\\udfffb"'), "U+DFFF"),
    "surrogates the wrong way round": (_with('"\\udc00\\ud800"'), "U+DC00"),
    "a surrogate in a name": (b'{"userName":"a","\\ud800":1}', "attribute name"),
    "a surrogate in bytes": (b'{"userName":"\xed\xa0\x80"}', "not UTF-8"),
    "NUL": (_with('"x\\u0000y"'), "U+0000"),
    "NUL in a name": (b'{"userName":"a","x\\u0000":1}', "attribute name"),
    "a raw NUL": (b'{"userName":"a\x00b"}', "Invalid control character"),
    "a control character": (_with('"\\u0001"'), "U+0001"),
    "delete": (_with('"a\x7fb"'), "U+007F"),
    "a raw line break": (b'{"userName":"a\nb"}', "Invalid control character"),
    "UTF-16": (_PLAIN.decode().encode("utf-16"), "not UTF-8"),
    "UTF-16 without a mark": (_PLAIN.decode().encode("utf-16-le"), "Expecting"),
    "UTF-32": (_PLAIN.decode().encode("utf-32"), "not UTF-8"),
    "a second byte order mark": (b"\xef\xbb\xbf" * 2 + _PLAIN, "BOM"),
    "latin-1": ('{"userName":"Zoë"}'.encode("latin-1"), "not UTF-8"),
    "overlong UTF-8": (b'{"userName":"\xc0\xaf"}', "not UTF-8"),
    "nothing": (b"", "Expecting value"),
    "white space": (b" \n\t ", "Expecting value"),
    "null": (b"null", "not an object"),
    "a list": (b"[]", "not an object"),
    "a text": (b'"x"', "not an object"),
    "a number": (b"1", "not an object"),
    "true": (b"true", "not an object"),
    "half an object": (b'{"userName":"ada"', "position"),
    "two objects": (_PLAIN + _PLAIN, "Extra data"),
    "a comma too many": (b'{"userName":"ada",}', "position"),
    "single quotes": (b"{'userName':'ada'}", "position"),
    "a comment": (b'{"userName":"ada"/* hello */}', "position"),
    "a leading zero": (_with("01"), "position"),
    "a form": (b"userName=ada", "Expecting value"),
    "XML": (b"<user/>", "Expecting value"),
    "an open text": (b'"' + b"\\" * 200_000, "Unterminated string"),
    "many quotes": (b'"' * 200_000, "Extra data"),
    "a long attribute name": (_with("1", "x" * 301), "too long"),
    "a wrong escape": (_with('"\\x41"'), "position"),
    "a short escape": (_with('"\\u12"'), "position"),
    "no JSON space": (b'{\xc2\xa0"userName":"ada"}', "position"),
}

MEDIA_TYPES = {
    "text/plain": 415,
    "text/json": 415,
    "application/xml": 415,
    "application/x-www-form-urlencoded": 415,
    "multipart/form-data; boundary=x": 415,
    "application/json; charset=latin1": 415,
    "application/scim+json; charset=utf-16": 415,
    "application/scim+json; charset=UTF-8": 201,
    "application/json; charset=utf8": 201,
    'Application/SCIM+JSON; charset="utf-8"': 201,
    "application/json": 201,
    "application/json; odata.metadata=minimal": 201,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_body_is_refused_quickly_with_a_reason(
    scim: Scim, hostile: str
) -> None:
    body, reason = HOSTILE[hostile]
    answer = scim.send("POST", "/Users", body)
    assert answer.refusal == (400, "invalidSyntax")
    assert reason in answer.detail
    assert len(answer.detail) < 300
    if answer.cpu >= CPU_SECONDS:  # a single slow answer may be noise
        answer = scim.send("POST", "/Users", body)
    assert answer.cpu < CPU_SECONDS
    assert scim.counts() == (0, 0, 0)


@pytest.mark.parametrize("hostile", ["NaN", "UTF-16", "userName twice", "nothing"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/Users/{}"),
        ("PATCH", "/Users/{}"),
        ("POST", "/Groups"),
        ("POST", "/Bulk"),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
    ],
)
def test_every_endpoint_reads_bodies_as_strictly(
    scim: Scim, method: str, path: str, hostile: str
) -> None:
    ada = scim.user("ada")
    body, reason = HOSTILE[hostile]
    answer = scim.send(method, path.format(ada.id), body)
    assert answer.refusal == (400, "invalidSyntax")
    assert reason in answer.detail
    assert scim.get(f"/Users/{ada.id}").document == ada.document


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_only_json_media_types_in_utf_8_are_accepted(
    scim: Scim, media_type: str
) -> None:
    answer = scim.send("POST", "/Users", _PLAIN, {"Content-Type": media_type})
    assert answer.status == MEDIA_TYPES[media_type]
    assert scim.counts()[0] == (answer.status == 201)


def test_a_body_without_a_media_type_is_json(scim: Scim) -> None:
    assert scim.send("POST", "/Users", _PLAIN, {"Content-Type": ""}).status == 201


@pytest.mark.parametrize("attribute", ["userName", "displayName", "externalId"])
@pytest.mark.parametrize("text", ["\\ud800", "x\\u0000y", "\\u0001", "\\u007f"])
def test_no_attribute_accepts_control_characters_or_surrogates(
    scim: Scim, attribute: str, text: str
) -> None:
    ada = scim.user("ada")
    answer = scim.send(
        "PATCH",
        f"/Users/{ada.id}",
        b'{"Operations":[{"op":"replace","path":"%s","value":"%s"}]}'
        % (attribute.encode(), text.encode()),
    )
    assert answer.status == 400
    assert scim.get(f"/Users/{ada.id}").document == ada.document


@pytest.mark.parametrize("text", ["\\ud800", "x\\u0000y", "\x00", "\x01"])
def test_no_filter_or_path_accepts_control_characters_or_surrogates(
    scim: Scim, text: str
) -> None:
    ada = scim.user("ada")
    answer = scim.get("/Users", filter=f'displayName eq "{text}"')
    assert answer.refusal == (400, "invalidFilter")
    path = f'emails[value eq "{text}"].value'
    change = operation("replace", path, "x")
    assert scim.patch(f"/Users/{ada.id}", change).status == 400


def test_thirty_two_levels_of_nesting_are_accepted(scim: Scim) -> None:
    assert scim.send("POST", "/Users", _deep(32)).status == 201


def test_brackets_in_texts_do_not_count_as_nesting(scim: Scim) -> None:
    name = '[[{{"' * 100 + "\\"
    assert scim.user("ada", displayName=name)["displayName"] == name


def test_texts_of_every_language_are_kept_as_sent(scim: Scim) -> None:
    name = 'Zoë 😀 "O\'Neil" \\ 漢字 ق\t\r\n \u2028'
    ada = scim.user("ada", displayName=name)
    assert scim.get(f"/Users/{ada.id}")["displayName"] == name


def test_lengths_of_texts_and_lists_are_limited(scim: Scim) -> None:
    answer = scim.post("/Users", user("ada", title="x" * 10_001))
    assert answer.refusal == (400, "invalidValue")
    assert "10000" in answer.detail
    assert scim.user("ada", title="x" * 10_000)["title"] == "x" * 10_000
    assert scim.post("/Users", user("x" * 321)).refusal == (400, "invalidValue")
    emails = [{"value": f"{each}@example.com"} for each in range(1_001)]
    answer = scim.post("/Users", user("grace", emails=emails))
    assert answer.refusal == (400, "invalidValue")


def test_a_body_over_four_mebibytes_is_refused(scim: Scim) -> None:
    body = json.dumps(user("ada", title="x" * (4 * 2**20))).encode()
    answer = scim.send("POST", "/Users", body)
    assert answer.status == 413
    assert "4 MiB" in answer.detail


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"' + b'\\"' * 1_000_000 + b'"}',
        b'{"a":[' + b"1," * 1_000_000 + b"1]}",
        b"{" + b",".join(b'"%d":1' % each for each in range(200_000)) + b"}",
    ],
    ids=["quotes", "numbers", "names"],
)
def test_parsing_time_is_linear_in_the_size(body: bytes) -> None:
    start = time.process_time()
    strict_json.loads(body)
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize("body", [b"1", b"[]", b"{", b"\xff", b"[" * 40])
def test_every_refused_body_raises_invalid_json(body: bytes) -> None:
    with pytest.raises(strict_json.InvalidJson, match="cannot be read as JSON"):
        strict_json.loads(body)


@pytest.mark.parametrize(
    "document",
    [
        {"schemas": USER, "userName": "ada"},
        {"schemas": [1], "userName": "ada"},
        {"schemas": [], "userName": "ada"},
        {"schemas": [USER.replace("User", "Group")], "userName": "ada"},
        {"userName": "ada", USER.replace("core:2.0", "extension:enterprise:2.0"): 1},
        {"userName": ["ada"]},
        {"userName": 1},
        {"userName": {"value": "ada"}},
        {"userName": "ada", "name": "Ada"},
        {"userName": "ada", "emails": "ada@example.com", "active": "maybe"},
        {"userName": "ada", "emails": [["x"]]},
        {"userName": "ada", "x509Certificates": [{"value": "no base64!"}]},
        {"userName": ""},
        {"userName": None},
        {},
    ],
    ids=repr,
)
def test_valid_json_of_wrong_types_is_refused(
    scim: Scim, document: dict[str, Any]
) -> None:
    answer = scim.send("POST", "/Users", json.dumps(document).encode())
    assert answer.status == 400
    assert answer["scimType"] in ("invalidSyntax", "invalidValue")
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert scim.counts() == (0, 0, 0)


def _emails(prefix: str, number: int) -> list[dict[str, str]]:
    return [{"value": f"{prefix}{each}"} for each in range(number)]


_SOME = 'value co "y"'

# Small and well-formed requests that need much work.
COSTLY: dict[str, Callable[[Scim, str], Answer]] = {
    "add ever more values": lambda scim, path: scim.patch(
        path, *[operation("add", "emails", _emails(f"{x}-", 900)) for x in range(20)]
    ),
    "remove a long list again and again": lambda scim, path: scim.patch(
        path, *[operation("remove", "emails", _emails("y", 900)) for _ in range(20)]
    ),
    "a thousand filters over a thousand values": lambda scim, path: scim.patch(
        path,
        *[
            operation("replace", f'emails[value eq "x{each}"].type', "work")
            for each in range(1_000)
        ],
    ),
    "an attribute asked for very often": lambda scim, _: scim.search(
        "/Users", attributes=["emails.value"] * 50_000
    ),
    "very many attributes asked for": lambda scim, _: scim.search(
        "/Users", excludedAttributes=[f"name.x{each}" for each in range(50_000)]
    ),
    "very many unknown names": lambda scim, path: scim.patch(
        path, operation("add", None, {f"name.x{each}": 1 for each in range(20_000)})
    ),
    "very many unknown parts": lambda scim, _: scim.post(
        "/Users", user("x", name={f"x{each}": 1 for each in range(50_000)})
    ),
    "a hundred conditions on every value": lambda scim, _: scim.get(
        "/Users",
        filter="emails[" + " or ".join([_SOME] * 99) + "]",
    ),
    "a thousand conditions on members": lambda scim, _: scim.patch(
        f"/Groups/{scim.group('Readers').id}",
        *[operation("remove", f'members[display co "x{x}"]') for x in range(500)],
    ),
    "very many unknown members": lambda scim, _: scim.post(
        "/Groups", {"displayName": "x", "members": _emails("y", 50_000)}
    ),
}


@pytest.mark.parametrize("what", COSTLY)
def test_no_request_takes_longer_than_a_second(scim: Scim, what: str) -> None:
    made = scim.post("/Users", user("ada", emails=_emails("x", 900)))
    if made.status != 201:
        made = scim.user("ada", emails=_emails("x", 20))
    answer = COSTLY[what](scim, f"/Users/{made.id}")
    if answer.cpu >= 1:  # a single slow answer may be noise
        answer = COSTLY[what](scim, f"/Users/{made.id}")
    assert answer.cpu < 1, answer.status
