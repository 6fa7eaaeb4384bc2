"""Validation of names, and sanitizing of untrusted texts before they are shown.

A name that identifies somebody or something (user name, group name, label) is refused
when it contains invisible characters.  A text that is only shown (display name, error
description of Microsoft) is never refused: deceptive characters are removed or
replaced.  Names that look alike have the same skeleton (UTS #39, section 4).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _

# Unicode's confusables; read once, when first needed.
_CONFUSABLES = Path(__file__).with_name("look_alikes.txt")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST_SHOWN = 320
LONGEST_ADDRESS = 64
# Only the first characters of a text are processed.
_MOST_CHARACTERS = 10_000

# Unicode's Default_Ignorable_Code_Point, which is missing from the standard library
# (DerivedCoreProperties.txt of Unicode 17.0; a test compares it with a package).
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Characters without a glyph, placeholders for something missing, and noncharacters.
_BLANK = "\u2800\ufdd0-\ufdef\ufff9-\uffff\U00013441\U00013442\U00016fe4\U0001d159"
_IGNORABLE_PATTERN = re.compile(f"[{_IGNORABLE}]")
_HIDDEN_PATTERN = re.compile(f"[{_IGNORABLE}{_BLANK}]")
# Control, format, surrogate, private use, separators of lines and paragraphs.
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Ranges that Unicode reserves for pictographs and ideographs of later versions.
_RESERVED_PATTERN = re.compile(
    "[\U0001f000-\U0001faff\U0001fc00-\U0001fffd"
    "\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)

_PICTOGRAPHS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27bf\u2900-\u2bff\u3030\u303d\u3297"
    "\u3299\U0001f000-\U0001faff"
)
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_ARABIC = "\u0620-\u06ff\u0750-\u077f\u0870-\u08ff"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
# Invisible, but needed in these positions: parts of emoji sequences (UTS #51), variants
# of ideographs (UTS #37), joiners between letters (RFC 5892, A.1 and A.2).
_NEEDED_PATTERN = re.compile(
    f"(?<=[{_PICTOGRAPHS}])[\ufe0e\ufe0f]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=[{_PICTOGRAPHS}\ufe0f])\u200d(?=[{_PICTOGRAPHS}])"
    "|(?<=[\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]"
    f"|(?<=[{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
    f"|(?<=[{_ARABIC}])\u200c(?=[{_ARABIC}])"
    f"|(?<=[{_VIRAMAS}])[\u200c\u200d]"
)


def find_problem(name: str, limit: int, *, may_join: bool = False) -> str | None:
    """Return why ``name`` cannot be used as an identifying name, or None when it can.

    ``limit`` is the greatest length in characters.  ``may_join`` allows the invisible
    characters that an emoji or a script needs, for names of groups.
    """
    if not name.strip():
        return _("is empty")
    if len(name) > limit:
        return _("is longer than %(limit)s characters", limit=limit)
    visible = _NEEDED_PATTERN.sub("", name) if may_join else name
    # Names are compared in their normal form, so both forms are checked.
    for form in (visible, unicodedata.normalize("NFKC", visible)):
        if form != form.strip():
            return _("starts or ends with a space")
        for character in form:
            if character != " " and not _is_visible(character):
                code = f"U+{ord(character):04X}"
                return _("contains the invisible character %(code)s", code=code)
    return None


def _is_visible(character: str) -> bool:
    """Is the character visible, also in later versions of Unicode?"""
    category = unicodedata.category(character)
    if category == "Cn":
        return bool(_RESERVED_PATTERN.match(character))
    return not (
        category in _HIDDEN_CATEGORIES
        or category == "Zs"
        or _HIDDEN_PATTERN.match(character)
    )


def remove_ignorable(text: str) -> str:
    """Return a text without Unicode's default ignorable code points."""
    return _IGNORABLE_PATTERN.sub("", text)


def replace_hidden(text: str) -> str:
    """Replace invisible characters, and those that reorder others, with U+FFFD.

    Line breaks stay, and so do the characters that an emoji or a script needs.
    """
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n")
    needed = {match.start() for match in _NEEDED_PATTERN.finditer(text)}
    return "".join(
        character if index in needed or _may_be_shown(character) else REPLACEMENT
        for index, character in enumerate(text)
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _may_be_shown(character: str) -> bool:
    if character in "\n\t":
        return True
    category = unicodedata.category(character)
    return not (category in _HIDDEN_CATEGORIES or _HIDDEN_PATTERN.match(character))


def sanitize_for_page(value: Any) -> Any:
    """Return a value that a template may show; HTML is our own and stays unchanged."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return replace_hidden(value) if is_text else value


def to_one_line(text: str, limit: int) -> str:
    """Shorten an untrusted text to one line, as it is stored, logged and shown.

    Invisible characters are replaced and not removed: without them, the text could be
    the name of somebody else.
    """
    shown = " ".join(replace_hidden(" ".join(text[:_MOST_CHARACTERS].split())).split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def clean_display_name(text: str) -> str:
    """Return a display name on one line, without invisible characters.

    Genuine names often contain soft hyphens and direction marks that were pasted along.
    """
    text = text[:_MOST_CHARACTERS]
    if _is_plain(text):
        return to_one_line(text, LONGEST_SHOWN)
    needed = {match.start() for match in _NEEDED_PATTERN.finditer(text)}
    characters = (
        character
        for index, character in enumerate(text)
        if index in needed or not _IGNORABLE_PATTERN.match(character)
    )
    return to_one_line("".join(characters), LONGEST_SHOWN)


# --------------------------------------------------------------- look-alikes
def skeleton(name: str) -> str:
    """Return the skeleton of a name, the same for upper and lower case.

    Use it only for comparisons.  The bidirectional part of UTS #39 is left out, because
    names contain no direction marks.
    """
    # The table is applied before and after folding the case, because other letters are
    # confusable in lower case.  A capital I looks like l, so i and l count as the same.
    return _map_to_prototypes(fold(_map_to_prototypes(name))).replace("i", "l")


def _map_to_prototypes(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    prototypes = remove_ignorable(decomposed).translate(_read_prototypes())
    return unicodedata.normalize("NFD", prototypes)


@cache
def _read_prototypes() -> Mapping[int, str]:
    """Return the prototype of each confusable character."""
    table: dict[int, str] = {}
    for line in _CONFUSABLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        target, sources = line.split(";")
        prototype = "".join(chr(int(code, 16)) for code in target.split())
        table.update((int(code, 16), prototype) for code in sources.split())
    return table
