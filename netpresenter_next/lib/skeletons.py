"""Skeletons of names: confusable names have the same one (UTS #39, section 4).

The table of confusables is Unicode's.  It is read once, when it is first needed.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from netpresenter_next.lib.names import remove_ignorable
from netpresenter_next.lib.text import fold

_TABLE = Path(__file__).with_name("look_alikes.txt")


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
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        target, sources = line.split(";")
        prototype = "".join(chr(int(code, 16)) for code in target.split())
        table.update((int(code, 16), prototype) for code in sources.split())
    return table
