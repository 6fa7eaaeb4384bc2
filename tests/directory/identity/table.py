"""The table "Who is who" of docs/design.md, as the tests read it."""

from typing import NamedTuple

from helpers import ROOT

HEADING = "## Who is who"
CANNOT_ARISE = "–"
KINDS = (
    "local user",
    "local administrator",
    "emergency access",
    "claimable user",
    "provisioned user",
    "provisioned administrator",
)
STATUSES = ("200", "201", "204", "400", "404", "409")
# Every word that a cell may contain, and the property of a person that it describes.
WORDS = {
    **dict.fromkeys(STATUSES, "answer"),
    "in": "answer",
    "refused": "answer",
    "conflict": "conflicts",
    "claimed": "source",
    "local": "source",
    "claimable": "source",
    "user": "access_level",
    "administrator": "access_level",
    "emergency access": "access_level",
    "linked": "linked",
    "unlinked": "linked",
    "confirmed": "confirmed",
    "blocked": "is_blocked",
    "out": "sessions",
    "gone": "exists",
    "renamed": "name",
    "edited": "nothing",
    "kept apart": "decision",
    CANNOT_ARISE: "nothing",
}


class Cell(NamedTuple):
    """The outcome of an act for one kind of person."""

    act: str
    kind: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.act} | {self.kind}"


def read() -> list[Cell]:
    """Return every cell of the table, row by row."""
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    section = text.partition(f"{HEADING}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[each.strip() for each in line.strip("|").split("|")] for line in lines]
    head, _, *body = rows
    assert tuple(head) == ("act", *KINDS), "another table, or other kinds of people"
    assert all(len(row) == len(head) for row in body)
    return [
        Cell(row[0], kind, tuple(word.strip() for word in cell.split(",")))
        for row in body
        for kind, cell in zip(KINDS, row[1:], strict=True)
    ]


def acts() -> list[str]:
    """Return the titles of the rows, in their order."""
    return list(dict.fromkeys(cell.act for cell in read()))


def words_of(act: str, kind: str) -> tuple[str, ...]:
    """Return the words of a cell; there is exactly one."""
    ((words),) = [each.words for each in read() if (each.act, each.kind) == (act, kind)]
    return words
