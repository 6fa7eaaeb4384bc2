"""Skeletons: names that look the same have the same one (Unicode, UTS #39, section 4).

The table is Unicode's.  It is read once, when the first name is written.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from netpresenter_next.lib.names import without_unseen
from netpresenter_next.lib.text import fold

_TABLE = Path(__file__).with_name("look_alikes.txt")


def skeleton(name: str) -> str:
    """Return what a name looks like, in whatever case it is written.

    Only to be compared.  The part of UTS #39 that is about the direction of writing is
    left out: names hold no marks of direction.
    """
    # In lower case, because other letters look alike then; and where one name has a
    # capital I, which looks like l, and another an i, the two are the same as well.
    return _mapped(fold(_mapped(name))).replace("i", "l")


def _mapped(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    prototypes = without_unseen(decomposed).translate(_prototypes())
    return unicodedata.normalize("NFD", prototypes)


@cache
def _prototypes() -> Mapping[int, str]:
    """Return what each character looks like."""
    table: dict[int, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        looks_like, characters = line.split(";")
        prototype = "".join(chr(int(each, 16)) for each in looks_like.split())
        table.update((int(each, 16), prototype) for each in characters.split())
    return table
