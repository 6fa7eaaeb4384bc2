"""Texts: comparing them, parsing GUIDs, numbers and times, writing sizes and counts."""

import re
import unicodedata
from datetime import UTC, datetime

from anyascii import anyascii

from netpresenter_next.lib.translation import format_number, write_decimal
from netpresenter_next.lib.translation import gettext as _

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


def to_ascii(text: str) -> str:
    """Return a text in ASCII and lower case: without accents, in Latin letters."""
    if text.isascii():
        return text.lower()
    return anyascii(unicodedata.normalize("NFC", text)).lower()


def make_sort_key(name: str) -> str:
    """Return a key by which names are sorted without regard to accents and case.

    Names that differ only in these are sorted by the name itself, which follows two
    spaces: no printable character is smaller.
    """
    return f"{to_ascii(name)}  {name}"


def as_guid(text: object) -> str | None:
    """Return a GUID in lower case without braces; None for any other text."""
    match = _GUID.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return match[1] if match else None


def parse_whole_number(text: object, least: int, most: int) -> int | None:
    """Parse a whole number from ``least`` to ``most``; None for anything else.

    Numbers of more than 18 digits are refused before they are converted, because
    ``int`` fails for thousands of digits.
    """
    if not isinstance(text, str) or not _WHOLE_NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if least <= number <= most else None


def parse_datetime(text: str) -> datetime | None:
    """Parse an xsd:dateTime; without a time zone it is UTC.  None for anything else."""
    if not _DATE_TIME.fullmatch(text):
        return None
    # Python has a precision of microseconds; .NET clients send tenths of them.
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        time = datetime.fromisoformat(shortened)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_size(number: int) -> str:
    """Write a number of bytes in KiB, MiB or GiB."""
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20)):
        if number >= factor:
            return f"{write_decimal(number / factor)} {unit}"
    return f"{-(-number // 1024)} KiB"


def format_count(number: int, thing: str, things: str = "") -> str:
    """Write a number with its noun in singular or plural: 1 session, 2 sessions."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def format_some(number: int, most: int, shown: int = 0) -> str:
    """Write a number that was counted up to ``most``, without those that are shown."""
    if number > most:
        return _("more than %(most)s", most=format_number(most - shown))
    return format_number(number - shown)


# The first match counts: Edge and Opera also name Chrome, Chrome also names Safari,
# Android also names Linux, and an iPhone also names Mac OS X.
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


def describe_browser(user_agent: str) -> str:
    """Return the browser and operating system that a User-Agent header names."""
    names = (
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    browser, system = names
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown browser")
