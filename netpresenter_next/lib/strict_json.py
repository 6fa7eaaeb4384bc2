"""A strict JSON parser: it refuses ambiguous and oversized documents with a reason.

Python's json accepts NaN, duplicate keys, lone surrogates and any depth, which fail
later, in the database or in another parser.  The time is linear in the size.
"""

import json
import re
from codecs import BOM_UTF8
from typing import Any, NoReturn

DEEPEST = 32
MOST_DIGITS = 18
# Quotes and opening brackets: a body of 4 MiB of members has fewer.
MOST_MARKS = 500_000
LONGEST_NAME = 300

# Unterminated texts match too; otherwise the time would be quadratic in the quotes.
_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class InvalidJson(ValueError):
    """The text is not one unambiguous JSON object; the message says why."""


def loads(body: bytes) -> dict[str, Any]:
    """Read a JSON object; raises InvalidJson with the reason."""
    body = body.removeprefix(BOM_UTF8)  # a parser may ignore it (RFC 8259, 8.1)
    _check_depth(body)
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_make_object,
            parse_constant=_refuse_constant,
            parse_float=_parse_float,
            parse_int=_parse_integer,
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
    brackets = body.count(b"{") + body.count(b"[")
    if quotes + brackets > MOST_MARKS:
        _refuse("it has too many parts")
    if brackets <= DEEPEST:
        return
    depth = 0
    for match in _TEXT_OR_BRACKET.finditer(body):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
        elif token in (b"]", b"}"):
            depth -= 1
        if depth > DEEPEST:
            _refuse(f"it is nested deeper than {DEEPEST}")


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse duplicate names, also in different case: parsers differ about them."""
    document = dict(pairs)
    if len({name.lower() for name in document}) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name.lower() in seen:
                _refuse(f"{name[:50]!r} occurs twice")
            seen.add(name.lower())
    return document


def _refuse_constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a number")


def _parse_float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        _refuse("a number is too large")
    return number


def _parse_integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        _refuse("a number is too large")
    return int(text)


def _check_texts(document: dict[str, Any]) -> None:
    """Refuse control characters and lone surrogates in any name or value."""
    unchecked: list[Any] = [document]
    while unchecked:
        value = unchecked.pop()
        if isinstance(value, dict):
            for name in value:
                if len(name) > LONGEST_NAME or _CONTROL.search(name):
                    _refuse(
                        "an attribute name is too long or contains a control character"
                    )
            unchecked.extend(value.values())
        elif isinstance(value, list):
            unchecked.extend(value)
        elif isinstance(value, str):
            control = _CONTROL.search(value)
            if control:
                _refuse(f"a text contains the character U+{ord(control.group()):04X}")
