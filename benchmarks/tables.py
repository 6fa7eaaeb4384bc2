"""Figures of several rounds, and tables of them as text or Markdown."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What stands in a cell where there is no figure.
NONE = "-"


@dataclass(frozen=True)
class Figures:
    """The figures of some rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the median, which one disturbed round does not change."""
        return statistics.median(self.values)

    def over(self, others: "Figures") -> "Figures":
        """Return how many times the others these are, round by round."""
        pairs = zip(self.values, others.values, strict=True)
        return Figures(tuple(value / other for value, other in pairs))

    def to_document(self) -> dict[str, float]:
        """Return them for JSON."""
        least, most = min(self.values), max(self.values)
        return {"median": self.median, "least": least, "most": most}

    def __str__(self) -> str:
        median = format_number(self.median)
        least, most = format_number(min(self.values)), format_number(max(self.values))
        return median if least == most else f"{median} ({least} to {most})"


def format_number(number: float) -> str:
    """Write a number with about three digits."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


@dataclass(frozen=True)
class Table:
    """A table with a title; the first column has names, the others figures."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def to_text(self) -> str:
        """Return it in aligned columns."""
        lines = [f"{first}  {'  '.join(rest)}" for first, *rest in self._align()]
        return "\n".join([self.title, "", *(line.rstrip() for line in lines)])

    def to_markdown(self) -> str:
        """Return it in Markdown."""
        head, *rows = [f"| {' | '.join(cells)} |" for cells in self._align()]
        rule = f"|---{'|---:' * (len(self.header) - 1)}|"
        return "\n".join([f"**{self.title}**", "", head, rule, *rows])

    def _align(self) -> list[list[str]]:
        lines = [self.header, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return [
            [
                line[0].ljust(widths[0]),
                *(
                    cell.rjust(width)
                    for cell, width in zip(line[1:], widths[1:], strict=True)
                ),
            ]
            for line in lines
        ]


@dataclass(frozen=True)
class Report:
    """All results of a run."""

    name: str  # of the make target
    introduction: str
    tables: Sequence[Table]
    document: dict[str, Any]

    def to_text(self) -> str:
        """Return it for a terminal."""
        parts = [self.introduction, *(table.to_text() for table in self.tables)]
        return "\n\n".join(parts)

    def to_markdown(self) -> str:
        """Return it for a page of the documentation."""
        parts = [self.introduction, *(table.to_markdown() for table in self.tables)]
        return "\n\n".join(parts)

    def show(self, *, markdown: str | None, json_file: Path | None) -> None:
        """Print it, and write it to the files that are given.

        ``markdown`` is None for plain text, empty for Markdown on standard output, or
        the name of a page whose section of this name is renewed.
        """
        if json_file is not None:
            json_file.write_text(json.dumps(self.document, indent=2) + "\n")
        if markdown:
            renew(Path(markdown), self.name, self.to_markdown())
        print(self.to_markdown() if markdown == "" else self.to_text())


def renew(page: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of this name on a page.

    Raises ValueError if the page does not have them.
    """
    start, end = f"<!-- make {name} -->", f"<!-- end of make {name} -->"
    before, found, rest = page.read_text().partition(start)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"{page} has no lines {start} and {end}.")
    page.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}")
