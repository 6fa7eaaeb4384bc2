"""Conversion of values from a client for storage and comparison (RFC 7643, 2.3).

Types are checked strictly, except for what identity providers need: booleans as
strings, one object in place of a list, and short forms in a PATCH.  Empty values are
unassigned (RFC 7643, 2.5): "" and null clear an attribute and are never stored;
``active`` becomes false.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import bindparam

from netpresenter_next.lib.text import fold, parse_datetime
from netpresenter_next.schema.characteristics import Attribute, Target
from netpresenter_next.scim.errors import InvalidFilter, InvalidValue

# The type of a literal in a filter.
Literal = str | bool | int | float | None
LONGEST_TEXT = 10_000
MOST_ELEMENTS = 100
# Sub-attributes that qualify a value but are not a value by themselves.
LABELS = {"type", "primary"}


@dataclass(frozen=True)
class Placeholder:
    """Stands for a text in the shape of a filter (see ``filters.shapes``)."""

    number: int

    def parameter(self, *, is_folded: bool) -> str:
        """Return the name of the parameter of a statement that holds the text."""
        return f"{'folded' if is_folded else 'text'}_{self.number}"


class NeedsText(Exception):
    """The SQL of a filter depends on the text of a placeholder."""

    def __init__(self, placeholder: Placeholder) -> None:
        self.number = placeholder.number


def read_literal(literal: Literal | Placeholder) -> Literal:
    """Return a literal on which the SQL depends; raises NeedsText."""
    if isinstance(literal, Placeholder):
        raise NeedsText(literal)
    return literal


class Absent:
    """Marks a missing value, as opposed to null."""


ABSENT = Absent()


# ---------------------------------------------------------------- single values
def assign(
    document: dict[str, Any], attribute: Attribute, value: Any, ignored: list[str]
) -> None:
    """Store the cleaned value in a document, unless clients may not write it.

    Names of unknown sub-attributes are added to ``ignored``.  Raises InvalidValue.
    """
    if attribute.is_read_only or attribute.is_write_only:
        return
    cleaned = clean(attribute, value, ignored)
    if cleaned is not None:
        document[attribute.name] = cleaned


def clean(attribute: Attribute, value: Any, ignored: list[str]) -> Any:
    """Return the value to store for an attribute, or None to leave it unassigned.

    An empty value becomes ``cleared`` of the attribute, which is mostly None.  Raises
    InvalidValue.
    """
    if not attribute.multi_valued:
        return _clean_one(attribute, value, ignored)
    if value is None:
        return None
    entries = value if isinstance(value, list) else [value]
    check_count(attribute, entries)
    cleaned = [clean_entry(attribute, each, ignored) for each in entries]
    return [each for each in cleaned if each is not None] or None


def check_count(attribute: Attribute, entries: Sized) -> None:
    """Raise InvalidValue if an attribute has more than ``MOST_ELEMENTS`` values."""
    if len(entries) > MOST_ELEMENTS:
        raise InvalidValue(f"{attribute.name} has more than {MOST_ELEMENTS} values.")


def clean_entry(attribute: Attribute, value: Any, ignored: list[str]) -> Any:
    """Return one value of a multi-valued attribute to store; raises InvalidValue."""
    return _clean_one(attribute, value, ignored)


def _clean_one(attribute: Attribute, value: Any, ignored: list[str]) -> Any:
    if value is None or value == "":
        return attribute.cleared
    return _CLEANERS[attribute.type](attribute, value, ignored)


def _make_error(attribute: Attribute, wanted: str) -> InvalidValue:
    return InvalidValue(f"{attribute.name} must be {wanted}.")


def _clean_text(attribute: Attribute, value: Any, _ignored: list[str]) -> str:
    if not isinstance(value, str):
        raise _make_error(attribute, "a text")
    if len(value) > LONGEST_TEXT:
        raise _make_error(attribute, f"at most {LONGEST_TEXT} characters")
    if attribute.canonical_only and not _is_canonical(attribute, value):
        raise _make_error(attribute, " or ".join(attribute.canonical_values))
    return value


def _is_canonical(attribute: Attribute, value: str) -> bool:
    if attribute.case_exact:
        return value in attribute.canonical_values
    return fold(value) in map(fold, attribute.canonical_values)


def _clean_boolean(attribute: Attribute, value: Any, _ignored: list[str]) -> bool:
    """Accept strings too: by default, Entra ID sends "True" and "False"."""
    if isinstance(value, bool):
        return value
    truth = (
        {"true": True, "false": False}.get(value.lower())
        if isinstance(value, str)
        else None
    )
    if truth is None:
        raise _make_error(attribute, "true or false")
    return truth


def _clean_integer(attribute: Attribute, value: Any, _ignored: list[str]) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _make_error(attribute, "a whole number")
    return value


def _clean_decimal(
    attribute: Attribute, value: Any, _ignored: list[str]
) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _make_error(attribute, "a number")
    return value


def _clean_date_time(attribute: Attribute, value: Any, ignored: list[str]) -> str:
    text = _clean_text(attribute, value, ignored)
    if parse_datetime(text) is None:
        raise _make_error(attribute, "a dateTime like 2026-11-22T09:12:00Z")
    return text


def _clean_binary(attribute: Attribute, value: Any, ignored: list[str]) -> str:
    text = _clean_text(attribute, value, ignored)
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _make_error(attribute, "base64") from None
    return text


def _clean_complex(attribute: Attribute, value: Any, ignored: list[str]) -> Any:
    if not isinstance(value, dict):
        wanted = "a list of objects" if attribute.multi_valued else "an object"
        raise _make_error(attribute, wanted)
    cleaned: dict[str, Any] = {}
    for key, each in value.items():
        part = attribute.find_part(key)
        if part is None:
            ignored.append(f"{attribute.name}.{key}")
        else:
            assign(cleaned, part, each, ignored)
    return cleaned or None


_CLEANERS: Mapping[str, Callable[[Attribute, Any, list[str]], Any]] = {
    "string": _clean_text,
    "reference": _clean_text,
    "boolean": _clean_boolean,
    "integer": _clean_integer,
    "decimal": _clean_decimal,
    "dateTime": _clean_date_time,
    "binary": _clean_binary,
    "complex": _clean_complex,
}


# ----------------------------------------------------------- short forms in a PATCH
def expand_short_form(
    attribute: Attribute, value: Any, *, is_entry: bool = False
) -> Any:
    """Return the full form of a value in a PATCH.

    Entra ID wraps a single value in a list, and Microsoft's SCIM validator sends the
    manager as a string.  So a list of one becomes its element, and a string becomes an
    object with that ``value``.  ``is_entry`` says that the value is a single one of a
    multi-valued attribute.
    """
    if isinstance(value, list):
        if attribute.multi_valued and not is_entry:
            return [_as_object(attribute, each) for each in value]
        if len(value) != 1:
            return value
        value = value[0]
    return _as_object(attribute, value)


def _as_object(attribute: Attribute, value: Any) -> Any:
    is_short = isinstance(value, str) and value and attribute.find_part("value")
    return {"value": value} if is_short else value


# -------------------------------------------------------------- for comparisons
def find_compared_attribute(target: Target) -> Attribute:
    """Return the attribute to compare: ``value`` of a complex attribute, else itself.

    Raises InvalidFilter for a complex attribute without ``value``.
    """
    attribute = target.part or target.attribute
    if attribute is None:
        raise InvalidFilter(f"{target.name} is a schema, not an attribute.")
    if not attribute.is_complex:
        return attribute
    value = attribute.find_part("value")
    if value is None:
        names = ", ".join(f"{attribute.name}.{part.name}" for part in attribute.parts)
        raise InvalidFilter(
            f"{target.name} is complex: compare one of its sub-attributes: {names}."
        )
    return value


def convert_literal(
    attribute: Attribute, operator: str, literal: Literal | Placeholder
) -> Any:
    """Return the literal of a filter in the form in which the attribute is compared.

    Strings are folded unless the attribute is case-exact; dateTime becomes datetime;
    a placeholder becomes a parameter.  Raises InvalidFilter if operator or literal do
    not apply to the attribute, and NeedsText.
    """
    if isinstance(literal, Placeholder) and attribute.type in ("string", "reference"):
        return bindparam(literal.parameter(is_folded=not attribute.case_exact))
    literal = read_literal(literal)
    if attribute.type in ("boolean", "binary") and operator not in ("eq", "ne"):
        _reject(f"{attribute.name} is {attribute.type} and knows only eq, ne and pr")
    if attribute.type == "boolean":
        if isinstance(literal, str) and literal.lower() in ("true", "false"):
            return literal.lower() == "true"
        return _check_type(attribute, literal, bool, "true or false, without quotes")
    if attribute.type in ("integer", "decimal"):
        if isinstance(literal, bool) or operator in ("co", "sw", "ew"):
            _reject(f"{attribute.name} is a number")
        return _check_type(attribute, literal, int | float, "a number, without quotes")
    text = str(_check_type(attribute, literal, str, "a text in double quotes"))
    if attribute.type == "dateTime":
        when = parse_datetime(text)
        if when is None or operator in ("co", "sw", "ew"):
            _reject(f"{attribute.name} is compared with 2026-11-22T09:12:00Z and such")
        return when
    return text if attribute.case_exact else fold(text)


def _check_type(attribute: Attribute, literal: Literal, kind: Any, wanted: str) -> Any:
    if not isinstance(literal, kind):
        _reject(f"{attribute.name} is compared with {wanted}")
    return literal


def _reject(reason: str) -> NoReturn:
    raise InvalidFilter(f"The filter is not supported: {reason}.")
