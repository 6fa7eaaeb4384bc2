"""Names: what one may hold, and texts of strangers, made safe to show.

A name by which somebody is told apart (user name, group, label) is refused when it
holds what nobody sees.  A text that is only shown (display name, what Microsoft says)
is never refused: what could deceive is taken out or replaced.
"""

import re
import unicodedata
from typing import Any

STAND_IN = "\N{REPLACEMENT CHARACTER}"
LONGEST_SHOWN = 320
LONGEST_ADDRESS = 64
# No text is looked at any further than this.
_MOST_CHARACTERS = 10_000

# Unicode's Default_Ignorable_Code_Point, which the standard library does not know
# (DerivedCoreProperties.txt of Unicode 17.0; a test compares it with a package).
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Drawn as nothing at all, standing for something that is not there, or no character.
_BLANK = "\u2800\ufdd0-\ufdef\ufff9-\uffff\U00013441\U00013442\U00016fe4\U0001d159"
_UNSEEN = re.compile(f"[{_IGNORABLE}]")
_HIDDEN = re.compile(f"[{_IGNORABLE}{_BLANK}]")
# Control, surrogate, private use, separators of lines and paragraphs.
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Of these ranges Unicode says what they will hold: pictographs, and ideographs.
_RESERVED = re.compile(
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
# Unseen, but needed where they stand: how an emoji is put together (UTS #51), which
# form of an ideograph is meant (UTS #37), how letters join (RFC 5892, A.1 and A.2).
_NEEDED = re.compile(
    f"(?<=[{_PICTOGRAPHS}])[\ufe0e\ufe0f]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=[{_PICTOGRAPHS}\ufe0f])\u200d(?=[{_PICTOGRAPHS}])"
    "|(?<=[\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]"
    f"|(?<=[{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
    f"|(?<=[{_ARABIC}])\u200c(?=[{_ARABIC}])"
    f"|(?<=[{_VIRAMAS}])[\u200c\u200d]"
)


def fault(name: str, limit: int, *, may_join: bool = False) -> str | None:
    """Say why ``name`` cannot tell somebody apart, or None when it can.

    ``limit`` is the greatest length in characters.  ``may_join`` lets in the unseen
    characters that an emoji or a script needs, as groups have them in their names.
    """
    if not name.strip():
        return "is empty"
    if len(name) > limit:
        return f"is longer than {limit} characters"
    seen = _NEEDED.sub("", name) if may_join else name
    # What is compared is the normal form, so neither may hold what is not seen.
    for form in (seen, unicodedata.normalize("NFKC", seen)):
        if form != form.strip():
            return "starts or ends with a space"
        for character in form:
            if character != " " and not _is_seen(character):
                return f"holds the invisible character U+{ord(character):04X}"
    return None


def _is_seen(character: str) -> bool:
    """Has it a shape of its own, in every font and in every Unicode to come?"""
    category = unicodedata.category(character)
    if category == "Cn":
        return bool(_RESERVED.match(character))
    return not (category in _UNSHOWN or category == "Zs" or _HIDDEN.match(character))


def without_unseen(text: str) -> str:
    """Return a text without what Unicode calls default ignorable."""
    return _UNSEEN.sub("", text)


def visible(text: str) -> str:
    """Return a text in which what hides or reorders others shows as U+FFFD.

    Lines stay, and so does what an emoji or a script needs.
    """
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n")
    needed = {found.start() for found in _NEEDED.finditer(text)}
    return "".join(
        character if place in needed or _may_be_shown(character) else STAND_IN
        for place, character in enumerate(text)
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _may_be_shown(character: str) -> bool:
    if character in "\n\t":
        return True
    category = unicodedata.category(character)
    return not (category in _UNSHOWN or _HIDDEN.match(character))


def on_a_page(value: Any) -> Any:
    """Return what a template may show of a value; what is HTML already is ours."""
    is_text = isinstance(value, str) and not hasattr(value, "__html__")
    return visible(value) if is_text else value


def one_line(text: str, limit: int) -> str:
    """Return what a stranger sent as it is kept, logged and shown: short, on one line.

    What hides is replaced and never taken out, so that it makes nobody else's name.
    """
    shown = " ".join(visible(" ".join(text[:_MOST_CHARACTERS].split())).split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def display(text: str) -> str:
    """Return a text that only shows who somebody is, without what is not seen.

    Soft hyphens and marks of direction are pasted along with many a true name.
    """
    text = text[:_MOST_CHARACTERS]
    if _is_plain(text):
        return one_line(text, LONGEST_SHOWN)
    needed = {found.start() for found in _NEEDED.finditer(text)}
    kept = (
        character
        for place, character in enumerate(text)
        if place in needed or not _UNSEEN.match(character)
    )
    return one_line("".join(kept), LONGEST_SHOWN)
