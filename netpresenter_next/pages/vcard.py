"""The vCard of a colleague (RFC 6350), with what their page shows."""

from collections.abc import Iterator

from netpresenter_next.directory.colleague_views import MOBILE, Colleague
from netpresenter_next.lib.names import replace_hidden

# Longer lines continue in the next line, which begins with a space (section 3.2).
LONGEST_LINE = 75
_TYPES = {MOBILE: "cell"}  # the type of mobile telephones in section 6.4.1


def write(colleague: Colleague) -> str:
    """Return the vCard, with lines that end in CRLF."""
    return "".join(f"{_fold(line)}\r\n" for line in _list_lines(colleague))


def _list_lines(colleague: Colleague) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", "KIND:individual")
    yield f"FN:{_escape(colleague.name)}"
    if colleague.family_name or colleague.given_name:
        parts = (colleague.family_name, colleague.given_name, "", "", "")
        yield f"N:{';'.join(map(_escape, parts))}"
    if colleague.email:
        yield f"EMAIL;TYPE=work:{_escape(colleague.email)}"
    for number in colleague.numbers:
        kind = _TYPES.get(number.type, number.type)
        yield f"TEL;TYPE={kind}:{_escape(number.value)}"
    if colleague.title:
        yield f"TITLE:{_escape(colleague.title)}"
    if colleague.department:  # the second component is an organizational unit
        yield f"ORG:;{_escape(colleague.department)}"
    yield "END:VCARD"


def _escape(text: str) -> str:
    """Escape a text of one line or more (section 3.4)."""
    shown = replace_hidden(text)
    for character, escaped in (
        ("\\", "\\\\"),
        ("\n", "\\n"),
        (",", "\\,"),
        (";", "\\;"),
    ):
        shown = shown.replace(character, escaped)
    return shown


def _fold(line: str) -> str:
    """Break a line so that no part has more octets than allowed."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = "", 1  # the space
        part += character
        size += width
    return "\r\n ".join([*parts, part])
