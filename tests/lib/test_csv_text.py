"""Reading CSV, and writing it, also so that spreadsheets open it safely."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netpresenter_next.lib import csv_text
from netpresenter_next.lib.csv_text import NotCsv, write_lines, write_plain_lines

# What begins a formula, what defuses it, what CSV quotes, and ends of lines.
CELLS = st.text(st.sampled_from("=+-@\t\r\n'\",; aé\u2028\uff1d"), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2).filter(any), max_size=4)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_a_cell_that_looks_like_a_formula_is_defused(start):
    assert read(write_lines([[f"{start}1+1", f"1{start}"]])) == [
        [f"'{start}1+1", f"1{start}"]
    ]


def test_cells_are_read_as_they_were_written():
    assert read(write_lines([['a "b"', "c,\nd", None, 3]])) == [
        ['a "b"', "c,\nd", "", "3"]
    ]


@given(ROWS)
def test_plain_lines_are_read_back_as_they_were(rows):
    assert cells_of(write_plain_lines(rows)) == rows


@given(ROWS)
def test_lines_for_spreadsheets_have_no_formula_and_can_be_restored(rows):
    written = cells_of(write_lines(rows))
    assert not [each for row in written for each in row if each[:1] in list("=+-@\t")]
    restored = [[csv_text.restore(each) for each in row] for row in written]
    assert restored == rows


def split_like_a_spreadsheet(text, separator):
    """Return the cells that Excel makes of a file, with any separator.

    Quotation marks have their meaning only where they begin a cell.
    """
    return [
        each
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for each in row
    ]


@given(ROWS)
@example([["a", 'x;"=1"']])
@example([["a", 'x;""=1'], ["a,\n=1", ";+"]])
@example([["a", "x;=1"]])
@example([["a", "x\n=1"]])
def test_no_cell_is_a_formula_whatever_separates_cells(rows):
    for separator in ",;":
        cells = split_like_a_spreadsheet(write_lines(rows), separator)
        assert not [each for each in cells if each[:1] in list("=+-@\t\uff1d")]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("x;=1", "x;'=1"),
        ("x,@y", "x,'@y"),
        ("x;'=1", "x;''=1"),
        ('x;"=1', "x;'\"=1"),
        (";\t=", ";'\t'="),
        ("a, +31 6", "a, +31 6"),
        ("a-b;c", "a-b;c"),
    ],
)
def test_a_formula_within_a_value_is_defused_and_restored(value, written):
    assert cells_of(write_lines([["a", value]])) == [["a", written]]
    assert csv_text.restore(written) == value


def test_an_apostrophe_of_a_name_is_no_mark_of_a_formula():
    assert csv_text.restore("'t Hart") == "'t Hart"
    assert write_lines([["'t Hart"]]) == "'t Hart\r\n"


def test_records_know_the_line_on_which_they_begin():
    text = 'a,b\r\n"1\n2",3\n\n4,5'
    found = list(csv_text.read(text, ","))
    assert [each.line for each in found] == [1, 2, 5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04...", "workbook"),
        ("userName\nada\n".encode("utf-16"), "UTF-16"),
        ("userName\nada\nZoë\n".encode("latin-1"), "Line 3 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_utf_8_is_refused_with_the_remedy(content, said):
    with pytest.raises(NotCsv, match=said):
        csv_text.decode(content)


TOO_LONG = "a\n" + "x" * (csv_text.LARGEST_FILE + 1)


@pytest.mark.parametrize("text", ['a\n"b"c\n', 'a\n"b\n', TOO_LONG])
def test_a_record_that_is_no_csv_is_refused_with_its_line(text):
    with pytest.raises(NotCsv, match="begins in line 2"):
        list(csv_text.read(text, ","))


@pytest.mark.parametrize(("text", "separator"), [("a,b\n", ","), ("a;b\n1,2,3,4", ";")])
def test_the_first_line_says_what_separates_cells(text, separator):
    assert csv_text.find_separator(
        csv_text.decode(b"\xef\xbb\xbf" + text.encode())
    ) == (separator)


def cells_of(text):
    return [list(each.cells) for each in csv_text.read(text, ",")]


def read(text):
    return list(csv.reader(text.splitlines(keepends=True)))
