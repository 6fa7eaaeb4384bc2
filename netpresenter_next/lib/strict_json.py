"""JSON at the door: one meaning, bounded, or a refusal that says why.

Python's json takes NaN, duplicate keys, lone surrogates and any depth; what it lets
through fails later, in the database or in another reader.  Linear in the size.
"""

import json
import re
from codecs import BOM_UTF8
from typing import Any, NoReturn

DEEPEST = 32
MOST_DIGITS = 18
# Quotes and opening brackets: as many as 4 MiB of members have.
MOST_MARKS = 500_000
LONGEST_NAME = 300

# A text, also one without an end: else each of its quotes would be tried anew.
_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class InvalidJson(ValueError):
    """The text is not one unambiguous JSON object; the message says why."""


def loads(body: bytes) -> dict[str, Any]:
    """Read a JSON object; raises InvalidJson with the reason."""
    body = body.removeprefix(BOM_UTF8)  # which a reader may ignore (RFC 8259, 8.1)
    _check_depth(body)
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    except json.JSONDecodeError as error:
        _refuse(f"{error.msg} at position {error.pos}")
    if not isinstance(document, dict):
        _refuse("it is not an object")
    _check_texts(document)
    return document


def _refuse(reason: str) -> NoReturn:
    raise InvalidJson(f"The body cannot be read as JSON: {reason}.")


def _check_depth(body: bytes) -> None:
    quotes = body.count(b'"') - body.count(b'\\"')
    if quotes + body.count(b"{") + body.count(b"[") > MOST_MARKS:
        _refuse("it has too many parts")
    depth = 0
    for match in _TEXT_OR_BRACKET.finditer(body):
        found = match[0]
        if found in (b"[", b"{"):
            depth += 1
        elif found in (b"]", b"}"):
            depth -= 1
        if depth > DEEPEST:
            _refuse(f"it is nested deeper than {DEEPEST}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name twice in any case: two readers could see two values."""
    document = dict(pairs)
    if len({name.lower() for name in document}) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name.lower() in seen:
                _refuse(f"{name[:50]!r} is there twice")
            seen.add(name.lower())
    return document


def _constant(name: str) -> NoReturn:
    _refuse(f"{name} is no number")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        _refuse("a number is too large")
    return number


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        _refuse("a number is too large")
    return int(text)


def _check_texts(document: dict[str, Any]) -> None:
    """Refuse control characters and lone surrogates, wherever they stand."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for name in value:
                if len(name) > LONGEST_NAME or _CONTROL.search(name):
                    _refuse(
                        "an attribute name is too long or holds a control character"
                    )
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            found = _CONTROL.search(value)
            if found:
                _refuse(f"a text holds the character U+{ord(found.group()):04X}")
