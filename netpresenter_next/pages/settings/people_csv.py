"""People as CSV: an export in pieces while it is sent, and the lines of a file.

What was exported can be imported again, and changes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from netpresenter_next.directory import people_chunks
from netpresenter_next.directory.people_filters import Filter
from netpresenter_next.directory.people_imports import Line
from netpresenter_next.directory.person_lines import (
    ACTIVE,
    USER_NAME,
    BadValue,
    Describe,
    Document,
    Fields,
)
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.csv_text import NotCsv, Record
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.timestamps import write_timestamp
from netpresenter_next.lib.translation import format_number, in_english, ngettext
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import person_details
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.storage.models import Person

MOST_LINES = 50_000
# The columns of a file that can be imported, by field.
TITLES: Mapping[str, str] = {
    USER_NAME: "userName",
    "given_name": "givenName",
    "family_name": "familyName",
    "display_name": "displayName",
    "email": "email",
    "work_phone": "workPhone",
    "mobile_phone": "mobilePhone",
    "title": "title",
    "department": "department",
    ACTIVE: "active",
}
# Other names of columns, as pages call them.
_LABELS = {"workemail": "email", "jobtitle": "title"}
# What an export has as well, and an import leaves as it is.
ONLY_EXPORTED = ("source", "role", "blocked", "externalId", "lastSignIn")
# Added to the title of the first column where no cell is a formula.
DEFUSED = " (for spreadsheets)"
EXAMPLE = csv_text.write_plain_lines(
    [
        list(TITLES.values()),
        [
            *("grace@example.org", "Grace", "Hopper", "", "grace@example.org"),
            *("+31 20 123 45 67", "+31 6 12345678", "Admiral", "Navy", "true"),
        ],
        [
            *("jan@example.org", "Jan", "'t Hart", "Jan 't Hart", "jan@example.org"),
            *("", "", "Porter", "Reception, evenings", ""),
        ],
    ]
)


# --------------------------------------------------------------- export
def stream(
    chosen: Filter,
    found: Sequence[str] | None = None,
    *,
    for_spreadsheets: bool,
    end: Callable[[int], None] = lambda _: None,
) -> Iterator[str]:
    """Yield the lines of the people of a filter, by name, a chunk at a time.

    ``found`` are the ids of those whom a search found; None is everybody.
    ``for_spreadsheets`` keeps values from becoming formulas.  ``end`` is called with
    the number of people after the last of them.
    """
    number = 0
    titles = [*TITLES.values(), *ONLY_EXPORTED]
    write: Callable[[Any], str] = csv_text.write_plain_lines
    if for_spreadsheets:
        titles[0] += DEFUSED
        write = csv_text.write_lines
        yield csv_text.BYTE_ORDER_MARK
    yield write([titles])
    for people in people_chunks.read(chosen, found):
        yield write(_list_cells(each) for each in people)
        number += len(people)
    end(number)


def _list_cells(person: Person) -> list[object]:
    values = {**person_details.read(person.document), USER_NAME: person.user_name}
    values[ACTIVE] = _write_truth(is_true=person.active)
    return [
        *(values[each] for each in TITLES),
        "entra" if person.source.value == "provisioned" else "local",
        person.role.value,
        _write_truth(is_true=person.is_blocked),
        person.external_id,
        write_timestamp(person.last_sign_in_at),
    ]


def _write_truth(*, is_true: bool) -> str:
    return "true" if is_true else "false"


# --------------------------------------------------------------- import
def make_describe(local_type: ResourceType) -> Describe:
    """Return the function that makes documents of lines, by the rules of the form."""

    def describe(fields: Fields, document: Document) -> Document:
        paths = person_details.PATHS
        values = {name: value for name, value in fields.items() if name in paths}
        written = person_details.write(values, local_type, document)
        if faults := written.faults:
            said = (f"{TITLES[name]}: {why}" for name, why in faults.items())
            raise BadValue(" ".join(said))
        return written.document

    return describe


def read_file(content: bytes) -> list[Line]:
    """Return the lines of a file; raises NotCsv for one that cannot be used."""
    text = csv_text.decode(content)
    records = csv_text.read(text, csv_text.find_separator(text))
    header = next(records, None)
    if header is None:
        raise NotCsv(_("The file is empty."))
    columns, is_defused = _read_header(header.cells)
    lines, known = [], dict[str, int]()
    for record in records:
        line = _read_line(record, columns, is_defused=is_defused)
        lines.append(_refuse_twice(line, known))
        if len(lines) > MOST_LINES:
            raise NotCsv(
                _(
                    "The file has more than %(most)s lines: split it.",
                    most=format_number(MOST_LINES),
                )
            )
    if not lines:
        raise NotCsv(_("The file has a line of titles, and nobody below it."))
    return lines


def _read_header(cells: Sequence[str]) -> tuple[list[str | None], bool]:
    """Return the field of each column, and whether its cells are defused.

    A column that an import leaves alone has none.
    """
    is_defused = cells[0].endswith(DEFUSED)
    titles = [cells[0].removesuffix(DEFUSED), *cells[1:]]
    while titles and not titles[-1].strip():
        titles.pop()
    by_title = {fold(title): field for field, title in TITLES.items()} | _LABELS
    ignored = {fold(each) for each in ONLY_EXPORTED}
    columns: list[str | None] = []
    for title in titles:
        key = re.sub(r"[ _-]", "", fold(title))
        if key not in by_title and key not in ignored:
            raise NotCsv(_explain_title(title, titles))
        columns.append(by_title.get(key))
    named = [each for each in columns if each]
    if USER_NAME not in named:
        raise NotCsv(_("The first line needs a column userName."))
    for field in named:
        if named.count(field) > 1:
            raise NotCsv(
                _("The first line has the column %(field)s twice.", field=TITLES[field])
            )
    return columns, is_defused


def _explain_title(title: str, titles: Sequence[str]) -> str:
    if len(titles) == 1 and "\t" in title:
        return _("The values are separated by tabs: save with commas or semicolons.")
    if "\0" in title:
        return _(
            "The first line contains a NUL character, so this is not a text in UTF-8."
        )
    known = ", ".join(TITLES.values())
    return _(
        "The first line has the column %(title)s, which is not known. It has to name "
        "the columns: %(known)s. Only userName is needed.",
        title=repr(title[:100]),
        known=known,
    )


def _read_line(
    record: Record, columns: Sequence[str | None], *, is_defused: bool
) -> Line:
    cells = list(record.cells)
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if is_defused:
        cells = [csv_text.restore(each) for each in cells]
    fields = {
        field: cell.strip()
        for field, cell in zip(columns, cells, strict=False)
        if field is not None
    }
    has_nul = any("\0" in each for each in cells)
    is_wrong = len(cells) != len(columns) or has_nul or not fields[USER_NAME]
    problem = _explain_line(cells, len(columns), has_nul=has_nul) if is_wrong else None
    return Line(record.line, fields, problem)


@in_english()  # the reason is stored with the line
def _explain_line(cells: Sequence[str], titles: int, *, has_nul: bool) -> str:
    """Return why a line cannot be used."""
    if len(cells) != titles:
        return ngettext(
            "It has %(num)s value, but there are %(titles)s titles.",
            "It has %(num)s values, but the number of titles is %(titles)s.",
            len(cells),
            titles=titles,
        )
    if has_nul:
        return _("It contains a NUL character.")
    return _("There is no userName.")


def _refuse_twice(line: Line, known: dict[str, int]) -> Line:
    """Refuse a line with the user name of an earlier one."""
    if line.problem is not None:
        return line
    before = known.setdefault(fold(line.fields[USER_NAME]), line.line)
    if before == line.line:
        return line
    with in_english():  # stored, too
        problem = _("Line %(before)s has the same userName.", before=before)
    return line._replace(problem=problem)
