"""Tables: aligned, and no wider than the terminal where there is one."""

import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

import click

from netpresenter_next.cli.console import to_printable

SEPARATOR = "  "
CUT = "\N{HORIZONTAL ELLIPSIS}"
# No column is cut to less than its title, or than this.
NARROWEST = 8


def print_table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows in aligned columns with titles.

    At a terminal, long texts are cut so that each row fits a line: those of the first
    column, by which a row is named, last.  A file or a program gets them whole.
    """
    texts = [[to_printable(cell) for cell in row] for row in rows]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in format_table(titles, texts, width):
        click.echo(line)


def format_table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], width: int | None
) -> list[str]:
    """Return the lines of a table; ``width`` is that of the terminal, if any."""
    lines = [titles, *rows]
    widths = [max(map(measure, column)) for column in zip(*lines, strict=True)]
    if width is not None:
        widths = _shrink(widths, [measure(each) for each in titles], width)
    return [
        SEPARATOR.join(
            _fit(cell, most) for cell, most in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    ]


def measure(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_measure_character, text))


def _measure_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shrink(widths: Sequence[int], titles: Sequence[int], width: int) -> list[int]:
    """Return widths that fit, if possible, by cutting the widest columns."""
    shrunk = list(widths)
    least = [max(title, NARROWEST) for title in titles]
    excess = sum(shrunk) + len(SEPARATOR) * (len(shrunk) - 1) - width
    for some in (range(1, len(shrunk)), range(1)):
        while excess > 0:
            wide = [each for each in some if shrunk[each] > least[each]]
            if not wide:
                break
            widest = max(wide, key=lambda each: shrunk[each])
            shrunk[widest] -= 1
            excess -= 1
    return shrunk


def _fit(text: str, width: int) -> str:
    """Return a text padded or cut to a width."""
    if measure(text) <= width:
        return text + " " * (width - measure(text))
    kept, room = "", width - len(CUT)
    for character in text:
        room -= _measure_character(character)
        if room < 0:
            break
        kept += character
    return _fit(kept + CUT, width)
