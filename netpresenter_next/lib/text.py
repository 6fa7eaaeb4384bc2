"""Texts: what is the same, GUIDs, numbers, moments, counts, browsers."""

import re
import unicodedata
from datetime import UTC, datetime

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")

_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?")


def fold(text: str) -> str:
    """Return the form in which texts are compared where case does not matter.

    ``NFKC(casefold(NFKC(text)))`` is idempotent for every Unicode code point, so a
    stored key never changes when it is folded again.
    """
    if text.isascii():
        return text.lower()
    normal = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", normal.casefold())


def as_guid(text: object) -> str | None:
    """Return a GUID in its one spelling, lower case without braces; else None."""
    found = _GUID.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return found[1] if found else None


def whole_number(text: object, least: int, most: int) -> int | None:
    """Read a whole number that is neither less nor more; None for anything else.

    A number of hundreds of digits is refused before it is one: arithmetic with it
    would fail.
    """
    if not isinstance(text, str) or not _WHOLE_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if least <= number <= most else None


def moment(text: str) -> datetime | None:
    """Read an xsd:dateTime; without a zone it is UTC.  None when it is none."""
    if not _DATE_TIME.fullmatch(text):
        return None
    # Python keeps microseconds; .NET clients send tenths of them.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        when = datetime.fromisoformat(shortened)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def size(number: int) -> str:
    """Say how much a number of bytes is."""
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20)):
        if number >= factor:
            return f"{number / factor:.1f} {unit}"
    return f"{-(-number // 1024)} KiB"


def count(number: int, thing: str, things: str = "") -> str:
    """Count things in words: 1 session, 2 sessions."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


# The first that is named: Edge and Opera say that they are Chrome, Chrome that it is
# Safari, Android that it is Linux, and an iPhone that it is like Mac OS X.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Chromium/": "Chromium",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """Return what people call the browser that sent this header."""
    names = (
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return " on ".join(filter(None, names)) or "Unknown browser"
